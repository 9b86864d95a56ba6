"""From a matched form to the days it names: the table of readers.

A reader takes the match and what is known around it, and gives a reading. Days that cannot be are answered with a
reason, never an exception.
"""

import re

from tasks.events.dates import days, periods
from tasks.events.dates.calendar import Around, Reading, Resolver, unread

RESOLVERS: dict[str, Resolver] = {
    "days": days.days,
    "ymd": days.ymd,
    "numeric": days.numeric,
    "weekday": days.weekday,
    "week_ago_weekday": days.week_ago_weekday,
    "weekday_range": days.weekday_range,
    "overnight_into": days.overnight_into,
    "deictic": days.deictic,
    "ago": periods.ago,
    "past_units": periods.past_units,
    "past_hours": periods.past_hours,
    "period": periods.period,
    "month": periods.month,
    "month_range": periods.month_range,
    "season": periods.season,
    "year": periods.year,
    "year_range": periods.year_range,
    "decade": periods.decade,
    "anchored": days.anchored,
    "holiday": days.holiday,
    "lunar": days.lunar,
    "day_of_month": days.day_of_month,
    "unread": periods.vague,
}


def resolve(resolver: str, match: re.Match[str], around: Around) -> Reading:
    """Read a match. Arithmetic beyond the calendar's years is no day."""
    try:
        return RESOLVERS[resolver](match, around)
    except (OverflowError, ValueError):  # years before 1 or after 9999
        return unread("no_such_day")
