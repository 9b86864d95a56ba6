"""How values are read from words, as enums for code to compare; their text is made where a person is shown it."""

from dataclasses import dataclass
from enum import StrEnum


class CountRule(StrEnum):
    """What a count was read from."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    FEWER_THAN = "fewer_than"
    RANGE = "range"
    VAGUE = "vague"
    ARTICLE = "article"
    SINGULAR = "singular"
    NAME = "name"
    PRONOUN = "pronoun"
    PLURAL = "plural"
    NOBODY = "nobody"
    AS_MANY = "as_many"
    LIST = "list"
    SUM = "sum"


#: One person told of without a figure, who is often told of again.
ONE_PERSON = frozenset({CountRule.NAME, CountRule.PRONOUN, CountRule.SINGULAR})


class Construction(StrEnum):
    """The construction that makes persons a toll."""

    PASSIVE = "passive"
    ACTIVE = "active"
    ACTIVE_SHARED = "active_shared"
    ADJECTIVE = "adjective"
    JOINT = "joint"
    REDUCED = "reduced"
    STATE = "state"
    DOER = "doer"
    COUNT_NOUN = "count_noun"
    OF_NOUN = "of_noun"
    TOLL = "toll"
    NO_CASUALTIES = "no_casualties"


@dataclass(frozen=True, slots=True)
class TollRule:
    """How a toll was read.

    >>> str(TollRule(Construction.PASSIVE, CountRule.EXACT))
    'passive:exact'
    """

    construction: Construction
    count: CountRule

    def __str__(self) -> str:
        return f"{self.construction}:{self.count}"


class QuotedDateRule(StrEnum):
    """What the day of a quote in another language than English was read from."""

    FIGURES = "date in figures"
    SOLAR = "solar calendar"
    MONTH_AND_DAY = "month and day"
    WEEKDAY = "weekday"
    PAST_DAYS = "past days"
    RELATIVE_DAY = "relative day"
    AGO = "time ago"
    LAST_OR_THIS = "last or this"
    YEAR = "year"
    AT_NIGHT = "at night"
    BEGINNING = "since it began"
    TWO_DAYS = "two days"
    WEEKDAY_AFTER = "weekday after a day told"


class QuotedPlaceRule(StrEnum):
    """What a place of a quote in another language than English was found by."""

    NAME = "name"
    COUNTRY = "country"
    UNIT = "unit"
    SOUND = "sound"
    PART = "part of the name"
    AROUND = "what the article speaks of"
