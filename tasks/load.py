"""Load: what the stages found, into the warehouse; one transaction a batch."""

import logging
from dataclasses import replace
from functools import partial

import duckdb

from schemas.discovery import Discovery
from schemas.errors import LedgerError
from schemas.ledger import Abandoned, Ended, Joined, RunOpened, Surveyed
from schemas.memory import Memory
from schemas.mention import CodedArticle
from schemas.outcome import UNREAD, Batch, Reason, Settled
from schemas.page import FetchedPage
from schemas.run import LoadReport, Run, RunSummary
from schemas.settings import Settings
from schemas.source import Source
from tasks.ledger.append import Ledger, ledger_for
from tasks.ledger.past import last_run
from tasks.reference.machine.failpoints import Point, failpoint
from tasks.reference.machine.failures import ends_the_run, in_words
from tasks.text.copies.canonical import settle_addresses
from tasks.text.copies.reuse import apart
from tasks.warehouse.care import replaying
from tasks.warehouse.care.history import is_coder, readers_up_to
from tasks.warehouse.load.loading import asked_since, load_batch, without_bad_items
from tasks.warehouse.publish.snapshot import publish
from tasks.warehouse.runs import run_lifecycle
from tasks.warehouse.store.connect import open_writer
from tasks.warehouse.store.queries import fetch_rows
from tasks.warehouse.store.standing import pages_of, standing_stories

log = logging.getLogger("firstdraft.load")

#: What DuckDB raises for a value it does not take; all its other errors are of the file, the disk or our statements.
_OF_ONE_ROW = (duckdb.DataError, duckdb.InvalidInputException, duckdb.ConstraintException)


def open_run(run: Run, sources: tuple[Source, ...], settings: Settings) -> Memory:
    """Write the run's first row; what is remembered of its sources and their pages."""
    with open_writer(settings) as con:
        ledger = ledger_for(settings)
        _give_up(con, ledger)
        failpoint(Point.OPEN_BEFORE_TOLD)
        ledger.append(RunOpened(run, sources))
        ledger.sync()
        failpoint(Point.OPEN_TOLD)
        return run_lifecycle.begin(con, run, sources)


def join_run(run: Run, sources: tuple[Source, ...], settings: Settings) -> Memory:
    """Write sources that a search found while the run was under way; what is remembered of them and their pages."""
    with open_writer(settings) as con:
        ledger = ledger_for(settings)
        ledger.append(Joined(run.run_id, sources))
        ledger.sync()
        return run_lifecycle.join(con, run, sources)


def _give_up(con: duckdb.DuckDBPyConnection, ledger: Ledger) -> None:
    """Tell the ledger how the run ended that was cut off before this one, if one was; its pages are loaded by now."""
    _, past = last_run(ledger.folder)
    if past is None:
        return
    if past.unloaded():
        raise LedgerError(
            f"run {past.run.run_id} was interrupted, and what it fetched is not loaded yet: resume it first"
        )
    run_id = past.run.run_id
    resolved = "resolve" in replaying.steps_done(con, run_id)
    if replaying.state_of_run(con, run_id) == "done":
        ledger.append(replaying.closed_run(con, run_id, None))
    else:
        adopted = sum(len(past.pages.get(key, ())) for key in past.loaded)
        ledger.append(Abandoned(run_id, resolved, adopted))


def load_probes(run: Run, discovery: Discovery, settings: Settings) -> None:
    """Write what a source's addresses answered, and how many links are to be accounted for."""
    ledger = ledger_for(settings)
    for batch in discovery.batches:
        for settled in batch.settled:
            ledger.append(Ended(batch.number, settled))
    ledger.append(Surveyed(run.run_id, len(discovery), replace(discovery, batches=())))
    failpoint(Point.PROBES_TOLD)
    with open_writer(settings) as con:
        run_lifecycle.note_discovery(con, run, discovery)


