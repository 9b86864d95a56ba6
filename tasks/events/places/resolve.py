"""Places of a text resolved: the one place of the gazetteer each span means, and why."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import log10

from schemas.mention import Place
from tasks.events.places.capitals import CAPITAL, capital_place, country_of, whose_capital
from tasks.events.places.nesting import PlaceSpan
from tasks.events.places.spans import find_places
from tasks.reference.distance import km_between
from tasks.reference.fold import fold
from tasks.reference.gazetteer import GazetteerPlace, admin1_middle, capital_of, lookup, lookup_loose, part_middle
from tasks.reference.places import countries, kind_precision
from tasks.reference.precision import PlacePrecision

__all__ = ["PlaceContext", "PlaceSpan", "find_places", "place_context", "resolve_place", "resolve_places"]

#: A town abroad, with nothing in the document to point there, must be at least this large (inhabitants).
_WORLD_KNOWN = 300_000
#: Below this a town's name alone hardly tells of its country.
_SMALL = 50_000
#: How near a place named beside it counts, in kilometres.
_NEAR_KM = 150.0
#: A town this far from the middle of a unit is not in it, whatever the boundaries.
_FAR_KM = 250.0
#: A country this far from everything a text names is not where it plays.
_AFAR_KM = 3_000.0
#: Kind words under which a town is what is meant, those under which a unit is, and those that blur what they follow.
_TOWNS = frozenset({"city", "town", "village", "neighbourhood", "camp", "airbase", "base"})
_BLURRED = {
    "district": 3,
    "countryside": 2,
    "outskirts": 2,
    "suburbs": 2,
    "area": 2,
    "front": 2,
    "road": 5,
    "border": 5,
}
_FEATURES = frozenset({"desert", "forest", "mountain", "valley", "river", "region"})


@dataclass(frozen=True, slots=True)
class PlaceContext:
    """What a document says of where it plays.

    ``countries`` are ISO 3166 alpha-2 codes, likeliest first; ``admin1`` the names of admin-1 units named in it;
    ``points`` the (latitude, longitude) in degrees of unambiguous places named in it.
    """

    countries: tuple[str, ...] = ()
    admin1: tuple[str, ...] = ()
    points: tuple[tuple[float, float], ...] = ()


def place_context(
    spans: Iterable[PlaceSpan],
    *,
    dateline: str | None = None,
    source_country: str | None = None,
) -> PlaceContext:
    """The context of a document from all places it names.

    ``dateline`` is the dateline's place, ``source_country`` the ISO code of the source's country. A dateline
    counts three, a country or a name that only one country has one, the source's country a quarter.
    """
    votes: defaultdict[str, float] = defaultdict(float)
    admin1: Counter[str] = Counter()
    points: list[tuple[float, float]] = []
    spans = tuple(spans)
    for span in spans:
        if span.kind == CAPITAL and (owner := country_of(span)):
            votes[owner] += 1.0
    for name, weight, kind in _weighted(spans, dateline):
        entries = [entry for entry in _candidates(name) if entry.kind != "town" or entry.population or entry.main]
        if kind == "province":
            entries = [entry for entry in entries if entry.precision == PlacePrecision.PROVINCE] or entries
        entries = [entry for entry in entries if not entry.by_the_way] or entries
        # "US" and "UK" stand before nouns more often than for where something was.
        entries = _as_country(name, entries) if kind not in _TOWNS and len(name) > 3 else entries
        owners = {entry.country for entry in entries if entry.country}
        if len(owners) == 1:
            # One village abroad is no sign of a country; two are.
            small = entries[0].kind == "town" and (entries[0].population < _SMALL or entries[0].by_the_way)
            votes[entries[0].country] += weight * (0.3 if small else 1.0)
            admin1.update(entry.admin1 for entry in entries[:1] if entry.admin1)
            points.extend(
                (entry.latitude, entry.longitude) for entry in entries[:1] if entry.precision <= PlacePrecision.PROVINCE
            )
        elif entries and entries[0].population >= _WORLD_KNOWN and entries[0].main:
            votes[entries[0].country] += weight * 0.5
    if source_country:
        votes[source_country] += 0.25
    heard = [code for code in votes if votes[code] >= 0.5] or list(votes)
    ranked = sorted(heard, key=lambda code: (-votes[code], code))
    return PlaceContext(tuple(ranked), tuple(sorted(admin1)), tuple(dict.fromkeys(points)))


def _as_country(name: str, entries: list[GazetteerPlace]) -> list[GazetteerPlace]:
    """A country's name is the country's, though small towns elsewhere have it too ("Chad", "Lebanon").

    What only shares it without its article is another: "El Salvador" is not Salvador.
    """
    countries = [entry for entry in entries if entry.kind == "country"]
    others = [entry for entry in entries if entry.kind != "country" and fold(entry.name) == fold(name)]
    small = all(entry.kind == "town" and entry.population < _WORLD_KNOWN for entry in others)
    return countries if countries and small else entries


def _weighted(spans: Iterable[PlaceSpan], dateline: str | None) -> list[tuple[str, float, str]]:
    names = [(span.head, 1.0, span.kind) for span in spans if span.known and span.kind != CAPITAL]
    parts = (dateline or "").split(",")
    return names + [(part.strip(), 3.0, "") for part in parts if part.strip()]


def resolve_places(spans: Iterable[PlaceSpan], context: PlaceContext) -> tuple[Place, ...]:
    """The places of a text's spans in order; whose capital "the capital" is may stand in what is named before it."""
    done: list[tuple[PlaceSpan, Place]] = []
    for span in spans:
        if span.kind == CAPITAL:
            town = capital_of(whose_capital(span, done, context.countries) or "")
            none = _unknown(span, None, "whose capital is not told")
            location = capital_place(span, _described(replace(span, kind=""), town, 1, whole=False)) if town else none
        else:
            location = resolve_place(span, context)
        done.append((span, location))
    return tuple(location for _, location in done)


