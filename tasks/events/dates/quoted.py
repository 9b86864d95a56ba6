"""The day or days a quote of another language than English names.

A quote is a bag of parts: weekdays, months, figures, "last", "ago" and so on, in the order they stand. What they name
counts from the day of publication; without one only what is told in full is a date.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from schemas.mention import When
from tasks.events.language.counts import counts_in, ordinals
from tasks.events.language.quoted import Lexicon, QuotedWord, lexicon_of, quoted_words
from tasks.events.language.rules import QuotedDateRule
from tasks.reference.words.languages import language_words, month_names, weekday_names

_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?!\d)|(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_WORDS = (
    "ago",
    "last",
    "next",
    "this",
    "since",
    "until",
    "during",
    "begin",
    "middle",
    "end",
    "weekend",
    "decades",
    "nights",
    "between",
    "some",
)
#: A date heading a text stands within these first characters and words.
_HEAD, _HEAD_WORDS = 80, 5
#: How much of a text is its beginning, and what ends a full date there.
_LEAD, _FULL_DATE = 600, re.compile(r"\b(?:19|20)\d\d\b")
#: A day and month without a year later than this many days after publication were last year's.
_AHEAD = 60

Days = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a quote holds, each with its place: names of days and months, figures, units, small words."""

    weekdays: tuple[tuple[int, int], ...]
    months: tuple[tuple[int, int], ...]
    solar: tuple[tuple[int, int], ...]
    numbers: tuple[tuple[int, int], ...]
    years: tuple[tuple[int, int], ...]
    days: tuple[tuple[int, int], ...]
    units: tuple[tuple[int, str], ...]
    small: dict[str, int]
    pair: bool
    several: bool

    @property
    def ahead(self) -> bool:
        """Return True if it speaks of what comes."""
        return "next" in self.small and "last" not in self.small


@cache
def _lexicons(language: str) -> dict[str, Lexicon[int]]:
    words = language_words(language)
    return {
        "weekday": Lexicon(language, list(weekday_names(language).items())),
        "month": Lexicon(language, list(month_names(language).items())),
        "day": Lexicon(language, [(phrase, day) for day, phrases in words.days.items() for phrase in phrases]),
    }


@cache
def _small(language: str) -> Lexicon[str]:
    words = language_words(language)
    return lexicon_of(language, {name: getattr(words, name) for name in _WORDS})


@cache
def _units(language: str) -> Lexicon[str]:
    given = language_words(language).units.items()
    return lexicon_of(language, {unit: words.split() for unit, words in given})


@cache
def _pairs(language: str) -> Lexicon[str]:
    return lexicon_of(language, {"pair": language_words(language).pairs})


@cache
def _plural_units(language: str) -> Lexicon[str]:
    return lexicon_of(language, {"several": language_words(language).units_many})


@cache
def _solar_months() -> Lexicon[int]:
    """The months of the solar calendar of Iran and Afghanistan, from jdatetime."""
    import jdatetime  # noqa: PLC0415 - only if Persian is read

    return Lexicon("fa", [(name, month) for month, name in enumerate(jdatetime.date.j_months_fa, 1)])


def read_date(quote: str, language: str, published: date | None) -> When | None:
    """The day or days a quote names; ``None`` if it names none.

    >>> read_date("مساء السبت", "ar", date(2018, 6, 24)).start
    datetime.date(2018, 6, 23)
    """
    words = quoted_words(quote, language)
    numeric = _NUMERIC.search(_ascii(quote))
    if numeric is not None and (day := _numeric_day(numeric)) is not None:
        return _when((day, day), quote, QuotedDateRule.FIGURES)
    parts = _parts(words, language)
    for rule, reader in _RULES:
        days = reader(parts, published)
        if days is not None:
            days = _bounded(days, parts, published)
            return _when(days, quote, rule) if days != (None, None) else None
    return None


def dated(quotes: Sequence[When]) -> When | None:
    """The day of several quotes: the first, or one behind it that says the same more exactly."""
    named = [when for when in quotes if when.start or when.end]
    if not named:
        return None
    first = named[0]
    if len(named) > 1 and _are_days_running(first, named[1]):
        days = sorted(day for when in named[:2] if (day := when.start))
        return When(days[0], days[1], 2, f"{first.raw}; {named[1].raw}", QuotedDateRule.TWO_DAYS)
    finer = (when for when in named[1:] if _is_within(when, first))
    return next(finer, first)


