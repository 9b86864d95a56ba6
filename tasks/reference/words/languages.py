"""The languages read beside English: their words from ``seeds/languages``, days, months and countries from CLDR.

A quote of such a language is read word by word: each word is folded (:func:`folded`) and looked up in these lists.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.errors import SeedError
from tasks.reference.actors import actors
from tasks.reference.fold import fold
from tasks.reference.places import Admin1, admin1_units, countries
from tasks.reference.seeds import read_csv_seed, read_yaml_seed, split_list

if TYPE_CHECKING:
    from babel import Locale

#: ISO 639-1 codes of the languages read beside English.
LANGUAGES = ("ar", "es", "fa", "fr", "ru", "tr", "uk")
#: CLDR's names of days and months differ by country: those of the Levant and of the Maghreb are Arabic too.
_LOCALES = {"ar": ("ar", "ar_SY", "ar_DZ", "ar_MA", "ar_TN")}
_ARABIC = str.maketrans("أإآٱىیئؤةۀہھکگ", "اااايييوههههكك")
_UNWRITTEN = re.compile("[\u064b-\u065f\u0670\u0640\u200b-\u200f\u2060]")
_TURKISH = str.maketrans({"İ": "i", "I": "i", "ı": "i", "â": "a", "î": "i", "û": "u"})
_MARKS = str.maketrans("’ʼ‘`´", "'''''")


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Nouns(_Form):
    """Words of one kind of actor: for one person or body, and for several."""

    one: str = ""
    many: str = ""


class LanguageWords(_Form):
    """One file of ``seeds/languages``. A string is words apart by spaces (``_`` joins those of a phrase)."""

    numbers: dict[int, str]
    times: dict[int, str]
    ordinals: dict[int, str]
    vague: dict[int, tuple[str, ...]]
    ages: tuple[str, ...]
    at_least: tuple[str, ...]
    more_than: tuple[str, ...]
    at_most: tuple[str, ...]
    nearly: tuple[str, ...]
    about: tuple[str, ...]
    nobody: tuple[str, ...]
    some: tuple[str, ...]
    conjunctions: tuple[str, ...]
    also: tuple[str, ...]
    one: tuple[str, ...]
    between: tuple[str, ...]
    to: tuple[str, ...]
    weekdays: dict[int, str]
    months: dict[int, str]
    month_phrases: dict[int, tuple[str, ...]]
    days: dict[int, tuple[str, ...]]
    nights: tuple[str, ...]
    units: dict[str, str]
    units_many: tuple[str, ...] = ()
    pairs: tuple[str, ...]
    ago: tuple[str, ...]
    last: tuple[str, ...]
    next: tuple[str, ...]
    this: tuple[str, ...]
    since: tuple[str, ...]
    until: tuple[str, ...]
    during: tuple[str, ...]
    begin: tuple[str, ...]
    middle: tuple[str, ...]
    end: tuple[str, ...]
    weekend: tuple[str, ...]
    decades: tuple[str, ...]
    year_words: tuple[str, ...]
    place_kinds: dict[str, tuple[str, ...]]
    place_skip: tuple[str, ...]
    directions: tuple[str, ...]
    countries: dict[str, tuple[str, ...]]
    demonyms: dict[str, str]
    nouns: dict[str, Nouns]
    means: tuple[str, ...]
    forces: tuple[str, ...]
    through: tuple[str, ...]
    clitics: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    feminine: dict[str, str] = {}
    case_endings: tuple[str, ...] = ()
    town_adjectives: tuple[str, ...] = ()


class UnitName(_Form):
    """A row of ``seeds/languages/units.csv``."""

    country: str
    code: str = ""
    name: str
    ar: str = ""
    fa: str = ""
    tr: str = ""
    ru: str = ""
    uk: str = ""
    es: str = ""
    fr: str = ""


class RegionName(_Form):
    """A row of ``seeds/languages/regions.csv``: a place of ours in another language, names apart by ``|``."""

    id: str
    language: str
    names: str


class ActorName(_Form):
    """A row of ``seeds/languages/actors.csv``: a known actor in another language, names apart by ``|``."""

    actor: str
    language: str
    names: str
    source: str


def language_of(tag: str | None) -> str | None:
    """The language of a tag such as ``ar`` or ``uk-UA``, if it is one read beside English."""
    code = (tag or "").split("-", maxsplit=1)[0].split("_", maxsplit=1)[0].lower()
    return code if code in LANGUAGES else None


def folded(text: str, language: str) -> str:
    """Words as they are compared: no case, no vowel signs, one shape for letters that are written in several.

    >>> folded("الأربعاء", "ar"), folded("İstanbul", "tr"), folded("Ciudad de México", "es")
    ('الاربعاء', 'istanbul', 'ciudad de mexico')
    """
    if language in {"ar", "fa"}:
        plain = unicodedata.normalize("NFKC", text)
        return _UNWRITTEN.sub("", plain.translate(_ARABIC)).casefold()
    if language == "tr":
        return unicodedata.normalize("NFC", text.translate(_TURKISH)).casefold().translate(_TURKISH).translate(_MARKS)
    if language in {"ru", "uk"}:
        plain = unicodedata.normalize("NFC", text).casefold().translate(_MARKS)
        return plain.replace("ё", "е") if language == "ru" else plain
    return " ".join(fold(part) for part in re.split(r"[\s'’-]+", text) if part)


@cache
def language_words(language: str) -> LanguageWords:
    """The words of a language. Raises :class:`SeedError` naming file, entry and field."""
    name = f"languages/{language}.yml"
    try:
        return LanguageWords.model_validate(read_yaml_seed(name))
    except ValidationError as error:
        raise SeedError(f"seeds/{name}: {error}") from error


@cache
def weekday_names(language: str) -> dict[str, int]:
    """Monday is 0: CLDR's names, folded, and those of the seed."""
    days = {
        folded(word, language): day
        for locale in _locales(language)
        for day, word in locale.days["stand-alone"]["wide"].items()
    }
    return days | {
        folded(word, language): day
        for day, words in language_words(language).weekdays.items()
        for word in words.split()
    }


