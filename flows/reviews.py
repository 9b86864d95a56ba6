"""Events made again after people judged mentions."""

from datetime import UTC, datetime

from prefect import flow

from flows.pipeline import THREADS
from flows.resume import resume
from schemas.run import Run, RunSummary, Window
from schemas.settings import Settings
from tasks.load import close_run, open_run
from tasks.reference.version import code_version
from tasks.resolve import resolve
from tasks.warehouse.store.connect import hold_lock


@flow(name="resolve again", task_runner=THREADS, validate_parameters=False)
def resolve_again(settings: Settings) -> RunSummary:
    """Make the events again from the mentions as people left them; nothing is fetched, nothing is read again.

    It is a run of its own in warehouse and ledger, so that a rebuild comes to the same events.
    """
    now = datetime.now(UTC)
    run = Run("review", Window(now.date(), now.date()), now, code_version())
    with hold_lock(settings):
        resume(settings)
        open_run(run, (), settings)
        resolve(run, settings)
        return close_run(run, (), settings)
