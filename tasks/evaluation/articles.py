"""Whole articles: several events each, every field with all values its annotators gave.

An event of ours and one of the gold are paired once, the best agreement first. A pair needs the type and one of place,
day or a positive toll in common, or two of those three; a gold event with none of them needs type and sub-type. What is
``optional`` in the gold costs nothing when missed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from schemas.mention import EventMention, Role
from tasks.evaluation.gold import Row
from tasks.evaluation.tally import Sheet
from tasks.reference.places import country_name
from tasks.reference.precision import PlacePrecision

#: UCDP's where_prec of a whole country: gold keeps the country apart, a place is what lies below it.
#: Words that do not make a place or a name another one.
_EMPTY = frozenset(
    {
        "the", "of", "in", "al", "city", "province", "town", "village", "countryside", "area", "governorate",
        "district", "near", "outside", "s",
    }
)  # fmt: skip
FIELDS = ("type", "sub_type", "status", "date", "place", "country", "initiators", "targets", "killed", "injured")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One field of a pair: whether the gold has a value, whether we gave one, and whether ours is among theirs."""

    asked: bool
    said: bool
    right: bool


def answer(mention: EventMention) -> Row:
    """A mention in the terms of the gold."""
    return {
        "type": mention.event_type,
        "sub_type": mention.sub_event_type,
        "status": mention.status.value,
        "date": mention.when.start.isoformat() if mention.when.start else None,
        "place": mention.place.name if mention.place.precision != PlacePrecision.COUNTRY else None,
        "country": country_name(mention.place.country),
        "initiators": [actor.name for actor in mention.actors if actor.role is Role.INITIATOR],
        "targets": [actor.name for actor in mention.actors if actor.role is Role.TARGET],
        "killed": mention.killed.best,
        "injured": mention.injured.best,
    }


def score_articles(gold: Sequence[Row], answers: Mapping[str, Sequence[Row]]) -> Sheet:
    """Events and their fields, document by document. ``answers`` are answers by the document's id."""
    sheet = Sheet()
    for row in gold:
        events, ours = row["events"], answers.get(row["id"], ())
        pairs = _paired(events, ours)
        sheet.add("event", len(pairs), len(ours) - len(pairs), 0)
        for i, j in pairs:
            _add(sheet, events[i], ours[j])
        for i in set(range(len(events))) - {i for i, _ in pairs}:
            if not events[i].get("optional"):
                sheet.add("event", 0, 0, 1)
                _add(sheet, events[i], {})
        for j in set(range(len(ours))) - {j for _, j in pairs}:
            for field in FIELDS:
                sheet.add(field, 0, ours[j].get(field) not in (None, 0, [], ""), 0)
    return sheet


def _add(sheet: Sheet, gold: Row, answer: Row) -> None:
    for field in FIELDS:
        judged = _judged(field, gold, answer)
        right = judged.asked and judged.said and judged.right
        sheet.add(field, right, judged.said and not judged.right, judged.asked and not judged.right)


def _paired(gold: Sequence[Row], answers: Sequence[Row]) -> list[tuple[int, int]]:
    """Pairs of places in both lists, each place once."""
    ranked = sorted(
        ((_agreement(gold[i], answers[j]), i, j) for i, j in product(range(len(gold)), range(len(answers))))
    )
    pairs: list[tuple[int, int]] = []
    for agreement, i, j in reversed(ranked):
        if agreement and all(i != a and j != b for a, b in pairs):
            pairs.append((i, j))
    return pairs


def _agreement(gold: Row, answer: Row) -> int:
    """How many fields agree, and one more; 0 if that is not enough to be the same event."""
    judged = {field: _judged(field, gold, answer) for field in FIELDS}
    agreed = {field for field, verdict in judged.items() if verdict.asked and verdict.right}
    anchors = ("place" in agreed) + ("date" in agreed) + bool(agreed & {"killed", "injured"})
    if not any(judged[field].asked for field in ("place", "date", "killed", "injured")):
        same = {"type", "sub_type"} <= agreed
    else:
        same = anchors >= (1 if "type" in agreed else 2)
    return 1 + len(agreed) if same else 0


def _judged(field: str, gold: Row, answer: Row) -> Verdict:
    return _JUDGES.get(field, _named)(gold[field], answer.get(field))


def _named(gold: Sequence[str | None], answer: str | None) -> Verdict:
    values = [value for value in gold if value]
    return Verdict(bool(values), bool(answer), answer in values)


def _day(gold: Sequence[Sequence[str | None]], answer: str | None) -> Verdict:
    spans = [(first, last or first) for first, last in gold if first]
    return Verdict(bool(spans), bool(answer), any(first <= (answer or "") <= last for first, last in spans))


def _place(gold: Sequence[str | None], answer: str | None) -> Verdict:
    names, ours = [_words(name) for name in gold if name], _words(answer or "")
    right = any(name & ours and (name <= ours or ours <= name) for name in names)
    return Verdict(bool(names), bool(answer), right)


def _side(gold: Sequence[str], answers: Sequence[str] | None) -> Verdict:
    right = any(_words(name) & _words(ours) for name in gold for ours in answers or ())
    return Verdict(bool(gold), bool(answers), right)


def _toll(gold: Sequence[Mapping[str, int | None] | None], answer: int | None) -> Verdict:
    bests = {(value or {}).get("best") for value in gold}
    return Verdict(bool(bests - {None, 0}), bool(answer), answer in bests)


_JUDGES: Mapping[str, Callable[[Any, Any], Verdict]] = {
    "date": _day,
    "place": _place,
    "initiators": _side,
    "targets": _side,
    "killed": _toll,
    "injured": _toll,
}


def _words(name: str) -> frozenset[str]:
    plain = re.sub(r"[^\w ]", " ", name.lower().replace("-", " ").replace("'", ""))
    return frozenset(plain.split()) - _EMPTY