@cache
def month_names(language: str) -> dict[str, int]:
    """January is 1: CLDR's names in all their forms, folded, and those of the seed."""
    months: dict[str, int] = {}
    for locale in _locales(language):
        for form in ("format", "stand-alone"):
            months |= {folded(name, language): number for number, name in locale.months[form]["wide"].items()}
    words = language_words(language)
    months |= {folded(word, language): month for month, given in words.months.items() for word in given.split()}
    return months | {folded(word, language): month for month, given in words.month_phrases.items() for word in given}


@cache
def country_names(language: str) -> dict[str, str]:
    """ISO alpha-2 code by folded name: CLDR's, and those of the seed."""
    names = _locales(language)[0].territories
    codes = {folded(name, language): code for code, name in names.items() if code in countries()}
    given = language_words(language).countries.items()
    return codes | {folded(name, language): code for code, names in given for name in names}


@cache
def demonym_words(language: str) -> dict[str, str]:
    """ISO alpha-2 code by folded adjective or word for a person of a country."""
    given = language_words(language).demonyms.items()
    return {folded(word.replace("_", " "), language): code for code, words in given for word in words.split()}


@cache
def unit_names(language: str) -> dict[str, tuple[Admin1, ...]]:
    """First-order units by folded name in a language, the word for their kind taken away or not."""
    kinds = {folded(kind, language) for kind in language_words(language).place_kinds["unit"]}
    units_by_name: dict[str, list[Admin1]] = {}
    for row in read_csv_seed("languages/units.csv", UnitName):
        name = folded(getattr(row, language), language)
        if name:
            unit = admin1_units().get((row.country, row.code)) or _bare_unit(row)
            for key in {name, _without(name, kinds)}:
                units_by_name.setdefault(key, []).append(unit)
    return {key: tuple(units) for key, units in units_by_name.items()}


@cache
def region_names(language: str) -> dict[str, str]:
    """The ids of regions, waters and other places of ``seeds/places.csv`` by folded name in a language."""
    rows = [row for row in read_csv_seed("languages/regions.csv", RegionName) if row.language == language]
    return {folded(name, language): row.id for row in rows for name in split_list(row.names)}


@cache
def actor_names(language: str) -> dict[str, str]:
    """The ids of known actors by their names in a language. Raises :class:`SeedError` for an id nobody has."""
    rows = [row for row in read_csv_seed("languages/actors.csv", ActorName) if row.language == language]
    strangers = sorted({row.actor for row in rows} - actors().keys())
    if strangers:
        raise SeedError(f"languages/actors.csv: actors that actors.csv lacks: {', '.join(strangers)}")
    return {name: row.actor for row in rows for name in split_list(row.names)}


@cache
def home_of(language: str) -> str | None:
    """The country most of a language's readers live in, as CLDR has it; Arabic has none."""
    from babel.core import get_global  # noqa: PLC0415 - large, and only if such a language is read

    likely = str(get_global("likely_subtags").get(language, ""))
    return None if language == "ar" else likely[-2:] or None


def _bare_unit(row: UnitName) -> Admin1:
    """A unit that ``seeds/admin1.csv`` lacks: its name and country, in the middle of its country."""
    country = countries()[row.country]
    middle = (country.latitude, country.longitude)
    return Admin1(country=row.country, code="", name=row.name, kind="unit", latitude=middle[0], longitude=middle[1])


def _without(name: str, kinds: Iterable[str]) -> str:
    name_words = [
        word for word in name.split() if word not in kinds and word not in {"de", "du", "des", "d", "la", "l"}
    ]
    return " ".join(name_words) or name


def _locales(language: str) -> list["Locale"]:
    from babel import Locale  # noqa: PLC0415 - large, and only if such a language is read

    return [Locale.parse(code) for code in _LOCALES.get(language, (language,))]
