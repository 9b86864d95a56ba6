"""Which of a document's dates an event has: the nearest in its clause, not the day somebody spoke."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from schemas.mention import Evidence, When
from tasks.events.dates.grammar import any_of
from tasks.events.dates.spans import NAMED_YEAR, SINCE, DateKind, DateSpan
from tasks.reference.words.grammar_words import date_words

Span = tuple[int, int]

#: What stands between a trigger and a date and makes them two clauses; each costs as much as this many characters.
_BREAK = re.compile(
    r"[;:]|,\s(?:and|but|while|which|who|where|when|after|before|as)\b|\b(?:but|while|which|who|after|since|before|when|whose|following|during)\b"
)
_BREAK_COST = 60
#: Wide expressions ("this year") lose to a day unless it is this many characters further off.
_WIDE_COST = {DateKind.WEEK: 40, DateKind.MONTH: 80, DateKind.YEAR: 160, DateKind.PERIOD: 120, DateKind.DATELINE: 400}
#: A wide expression dearer than this is background ("the city where an uprising was crushed in 1982"), not the date.
_FAR = 180
#: A clause is not longer than this many characters.
_CLAUSE = 110
_DAYS = (DateKind.DAY, DateKind.RANGE)
_MODIFIED = re.compile(r" (?:[a-z-]+ ){0,2}")
#: "For the first time since 2016" says when it was not.
_SINCE_FIRST = re.compile(r"\b(?:first|worst|deadliest|biggest|largest|heaviest)\b[^.;]*$", re.IGNORECASE)
#: What an event came after, and the words between an owner's ending and what is owned.
_FOLLOWED = re.compile(r"(?i)\b(?:after|before|since|following|ahead of)\s$")
_OWNED = re.compile(r"['\u2019]s (?:[\w-]+ ){0,4}")
#: A date after its trigger is the usual place; one before it, in the same clause, nearly so.
_BEFORE_COST = 10


@dataclass(frozen=True, slots=True)
class DateChoice:
    """The date of one event; ``evidence`` is ``None`` if no words of the text gave it (field ``when``)."""

    when: When
    evidence: Evidence | None


_NONE = DateChoice(When(None, None, None, None, "no_date_given"), None)


def _chosen(span: DateSpan, rule: str = "") -> DateChoice:
    name = f"{span.rule}:{rule}" if rule else span.rule
    return DateChoice(replace(span.when, reason=name), Evidence("when", span.start, span.end, span.quote, name))


def _cost(text: str, span: DateSpan, trigger: Span) -> int:
    """Characters between a date and a trigger, with clause breaks and wide expressions dearer."""
    if span.start >= trigger[1]:
        between, cost = text[trigger[1] : span.start], 0
    elif _is_called_after(text, span, trigger):
        return 0
    elif span.end <= trigger[0]:
        # A date that opens its sentence governs all of it.
        fronted = not re.search(r"[a-z]{3}.*\w", text[max(0, span.start - 12) : span.start].rpartition(". ")[2])
        between, cost = text[span.end : trigger[0]], _BEFORE_COST
        if fronted:
            between = between[:40]
    else:
        return 0
    return cost + len(between) + _BREAK_COST * len(_BREAK.findall(between)) + _WIDE_COST.get(span.kind, 0)


def _is_far(text: str, span: DateSpan, trigger: Span) -> bool:
    """Return True if a wide date is of something else its sentence speaks of, too: one of the same clause never is."""
    if _cost(text, span, trigger) <= _FAR:
        return False
    between = text[trigger[1] : span.start] if span.start >= trigger[1] else text[span.end : trigger[0]]
    return "," in between or _BREAK.search(between) is not None or len(between) > _CLAUSE


def _is_called_after(text: str, span: DateSpan, trigger: Span) -> bool:
    """Return True if an event is called after its year: "the 1995 massacre"."""
    return span.rule == NAMED_YEAR and _MODIFIED.fullmatch(text[span.end : trigger[0]]) is not None


def _in(spans: Sequence[DateSpan], sentence: Span) -> list[DateSpan]:
    return [s for s in spans if sentence[0] <= s.start and s.end <= sentence[1] and s.when.start is not None]


def _stands_for_trigger(span: DateSpan, trigger: Span) -> bool:
    """A date marked as of reporting whose verb of saying is the event itself is the event's."""
    return span.said_at is not None and trigger[0] <= span.said_at < trigger[1]


