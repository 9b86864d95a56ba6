"""The value of each field of an event, by the rule ``seeds/event_fields.csv`` names for it, and what others say.

Rules speak over independent reports: of a group of copies the first, and of reports credited to one agency the first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from schemas.errors import SeedError
from schemas.event import Pick, StoredMention
from tasks.reference.precision import DatePrecision, PlacePrecision
from tasks.reference.seeds import read_csv_seed

#: A value as it is compared: its parts, ``()`` if a report says nothing.
Value = tuple[object, ...]


class Rule(StrEnum):
    """How one of several values is picked."""

    MAJORITY = "majority"
    BEST_PRECISION = "best_precision"
    MOST_CONSERVATIVE = "most_conservative"
    LATEST = "latest"
    EARLIEST = "earliest"


class _FieldRule(BaseModel):
    """A row of ``seeds/event_fields.csv``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    field: Literal["event_type", "date", "place", "killed", "injured", "detained", "displaced", "initiators", "targets"]
    rule: Rule


@dataclass(frozen=True, slots=True)
class Field:
    """How a field is read from a mention: its value, how precise it is (less is better), its words, how large it is."""

    name: str
    value: Callable[[StoredMention], Value]
    words: Callable[[Value], str]
    precision: Callable[[StoredMention], int] = lambda _: 9
    size: Callable[[StoredMention], tuple[float, ...]] = lambda _: (0.0,)


def _days(m: StoredMention) -> Value:
    return (m.date_start, m.date_end or m.date_start, m.date_precision) if m.date_start else ()


def _length(m: StoredMention) -> tuple[float, ...]:
    # Conservative of days is the longest period: it claims the least.
    return (-float(((m.date_end or m.date_start) - m.date_start).days),) if m.date_start else (0.0,)


def _place(m: StoredMention) -> Value:
    columns = (m.place_name, m.place_id, m.admin1, m.admin2, m.country, m.latitude, m.longitude, m.place_precision)
    return columns if m.place_name or m.country else ()


_TOLL_PARTS: Mapping[str, Callable[[StoredMention], tuple[int | None, int | None, int | None]]] = {
    "killed": lambda m: (m.killed_low, m.killed_best, m.killed_high),
    "injured": lambda m: (m.injured_low, m.injured_best, m.injured_high),
    "detained": lambda m: (m.detained_low, m.detained_best, m.detained_high),
    "displaced": lambda m: (m.displaced_low, m.displaced_best, m.displaced_high),
}


def toll_of(m: StoredMention, name: str) -> tuple[int | None, int | None, int | None]:
    """Low, best and high of ``killed``, ``injured``, ``detained`` or ``displaced``."""
    return _TOLL_PARTS[name](m)


def _toll(name: str) -> "Field":
    def best(m: StoredMention) -> int:
        return toll_of(m, name)[1] or 0

    def spread(m: StoredMention) -> int:
        low, best_count, high = toll_of(m, name)
        return (high or best_count or 0) - (low if low is not None else best_count or 0)

    def value(m: StoredMention) -> Value:
        return () if toll_of(m, name)[1] is None else (best(m),)

    return Field(name, value, lambda v: str(v[0]), spread, lambda m: (float(best(m)),))


def _period(value: Value) -> str:
    return str(value[0]) if value[0] == value[1] else f"{value[0]} to {value[1]}"


FIELDS = {
    one.name: one
    for one in (
        Field("event_type", lambda m: (m.event_type, m.sub_event_type), lambda v: str(v[1])),
        Field("date", _days, _period, lambda m: m.date_precision or DatePrecision.UNKNOWN, _length),
        Field(
            "place",
            _place,
            lambda v: str(v[0] or v[4]),
            lambda m: m.place_precision or PlacePrecision.UNKNOWN,
            lambda m: (-float(m.place_precision or 0),),
        ),
        _toll("killed"),
        _toll("injured"),
        _toll("detained"),
        _toll("displaced"),
        Field("initiators", lambda m: tuple(sorted(m.initiators)), lambda v: ", ".join(map(str, v))),
        Field("targets", lambda m: tuple(sorted(m.targets)), lambda v: ", ".join(map(str, v))),
    )
}


