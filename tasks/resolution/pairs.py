"""Do two mentions tell of one event: what forbids it, where to look, and a score.

Forbidden whatever the score: another kind, another country, one article, days told that lie over a week apart, places
farther apart than the coarser of the two allows (UCDP where_prec), unless they share a name in full. Two roads lead to
a score: the fields agree (``accounts.py``), or what is particular in the words does, by a learned model. Why it is so
says docs/decisions/0009-resolution.md, the model and its figures docs/resolution.md.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from math import exp, log, log1p, sqrt
from typing import Any

from schemas.event import StoredMention
from tasks.reference.precision import DatePrecision, PlacePrecision
from tasks.reference.seeds import seed_path
from tasks.resolution.accounts import ENOUGH, agreement
from tasks.resolution.details import Detail, agree, contradict
from tasks.resolution.geography import days_of, distance_km, far_apart, gap_days
from tasks.resolution.marks import is_name, weight

#: Days apart that reports may be looked at for one event: across midnight and time zones.
NEAR_DAYS = 1
#: Days that two dates, both told, may lie apart if names are shared: a weekday misread by a week.
TOLD_DAYS = 7
#: Days between publications up to which a shared name in full makes a pair worth scoring.
NAMED_DAYS = 92
#: No period is looked through for longer than this.
LONGEST_DAYS = 31
#: The probability from which on a pair joins.
JOINS = 0.3
#: The same for a pair whose places lie too far apart.
JOINS_AFAR = 0.7
#: The same for a denial, which rarely repeats the toll or the day: an agreement of 2.5.
DENIES = 0.054
#: Names each of two reports holds without sharing one before that speaks against them.
MANY_NAMES = 4
#: Kinds of details (hour, street, ages) told otherwise, none alike, that make two events of a pair.
CONTRADICTIONS = 2
_MODEL = "models/event_match.json"


@dataclass(frozen=True, slots=True)
class Match:
    """The probability that a pair tells of one event and what made it; ``veto`` names what forbids it."""

    score: float
    why: str
    veto: str | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """Logistic regression. Clusters join if the mean score over their pairs reaches ``mean``."""

    bias: float
    weights: Mapping[str, float]
    mean: float


@cache
def model() -> Model:
    """The model in ``seeds/models/event_match.json``, made by ``benchmarks/train_match.py``."""
    data: dict[str, Any] = json.loads(seed_path(_MODEL).read_text(encoding="utf-8"))
    return Model(data["bias"], data["weights"], data["mean"])


def block_days(mention: StoredMention) -> tuple[date, date] | None:
    """The days under which a mention is looked for: :func:`days_of`, of a long period its first month."""
    days = days_of(mention)
    return days and (days[0], min(days[1], days[0] + timedelta(days=LONGEST_DAYS)))


def in_one_block(a: StoredMention, b: StoredMention) -> bool:
    """Return True if a pair is looked at: its days touch, or it shares a name in full within a quarter of a year."""
    first, second = block_days(a), block_days(b)
    if first is None or second is None:
        return False
    if gap_days(first, second) <= NEAR_DAYS:
        return True
    return _published_near(a, b) and not set(a.names).isdisjoint(b.names)


def _published_near(a: StoredMention, b: StoredMention) -> bool:
    if a.published_day is None or b.published_day is None:
        return False
    return abs((a.published_day - b.published_day).days) <= NAMED_DAYS


def match(a: StoredMention, b: StoredMention) -> Match:
    """Score a pair; symmetric."""
    veto = veto_of(a, b)
    return Match(0.0, "", veto) if veto is not None else better_of(a, b, weigh(features(a, b), model()))


def _logistic(log_odds: float) -> float:
    """The probability with these log odds, held between those of -30 and 30."""
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, log_odds))))


def better_of(a: StoredMention, b: StoredMention, words: Match) -> Match:
    """The better of what the words of a pair say, as weighed, and what its fields say.

    Accounts that just agree have the probability at which a pair joins; each point more doubles the log odds twice.
    """
    if far_apart(a, b) or _abroad(a, b):
        # Names may overrule the distance if they speak clearly; else a third report must not bridge it.
        return words if words.score >= JOINS_AFAR else Match(0.0, "", "place")
    agreed = agreement(a, b, names_apart=_names_apart(a, b))
    if agreed <= 0:
        return words
    odds = log(JOINS / (1 - JOINS)) + 2 * (agreed - ENOUGH)
    fields = round(_logistic(odds), 6)
    return words if words.score > fields else Match(fields, f"accounts agree {agreed:g}")


def _names_apart(a: StoredMention, b: StoredMention) -> bool:
    """Return True if both name many, and nobody alike."""
    mine, yours = _by_kind(a.words)[0][0], _by_kind(b.words)[0][0]
    return min(len(mine), len(yours)) >= MANY_NAMES and mine.isdisjoint(yours)


def weigh(values: Mapping[str, float], by: Model) -> Match:
    """The probability of some features, and the strongest of what speaks for it."""
    parts = {name: by.weights.get(name, 0.0) * value for name, value in values.items()}
    total = by.bias + sum(parts[name] for name in sorted(parts))
    strong = sorted((-round(part, 1), name) for name, part in parts.items() if part >= 0.5)[:4]
    why = " ".join(f"{name}+{-part:g}" for part, name in strong)
    return Match(round(_logistic(total), 6), why)


def veto_of(a: StoredMention, b: StoredMention) -> str | None:
    """What forbids a pair; ``None`` if nothing does."""
    if a.article_id == b.article_id or a.type_group != b.type_group:
        return "one article" if a.article_id == b.article_id else "kind"
    if _abroad(a, b) and not _one_scene(a, b):
        return "country"
    first, second = days_of(a), days_of(b)
    if first is None or second is None:
        return "no day"
    if a.date_start and b.date_start and gap_days(first, second) > TOLD_DAYS:
        return "date"
    if far_apart(a, b) and not _same_words_for_it(a, b):
        return "place"
    return "details" if _told_apart(a, b) else None


def _abroad(a: StoredMention, b: StoredMention) -> bool:
    """Return True if the two were placed in two countries."""
    return bool(a.country and b.country and a.country != b.country)


def _one_scene(a: StoredMention, b: StoredMention) -> bool:
    """Return True if two outlets name one street and one person in full within a season.

    A country may then be misread.
    """
    if a.source_id == b.source_id or not _published_near(a, b):
        return False
    return not set(a.names).isdisjoint(b.names) and agree(a.details, b.details, Detail.STREET) is True


def _told_apart(a: StoredMention, b: StoredMention) -> bool:
    """Return True if two texts tell of other hours, streets or people's ages, and share no name in full."""
    if a.story_id == b.story_id or contradict(a.details, b.details) < CONTRADICTIONS:
        return False
    return set(a.names).isdisjoint(b.names)


