"""Who serves a data folder: one supervisor at a time, known by a lock that dies with it."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from filelock import Timeout

from schemas.errors import ServiceError
from schemas.health import Serving
from tasks.reference.machine.locks import held_by, hold

_NAME = "serve.lock"


@contextmanager
def sole_service(folder: Path, api: str) -> Iterator[None]:
    """Be the one who serves the folder until the block ends. Raises :class:`ServiceError` naming whoever does."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        try:
            stack.enter_context(hold(folder / _NAME, 0.0, partial(_server, api)))
        except Timeout:
            raise ServiceError(_refusal(folder)) from None
        yield


def _server(api: str) -> dict[str, object]:
    return {"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds"), "api": api}


def serving(folder: Path) -> Serving | None:
    """Who serves the folder now; ``None`` where nobody does."""
    holder = held_by(folder / _NAME)
    if holder is None or not {"pid", "since", "api"} <= holder.keys():
        return None
    return Serving(int(holder["pid"]), datetime.fromisoformat(holder["since"]), str(holder["api"]))


def _refusal(folder: Path) -> str:
    who = serving(folder)
    if who is None:
        return f"another `firstdraft serve` just took {folder}; look with `firstdraft doctor`"
    return (
        f"{folder} is served by process {who.pid} since {who.since:%Y-%m-%d %H:%M} UTC at {who.api}; "
        f"stop it with `kill {who.pid}`, or give this one another FIRSTDRAFT_DATA_DIR and --port"
    )
