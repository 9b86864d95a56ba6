"""Figures for a monitor, as the text Prometheus reads; replaced whole at the end of each run.

A run that fails or is killed writes nothing: the time of the last success grows old, and that is what to watch.
"""

from collections.abc import Iterable
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from schemas.health import Figures, RunFigures, SourceFigures

#: Figures of a run: name, help, and the field of :class:`~schemas.health.RunFigures` they are read from.
_OF_RUNS = (
    ("last_start_timestamp_seconds", "Start of the last run of this origin.", "last_start"),
    ("last_success_timestamp_seconds", "End of the last run of this origin that was done.", "last_success"),
    ("run_duration_seconds", "How long the last run took that was done.", "seconds"),
    ("run_links", "Links it discovered.", "links"),
    ("run_articles", "Articles it read.", "articles"),
    ("run_mentions", "Mentions it read.", "mentions"),
    ("run_changed_rows", "Rows it inserted, updated or deleted.", "changed_rows"),
    ("run_sources", "Sources that were part of it.", "sources"),
    ("run_sources_down", "Sources of it that could not be reached.", "sources_down"),
)
_OF_SOURCES = (
    ("source_last_success_timestamp_seconds", "Start of the last run that could read the source.", "last_success"),
    ("source_last_new_item_timestamp_seconds", "Start of the last run in which it had news.", "last_new_item"),
    ("source_addresses_down", "Addresses that could not be read when it was last asked.", "addresses_down"),
)


def write_metrics(figures: Figures, path: Path) -> None:
    """Write the figures to a file that appears whole. Raises ``OSError`` if the disk refuses."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_to_textfile(str(path), registry_of(figures))


def registry_of(figures: Figures) -> CollectorRegistry:
    """The figures as metrics; all are gauges, for each is read from the warehouse as it stands."""
    registry = CollectorRegistry()
    _gauge(registry, "info", "Which code wrote this.", "version").labels(figures.code_version).set(1)
    _gauge(registry, "warehouse_bytes", "Size of the warehouse file.").set(figures.warehouse_bytes)
    rows = _gauge(registry, "warehouse_rows", "Rows of a table.", "table")
    for table, count in figures.rows.items():
        rows.labels(table).set(count)
    links = _gauge(registry, "source_links", "Links of the last run by how they ended.", "source", "outcome")
    for (source, outcome), count in figures.links.items():
        links.labels(source, outcome).set(count)
    _runs(registry, figures.runs)
    _sources(registry, figures.sources)
    return registry


def _runs(registry: CollectorRegistry, runs: Iterable[RunFigures]) -> None:
    ended = _gauge(registry, "runs", "Runs by how they ended.", "origin", "state")
    degraded = _gauge(registry, "run_degraded", "Whether the last run missed a source.", "origin")
    gauges = {field: _gauge(registry, name, help_text, "origin") for name, help_text, field in _OF_RUNS}
    for run in runs:
        for state in ("done", "abandoned", "running"):
            ended.labels(run.origin, state).set(getattr(run, state))
        degraded.labels(run.origin).set(bool(run.sources_down))
        _fill(gauges, run, run.origin)


def _sources(registry: CollectorRegistry, sources: Iterable[SourceFigures]) -> None:
    state = _gauge(registry, "source_state", "1 for the state a source is in.", "source", "state")
    gauges = {field: _gauge(registry, name, help_text, "source") for name, help_text, field in _OF_SOURCES}
    for source in sources:
        state.labels(source.source_id, source.state).set(1)
        _fill(gauges, source, source.source_id)


def _fill(gauges: dict[str, Gauge], figures: object, label: str) -> None:
    """Set what is known; a figure nobody has is left out rather than told as 0."""
    for field, gauge in gauges.items():
        value = getattr(figures, field)
        if value is not None:
            gauge.labels(label).set(value)


def _gauge(registry: CollectorRegistry, name: str, help_text: str, *labels: str) -> Gauge:
    return Gauge(f"firstdraft_{name}", help_text, labels, registry=registry)
