"""The patterns of date expressions. Every repeat is bounded, so that matching is linear in the text.

The forms are in ``seeds/date_forms.yml``. A pattern is written with pieces in angle brackets: ``<day:d1>`` is a day
whose group is ``d1``.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from tasks.reference.words.grammar_words import DateWords, date_forms, date_words

_PIECE = re.compile(r"(?<!\?P)<(\w+)(?::(\w+))?>")
#: What begins a group with a name, a look back at one, a choice by one.
_GROUP = re.compile(r"\(\?P[<=]|\(\?\((?=[a-z])")
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


@cache
def rules() -> tuple[Rule, ...]:
    """Every form, compiled."""
    return tuple(Rule(form.name, form.resolver, re.compile(_expand(form.pattern))) for form in date_forms().forms)


@cache
def _starter() -> re.Pattern[str]:
    """Where an expression may begin: a digit, a month, a weekday, or one of the words forms open with."""
    words = date_words()
    groups: list[Iterable[str]] = [
        date_forms().openers,
        words.small_numbers,
        words.seasons,
        words.ordinals,
        words.holidays,
    ]
    groups += [words.lunar_holidays, words.nth_weekday_holidays]
    groups += [*words.months.values(), *words.weekdays.values(), *words.part_words.values()]
    opening = {word.split()[0] for group in groups for word in group}
    return re.compile(rf"(?<![\w$\u20ac\u00a3])(?<!\d[.,:/-])(?:\d|(?i:{any_of(opening)})(?![a-z]{{4}}))")


@cache
def _any_form() -> re.Pattern[str]:
    """Any of the forms in one pattern, groups numbered by form: most words an expression may begin with begin none."""
    numbered = (_GROUP.sub(rf"\g<0>_{number}_", rule.pattern.pattern) for number, rule in enumerate(rules()))
    return re.compile("|".join(f"(?:{pattern})" for pattern in numbered))


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
        if start.start() < done or not _any_form().match(text, start.start()):
            continue
        matches = [
            Found(rule, m) for rule in forms if (m := rule.pattern.match(text, start.start())) and m.end() > m.start()
        ]
        if matches:
            longest = max(matches, key=lambda f: f.end)
            done = longest.end
            yield longest
