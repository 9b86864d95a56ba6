"""The patterns of date expressions. Every repeat is bounded, so that matching is linear in the text.

A pattern is written with pieces in angle brackets, ``<day:d1>`` being a day whose group is ``d1``.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from tasks.reference.grammar_words import DateWords, date_words

_PIECE = re.compile(r"(?<!\?P)<(\w+)(?::(\w+))?>")
_W = r"[ \t\r\n\u00a0]{1,3}"
_ORDINAL_END = r"(?:st|nd|rd|th)"
#: After a number that is a day or a year: no digits, no decimals, no per cent, no clock time.
_NOT_MORE = r"(?![\d%])(?![.,:]\d)(?!\s(?i:percent|per\scent)\b)"


@dataclass(frozen=True, slots=True)
class Rule:
    """One form of date. ``name`` is what evidence calls it; ``resolver`` the function that reads the match."""

    name: str
    resolver: str
    pattern: re.Pattern[str]


def any_of(words: Iterable[str]) -> str:
    """The words as an alternation, the longest first; blanks match any white space."""
    return "|".join(re.escape(word).replace(r"\ ", _W) for word in sorted(words, key=lambda w: (-len(w), w)))


def _cased(words: Iterable[str]) -> str:
    """Words only as ``Xxxx`` or ``XXXX``."""
    return any_of({form for word in words for form in (word, word.upper())})


def _months(words: DateWords) -> str:
    names = {name for group in words.months.values() for name in group}
    full = {group[0] for group in words.months.values()} - set(words.months_also_words)
    cased = {name for name in words.months_also_words if any(name == group[0] for group in words.months.values())}
    return rf"(?:(?i:{any_of(full)})|(?:{_cased(cased)})|(?:{_cased(names - full - cased)})\.?)(?![A-Za-z])"


def _weekdays(words: DateWords) -> str:
    full = [names[0] for names in words.weekdays.values()]
    short = [name for names in words.weekdays.values() for name in names[1:]]
    # "Sun", "Sat" and "Wed" are words of their own: only before a date.
    return rf"(?:(?i:{any_of(full)})|(?:{_cased(short)})(?=\.?,?{_W}\d|\.?,?{_W}{_months(words)})\.?)(?![A-Za-z])"


@cache
def pieces() -> dict[str, str]:
    """The pieces patterns are made of, by name."""
    words = date_words()
    digits = rf"(?:0?[1-9]|[12]\d|3[01]){_ORDINAL_END}?{_NOT_MORE}"
    return {
        "W": _W,
        "dash": rf"(?:[ \u00a0]?[-\u2013\u2014][ \u00a0]?|{_W}(?i:to|until|till|through|thru|and|or){_W})",
        "month": _months(words),
        "wd": _weekdays(words),
        "day": rf"(?:{digits}|(?i:{any_of(words.ordinals)})\b)",
        "year": rf"(?:1[0-9]|20|21)\d\d{_NOT_MORE}(?!-\d\d?-)",
        "yy": rf"['\u2019]?\d\d{_NOT_MORE}",
        "part": rf"(?i:{any_of(words.parts_of_day)})\b",
        "num": rf"(?:(?i:{any_of(words.small_numbers)})|\d{{1,3}})",
        "unit": r"(?i:hour|day|night|week|month|year|decade)s?\b",
        "season": rf"(?i:{any_of(words.seasons)})\b",
        "early": rf"(?i:{any_of(w for group in words.part_words.values() for w in group)})",
        "feast": rf"(?i:{any_of([*words.holidays, *words.nth_weekday_holidays])})\b",
        "moon": rf"(?i:{any_of(words.lunar_holidays)})\b",
    }


def _expand(pattern: str) -> str:
    def piece(match: re.Match[str]) -> str:
        body = pieces()[match[1]]
        return f"(?P<{match[2]}>{body})" if match[2] else body

    return _PIECE.sub(piece, pattern)


#: name, resolver, pattern. The longest match at a place wins; among equals the first.
_FORMS: tuple[tuple[str, str, str], ...] = (
    ("iso_date", "ymd", r"(?P<y1>\d{4})(?P<s>[-/.])(?P<n2>\d{2})(?P=s)(?P<n1>\d{2})(?!\d)"),
    ("numeric_date", "numeric", r"(?P<n1>\d{1,2})(?P<s>[-/.])(?P<n2>\d{1,2})(?P=s)(?P<y1>\d{4})(?!\d)(?![.,/-]\d)"),
    ("numeric_date", "numeric", r"(?P<n1>\d{1,2})(?P<s>/)(?P<n2>\d{1,2})/(?P<yy>\d{2})(?!\d)(?![.,/-]\d)"),
    (
        "month_day",
        "days",
        r"(?:<wd:w1>,?<W>)?(?:<part>,?<W>)?(?:(?P<mod>(?i:the|last|this|next))<W>)?"
        r"<month:m1>(?:<W>)?(?<=[. \u00a0\t\r\n])(?:the<W>)?<day:d1>"
        r"(?:(?:,<W><day>){0,3},?<W>(?:and|or)<W><day:d2>|<dash><day:d3>)?(?:,?<W>(?:of<W>)?<year:y1>|,?<W>'<yy:yy>)?",
    ),
    (
        "month_day_range",
        "days",
        r"<month:m1><W><day:d1>(?:,?<W><year:y1>)?,?<dash><month:m2><W><day:d2>(?:,?<W><year:y2>)?",
    ),
    (
        "day_month",
        "days",
        r"(?:<wd:w1>,?<W>)?(?:(?i:the)<W>)?<day:d1>(?:(?:,<W><day>){0,3},?<W>(?:and|or)<W><day:d2>|<dash>(?:the<W>)?<day:d3>)?"
        r"(?:<W>(?:of<W>)?|-)<month:m1>(?:(?:,?<W>(?:of<W>)?|-)<year:y1>|,?<W>'<yy:yy>)?",
    ),
    ("dateline_day", "days", r"<day:d1><W>(?P<m1>[A-Z]{3})<W><yy:yy>(?!\w)"),
    (
        "day_month_range",
        "days",
        r"<day:d1><W>(?:of<W>)?<month:m1>(?:,?<W><year:y1>)?<dash><day:d2><W>(?:of<W>)?<month:m2>(?:,?<W><year:y2>)?",
    ),
    (
        "weekday",
        "weekday",
        r"(?:(?P<mod>(?i:last|next|this<W>past|this<W>coming|this|past|previous|coming|following|that))<W>)?<wd:w1>"
        r"(?:<W>(?:in<W>the<W>)?<part>)?(?:<W>(?:of<W>)?(?P<week>last|this|next)<W>week)?",
    ),
    ("week_weekday", "weekday", r"(?P<week>(?i:last|this|next))<W>week(?:<W>on)?<W><wd:w1>"),
    ("week_ago_weekday", "week_ago_weekday", r"(?i:a<W>week<W>(?:ago|before))(?:<W>(?:last|on))?<W><wd:w1>"),
    ("weekday_range", "weekday_range", r"<wd:w1>(?:<W><part>)?<dash>(?:early<W>|late<W>)?<wd:w2>(?:<W><part>)?"),
    ("overnight_into", "overnight_into", r"(?i:overnight|the<W>night)<W>(?:<dash>)?(?:in)?to<W><wd:w1>"),
    (
        "deictic",
        "deictic",
        r"(?P<word>(?i:the<W>day<W>before<W>yesterday|the<W>day<W>after<W>tomorrow|yesterday|today|"
        r"tonight|tomorrow|overnight|last<W>night|last<W>evening|this<W>(?:morning|afternoon|evening)|the<W>night<W>before<W>last))"
        r"\b(?:<W><part>)?",
    ),
    (
        "ago",
        "ago",
        r"(?i:(?:about|around|nearly|almost|some|just|over|more<W>than)<W>)?<num:n>(?:<W>or<W>so)?(?:<W>|-)<unit:u>"
        r"(?:<W>or<W>so)?<W>(?P<dir>(?i:ago|earlier|later|from<W>now|before|after|afterwards?|previously))\b",
    ),
    ("some_ago", "unread", r"(?i:a<W>few|several|some|many|recent)<W><unit:u><W>(?i:ago|earlier|later|before)\b"),
    (
        "past_units",
        "past_units",
        r"(?i:(?:the|these)<W>)?(?P<dir>(?i:last|past|previous|next|coming))<W><num:n>(?:<W>|-)<unit:u>",
    ),
    (
        "past_hours",
        "past_hours",
        r"(?i:(?:the|these)<W>(?:last|past)<W>(?:few|several|couple<W>of)<W>hours)\b",
    ),
    (
        "period",
        "period",
        r"(?:(?i:the)<W>)?(?:(?P<early><early>)(?:<W>(?:of<W>)?(?:the<W>)?|-))?"
        r"(?P<mod>(?i:last|this|next|past|previous|coming|current))<W>(?P<unit>(?i:week|weekend|month|year|decade|century)\b)",
    ),
    ("part_of_period", "period", r"(?i:the)<W>(?P<early><early>)<W>of<W>(?:the)<W>(?P<unit>(?i:week|month|year)\b)"),
    ("weekend", "period", r"(?:(?i:the|at)<W>)?(?P<unit>weekend)\b"),
    (
        "part_of_month",
        "month",
        r"(?:(?i:the)<W>)?(?P<early><early>)(?:<W>(?:in<W>|of<W>)?|-)<month:m1>(?:,?<W>(?:of<W>)?<year:y1>)?",
    ),
    (
        "month",
        "month",
        r"(?:(?P<mod>(?i:last|next|this<W>past|this|past))<W>)?<month:m1>(?:,?<W>(?:of<W>)?(?:<year:y1>|'<yy:yy>))?(?![-\w])(?!<W>\d{1,2}\b)",
    ),
    ("month_range", "month_range", r"<month:m1>(?:,?<W><year:y1>)?<dash><month:m2>(?:,?<W><year:y2>)?"),
    (
        "season",
        "season",
        r"(?:(?P<early><early>)(?:<W>|-))?(?:(?P<mod>(?i:last|this|next|the))<W>)?<season:season>(?:<W>(?:of<W>)?<year:y1>)?",
    ),
    ("part_of_year", "year", r"(?:(?i:the)<W>)?(?P<early><early>)(?:<W>(?:in<W>|of<W>)?|-)<year:y1>(?![-\u2013]\d)"),
    ("year", "year", r"<year:y1>(?![-\u2013]\d)(?!['\u2019]?s\b)"),
    ("year_range", "year_range", r"<year:y1><dash><year:y2>"),
    ("decade", "decade", r"(?:the<W>)?(?:<early>(?:<W>|-))?(?P<y1>(?:1[89]|20)\d0)['\u2019]?s\b"),
    (
        "anchored",
        "anchored",
        r"(?:(?i:on|earlier|later)<W>)?(?P<word>(?i:the<W>(?:very<W>)?(?:next|following)<W>(?:day|<part>)|"
        r"the<W>(?:previous|preceding)<W>(?:day|<part>)|the<W>(?:day|night)<W>before|the<W>day<W>after|(?:the|that)<W>same<W>(?:day|<part>)|"
        r"that<W>(?:day|morning|afternoon|evening|night)))\b",
    ),
    ("holiday", "holiday", r"(?:(?P<mod>(?i:last|next|this))<W>)?<feast:feast>(?:,?<W><year:y1>)?"),
    (
        "lunar_holiday",
        "lunar",
        r"(?:(?i:the)<W>(?P<nth>(?i:first|second|third|fourth))<W>day<W>of<W>)?<moon:moon>(?:,?<W>(?:in<W>)?<year:y1>)?",
    ),
    (
        "day_of_month",
        "day_of_month",
        r"(?i:the)<W>(?P<d1>(?:[1-9]|[12]\d|3[01])(?:st|nd|rd|th))(?:<W>of<W>(?P<mod>(?:last|this))<W>month)?(?=[.,;:)]|$|<W>(?i:and|of<W>(?:last|this)|when|in)\b)",
    ),
)


@cache
def rules() -> tuple[Rule, ...]:
    """Every form, compiled."""
    return tuple(Rule(name, resolver, re.compile(_expand(pattern))) for name, resolver, pattern in _FORMS)


@cache
def _starter() -> re.Pattern[str]:
    """Where an expression may begin: a digit, a month, a weekday, or one of the words forms open with."""
    words = date_words()
    openers = [
        "the",
        "that",
        "these",
        "last",
        "this",
        "next",
        "past",
        "previous",
        "coming",
        "following",
        "yesterday",
        "today",
        "tonight",
        "tomorrow",
        "overnight",
        "at",
        "weekend",
        "about",
        "around",
        "nearly",
        "almost",
        "some",
        "just",
        "over",
        "more",
        "few",
        "several",
        "many",
        "recent",
        "earlier",
        "later",
        "current",
    ]
    groups: list[Iterable[str]] = [openers, words.small_numbers, words.seasons, words.ordinals, words.holidays]
    groups += [words.lunar_holidays, words.nth_weekday_holidays]
    groups += [*words.months.values(), *words.weekdays.values(), *words.part_words.values()]
    opening = {word.split()[0] for group in groups for word in group}
    return re.compile(rf"(?<![\w$\u20ac\u00a3])(?<!\d[.,:/-])(?:\d|(?i:{any_of(opening)})(?![a-z]{{4}}))")


@dataclass(frozen=True, slots=True)
class Found:
    """A match and the form it has."""

    rule: Rule
    match: re.Match[str]

    @property
    def end(self) -> int:
        """Where the match ends."""
        return self.match.end()


def find_forms(text: str) -> Iterator[Found]:
    """The matches in order, not overlapping, the longest first at every place."""
    forms, done = rules(), 0
    for start in _starter().finditer(text):
        if start.start() < done:
            continue
        matches = [
            Found(rule, m) for rule in forms if (m := rule.pattern.match(text, start.start())) and m.end() > m.start()
        ]
        if matches:
            longest = max(matches, key=lambda f: f.end)
            done = longest.end
            yield longest
