"""What a report tells besides its fields that another report of the same event cannot contradict: the hour, the street,
the ages of those it is about.

Two shootings of one city and day are alike in kind, day, place and toll; a reader tells them apart by these. They are
kept as numbers beside the marks (``tasks/resolution/marks.py``): of a street the hash of its name, so that nothing can
be read from it but whether it is a given one.
"""

import re
from collections.abc import Iterable, Iterator
from enum import IntEnum
from functools import cache, lru_cache
from zlib import crc32

from tasks.reference.seeds import seed_path

#: Clock times up to this many minutes apart may be one: an alarm, and the shot before it.
NEAR_MINUTES = 45
#: No person is older.
_OLDEST = 110
_KIND_BITS = 2
_DAY_MINUTES = 24 * 60
_STREETS = "street_words.txt"
_CLOCK = re.compile(r"\b(1[0-2]|0?[1-9])(?:[:.]([0-5]\d))?\s?([ap])\.?\s?m\b", re.IGNORECASE)
_AGES = (
    re.compile(r"\b(\d{1,3})[-‐–\s]years?[-‐–\s]olds?\b", re.IGNORECASE),
    re.compile(r"\b(?:aged?|ages)\s(\d{1,3})\b(?:(?:,\s\d{1,3})*,?\sand\s(\d{1,3})\b)?", re.IGNORECASE),
    # "John Doe, 21, of ..."; a year or a day after a comma has no comma behind it, or more digits.
    re.compile(r"\b[A-Z][\w'’.-]+,\s(\d{1,2})(?=[,.;]\s)"),
)
_NAME = r"(?:[A-Z][\w'’-]*\.?|\d+(?:st|nd|rd|th))"


class Detail(IntEnum):
    """What a number tells: minutes of the day, the hash of a street, years of age."""

    HOUR = 0
    STREET = 1
    AGE = 2


def details_of(text: str) -> tuple[int, ...]:
    """The details of a stretch of text, sorted: each its value with its kind in the two lowest bits, below 2**32."""
    return tuple(sorted({_coded(kind, value) for kind, value in _found(text)}))


def of_kind(details: tuple[int, ...], kind: Detail) -> frozenset[int]:
    """The values of one kind among some details."""
    return _by_kind(details)[kind]


def agree(a: tuple[int, ...], b: tuple[int, ...], kind: Detail) -> bool | None:
    """True if two reports tell the same of one kind, False if not; ``None`` if one of them tells nothing."""
    mine, yours = of_kind(a, kind), of_kind(b, kind)
    if not mine or not yours:
        return None
    if kind is Detail.HOUR:
        return any(_minutes(first, second) <= NEAR_MINUTES for first in mine for second in yours)
    return not mine.isdisjoint(yours)


def contradict(a: tuple[int, ...], b: tuple[int, ...]) -> int:
    """How many kinds both tell otherwise; 0 if they share any."""
    agreements = [agree(a, b, kind) for kind in Detail]
    return 0 if True in agreements else agreements.count(False)


def _minutes(first: int, second: int) -> int:
    apart = abs(first - second)
    return min(apart, _DAY_MINUTES - apart)


@lru_cache(maxsize=1 << 15)
def _by_kind(details: tuple[int, ...]) -> dict[Detail, frozenset[int]]:
    return {kind: frozenset(detail >> _KIND_BITS for detail in details if detail & 3 == kind) for kind in Detail}


def _coded(kind: Detail, value: int) -> int:
    return value << _KIND_BITS | kind


def _found(text: str) -> Iterator[tuple[Detail, int]]:
    for match in _CLOCK.finditer(text):
        hour = int(match[1]) % 12 + (12 if match[3] in "pP" else 0)
        yield Detail.HOUR, hour * 60 + int(match[2] or 0)
    for name in _street_names(text):
        yield Detail.STREET, crc32(name.encode()) >> _KIND_BITS
    for pattern in _AGES:
        for match in pattern.finditer(text):
            yield from ((Detail.AGE, int(age)) for age in match.groups() if age and int(age) <= _OLDEST)


def _street_names(text: str) -> Iterable[str]:
    """Names of streets, without their kind and their compass point: "South Orchard Street" is told as "Orchard"."""
    for match in _street().finditer(text):
        yield (match[1] or match[2]).rstrip(".").casefold()


@cache
def _street() -> re.Pattern[str]:
    lines = seed_path(_STREETS).read_text(encoding="utf-8").splitlines()
    words = sorted(word.capitalize() for line in lines if not line.startswith("#") for word in line.split())
    kinds = "|".join(map(re.escape, words))
    return re.compile(
        rf"\bblock\sof\s(?:{_NAME}\s)??({_NAME})(?=\s(?:{kinds})\b|[\s,.;]+(?!{_NAME}))|({_NAME})\s(?:{kinds})\b"
    )
