"""From a matched form to the days it names: the table of readers.

A reader takes the match and what is known around it, and gives a reading. Days that cannot be are answered with a
reason, never an exception.
"""

import re

from tasks.events import when_days, when_periods
from tasks.events.when_calendar import Around, Reading, Resolver, unread

RESOLVERS: dict[str, Resolver] = {
    "days": when_days.days,
    "ymd": when_days.ymd,
    "numeric": when_days.numeric,
    "weekday": when_days.weekday,
    "week_ago_weekday": when_days.week_ago_weekday,
    "weekday_range": when_days.weekday_range,
    "overnight_into": when_days.overnight_into,
    "deictic": when_days.deictic,
    "ago": when_periods.ago,
    "past_units": when_periods.past_units,
    "past_hours": when_periods.past_hours,
    "period": when_periods.period,
    "month": when_periods.month,
    "month_range": when_periods.month_range,
    "season": when_periods.season,
    "year": when_periods.year,
    "year_range": when_periods.year_range,
    "decade": when_periods.decade,
    "anchored": when_days.anchored,
    "holiday": when_days.holiday,
    "lunar": when_days.lunar,
    "day_of_month": when_days.day_of_month,
    "unread": when_periods.vague,
}


def resolve(resolver: str, match: re.Match[str], around: Around) -> Reading:
    """Read a match. Arithmetic beyond the calendar's years is no day."""
    try:
        return RESOLVERS[resolver](match, around)
    except (OverflowError, ValueError):  # years before 1 or after 9999
        return unread("no_such_day")
