"""Stored captures through today's clean and extract: no network."""

from datetime import UTC, date, datetime
from typing import Any

from prefect import flow
from prefect.futures import as_completed

from flows.ingest import THREADS
from flows.report import report
from schemas.run import Run, RunSummary, Window
from schemas.settings import Settings
from tasks.clean import clean
from tasks.extract import extract
from tasks.load import captured_batches, close_run, load, open_run
from tasks.reference.sources import select_sources
from tasks.reference.version import code_version
from tasks.report import announce, conclude, publish_snapshot
from tasks.resolve import resolve
from tasks.warehouse.connect import hold_lock


@flow(name="reprocess", flow_run_name="reprocess {start} to {end}", task_runner=THREADS)
def reprocess(start: date, end: date, sources: list[str] | None = None) -> RunSummary:
    """Read the captures made from start to end again, as the code of today reads them.

    Args:
        start: The first day of capture.
        end: The last day of capture.
        sources: Ids from `seeds/sources.yml`; all enabled ones where none is given.
    """
    settings = Settings()
    chosen = select_sources(settings.sources_file, sources)
    run = Run("reprocess", Window(start, end), datetime.now(UTC), code_version())
    with hold_lock(settings):
        open_run(run, chosen, settings)
        coded: list[Any] = []
        for source, batch in captured_batches(run, chosen, settings):
            articles: Any = clean.submit(source, batch, settings)
            coded.append(extract.submit(source, articles))
        for done in as_completed(coded):
            load(run, done.result(), settings)
        resolve(run, settings)
        summary = close_run(run, chosen, settings)
        publish_snapshot(settings)
    announce(summary, settings)
    report()
    return conclude(summary)
