"""What every run begins with: the pages that a run before it had fetched when it was cut off."""

from flows.logs import open_log
from schemas.settings import Settings
from tasks.care.resume import find_interrupted
from tasks.clean import clean
from tasks.extract import extract
from tasks.load import load


def resume(settings: Settings) -> None:
    """Load what was fetched and never loaded, under the run that fetched it: nothing is lost or asked for twice.

    The caller holds the lock. Logging begins here, where nobody began it before: in a worker's process.
    """
    open_log(settings)
    for left in find_interrupted(settings):
        load(left.run, extract(left.source, clean(left.source, left.batch, settings), settings), settings)
