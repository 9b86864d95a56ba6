"""One bar for one long piece of work, with rate and time left; driven by log records as all progress is."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from tasks.console.progress import Pace, listening

#: Between two looks at what grows.
_LOOK_SECONDS = 0.3


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
    """A bar that counts bytes while the body runs; nothing if the console is no terminal."""
    with _bar(console, stage, DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()):
        yield


@contextmanager
def count_bar(console: Console, stage: str) -> Iterator[None]:
    """A bar that counts things, with how many a second and the time left."""
    with _bar(console, stage, MofNCompleteColumn(), Pace()):
        yield


@contextmanager
def growth_bar(console: Console, stage: str, folder: Path, pattern: str, total: int) -> Iterator[None]:
    """A bar that counts the bytes of files as they grow: for what one statement of DuckDB writes.

    Args:
        folder: Where the files are written.
        pattern: What their names are like, as ``.warehouse.duckdb.compact*``.
        total: How many bytes they may come to.
    """
    if not console.is_terminal:
        yield
        return
    columns = (DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    over = threading.Event()
    with Progress(*_columns(*columns), console=console, transient=True) as progress:
        bar = progress.add_task(stage, total=total)

        def watch() -> None:
            while not over.wait(_LOOK_SECONDS):
                progress.update(bar, completed=min(total, size_of(folder, pattern)))

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()


def size_of(folder: Path, pattern: str) -> int:
    """The bytes of the files of such names; one that goes while it is looked at counts nothing."""
    total = 0
    for path in folder.glob(pattern):
        with suppress(OSError):
            total += path.stat().st_size
    return total


@contextmanager
def working(console: Console, what: str) -> Iterator[None]:
    """For work whose end nobody knows: that it goes on, which step it is at, for how long; on a terminal only.

    A step is the message of a record with a ``stage``.
    """
    if not console.is_terminal:
        yield
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress, listening(_Step(progress, what)):
        yield


class _Step(logging.Handler):
    """Turns records into the words beside the spinner."""

    def __init__(self, progress: Progress, what: str) -> None:
        super().__init__(level=logging.INFO)
        self._progress, self._what = progress, what
        self._task = progress.add_task(what, total=None)

    def emit(self, record: logging.LogRecord) -> None:
        """Show the step."""
        if hasattr(record, "stage"):
            self._progress.update(self._task, description=f"{self._what}: {record.getMessage()}")


@contextmanager
def _bar(console: Console, stage: str, *counts: ProgressColumn) -> Iterator[None]:
    if not console.is_terminal:
        yield
        return
    with Progress(*_columns(*counts), console=console, transient=True) as progress, listening(_Bar(progress, stage)):
        yield


def _columns(*counts: ProgressColumn) -> tuple[ProgressColumn, ...]:
    return (TextColumn("{task.description:>9}"), BarColumn(), *counts)
