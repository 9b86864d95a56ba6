"""The place a quote of another language than English names: by the gazetteer's names in its script, in its country.

Prepositions, words for kinds of places ("province of") and compass words are set apart; what is left is looked up as it
stands, then without cases and clitics. Of several places of one name that in a country the article speaks of counts.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from math import log10

from schemas.mention import Place
from tasks.events.language.quoted import Lexicon, QuotedWord, lexicon_of, quoted_words
from tasks.events.language.rules import QuotedPlaceRule
from tasks.reference.gazetteer import GazetteerPlace, capital_of, lookup, places_by_id
from tasks.reference.gazetteer.scripts import SCRIPT_OF, consonants, lookup_script, lookup_sound
from tasks.reference.places import Admin1, admin1_units, countries
from tasks.reference.words.languages import (
    country_names,
    demonym_words,
    folded,
    home_of,
    language_words,
    region_names,
    unit_names,
)

#: A town of fewer people in a country the article does not speak of is a namesake.
_KNOWN_ABROAD = 100_000
#: Languages whose script has no capitals.
_CASELESS = frozenset({"ar", "fa"})
#: Words of a name at most.
_LONGEST = 5
#: Countries an article speaks of that count for its places.
_COUNTRIES = 6
#: Of these the first are listened to for names no index has.
_HEARD = 3
#: How much a place gains by its country being spoken of first, second, and so on; and loses for each form of its name
#: that was tried before.
_RANKED = (2.5, 2.0, 1.6, 1.4, 1.2, 1.0)
_LATER = 0.2
#: Mentions that make a unit the one an article speaks of, and its least share of the mentions of all.
_SPOKEN_OF, _MOSTLY = 2, 0.75
#: Readings by the name of a whole area rather than of a town.
_AREAS = frozenset({QuotedPlaceRule.COUNTRY, QuotedPlaceRule.UNIT})
#: UCDP's where_prec of a place by the kind of word before it.
_PRECISION = {"near": 2, "feature": 2}


@dataclass(frozen=True, slots=True)
class Grounds:
    """Where an article's places are looked for: the countries it speaks of, the most named first.

    ``last`` is the one named last before the quote in its sentence, which "this country" means.
    """

    countries: tuple[str, ...] = ()
    units: frozenset[tuple[str, str]] = frozenset()
    last: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """A reading of a quote: a place, how wide it is, and how it was met."""

    place: GazetteerPlace
    how: QuotedPlaceRule
    step: int
    first: int = 0
    end: int = 0

    def holds(self, candidate: "_Found") -> bool:
        """Return True if the words of another name are among its own, or the same and those of a country."""
        inside = self.first <= candidate.first and candidate.end <= self.end
        longer = self.end - self.first > candidate.end - candidate.first
        return inside and (
            longer or (self.how is QuotedPlaceRule.COUNTRY and candidate.how is not QuotedPlaceRule.COUNTRY)
        )


@cache
def _small(language: str) -> Lexicon[str]:
    words = language_words(language)
    groups = {f"kind {kind}": phrases for kind, phrases in words.place_kinds.items()}
    things = f"{words.nouns['property'].one} {words.nouns['property'].many}".split()
    return lexicon_of(
        language,
        {
            "thing": things,
            **groups,
            "this": words.this,
            "skip": words.place_skip,
            "direction": words.directions,
        },
    )


@cache
def _countries(language: str) -> Lexicon[str]:
    return Lexicon(language, list(country_names(language).items()))


@cache
def _nationals(language: str) -> Lexicon[str]:
    return Lexicon(language, list(demonym_words(language).items()))


@lru_cache(maxsize=256)
def grounds_of(text: str, language: str, home: str | None = None) -> Grounds:
    """The countries a text speaks of, by name and by adjective; ``home`` is a hint, the country of the outlet."""
    words = quoted_words(text, language)
    named = Counter(code for _, code in _countries_named(words, language))
    first = [code for code, _ in sorted(named.items(), key=lambda pair: (-pair[1], pair[0]))]
    codes = [
        *first[:_COUNTRIES],
        *((home,) if home else ()),
        *((home_country,) if (home_country := home_of(language)) else ()),
    ]
    return Grounds(tuple(dict.fromkeys(codes)))


def _countries_named(words: Sequence[QuotedWord], language: str) -> list[tuple[int, str]]:
    """The countries that words name, by name or adjective, each behind the number of its word."""
    named = _countries(language).found(_plain(words, language))
    named = [hit for hit in named if language in _CASELESS or words[hit[0]].text[0].isupper()]
    return [(first, code) for first, _, code in (*named, *_nationals(language).found(words))]


def last_country(text: str, language: str) -> str | None:
    """The country a text names last."""
    return max(_countries_named(quoted_words(text, language), language), default=(0, None))[1]


def _plain(words: Sequence[QuotedWord], language: str) -> Sequence[QuotedWord]:
    """Arabic words without clitics but with their article: "المالي" is finance, "مالي" the country."""
    if language != "ar":
        return words
    return [replace(word, forms=(word.key, *(word.key[1:],) * word.key.startswith(tuple("وبلفك")))) for word in words]


def read_place(quote: str, language: str, grounds: Grounds) -> Place | None:
    """The place of a quote; ``None`` if the gazetteer has none of its names."""
    read = _read(quote, language, grounds)
    return read[1] if read else None


def _read(quote: str, language: str, grounds: Grounds) -> tuple[QuotedPlaceRule, Place] | None:
    """The place of a quote, behind what it was found by."""
    words = quoted_words(quote.replace("#", " ").replace("_", " "), language)
    small = _small(language).found(words)
    kinds = {hit[2] for hit in small}
    runs = _runs(words, small)
    candidates = [candidate for name in _names(words, runs, language) for candidate in _looked_up(name, language)]
    if not any(_fits(candidate, grounds) for candidate in candidates) and language in SCRIPT_OF:
        candidates += [
            candidate for run in runs if _may_be_name(run, language) for candidate in _by_sound(run, language, grounds)
        ]
    if not runs and "kind country" in kinds and grounds.countries:
        meant = grounds.last if "this" in kinds and grounds.last else grounds.countries[0]
        candidates = [_Found(_country(meant), QuotedPlaceRule.COUNTRY, 0)]
    capital = capital_of(grounds.countries[0]) if not runs and "kind capital" in kinds and grounds.countries else None
    if capital is not None:
        candidates = [_Found(capital, QuotedPlaceRule.NAME, 0)]
    best = _best(candidates, kinds, grounds)
    if best is None:
        return None
    partly = language not in _CASELESS and any(_is_part(best, run) for run in runs)
    how = QuotedPlaceRule.PART if partly else best.how
    return how, _as_place(best, quote, kinds, how)


def _is_part(candidate: _Found, run: Sequence[QuotedWord]) -> bool:
    """Return True if a name was met in a part of a longer one: "Sutherland" in "Sutherland Springs"."""
    inside = run[0].start <= candidate.first < candidate.end <= run[-1].end
    whole = (candidate.first, candidate.end) == (run[0].start, run[-1].end)
    return inside and not whole and all(word.text[0].isupper() for word in run)


def place_of(quotes: Sequence[str], language: str, grounds: Grounds) -> tuple[int, Place] | None:
    """The place of an event of several quotes, the most exact first: which quote it was read in, and the place.

    Each is read beside the others: of two towns of one name, the one in the unit another quote names counts.
    """
    first = [location for quote in quotes if (location := read_place(quote, language, grounds)) is not None]
    units = frozenset((location.country or "", location.admin1 or "") for location in first if location.admin1)
    beside = tuple(dict.fromkeys((*grounds.countries, *(location.country for location in first if location.country))))
    wider = replace(grounds, countries=beside, units=units)
    readings = [(number, read) for number, quote in enumerate(quotes) if (read := _read(quote, language, wider))]
    named = {read[1].admin1 for _, read in readings if read[0] is QuotedPlaceRule.UNIT and read[1].admin1}
    readings = [pair for pair in readings if not (named and _is_only_heard(*pair[1], named))]
    best = min(readings, key=lambda pair: (_width(*pair[1]), pair[0]), default=None)
    return (best[0], best[1][1]) if best else None


def place_around(quote: str, text: str, language: str, grounds: Grounds) -> Place | None:
    """Where a place lies that no gazetteer has: in the unit an article speaks of, else in the country it names most.

    ``None`` if the article names no country. A ministry or another body may be outside of the unit spoken of.
    """
    words = quoted_words(text, language)
    units = Counter({} if _is_body(quote, language) else _units_spoken_of(words, language, grounds))
    unit, mentions = next(iter(units.most_common(1)), (None, 0))
    if unit is not None and mentions >= max(_SPOKEN_OF, _MOSTLY * units.total()):
        area = unit
    elif _countries_named(words, language):
        area = _country(grounds.countries[0])
    else:
        return None
    return _as_place(_Found(area, QuotedPlaceRule.AROUND, 0), quote, set(), QuotedPlaceRule.AROUND)


def _is_body(quote: str, language: str) -> bool:
    return any(hit[2] == "body" for hit in _bodies(language).found(quoted_words(quote, language)))


@cache
def _bodies(language: str) -> Lexicon[str]:
    government = language_words(language).nouns["government"]
    return lexicon_of(language, {"body": [*government.one.split(), *government.many.split()]})


def _units_spoken_of(words: Sequence[QuotedWord], language: str, grounds: Grounds) -> Iterator[GazetteerPlace]:
    """The unit of every unit and town of the article's first country that it names, as often as it does."""
    by_name = {(unit.country, unit.name): unit for unit in admin1_units().values()}
    for run in _runs(words, _small(language).found(words)):
        first = 0
        while first < len(run):
            met = _unit_at(run, first, language, grounds)
            first += met[0] if met else 1
            if met and met[1] in by_name:
                yield _unit(by_name[met[1]])


