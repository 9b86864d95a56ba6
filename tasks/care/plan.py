"""Plan: which windows of a backfill are still to be done, what to expect of them, and how far it has come."""

import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast
from uuid import UUID

from prefect import task
from prefect.artifacts import create_progress_artifact, create_table_artifact, update_progress_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from schemas.backfill import Archives, Plan
from schemas.errors import WarehouseError
from schemas.ledger import Wrote
from schemas.memory import Memory
from schemas.run import Run, RunSummary, Window
from schemas.settings import Settings
from schemas.source import Source
from tasks.console.plan import plan_rows, plan_sentence, window_sentence
from tasks.ledger.append import ledger_for
from tasks.pool.pool import documents_apart
from tasks.warehouse.care.history import note_backfill, usual_pace, windows_done
from tasks.warehouse.store.connect import open_reader, open_writer
from tasks.web.discovery.forecast import LinkCount, count_holdings, count_links, forecast, plan_windows
from tasks.web.discovery.survey import Survey
from tasks.web.fetching.session import Web
from tasks.web.imports.cdx import survey_listing
from tasks.web.imports.owners import Owners, all_sources
from tasks.web.imports.warc_index import WarcIndex

log = logging.getLogger("firstdraft.plan")


@task(name="plan windows", cache_policy=NO_CACHE, persist_result=False)
def plan_of(archives: Archives, whole: Window, days: int, sources: tuple[Source, ...], settings: Settings) -> Plan:
    """The windows, and which sources are done with each; noted as begun."""
    names = [source.id for source in sources]
    with open_writer(settings) as con:
        row = note_backfill(con, archives, datetime.now(UTC))
        ledger_for(settings).append(Wrote("backfills", (row,)))
        done = [] if settings.refetch else windows_done(con, archives.origin, names)
    plan = plan_windows(archives, whole, days, names, done)
    todo = sum(1 for window in plan.windows if window.todo)
    log.info("%d of %d windows to do", todo, len(plan.windows), extra={"stage": "windows", "todo": todo})
    if todo:
        _show_progress(0, f"{todo} of {len(plan.windows)} windows to do")
    return plan


@task(name="count links", task_run_name="count links {source.id}", cache_policy=NO_CACHE, persist_result=False)
def count_source(
    run: Run, source: Source, archives: Archives, index: WarcIndex | None, settings: Settings
) -> LinkCount:
    """What a source's sitemaps and feeds, or an archive, give for the days of a run. No page is fetched."""
    log.info("counting %s", source.id, extra={"stage": "discover", "todo": 1})
    counts = LinkCount(source.id)
    if index is not None:
        counts = count_holdings(source.id, index.of(source.id))
    else:
        counts = _count(run, source, archives, Web(settings, apart=documents_apart(settings)))
    log.info("counted %s", source.id, extra={"stage": "discover", "done": 1})
    return counts


@task(name="forecast", cache_policy=NO_CACHE, persist_result=False)
def forecast_of(
    archives: Archives,
    whole: Window,
    days: int,
    sources: tuple[Source, ...],
    counts: list[LinkCount],
    index: WarcIndex | None,
    settings: Settings,
) -> Plan:
    """The plan as a person wants to see it first. Reads the published snapshot: nothing is written, nobody waits."""
    names = [source.id for source in sources]
    try:
        with open_reader(settings) as con:
            done = [] if settings.refetch else windows_done(con, archives.origin, names)
            pace = usual_pace(con, names)
    except WarehouseError:
        done, pace = [], {}  # nothing was ever run: all is to do
    plan = plan_windows(archives, whole, days, names, done)
    filled = forecast(plan, archives, sources, counts, pace, settings.archive_delay_seconds)
    return replace(filled, notes=(*filled.notes, *(index.told if index is not None else ())))


@task(name="announce the plan", cache_policy=NO_CACHE, persist_result=False)
def announce_plan(plan: Plan) -> None:
    """Leave the plan as an artifact of its flow run."""
    create_table_artifact(plan_rows(plan), key="backfill-plan", description=plan_sentence(plan))
    log.info(plan_sentence(plan))


def tell_window(summary: RunSummary, done: int, todo: int, began: datetime) -> None:
    """Say how far a backfill has come, and how long it may still take."""
    message = window_sentence(summary, done, todo, (datetime.now(UTC) - began).total_seconds())
    log.info(message, extra={"stage": "windows", "done": 1})
    _show_progress(100 * done / todo, message)


#: The progress artifact of each backfill that runs in this process: one that moves, not one a window.
_SHOWN: dict[str, UUID] = {}


def _show_progress(percent: float, message: str) -> None:
    """Move the bar that the page of the flow run shows."""
    run = str(flow_run.id)
    if run in _SHOWN:
        update_progress_artifact(_SHOWN[run], percent, message)
    else:
        _SHOWN[run] = cast("UUID", create_progress_artifact(percent, key="backfill-progress", description=message))


def _count(run: Run, source: Source, archives: Archives, web: Web) -> LinkCount:
    """One source, come what may. A client without a run keeps nothing of what it reads."""
    try:
        return _count_listed(run, source, archives.cdx, web) if archives.cdx else _count_site(run, source, web)
    except Exception as error:  # noqa: BLE001 - the same edge as discovery's: any feed may break any reader
        return LinkCount(source.id, note=f"{type(error).__name__}: {error}"[:200], reached=False)


def _count_listed(run: Run, source: Source, address: str, web: Web) -> LinkCount:
    owners = Owners(all_sources((source,), web.settings.sources_file))
    listing = survey_listing(web, run, source, owners, address)
    failed = "; ".join(
        f"{probe.url}: {probe.error} ({probe.detail})" for probe in listing.discovery.probes if probe.error
    )
    holdings = (holding for batch in listing.batches for holding in batch.items)
    return count_holdings(source.id, holdings, failed, reached=listing.discovery.reached)


def _count_site(run: Run, source: Source, web: Web) -> LinkCount:
    """Sitemaps and feeds only: section pages and page after page of an archive would be a crawl of their own."""
    quick = source.model_copy(update={"sections": (), "wordpress": None})
    apart = [name for name in ("sections", "wordpress") if getattr(source, name)]
    survey = Survey(web, run, quick, Memory()).read()
    failed = [f"{probe.kind} {probe.url}: {probe.error}" for probe in survey.probes if probe.error]
    notes = [f"not counted: {', '.join(apart)}" if apart else "", *failed]
    return count_links(source.id, survey.batches, "; ".join(note for note in notes if note), reached=survey.reached)
