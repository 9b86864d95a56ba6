"""Child processes kept together: started one by one, watched for the first that ends, stopped in reverse order.

Each child leads a process group of its own, so Ctrl-C reaches only us, and what it started ends with it. What it
prints is passed on line by line under its name.
"""

import contextlib
import os
import queue
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Self

from schemas.health import Child

#: Lines of a child that are shown again when it dies.
_TAIL = 15


@dataclass(frozen=True, slots=True)
class Ended:
    """A child ended: its exit code (negative: the signal that killed it) and the last lines it printed."""

    name: str
    code: int
    tail: tuple[str, ...]

    def __str__(self) -> str:
        how = f"was killed by {signal.Signals(-self.code).name}" if self.code < 0 else f"ended with code {self.code}"
        return f"the {self.name} {how}"


@dataclass(frozen=True, slots=True)
class Stopped:
    """Somebody asked us to stop, by this signal."""

    signal: int


class Children:
    """The child processes of one supervisor; leaving the block stops those that still run."""

    def __init__(self, write_line: Callable[[str], None], grace_seconds: float = 20.0) -> None:
        self._say = write_line
        self._grace = grace_seconds
        self._running: dict[str, subprocess.Popen[str]] = {}
        self._readers: list[threading.Thread] = []
        # A signal handler may put into it at any time, a plain queue's lock would not survive that.
        self._news: queue.SimpleQueue[Ended | Stopped] = queue.SimpleQueue()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, child: Child) -> int:
        """Start a child; its process id. Raises ``OSError`` if its program cannot be started."""
        process = subprocess.Popen(  # noqa: S603 - our own command lines, no shell
            child.command,
            cwd=child.folder,
            env=os.environ | child.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._running[child.name] = process
        reader = threading.Thread(target=self._listen, args=(child.name, process), daemon=True)
        self._readers.append(reader)
        reader.start()
        return process.pid

    def wait(self, seconds: float | None = None) -> Ended | Stopped | None:
        """The next thing that happens; ``None`` if nothing did in time."""
        try:
            return self._news.get(timeout=seconds)
        except queue.Empty:
            return None

    def forget(self, name: str) -> None:
        """Leave out a child that has ended as it should."""
        del self._running[name]

    def stop(self) -> None:
        """End every child, the last one started first: asked at first, killed with all it started after the grace."""
        for name, process in reversed(list(self._running.items())):
            if process.poll() is None:
                self._say(f"stopping the {name}")
                process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(self._grace)
            _kill_group(process.pid)
            process.wait()
        for reader in self._readers:
            reader.join(5)
        self._running.clear()

    @contextmanager
    def told_by_signals(self) -> Iterator[None]:
        """While the block runs, SIGTERM and SIGINT are news like any other."""

        def tell(number: int, _: FrameType | None) -> None:
            self._news.put(Stopped(number))

        before = {number: signal.signal(number, tell) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _listen(self, name: str, process: subprocess.Popen[str]) -> None:
        """Pass on what a child prints until it closes its output, then tell how it ended."""
        tail: deque[str] = deque(maxlen=_TAIL)
        for line in process.stdout or ():
            tail.append(line.rstrip())
            self._say(f"{name} | {line.rstrip()}")
        self._news.put(Ended(name, process.wait(), tuple(tail)))


def _kill_group(leader: int) -> None:
    """End what a child left behind; a group that is empty is no error."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
