"""Stored captures through today's clean and extract: no network, and what changed is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from prefect import flow

from flows.pipeline import THREADS, pipeline
from flows.report import report
from flows.steps import captured_batches
from schemas.memory import Memory
from schemas.run import Run, RunSummary, Window
from schemas.settings import Settings
from schemas.source import Source
from tasks.care.compare import remember_before, tell_changes
from tasks.load import with_found
from tasks.reference.seeds.sources import select_sources
from tasks.reference.seeds.version import code_version
from tasks.report import conclude, link_site

#: Before the web.
BEGINNING = date(1990, 1, 1)


@contextmanager
def compared(run: Run, settings: Settings) -> Iterator[None]:
    """Keep what changes between the beginning of a run and its end."""
    remember_before(settings)
    yield
    tell_changes(run, settings)


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
        end: The last of these days; today if none is given.
        sources: Ids from `seeds/sources/`; all enabled ones if none is given.
        read_by: Only captures last read by this reader in this version or an older one, as `trafilatura=2.3.1` or
            `rules=0.1.0`; captures that gave no article are always among them.
    """
    settings = Settings()
    chosen = select_sources(settings.sources_file, sources)
    chosen = chosen if sources else with_found(chosen, settings)
    now = datetime.now(UTC)
    run = Run("reprocess", Window(start or BEGINNING, end or now.date()), now, code_version())

    def pages(_: Memory) -> Iterator[tuple[Source, Any]]:
        yield from captured_batches(run, chosen, settings, read_by)

    summary = pipeline(run, chosen, settings, pages, compared)
    report()
    link_site(settings)
    return conclude(summary)