def _unit_at(
    run: Sequence[QuotedWord], first: int, language: str, grounds: Grounds
) -> tuple[int, tuple[str, str]] | None:
    """The words of the longest name at a word, and its unit.

    Without capitals, or without any country that is named, only units and cities are names.
    """
    home, sure = grounds.countries[:1], bool(grounds.countries) and language not in _CASELESS
    for length in range(min(3, len(run) - first), 0, -1):
        part = run[first : first + length]
        if all(word.text[0].isupper() for word in part) or language in _CASELESS:
            units = [_unit(unit) for variant in _variants(part, language) for unit in _units_named(variant, language)]
            towns = [found.place for found in _looked_up(part, language)]
            towns = [town for town in towns if sure or town.population >= _KNOWN_ABROAD]
            fitting = [place for place in (*units, *towns) if place.country in (home or (place.country,))]
            if fitting:
                first_choice = max(fitting, key=lambda place: place.population)
                return length, (first_choice.country or "", first_choice.admin1 or "")
    return None


def _is_only_heard(how: QuotedPlaceRule, location: Place, units: Collection[str]) -> bool:
    """Return True if a town was met by its sound alone, and in none of the units that other quotes name."""
    return how is QuotedPlaceRule.SOUND and location.admin1 not in units


def _width(how: QuotedPlaceRule, location: Place) -> int:
    """Towns and what lies by them first, then units, what bears a part of a name, and countries."""
    if how is QuotedPlaceRule.PART and (location.precision or 9) < 4:
        return 2
    return 0 if (location.precision or 9) < 4 else 1 if location.precision == 4 else 3


