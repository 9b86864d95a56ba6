"""What every run begins with: the pages that a run before it had fetched when it was cut off."""

from datetime import datetime

from flows.logs import open_log
from flows.steps import find_interrupted, load
from schemas.settings import Settings
from tasks.care.resume import Interrupted
from tasks.clean import clean
from tasks.extract import extract


def resume(settings: Settings, until: datetime | None = None) -> None:
    """Load what was fetched and never loaded, under the run that fetched it: nothing is lost or asked for twice.

    ``until`` is the end of the night that begins with it, if one does.

    The caller holds the lock. Logging begins here, where nobody began it before: in a worker's process.
    """
    open_log(settings)
    read_interrupted(find_interrupted(settings), settings, until)


def read_interrupted(batches: tuple[Interrupted, ...], settings: Settings, until: datetime | None = None) -> None:
    """Read and load batches of a run that was cut off."""
    for interrupted in batches:
        articles = clean(interrupted.source, interrupted.batch, settings, until)
        load(interrupted.run, extract(interrupted.source, articles, settings, until=until), settings)
