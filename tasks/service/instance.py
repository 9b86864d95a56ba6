"""Who serves a data folder: one supervisor at a time, known by a lock that dies with it."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from schemas.errors import ServiceError
from schemas.health import Serving

_NAME = "serve.lock"


@contextmanager
def sole_service(folder: Path, api: str) -> Iterator[None]:
    """Be the one who serves the folder until the block ends. Raises :class:`ServiceError` naming whoever does."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / _NAME, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServiceError(_refusal(folder)) from None
        fields = {"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds"), "api": api}
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(fields).encode(), 0)
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def serving(folder: Path) -> Serving | None:
    """Who serves the folder now; ``None`` where nobody does."""
    holder = held_by(folder / _NAME)
    if holder is None or not {"pid", "since", "api"} <= holder.keys():
        return None
    return Serving(int(holder["pid"]), datetime.fromisoformat(holder["since"]), str(holder["api"]))


def held_by(path: Path) -> dict[str, Any] | None:
    """What the holder of a lock file wrote into it; empty if it wrote nothing, ``None`` if nobody holds it."""
    try:
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return _signed(file.read())
    except OSError:
        pass
    return None


def _signed(raw: bytes) -> dict[str, Any]:
    try:
        data = json.loads(raw)
    except ValueError:  # between taking the lock and signing it
        return {}
    return data if isinstance(data, dict) else {}


def _refusal(folder: Path) -> str:
    who = serving(folder)
    if who is None:
        return f"another `firstdraft serve` just took {folder}; look with `firstdraft doctor`"
    return (
        f"{folder} is served by process {who.pid} since {who.since:%Y-%m-%d %H:%M} UTC at {who.api}; "
        f"stop it with `kill {who.pid}`, or give this one another FIRSTDRAFT_DATA_DIR and --port"
    )
