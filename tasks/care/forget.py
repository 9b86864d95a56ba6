"""Forget: text and raw bytes of a page go, its hash, date and reason stay."""

import logging
from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE

from schemas.erasure import Erasable, Erasure
from schemas.ledger import Wrote
from schemas.run import Run
from schemas.settings import Settings
from tasks.ledger.append import ledger_for
from tasks.ledger.erased import others_kept, pages_kept
from tasks.ledger.past import stretches_of
from tasks.ledger.redact import redact, write_blanked
from tasks.reference.machine.failpoints import Point, failpoint
from tasks.warehouse.care import forgetting
from tasks.warehouse.care.compact import compact
from tasks.warehouse.publish.snapshot import publish
from tasks.warehouse.store.connect import open_writer, transaction
from tasks.web.archive import erasing

log = logging.getLogger("firstdraft.forget")


def find_erasable(requested: str, settings: Settings) -> Erasable:
    """All that goes with a canonical URL, or the id of a capture or an article. Raises
    :class:`~schemas.errors.UnknownIdError` if nothing is held of it.
    """
    named = ((), (requested,)) if forgetting.is_id(requested) else ((requested,), ())
    pages = pages_kept(settings.ledger_dir, *named)
    with open_writer(settings) as con:
        return forgetting.find_erasable(con, requested, pages, settings)


@task(name="erase", cache_policy=NO_CACHE, persist_result=False)
def erase(run: Run, erasable: Erasable, reason: str, settings: Settings) -> Erasure:
    """Overwrite the bytes, delete the rows, and see that they do not come back.

    First the ledger, then the archive, then the warehouse: whatever a kill leaves is completed by doing it again.
    """
    now: datetime = run.started_at
    pages = stretches_of(settings.ledger_dir, erasable.capture_ids)
    sources = {capture.source_id for capture in erasable.captures}
    others = list(
        erasing.repeating(
            settings.captures_dir,
            others_kept(settings.ledger_dir, sources),
            erasable.addresses,
            erasable.needles,
        )
    )
    ledger = ledger_for(settings)
    with open_writer(settings) as con:
        kept_rows = forgetting.kept_rows(run, erasable, reason, now) | forgetting.accounts(con, erasable)
        gone = forgetting.written_by_people(con, erasable)
    for table, rows in kept_rows.items():
        if rows:
            ledger.append(Wrote(table, tuple(dict(row) for row in rows)))
    for table, rows in gone.items():
        ledger.append(Wrote(table, tuple(dict(row) for row in rows), removed=True))
    writes = list(erasing.erase((*pages, *others), now, reason, ledger.append))
    blanked = redact(settings.ledger_dir, {*erasable.urls, *_urls(erasable)}, gone, reason, ledger.append)
    ledger.sync()
    failpoint(Point.FORGET_TOLD)
    for stretch, data in writes:
        erasing.overwrite(settings.captures_dir, stretch, data)
    if settings.captures_url:
        erasing.overwrite_copies(settings.captures_dir, settings.captures_url, (stretch.file for stretch, _ in writes))
    write_blanked(blanked)
    failpoint(Point.FORGET_OVERWRITTEN)
    with open_writer(settings) as con, transaction(con):
        rows_gone = forgetting.erase_rows(con, run, erasable, reason, now)
    failpoint(Point.FORGET_ERASED)
    log.info("%d captures erased", len(erasable.captures), extra={"stage": "forget", "done": len(erasable.captures)})
    return Erasure(run.run_id, reason, len(pages), len(others), rows_gone, erasable.files)


def _urls(erasable: Erasable) -> set[str]:
    return {capture.url for capture in erasable.captures}


@task(name="leave no trace", cache_policy=NO_CACHE, persist_result=False)
def leave_no_trace(run: Run, settings: Settings) -> None:
    """See that no file beside the archive keeps what was deleted: free blocks, old copies, the old snapshot."""
    with open_writer(settings) as con, transaction(con):
        forgetting.scrub_history(con, run)
    for path in forgetting.stale_copies(settings):
        path.unlink()
    compact(settings)
    publish(settings, anyway=True)
