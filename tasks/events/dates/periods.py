"""Readers of expressions wider than a day, and of steps from one: "last week", "in November", "two days ago"."""

import re
from datetime import date, timedelta

from tasks.events.dates.calendar import (
    Around,
    Reading,
    group,
    implied_year,
    monday_of,
    month_span,
    number_of,
    numbered,
    one_day,
    part_named,
    shift_months,
    span,
    stated_year,
    third_of,
    unread,
)
from tasks.reference.words.grammar_words import date_words


def _step(base: date, count: int, unit: str, sign: int) -> Reading:
    """Some units away from a day: a day for days, seven around for weeks, the whole month or year beyond."""
    if unit == "hour":
        return one_day(base + timedelta(days=sign * (count // 24)))
    if unit in ("day", "night"):
        return one_day(base + timedelta(days=sign * count))
    if unit == "week":
        middle = base + timedelta(days=sign * 7 * count)
        return span(middle - timedelta(days=3), middle + timedelta(days=3), "week")
    if unit == "month":
        there = shift_months(base, sign * count)
        return span(*month_span(there.year, there.month), "month")
    year = base.year + sign * count * (10 if unit == "decade" else 1)
    return span(date(year, 1, 1), date(year, 12, 31), "year")


def ago(match: re.Match[str], around: Around) -> Reading:
    """Reads "two days ago" from publication; "two days later", "a week earlier" from the last day named."""
    direction = " ".join((group(match, "dir") or "").split())
    count, unit = number_of(group(match, "n") or ""), (group(match, "u") or "").rstrip("s")
    if direction in ("before", "after") and re.match(r"\s+\w", match.string[match.end() : match.end() + 3]):
        return unread("anchored_on_an_event")
    base = around.reference if direction in ("ago", "from now") else around.last_day
    if base is None:
        return unread("no_publication_day" if direction == "ago" else "no_day_before_it")
    if count == 0 or count > 400 or (unit == "hour" and count < 24 and direction != "ago"):
        return unread("no_such_day")
    return _step(base, count, unit, 1 if direction in ("from now", "later", "after", "afterward", "afterwards") else -1)


def past_units(match: re.Match[str], around: Around) -> Reading:
    """Reads "the past 24 hours", "the last three weeks": up to publication."""
    if around.reference is None:
        return unread("no_publication_day")
    count, unit = number_of(group(match, "n") or ""), (group(match, "u") or "").rstrip("s")
    width = {"hour": (count + 23) // 24, "day": count, "night": count, "week": 7 * count, "month": 30 * count}
    far = timedelta(days=min(width.get(unit, 365 * count), 40_000))
    reference = around.reference
    if group(match, "dir") in ("next", "coming"):
        return span(reference, reference + far, "period")
    return span(reference - far, reference, "period")


def past_hours(match: re.Match[str], around: Around) -> Reading:
    """Reads "the past few hours": the day of publication."""
    if around.reference is None:
        return unread("no_publication_day")
    return one_day(around.reference)


def _part_of_year(number: int, early: str | None) -> tuple[date, date]:
    """The whole year, or its first, middle or last four months."""
    if not early:
        return date(number, 1, 1), date(number, 12, 31)
    first = {"early": 1, "mid": 5, "late": 9}[part_named(early)]
    return date(number, first, 1), month_span(number, first + 3)[1]


def period(match: re.Match[str], around: Around) -> Reading:
    """Reads "last week" (Monday to Sunday), "this month", "the beginning of the year", "the weekend"."""
    reference = around.reference
    if reference is None:
        return unread("no_publication_day")
    modifier, unit = group(match, "mod") or "this", group(match, "unit") or ""
    step = {"last": -1, "past": -1, "previous": -1, "next": 1, "coming": 1}.get(modifier, 0)
    if unit == "week":
        monday = monday_of(reference) + timedelta(days=7 * step)
        return Reading(monday, monday + timedelta(days=6), "week")
    if unit == "weekend":
        return _weekend(reference, step)
    if unit == "month":
        month = shift_months(reference, step)
        return span(*third_of(*month_span(month.year, month.month), group(match, "early")), "month")
    if unit == "year":
        return span(*_part_of_year(reference.year + step, group(match, "early")), "year")
    return unread("too_wide")


def _weekend(reference: date, step: int) -> Reading:
    saturday = monday_of(reference) + timedelta(days=5)
    if saturday > reference or step < 0:
        saturday -= timedelta(days=7)
    if step > 0:
        saturday = monday_of(reference) + timedelta(days=12 if reference.weekday() >= 5 else 5)
    return span(saturday, saturday + timedelta(days=1))


def _month_year(month: int, match: re.Match[str], around: Around) -> int | None:
    """The year of a month: stated, or the latest begun by publication."""
    if stated := stated_year(match, around):
        return stated
    reference = around.reference
    if reference is None:
        return None
    modifier = " ".join((group(match, "mod") or "").split())
    if modifier == "next":
        return reference.year + (month <= reference.month)
    if modifier.startswith("this") and not modifier.endswith("past"):
        return reference.year
    if around.future and month >= reference.month:
        return reference.year
    begun = month <= reference.month if modifier != "last" else month < reference.month
    return reference.year if begun else reference.year - 1


def month(match: re.Match[str], around: Around) -> Reading:
    """Reads "in November", "early March 2015", "last June"."""
    number = numbered()[(group(match, "m1") or "").rstrip(".")]
    year = _month_year(number, match, around)
    if year is None:
        return unread("no_year_and_no_publication_day", "month")
    first, last = month_span(year, number)
    early = group(match, "early")
    if early:
        low, high = date_words().month_parts[part_named(early)]
        first, last = date(year, number, low), date(year, number, min(high, last.day))
    return span(first, last, "month")


def month_range(match: re.Match[str], around: Around) -> Reading:
    """Reads "from March to May 2013"."""
    first, last = (numbered()[(group(match, g) or "").rstrip(".")] for g in ("m1", "m2"))
    stated = group(match, "y2") or group(match, "y1")
    if not stated and around.reference is None:
        return unread("no_year_and_no_publication_day", "period")
    year = int(stated) if stated else implied_year(last, 1, around) or 0
    year1 = int(group(match, "y1") or (year if first <= last else year - 1))
    return span(month_span(year1, first)[0], month_span(year, last)[1], "period")


def season(match: re.Match[str], around: Around) -> Reading:
    """Reads "the summer of 2012", "last winter" (the year a winter ends in)."""
    first, last = date_words().seasons[group(match, "season") or ""]
    stated, modifier = group(match, "y1"), group(match, "mod")
    if not stated and (modifier not in ("last", "this", "next") or around.reference is None):
        return unread("no_year")
    year = int(stated) if stated else _season_year(last, modifier, around)
    start = month_span(year if first <= last else year - 1, first)[0]
    return span(*third_of(start, month_span(year, last)[1], group(match, "early")), "period")


def _season_year(last: int, modifier: str | None, around: Around) -> int:
    reference = around.reference or date.min
    if modifier == "last":
        return reference.year if last < reference.month else reference.year - 1
    return reference.year + 1 if modifier == "next" and last <= reference.month else reference.year


def year(match: re.Match[str], around: Around) -> Reading:
    """Reads "in 2014", "late 2013"."""
    number = int(match["y1"])
    return span(*_part_of_year(number, group(match, "early")), "year")


def year_range(match: re.Match[str], around: Around) -> Reading:
    """Reads "between 2011 and 2014"."""
    return span(date(int(match["y1"]), 1, 1), date(int(match["y2"]), 12, 31), "period")


def decade(match: re.Match[str], around: Around) -> Reading:
    """Reads "the 1990s"."""
    return Reading(date(int(match["y1"]), 1, 1), date(int(match["y1"]) + 9, 12, 31), "period")


def vague(match: re.Match[str], around: Around) -> Reading:
    """Reads "several days ago": no days to name."""
    return unread("too_vague")