def _same_words_for_it(a: StoredMention, b: StoredMention) -> bool:
    """Return True if two outlets whose reports were placed apart use one name for the place, or share a name in full.

    Gazetteers hold many places of one name, and take the wrong one now and then; the model then weighs the distance.
    One outlet's reports of two places are two events: its own names come back in all it prints.
    """
    if a.source_id == b.source_id:
        return False
    if a.place_name and b.place_name and a.place_name.lower() == b.place_name.lower():
        return True
    return not set(a.names).isdisjoint(b.names)


def features(a: StoredMention, b: StoredMention) -> dict[str, float]:
    """What speaks for and against a pair that nothing forbids, by name; what is 0 is left out."""
    values = {
        **_days(a, b),
        **_place(a, b),
        **_words(a, b),
        **_tolls("killed", a.killed_best, b.killed_best),
        **_tolls("injured", a.injured_best, b.injured_best),
        **_sides("initiators", a.initiators, b.initiators),
        **_sides("targets", a.targets, b.targets),
        **_details(a, b),
        "same kind": float(a.sub_event_type == b.sub_event_type),
    }
    return {name: value for name, value in values.items() if value}


def _days(a: StoredMention, b: StoredMention) -> dict[str, float]:
    first, second = days_of(a), days_of(b)
    gap = gap_days(first, second) if first and second else 0
    published = abs((a.published_day - b.published_day).days) if a.published_day and b.published_day else 0
    values = {"published apart": log1p(published), "published together": float(published <= 1)}
    if not (a.date_start and b.date_start):
        return {**values, "undated": 1.0 if a.date_start or b.date_start else 2.0, "undated apart": log1p(gap)}
    if gap == 0:
        exact = a.date_precision == b.date_precision == DatePrecision.DAY
        return {**values, "same day" if exact else "day within": 1.0}
    return {**values, "next day" if gap == 1 else "other day": 1.0}


