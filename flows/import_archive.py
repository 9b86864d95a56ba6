"""The pipeline over somebody else's archive: its captures are taken over instead of fetched."""

from collections.abc import Iterator
from typing import Any

from prefect import flow, unmapped
from prefect.futures import as_completed

from flows.pipeline import THREADS, pipeline
from flows.steps import load_probes
from schemas.backfill import Archives
from schemas.memory import Memory
from schemas.run import Run, RunSummary
from schemas.settings import Settings
from schemas.source import Source
from tasks.care.scan import survey_archive
from tasks.care.take import take
from tasks.web.imports.warc_index import WarcIndex


@flow(
    name="import archive",
    flow_run_name="{run.origin} {run.window.start} to {run.window.end}",
    task_runner=THREADS,
    validate_parameters=False,
)
def import_archive(
    run: Run, sources: tuple[Source, ...], archives: Archives, index: WarcIndex | None, settings: Settings
) -> RunSummary:
    """Bring what an archive holds of the sources in the run's window into the warehouse."""
    within = run.window if archives.by_publication else None

    def pages(memory: Memory) -> Iterator[tuple[Source, Any]]:
        surveys = survey_archive.map(
            unmapped(run), list(sources), unmapped(archives), unmapped(index), unmapped(settings)
        )
        for surveyed in as_completed(surveys):
            survey = surveyed.result()
            source = survey.discovery.source
            load_probes(run, survey.discovery, settings)
            for batch in survey.batches:
                yield source, take.submit(run, source, batch, memory, settings, within)

    return pipeline(run, sources, settings, pages)
