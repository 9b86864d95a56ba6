"""Date expressions in English text, with their characters and the days they name.

``find_dates`` reads a document once; the reader's model points at the one an event has. The forms are in
``grammar.py``, the calendar in ``resolve.py``, the words in ``seeds/date_words.yml``.
"""

import re
from dataclasses import replace
from datetime import date
from functools import cache

from schemas.mention import When
from tasks.events.dates.calendar import Around, Reading, precision_of
from tasks.events.dates.grammar import Found, any_of, find_forms
from tasks.events.dates.resolve import resolve
from tasks.events.dates.spans import NAMED_YEAR, SINCE, DateKind, DateSpan
from tasks.reference.words.grammar_words import date_words

__all__ = ["DateKind", "DateSpan", "find_dates"]

#: A date heading a text stands within these first characters.
_HEAD = 160
#: How far a date in the head may lie from the day of publication and still be the day the text was written.
_DATELINE_DAYS = 45
#: Characters looked at on each side of an expression for the drift of its clause.
_CLAUSE = 120
#: A time of day that may stand between a preposition and its day.
_CLOCK = r"(?:(?:\d{1,2}(?::\d\d)?\s[ap]\.?m\.?(?:\s[A-Z]{2,4})?|noon|midnight|late|early),?\s)?"


#: A day that dates what was said: "in a statement on Tuesday, it said it had foiled the attack".
_STATEMENT_OF = re.compile(
    r"(?i)\bin\s(?:an?|its|his|her|their|the)\s(?:[\w-]{1,20}\s){0,2}"
    r"(?:statement|interview|report|briefing|conference|speech|post|tweet|bulletin|address)\s(?:\w+ed\s)?(?:(?:late|early)\s)?on\s$"
)
#: Whoever stands between an accusation and its day, however long: "accused the police and their allies Monday of".
_ACCUSED = re.compile(r"\b(?:accus|blam|charg)(?:ed|es|e)\s[^.;]{3,}$")
_OF_WHAT = re.compile(r"\s(?:of|for|with)\s(?:\w+ly\s)?\w+ing\b")
#: What makes a year before it part of a name: "the 1995 massacre", "a 2016 suicide bombing".
_MODIFIES = re.compile(r" (?:[a-z-]{2,20} ){0,2}[a-z-]{4,}")


@cache
def _clause_words() -> re.Pattern[str]:
    """Words of saying and of the future, as written in lower case: looked for around every date."""
    words = date_words()
    saying, future = any_of(words.reporting_verbs), any_of(words.future_cues)
    return re.compile(rf"(?<!\w)(?:(?P<say>{saying})|(?P<future>{future}))(?!\w)")


@cache
def _before() -> dict[str, re.Pattern[str]]:
    """What may stand right before an expression."""
    words = date_words()
    gap = r"[\s\"'\u201c\u2019(]{0,3}$"
    return {
        "period": re.compile(
            rf"(?i)\b(?:in|since|during|until|till|by|from|of|before|after|through|throughout|between|and|to|year|around)\s{gap}|\($"
        ),
        "of_year": re.compile(r"(?i)\b(?:the|a|an|this|that|his|her|its|their|[\u2019']s)\s$"),
        "future": re.compile(rf"(?i)\b(?:{any_of(words.future_prepositions)})\s{_CLOCK}{gap}"),
        "since": re.compile(r"(?i)\bsince\s(?:the\s|last\s)?$"),
        "linked": re.compile(
            r"(?i)\b(?:on|in|since|of|from|until|by|after|before|for|between|to|the|this|last|dated?)\s$"
        ),
        # Between a verb of saying and its day: who spoke, to whom; no word that opens what was said.
        "saying": re.compile(
            rf"(?i)(?:\s(?!(?:{any_of(words.saying_stops)})\b|\d|(?-i:[a-z])\w{{0,20}}ed\b)[\w.'\u2019-]{{1,30}}){{0,6}}?"
            r"\s?(?:on\s|late\s|early\s|late\son\s|earlier\s)?$"
        ),
        "says": re.compile(
            rf"(?i)\s(?:\w{{1,20}}ly\s)?(?:{any_of(w for w in words.reporting_verbs if ' ' not in w)})(?!\w)"
        ),
    }


@cache
def _sentence_end() -> re.Pattern[str]:
    short = "".join(rf"(?<!\b{re.escape(word)})" for word in date_words().abbreviations)
    return re.compile(rf"[!?;\n]|(?=\.)(?<!\b[A-Z]){short}\.[\s\"\u201d]")


def _left(text: str, start: int) -> str:
    """The clause before an expression."""
    return _sentence_end().split(text[max(0, start - _CLAUSE) : start])[-1]


def _right(text: str, stop: int) -> str:
    """The clause after an expression."""
    return _sentence_end().split(text[stop : stop + _CLAUSE], maxsplit=1)[0]


def _is_future(text: str, form: Found) -> bool:
    """Return True if the clause looks ahead.

    The nearest word of saying or of the future before the date decides, else the one after it.
    """
    start = form.match.start()
    before = _left(text, start)
    if _before()["future"].search(before):
        return True
    cues = list(_clause_words().finditer(before))
    if cues:
        return cues[-1]["future"] is not None
    if len(before.split()) > 2:
        return False
    cue = _clause_words().search(_right(text, form.end))
    return cue is not None and cue["future"] is not None