def _runs(words: Sequence[QuotedWord], small: Iterable[tuple[int, int, str]]) -> list[Sequence[QuotedWord]]:
    """What stands between the small words of a quote."""
    apart = {index for first, stop, _ in small for index in range(first, stop)}
    runs: list[list[QuotedWord]] = [[]]
    for index, word in enumerate(words):
        if index in apart or word.figure:
            runs.append([])
        else:
            runs[-1].append(word)
    return [run for run in runs if run]


def _names(
    words: Sequence[QuotedWord], runs: Sequence[Sequence[QuotedWord]], language: str
) -> Iterator[Sequence[QuotedWord]]:
    """What may be a name in a quote: each run of words, small ones too; a single word only if it is no small one."""
    for length in range(min(_LONGEST, len(words)), 0, -1):
        for run in (words,) if length > 1 else runs or (words,) * (len(words) == 1):
            for first in range(len(run) - length + 1):
                part = run[first : first + length]
                if _may_be_name(part, language):
                    yield part


def _may_be_name(words: Sequence[QuotedWord], language: str) -> bool:
    """In scripts with capitals a name has one; adjectives of Russian and Ukrainian towns have none."""
    if language in _CASELESS or any(word.text[0].isupper() for word in words):
        return True
    return language in {"ru", "uk"} and len(words) == 1 and any(form.endswith("кий") for form in words[0].forms)


