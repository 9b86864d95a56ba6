"""Recover: what a run that was cut off had fetched, and the warehouse does not hold, on its way again."""

import logging
from dataclasses import dataclass

import duckdb

from schemas.errors import LedgerError
from schemas.ledger import Captured, Lost, PastRun, Strayed
from schemas.outcome import Batch
from schemas.page import FetchedPage
from schemas.run import Run
from schemas.settings import Settings
from schemas.source import Source
from tasks.ledger.append import Ledger, ledger_for
from tasks.ledger.past import last_run, written_since
from tasks.reference.machine.failpoints import Point, failpoint
from tasks.warehouse.care import replaying
from tasks.warehouse.runs import run_lifecycle
from tasks.warehouse.store.connect import open_writer
from tasks.web.archive.captures import Damaged, read_body
from tasks.web.archive.inspection import strays

log = logging.getLogger("firstdraft.recover")


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A batch that was fetched and never loaded, with the run and the source it belongs to."""

    run: Run
    source: Source
    batch: Batch[FetchedPage]


def find_interrupted(settings: Settings) -> tuple[Interrupted, ...]:
    """The batches that the run before had fetched, whole or in part, when it was cut off; none if it was not.

    What cannot be had back is named: bytes without an entry in the ledger, and pages whose bytes never reached the
    disk. Raises :class:`LedgerError` if the warehouse is older than the ledger.
    """
    ledger = ledger_for(settings)
    if ledger.repaired is not None:
        log.warning("the ledger was repaired: %s", ledger.repaired.detail)
    ended, past = last_run(ledger.folder)
    failpoint(Point.RECOVER_BEGUN)
    with open_writer(settings) as con:
        _check_same_past(con, ended, settings)
        _write_again(con, ledger)
        if past is None:
            return ()
        _know(con, past)
        _complete(con, ledger, past)
    failpoint(Point.RECOVER_COMPLETED)
    _name_strays(ledger, past, settings)
    _drop_lost(ledger, past, settings)
    failpoint(Point.RECOVER_NAMED)
    ledger.sync()
    interrupted = tuple(Interrupted(past.run, past.source(name), past.batch_of(name, n)) for name, n in past.unloaded())
    pages = sum(len(part.batch.items) for part in interrupted)
    log.warning("run %s was cut off: %d pages it had kept are taken over", past.run.run_id, pages)
    return interrupted


def _check_same_past(con: duckdb.DuckDBPyConnection, ended: str | None, settings: Settings) -> None:
    """Raise if going on would begin another history than the ledger's."""
    if ended is not None and replaying.state_of_run(con, ended) not in {"done", "abandoned"}:
        raise LedgerError(
            f"{settings.warehouse_path} does not hold run {ended}, which the ledger says was completed: it is an older "
            "warehouse, or another one. Make it again with `firstdraft rebuild`, or restore it from a backup"
        )
    if ended is None and replaying.runs_known(con) and not any(settings.ledger_dir.glob("*.jsonl")):
        log.warning("the ledger begins here; what the warehouse holds already cannot be rebuilt from it")


def _write_again(con: duckdb.DuckDBPyConnection, ledger: Ledger) -> None:
    """See that the warehouse has what people wrote since: a command tells the ledger first, and may be killed then."""
    for wrote in written_since(ledger.folder):
        replaying.write_again(con, wrote.table, wrote.rows, removed=wrote.removed)


def _know(con: duckdb.DuckDBPyConnection, past: PastRun) -> None:
    """See that the warehouse has the run at all, and its sources: it may have been cut off before their first rows."""
    if replaying.state_of_run(con, past.run.run_id) is None:
        run_lifecycle.begin(con, past.run, past.sources)
    run_lifecycle.join(con, past.run, past.sources)


def _complete(con: duckdb.DuckDBPyConnection, ledger: Ledger, past: PastRun) -> None:
    """Tell the ledger of batches that were loaded just before the end."""
    run_id = past.run.run_id
    for source_id, number in sorted(replaying.batches_done(con, run_id) - past.loaded.keys()):
        loaded = replaying.loaded_batch(con, run_id, source_id, number)
        ledger.append(loaded)
        past.loaded[source_id, number] = loaded


def _name_strays(ledger: Ledger, past: PastRun, settings: Settings) -> None:
    for stretch, urls in strays(settings.captures_dir, past.run.run_id, past.stretches):
        ledger.append(Strayed(past.run.run_id, stretch, urls))
        message = ", ".join(urls) or "an unfinished record"
        log.warning(
            "%s holds %d bytes that were not taken down (%s); asked again", stretch.file, stretch.length, message
        )


def _drop_lost(ledger: Ledger, past: PastRun, settings: Settings) -> None:
    """Leave out pages that cannot be read back, so that they are asked for again."""
    waiting = [captured for key in past.unloaded() for captured in list(past.pages.get(key, {}).values())]
    for captured in waiting:
        body = read_body(settings.captures_dir, captured.page.capture)
        if isinstance(body, Damaged):
            _lose(ledger, past, captured, body)


def _lose(ledger: Ledger, past: PastRun, captured: Captured, body: Damaged) -> None:
    link, capture = captured.page.fetch.link, captured.page.capture
    del past.pages[link.source_id, captured.batch][link.link_id]
    ledger.append(Lost(past.run.run_id, capture.capture_id, link.canonical_url, captured.stretch, body.detail))
    log.warning("%s was kept and cannot be read back (%s); asked again", link.canonical_url, body.detail)
