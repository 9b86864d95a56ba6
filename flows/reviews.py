"""Events made again after people judged mentions or decided about events.

Verbs are called without Prefect, which takes longer to import than all of this takes. Only if a run was cut off, and
its pages are to be read first, is there a flow.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from flows.logs import open_log
from schemas.run import Run, RunSummary, Window
from schemas.settings import Settings
from tasks.care.resume import find_interrupted
from tasks.load import close_run, open_run
from tasks.reference.seeds.version import code_version
from tasks.resolve import resolve
from tasks.warehouse.store.connect import keep_open


def resolve_again(settings: Settings, prepare: Callable[[], None]) -> RunSummary:
    """Make the events again from the mentions as people left them; nothing is fetched, nothing is read again.

    It is a run of its own in warehouse and ledger, so that a rebuild comes to the same events. ``prepare`` sets up
    Prefect's surroundings, if there is to be a flow.
    """
    now = datetime.now(UTC)
    run = Run("review", Window(now.date(), now.date()), now, code_version())
    with keep_open(settings):
        open_log(settings)
        if interrupted := find_interrupted(settings):
            prepare()
            from flows.pipeline import read_again  # noqa: PLC0415 - readers take seconds to import, and seldom are needed

            read_again(interrupted, settings)
        open_run(run, (), settings)
        resolve(run, settings)
        return close_run(run, (), settings)
