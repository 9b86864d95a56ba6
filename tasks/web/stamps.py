"""Dates as feeds and sitemaps write them: two grammars, read strictly.

Lenient parsers invent: a bare number becomes a day in 2017, ``12:00`` becomes today. Here a date is RFC 822 (RSS) or
W3C date-time (Atom, sitemaps), whole and valid, or it is unknown; the words it came from are kept either way.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

#: Nothing was on the web before 1990; what claims to be is a default that nobody filled in.
_FIRST_YEAR = 1990
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: Hours of RFC 822's named zones. Its single letters are no zone: too many writers had them reversed (RFC 1123 5.2.14).
_ZONES = {"gmt": 0, "ut": 0, "utc": 0, "z": 0} | {
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
_W3C = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
    rf"(?:[Tt ]{_CLOCK}\s?(?P<zone>[Zz]|[+-]\d{{2}}(?::?\d{{2}})?)?)?"
)
_RFC822 = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(?P<day>\d{1,2})\s+(?P<month>[A-Za-z]{3})[a-z]*\.?\s+(?P<year>\d{4}|\d{2})"
    rf"(?:\s+{_CLOCK}(?:\s*(?P<zone>[+-]\d{{4}}|[A-Za-z]{{1,3}}))?)?"
)


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
    >>> [read_stamp(words).day for words in ("1709460000", "12:00", "0000-00-00", "Mon, 11 Dec 2023 10:00 +9999")]
    [None, None, None, None]
    """
    words = " ".join(raw.split())[:100] if raw else ""
    if not words:
        return NO_STAMP
    match = _W3C.fullmatch(words) or _RFC822.fullmatch(words)
    read = _read(match.groupdict()) if match else None
    return Stamp(*read, words) if read else Stamp(raw=words)


def _read(part: dict[str, str | None]) -> tuple[datetime | None, date] | None:
    """Instant and day of a match, or ``None`` where a part of it cannot be."""
    try:
        day = date(_year(part["year"] or ""), _month(part["month"] or ""), int(part["day"] or 0))
        if day.year < _FIRST_YEAR:
            return None
        if part["hour"] is None:
            return None, day
        clock = time(int(part["hour"]), int(part["minute"] or 0), int(part["second"] or 0), tzinfo=_zone(part["zone"]))
        return (datetime.combine(day, clock).astimezone(UTC) if clock.tzinfo else None), day
    except (ValueError, OverflowError):
        return None


def _year(word: str) -> int:
    """A year; of two digits, as RFC 2822 4.3 reads RFC 822: up to 49 is of this century."""
    year = int(word)
    return year if len(word) == 4 else year + (2000 if year < 50 else 1900)


def _month(word: str) -> int:
    return int(word) if word.isdigit() else _MONTHS.index(word.lower()) + 1


def _zone(word: str | None) -> timezone | None:
    """A zone; ``None`` where none is named. Raises ``ValueError`` for an offset no place on earth has."""
    if not word:
        return None
    if word[0] in "+-":
        digits = word[1:].replace(":", "")
        hours, minutes = int(digits[:2]), int(digits[2:] or 0)
        if hours > 14 or minutes > 59:
            raise ValueError(word)
        offset = timedelta(hours=hours, minutes=minutes)
        return timezone(-offset if word[0] == "-" else offset)
    hours = _ZONES.get(word.lower(), 99)
    return None if hours == 99 else timezone(timedelta(hours=hours))
