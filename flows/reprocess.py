"""Stored captures through today's clean and extract: no network, and what changed is told."""

from datetime import UTC, date, datetime
from typing import Any

from prefect import flow
from prefect.futures import as_completed

from flows.ingest import THREADS
from flows.recovery import take_up
from flows.report import report
from schemas.run import Run, RunSummary, Window
from schemas.settings import Settings
from tasks.care.compare import remember_before, tell_changes
from tasks.clean import clean
from tasks.extract import extract
from tasks.load import captured_batches, close_run, load, open_run
from tasks.reference.sources import select_sources
from tasks.reference.version import code_version
from tasks.report import announce, conclude, link_site, publish_snapshot
from tasks.resolve import resolve
from tasks.warehouse.store.connect import hold_lock

#: Before the web.
BEGINNING = date(1990, 1, 1)


@flow(name="reprocess", flow_run_name="reprocess {start} to {end}", task_runner=THREADS)
def reprocess(
    start: date | None = None,
    end: date | None = None,
    sources: list[str] | None = None,
    read_by: str | None = None,
) -> RunSummary:
    """Read stored captures again, as the code of today reads them, and keep what changed in `reprocess_changes`.

    Args:
        start: The first day on which a page stood as captured (by us, or by the archive it was taken from).
        end: The last of these days; today where none is given.
        sources: Ids from `seeds/sources/`; all enabled ones where none is given.
        read_by: Only captures last read by this reader in this version or an older one, as `trafilatura=2.3.1` or
            `rules=0.1.0`; captures that gave no article are always among them.
    """
    settings = Settings()
    chosen = select_sources(settings.sources_file, sources)
    now = datetime.now(UTC)
    run = Run("reprocess", Window(start or BEGINNING, end or now.date()), now, code_version())
    with hold_lock(settings):
        take_up(settings)
        remember_before(settings)
        open_run(run, chosen, settings)
        coded: list[Any] = []
        for source, batch in captured_batches(run, chosen, settings, read_by):
            articles: Any = clean.submit(source, batch, settings)
            coded.append(extract.submit(source, articles, settings))
        for done in as_completed(coded):
            load(run, done.result(), settings)
        resolve(run, settings)
        summary = close_run(run, chosen, settings)
        tell_changes(run, settings)
        publish_snapshot(settings)
    announce(summary, settings)
    report()
    link_site(settings)
    return conclude(summary)