def _are_days_running(first: When, second: When) -> bool:
    """Return True if two quotes name one day and the next. The two days of one night count as one."""
    days = {(when.start, when.end) for when in (first, second)}
    if QuotedDateRule.AT_NIGHT in (first.reason, second.reason):
        return False
    if any(begin != last or not begin for begin, last in days):
        return False
    ordered = sorted(begin for begin, _ in days if begin)
    return len(ordered) == 2 and (ordered[1] - ordered[0]).days == 1


def heading_day(text: str, language: str) -> date | None:
    """The full date that heads a text: the day it was written, if no page says it."""
    words = quoted_words(text[:_HEAD], language)
    parts = _parts(words, language)
    index = next((first for first, _ in parts.months), None)
    if index is None or not parts.years or index > _HEAD_WORDS or not 0 < parts.years[0][0] - index < 3:
        return None
    days = _month_day(parts, None)
    return days[0] if days and days[0] and days[0] == days[1] else None


def lead_day(text: str, language: str) -> date | None:
    """The first full date of a text's beginning: weekdays told without one are those that follow it."""
    for match in _FULL_DATE.finditer(text[:_LEAD]):
        words = quoted_words(text[max(0, match.start() - _HEAD // 2) : match.end()], language)
        days = _month_day(_parts(words, language), None)
        if days and days[0] and days[0] == days[1]:
            return days[0]
    return None


def _is_within(when: When, wider: When) -> bool:
    if None in (when.start, when.end, wider.start, wider.end) or (when.precision or 9) >= (wider.precision or 9):
        return False
    return bool(wider.start <= when.start and when.end <= wider.end)  # type: ignore[operator]


def _ascii(quote: str) -> str:
    digits = {base + n: str(n) for base in (0x0660, 0x06F0) for n in range(10)}
    return quote.translate(digits)


def _numeric_day(match: re.Match[str]) -> date | None:
    day, month, year, y2, m2, d2 = (int(part) if part else 0 for part in match.groups())
    return _day(year or y2, month or m2, day or d2)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _when(days: Days, quote: str, rule: QuotedDateRule) -> When:
    first, last = days
    length = (last - first).days if first and last else None
    precision = (
        None if length is None else next((p for p, most in ((1, 0), (2, 5), (3, 6), (4, 30)) if length <= most), 5)
    )
    return When(first, last, precision, quote, rule)


def _parts(words: Sequence[QuotedWord], language: str) -> _Parts:
    lexicons = _lexicons(language)
    used: set[int] = set()

    def hits(lexicon: Lexicon[int]) -> list[tuple[int, int]]:
        hit_list = [hit for hit in lexicon.found(words) if not used & set(range(hit[0], hit[1]))]
        used.update(index for first, stop, _ in hit_list for index in range(first, stop))
        return [(first, value) for first, _, value in hit_list]

    days = hits(lexicons["day"])
    months = hits(lexicons["month"])
    solar = hits(_solar_months()) if language == "fa" else []
    weekdays = hits(lexicons["weekday"])
    small = {name: first for first, _, name in reversed(_small(language).found(words))}
    units = [(first, unit) for first, _, unit in _units(language).found(words) if first not in used]
    numbers, years = _figures(words, language, used)
    pair = bool(_pairs(language).found(words))
    several = any(words[first].number == "many" for first, _ in units) or bool(_plural_units(language).found(words))
    several = several or ("some" in small and bool(_units(language).found(words)))
    return _Parts(
        tuple(weekdays), tuple(months), tuple(solar), numbers, years, tuple(days), tuple(units), small, pair, several
    )


def _figures(
    words: Sequence[QuotedWord], language: str, used: set[int]
) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """Counts and ordinals, and what looks like a year."""
    figures = [
        (count.first, count.value)
        for count in counts_in(words, language)
        if not count.vague and count.first not in used
    ]
    indexes = {first for first, _ in figures}
    for first, _, value in ordinals(language).found(words):
        if first not in indexes and first not in used:
            figures.append((first, value))
    figures = _joined_ordinals(sorted(figures), language)
    years = [(first, value) for first, value in figures if 1300 <= value <= 2200]
    return tuple(pair for pair in figures if pair not in years), tuple(years)


def _joined_ordinals(figures: list[tuple[int, int]], language: str) -> list[tuple[int, int]]:
    """Reads "the fourth" and "ten" side by side as fourteenth, "twenty first" as 21."""
    joined: list[tuple[int, int]] = []
    for first, value in figures:
        near = joined and first - joined[-1][0] == 1
        if (near and language == "ar" and joined[-1][1] < 10 and value in {10, 20, 30}) or (
            near and joined[-1][1] in {20, 30} and value < 10
        ):
            joined[-1] = (joined[-1][0], joined[-1][1] + value)
        else:
            joined.append((first, value))
    return joined


def _solar_day(parts: _Parts, published: date | None) -> Days | None:
    """Reads "19 Mehr" and "Mehr 1397"."""
    if not parts.solar:
        return None
    import jdatetime  # noqa: PLC0415 - only if Persian is read

    index, month = parts.solar[0]
    near = jdatetime.date.fromgregorian(date=published) if published else None
    year = parts.years[0][1] if parts.years else near.year if near else None
    day = _number_beside(parts, index)
    if year is None:
        return None, None
    first = jdatetime.date(year, month, day or 1)
    if published and not parts.years and first.togregorian() > published + timedelta(days=_AHEAD):
        first = first.replace(year=year - 1)
    if day:
        return first.togregorian(), first.togregorian()
    following = first.replace(year=first.year + month // 12, month=month % 12 + 1)
    return first.togregorian(), following.togregorian() - timedelta(days=1)


def _number_beside(parts: _Parts, index: int) -> int | None:
    days = [
        (abs(first - index), value) for first, value in parts.numbers if 1 <= value <= 31 and abs(first - index) <= 3
    ]
    return min(days)[1] if days else None


def _month_day(parts: _Parts, published: date | None) -> Days | None:
    """Reads "13 January [2018]", "between 12 and 17 October", "at the end of January", "in July 2015"."""
    if not parts.months:
        return None
    index, month = parts.months[0]
    days = [value for first, value in parts.numbers if 1 <= value <= 31 and -6 <= first - index <= 2]
    year = _year_of(parts, published, month, days[-1] if days else 1)
    if year is None:
        return None, None
    if days and (first := _day(year, month, days[0])) is not None:
        last_month = parts.months[-1][1] if len(parts.months) > 1 and len(days) > 1 else month
        last = _day(year, last_month, days[-1])
        return (first, last) if last is not None and last >= first and len(days) > 1 else (first, first)
    return _part_of_month(parts, year, month)


def _part_of_month(parts: _Parts, year: int, month: int) -> Days:
    length = monthrange(year, month)[1]
    bounds = {"begin": (1, 10), "middle": (11, 20), "end": (21, length)}
    first, last = next((bounds[name] for name in bounds if name in parts.small), (1, length))
    return date(year, month, first), date(year, month, last)


def _year_of(parts: _Parts, published: date | None, month: int, day: int) -> int | None:
    """The year told; else the last one, before publication, that has had the day."""
    if parts.years:
        return parts.years[0][1]
    if published is None:
        return None
    year = published.year
    if any(unit == "year" for _, unit in parts.units) and "last" in parts.small:
        return year - 1
    candidate = _day(year, month, day) or date(year, month, 1)
    if parts.ahead:
        return year if candidate >= published else year + 1
    late = candidate > published + timedelta(days=0 if "last" in parts.small else _AHEAD)
    return year - 1 if late else year


def weekday_after(quote: str, language: str, day: date | None) -> When | None:
    """The first such weekday from a day on; ``None`` if the quote names no weekday, or there is no day."""
    parts = _parts(quoted_words(quote, language), language)
    if day is None or not parts.weekdays:
        return None
    named = day + timedelta(days=(parts.weekdays[0][1] - day.weekday()) % 7)
    return _when((named, named), quote, QuotedDateRule.WEEKDAY_AFTER)


def _weekday(parts: _Parts, published: date | None) -> Days | None:
    """Reads "Thursday", "last Thursday", "the night of Thursday to Friday"; the day of publication counts itself."""
    if not parts.weekdays or published is None:
        return (None, None) if parts.weekdays else None
    days = [_near(published, day, ahead=parts.ahead) for _, day in parts.weekdays]
    if len(days) > 1 and (days[1] - days[0]).days in {1, -6}:
        return days[1] - timedelta(days=1), days[1]
    if len(days) > 1 and "between" in parts.small:
        return min(days), max(days)
    return days[0], days[0]


def _near(published: date, weekday: int, *, ahead: bool) -> date:
    if ahead:
        return published + timedelta(days=(weekday - published.weekday() - 1) % 7 + 1)
    return published - timedelta(days=(published.weekday() - weekday) % 7)


def _relative_day(parts: _Parts, published: date | None) -> Days | None:
    if not parts.days:
        return None
    if published is None:
        return None, None
    day = published + timedelta(days=parts.days[0][1])
    return day, day


def _past_days(parts: _Parts, published: date | None) -> Days | None:
    """Reads "in the past days", whose beginning nobody knows, and "in the coming hours"."""
    if not parts.several or parts.numbers or parts.pair or not {"last", "next"} & parts.small.keys():
        return None
    return (published, published) if parts.ahead else (None, published)


def _night(parts: _Parts, published: date | None) -> Days | None:
    """Reads "at night" with no day: the night before publication."""
    if "nights" not in parts.small:
        return None
    return (published - timedelta(days=1), published) if published else (None, None)


def _beginning(parts: _Parts, published: date | None) -> Days | None:
    """Reads "since the beginning of the war"."""
    return (None, published) if {"since", "begin"} <= parts.small.keys() else None


def _ago(parts: _Parts, published: date | None) -> Days | None:
    """Reads "a week ago", "six months ago", "two years ago"."""
    if "ago" not in parts.small or not parts.units:
        return None
    if published is None:
        return None, None
    unit = parts.units[0][1]
    count = 2 if parts.pair else parts.numbers[0][1] if parts.numbers else 1
    if unit in {"hour", "day", "week"}:
        days = {"hour": 1 / 24, "day": 1, "week": 7}[unit] * count
        day = published - timedelta(days=round(days))
        return day, day
    return _whole(published, unit, -count)


def _whole(published: date, unit: str, steps: int) -> Days:
    """The week, month or year that lies some steps from the one of publication."""
    if unit == "week":
        monday = published - timedelta(days=published.weekday()) + timedelta(weeks=steps)
        return monday, monday + timedelta(days=6)
    if unit == "month":
        index = published.year * 12 + published.month - 1 + steps
        year, month = divmod(index, 12)
        return date(year, month + 1, 1), date(year, month + 1, monthrange(year, month + 1)[1])
    return date(published.year + steps, 1, 1), date(published.year + steps, 12, 31)


def _last_units(parts: _Parts, published: date | None) -> Days | None:
    """Reads "last week", "this month", "the past 48 hours", "the weekend"."""
    if "weekend" in parts.small and published is not None:
        saturday = _near(published, 5, ahead=False)
        return saturday, saturday + timedelta(days=1)
    named = {"last", "this", "next"} & parts.small.keys()
    if not parts.units or not (named or "during" in parts.small):
        return None
    if published is None:
        return None, None
    unit = parts.units[0][1]
    count = 2 if parts.pair else parts.numbers[0][1] if parts.numbers else 1
    if unit in {"hour", "day"} or parts.numbers or parts.pair:
        if not (parts.numbers or parts.pair or unit == "hour") and "last" not in named:
            return None
        days = {"hour": 1 / 24, "day": 1, "week": 7, "month": 30, "year": 365}[unit] * count
        back = published - timedelta(days=max(1, round(days)))
        return (published, published) if parts.ahead else (back, published if parts.numbers or parts.pair else back)
    return _whole(published, unit, -1 if "last" in named else 1 if "next" in named else 0)


def _year(parts: _Parts, _: date | None) -> Days | None:
    """Reads "2008", "the 1990s"."""
    decade = next((value for _, value in parts.numbers if value in range(10, 100, 10)), None)
    if "decades" in parts.small and decade is not None:
        return date(1900 + decade, 1, 1), date(1909 + decade, 12, 31)
    if not parts.years:
        return None
    first, last = parts.years[0][1], parts.years[-1][1]
    last = max(last, first)
    return date(first, 1, 1), date(last, 12, 31)


def _bounded(days: Days, parts: _Parts, published: date | None) -> Days:
    """Let "since" run to the day of publication, and take the beginning from "until"."""
    first, last = days
    if "since" in parts.small and first is not None and published is not None and first <= published:
        return first, published
    if "until" in parts.small and "since" not in parts.small and "between" not in parts.small:
        return None, last
    return days


_RULES: tuple[tuple[QuotedDateRule, Callable[[_Parts, date | None], Days | None]], ...] = (
    (QuotedDateRule.SOLAR, _solar_day),
    (QuotedDateRule.MONTH_AND_DAY, _month_day),
    (QuotedDateRule.WEEKDAY, _weekday),
    (QuotedDateRule.PAST_DAYS, _past_days),
    (QuotedDateRule.RELATIVE_DAY, _relative_day),
    (QuotedDateRule.AGO, _ago),
    (QuotedDateRule.LAST_OR_THIS, _last_units),
    (QuotedDateRule.YEAR, _year),
    (QuotedDateRule.AT_NIGHT, _night),
    (QuotedDateRule.BEGINNING, _beginning),
)
