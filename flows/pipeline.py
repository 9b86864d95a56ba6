"""What ingest, import archive and reprocess have in common: pages are cleaned, coded, loaded and resolved."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import Any

from prefect import flow
from prefect.futures import as_completed

from flows.resume import read_interrupted, resume
from flows.runners import Readers, result_of
from flows.steps import close_run, load, open_run, resolve
from schemas.memory import Memory
from schemas.run import Run, RunSummary
from schemas.settings import Settings
from schemas.source import Source
from tasks.care.resume import Interrupted
from tasks.clean import clean
from tasks.extract import extract
from tasks.report import announce, publish_snapshot
from tasks.warehouse.store.connect import keep_open

#: Batches under way at the same time. Wide, for most of them wait: the pages of one host are asked for one by one, and
#: a slow host must not keep the others from a thread.
THREADS: Any = Readers(max_workers=128)

#: From what earlier runs left to batches of pages, or futures of them, each with its source.
Pages = Callable[[Memory], Iterator[tuple[Source, Any]]]


def pipeline(
    run: Run,
    sources: tuple[Source, ...],
    settings: Settings,
    pages: Pages,
    around: Callable[[Run, Settings], AbstractContextManager[object]] = lambda _run, _settings: nullcontext(),
) -> RunSummary:
    """Bring pages into the warehouse as one run, and publish what came of it; called by a flow.

    Pages are read by many threads and written by this one, one batch a transaction: killed at any point, the next run
    finds whole batches and reads the rest again. A night asks and reads until its time is over. ``around`` is entered
    before the run is opened and left after it is closed, while the lock is held.
    """
    until = settings.night_end(datetime.now(UTC)) if run.is_night else None
    with keep_open(settings):
        resume(settings, until)
        with around(run, settings):
            memory = open_run(run, sources, settings)
            coded: list[Any] = []
            given: dict[int, Any] = {}
            for source, batch in pages(memory):
                articles: Any = clean.submit(source, batch, settings, until)
                coded.append(extract.submit(source, articles, settings, until=until))
                given[id(coded[-1])] = batch
            for done in as_completed(coded):
                load(run, result_of(done, given[id(done)]), settings)
            resolve(run, settings)
            summary = close_run(run, sources, settings)
        publish_snapshot(settings)
    announce(summary, settings)
    return summary


@flow(name="resume", task_runner=THREADS, validate_parameters=False)
def read_again(interrupted: tuple[Interrupted, ...], settings: Settings) -> None:
    """Load what a run before this one had fetched when it was cut off."""
    read_interrupted(interrupted, settings)
