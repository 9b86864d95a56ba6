"""Whether two mentions tell of one event: a score over type, date, place, actors and tolls, and what forbids a match.

Anchors in use elsewhere (docs/decisions/0004-event-identity.md): meltt takes 1 day and 3 km, xSub 1 to 5 km and 1 to 2
days, worldmonitor 7 days and 50 km with a toll ratio of 0.5 to 2. Exactly placed mentions are held to 5 km here, coarse
ones to their own precision, because two incidents merged cost a user as much as one counted twice.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from math import asin, cos, radians, sin, sqrt

from schemas.event import StoredMention

#: A pair at or above this tells of one event. The weights below add up to about 7.5.
THRESHOLD = 3.5
EXACT_KM = 5.0
#: How far apart two mentions may lie when the coarser of them is this precise (UCDP where_prec).
REACH_KM = {1: EXACT_KM, 2: 25.0, 3: 50.0, 4: 120.0, 5: 200.0}
#: Without a date in the text, an event lies at most this long before its publication.
UNDATED_DAYS = 3
_EARTH_KM = 6371.0

_GROUPS = {
    "Battles": "violence",
    "Explosions/Remote violence": "violence",
    "Violence against civilians": "violence",
    "Protests": "demonstration",
    "Riots": "demonstration",
}


@dataclass(frozen=True, slots=True)
class Match:
    """The score of a pair and what made it; ``veto`` names what forbids it, whatever the score."""

    score: float
    why: str
    veto: str | None = None


def type_group(mention: StoredMention) -> str:
    """What may be one event told in two words: all violence, all demonstrations, else the sub-type itself."""
    return _GROUPS.get(mention.event_type, mention.sub_event_type)


def days_of(mention: StoredMention) -> tuple[date, date] | None:
    """The first and last day a mention allows; from its publication where the text gives none."""
    if mention.date_start is not None:
        return mention.date_start, mention.date_end or mention.date_start
    if mention.published_day is not None:
        return mention.published_day - timedelta(days=UNDATED_DAYS), mention.published_day
    return None


def distance_km(a: StoredMention, b: StoredMention) -> float | None:
    """Great-circle distance in kilometres; ``None`` where one of the two has no coordinates."""
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return None
    lat_a, lat_b = radians(a.latitude), radians(b.latitude)
    half_lat, half_lon = (lat_b - lat_a) / 2, radians(b.longitude - a.longitude) / 2
    chord = sin(half_lat) ** 2 + cos(lat_a) * cos(lat_b) * sin(half_lon) ** 2
    return 2 * _EARTH_KM * asin(sqrt(min(1.0, chord)))


def match(a: StoredMention, b: StoredMention) -> Match:
    """Score a pair; symmetric.

    The veto says: another kind of event, another country, days that cannot meet, places too far apart, or two mentions
    of one article, which its own reading has already told apart.
    """
    veto = _veto(a, b)
    if veto is not None:
        return Match(0.0, "", veto)
    parts = {
        "type": 0.5 if a.sub_event_type == b.sub_event_type else 0.0,
        "date": _date_score(a, b),
        "place": _place_score(a, b),
        "initiators": _names_score(a.initiators, b.initiators, agree=1.0, differ=-1.0),
        "targets": _names_score(a.targets, b.targets, agree=0.5, differ=-0.5),
        "killed": _toll_score(a.killed_best, b.killed_best, agree=1.0, differ=-1.5),
        "injured": _toll_score(a.injured_best, b.injured_best, agree=0.5, differ=-0.5),
        "story": 1.5 if a.story_id == b.story_id else 0.0,
    }
    anchored = parts["date"] >= 1.0 and (parts["place"] >= 1.0 or parts["story"] > 0)
    score = sum(parts.values()) if anchored else 0.0
    return Match(round(score, 3), " ".join(f"{name}{value:+g}" for name, value in parts.items() if value))


def _veto(a: StoredMention, b: StoredMention) -> str | None:
    if a.article_id == b.article_id:
        return "same_article"
    if type_group(a) != type_group(b):
        return "type"
    if a.country and b.country and a.country != b.country:
        return "country"
    if _days_apart(a, b) > 1:
        return "date"
    return _place_veto(a, b)


def _place_veto(a: StoredMention, b: StoredMention) -> str | None:
    apart = distance_km(a, b)
    if apart is None or (a.place_id and a.place_id == b.place_id):
        return None
    coarsest = max(a.place_precision or 6, b.place_precision or 6)
    return "place" if apart > REACH_KM.get(coarsest, float("inf")) else None


def _days_apart(a: StoredMention, b: StoredMention) -> int:
    """0 where the days overlap; a large number where one of the two cannot be dated at all."""
    days_a, days_b = days_of(a), days_of(b)
    if days_a is None or days_b is None:
        return 10_000
    return max(0, (days_a[0] - days_b[1]).days, (days_b[0] - days_a[1]).days)


def _date_score(a: StoredMention, b: StoredMention) -> float:
    if _days_apart(a, b) > 0:
        # One day off: a night attack, or a day read from the reporting verb.
        return 1.0 if (a.date_precision, b.date_precision) == (1, 1) else 0.0
    if a.date_start is None or b.date_start is None:
        return 1.0
    return 2.0 if max(a.date_precision or 9, b.date_precision or 9) <= 2 else 1.0


def _place_score(a: StoredMention, b: StoredMention) -> float:
    same = bool(a.place_id) and a.place_id == b.place_id
    coarsest = max(a.place_precision or 6, b.place_precision or 6)
    if same and coarsest < 6:
        return 2.0
    apart = distance_km(a, b)
    if apart is None or coarsest >= 6:
        named = a.place_name is not None and a.place_name == b.place_name
        return 1.5 if named else 0.0
    if apart <= EXACT_KM:
        return 2.0
    return 1.5 if coarsest <= 2 or a.admin1 == b.admin1 else 1.0


def _names_score(a: tuple[str, ...], b: tuple[str, ...], *, agree: float, differ: float) -> float:
    if not a or not b:
        return 0.0
    return agree if set(a) & set(b) else differ


def _toll_score(a: int | None, b: int | None, *, agree: float, differ: float) -> float:
    if a is None or b is None:
        return 0.0
    if a == b:
        return agree if a else 0.0
    low, high = sorted((a, b))
    close = high - low <= 2 or (low > 0 and high / low <= 2)
    return agree / 4 if close else differ
