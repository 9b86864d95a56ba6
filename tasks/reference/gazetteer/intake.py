"""A country dump of GeoNames made into an index: every line checked, what is bad counted and told.

A dump (``SY.txt``, or ``SY.zip`` with that file in it) has 19 columns between tabs and no header; see the readme of
https://download.geonames.org/export/dump/. It is read line by line: memory does not grow with the country.
"""

import hashlib
import logging
import re
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict

from schemas.errors import GazetteerError
from tasks.reference.fold import loose_of, name_key
from tasks.reference.places import admin1_units, countries, kind_precision
from tasks.reference.seeds import read_csv_seed

#: Letters news is read in, as for the towns that come with the code.
_SCRIPTS = re.compile(r"[\u0000-\u024f\u0300-\u036f\u0400-\u04ff\u0590-\u06ff\u1e00-\u1eff\u02b0-\u02ff\u2010-\u201f]+")
_CODE = re.compile(r"[A-Z]{2,4}|[a-z][ -~]*|https?://.*")
_COLUMNS = 19
#: The longest line of a dump has 10,000 characters of other names; a longer one is no dump's.
_LONGEST = 1 << 16
#: What a dump unpacks to at most: the largest country has 0.4 GB.
_MOST_BYTES = 4 << 30
#: Above this share of bad lines a file is not taken for a dump.
_MOST_BAD = 0.1
_TOWN = 5_000
_AT_ONCE = 5_000
#: Bytes between two words about progress.
_TOLD_BYTES = 1 << 20

log = logging.getLogger("firstdraft.gazetteer")
_EXAMPLES = 5
_SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;
CREATE TABLE place (n INTEGER PRIMARY KEY, id TEXT, name TEXT, kind TEXT, country TEXT, admin1 TEXT,
                    latitude REAL, longitude REAL, precision INTEGER, population INTEGER, admin2 TEXT);
CREATE TABLE unit (code TEXT, name TEXT);
CREATE TABLE spelling (key TEXT, n INTEGER, main INTEGER);
CREATE TABLE name (key TEXT, n INTEGER, main INTEGER, PRIMARY KEY (key, n)) WITHOUT ROWID;
"""
_FINISH = """
INSERT INTO name SELECT key, n, max(main) FROM spelling GROUP BY key, n ORDER BY key, n;
UPDATE place SET admin2 = (SELECT min(name) FROM unit WHERE unit.code = place.admin2);
DROP TABLE spelling; DROP TABLE unit; VACUUM;
"""


class _Feature(BaseModel):
    """A row of ``seeds/geonames_features.csv``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    class_: str
    code: str
    kind: str = ""


