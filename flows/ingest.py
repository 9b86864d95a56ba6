"""The pipeline over the sites: discover, fetch, and then what ``flows/pipeline.py`` does with every page."""

from collections.abc import Iterator
from typing import Any

from prefect import flow, unmapped
from prefect.futures import as_completed

from flows.pipeline import THREADS, pipeline
from schemas.memory import Memory
from schemas.run import Run, RunSummary
from schemas.settings import Settings
from schemas.source import Source
from tasks.discover import discover
from tasks.fetch import fetch
from tasks.load import load_probes


@flow(
    name="ingest",
    flow_run_name="{run.origin} {run.window.start} to {run.window.end}",
    task_runner=THREADS,
    validate_parameters=False,
)
def ingest(run: Run, sources: tuple[Source, ...], settings: Settings) -> RunSummary:
    """Bring what the sources published in the run's window into the warehouse."""

    def pages(memory: Memory) -> Iterator[tuple[Source, Any]]:
        surveys = discover.map(unmapped(run), list(sources), unmapped(memory), unmapped(settings))
        for discovered in as_completed(surveys):
            discovery = discovered.result()
            load_probes(run, discovery, settings)
            for batch in discovery.batches:
                yield discovery.source, fetch.submit(run, discovery.source, batch, memory, settings)

    return pipeline(run, sources, settings, pages)
