"""Dates in a text: which days its words name.

In: a text and its day of publication. Out: date spans with characters, first and last day, and precision.
"""

from tasks.events.dates.expressions import DateKind, DateSpan, find_dates

__all__ = ["DateKind", "DateSpan", "find_dates"]
