"""Counts in English text (persons, mostly), with their characters.

The words and what they are worth are in ``seeds/number_words.yml``. Every repeat is bounded: matching is linear.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from tasks.events.language.rules import CountRule
from tasks.reference.words.grammar_words import number_words

#: Arabic-Indic and Persian digits, one character for one.
_DIGITS = {base + n: str(n) for base in (0x0660, 0x06F0, 0xFF10) for n in range(10)}
_W = r"[ \t\n\u00a0]{1,2}"
#: Above this a figure is not a number of persons.
_MOST = 100_000_000


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """One count with its modifier: ``text[start:end] == quote``; ``None`` bounds are open ("at least 8": high None).

    ``value_start`` is where the number itself begins, after "at least". ``rule`` names the reading: ``exact``,
    ``at_least``, ``more_than``, ``at_most``, ``fewer_than``, ``about``, ``range``, ``vague``.
    """

    start: int
    end: int
    quote: str
    value_start: int
    low: int | None
    best: int | None
    high: int | None
    rule: CountRule


def fold_digits(text: str) -> str:
    """Digits of other scripts as ASCII, offsets kept.

    >>> fold_digits("\u0661\u0662")
    '12'
    """
    return text.translate(_DIGITS)


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", _W) for word in sorted(words, key=lambda w: (-len(w), w)))


@cache
def _number() -> re.Pattern[str]:
    words = number_words()
    cardinal = rf"(?:{_any(words.cardinals)})"
    times = rf"(?:{_any(words.multipliers)})"
    opening = rf"(?:half{_W}an?{_W}{times}|an?{_W}{times}|{cardinal})"
    spelled = rf"{opening}(?:(?:-|{_W}(?:and{_W})?)(?:{cardinal}|{times})){{0,6}}(?![-\w])"
    grouped = r"(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,9})"
    decimals = rf"(?:\.\d(?={_W}(?:thousand|million)))?"
    digits = rf"{grouped}{decimals}(?:{_W}{times}\b)?(?![\w]|[.,:/]\d|-[A-Za-z])"
    vague = rf"(?:{_any(w for entry in words.vague for w in entry.words)})\b"
    value = rf"(?:{vague}|{spelled}|{digits})"
    kinds = ("at_least", "more_than", "at_most", "fewer_than", "about", "exact")
    before = "|".join(rf"(?P<{kind}>{_any(getattr(words, kind))})" for kind in kinds)
    start = r"(?<![\w$\u20ac\u00a3\u00a5.])(?<!\d[.,:/])(?<![A-Za-z0-9][-\u2010])"
    return re.compile(
        rf"(?i){start}(?:(?P<between>between){_W}|(?:(?:{before}){_W}){{0,2}})(?P<value>{value})(?P<plus>\+)?"
        rf"(?:(?:(?:{_W})?[-\u2013\u2014](?:{_W})?|{_W}(?:to|and|or){_W}(?=(?:\d|{cardinal})))(?P<upper>{value}))?(?P<more>{_W}or{_W}more)?"
    )


@cache
def _outside() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What before and after a number makes it no count."""
    words = number_words()
    marks = [*words.not_counts_before, *(word.upper() for word in words.not_counts_before)]
    before = re.compile(rf"(?:(?<![\w])(?:{_any(marks)})|[$\u20ac\u00a3#])(?:{_W})?$")
    after = re.compile(
        rf"(?:{_W}|-)?(?:(?:{_any(words.not_counts_after)})(?![\w-])|%|-?years?-olds?|[-\s]month-old)|(?:st|nd|rd|th)\b|{_W}(?:another|day)\b"
    )
    return before, after


def _spelled(words: str) -> int | None:
    table, times = number_words().cardinals, number_words().multipliers
    total = current = 0
    for word in re.split(r"[-\s]+", words.lower()):
        if word == "half":
            current = -2
        elif word in table:
            current += table[word]
        elif word in times:
            factor = times[word]
            current = factor // 2 if current == -2 else max(current, 1) * factor
            if factor >= 1000:
                total, current = total + current, 0
        elif word not in ("a", "an", "and"):
            return None
    return total + current


def _digits(words: str) -> int | None:
    parts = words.lower().split()
    figure = float(parts[0].replace(",", ""))
    factor = number_words().multipliers.get(parts[1], 1) if len(parts) > 1 else 1
    return int(figure * factor)


