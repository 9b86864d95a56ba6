"""Report: what a run leaves for people: artifacts, the state of its flow, the read snapshot, the exports."""

import logging
from typing import TypeVar, cast

from prefect import task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed

from schemas.run import RunSummary
from schemas.settings import Settings
from tasks.console.summary import events_markdown, funnel_rows, sentence
from tasks.warehouse.connect import open_reader
from tasks.warehouse.export import export_views
from tasks.warehouse.reports import view
from tasks.warehouse.snapshot import publish

#: The views a run exports; ``firstdraft sql`` has them all.
EXPORTED = ("acled", "ucdp_ged", "gdelt_mentions", "events_overview", "event_claims", "event_sources", "daily_tolls")

T = TypeVar("T")

log = logging.getLogger("firstdraft.report")


@task(name="publish the read snapshot", cache_policy=NO_CACHE, persist_result=False)
def publish_snapshot(settings: Settings) -> None:
    """Replace the file readers open, whole, by rename."""
    publish(settings)


@task(name="announce the run", cache_policy=NO_CACHE, persist_result=False)
def announce(summary: RunSummary, settings: Settings) -> None:
    """Leave the funnel and the events of a run as artifacts of its flow run."""
    with open_reader(settings) as con:
        events = view(con, "events_overview").records()
    create_table_artifact(funnel_rows(summary), key="funnel", description=sentence(summary))
    create_markdown_artifact(events_markdown(events), key="events", description="Events in the warehouse")
    log.info(sentence(summary), extra={"stage": "report", "done": 1})


@task(name="export tables", cache_policy=NO_CACHE, persist_result=False)
def export_tables(settings: Settings) -> list[str]:
    """Write the reporting views under ``exports/`` with a manifest; the paths written."""
    with open_reader(settings, external=True) as con:
        return [str(path) for path in export_views(con, EXPORTED, settings.exports_dir)]


def conclude(summary: RunSummary) -> RunSummary:
    """End a flow: completed, and named degraded where a source could not be reached."""
    return _ended(summary, sentence(summary), degraded=bool(summary.unreached))


def conclude_all(summaries: tuple[RunSummary, ...]) -> tuple[RunSummary, ...]:
    """End a flow of several runs; degraded if one was."""
    message = f"{len(summaries)} windows" if summaries else "nothing to do: every window was done before"
    return _ended(summaries, message, degraded=any(summary.unreached for summary in summaries))


def _ended(data: T, message: str, *, degraded: bool) -> T:
    """A state, typed as its data: Prefect makes a returned state the run's own and hands the data to the caller."""
    return cast("T", Completed(name="Degraded" if degraded else "Completed", message=message, data=data))
