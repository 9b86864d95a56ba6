"""A page forgotten: erased, its events made again, and readers given what is left."""

from datetime import UTC, datetime

from prefect import flow

from flows.report import hand_out
from flows.resume import resume
from flows.steps import close_run, open_run, resolve
from schemas.erasure import Erasure
from schemas.run import Run, Window
from schemas.settings import Settings
from tasks.care.forget import erase, find_erasable, leave_no_trace
from tasks.reference.seeds.version import code_version
from tasks.warehouse.store.connect import hold_lock


@flow(name="forget", validate_parameters=False)
def forget(asked: str, reason: str, settings: Settings) -> Erasure:
    """Erase a page by its canonical URL, or by the id of a capture or an article, and all that follows from it.

    Raises :class:`~schemas.errors.UnknownIdError` if nothing is held of it.
    """
    with hold_lock(settings):
        resume(settings)
        erasable = find_erasable(asked, settings)
        now = datetime.now(UTC)
        run = Run("forget", Window(now.date(), now.date()), now, code_version())
        open_run(run, (), settings)
        done = erase(run, erasable, reason, settings)
        resolve(run, settings)
        close_run(run, (), settings)
        leave_no_trace(run, settings)
    hand_out(settings)
    return done
