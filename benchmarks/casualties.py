"""Tolls as the sets of one event a document count them: a sentence's figures added, combatants left out of a sum."""

import re
from collections.abc import Iterable
from dataclasses import replace

from tasks.events.language.numbers import find_numbers
from tasks.events.language.rules import ONE_PERSON, Construction
from tasks.events.tolls.casualties import TollKind, TollSpan

_COMBATANT = re.compile(
    r"(?i)\b(?:soldier|troop|policem[ae]n|police|officer|militant|militia|rebel|gunm[ae]n|fighter|insurgent|attacker|guerrilla)"
)


def civilian_tolls(tolls: tuple[TollSpan, ...]) -> tuple[TollSpan, ...]:
    """The scope of the set of atrocities: where a sentence tells of others too, combatants are not its victims."""
    others = [
        toll for toll in tolls if toll.kind is TollKind.KILLED and toll.counts and not _COMBATANT.search(toll.who or "")
    ]
    return tuple(
        _without_combatants(t)
        for t in tolls
        if t.kind is not TollKind.KILLED or not others or not _COMBATANT.search(t.who or "") or " and " in (t.who or "")
    )


def _without_combatants(toll: TollSpan) -> TollSpan:
    """A sum without its combatants: of "five civilians and a soldier" the five."""
    if toll.kind is not TollKind.KILLED or len(toll.parts) < 2 or not _COMBATANT.search(toll.who or ""):
        return toll
    edges = [start - toll.start for start, _ in toll.parts]
    pieces = [toll.quote[max(0, a) : b] for a, b in zip(edges, [*edges[1:], None], strict=True)]
    counts = [_count(piece) for piece in pieces]
    kept = [count for piece, count in zip(pieces, counts, strict=True) if not _COMBATANT.search(piece)]
    if not kept or sum(counts) != toll.best:
        return toll
    left = sum(kept)
    return replace(toll, low=left, best=left, high=left)


def _count(piece: str) -> int:
    numbers = find_numbers(piece)
    return (numbers[0].best or 0) if numbers else 1


_GENERAL = re.compile(r"(?i)(?:people|persons?|lives|dead|bodies)$")


def _is_total(toll: TollSpan) -> bool:
    """A figure of people in general: smaller ones in its sentence are parts of it, not more of them."""
    return toll.who is None or _GENERAL.search(toll.who) is not None


def _apart(tolls: list[TollSpan]) -> list[TollSpan]:
    """Figures that may be added: a toll stands for others, a figure told twice counts once, a total holds the rest."""
    separate = [toll for toll in tolls if toll.rule.construction is not Construction.TOLL] or tolls[:1]
    closed = [toll for toll in separate if not toll.open] or separate
    once = [toll for i, toll in enumerate(closed) if toll.best not in [t.best for t in closed[:i] if (t.best or 0) > 1]]
    total = max(once, key=lambda toll: toll.best or 0, default=None)
    return [total] if total and _is_total(total) and len(once) > 1 else once


def sum_tolls(tolls: Iterable[TollSpan], kind: TollKind) -> TollSpan | None:
    """One toll of a kind out of a sentence's: parts, denied, imagined and cumulative ones left out, the rest added.

    Singles told of by name or pronoun are added only if there is nothing better. ``None``: no figure.
    """
    counting = [toll for toll in tolls if toll.kind is kind and toll.counts]
    strong = _apart([toll for toll in counting if toll.rule.count not in ONE_PERSON]) or counting[:1]
    if len(strong) < 2:
        return strong[0] if strong else None
    lows = [toll.low for toll in strong if toll.low is not None]
    bests = [toll.best for toll in strong if toll.best is not None]
    highs = [toll.high for toll in strong if toll.high is not None]
    return replace(
        strong[0],
        low=sum(lows) if lows else None,
        best=sum(bests) if bests else None,
        high=sum(highs) if len(highs) == len(strong) else None,
        parts=tuple(toll.number or toll.verb for toll in strong),
    )
