"""What every run begins with: the pages that a run before it had fetched when it was cut off."""

from schemas.settings import Settings
from tasks.clean import clean
from tasks.extract import extract
from tasks.load import load
from tasks.recover import recover


def take_up(settings: Settings) -> None:
    """Load what was fetched and never loaded, under the run that fetched it: nothing is lost or asked for twice.

    The caller holds the lock.
    """
    for left in recover(settings):
        load(left.run, extract(left.source, clean(left.source, left.batch, settings)), settings)