def load(run: Run, batch: Batch[CodedArticle], settings: Settings) -> LoadReport:
    """Write a batch: every link with its outcome, every article with its mentions; all of it or nothing."""
    message = f"{batch.source_id} batch {batch.number}"
    log.info("%s: %d to load", message, len(batch), extra={"stage": "load", "todo": len(batch)})
    with open_writer(settings) as con:
        batch, report = _load(con, run, batch)
        failpoint(Point.LOAD_COMMITTED)
        ledger = ledger_for(settings)
        for end in filter(_is_told, batch.settled):
            ledger.append(Ended(batch.number, end))
        which = (run.run_id, batch.source_id, batch.number)
        ledger.append(replaying.loaded_batch(con, *which, report, asked_since(batch)))
        failpoint(Point.LOAD_TOLD)
        ledger.sync()
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in sorted(report.outcomes.items()))
    log.info("%s: %s", message, outcomes, extra={"stage": "load", "done": len(batch)})
    return report


def _is_told(end: Settled) -> bool:
    """Whether the ledger is to know of an end that came after the fetch: no rebuild would come to it by itself."""
    return end.reason is Reason.LOAD_FAILED or (end.reason in UNREAD and end.capture is not None)


def _load(
    con: duckdb.DuckDBPyConnection, run: Run, batch: Batch[CodedArticle]
) -> tuple[Batch[CodedArticle], LoadReport]:
    """A batch, come what may: an item that the warehouse does not take costs itself, not its batch."""
    try:
        settled = _settled(con, batch)
        return settled, load_batch(con, run, settled)
    except Exception as error:
        if ends_the_run(error) or (isinstance(error, OSError | duckdb.Error) and not isinstance(error, _OF_ONE_ROW)):
            raise
        log.warning(
            "%s batch %d: tried item by item, for it failed: %s", batch.source_id, batch.number, in_words(error)
        )
    sound = _settled(con, without_bad_items(con, run, batch))
    return sound, load_batch(con, run, sound)


def _settled(con: duckdb.DuckDBPyConnection, batch: Batch[CodedArticle]) -> Batch[CodedArticle]:
    """The batch with the address and the story of each article settled by what the warehouse holds."""
    batch = settle_addresses(batch, partial(standing_stories, con), partial(pages_of, con))
    return apart(batch, standing_stories(con, (item.article.article_id for item in batch.items)))


def with_found(sources: tuple[Source, ...], settings: Settings) -> tuple[Source, ...]:
    """These sources, and those that searches found and no file tells of."""
    named = {source.id for source in sources}
    with open_writer(settings) as con:
        found = [Source.model_validate(row) for row in fetch_rows(con, "found_sources")]
    return (*sources, *(source for source in found if source.id not in named))


def captured_batches(
    run: Run, sources: tuple[Source, ...], settings: Settings, readers: str | None = None
) -> list[tuple[Source, Batch[FetchedPage]]]:
    """The stored pages of the run's window, in batches: what a reprocess reads instead of the network.

    ``readers`` (``<name>=<version>``) leaves out what newer versions of that reader read last.
    """
    with open_writer(settings) as con:
        named = readers_up_to(con, readers) if readers else None
        coders = named is not None and is_coder(con, named)
        return [
            (source, batch)
            for source in sources
            for batch in run_lifecycle.batches_of_captures(con, run, source, settings.batch_size, named, coders=coders)
        ]


def close_run(run: Run, sources: tuple[Source, ...], settings: Settings) -> RunSummary:
    """Check that discovered = sum of outcomes, mark the run done, and publish what readers open."""
    with open_writer(settings) as con:
        failpoint(Point.CLOSE_BEFORE)
        summary = run_lifecycle.finish(con, run, settings.pause_points)
        failpoint(Point.CLOSE_COMMITTED)
        ledger = ledger_for(settings)
        ledger.append(replaying.closed_run(con, run.run_id, replaying.state_hash_below(con, settings)))
        failpoint(Point.CLOSE_TOLD)
        ledger.sync()
    return replace(summary, held=publish(settings).held)