def _is_of_saying(text: str, start: int, stop: int) -> bool:
    """Return True if an expression hangs on a verb of saying: "said on Saturday", "on Saturday accused".

    "Thursday's attack" was on Thursday, whoever speaks of it.
    """
    if text.startswith(("'s", "\u2019s"), stop):
        return False
    before = _left(text, start)
    if _STATEMENT_OF.search(before) or (_OF_WHAT.match(text, stop) and _ACCUSED.search(before)):
        return True
    verbs = [cue for cue in _clause_words().finditer(before) if cue["say"]]
    if any(_before()["saying"].match(before, verb.end()) for verb in verbs[-3:]):
        return True
    return len(before.split()) > 1 and _before()["says"].match(text, stop) is not None


def _allowed(text: str, form: Found) -> bool:
    """Bare months and years need a word before them that makes them dates."""
    name, start = form.rule.name, form.match.start()
    groups = form.match.groupdict()
    bare = name == "year" or (name == "month" and not (groups.get("y1") or groups.get("yy") or groups.get("mod")))
    bare = bare or (name == "part_of_month" and not groups.get("m1"))
    if bare and not _names_an_event(text, form) and not _before()["period"].search(text[max(0, start - 14) : start]):
        return False
    return not (
        name == "year"
        and re.match(r"\s(?i:people|men|troops|soldiers|civilians|persons)", text[form.end : form.end + 12])
    )


def _names_an_event(text: str, form: Found) -> bool:
    """Return True if a year is part of what something is called: "the 1995 massacre"."""
    start = form.match.start()
    called = _before()["of_year"].search(text[max(0, start - 8) : start])
    return form.rule.name == "year" and called is not None and _MODIFIES.match(text, form.end) is not None


def _make(text: str, form: Found, reading: Reading, reporting: bool) -> DateSpan:
    start, stop = form.match.start(), form.end
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    quote = text[start:stop]
    if reading.start is None or reading.end is None:
        return DateSpan(
            start,
            stop,
            quote,
            When(None, None, None, quote, reading.reason),
            form.rule.name,
            DateKind(reading.kind),
            reporting,
        )
    precision = precision_of(reading.start, reading.end)
    name = NAMED_YEAR if _names_an_event(text, form) else form.rule.name
    when = When(reading.start, reading.end, precision, quote, name)
    return DateSpan(start, stop, quote, when, name, DateKind(reading.kind), reporting)


def _since(text: str, made: DateSpan, reference: date | None) -> DateSpan:
    """Reads "since March" runs to the day of publication; the quote takes the word in."""
    lead = _before()["since"].search(text[max(0, made.start - 12) : made.start])
    if lead is None or made.when.start is None or reference is None or made.when.start >= reference:
        return made
    start = max(0, made.start - 12) + lead.start()
    when = replace(
        made.when,
        end=reference,
        precision=precision_of(made.when.start, reference),
        raw=text[start : made.end],
        reason=SINCE,
    )
    return DateSpan(start, made.end, text[start : made.end], when, SINCE, DateKind.PERIOD, made.reporting)


def _explicit(form: Found) -> bool:
    groups = form.match.groupdict()
    return form.rule.resolver in ("days", "ymd", "numeric") and bool(groups.get("y1") or groups.get("yy"))


def _heading(text: str, forms: list[Found], published: date | None) -> tuple[int, date] | None:
    """The full date that heads a text, if it may be the day it was written: its place and day."""
    for form in forms:
        if form.match.start() > _HEAD:
            return None
        if not _explicit(form) or _before()["linked"].search(text[max(0, form.match.start() - 9) : form.match.start()]):
            continue
        day = resolve(form.rule.resolver, form.match, Around(published, None, future=False)).start
        if day and (published is None or abs((day - published).days) <= _DATELINE_DAYS):
            return form.match.start(), day
    return None


def find_dates(text: str, published: date | None) -> tuple[DateSpan, ...]:
    """Every date expression of a text, in order, not overlapping. Call it once a document; it never raises.

    ``published`` is the article's local day: relative words ("on Sunday", "yesterday") count from it, or from a full
    date that heads the text, which outranks it. Without either they stay unresolved, with a reason.
    """
    forms = [form for form in find_forms(text) if _allowed(text, form)]
    heading = _heading(text, forms, published)
    reference = heading[1] if heading else published
    spans: list[DateSpan] = []
    last_day: date | None = None
    for form in forms:
        around = Around(reference, last_day, _is_future(text, form))
        made = _make(
            text,
            form,
            resolve(form.rule.resolver, form.match, around),
            _is_of_saying(text, form.match.start(), form.end),
        )
        if heading and made.start == heading[0]:
            made = replace(made, kind=DateKind.DATELINE)
        spans.append(_since(text, made, reference))
        if made.when.start and made.kind in (DateKind.DAY, DateKind.RANGE):
            last_day = made.when.start
    return tuple(spans)
