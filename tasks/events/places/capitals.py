"""Capitals told by their country alone: "the Haitian capital", "the capital of Haiti", "the country's capital"."""

from dataclasses import replace

from schemas.mention import Place
from tasks.events.places.nesting import PlaceSpan
from tasks.events.places.reading import PlaceText
from tasks.reference.fold import fold
from tasks.reference.gazetteer import lookup
from tasks.reference.places import country_name, demonyms
from tasks.reference.precision import PlacePrecision

#: The kind of a span that names a capital by its country alone.
CAPITAL = "capital"
#: How the reason of such a place ends; its name is the text's ("the Haitian capital").
CAPITAL_RULE = "the capital of "
#: What has a capital and is named by the text elsewhere.
_LANDS = frozenset({"country", "nation"})
#: A town named this many characters before tells whose capital is meant.
_NEAR = 250


def capitals_in(at: PlaceText) -> dict[int, tuple[int, int]]:
    """Where a capital is told without its name: the first word, to the word "capital" and the end of the span."""
    capitals: dict[int, tuple[int, int]] = {}
    for index, word in enumerate(at.words):
        if word.folded != "capital" or index == 0 or word.text[0].isupper():
            continue
        first, last = _first(at, index), index + _is_city(at, index)
        if first is not None and not _is_named(at, last, first) and not _is_other(at, last):
            capitals[first] = (index, last + 1)
    return capitals


def _is_city(at: PlaceText, index: int) -> bool:
    """Return True if it is called "the capital city"."""
    return index + 1 < len(at.words) and at.words[index + 1].text == "city" and at.words[index + 1].gap == " "


def _first(at: PlaceText, index: int) -> int | None:
    """Where the words begin that make "capital" a town: "the", a demonym, an owner."""
    before, gap = at.words[index - 1], at.words[index].gap
    if gap != " ":
        return None
    if before.folded in demonyms():
        the = index > 1 and at.words[index - 2].folded == "the" and at.words[index - 1].gap == " "
        return index - 2 if the else index - 1
    if before.possessive:
        return index - 1 if before.folded in _LANDS else index
    return index - 1 if before.folded == "the" else None


def _is_named(at: PlaceText, index: int, first: int) -> bool:
    """Return True if the town's own name stands beside it: "the capital Kigali", "Kigali, the capital"."""
    after = at.words[index + 1] if index + 1 < len(at.words) else None
    if after is not None and after.capital and after.gap in (" ", ", ") and not at.words[index].possessive:
        return after.gap == " " or any(entry.kind != "country" for entry in lookup(after.text))
    opening = at.words[first]
    before = at.words[first - 1] if first else None
    return before is not None and before.capital and opening.gap == ", " and bool(lookup(before.text))


def _is_other(at: PlaceText, index: int) -> bool:
    """Return True if it is no country's or no town: "the capital of the province", "the capital region"."""
    if at.words[index].possessive or index + 1 >= len(at.words):
        return False
    after = at.words[index + 1]
    if after.folded == "of":
        start = index + 2 + (index + 2 < len(at.words) and at.words[index + 2].folded == "the")
        ends = range(start + 1, min(start + 4, len(at.words)) + 1)
        return not any(entry.kind == "country" for stop in ends for entry in lookup(at.slice(start, stop)))
    return after.gap == " " and at.tags.get(after.start) in ("NOUN", "PROPN", "ADJ")


def country_of(span: PlaceSpan) -> str | None:
    """The ISO code of the country whose capital a span names, if its own words or their owner tell."""
    codes = [code for word in fold(span.text).split() if (code := demonyms().get(word))]
    owners = (entry.country for name in span.part_of for entry in lookup(name) if entry.kind == "country")
    return next(iter((*codes, *owners)), None)


def _in_a_country(location: Place) -> bool:
    """Returns True if the place is known, and smaller than a country."""
    return location.precision is not None and location.precision < PlacePrecision.COUNTRY


def whose_capital(span: PlaceSpan, before: list[tuple[PlaceSpan, Place]], countries: tuple[str, ...]) -> str | None:
    """The same, else the country of the town named just before, else the one the document is about."""
    near = [
        location.country
        for earlier_span, location in reversed(before)
        if span.start - earlier_span.end < _NEAR and location.country and _in_a_country(location)
    ]
    return country_of(span) or next(iter((*near, *countries)), None)


def capital_place(span: PlaceSpan, town: Place) -> Place:
    """A capital as the text names it."""
    reason = f"{town.reason}; {CAPITAL_RULE}{country_name(town.country)}"
    return replace(
        town, name=span.text, precision=town.precision if span.relation == "in" else PlacePrecision.NEAR, reason=reason
    )
