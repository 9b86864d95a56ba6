"""Locks on files: one holder, who signs the file with who it is; a lock dies with its process."""

import fcntl
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

from filelock import FileLock

Sign = Callable[[], Mapping[str, object]]


@contextmanager
def hold(path: Path, wait_seconds: float, sign: Sign) -> Iterator[None]:
    """Hold a lock file until the block ends; the process that holds it may take it again. The file stays afterwards.

    Raises :class:`filelock.Timeout` if somebody else holds it for so long, and ``OSError`` if it cannot be written.
    """
    lock, guard = _lock_of(path.absolute(), sign)
    with guard:
        lock.acquire(timeout=wait_seconds)
    try:
        yield
    finally:
        with guard:
            if lock.lock_counter == 1:
                # Unsigned first: who finds it locked anew must not read the name of the last holder.
                os.truncate(path, 0)
            lock.release()


@cache
def _lock_of(path: Path, sign: Sign) -> tuple[FileLock, threading.Lock]:
    """The one lock object of a file in this process, and who may change it."""
    lock = FileLock(
        path,
        mode=0o644,
        thread_local=False,
        fallback_to_soft=False,
        preserve_lock_file=True,
        on_acquired=partial(_signed_by, sign),
    )
    return lock, threading.Lock()


# A child that is forked holds none of its parent's locks.
os.register_at_fork(after_in_child=_lock_of.cache_clear)


def _signed_by(sign: Sign, descriptor: int) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(dict(sign())).encode(), 0)


def held_by(path: Path) -> dict[str, Any] | None:
    """What the holder of a lock file wrote into it; empty if it wrote nothing yet, ``None`` if nobody holds it."""
    try:
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return _signature(file.read())
    except OSError:
        pass
    return None


def _signature(raw: bytes) -> dict[str, Any]:
    try:
        data = json.loads(raw)
    except ValueError:  # between taking the lock and signing it
        return {}
    return data if isinstance(data, dict) else {}