def _place(a: StoredMention, b: StoredMention) -> dict[str, float]:
    if a.place_precision is None or b.place_precision is None:
        return {}
    coarse = max(a.place_precision, b.place_precision)
    if far_apart(a, b):
        same_name = float((a.place_name or "").lower() == (b.place_name or "").lower())
        return {"place far": 1.0, "place far, one name": same_name}
    if a.place_id and a.place_id == b.place_id:
        return {"same place" if coarse <= PlacePrecision.NEAR else "same area": 1.0}
    apart = distance_km(a, b)
    if apart is None or coarse > PlacePrecision.PART:
        return {}
    if coarse <= PlacePrecision.NEAR:
        return {"near place": 1.0}
    return {"same division" if a.admin1 and a.admin1 == b.admin1 else "other division": 1.0}


def _words(a: StoredMention, b: StoredMention) -> dict[str, float]:
    """What the two share of telling words: how much, and how much of the lesser one's (a short item has few)."""
    values: dict[str, float] = {}
    same_source = a.source_id == b.source_id
    for name, mine, yours in zip(("names", "words"), _by_kind(a.words), _by_kind(b.words), strict=True):
        shared = sum(weight(mark) for mark in mine[0] & yours[0])
        whole = sqrt(mine[1] * yours[1])
        values[f"{name} shared"] = log1p(shared)
        values[f"{name} alike"] = shared / whole
        # A paper's own furniture and reporters come back in all it prints.
        values[f"{name} of one source"] = shared / whole if same_source else 0.0
    values["full names"] = float(min(3, len(set(a.names) & set(b.names))))
    values["one source"] = float(same_source)
    values["same story"] = float(a.story_id == b.story_id)
    return values


#: Marks of a kind, and what they weigh together (at least 1).
_Kind = tuple[frozenset[int], float]


@lru_cache(maxsize=1 << 15)
def _by_kind(words: tuple[int, ...]) -> tuple[_Kind, _Kind]:
    """The names and the other words among some marks; each mention is met in many pairs."""
    names = frozenset(mark for mark in words if is_name(mark))
    rest = frozenset(words) - names
    weighed = [(kind, sum(map(weight, kind)) or 1.0) for kind in (names, rest)]
    return weighed[0], weighed[1]


def _tolls(name: str, a: int | None, b: int | None) -> dict[str, float]:
    if a is None or b is None:
        return {}
    if a == b:
        return {f"{name} same": float(a > 0), f"{name} many same": float(a > 1)}
    low, high = sorted((a, b))
    close = high - low <= 2 or (low > 0 and high / low <= 2)
    return {f"{name} close" if close else f"{name} other": 1.0}


def _sides(name: str, a: Sequence[str], b: Sequence[str]) -> dict[str, float]:
    if not a or not b:
        return {}
    return {f"{name} shared" if set(a) & set(b) else f"{name} other": 1.0}


def _details(a: StoredMention, b: StoredMention) -> dict[str, float]:
    """The hours, streets and ages that both tell, and none alike; what they share is among the words already."""
    agreements = {kind.name.lower(): agree(a.details, b.details, kind) for kind in Detail}
    return {f"{name} other": 1.0 for name, same in agreements.items() if same is False}
