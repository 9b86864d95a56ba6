"""Tolls in English text: who was killed, injured, detained, displaced, and how many.

A grammar over the words of ``seeds/casualty_words.yml``: persons as groups (``groups.py``), the constructions
that make them a toll (``frames.py``), and here the flags. No model, no network; linear in the text.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from tasks.events.language.rules import Construction, CountRule, TollRule
from tasks.events.tolls.frames import NEGATED, Frame, clause_words, frames_of
from tasks.events.tolls.groups import Group
from tasks.events.tolls.lists import added
from tasks.events.tolls.tokens import Token, tokens_of
from tasks.reference.words.grammar_words import casualty_words


class TollKind(StrEnum):
    """What happened to the persons counted."""

    KILLED = "killed"
    INJURED = "injured"
    DETAINED = "detained"
    CAPTURED = "captured"
    DISPLACED = "displaced"


@dataclass(frozen=True, slots=True)
class TollSpan:
    """One count of persons. All offsets are document offsets; ``text[start:end] == quote``.

    ``number`` and ``who_span`` are ``(start, end)`` of the figure and of the noun phrase ``who`` as named, or
    ``None``; ``verb`` those of the word that made it a toll. ``low``, ``best``, ``high`` all ``None``: plural, not
    counted ("soldiers were killed").  ``subset`` marks a part of the
    toll before it ("including 3 children": not to be added); ``cumulative`` a total over time ("so far this year");
    ``parts`` the figures (or words) a sum was made of; ``open`` that the word leaves it open whether they lived
    ("six people were shot": of kind injured).
    """

    kind: TollKind
    start: int
    end: int
    quote: str
    verb: tuple[int, int]
    number: tuple[int, int] | None
    who: str | None
    who_span: tuple[int, int] | None
    low: int | None
    best: int | None
    high: int | None
    rule: TollRule
    negated: bool = False
    hypothetical: bool = False
    subset: bool = False
    cumulative: bool = False
    parts: tuple[tuple[int, int], ...] = ()
    open: bool = False

    @property
    def counts(self) -> bool:
        """Return True if it is a figure of this event: not denied, not imagined, not a part, no total over time."""
        return not (self.negated or self.hypothetical or self.subset or self.cumulative) and (
            self.best is not None or self.low is not None
        )


@cache
def _cumulative() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in casualty_words().cumulative))


def _shift(span: tuple[int, int] | None, offset: int) -> tuple[int, int] | None:
    return (span[0] + offset, span[1] + offset) if span else None


def _negated(words: list[str]) -> bool:
    plain = frozenset(casualty_words().negations)
    return any(word in plain or NEGATED.search(word) for word in words)


def _hypothetical(words: list[str]) -> bool:
    """Would, could, to kill; but not "may have killed", "is believed to have killed"."""
    if {"have", "has", "had", "been"} & set(words):
        return False
    return any(word in casualty_words().hypothetical for word in words[:3])


def _toll(
    text: str, offset: int, tokens: tuple[Token, ...], frame: Frame, groups: tuple[Group, ...], *, subset: bool = False
) -> TollSpan:
    verb = (tokens[frame.trigger.first].start, tokens[frame.trigger.last - 1].end)
    edges = [edge for group in groups for edge in (tokens[group.first].start, tokens[group.last - 1].end)]
    start, stop = min(verb[0], *edges), max(verb[1], *edges)
    if subset:
        start, stop = min(edges), max(edges)
    low, best, high = added(groups)
    lead = next((group for group in groups if group.counted), groups[0])
    summed = sum(group.counted for group in groups) > 1
    words = clause_words(tokens, frame.trigger)
    zero = best == 0
    who = _who(groups)
    return TollSpan(
        TollKind(frame.trigger.kind),
        start + offset,
        stop + offset,
        text[start:stop],
        (verb[0] + offset, verb[1] + offset),
        _shift(lead.number, offset),
        text[slice(*who)] if who else None,
        _shift(who, offset),
        low,
        best,
        high,
        TollRule(frame.construction, CountRule.SUM if summed else lead.rule),
        negated=not zero and _negated(words),
        hypothetical=_hypothetical(words) and frame.construction in (Construction.ACTIVE, Construction.ACTIVE_SHARED),
        subset=subset,
        parts=tuple(span for group in groups if (span := _shift(group.number or group.who, offset))) if summed else (),
        open=_is_open(tokens, frame, best),
    )


def _is_open(tokens: tuple[Token, ...], frame: Frame, best: int | None) -> bool:
    """Return True if the word does not say that they lived: shot, stabbed, one person taken to hospital."""
    words = [token.lower for token in tokens[frame.trigger.first : frame.trigger.last]]
    if frame.trigger.kind != "injured":
        return False
    alone = best == 1 and frame.trigger.way == "states" and words[-1] in ("hospital", "hospitals", "treated")
    return alone or " ".join(words) in casualty_words().open_outcome


def _who(groups: tuple[Group, ...]) -> tuple[int, int] | None:
    """The noun phrase: of one group its own, of several from the first to the last."""
    spans = [group.who for group in groups if group.who]
    return (spans[0][0], spans[-1][1]) if spans else None


_NOBODY = TollRule(Construction.NO_CASUALTIES, CountRule.NOBODY)
_NO_CASUALTIES = re.compile(r"(?i)\b(?:no|without|any)\s(?:\w+\s){0,3}?casualties\b")


def _no_casualties(text: str, offset: int) -> list[TollSpan]:
    """Reads "no casualties": nobody killed, nobody injured; "any casualties" only after a negation."""
    match = _NO_CASUALTIES.search(text)
    if match is None:
        return []
    if match[0].lower().startswith("any") and not re.search(
        r"(?i)\b(?:no|not|without|n['\u2019]t|nor)\b[^.]{0,40}$", text[: match.start()]
    ):
        return []
    start, stop = match.start() + offset, match.end() + offset
    span = (match.end() - len("casualties") + offset, stop)
    return [
        TollSpan(kind, start, stop, match[0], span, (start, span[0] - 1), None, None, 0, 0, 0, _NOBODY)
        for kind in (TollKind.KILLED, TollKind.INJURED)
    ]


def find_tolls(text: str, offset: int = 0) -> tuple[TollSpan, ...]:
    """The tolls of one sentence; ``offset`` is where ``text`` begins in the document. Never raises.

    Parts ("including 3 children") follow the toll they belong to.
    """
    tokens = tokens_of(text)
    tolls: list[TollSpan] = []
    for frame in frames_of(tokens):
        tolls.append(_toll(text, offset, tokens, frame, frame.groups))
        tolls += [_toll(text, offset, tokens, frame, (part,), subset=True) for part in frame.parts]
    if tolls and _cumulative().search(text):
        tolls = [replace(toll, cumulative=True) for toll in tolls]
    return tuple(tolls + _no_casualties(text, offset))
