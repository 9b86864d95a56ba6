"""The models ``firstdraft teach`` made in this installation: which one is in use, and which were before it.

Each lies in ``<data dir>/reader/<hash>``. The file ``current`` there names the one in use in its first line and those
before it in the next ones; without it, or at its end, the shipped model is meant.
"""

import json
import os
from pathlib import Path
from typing import Any

from schemas.errors import TeachError
from tasks.events.reader.folder import FILES, SHIPPED, model_folder, model_hash, use_model

CURRENT = "current"
#: Where a model says what it was taught, from which one, and beside which shipped one.
TOLD = "taught.json"


def model_in_use(reader_dir: Path) -> Path:
    """The folder of the model this installation reads with. Raises :class:`TeachError` where it is gone."""
    named = _named(reader_dir)
    if not named:
        return SHIPPED
    folder = (reader_dir / named[0]).absolute()
    missing = [name for name in FILES if not (folder / name).exists()]
    if missing:
        raise TeachError(f"{folder}: {', '.join(missing)} gone; put it back, or `firstdraft teach --undo`")
    return folder


def hash_of(folder: Path) -> str:
    """The hash of the model in a folder."""
    before = model_folder()
    use_model(folder)
    try:
        return str(model_hash())
    finally:
        use_model(before)


def told_of(folder: Path) -> dict[str, Any]:
    """What a model made here says of itself; nothing for the shipped one."""
    try:
        return dict(json.loads((folder / TOLD).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return {}


def take(reader_dir: Path, name: str) -> None:
    """Read with the model of this name from now on; those before it stay where they are."""
    _write(reader_dir, [name, *(old for old in _named(reader_dir) if old != name)])


def go_back(reader_dir: Path) -> str:
    """Read with the model before the one in use again; the name of the one left.

    Raises :class:`TeachError` where there is none before it: the shipped one is in use.
    """
    named = _named(reader_dir)
    if not named:
        raise TeachError("the shipped model is in use: nothing was taught, or all of it was taken back")
    _write(reader_dir, named[1:])
    return named[0]


def _named(reader_dir: Path) -> list[str]:
    try:
        return (reader_dir / CURRENT).read_text(encoding="utf-8").split()
    except FileNotFoundError:
        return []


def _write(reader_dir: Path, names: list[str]) -> None:
    reader_dir.mkdir(parents=True, exist_ok=True)
    beside = reader_dir / f"{CURRENT}.{os.getpid()}"
    beside.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    beside.replace(reader_dir / CURRENT)