def resolve_place(span: PlaceSpan | str, context: PlaceContext) -> Place:
    """The gazetteer's place for a span or a bare name; ``Place.country`` is an ISO 3166 alpha-2 code.

    Never raises for an unknown name: the result then has no ``place_id``, inherits admin-1 and country from what the
    text says it lies in, and ``reason`` says why. Precision is UCDP's where_prec, from the kind of the place and of the
    words around it: a town 1, near it 2, its district 3, a unit 4, a feature or part of a country 5, a country 6.
    """
    if isinstance(span, str):
        span = PlaceSpan(0, len(span), span, span, 0, len(span))
    within = _container(span, context)
    entries = _candidates(span.text) if span.text != span.head else ()
    whole = bool(entries)
    entries = entries or _candidates(span.head, context)
    if not entries:
        return _unknown(span, within, "not in the gazetteer")
    scored = [
        (entry, _score(entry, span, context, within))
        for entry in entries
        if not _is_far_namesake(entry, entries, context)
    ]
    best, score = max(scored, key=_by_score)
    square_abroad = span.kind == "facility" and best.kind == "town" and best.country not in context.countries
    if score < 0 or square_abroad:
        # A square or a hospital of a town's name is not that town.
        return _unknown(span, within, f"only abroad: {best.name}, {best.country}")
    if not whole and _is_namesake_of_part(span, best, context):
        return _unknown(span, within, f"a part of somewhere, not {best.name}, {best.admin1 or best.country}")
    if within is not None and _is_far_out(best, within):
        return _unknown(span, within, f"only elsewhere: {best.name}, {best.admin1}")
    return _described(span, best, len(entries), whole=whole)


