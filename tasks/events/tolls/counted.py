"""Everybody a sentence counts, whatever befell them: single groups, joined lists, and what adds up beside them.

``find_tolls`` reads a count only if a construction it knows makes it a toll. A reader that points needs every count
it may point at: "Nine fighters of the group and three soldiers" is 9, 3 and 12.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tasks.events.language.rules import CountRule
from tasks.events.tolls.groups import Group
from tasks.events.tolls.lists import added, groups_between, list_at
from tasks.events.tolls.tokens import Token, tokens_of


@dataclass(frozen=True, slots=True)
class Counted:
    """Some persons counted. Offsets count the characters of the document.

    ``low``, ``best`` and ``high`` are persons, ``None`` if the words leave an end open; ``best`` or ``low`` is
    given.
    ``rule`` is how the figure was read (a rule of ``numbers``, ``article``, ``singular``, ``name``), or ``list`` for a
    sum of joined groups; ``parts`` are the characters of a sum's groups.
    """

    start: int
    end: int
    low: int | None
    best: int | None
    high: int | None
    rule: CountRule
    who: str | None
    subset: bool = False
    parts: tuple[tuple[int, int], ...] = ()


def find_counted(text: str, offset: int = 0) -> tuple[Counted, ...]:
    """Every count of persons in one sentence, in text order; ``offset`` is where ``text`` begins in the document."""
    tokens = tokens_of(text)
    groups = groups_between(tokens, 0, len(tokens), names=True)
    counts = [_one(text, offset, tokens, group) for group in groups if group.counted]
    counts += _lists(text, offset, tokens, groups)
    return tuple(sorted(counts, key=lambda counted: (counted.start, counted.end)))


def _span(tokens: tuple[Token, ...], group: Group) -> tuple[int, int]:
    return tokens[group.first].start, tokens[group.last - 1].end


def _one(text: str, offset: int, tokens: tuple[Token, ...], group: Group) -> Counted:
    start, stop = _span(tokens, group)
    who = text[slice(*group.who)] if group.who else None
    return Counted(start + offset, stop + offset, group.low, group.best, group.high, group.rule, who, group.subset)


def _lists(text: str, offset: int, tokens: tuple[Token, ...], groups: list[Group]) -> Iterator[Counted]:
    """The sums of groups joined by commas and "and"."""
    past = -1
    for group in groups:
        if group.first < past or group.rule is CountRule.NAME:
            continue
        joined = [member for member in list_at(tokens, group.first, names=True) if member.counted]
        low, best, high = added(joined)
        if len(joined) < 2 or best is None:
            continue
        past = joined[-1].last
        spans = [_span(tokens, member) for member in joined]
        start, stop = spans[0][0], spans[-1][1]
        parts = tuple((first + offset, last + offset) for first, last in spans)
        yield Counted(start + offset, stop + offset, low, best, high, CountRule.LIST, text[start:stop], parts=parts)
