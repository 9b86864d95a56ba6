"""A backfill: months of days in windows, each an ingest of its own, resumable."""

from datetime import UTC, date, datetime

from prefect import flow

from flows.ingest import ingest
from flows.report import report
from schemas.run import Run, RunSummary, Window, windows_between
from schemas.settings import Settings
from tasks.load import finished_windows
from tasks.reference.sources import select_sources
from tasks.reference.version import code_version
from tasks.report import conclude_all


@flow(name="backfill", flow_run_name="backfill {start} to {end}")
def backfill(start: date, end: date, sources: list[str] | None = None, window_days: int = 7) -> tuple[RunSummary, ...]:
    """Ingest every day from start to end, both included, window by window, oldest first.

    A window that an earlier backfill of the same sources finished is skipped, so a backfill that was stopped goes on
    where it stopped.

    Args:
        start: The first day.
        end: The last day.
        sources: Ids from `seeds/sources.yml`; all enabled ones where none is given.
        window_days: How many days one window holds.
    """
    settings = Settings()
    chosen = select_sources(settings.sources_file, sources)
    done = finished_windows(chosen, settings)
    summaries = []
    for window in windows_between(Window(start, end), window_days):
        if window not in done:
            run = Run("backfill", window, datetime.now(UTC), code_version())
            summaries.append(ingest(run, chosen, settings))
    report()
    return conclude_all(tuple(summaries))
