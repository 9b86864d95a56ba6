"""Report: what a run leaves for people: artifacts, the state of its flow, the read snapshot, the exports."""

import logging
from typing import TypeVar, cast
from uuid import UUID

from prefect import task
from prefect.artifacts import MarkdownArtifact, TableArtifact, create_link_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run
from prefect.states import Completed

from schemas.errors import StorageError
from schemas.health import Figures
from schemas.run import RunSummary
from schemas.settings import Settings
from tasks.console.summary import as_cells, funnel_rows, new_events_markdown, sentence, state_message
from tasks.service.metrics import write_metrics
from tasks.warehouse.publish.export import export_views
from tasks.warehouse.publish.figures import figures_of
from tasks.warehouse.publish.offsite import send_exports
from tasks.warehouse.publish.snapshot import publish
from tasks.warehouse.store.connect import open_reader
from tasks.warehouse.store.queries import fetch_rows

#: The views a run exports; ``firstdraft sql`` has them all.
EXPORTED = (
    "acled",
    "ucdp_ged",
    "gdelt_mentions",
    "events_overview",
    "event_victims",
    "event_claims",
    "event_sources",
    "daily_tolls",
    "changes",
)

T = TypeVar("T")

log = logging.getLogger("firstdraft.report")


@task(name="publish the read snapshot", cache_policy=NO_CACHE, persist_result=False)
def publish_snapshot(settings: Settings, anyway: bool = False) -> tuple[str, ...]:
    """Replace the file readers open, whole, by rename; why it was kept, where it was.

    It is kept if what the last run left is out of the ordinary, until a person takes it ``anyway``.
    """
    return publish(settings, anyway=anyway).held


@task(name="announce the run", cache_policy=NO_CACHE, persist_result=False)
def announce(summary: RunSummary, settings: Settings) -> None:
    """Leave of a run what people and monitors look at: funnel, events and health as artifacts, and the metrics file."""
    about = {"run_id": summary.run.run_id}
    with open_reader(settings) as con:
        events, health = fetch_rows(con, "run_events", about), fetch_rows(con, "run_health", about)
        figures = figures_of(con, settings)
    new = sum(1 for event in events if event["new"])
    fared = f"{len(summary.unreached)} of {len(summary.sources)} sources down"
    page = _page_of(summary)
    for artifact in (
        TableArtifact(key="funnel", description=sentence(summary), table=funnel_rows(summary)),
        MarkdownArtifact(key="events", description=f"{new} new events", markdown=new_events_markdown(events)),
        TableArtifact(key="source-health", description=fared, table=as_cells(health)),
    ):
        artifact.flow_run_id = page
        artifact.create()
    _leave_metrics(figures, settings)
    log.info(sentence(summary), extra={"stage": "report", "done": 1})


def _page_of(summary: RunSummary) -> UUID | None:
    """The flow run whose page people open: for a night the one around it; a window of a backfill has its own."""
    around = flow_run.parent_flow_run_id if summary.run.origin == "nightly" else None
    return UUID(around) if around else None


def _leave_metrics(figures: Figures, settings: Settings) -> None:
    """A monitor's file is no reason to fail a run that is done."""
    try:
        write_metrics(figures, settings.metrics_path)
    except OSError as error:
        log.warning("no metrics in %s: %s", settings.metrics_path, error.strerror, extra={"stage": "report"})


@task(name="link the site", cache_policy=NO_CACHE, persist_result=False)
def link_site(settings: Settings) -> None:
    """Leave a link to the site, if there is one: `site_url`, else the folder on this machine."""
    index = settings.site_dir.absolute() / "index.html"
    if settings.site_url or index.exists():
        create_link_artifact(
            settings.site_url or index.as_uri(), link_text="The site", key="site", description="events as pages"
        )


@task(name="export tables", cache_policy=NO_CACHE, persist_result=False)
def export_tables(settings: Settings) -> list[str]:
    """Write the reporting views under ``exports/`` with a manifest; the paths written."""
    with open_reader(settings, external=True) as con:
        return [str(path) for path in export_views(con, EXPORTED, settings.exports_dir)]


@task(name="send exports", cache_policy=NO_CACHE, persist_result=False)
def send_away(settings: Settings) -> None:
    """Bring the object storage of the settings up to ``exports/``; nothing if none is named.

    Raises :class:`StorageError` if it refuses: snapshot, exports and site stand on this machine by then.
    """
    if not settings.exports_url:
        return
    try:
        sent = send_exports(settings.exports_dir, settings.exports_url)
    except Exception as error:  # the edge to object storage: each of fsspec's packages raises what it likes
        raise StorageError(
            f"the exports in {settings.exports_dir} were not sent to FIRSTDRAFT_EXPORTS_URL={settings.exports_url}: "
            f"{error or type(error).__name__}. Check address, package and credentials (docs/scale.md), then "
            "`firstdraft report` sends what is missing"
        ) from error
    log.info(f"{len(sent)} files sent to {settings.exports_url}", extra={"stage": "report"})


def conclude(summary: RunSummary) -> RunSummary:
    """End a flow: completed, and said to be degraded if a source could not be reached."""
    return _ended(summary, state_message((summary,)))


def conclude_all(summaries: tuple[RunSummary, ...]) -> tuple[RunSummary, ...]:
    """End a flow of several runs; degraded if one was."""
    return _ended(summaries, state_message(summaries))


def _ended(data: T, message: str) -> T:
    """A state, typed as its data: Prefect makes a returned state the run's own and hands the data to the caller."""
    return cast("T", Completed(message=message, data=data))
