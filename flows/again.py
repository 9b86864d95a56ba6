"""The flow that reads what a run was cut off from, before a command that fetches nothing."""

from prefect import flow

from flows.pipeline import THREADS
from flows.resume import read_interrupted
from schemas.settings import Settings
from tasks.care.resume import Interrupted


@flow(name="resume", task_runner=THREADS, validate_parameters=False)
def read_again(interrupted: tuple[Interrupted, ...], settings: Settings) -> None:
    """Load what a run before this one had fetched when it was cut off."""
    read_interrupted(interrupted, settings)
