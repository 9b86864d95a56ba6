"""How far the fields of two mentions agree: kind, day, place, sides and tolls, weighed by hand.

It is the one road by which reports join that share no particular words, as two agencies' lines on one clash do. Day and
place must both agree, or the day in copies of one text; what contradicts takes away, but names in two scripts do not
contradict. Anchors in use elsewhere are in docs/decisions/0004-event-identity.md.
"""

from collections.abc import Sequence

from schemas.event import StoredMention
from tasks.reference.actors import actors
from tasks.reference.precision import DatePrecision, PlacePrecision
from tasks.resolution.details import contradict
from tasks.resolution.geography import EXACT_KM, days_of, distance_km, far_apart, gap_days

#: The last letter of Latin script in Unicode's blocks of it, phonetic signs left out.
_LAST_LATIN = "\u024f"
#: Accounts at or above this agree. The weights below add up to about 7.5.
ENOUGH = 3.5


def agreement(a: StoredMention, b: StoredMention, *, names_apart: bool) -> float:
    """How far two accounts agree, 0 if nothing anchors them; ``names_apart``: both name many, and nobody alike."""
    date = _date(a, b)
    place_score = _place(a, b)
    story = 1.5 if a.story_id == b.story_id else 0.0
    if date < 1.0 or (place_score < 1.0 and not story):
        return 0.0
    kind = 0.5 if a.sub_event_type == b.sub_event_type else 0.0
    foreign = _is_in_latin(a) != _is_in_latin(b)
    both = [(a.initiators, b.initiators), (a.targets, b.targets)]
    doers, victims = [(_known(mine), _known(yours)) for mine, yours in both] if foreign else both
    sides = _sides(*doers, 1.0, 1.0) + _sides(*victims, 0.5, 0.5)
    tolls = _toll(a.killed_best, b.killed_best, 1.0, 1.5) + _toll(a.injured_best, b.injured_best, 0.5, 0.5)
    against = 0.0 if story else (1.5 if names_apart and not foreign else 0.0) + contradict(a.details, b.details)
    return kind + date + place_score + sides + tolls + story - against


def _is_in_latin(mention: StoredMention) -> bool:
    """Return True if its place and actors are written in Latin letters: names in another script are no others."""
    names = (mention.place_name or "", *mention.initiators, *mention.targets)
    return not any(letter.isalpha() and letter > _LAST_LATIN for name in names for letter in name)


def _known(side: Sequence[str]) -> tuple[str, ...]:
    """The actors that have an id, which is the same in every language."""
    return tuple(name for name in side if name in actors())


def _date(a: StoredMention, b: StoredMention) -> float:
    first, second = days_of(a), days_of(b)
    if first is None or second is None:
        return 0.0
    gap = gap_days(first, second)
    if gap > 0:
        # One day off: a night attack, or a day read from the reporting verb.
        return 1.0 if gap == 1 and a.date_precision == b.date_precision == DatePrecision.DAY else 0.0
    if a.date_start is None or b.date_start is None:
        return 1.0
    coarser = max(a.date_precision or DatePrecision.UNKNOWN, b.date_precision or DatePrecision.UNKNOWN)
    return 2.0 if coarser <= DatePrecision.DAYS else 1.0


def _place(a: StoredMention, b: StoredMention) -> float:
    coarsest = max(a.place_precision or PlacePrecision.COUNTRY, b.place_precision or PlacePrecision.COUNTRY)
    if a.place_id and a.place_id == b.place_id and coarsest < PlacePrecision.COUNTRY:
        return 2.0
    apart = distance_km(a, b)
    if far_apart(a, b):
        return 0.0
    if apart is None or coarsest >= PlacePrecision.COUNTRY:
        return 1.5 if a.place_name is not None and a.place_name == b.place_name else 0.0
    if apart <= EXACT_KM:
        return 2.0
    return 1.5 if coarsest <= 2 or a.admin1 == b.admin1 else 1.0


def _sides(a: Sequence[str], b: Sequence[str], agree: float, differ: float) -> float:
    if not a or not b:
        return 0.0
    return agree if set(a) & set(b) else -differ


def _toll(a: int | None, b: int | None, agree: float, differ: float) -> float:
    if a is None or b is None:
        return 0.0
    if a == b:
        return agree if a else 0.0
    low, high = sorted((a, b))
    close = high - low <= 2 or (low > 0 and high / low <= 2)
    return agree / 4 if close else -differ
