"""What the annotators read in characters somebody pointed at: a value, its own characters, and the rule."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Generic, TypeVar

from schemas.llm import Pointed
from schemas.mention import Actor, Place, Role, Toll, When
from tasks.events.actors.resolve import ActorSpan, kind_of, resolve_actor
from tasks.events.dates.calendar import numbered, on_weekday
from tasks.events.dates.spans import DateKind
from tasks.events.document import Facts
from tasks.events.language.numbers import find_numbers
from tasks.events.language.vocabulary import event_words
from tasks.events.tolls.casualties import TollKind, TollSpan
from tasks.events.tolls.counted import Counted, find_counted
from tasks.reference.actors import actor_words
from tasks.reference.words.grammar_words import date_words

Value = TypeVar("Value")

NO_DATE = When(None, None, None, None, "not_said")
NO_PLACE = Place(None, None, None, None, None, None, None, None, None, "not_said")
#: The kinds of toll behind each field.
TOLLS = {
    "killed": (TollKind.KILLED,),
    "injured": (TollKind.INJURED,),
    "detained": (TollKind.DETAINED, TollKind.CAPTURED),
    "displaced": (TollKind.DISPLACED,),
}


@dataclass(frozen=True, slots=True)
class Reading(Generic[Value]):
    """A value with the characters it was read from (offsets of the document) and the rule that read it."""

    value: Value
    start: int
    end: int
    rule: str


def date_at(facts: Facts, pointed: Pointed) -> Reading[When] | None:
    """The day or days some words mean; ``None`` if the reader of dates makes nothing of them."""
    spans = [span for span in facts.dates if _meets(span.start, span.end, pointed) and span.when.start]
    span = max(spans, key=lambda s: _shared(s.start, s.end, pointed), default=None)
    return Reading(span.when, span.start, span.end, span.rule) if span else _referring(facts, pointed)


def _referring(facts: Facts, pointed: Pointed) -> Reading[When] | None:
    """The day of words that point back to one ("a day after the attack"), or name a weekday as such ("Mondays")."""
    quote = " ".join(pointed.quote.lower().split())
    for days, phrases in date_words().referring.items():
        if any(re.match(rf"(?:on |by )?{phrase}\b", quote) for phrase in phrases):
            before = [s.when.start for s in facts.dates if s.end <= pointed.start and s.when.start == s.when.end]
            day = before[-1] + timedelta(days=days) if before and before[-1] else None
            return _day_read(day, pointed, 1, "counted from the day named before it")
    weekday = numbered().get(quote.removeprefix("on ").removeprefix("every ").removesuffix("s"))
    if weekday is None or facts.document.published_day is None or not quote.endswith("days"):
        return None
    return _day_read(
        on_weekday(facts.document.published_day, weekday, future=False), pointed, 3, "the last such weekday"
    )


def _day_read(day: date | None, pointed: Pointed, precision: int, rule: str) -> Reading[When] | None:
    when = When(day, day, precision, pointed.quote, rule)
    return Reading(when, pointed.start, pointed.end, rule) if day is not None else None


def day_of_list(facts: Facts, at: int) -> Reading[When] | None:
    """The one day in the line that opens a list ("The attacks of Friday:"), for what stands ``at`` one of its items."""
    opener, _, item = facts.text[:at].rpartition("\n")
    if not item.startswith("- "):
        return None
    while (end := len(opener)) and (line := opener.rpartition("\n")[2]).startswith("- "):
        opener = opener[: max(0, end - len(line) - 1)]
    begin = end - len(opener.rpartition("\n")[2])
    days = [span for span in facts.dates if begin <= span.start < end and span.kind is DateKind.DAY and span.when.start]
    if len(days) != 1 or not opener.rstrip().endswith(":"):
        return None
    return Reading(days[0].when, days[0].start, days[0].end, f"opening line of its list; {days[0].rule}")


def place_at(facts: Facts, pointed: Pointed) -> Reading[Place] | None:
    """The place some words name; as named, if the gazetteer does not know it; ``None`` for words that name none,
    or only where somebody spoke.
    """
    spans = [located for located in facts.places if _meets(located.span.start, located.span.end, pointed)]
    best = max(spans, key=lambda f: (_shared(f.span.start, f.span.end, pointed), -f.span.start), default=None)
    if best is not None and facts.is_where_said(best.span.start, best.span.end):
        return None
    if best is not None:
        return Reading(best.place, best.span.start, best.span.end, best.place.reason)
    if not any(word[:1].isupper() for word in pointed.quote.split()):
        return None
    named = replace(NO_PLACE, name=pointed.quote, reason="as named: no place of the gazetteer")
    return Reading(named, pointed.start, pointed.end, named.reason)


def toll_at(facts: Facts, pointed: Pointed) -> Reading[Toll] | None:
    """The figures some words give of a kind of toll; ``None`` if they hold none, or several that nothing joins."""
    kinds = TOLLS[pointed.field]
    tolls = [toll for group in facts.tolls for toll in group if toll.best is not None or toll.low is not None]
    exact = [toll for toll in tolls if toll_extent(toll) == (pointed.start, pointed.end)]
    same = [toll for toll in exact if toll.kind in kinds] or exact
    if same:
        return _toll(same[0])
    counted = _counted(facts, pointed)
    whole = next((count for count in counted if (count.start, count.end) == (pointed.start, pointed.end)), None)
    if whole is not None:
        return _count(whole)
    candidates = [
        t for t in tolls if t.kind in kinds and not t.negated and _meets(*(t.number or (t.start, t.end)), pointed)
    ]
    best = max(candidates, key=lambda t: _shared(t.start, t.end, pointed), default=None)
    if best is not None:
        return _toll(best)
    near = max(counted, key=lambda count: _shared(count.start, count.end, pointed), default=None)
    if near is not None:
        return _count(near)
    numbers = find_numbers(pointed.quote) or find_numbers(f"a {pointed.quote}")
    if len(numbers) != 1:
        return None
    number = numbers[0]
    return Reading(Toll(number.low, number.best, number.high, None), pointed.start, pointed.end, number.rule)


def toll_extent(toll: TollSpan) -> tuple[int, int]:
    """The characters of a toll's figure and of whom it counts."""
    start, stop = toll.number or (toll.start, toll.end)
    who = toll.who_span or (start, stop)
    return min(start, who[0]), max(stop, who[1])