def _is_far_namesake(entry: GazetteerPlace, entries: Sequence[GazetteerPlace], context: PlaceContext) -> bool:
    """Return True if a country far from all else the text names has a unit's name there: Georgia beside Atlanta."""
    if entry.kind != "country" or not context.points:
        return False
    near = any(
        neighbour.precision == PlacePrecision.PROVINCE and neighbour.country in context.countries[:1]
        for neighbour in entries
    )
    return near and all(_km(entry, point) > _AFAR_KM for point in context.points)


def _is_namesake_of_part(span: PlaceSpan, entry: GazetteerPlace, context: PlaceContext) -> bool:
    """Return True if a quarter or a county only shares a town's name: "the Austin neighborhood" in a text on Chicago.

    A quarter is that town if another place of the text lies near it; a county of a country whose counties are not
    in the gazetteer never is.
    """
    if entry.kind != "town":
        return False
    last = span.text.rsplit(" ", 1)[-1].lower()
    if last == "county":
        return countries()[entry.country].gazetteer == "main"
    others = [point for point in context.points if point != (entry.latitude, entry.longitude)]
    quarter = span.kind == "neighbourhood" and not last.startswith("suburb")
    return quarter and bool(others) and not any(_km(entry, point) < _NEAR_KM for point in others)


def _is_far_out(entry: GazetteerPlace, unit: GazetteerPlace) -> bool:
    """Return True if a town is of another unit than the text says, and no neighbour across a border drawn otherwise."""
    another_unit = (
        unit.precision == PlacePrecision.PROVINCE
        and entry.precision <= PlacePrecision.DISTRICT
        and entry.admin1
        and entry.admin1 != unit.admin1
    )
    return bool(another_unit) and _km(entry, (unit.latitude, unit.longitude)) > _FAR_KM


def _by_score(scored: tuple[GazetteerPlace, float]) -> tuple[float, int, str]:
    return scored[1], scored[0].population, scored[0].id


def _candidates(name: str, context: PlaceContext | None = None) -> tuple[GazetteerPlace, ...]:
    """The places of this name; if none lies in a country of the context, those spelled nearly so as well."""
    entries = lookup(name)
    if context is None or any(entry.country in context.countries or entry.kind == "country" for entry in entries):
        return entries or lookup_loose(name)
    return entries + tuple(entry for entry in lookup_loose(name) if entry not in entries)


def _container(span: PlaceSpan, context: PlaceContext) -> GazetteerPlace | None:
    """The best known place the text says it lies in, units and countries before towns."""
    for name in span.part_of:
        entries = [entry for entry in lookup(name) if _likely(entry, context)]
        coarse = [entry for entry in entries if entry.precision >= PlacePrecision.PROVINCE] or entries
        if coarse:
            return coarse[0]
    return None


def _likely(entry: GazetteerPlace, context: PlaceContext) -> bool:
    return not context.countries or entry.country in context.countries or entry.precision >= PlacePrecision.PROVINCE


def _score(entry: GazetteerPlace, span: PlaceSpan, context: PlaceContext, within: GazetteerPlace | None) -> float:
    """How well a candidate fits; below zero it may not be meant at all. The weights are ours, tried on news."""
    score = log10(entry.population + 10) + (1.0 if entry.main else 0.0)
    score += _country_score(entry, context, within)
    if entry.admin1 and entry.admin1 in context.admin1:
        score += 1.5
    if within is not None and within.admin1 and entry.admin1 == within.admin1:
        score += 6.0
    score += _kind_score(entry, span)
    if any(_km(entry, point) < _NEAR_KM for point in context.points):
        score += 1.5
    return score


def _country_score(entry: GazetteerPlace, context: PlaceContext, within: GazetteerPlace | None) -> float:
    if entry.kind == "country":
        # "The border with Israel in southern Lebanon": no country lies in another.
        return 4.0
    if within is not None and within.country:
        return 6.0 if entry.country == within.country else -12.0
    if not entry.country:
        return 4.0
    if entry.country in context.countries:
        return 5.0 - min(4.0, 2.0 * context.countries.index(entry.country))
    well_known = entry.kind != "town" or entry.population >= _WORLD_KNOWN
    return 0.0 if well_known or not context.countries else -12.0


