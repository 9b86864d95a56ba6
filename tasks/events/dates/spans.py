"""One date expression of a text: the type the grammar makes."""

from dataclasses import dataclass
from enum import StrEnum

from schemas.mention import When


class DateKind(StrEnum):
    """What sort of expression a span is: days (``DAY``, ``RANGE``), or wider."""

    DAY = "day"
    RANGE = "range"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    PERIOD = "period"
    DATELINE = "dateline"


#: The rule of a year that an event is called after: "the 1995 massacre".
NAMED_YEAR = "named_year"
#: The rule of a day that begins a time: "since Monday".
SINCE = "since"


@dataclass(frozen=True, slots=True)
class DateSpan:
    """One date expression: ``text[start:end] == quote``; ``when.reason`` is ``rule``, or why it has no day.

    ``reporting``: the expression hangs on a verb of saying ("said on Saturday") and dates the statement.
    """

    start: int
    end: int
    quote: str
    when: When
    rule: str
    kind: DateKind
    reporting: bool = False
