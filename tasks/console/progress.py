"""Progress driven by the log records the verbs write: on a terminal one bar a stage, elsewhere a line a window.

A verb logs under ``firstdraft.<verb>`` with ``extra={"stage": ..., "todo": n}`` when it begins and
``extra={"stage": ..., "done": n}`` as it goes on; the numbers count items of its batch. Stage ``windows`` counts the
windows of a backfill, ``scan`` the files of an archive.
"""

import logging
import sys
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
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.text import Text

from tasks.console.plan import duration

STAGES = ("windows", "scan", "discover", "fetch", "clean", "extract", "load", "resolve", "site")
#: Long things of which there are few: a rate would say nothing.
_FEW = {"windows", "scan", "resolve"}


class Pace(ProgressColumn):
    """How fast a stage goes, and how long it may still take."""

    def render(self, task: Task) -> Text:
        """Nothing until something is done."""
        return Text(pace_of(task.description, task.completed, task.total or 0, task.elapsed or 0.0), style="dim")


def pace_of(stage: str, done: float, todo: float, seconds: float) -> str:
    """What to say of a stage so many seconds on: items a second if it has many, and the time left.

    >>> pace_of("windows", 3, 12, 600), pace_of("fetch", 120, 400, 60), pace_of("windows", 0, 12, 30)
    ('30 min left', '2.0/s, 2 min left', '')
    """
    if not done or not seconds:
        return ""
    seconds_left = (todo - done) * seconds / done
    rate = f"{done / seconds:.1f}/s" if stage not in _FEW else ""
    return ", ".join(part for part in (rate, f"{duration(seconds_left)} left" if seconds_left > 0 else "") if part)


class StageBars(logging.Handler):
    """Turns stage records into bars."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(level=logging.INFO)
        self._progress = progress
        self._bars: dict[str, TaskID] = {}
        self._todo: dict[str, int] = {}
        # Prefect takes seconds to start: say so, until the first stage speaks.
        self._starting = progress.add_task("starting", total=None)

    def emit(self, record: logging.LogRecord) -> None:
        """Grow the bar of the record's stage, if it has one."""
        stage = getattr(record, "stage", None)
        if stage not in STAGES:
            return
        self._progress.update(self._starting, visible=False)
        todo, done = getattr(record, "todo", 0), getattr(record, "done", 0)
        bar = self._bars.get(stage)
        if bar is None:
            bar = self._bars[stage] = self._progress.add_task(stage, total=0)
        self._todo[stage] = self._todo.get(stage, 0) + todo
        self._progress.update(bar, total=self._todo[stage] or None, advance=done)


class WindowLines(logging.Handler):
    """A line on standard error for each window done: what somebody reads in the log of a long backfill."""

    def __init__(self) -> None:
        super().__init__(level=logging.INFO)

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line."""
        if getattr(record, "stage", None) == "windows":
            sys.stderr.write(f"{record.getMessage()}\n")
            sys.stderr.flush()


@contextmanager
def stage_bars(console: Console) -> Iterator[None]:
    """Show bars while the body runs; if the console is no terminal, a line a window."""
    if not console.is_terminal:
        with listening(WindowLines()):
            yield
        return
    columns = (TextColumn("{task.description:>9}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), Pace())
    with Progress(*columns, console=console, transient=True) as progress, listening(StageBars(progress)):
        yield


@contextmanager
def listening(handler: logging.Handler) -> Iterator[None]:
    """Have a handler told of all that the project logs."""
    logger = logging.getLogger("firstdraft")
    logger.addHandler(handler)
    level, logger.level = logger.level, logging.INFO
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


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