def _kind_score(entry: GazetteerPlace, span: PlaceSpan) -> float:
    if entry.kind == "country":
        return -4.0 if span.kind in _TOWNS or span.part_of else 9.0
    if span.kind == "province" or (span.kind == "region" and entry.precision == PlacePrecision.PROVINCE):
        return 9.0 if entry.precision == PlacePrecision.PROVINCE else 0.0
    if span.kind in {"countryside", "desert"}:
        return 6.0 if entry.precision >= PlacePrecision.PROVINCE else 0.0
    if span.kind in _TOWNS or span.kind == "district":
        return 3.0 if entry.precision <= PlacePrecision.DISTRICT else -2.0
    # A bare name is the town's if town and unit share it, and a feature's own name is the feature's.
    return 0.0 if entry.precision == PlacePrecision.PROVINCE else -4.0 if entry.by_the_way else 1.0


def _km(entry: GazetteerPlace, point: tuple[float, float]) -> float:
    return km_between((entry.latitude, entry.longitude), point)


def _unknown(span: PlaceSpan, within: GazetteerPlace | None, why: str) -> Place:
    if within is None:
        return Place(span.text, None, None, None, None, None, None, None, None, f"unresolved: {why}")
    return Place(
        span.text, None, None, within.admin1, within.admin2, within.country or None, within.latitude, within.longitude,
        max(within.precision, PlacePrecision.NEAR),
        f"unresolved: {why}; placed at {within.name}, where the text puts it",
    )  # fmt: skip


def _described(span: PlaceSpan, entry: GazetteerPlace, candidates: int, *, whole: bool) -> Place:
    precision, rule, middle = _precision(span, entry, whole=whole)
    admin2 = entry.admin2 or (entry.name if entry.precision == PlacePrecision.DISTRICT else None)
    if span.kind == "district" and entry.precision == PlacePrecision.EXACT:
        admin2 = span.head
    admin2 = admin2 if precision <= PlacePrecision.DISTRICT else None
    chosen = f", of {candidates} of that name" if candidates > 1 else ""
    admin1 = entry.admin1
    return Place(
        span.text, entry.id, entry.name, admin1, admin2, entry.country or None, middle[0], middle[1],
        precision, f"gazetteer: {entry.kind}{f' of {admin2}' if admin2 else ''}{chosen}{rule}",
    )  # fmt: skip


def _precision(span: PlaceSpan, entry: GazetteerPlace, *, whole: bool) -> tuple[int, str, tuple[float, float]]:
    """where_prec, the rule that gave it, and the point: of the place, its unit, or the named part of a country."""
    middle = (entry.latitude, entry.longitude)
    if span.relation != "in" and entry.precision < PlacePrecision.PROVINCE:
        return 2, f"; {span.relation} it", middle
    if whole or entry.kind == "country":
        return (entry.precision, "", middle) if whole else _country_part(span, entry, middle)
    if span.kind == "province" and entry.precision < PlacePrecision.PROVINCE:
        unit = admin1_middle(entry.country, entry.admin1) if entry.admin1 else None
        return 4, "; the unit named for it", unit or middle
    if span.kind in _FEATURES and entry.kind != span.kind and entry.precision <= PlacePrecision.PROVINCE:
        return (
            kind_precision()[span.kind] if span.kind != "region" else PlacePrecision.PROVINCE,
            f"; its {span.kind}",
            middle,
        )
    blur = _BLURRED.get(span.kind, 0)
    return max(entry.precision, blur), f"; its {span.kind}" if blur else "", middle


def _country_part(
    span: PlaceSpan, entry: GazetteerPlace, middle: tuple[float, float]
) -> tuple[int, str, tuple[float, float]]:
    if not span.direction:
        return 6, "", middle
    part = part_middle(entry.country, span.direction)
    return 5, f"; its {span.direction} part", part or middle