def _toll(toll: TollSpan) -> Reading[Toll]:
    return Reading(Toll(toll.low, toll.best, toll.high, toll.who), toll.start, toll.end, str(toll.rule))


def _count(count: Counted) -> Reading[Toll]:
    return Reading(Toll(count.low, count.best, count.high, count.who), count.start, count.end, f"count:{count.rule}")


def _counted(facts: Facts, pointed: Pointed) -> Sequence[Counted]:
    """The counts of persons in the words pointed at, by the sentence they stand in."""
    sentence = next((s for s in facts.sentences if s.start <= pointed.start < s.end), None)
    if sentence is None:
        return ()
    counts = find_counted(facts.text[sentence.start : sentence.end], sentence.start)
    return [count for count in counts if _meets(count.start, count.end, pointed)]


def actor_at(facts: Facts, pointed: Pointed, role: Role) -> Reading[Actor] | None:
    """Who some words name, known or as named; things that were hit are :attr:`~schemas.mention.Role.OBJECT`.

    ``None`` for a word that only points back and finds nobody ("they").
    """
    spans = [span for span in facts.actors if _meets(span.start, span.end, pointed)]
    span = max(spans, key=lambda s: (_shared(s.start, s.end, pointed), -s.start), default=None)
    if span is not None and _covers(span, pointed):
        who = resolve_actor(span, facts.actor_context)
        side = _side(role, span.text, who.actor_id)
        kind = "property" if side is Role.OBJECT else who.kind
        actor = Actor(side, span.text, who.actor_id, who.canonical_name, kind, who.country)
        return Reading(actor, span.start, span.end, who.reason)
    start, quote = _bare(pointed)
    if quote.lower() in actor_words("pronoun") | event_words("name_nobody") | event_words("determiners") or not any(
        letter.isalpha() for letter in quote
    ):
        return None
    side = _side(role, quote, None)
    kind = "property" if side is Role.OBJECT else kind_of(quote) or "unknown"
    return Reading(Actor(side, quote, None, None, kind, None), start, start + len(quote), "as named")


def _covers(span: ActorSpan, pointed: Pointed) -> bool:
    """Return True if an actor of the grammar is what is pointed at, and not a name within it ("residents of Homs")."""
    shared = min(span.end, pointed.end) - max(span.start, pointed.start)
    return 2 * shared >= min(len(pointed.quote), span.end - span.start)


def _bare(pointed: Pointed) -> tuple[int, str]:
    """The words without articles before them, and where they begin."""
    start, quote = pointed.start, pointed.quote
    first, _, rest = quote.partition(" ")
    while rest and first.lower() in event_words("determiners"):
        start, quote = start + len(first) + 1, rest
        first, _, rest = quote.partition(" ")
    return start, quote


def _side(role: Role, name: str, actor_id: str | None) -> Role:
    """A target that is a thing is an object."""
    words = name.lower().split()
    last = words[-1] if words else ""
    things = event_words("property")
    is_thing = actor_id is None and bool({last, last.removesuffix("s")} & things)
    return Role.OBJECT if role is Role.TARGET and is_thing else role


def _meets(start: int, stop: int, pointed: Pointed) -> bool:
    return start < pointed.end and pointed.start < stop


def _shared(start: int, stop: int, pointed: Pointed) -> tuple[int, int]:
    """How much of the characters pointed at a span has, then how little else."""
    return min(stop, pointed.end) - max(start, pointed.start), start - stop


__all__ = ["NO_DATE", "NO_PLACE", "TOLLS", "Reading", "actor_at", "date_at", "place_at", "toll_at"]
