"""Compare: the warehouse before a reprocess and after it."""

import logging

from prefect import task
from prefect.cache_policies import NO_CACHE

from schemas.run import Run
from schemas.settings import Settings
from tasks.warehouse import history
from tasks.warehouse.connect import open_writer

log = logging.getLogger("firstdraft.compare")


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
    history.forget_before(settings)
    log.info("%d fields, mentions and events are not as before", count)
    return count