def _own(text: str, spans: Sequence[DateSpan], sentence: Span, trigger: Span) -> DateSpan | None:
    """The best date of the event's own sentence, those of saying and of the dateline left out."""
    candidates = [
        s
        for s in _in(spans, sentence)
        if s.kind is not DateKind.DATELINE
        and not (s.rule == SINCE and _SINCE_FIRST.search(text, max(0, s.start - 60), s.start))
        and not _is_of_another(text, s, trigger)
        and (not s.reporting or _between(s, trigger) or _stands_for_trigger(s, trigger))
    ]
    return min(candidates, key=lambda s: (_cost(text, s, trigger), s.start), default=None)


def _is_of_another(text: str, span: DateSpan, trigger: Span) -> bool:
    """Return True if a day is that of what an event only followed: "killed 15 after last week's election"."""
    if not text.startswith(("'s ", "\u2019s "), span.end) or not _FOLLOWED.search(text[: span.start][-20:]):
        return False
    return trigger[0] < span.end or _OWNED.fullmatch(text[span.end : trigger[0]]) is None


def _between(span: DateSpan, trigger: Span) -> bool:
    """Return True if the trigger stands between the verb of saying and the date ("said 5 were killed on Sunday")."""
    return span.said_at is not None and span.said_at < trigger[0] < span.start


def _within(inner: When, outer: When) -> bool:
    """Return True if a day lies in a wider time."""
    if inner.start is None or outer.start is None or outer.end is None:
        return False
    return outer.start <= inner.start <= outer.end


@cache
def _points_back() -> re.Pattern[str]:
    """A clause that says when what was told before was: "the incident occurred", "it happened"."""
    words = date_words()
    nouns, verbs = any_of(words.incident_nouns), any_of(words.occurring_verbs)
    named = rf"(?:the|this|these)\s(?:[\w-]+\s){{0,2}}?(?:{nouns})"
    return re.compile(rf"(?i)\b(?:{named}|it)\s(?:[\w-]+\s){{0,2}}?(?:{verbs})\b")


def later_date(
    text: str, spans: Sequence[DateSpan], following: Sequence[Span], kinds: Sequence[DateKind] = _DAYS
) -> DateChoice | None:
    """The day a later sentence gives an incident it only points back to; ``following`` are those sentences in order.

    ``kinds``: what may be taken; a week costs as much as it is less exact.
    """
    for sentence in following:
        clause = _points_back().search(text, *sentence)
        date_span = _own(text, spans, sentence, clause.span()) if clause else None
        if clause and date_span and date_span.kind in kinds and _cost(text, date_span, clause.span()) <= _BREAK_COST:
            return _chosen(date_span, "said later")
    return None


def day_after(text: str, spans: Sequence[DateSpan], following: Sequence[Span]) -> DateChoice | None:
    """The day the sentences after an undated one go on with, the first they give."""
    for sentence in following:
        date_span = _own(text, spans, sentence, (sentence[0], sentence[0]))
        if date_span and date_span.kind in _DAYS:
            return _chosen(date_span, "told next")
    return None


def choose_date(
    text: str,
    spans: Sequence[DateSpan],
    sentence: Span,
    trigger: Span,
    *,
    earlier: Sequence[Span] = (),
    published: date | None = None,
    reporting_day: bool = False,
    publication_day: bool = False,
) -> DateChoice:
    """Which of a document's ``spans`` dates the event whose trigger stands in ``sentence`` (all document offsets).

    ``earlier``: sentences the date may be carried over from, nearest first: those told of the same event. A day given
    only for who said it leaves the date empty, unless ``reporting_day`` allows it (rule ``...:reporting_day``).
    ``publication_day``: fall back on the day of publication, precision 2, rule ``publication_day``, without evidence.
    """
    in_sentence = _own(text, spans, sentence, trigger)
    if in_sentence and (in_sentence.kind in _DAYS or _is_called_after(text, in_sentence, trigger)):
        return _chosen(in_sentence)
    if in_sentence and _is_far(text, in_sentence, trigger):
        in_sentence = None
    carried = [
        date_span
        for other_sentence in earlier
        if (date_span := _own(text, spans, other_sentence, (other_sentence[0], other_sentence[0])))
        and date_span.kind in _DAYS
    ]
    if in_sentence:
        inside = [
            date_span
            for date_span in carried
            if in_sentence.rule != SINCE and _within(date_span.when, in_sentence.when)
        ]
        return _chosen(inside[0], "narrowed") if inside else _chosen(in_sentence)
    if carried:
        return _chosen(carried[0], "carried_over")
    reporting = [s for other_sentence in (sentence, *earlier) for s in _in(spans, other_sentence) if s.reporting]
    if reporting and reporting_day:
        return _chosen(reporting[0], "reporting_day")
    if publication_day and published:
        return DateChoice(When(published, published, 2, None, "publication_day"), None)
    return DateChoice(replace(_NONE.when, reason="only_a_reporting_day"), None) if reporting else _NONE
