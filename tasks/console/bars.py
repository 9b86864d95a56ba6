"""One bar for one long piece of work, with rate and time left; driven by log records as all progress is."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)


class _Bar(logging.Handler):
    """Turns the records of one stage into one bar: ``todo`` lengthens it, ``done`` fills it."""

    def __init__(self, progress: Progress, stage: str) -> None:
        super().__init__(level=logging.INFO)
        self._progress = progress
        self._stage = stage
        self._todo = 0
        self._task = progress.add_task(stage, total=None)

    def emit(self, record: logging.LogRecord) -> None:
        """Move the bar."""
        if getattr(record, "stage", None) == self._stage:
            self._todo += getattr(record, "todo", 0)
            self._progress.update(self._task, total=self._todo or None, advance=getattr(record, "done", 0))


@contextmanager
def byte_bar(console: Console, stage: str) -> Iterator[None]:
    """A bar that counts bytes while the body runs; nothing where the console is no terminal."""
    with _bar(console, stage, DownloadColumn(), TransferSpeedColumn()):
        yield


@contextmanager
def count_bar(console: Console, stage: str) -> Iterator[None]:
    """A bar that counts things."""
    with _bar(console, stage, MofNCompleteColumn()):
        yield


@contextmanager
def _bar(console: Console, stage: str, *counts: ProgressColumn) -> Iterator[None]:
    logger = logging.getLogger("firstdraft")
    if not console.is_terminal:
        yield
        return
    columns = (TextColumn("{task.description:>9}"), BarColumn(), *counts, TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        handler = _Bar(progress, stage)
        logger.addHandler(handler)
        level, logger.level = logger.level, logging.INFO
        try:
            yield
        finally:
            logger.removeHandler(handler)
            logger.setLevel(level)
