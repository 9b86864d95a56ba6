"""One writer: a lock beside the warehouse that dies with its process, and says who holds it.

A process may take it again while it holds it: the flow holds it for the whole run, and each load takes it once more.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import Timeout

from schemas.errors import WarehouseError, WarehouseLockedError
from schemas.settings import Settings
from tasks.reference.machine.locks import held_by, hold

_POLL_SECONDS = 0.05
#: How often a lock without a name is looked at again: two seconds in all.
_SIGNING = 40


def lock_path(settings: Settings) -> Path:
    """The lock file: the warehouse's name with ``.lock``. It stays when the lock is released."""
    return settings.warehouse_path.with_name(settings.warehouse_path.name + ".lock")


@contextmanager
def hold_lock(settings: Settings) -> Iterator[None]:
    """Be the one writer until the block ends; waits at most ``lock_wait_seconds``.

    Raises :class:`WarehouseLockedError` naming process, command and start of the holder, and :class:`WarehouseError`
    if the folder cannot be written.
    """
    path, wait_seconds = lock_path(settings), settings.lock_wait_seconds
    with ExitStack() as stack:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(hold(path, wait_seconds, _writer))
        except Timeout:
            raise WarehouseLockedError(_refusal(path, wait_seconds)) from None
        except OSError as error:
            raise WarehouseError(
                f"cannot write to {path.parent}: {error.strerror}; choose another FIRSTDRAFT_DATA_DIR"
            ) from error
        yield


def _writer() -> dict[str, object]:
    """Who holds the lock, for whoever waits."""
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]) if sys.argv and sys.argv[0] else "python"
    return {"pid": os.getpid(), "command": command[:200], "since": datetime.now(UTC).isoformat(timespec="seconds")}


def _refusal(path: Path, waited: float) -> str:
    who = _holder(path) or "another process"
    return f"the warehouse is being written by {who}; waited {waited:g} s. Let it finish, then run again"


def _holder(path: Path) -> str | None:
    """Who signed the lock; waits a moment for a holder that is between taking it and signing it."""
    for _ in range(_SIGNING):
        holder = held_by(path)
        if holder:
            return f"process {holder.get('pid')} ({holder.get('command')}) since {holder.get('since')}"
        time.sleep(_POLL_SECONDS)
    return None
