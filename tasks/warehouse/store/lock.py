"""One writer: an operating-system lock that dies with its process, and says who holds it.

``flock`` on a file beside the warehouse. A process may take it again while it holds it: the flow holds it for the whole
run, and each load takes it once more.
"""

import fcntl
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from schemas.errors import WarehouseError, WarehouseLockedError
from schemas.settings import Settings

_POLL_SECONDS = 0.05
#: How often a lock without a name is looked at again: two seconds in all.
_SIGNING = 40


@dataclass(slots=True)
class _Held:
    """The open lock file of this process and how often it was taken; the file is closed with the last release."""

    descriptor: int | None = None
    depth: int = 0
    guard: threading.Lock = field(default_factory=threading.Lock)


_HELD: dict[Path, _Held] = {}
_HELD_GUARD = threading.Lock()


def lock_path(settings: Settings) -> Path:
    """The lock file: the warehouse's name with ``.lock``. It stays when the lock is released."""
    return settings.warehouse_path.with_name(settings.warehouse_path.name + ".lock")


@contextmanager
def hold_lock(settings: Settings) -> Iterator[None]:
    """Be the one writer until the block ends; waits at most ``lock_wait_seconds``.

    Raises :class:`WarehouseLockedError` naming process, command and start of the holder, and :class:`WarehouseError`
    if the folder cannot be written.
    """
    path = lock_path(settings).absolute()
    with _HELD_GUARD:
        open_lock = _HELD.setdefault(path, _Held())
    with open_lock.guard:
        if open_lock.depth == 0:
            open_lock.descriptor = _acquire(path, settings.lock_wait_seconds)
        open_lock.depth += 1
    try:
        yield
    finally:
        with open_lock.guard:
            open_lock.depth -= 1
            if open_lock.depth == 0 and open_lock.descriptor is not None:
                # Unsigned first, or who finds it locked anew might read the name of the last holder. Closing the
                # descriptor releases it.
                os.ftruncate(open_lock.descriptor, 0)
                os.close(open_lock.descriptor)
                open_lock.descriptor = None


def _acquire(path: Path, wait_seconds: float) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise WarehouseError(
            f"cannot write to {path.parent}: {error.strerror}; choose another FIRSTDRAFT_DATA_DIR"
        ) from error
    try:
        _wait_for(descriptor, path, wait_seconds)
        _sign(descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _wait_for(descriptor: int, path: Path, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise WarehouseLockedError(_refusal(path, wait_seconds)) from None
            time.sleep(_POLL_SECONDS)
        else:
            return


def _sign(descriptor: int) -> None:
    """Write who holds the lock, for whoever waits."""
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]) if sys.argv and sys.argv[0] else "python"
    holder = {"pid": os.getpid(), "command": command[:200], "since": datetime.now(UTC).isoformat(timespec="seconds")}
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(holder).encode(), 0)


def _refusal(path: Path, waited: float) -> str:
    who = _holder(path) or "another process"
    return f"the warehouse is being written by {who}; waited {waited:g} s. Let it finish, then run again"


def _holder(path: Path) -> str | None:
    """Who signed the lock; waits a moment for a holder that is between taking it and signing it."""
    for _ in range(_SIGNING):
        try:
            holder = json.loads(path.read_text(encoding="utf-8"))
            return f"process {holder['pid']} ({holder['command']}) since {holder['since']}"
        except (OSError, ValueError, KeyError, TypeError):
            time.sleep(_POLL_SECONDS)
    return None
