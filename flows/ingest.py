"""The pipeline: discover, fetch, clean, extract, load, resolve. One line a verb."""

from typing import Any

from prefect import flow, unmapped
from prefect.futures import as_completed

from flows.recovery import take_up
from flows.runners import Readers
from schemas.run import Run, RunSummary
from schemas.settings import Settings
from schemas.source import Source
from tasks.clean import clean
from tasks.discover import discover
from tasks.extract import extract
from tasks.fetch import fetch
from tasks.load import close_run, load, load_probes, open_run
from tasks.report import announce, publish_snapshot
from tasks.resolve import resolve
from tasks.warehouse.store.connect import keep_open

#: Batches under way at the same time. Wide, for most of them wait: the pages of one host are asked for one by one, and
#: a slow host must not keep the others from a thread.
THREADS: Any = Readers(max_workers=128)


@flow(
    name="ingest",
    flow_run_name="{run.origin} {run.window.start} to {run.window.end}",
    task_runner=THREADS,
    validate_parameters=False,
)
def ingest(run: Run, sources: tuple[Source, ...], settings: Settings) -> RunSummary:
    """Bring what the sources published in the run's window into the warehouse.

    Reading is spread over threads, writing is done here, one batch a transaction: killed at any point, the next run
    finds whole batches and fetches the rest again.
    """
    with keep_open(settings):
        take_up(settings)
        memory = open_run(run, sources, settings)
        coded: list[Any] = []
        surveys = discover.map(unmapped(run), list(sources), unmapped(memory), unmapped(settings))
        for discovered in as_completed(surveys):
            discovery = discovered.result()
            load_probes(run, discovery, settings)
            for batch in discovery.batches:
                pages: Any = fetch.submit(run, discovery.source, batch, memory, settings)
                articles: Any = clean.submit(discovery.source, pages, settings)
                coded.append(extract.submit(discovery.source, articles, settings))
        for done in as_completed(coded):
            load(run, done.result(), settings)
        resolve(run, settings)
        summary = close_run(run, sources, settings)
        publish_snapshot(settings)
    announce(summary, settings)
    return summary
