"""A backfill: months of days in windows, each a run of its own, resumable; from the sites or from an archive."""

from datetime import UTC, date, datetime
from pathlib import Path

from prefect import flow, tags, unmapped

from flows.import_archive import import_archive
from flows.ingest import ingest
from flows.pipeline import THREADS
from flows.report import report
from schemas.backfill import SITE_ORIGIN, Archives, DatedBy, Plan
from schemas.run import Run, RunSummary, Window
from schemas.settings import Settings
from tasks.care.plan import announce_plan, count_source, forecast_of, plan_of, tell_window
from tasks.care.scan import scan_warcs
from tasks.reference.seeds.sources import select_sources
from tasks.reference.seeds.version import code_version
from tasks.report import conclude_all, link_site


@flow(name="backfill", flow_run_name="backfill {start} to {end}")
def backfill(  # noqa: PLR0913, PLR0917 - the parameters of a deployment are its form
    start: date,
    end: date,
    sources: list[str] | None = None,
    window_days: int = 7,
    from_warc: list[Path] | None = None,
    from_cdx: str | None = None,
    dated_by: DatedBy = DatedBy.CAPTURE,
    refetch: bool = False,
    dry_run: bool = False,
) -> tuple[RunSummary, ...]:
    """Ingest every day from start to end, both included, window by window, oldest first.

    A window that an earlier backfill finished for a source, from the same place, is skipped for that source: a backfill
    that was stopped goes on where it stopped.

    Args:
        start: The first day.
        end: The last day.
        sources: Ids from `seeds/sources/`; all enabled ones if none is given.
        window_days: How many days one window holds.
        from_warc: WARC files, `.wacz` files and folders of them to read instead of asking the sites.
        from_cdx: The address of a CDX server to ask instead, as `https://web.archive.org/cdx/search/cdx`.
        dated_by: Whether a page of a WARC file is placed by its capture or, once it is read, by its publication.
        refetch: Do windows again that were done, and ask for pages that are held.
        dry_run: Only plan: leave the windows, their counts and the time they may take as an artifact.
    """
    archives = Archives(tuple(from_warc or ()), from_cdx, dated_by)
    if dry_run:
        announce_plan(plan_backfill(start, end, sources, window_days, archives, refetch))
        return ()
    settings = _settings(refetch)
    chosen = select_sources(settings.sources_file, sources)
    plan = plan_of(archives, Window(start, end), window_days, chosen, settings)
    todo = [window for window in plan.windows if window.todo]
    index = scan_warcs(archives, chosen, settings) if archives.warcs and todo else None
    summaries: list[RunSummary] = []
    began = datetime.now(UTC)
    with tags("firstdraft"):
        for window in todo:
            run = Run(archives.origin, window.window, datetime.now(UTC), code_version())
            pending = tuple(source for source in chosen if source.id in window.todo)
            if archives.is_site:
                summary = ingest(run, pending, settings)
            else:
                summary = import_archive(run, pending, archives, index, settings)
            summaries.append(summary)
            tell_window(summary, len(summaries), len(todo), began)
        report()
    link_site(settings)
    return conclude_all(tuple(summaries))


@flow(name="plan backfill", flow_run_name="plan {start} to {end}", task_runner=THREADS, validate_parameters=False)
def plan_backfill(
    start: date, end: date, sources: list[str] | None, window_days: int, archives: Archives, refetch: bool = False
) -> Plan:
    """What a backfill would do: sitemaps, feeds and listings are read for it, no page is fetched, nothing written."""
    settings = _settings(refetch)
    chosen, whole = select_sources(settings.sources_file, sources), Window(start, end)
    run = Run(SITE_ORIGIN, whole, datetime.now(UTC), code_version())
    index = scan_warcs(archives, chosen, settings) if archives.warcs else None
    counts = count_source.map(
        unmapped(run), list(chosen), unmapped(archives), unmapped(index), unmapped(settings)
    ).result()
    return forecast_of(archives, whole, window_days, chosen, counts, index, settings)


def _settings(refetch: bool) -> Settings:
    settings = Settings()
    return settings.model_copy(update={"refetch": True}) if refetch else settings
