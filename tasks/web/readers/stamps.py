"""Dates as feeds and sitemaps write them, whole and valid or unknown; the words they came from are kept either way.

Lenient parsers invent: a bare number becomes a day in 2017, ``12:00`` becomes today. Here the reader of the pages' own
dates (``tasks/reference/words/daytext.py``) reads, so that what one stage knows the other knows too.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timezone

from tasks.reference.words.daytext import ZONES, DayText, offset_of, read_day

#: Characters kept of a date's words.
_MAX_RAW = 100


@dataclass(frozen=True, slots=True)
class Stamp:
    """When, as declared. ``instant`` is UTC, ``None`` without time or zone; ``day`` is the day as written."""

    instant: datetime | None = None
    day: date | None = None
    raw: str | None = None


NO_STAMP = Stamp()


def read_stamp(raw: str | None) -> Stamp:
    """The date in some words, or only the words.

    >>> read_stamp("Mon, 11 Dec 2023 10:00:00 +0300").instant.isoformat()
    '2023-12-11T07:00:00+00:00'
    >>> read_stamp("2023-12-11").instant, read_stamp("2023-12-11").day.isoformat()
    (None, '2023-12-11')
    >>> read_stamp("ma, 11 dec 2023 10:09:29 +0000").day.isoformat()
    '2023-12-11'
    >>> [read_stamp(words).day for words in ("1709460000", "12:00", "0000-00-00", "Mon, 11 Dec 2023 10:00 +9999")]
    [None, None, None, None]
    """
    words = " ".join(raw.split())[:_MAX_RAW] if raw else ""
    if not words:
        return NO_STAMP
    read = read_day(words, None)
    return Stamp(raw=words) if isinstance(read, str) else _stamp(read, words)


def _stamp(read: DayText, words: str) -> Stamp:
    """The instant and the day; of a date whose zone no place has, the words alone."""
    if read.clock is None or read.zone is None or (read.zone.isalpha() and read.zone not in ZONES):
        return Stamp(None, read.day, words)
    offset = offset_of(read.zone)
    if offset is None:
        return Stamp(raw=words)
    try:
        local = datetime.combine(read.day, time(*read.clock), tzinfo=timezone(offset))
        return Stamp(local.astimezone(UTC), read.day, words)
    except OverflowError:
        return Stamp(None, read.day, words)
