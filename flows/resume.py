"""What every run begins with: the pages that a run before it had fetched when it was cut off."""

from flows.logs import open_log
from schemas.settings import Settings
from tasks.care.resume import Interrupted, find_interrupted
from tasks.clean import clean
from tasks.extract import extract
from tasks.load import load


def resume(settings: Settings) -> None:
    """Load what was fetched and never loaded, under the run that fetched it: nothing is lost or asked for twice.

    The caller holds the lock. Logging begins here, if nobody began it before: in a worker's process.
    """
    open_log(settings)
    read_interrupted(find_interrupted(settings), settings)


def read_interrupted(batches: tuple[Interrupted, ...], settings: Settings) -> None:
    """Read and load batches of a run that was cut off."""
    for interrupted in batches:
        load(
            interrupted.run,
            extract(interrupted.source, clean(interrupted.source, interrupted.batch, settings), settings),
            settings,
        )
