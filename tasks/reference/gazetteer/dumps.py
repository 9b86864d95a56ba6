"""Country dumps of GeoNames that people added: which are in use, and their places by folded name.

Each is an SQLite file in ``<data_dir>/gazetteers``, named for its country and the SHA-256 of the dump. ``active.json``
there says which are in use; a file that is not stays for rebuilds of runs that used it. A look-up takes some ten
microseconds a file and no memory to speak of.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from schemas.errors import GazetteerError

ACTIVE = "active.json"
#: Digits of the dump's SHA-256 in the version of a coder that used it.
_DIGITS = 8
_IN_USE: list[Path] = []
#: Indexes made before second-order divisions were kept lack the last column.
_FOUND = """SELECT id, p.name, kind, country, admin1, latitude, longitude, precision, population, name.main, {admin2}
            FROM name JOIN place p ON p.n = name.n WHERE key = ? ORDER BY population DESC, precision, id"""


def active_dumps(folder: Path) -> tuple[Path, ...]:
    """The files in use, by country. Raises :class:`GazetteerError` if one is gone."""
    named = _named(folder)
    files = tuple(folder / named[country] for country in sorted(named))
    missing = [str(file) for file in files if not file.exists()]
    if missing:
        raise GazetteerError(
            f"{', '.join(missing)}: missing; add the dump again, or remove it with `firstdraft gazetteer remove`"
        )
    return files


def activate(folder: Path, country: str, file: str | None) -> None:
    """Use a file of the folder for a country from now on; ``None``: no file."""
    named = {code: used for code, used in _named(folder).items() if code != country}
    if file is not None:
        named[country] = file
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f"{ACTIVE}.{os.getpid()}"
    beside.write_text(json.dumps(named, sort_keys=True), encoding="utf-8")
    beside.replace(folder / ACTIVE)


def use(files: Sequence[Path]) -> bool:
    """Look names up in these files too, in this process; whether that is another set than before."""
    if list(files) == _IN_USE:
        return False
    _IN_USE[:] = files
    return True


def version_with(version: str, files: Iterable[Path]) -> str:
    """The version of a reader that looked places up in these files as well.

    >>> version_with("0.1.0+4ac01b", [Path("SY-0123456789abcdef.sqlite")])
    '0.1.0+4ac01b.gn-SY-01234567'
    """
    named = [file.stem.partition("-") for file in sorted(files)]
    suffixes = [f"gn-{country}-{sha256[:_DIGITS]}" for country, _, sha256 in named]
    return f"{version}{'.' if '+' in version else '+'}{'.'.join(suffixes)}" if suffixes else version


def rows_of(key: str) -> list[tuple[Any, ...]]:
    """The places of a folded name in the files of this process, as the fields of ``GazetteerPlace``; each id once."""
    rows: dict[str, tuple[Any, ...]] = {}
    for file in _IN_USE:
        for row in _connection(file, os.getpid()).execute(_found(file), (key,)):
            rows.setdefault(row[0], row)
    return list(rows.values())


def merged(rows: list[tuple[Any, ...]], key: str) -> list[tuple[Any, ...]]:
    """The places known anyway, and those of the dumps that are not among them; the most populous first.

    Of a place known anyway a dump only tells the second-order unit, if it was not known.
    """
    if not _IN_USE:
        return rows
    dumped = {row[0]: row for row in rows_of(key)}
    rows = [(*row[:-1], row[-1] or dumped.get(row[0], row)[-1]) for row in rows]
    known = {row[0] for row in rows}
    added = [row for place_id, row in dumped.items() if place_id not in known]
    return sorted([*rows, *added], key=_most_populous) if added else rows


def _most_populous(row: tuple[Any, ...]) -> int:
    return -int(row[8])


def _named(folder: Path) -> dict[str, str]:
    try:
        active = json.loads((folder / ACTIVE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise GazetteerError(f"{folder / ACTIVE} is damaged: remove it and add the dumps again") from error
    return {str(country): str(file) for country, file in active.items()}


@cache
def _found(file: Path) -> str:
    """The question for the places of a name, as the index can answer it."""
    columns = {row[1] for row in _connection(file, os.getpid()).execute("PRAGMA table_info(place)")}
    return _FOUND.format(admin2="admin2" if "admin2" in columns else "NULL")


@cache
def _connection(file: Path, process: int) -> sqlite3.Connection:
    """One read-only connection a file and process: a fork must not share its parent's."""
    del process
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