def _variants(words: Sequence[QuotedWord], language: str) -> tuple[str, ...]:
    """A name as it stands, then with its words in the forms of a dictionary."""
    variants = [" ".join(word.text for word in words)]
    if language == "ar":
        first = words[0].key
        stripped = [
            first[len(clitic) :] for clitic in ("و", "ب", "ل", "ف", "ك", "وب", "ول", "لل") if first.startswith(clitic)
        ]
        variants += [" ".join([head, *(word.key for word in words[1:])]) for head in stripped if len(head) > 2]
    else:
        for step in range(1, max(len(word.forms) for word in words)):
            variants.append(" ".join(word.forms[min(step, len(word.forms) - 1)] for word in words))
        variants += [" ".join([*(word.key for word in words[:-1]), form]) for form in words[-1].forms[1:]]
        variants += _declined(words, language) if language in {"ru", "uk"} else []
    if language in {"ru", "uk"} and len(words) == 1:
        variants += [name for form in words[0].forms for name in _named_by(form, language)]
    return tuple(dict.fromkeys(variants))


def _declined(words: Sequence[QuotedWord], language: str) -> list[str]:
    """A name no dictionary has, without the endings a case may have put to its last word."""
    *before, last = [word.key for word in words]
    stems = [
        last[: -len(case)] for case in language_words(language).case_endings if last.endswith(case) and len(last) > 4
    ]
    return [" ".join([*before, stem + ending]) for stem in stems for ending in ("", "а", "о", "ь", "и")]


def _named_by(adjective: str, language: str) -> tuple[str, ...]:
    """The towns an adjective may be made of: "луганский" of Луганск, "мариупольский" of Мариуполь."""
    for ending in language_words(language).town_adjectives:
        if adjective.endswith(ending):
            stem = adjective[: -len(ending)]
            return adjective[:-2], f"{stem}{ending[0]}к", stem, f"{stem}ь", f"{stem}а"
    return ()


def _looked_up(words: Sequence[QuotedWord], language: str) -> tuple[_Found, ...]:
    """The readings of one name: a country, a region of ours, a unit, towns."""
    span = words[0].start, words[-1].end
    regions = [entry for variant in _variants(words, language) for entry in _regions_named(variant, language)]
    if regions:
        return tuple(_Found(entry, QuotedPlaceRule.NAME, 0, *span) for entry in regions)
    for index, forms in ((_countries(language), _plain(words, language)), (_nationals(language), words)):
        country = index.at(forms, 0)
        if country is not None and country[0] == len(words):
            return (_Found(_country(country[1]), QuotedPlaceRule.COUNTRY, 0, *span),)
    candidates: list[_Found] = []
    for step, variant in enumerate(_variants(words, language)):
        candidates += [
            _Found(_unit(unit), QuotedPlaceRule.UNIT, step, *span) for unit in _units_named(variant, language)
        ]
        towns = lookup_script(variant, language) if language in SCRIPT_OF else lookup(variant)
        candidates += [_Found(entry, QuotedPlaceRule.NAME, step, *span) for entry in towns]
    return tuple(candidates)


def _by_sound(words: Sequence[QuotedWord], language: str, grounds: Grounds) -> Iterator[_Found]:
    """The towns of the countries most spoken of that sound like a name no index has."""
    for step, variant in enumerate(_variants(words, language)[:3]):
        for code in grounds.countries[:_HEARD]:
            yield from (_Found(entry, QuotedPlaceRule.SOUND, step) for entry in lookup_sound(variant, code))
            yield from (_Found(_unit(unit), QuotedPlaceRule.SOUND, step) for unit in _units_heard(variant, code))


@cache
def _units_by_sound(country: str) -> dict[str, tuple[Admin1, ...]]:
    units: dict[str, tuple[Admin1, ...]] = {}
    for unit in admin1_units().values():
        for name in unit.names if unit.country == country else ():
            units[consonants(name)] = (*units.get(consonants(name), ()), unit)
    return units


def _units_heard(name: str, country: str) -> tuple[Admin1, ...]:
    key = consonants(name)
    return _units_by_sound(country).get(key, ()) if len(key) > 1 else ()


@cache
def _regions(language: str) -> dict[str, tuple[GazetteerPlace, ...]]:
    regions: dict[str, tuple[GazetteerPlace, ...]] = {}
    for name, place_id in region_names(language).items():
        regions[name] = places_by_id((place_id,))
    return regions


def _regions_named(variant: str, language: str) -> tuple[GazetteerPlace, ...]:
    return _regions(language).get(folded(variant, language), ())


def _units_named(variant: str, language: str) -> tuple[Admin1, ...]:
    key = " ".join(_unit_form(word, language) for word in quoted_words(variant, language))
    return _unit_index(language).get(key, ())


