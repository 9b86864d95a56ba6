"""Fetch: ask for the pages of one batch, and keep them."""

import logging

from prefect import task
from prefect.cache_policies import NO_CACHE

from schemas.link import Link
from schemas.memory import Memory
from schemas.outcome import Batch
from schemas.page import FetchedPage
from schemas.run import Run
from schemas.settings import Settings
from schemas.source import Source
from tasks.ledger.append import ledger_for
from tasks.pool.pool import documents_apart
from tasks.reference.machine.failpoints import Point, failpoint
from tasks.warehouse.store.connect import hold_lock
from tasks.web.fetching.session import web_for
from tasks.web.fetching.visit import visit_batch

log = logging.getLogger("firstdraft.fetch")


@task(
    name="fetch",
    task_run_name="fetch {source.id} batch {batch.number}",
    retries=1,
    retry_delay_seconds=5,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def fetch(run: Run, source: Source, batch: Batch[Link], memory: Memory, settings: Settings) -> Batch[FetchedPage]:
    """The pages of a batch, kept in the archive, beside the links that ended here. ``len(batch)`` is conserved.

    Both are on disk on return, and the ledger tells of them.
    """
    asked = len(batch.items)
    log.info("%s batch %d: %d to fetch", source.id, batch.number, asked, extra={"stage": "fetch", "todo": asked})
    with hold_lock(settings):
        ledger = ledger_for(settings)
        fetched = visit_batch(
            web_for(run, settings, ledger.append, documents_apart(settings)), run, source, batch, memory
        )
        failpoint(Point.FETCH_BEFORE_SYNC)
        ledger.sync()
    ends = ", ".join(f"{count} {outcome}" for outcome, count in sorted(fetched.outcomes().items()))
    message = f"{len(fetched.items)} pages" + (f", {ends}" if ends else "")
    log.info("%s batch %d: %s", source.id, batch.number, message, extra={"stage": "fetch", "done": asked})
    return fetched
