"""Progress on a terminal, driven by the log records the verbs write: one bar a stage.

A verb logs under ``firstdraft.<verb>`` with ``extra={"stage": ..., "todo": n}`` when it begins and
``extra={"stage": ..., "done": n}`` as it goes on; the numbers count items of its batch.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

STAGES = ("discover", "fetch", "clean", "extract", "load", "resolve")


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


@contextmanager
def stage_bars(console: Console) -> Iterator[None]:
    """Show bars while the body runs; nothing where the console is no terminal."""
    logger = logging.getLogger("firstdraft")
    if not console.is_terminal:
        yield
        return
    columns = (TextColumn("{task.description:>9}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bars = StageBars(progress)
        logger.addHandler(bars)
        level, logger.level = logger.level, logging.INFO
        try:
            yield
        finally:
            logger.removeHandler(bars)
            logger.setLevel(level)