@cache
def _unit_index(language: str) -> dict[str, tuple[Admin1, ...]]:
    """Units by name, each word in the form of a dictionary."""
    units_by_name: dict[str, tuple[Admin1, ...]] = {}
    for name, units in unit_names(language).items():
        key = " ".join(_unit_form(word, language) for word in quoted_words(name, language))
        units_by_name[key] = tuple(dict.fromkeys((*units_by_name.get(key, ()), *units)))
    return units_by_name


def _unit_form(word: QuotedWord, language: str) -> str:
    if language in {"ru", "uk"} and len(word.forms) > 1:
        return next((form for form in word.forms[1:] if form.endswith("ий")), word.forms[1])
    if language in {"ar", "fa"} and word.key.startswith("ال") and len(word.key) > 4:
        return word.key[2:]
    return word.key


def _country(code: str) -> GazetteerPlace:
    country = countries()[code]
    middle = (country.latitude, country.longitude)
    return GazetteerPlace(f"ctry:{code}", country.name, "country", code, None, *middle, 6, 0, 1)


def _unit(unit: Admin1) -> GazetteerPlace:
    place_id = f"adm1:{unit.country}.{unit.code}" if unit.code else ""
    return GazetteerPlace(
        place_id, unit.name, unit.kind, unit.country, unit.name, unit.latitude, unit.longitude, 4, 0, 1
    )


def _best(candidates: Sequence[_Found], kinds: set[str], grounds: Grounds) -> _Found | None:
    """Of what a quote may name, what fits the article best: the earlier, longer name first if two fit alike."""
    fitting = [candidate for candidate in candidates if _fits(candidate, grounds)]
    fitting = [candidate for candidate in fitting if not any(longer.holds(candidate) for longer in fitting)]
    units = {(other.place.country, other.first): other.place.name for other in fitting if other.how in _AREAS}
    fitting = [candidate for candidate in fitting if not _is_namesake(candidate, units, grounds)]
    return max(fitting, key=lambda candidate: (_fit(candidate, kinds, grounds), candidate.place.id), default=None)


def _is_namesake(candidate: _Found, units: Mapping[tuple[str, int], str], grounds: Grounds) -> bool:
    """Return True if a unit is meant: a smaller town of its country elsewhere has its name, or one abroad."""
    town = candidate.place
    if candidate.how is not QuotedPlaceRule.NAME or not town.population:
        return False
    if town.country not in grounds.countries:
        return any((country, candidate.first) in units for country in grounds.countries)
    unit = units.get((town.country, candidate.first))
    return unit is not None and town.admin1 not in (None, unit) and town.population < _KNOWN_ABROAD


def _fits(candidate: _Found, grounds: Grounds) -> bool:
    at_home = not grounds.countries or candidate.place.country in grounds.countries
    return at_home or candidate.how in _AREAS or candidate.place.population >= _KNOWN_ABROAD


def _fit(candidate: _Found, kinds: set[str], grounds: Grounds) -> float:
    """How well a reading fits: its size in powers of ten, and what the article says of its country and unit."""
    size = log10(candidate.place.population + 10) if candidate.how not in _AREAS else 4.0
    country = (
        _RANKED[grounds.countries.index(candidate.place.country)]
        if candidate.place.country in grounds.countries[: len(_RANKED)]
        else 0
    )
    in_unit = (candidate.place.country, candidate.place.admin1 or "") in grounds.units
    whole_country = candidate.how is QuotedPlaceRule.COUNTRY
    wanted = (candidate.how is QuotedPlaceRule.UNIT) == ("kind unit" in kinds)
    return size + country + 2 * in_unit + 2 * wanted - 4 * whole_country - _LATER * candidate.step


def _as_place(candidate: _Found, quote: str, kinds: set[str], how: QuotedPlaceRule) -> Place:
    entry = candidate.place
    part = bool({"direction", "kind feature"} & kinds) and candidate.how is QuotedPlaceRule.COUNTRY
    precision = 5 if part else next((_PRECISION[k[5:]] for k in sorted(kinds) if k[5:] in _PRECISION), entry.precision)
    precision = max(precision, entry.precision) if candidate.how in _AREAS else precision
    return Place(
        name=quote,
        place_id=entry.id or None,
        gazetteer_name=entry.name,
        admin1=entry.admin1,
        admin2=entry.admin2 if precision <= 3 else None,
        country=entry.country,
        latitude=entry.latitude,
        longitude=entry.longitude,
        precision=precision,
        reason=f"quoted; by {how}",
    )