@dataclass(slots=True)
class Intake:
    """What became of the lines of a dump. ``examples`` are the first bad ones, as ``line 12: <why>``."""

    country: str = ""
    sha256: str = ""
    dumped_on: date | None = None
    places: int = 0
    names: int = 0
    skipped: int = 0
    bad: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def file_name(self) -> str:
        """What the index is called."""
        return f"{self.country}-{self.sha256[:16]}.sqlite"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that makes a place. ``unit``: code and name, if it is a second-order division."""

    place: tuple[str, str, str, str, str | None, float, float, int, int, str]
    keys: dict[str, int]
    changed: date | None
    unit: tuple[str, str] | None = None


def take_in(dump: Path, folder: Path) -> Intake:
    """Make the index of a dump in ``folder``; it is there whole or not at all.

    Raises :class:`GazetteerError` for a file that is no dump of one country.
    """
    folder.mkdir(parents=True, exist_ok=True)
    intake, part = Intake(), folder / f"{dump.stem}.part"
    part.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(part)) as con, _lines(dump) as lines:
            con.executescript(_SCHEMA)
            _fill(con, _places(lines, intake), intake)
            _check(dump, intake)
            con.executescript(_FINISH)
            intake.names = con.execute("SELECT count(*) FROM name").fetchone()[0]
        part.replace(folder / intake.file_name)
    finally:
        part.unlink(missing_ok=True)
    return intake


def _fill(con: sqlite3.Connection, lines: Iterator[_Line], intake: Intake) -> None:
    while some := list(islice(lines, _AT_ONCE)):
        numbered = list(enumerate(some, intake.places))
        con.executemany(
            "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", ((n, *line.place) for n, line in numbered)
        )
        spellings = ((key, n, main) for n, line in numbered for key, main in line.keys.items())
        con.executemany("INSERT INTO spelling VALUES (?, ?, ?)", spellings)
        con.executemany("INSERT INTO unit VALUES (?, ?)", (line.unit for line in some if line.unit))
        con.commit()
        intake.places += len(some)
        days = [line.changed for line in some if line.changed]
        intake.dumped_on = max([*days, *([intake.dumped_on] if intake.dumped_on else [])], default=None)


def _check(dump: Path, intake: Intake) -> None:
    lines = intake.places + intake.skipped + intake.bad
    if not intake.places or intake.bad > _MOST_BAD * lines:
        problems = "; ".join(intake.examples) or "it has no place in it"
        raise GazetteerError(
            f"{dump} is not a country dump of GeoNames: {intake.bad} of {lines} lines are bad ({problems}). "
            "Take a file such as SY.zip from https://download.geonames.org/export/dump/"
        )


@contextmanager
def _lines(dump: Path) -> Iterator[tuple[Iterable[bytes], "hashlib._Hash"]]:
    """The lines of a dump as bytes, and the hash of all that was read so far."""
    try:
        if zipfile.is_zipfile(dump):
            with zipfile.ZipFile(dump) as archive, archive.open(member := _member(dump, archive)) as file:
                yield _bounded(file, member.file_size), hashlib.sha256()
        else:
            with dump.open("rb") as file:
                yield _bounded(file, dump.stat().st_size), hashlib.sha256()
    except (OSError, zipfile.BadZipFile, zipfile.LargeZipFile) as error:
        raise GazetteerError(f"{dump} cannot be read: {error}") from error


def _member(dump: Path, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    named = [info for info in archive.infolist() if re.fullmatch(r"[A-Z]{2}\.txt", info.filename)]
    if len(named) != 1:
        raise GazetteerError(f"{dump} holds {len(named)} files named like SY.txt: give the zip of one country")
    return named[0]


def _bounded(file: IO[bytes], size: int) -> Iterator[bytes]:
    """Lines, none of them longer than any dump has, and not more than any country has; says how far it is."""
    read = reported = 0
    log.info("%d bytes", size, extra={"stage": "gazetteer", "todo": size})
    while line := file.readline(_LONGEST):
        read += len(line)
        if read > _MOST_BYTES:
            raise GazetteerError("this is larger than the dump of any country")
        if read - reported > _TOLD_BYTES:
            log.info("%d of %d bytes", read, size, extra={"stage": "gazetteer", "done": read - reported})
            reported = read
        yield line


def _places(read: tuple[Iterable[bytes], "hashlib._Hash"], intake: Intake) -> Iterator[_Line]:
    lines, digest = read
    for number, raw in enumerate(lines, 1):
        digest.update(raw)
        try:
            line = _place(raw.rstrip(b"\r\n").decode("utf-8"), intake)
        except ValueError as error:
            intake.bad += 1
            if len(intake.examples) < _EXAMPLES:
                why = "not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
                intake.examples.append(f"line {number}: {why}")
            continue
        if line is None:
            intake.skipped += 1
        else:
            yield line
    intake.sha256 = digest.hexdigest()


def _place(line: str, intake: Intake) -> _Line | None:
    """The place of a line; ``None`` for a feature that makes none. Raises ``ValueError`` saying what is wrong."""
    cells = line.split("\t")
    if len(cells) != _COLUMNS:
        raise ValueError(f"{len(cells)} columns instead of {_COLUMNS}")
    number, name, ascii_name, others, latitude, longitude, feature, code, country = cells[:9]
    if not number.isdecimal() or not name.strip():
        raise ValueError("no id or no name")
    if country not in countries():
        raise ValueError(f"unknown country {country!r}")
    intake.country = intake.country or country
    if country != intake.country:
        raise ValueError(f"of {country}, where the lines before are of {intake.country}")
    north, east = _point(latitude, longitude)
    population = int(cells[14] or 0)
    kind = _kind(feature, code, population)
    if kind is None:
        return None
    unit = admin1_units().get((country, cells[10]))
    admin1, precision = unit.name if unit else None, kind_precision()[kind]
    within = f"{cells[10]}.{cells[11]}" if cells[11] else ""
    entry = (f"gn:{number}", name, kind, country, admin1, north, east, precision, population, within)
    division = (within, name) if within and (feature, code) == ("A", "ADM2") else None
    return _Line(entry, _keys(country, name, ascii_name, others), _day(cells[18]), division)


def _point(latitude: str, longitude: str) -> tuple[float, float]:
    north, east = float(latitude), float(longitude)
    if not (-90 <= north <= 90 and -180 <= east <= 180):
        raise ValueError(f"no such point: {latitude}, {longitude}")
    return north, east


def _kind(feature: str, code: str, population: int) -> str | None:
    kind = _kinds().get((feature, code), _kinds().get((feature, "*"), ""))
    if kind == "village" and population >= _TOWN:
        return "town"
    return kind or None


@cache
def _kinds() -> dict[tuple[str, str], str]:
    rows = read_csv_seed("geonames_features.csv", _Feature)
    return {(row.class_, row.code): row.kind for row in rows}


def _keys(country: str, name: str, ascii_name: str, others: str) -> dict[str, int]:
    """The folded spellings of a place, those of its main name with a 1."""
    spellings = [
        spelling for spelling in others.split(",") if _SCRIPTS.fullmatch(spelling) and not _CODE.fullmatch(spelling)
    ]
    keys = {name_key(spelling): 0 for spelling in (*spellings, ascii_name)} | {name_key(name): 1}
    if countries()[country].loose:
        keys = {f"~{loose_of(key)}": 0 for key in keys if key.isascii()} | keys
    return {key: main for key, main in keys.items() if key.strip("~ ")}


def _day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None
