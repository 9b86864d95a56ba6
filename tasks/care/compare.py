"""Compare: the warehouse before a reprocess and after it."""

import logging
from dataclasses import asdict

from prefect import task
from prefect.cache_policies import NO_CACHE

from schemas.ledger import Wrote
from schemas.run import Run
from schemas.settings import Settings
from tasks.ledger.append import ledger_for
from tasks.warehouse.care import history
from tasks.warehouse.store.connect import open_writer

log = logging.getLogger("firstdraft.compare")

#: Changes in one line of the ledger.
_ROWS_A_LINE = 500


@task(name="remember what stands", cache_policy=NO_CACHE, persist_result=False)
def remember_before(settings: Settings) -> None:
    """Copy the warehouse as it is, brought up to today's schema first."""
    with open_writer(settings) as con:
        con.execute("CHECKPOINT").fetchall()
    history.keep_before(settings)


@task(name="tell what changed", cache_policy=NO_CACHE, persist_result=False)
def tell_changes(run: Run, settings: Settings) -> int:
    """Write what the run changed, field by field, and drop the copy; how many rows."""
    with open_writer(settings) as con:
        count = history.compare(con, run, settings)
        ledger = ledger_for(settings)
        changes = [asdict(change) for change in history.changes_of_reprocess(con, run.run_id)]
        for start in range(0, len(changes), _ROWS_A_LINE):
            ledger.append(Wrote("reprocess_changes", tuple(changes[start : start + _ROWS_A_LINE])))
        ledger.sync()
    history.forget_before(settings)
    log.info("%d fields, mentions and events are not as before", count)
    return count
