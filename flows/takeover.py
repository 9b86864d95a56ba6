"""Pages of somebody else's archive into the warehouse: as ingest, with take in the place of fetch."""

from typing import Any

from prefect import flow, unmapped
from prefect.futures import as_completed

from flows.ingest import THREADS
from flows.recovery import take_up
from schemas.backfill import Archives
from schemas.run import Run, RunSummary
from schemas.settings import Settings
from schemas.source import Source
from tasks.care.scan import survey_archive
from tasks.care.take import take
from tasks.clean import clean
from tasks.extract import extract
from tasks.load import close_run, load, load_probes, open_run
from tasks.report import announce, publish_snapshot
from tasks.resolve import resolve
from tasks.warehouse.store.connect import keep_open
from tasks.web.imports.warc_index import Shelf


@flow(
    name="take over",
    flow_run_name="{run.origin} {run.window.start} to {run.window.end}",
    task_runner=THREADS,
    validate_parameters=False,
)
def take_over(
    run: Run, sources: tuple[Source, ...], archives: Archives, shelf: Shelf | None, settings: Settings
) -> RunSummary:
    """Bring what an archive holds of the sources in the run's window into the warehouse."""
    within = run.window if archives.by_publication else None
    with keep_open(settings):
        take_up(settings)
        memory = open_run(run, sources, settings)
        coded: list[Any] = []
        surveys = survey_archive.map(
            unmapped(run), list(sources), unmapped(archives), unmapped(shelf), unmapped(settings)
        )
        for surveyed in as_completed(surveys):
            found = surveyed.result()
            load_probes(run, found.discovery, settings)
            for batch in found.batches:
                source = found.discovery.source
                pages: Any = take.submit(run, source, batch, memory, settings, within)
                articles: Any = clean.submit(source, pages, settings)
                coded.append(extract.submit(source, articles, settings))
        for done in as_completed(coded):
            load(run, done.result(), settings)
        resolve(run, settings)
        summary = close_run(run, sources, settings)
        publish_snapshot(settings)
    announce(summary, settings)
    return summary
