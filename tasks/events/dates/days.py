"""Readers of expressions that name a day or a few: dates, weekdays, "yesterday", "the next day", feasts."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from tasks.events.dates.calendar import (
    TOLERANCE,
    Around,
    Reading,
    day_or_none,
    group,
    implied_year,
    monday_of,
    number_of,
    numbered,
    on_weekday,
    one_day,
    shift_months,
    span,
    stated_year,
    unread,
)
from tasks.reference.words.grammar_words import date_words


def days(match: re.Match[str], around: Around) -> Reading:
    """Month and day or days, with or without a year: "Dec. 4", "26-27 November 2023", "May 30 - June 2"."""
    first, last = group(match, "d1"), group(match, "d2") or group(match, "d3")
    month1 = numbered().get((group(match, "m1") or "").rstrip("."), 0)
    month2 = numbered().get((group(match, "m2") or "").rstrip("."), month1)
    day1 = number_of(first or "")
    day2 = number_of(last) if last else day1
    year = stated_year(match, around) or implied_year(month2, day2, around, group(match, "mod"))
    if year is None:
        return unread("no_year_and_no_publication_day", "day")
    year1 = int(group(match, "y1") or (year if month1 <= month2 else year - 1))
    initial, final = day_or_none(year1, month1, day1), day_or_none(year, month2, day2)
    return span(initial, final) if initial and final else unread("no_such_day", "day")


def ymd(match: re.Match[str], around: Around) -> Reading:
    """2017-04-30 and 2017/04/30."""
    day = day_or_none(int(match["y1"]), int(match["n2"]), int(match["n1"]))
    return one_day(day) if day else unread("no_such_day", "day")


def numeric(match: re.Match[str], around: Around) -> Reading:
    """12/05/2017: read if one of the two cannot be a month, both are the same, or only one order gives a day of
    the month before publication.
    """
    first, second = int(match["n1"]), int(match["n2"])
    year = stated_year(match, around) or 0
    day_first, month_first = day_or_none(year, second, first), day_or_none(year, first, second)
    if match["s"] == "." or month_first is None or day_first == month_first:
        return one_day(day_first) if day_first else unread("no_such_day", "day")
    if day_first is None:
        return one_day(month_first)
    near = [day for day in (day_first, month_first) if around.reference and -1 <= (around.reference - day).days <= 31]
    return one_day(near[0]) if len(near) == 1 else unread("day_or_month_first_unknown", "day")


#: Words that rule out the day itself, and whether they look ahead.
_STRICT = {
    "next": True,
    "coming": True,
    "this coming": True,
    "following": True,
    "last": False,
    "past": False,
    "this past": False,
    "previous": False,
}
_WEEK_OFFSET = {"last": -7, "this": 0, "next": 7}


def weekday(match: re.Match[str], around: Around) -> Reading:
    """A weekday is the nearest past one, the day of publication included; a clause about the future turns it."""
    reference, name = around.reference, numbered()[(group(match, "wd1") or group(match, "w1") or "").rstrip(".")]
    if reference is None:
        return unread("no_publication_day", "day")
    modifier, week = group(match, "mod"), group(match, "week")
    modifier = " ".join(modifier.split()) if modifier else None
    if week:
        return one_day(monday_of(reference) + timedelta(days=_WEEK_OFFSET[week] + name))
    if modifier in _STRICT:
        base = reference if modifier not in ("previous", "following") else around.last_day or reference
        return one_day(on_weekday(base, name, future=_STRICT[modifier], strict=True))
    if modifier == "this":
        ahead = around.future or (name - reference.weekday()) % 7 <= 3
        return one_day(on_weekday(reference, name, future=ahead))
    return one_day(on_weekday(reference, name, around.future))


def week_ago_weekday(match: re.Match[str], around: Around) -> Reading:
    """Reads "a week ago Monday": a week before the nearest past one."""
    base = weekday(match, around)
    return one_day(base.start - timedelta(days=7)) if base.start else base


def weekday_range(match: re.Match[str], around: Around) -> Reading:
    """Reads "from Monday to Wednesday": the later one nearest, the earlier one in the week before it."""
    if around.reference is None:
        return unread("no_publication_day", "range")
    first, last = (numbered()[(group(match, g) or "").rstrip(".")] for g in ("w1", "w2"))
    final = on_weekday(around.reference, last, around.future)
    if (
        re.search(r"\sand\s", match[0])
        and (around.reference - final).days
        > (initial := on_weekday(around.reference, first, around.future), (around.reference - initial).days)[1]
    ):
        return span(final, initial)
    return span(on_weekday(final, first, future=False), final)


def overnight_into(match: re.Match[str], around: Around) -> Reading:
    """Reads "overnight to Sunday": that day and the one before."""
    base = weekday(match, around)
    return span(base.start - timedelta(days=1), base.start) if base.start else base


_DEICTIC = {
    "yesterday": (-1, -1),
    "tomorrow": (1, 1),
    "last night": (-1, -1),
    "last evening": (-1, -1),
    "overnight": (-1, 0),
    "the day before yesterday": (-2, -2),
    "the day after tomorrow": (2, 2),
    "the night before last": (-2, -2),
}


def deictic(match: re.Match[str], around: Around) -> Reading:
    """Reads "yesterday", "this morning", "overnight" (the night that ends on the day of publication)."""
    if around.reference is None:
        return unread("no_publication_day", "day")
    first, last = _DEICTIC.get(" ".join((group(match, "word") or "").split()), (0, 0))
    return span(around.reference + timedelta(days=first), around.reference + timedelta(days=last))


def anchored(match: re.Match[str], around: Around) -> Reading:
    """Reads "the next day", "the day before", "that night": read from the last day named."""
    if around.last_day is None:
        return unread("no_day_before_it", "day")
    word = " ".join((group(match, "word") or "").split())
    follows = re.match(
        r"\s+(?!(?:in|on|at|near|when|and|but|by|to|for)\b)[a-z]", match.string[match.end() : match.end() + 6]
    )
    if word.endswith((" before", " after")) and follows:
        return unread("anchored_on_an_event", "day")
    step = 1 if re.search(r"\b(?:next|following|after)\b", word) else 0
    step = -1 if re.search(r"\b(?:previous|preceding|before)\b", word) else step
    return one_day(around.last_day + timedelta(days=step))


def _nth_weekday(year: int, month_number: int, name: int, nth: int) -> date:
    first = date(year, month_number, 1)
    return first + timedelta(days=(name - first.weekday()) % 7 + 7 * (nth - 1))


def _feast(name: str, year: int) -> date:
    words = date_words()
    fixed = {key.lower(): value for key, value in words.holidays.items()}
    if name in fixed:
        return date(year, *fixed[name])
    moving = {key.lower(): value for key, value in words.nth_weekday_holidays.items()}
    return _nth_weekday(year, *moving[name])


def _nearest_year(make: Callable[[int], date], around: Around, modifier: str | None) -> date | None:
    reference = around.reference
    if reference is None:
        return None
    if around.future or modifier == "next":
        return next(d for y in (reference.year, reference.year + 1) if (d := make(y)) >= reference)
    limit = reference - timedelta(days=1) if modifier == "last" else reference + TOLERANCE
    return next(d for y in (reference.year + 1, reference.year, reference.year - 1) if (d := make(y)) <= limit)


def holiday(match: re.Match[str], around: Around) -> Reading:
    """Reads "Christmas Day 2016", "Thanksgiving"."""
    name = " ".join((group(match, "feast") or "").split())
    if stated := group(match, "y1"):
        return one_day(_feast(name, int(stated)))
    day = _nearest_year(lambda y: _feast(name, y), around, group(match, "mod"))
    return one_day(day) if day else unread("no_year_and_no_publication_day", "day")


def lunar(match: re.Match[str], around: Around) -> Reading:
    """Feasts that move (Eid, Ramadan, Nowruz, Easter): by the table of first days in ``seeds/date_words.yml``.

    One that is not over on the day of publication ends there, unless what is told is still to come.
    """
    table = {name.lower(): entry for name, entry in date_words().lunar_holidays.items()}
    entry = table[" ".join((group(match, "moon") or "").split())]
    stated, reference = group(match, "y1"), around.reference
    firsts = [d for d in entry.first if (str(d.year) == stated if stated else reference and d <= reference + TOLERANCE)]
    if not firsts or (not stated and reference and (reference - firsts[-1]).days > 366):
        return unread("not_in_the_table_of_feasts")
    if nth := group(match, "nth"):
        return one_day(firsts[-1] + timedelta(days=number_of(nth) - 1))
    if group(match, "eve"):
        return one_day(firsts[-1] - timedelta(days=1))
    last = firsts[-1] + timedelta(days=entry.days - 1)
    if reference and not stated and not around.future:
        last = max(firsts[-1], min(last, reference))
    return span(firsts[-1], last)


def day_of_month(match: re.Match[str], around: Around) -> Reading:
    """Reads "the 12th": of the last month that had one by publication."""
    reference = around.reference
    if reference is None:
        return unread("no_publication_day", "day")
    number, modifier = number_of(match["d1"]), group(match, "mod")
    back = 1 if modifier == "last" or (modifier is None and number > reference.day + 1) else 0
    month = shift_months(reference.replace(day=1), -back)
    day = day_or_none(month.year, month.month, number)
    return one_day(day) if day else unread("no_such_day", "day")
