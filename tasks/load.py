"""Load: what the stages found, into the warehouse; one transaction a batch."""

import logging

from prefect import task
from prefect.cache_policies import NO_CACHE

from schemas.discovery import Discovery
from schemas.memory import Memory
from schemas.mention import CodedArticle
from schemas.outcome import Batch
from schemas.page import FetchedPage
from schemas.run import LoadReport, Run, RunSummary, Window
from schemas.settings import Settings
from schemas.source import Source
from tasks.warehouse import running
from tasks.warehouse.connect import open_writer
from tasks.warehouse.loading import load_batch
from tasks.warehouse.snapshot import publish

log = logging.getLogger("firstdraft.load")


@task(name="open the run", cache_policy=NO_CACHE, persist_result=False)
def open_run(run: Run, sources: tuple[Source, ...], settings: Settings) -> Memory:
    """Write the run's first row; what is remembered of its sources and their pages."""
    with open_writer(settings) as con:
        return running.begin(con, run, sources)


@task(
    name="load probes",
    task_run_name="load probes of {discovery.source.id}",
    cache_policy=NO_CACHE,
    persist_result=False,
)
def load_probes(run: Run, discovery: Discovery, settings: Settings) -> None:
    """Write what a source's addresses answered, and how many links are to be accounted for."""
    with open_writer(settings) as con:
        running.note_discovery(con, run, discovery)


@task(name="load", task_run_name="load {batch.source_id} {batch.number}", cache_policy=NO_CACHE, persist_result=False)
def load(run: Run, batch: Batch[CodedArticle], settings: Settings) -> LoadReport:
    """Write a batch: every link with its outcome, every article with its mentions; all of it or nothing."""
    told = f"{batch.source_id} batch {batch.number}"
    log.info("%s: %d to load", told, len(batch), extra={"stage": "load", "todo": len(batch)})
    with open_writer(settings) as con:
        report = load_batch(con, run, batch)
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in sorted(report.outcomes.items()))
    log.info("%s: %s", told, outcomes, extra={"stage": "load", "done": len(batch)})
    return report


@task(name="list captures", cache_policy=NO_CACHE, persist_result=False)
def captured_batches(
    run: Run, sources: tuple[Source, ...], settings: Settings
) -> list[tuple[Source, Batch[FetchedPage]]]:
    """The stored pages of the run's window, in batches: what a reprocess reads instead of the network."""
    with open_writer(settings) as con:
        return [
            (source, batch)
            for source in sources
            for batch in running.batches_of_captures(con, run, source, settings.batch_size)
        ]


@task(name="close the run", cache_policy=NO_CACHE, persist_result=False)
def close_run(run: Run, sources: tuple[Source, ...], settings: Settings) -> RunSummary:
    """Check that discovered = sum of outcomes, mark the run done, and publish what readers open."""
    with open_writer(settings) as con:
        summary = running.finish(con, run)
    publish(settings)
    return summary


@task(name="list finished windows", cache_policy=NO_CACHE, persist_result=False)
def finished_windows(sources: tuple[Source, ...], settings: Settings) -> frozenset[Window]:
    """The windows an earlier backfill finished for these sources."""
    with open_writer(settings) as con:
        return running.windows_finished(con, sources)
