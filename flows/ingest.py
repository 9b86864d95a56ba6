"""The pipeline over the sites: discover, fetch, and then what ``flows/pipeline.py`` does with every page."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from prefect import flow, unmapped
from prefect.futures import as_completed

from flows.pipeline import THREADS, pipeline
from flows.steps import join_run, load_probes
from schemas.discovery import Discovery
from schemas.memory import Memory
from schemas.run import Run, RunSummary
from schemas.settings import Settings
from schemas.source import Source
from tasks.care.take import take
from tasks.discover import discover
from tasks.fetch import fetch
from tasks.search import allot, search
from tasks.web.discovery.searching import Found


@contextmanager
def spooled(_run: Run, settings: Settings) -> Iterator[None]:
    """A run with files of others on disk, which are of no use after it; what a run before it left is removed, too."""
    shutil.rmtree(settings.spool_dir, ignore_errors=True)
    try:
        yield
    finally:
        shutil.rmtree(settings.spool_dir, ignore_errors=True)


@flow(
    name="ingest",
    flow_run_name="{run.origin} {run.window.start} to {run.window.end}",
    task_runner=THREADS,
    validate_parameters=False,
)
def ingest(run: Run, sources: tuple[Source, ...], settings: Settings) -> RunSummary:
    """Bring what the sources published in the run's window into the warehouse, and what searches found elsewhere."""
    finders = [source for source in sources if source.searches]
    outlets = [source for source in sources if not source.searches]

    def pages(memory: Memory) -> Iterator[tuple[Source, Any]]:
        searches = search.map(unmapped(run), finders, unmapped(memory), unmapped(settings)) if finders else []
        surveys = discover.map(unmapped(run), outlets, unmapped(memory), unmapped(settings)) if outlets else []
        discoveries = []
        for discovered in as_completed(surveys):
            discovery = discovered.result()
            discoveries.append(discovery)
            load_probes(run, discovery, settings)
            for batch in discovery.batches:
                yield discovery.source, fetch.submit(run, discovery.source, batch, memory, settings)
        yield from found([one.result() for one in searches], discoveries) if finders else ()

    def found(searched: list[Found], discoveries: list[Discovery]) -> Iterator[tuple[Source, Any]]:
        shares = allot(run, searched, discoveries, settings)
        memory = join_run(run, tuple(share.discovery.source for share in shares), settings)
        for share in shares:
            load_probes(run, share.discovery, settings)
            for batch in share.fresh:
                captures = next((some for one in searched if (some := one.archived(batch))), None)
                source = share.discovery.source
                taking = take.submit(run, source, captures, memory, settings) if captures else None
                yield source, taking or fetch.submit(run, source, batch, memory, settings)

    return pipeline(run, sources, settings, pages, spooled)
