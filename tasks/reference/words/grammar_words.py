"""The word lists of the text grammars: dates, numbers, tolls. Loaded and checked once."""

from datetime import date
from functools import cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from tasks.reference.seeds import read_yaml_as

Month = Annotated[int, Field(ge=1, le=12)]
Weekday = Annotated[int, Field(ge=0, le=6)]


class _Seed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LunarHoliday(_Seed):
    """A feast whose first day moves: how many days it lasts and when it began."""

    days: int
    first: tuple[date, ...]


class DateWords(_Seed):
    """``seeds/date_words.yml``."""

    months: dict[Month, tuple[str, ...]]
    months_also_words: tuple[str, ...]
    weekdays: dict[Weekday, tuple[str, ...]]
    parts_of_day: tuple[str, ...]
    seasons: dict[str, tuple[Month, Month]]
    month_parts: dict[str, tuple[int, int]]
    part_words: dict[str, tuple[str, ...]]
    holidays: dict[str, tuple[Month, int]]
    nth_weekday_holidays: dict[str, tuple[Month, Weekday, int]]
    lunar_holidays: dict[str, LunarHoliday]
    small_numbers: dict[str, int]
    ordinals: tuple[str, ...]
    future_cues: tuple[str, ...]
    future_prepositions: tuple[str, ...]
    reporting_verbs: tuple[str, ...]
    saying_stops: tuple[str, ...]
    abbreviations: tuple[str, ...]
    referring: dict[int, tuple[str, ...]]


class DateForm(_Seed):
    """One way to write a date: its name, the reader of its match, and its pattern."""

    name: str
    resolver: str
    pattern: str


class DateForms(_Seed):
    """``seeds/date_forms.yml``."""

    forms: tuple[DateForm, ...]
    openers: tuple[str, ...]


class VagueCount(_Seed):
    """A count in words such as "dozens". ``low`` follows ACLED (most conservative), ``best`` news coders."""

    words: tuple[str, ...]
    low: int
    best: int | None
    source: str


class NumberWords(_Seed):
    """``seeds/number_words.yml``."""

    cardinals: dict[str, int]
    multipliers: dict[str, int]
    vague: tuple[VagueCount, ...]
    at_least: tuple[str, ...]
    more_than: tuple[str, ...]
    at_most: tuple[str, ...]
    fewer_than: tuple[str, ...]
    about: tuple[str, ...]
    exact: tuple[str, ...]
    not_counts_before: tuple[str, ...]
    not_counts_after: tuple[str, ...]


class TollWords(_Seed):
    """The phrases of one kind of toll, by the way they take their persons."""

    participles: tuple[str, ...]
    verbs: tuple[str, ...]
    states: tuple[str, ...]
    count_nouns: tuple[str, ...]
    of_nouns: tuple[str, ...]
    toll_nouns: tuple[str, ...]


class CasualtyWords(_Seed):
    """``seeds/casualty_words.yml``."""

    kinds: dict[str, TollWords]
    open_outcome: tuple[str, ...]
    armed: tuple[str, ...]
    persons: tuple[str, ...]
    not_persons: tuple[str, ...]
    negations: tuple[str, ...]
    hypothetical: tuple[str, ...]
    cumulative: tuple[str, ...]
    as_many: tuple[str, ...]
    subsets: tuple[str, ...]
    function_words: dict[str, str]


@cache
def date_words() -> DateWords:
    """The words of dates. Raises :class:`SeedError` naming file, entry and field."""
    return read_yaml_as("date_words.yml", DateWords)


@cache
def date_forms() -> DateForms:
    """The forms of dates. Raises :class:`SeedError`."""
    return read_yaml_as("date_forms.yml", DateForms)


@cache
def number_words() -> NumberWords:
    """The words of numbers. Raises :class:`SeedError`."""
    return read_yaml_as("number_words.yml", NumberWords)


@cache
def casualty_words() -> CasualtyWords:
    """The words of tolls. Raises :class:`SeedError`."""
    return read_yaml_as("casualty_words.yml", CasualtyWords)
