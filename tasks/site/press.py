"""The pages there are many of, rendered and written by several processes where there are enough of them.

    python -m tasks.site.press < jobs

is one such process: it takes pickled jobs from its parent until there are no more.
"""

import gc
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping
from itertools import cycle
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from tasks.site.files.folder import Folder, write_file
from tasks.site.files.shelf import Row
from tasks.site.kinds import articles, events
from tasks.site.kinds.picture import event_picture

_ROOT = Path(__file__).resolve().parents[2]
#: Pages a process is given at a time.
_BATCH = 250
#: Objects between two looks for cycles: a page is a tree of some thousand and ends with its page.
_COLLECT = 200_000
#: Fewer pages than this are made here: a process takes as long to start.
_WORTH = 1_000
_MAKERS: Mapping[str, Callable[[Row], str | bytes]] = {
    "event": events.event_page,
    "picture": event_picture,
    "article": lambda row: articles.article_page(row, ()),
}
Job = tuple[str, str, list[tuple[str, Row]]]


class Press:
    """Takes rows and writes their pages. What is written is the same with any number of workers.

    A worker's pipe holds less than a batch: whoever sends to a busy one waits, which bounds the memory.
    """

    def __init__(self, folder: Folder, workers: int) -> None:
        """``workers``: processes beside this one; fewer than two means none."""
        self.folder = folder
        self.workers = workers if workers > 1 else 0
        self._ready: list[tuple[str, str, Row]] = []
        self._children: list[subprocess.Popen[bytes]] = []
        self._next = cycle(range(self.workers))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if kind is not None:
            for child in self._children:
                child.kill()
        else:
            self._send(self._ready)
        failed = [child for child in self._children if _ended(child) and kind is None]
        if failed:
            raise RuntimeError(f"{len(failed)} processes that write pages failed; their messages are above")

    def add(self, kind: str, path: str, row: Row) -> None:
        """Make a page, unless it is there as this row makes it."""
        if self.folder.standing(path, repr(row).encode("utf-8", "replace")):
            return
        self.folder.written += 1
        self._ready.append((kind, path, row))
        if len(self._ready) >= (_BATCH if self._children else _WORTH):
            self._send(self._ready)
            self._ready = []

    def _send(self, ready: list[tuple[str, str, Row]]) -> None:
        by_kind: dict[str, list[tuple[str, Row]]] = {}
        for kind, path, row in ready:
            by_kind.setdefault(kind, []).append((path, row))
        for kind, work in by_kind.items():
            job = (str(self.folder.root.absolute()), kind, work)
            if not self.workers or (not self._children and len(ready) < _WORTH):
                print_pages(job)
            else:
                self._give(job)

    def _give(self, job: Job) -> None:
        while len(self._children) < self.workers:
            command = [sys.executable, "-m", "tasks.site.press"]
            self._children.append(subprocess.Popen(command, stdin=subprocess.PIPE, cwd=_ROOT))  # noqa: S603 - ourselves
        pipe = self._children[next(self._next)].stdin
        assert pipe is not None  # noqa: S101 - asked for above
        pickle.dump(job, pipe, protocol=5)
        pipe.flush()


def print_pages(job: Job) -> None:
    """Render and write some pages."""
    root, kind, work = job
    make = _MAKERS[kind]
    for path, row in work:
        made = make(row)
        write_file(root, path, made if isinstance(made, bytes) else made.encode("utf-8", "replace"))


def serve(pipe: IO[bytes]) -> None:
    """Do the jobs that come, until no more do."""
    gc.freeze()
    gc.set_threshold(_COLLECT)
    while True:
        try:
            job: Any = pickle.load(pipe)  # noqa: S301 - from the process that started this one
        except EOFError:
            return
        print_pages(job)


def _ended(child: subprocess.Popen[bytes]) -> int:
    """Let a process finish what it was given; its exit status."""
    if child.stdin is not None:
        child.stdin.close()
    return child.wait()


if __name__ == "__main__":
    serve(sys.stdin.buffer)
