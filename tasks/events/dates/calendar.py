"""What every reader of date expressions shares: the reading, what it is read against, calendar arithmetic."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from tasks.reference.precision import date_precision
from tasks.reference.words.grammar_words import date_words

#: Days a reading may lie after publication and still be of this year: time zones, and papers dated tomorrow.
TOLERANCE = timedelta(days=1)


#: A day without a year this close ahead is the coming one: nobody writes "Nov. 13" on Nov. 2 of last year's.
_AHEAD = timedelta(days=75)


@dataclass(frozen=True, slots=True)
class Around:
    """What an expression is read against: the day of publication, the last day named before it, the clause's drift."""

    reference: date | None
    last_day: date | None
    future: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """The days of an expression, or the reason there are none. ``kind`` is a word of ``when.DateKind``."""

    start: date | None
    end: date | None
    kind: str
    reason: str = ""


Resolver = Callable[[re.Match[str], Around], Reading]


def unread(reason: str, kind: str = "period") -> Reading:
    """No day, and why."""
    return Reading(None, None, kind, reason)


def one_day(day: date) -> Reading:
    """A single day."""
    return Reading(day, day, "day")


def span(first: date, last: date, kind: str = "range") -> Reading:
    """Some days; a range that runs backwards is unread."""
    if first == last:
        return one_day(first)
    return Reading(first, last, kind) if first < last else unread("runs_backwards", kind)


def precision_of(first: date, last: date) -> int:
    """UCDP's date_prec of an interval."""
    return int(date_precision((last - first).days + 1))


def group(match: re.Match[str], name: str) -> str | None:
    """A named group in lower case, ``None`` if the form lacks it or it is empty."""
    text = match.groupdict().get(name)
    return text.lower() if text else None


@cache
def numbered() -> dict[str, int]:
    """Months and weekdays by their names in lower case: 1-12, and 0-6 from Monday."""
    words = date_words()
    table = {name.lower(): number for number, names in words.months.items() for name in names}
    return table | {name.lower(): number for number, names in words.weekdays.items() for name in names}


def number_of(text: str) -> int:
    """A figure or a number word ("3rd", "third", "three"); 0 if it is neither."""
    digits = re.match(r"\d+", text)
    if digits:
        return int(digits[0])
    spelled = [word.lower() for word in date_words().ordinals]
    key = " ".join(text.split())
    return spelled.index(key) + 1 if key in spelled else date_words().small_numbers.get(key, 0)


def day_or_none(year: int, month: int, day: int) -> date | None:
    """That day, or ``None`` if the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def full_year(short: int, reference: date | None) -> int:
    """Two digits as a year not after next year; 70-99 are the last century if nothing says otherwise."""
    limit = reference.year + 1 if reference else 2069
    year = limit - limit % 100 + short
    return year if year <= limit else year - 100


def shift_months(day: date, months: int) -> date:
    """The same day some months away, or the last of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_span(year: int, month: int) -> tuple[date, date]:
    """The first and last day of a month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def implied_year(month: int, day: int, around: Around, modifier: str | None = None) -> int | None:
    """The year of a day named without one: the latest past, unless the next lies close ahead (``_AHEAD``)."""
    reference = around.reference
    if reference is None:
        return None
    ahead = {"last": -1, "next": 366}.get(modifier or "", 245 if around.future else _AHEAD.days)
    for year in range(reference.year + 1, reference.year - 9, -1):
        candidate = day_or_none(year, month, day)
        if candidate and (candidate - reference).days <= ahead:
            return year
    return reference.year


def stated_year(match: re.Match[str], around: Around) -> int | None:
    """The year an expression states, in four digits or two."""
    if year := group(match, "y2") or group(match, "y1"):
        return int(year)
    short = group(match, "yy")
    return full_year(int(short.lstrip("'\u2019")), around.reference) if short else None


def on_weekday(day: date, weekday: int, future: bool, strict: bool = False) -> date:
    """The nearest such weekday before (after) a day; ``strict`` leaves out the day itself."""
    step = (weekday - day.weekday()) % 7 if future else -((day.weekday() - weekday) % 7)
    if strict and step == 0:
        step = 7 if future else -7
    return day + timedelta(days=step)


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def part_named(word: str) -> str:
    """``early``, ``mid`` or ``late``, by any of their words."""
    return next(name for name, words in date_words().part_words.items() if word in words)


def third_of(first: date, last: date, early: str | None) -> tuple[date, date]:
    """The early, middle or late third of a period."""
    if not early:
        return first, last
    part = part_named(early)
    third = ((last - first).days + 1) // 3
    if part == "early":
        return first, first + timedelta(days=third - 1)
    if part == "mid":
        return first + timedelta(days=third), first + timedelta(days=2 * third - 1)
    return first + timedelta(days=2 * third), last