@cache
def rules() -> Mapping[str, Rule]:
    """The rule of each field. Raises :class:`SeedError` if a field has none, or two."""
    rows = read_csv_seed("event_fields.csv", _FieldRule)
    named = [row.field for row in rows]
    if sorted(named) != sorted(FIELDS):
        raise SeedError(f"seeds/event_fields.csv: has {sorted(named)}, should have each of {sorted(FIELDS)} once")
    return {row.field: row.rule for row in rows}


def pick(name: str, reports: Sequence[StoredMention], rule: Rule) -> tuple[StoredMention | None, Pick]:
    """The report whose value a field takes, ``None`` if none says anything, and how it was picked."""
    of = FIELDS[name]
    reporting = [m for m in reports if of.value(m)]
    if not reporting:
        return None, Pick(name, str(rule), None, None, ())
    chosen = min(reporting, key=_order(of, rule, reporting))
    value = of.words(of.value(chosen))
    others = {of.words(of.value(m)) for m in reporting} - {value}
    return chosen, Pick(name, str(rule), value, chosen.mention_id, tuple(sorted(others)))


def _order(of: Field, rule: Rule, reporting: Sequence[StoredMention]) -> Callable[[StoredMention], tuple[object, ...]]:
    """What makes the smallest of the reports the one to be picked; ties go to words, then to the earliest report."""
    if rule is Rule.MAJORITY:
        count, trust = _votes(of, reporting)
        return lambda m: (-count[of.value(m)], -trust[of.value(m)], of.words(of.value(m)), *reported(m))
    if rule is Rule.BEST_PRECISION:
        return lambda m: (of.precision(m), *_first_words(of, m), *reported(m))
    if rule is Rule.MOST_CONSERVATIVE:
        return lambda m: (*of.size(m), of.words(of.value(m)), *reported(m))
    if rule is Rule.LATEST:
        return lambda m: (-(m.published_day or date.min).toordinal(), *reported(m))
    return reported


def _first_words(of: Field, m: StoredMention) -> tuple[object, ...]:
    # Of two days equally well known the earlier: a later one is more often the day of the report.
    return (m.date_start or date.max,) if of.name == "date" else (of.words(of.value(m)),)


def _votes(of: Field, reporting: Sequence[StoredMention]) -> tuple[dict[Value, int], dict[Value, float]]:
    count: dict[Value, int] = {}
    trust: dict[Value, float] = {}
    for m in reporting:
        count[of.value(m)] = count.get(of.value(m), 0) + 1
        trust[of.value(m)] = round(trust.get(of.value(m), 0.0) + m.confidence, 6)
    return count, trust


def reported(mention: StoredMention) -> tuple[date, str, int, str]:
    """The order in which reports came: by the day of publication, then by keys."""
    return mention.published_day or date.max, mention.article_id, mention.trigger_start, mention.mention_id


def independent(members: Sequence[StoredMention]) -> list[StoredMention]:
    """The reports that speak for themselves, the earliest first: one a group of copies, and one a credited agency."""
    by_voice: dict[str, list[StoredMention]] = {}
    independents = []
    for m in sorted(members, key=reported):
        voices = [m.story_id] if m.origin == m.family else [m.story_id, f"agency {m.origin}"]
        before = [report for voice in voices for report in by_voice.get(voice, ())]
        if not any(_same_tolls(m, report) for report in before):
            independents.append(m)
        for voice in voices:
            by_voice.setdefault(voice, []).append(m)
    return independents


def _same_tolls(a: StoredMention, b: StoredMention) -> bool:
    """Return True if a copy repeats the figures too. An edited copy with other figures has a source of its own."""
    both = ((a.killed_best, b.killed_best), (a.injured_best, b.injured_best))
    return all(x is None or y is None or x == y for x, y in both)