def _value(words: str) -> int | None:
    value = _digits(words) if words[0].isdigit() else _spelled(words)
    return value if value is not None and value <= _MOST else None


@cache
def _vague() -> dict[str, tuple[int, int | None]]:
    return {word: (entry.low, entry.best) for entry in number_words().vague for word in entry.words}


Bounds = tuple[int | None, int | None, int | None, CountRule]


def _bounds(match: re.Match[str]) -> Bounds | None:
    """Low, best, high and the rule of one match; ``None`` if it is no figure."""
    words = " ".join(match["value"].lower().split())
    if words in _vague():
        low, best = _vague()[words]
        return (low, best, None, CountRule.VAGUE) if not match["upper"] else None
    value = _value(match["value"])
    if value is None:
        return None
    if match["upper"]:
        return _range(match, value)
    return _modified(match, value)


def _is_age(match: re.Match[str], text: str) -> bool:
    """Reads "Khalid Omar, 25, was": a figure between a name and a mark."""
    if not re.fullmatch(r"\d{1,3}", match[0]) or int(match[0]) > 115:
        return False
    named = re.search(r"[A-Z][\w.'\u2019-]*,\s?$|\($", text[max(0, match.start() - 24) : match.start()])
    return bool(named and re.match(r"\s?[,.;)]|\s(?:and|of|from)\s|$", text[match.end() : match.end() + 6]))


def _range(match: re.Match[str], low: int) -> Bounds | None:
    """Reads "between 5 and 7": the low figure is the best one (the most conservative, as ACLED does)."""
    high = _value(match["upper"])
    joined = re.search(r"\band\b", match[0][match.end("value") - match.start() :])
    moved = re.search(r"(?i)\bfrom\s(?:\w+\s){0,2}$", match.string[max(0, match.start() - 24) : match.start("value")])
    if high is None or high <= low or (joined and not match["between"]) or moved:
        return None
    return low, low, high, CountRule.RANGE


def _modified(match: re.Match[str], value: int) -> Bounds:
    """The bounds a word before (or after) the figure leaves open."""
    if match["at_least"] or match["plus"] or match["more"]:
        return value, value, None, CountRule.AT_LEAST
    if match["more_than"]:
        return value, value, None, CountRule.MORE_THAN
    if match["at_most"] or match["fewer_than"]:
        return None, value, value, CountRule.AT_MOST if match["at_most"] else CountRule.FEWER_THAN
    return value, value, value, CountRule.ABOUT if match["about"] else CountRule.EXACT


def _is_year(match: re.Match[str], text: str) -> bool:
    """A bare four-digit figure of our age after a word of time."""
    if not re.fullmatch(r"(?:19|20)\d\d", match["value"]):
        return False
    return bool(
        re.search(
            r"(?i)(?:\b(?:in|since|of|by|until|from|during|year|before|after|early|late|mid|and|to|between)|[,\u2013-])\s?$",
            text[max(0, match.start() - 10) : match.start()],
        )
    )


def _cut(match: re.Match[str]) -> re.Match[str] | None:
    """A match without its upper part, if that is no range ("16 and 27")."""
    return _number().match(match.string, match.start(), match.end("value"))


def _read(text: str, match: re.Match[str]) -> tuple[re.Match[str], Bounds] | None:
    bounds = _bounds(match)
    if bounds is None and match["upper"]:
        shorter = _cut(match)
        return _read(text, shorter) if shorter else None
    before, after = _outside()
    if bounds is None or _is_year(match, text) or _is_age(match, text) or after.match(text, match.end()):
        return None
    if before.search(text[max(0, match.start("value") - 14) : match.start("value")]):
        return None
    return match, bounds


def find_numbers(text: str) -> tuple[NumberSpan, ...]:
    """Every count of a text, in order, not overlapping; never ages, years, times, sizes, ordinals. Never raises."""
    folded, at, spans = fold_digits(text), 0, []
    pattern = _number()
    while match := pattern.search(folded, at):
        at = max(match.end("value"), at + 1)
        read = _read(folded, match)
        if read is None:
            continue
        match, (low, best, high, rule) = read
        at = match.end()
        start = match.start("value") if rule is CountRule.EXACT else match.start()
        spans.append(NumberSpan(start, at, text[start:at], match.start("value"), low, best, high, rule))
    return tuple(spans)
