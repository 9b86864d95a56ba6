"""One event a language model pointed out, made into a mention: what the rules read where it points.

The model chooses characters, and for kind and status one of a few words; days, places, actors and figures are what the
rules of this coder read in those characters. What they cannot read is refused, and a value the model invents has no
characters to point at.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from schemas.llm import LlmRefusal, Pointed, PointedEvent, Refused
from schemas.mention import Actor, EventMention, Evidence, Place, Role, Status, Toll, When
from tasks.events import proof
from tasks.events.actors.resolve import kind_of, resolve_actor
from tasks.events.document import Document, Facts
from tasks.events.language.numbers import find_numbers
from tasks.events.language.vocabulary import acts_by_subtype
from tasks.events.tolls.casualties import TollKind

Value = TypeVar("Value")

_TOLLS = {
    "killed": (TollKind.KILLED,),
    "injured": (TollKind.INJURED,),
    "detained": (TollKind.DETAINED, TollKind.CAPTURED),
    "displaced": (TollKind.DISPLACED,),
}
_SIDES = {"initiators": Role.INITIATOR, "targets": Role.TARGET}
#: The evidence of a side has the name of the role.
_NAMES = {"initiators": "initiator", "targets": "target"}
_NO_DATE = When(None, None, None, None, "not_said")
_NO_PLACE = Place(None, None, None, None, None, None, None, None, None, "not_said")


@dataclass(frozen=True, slots=True)
class Pointer:
    """Who points: the name and version its values have in the warehouse, and which mentions it may take the place of.

    ``below`` is the confidence below which a mention is read again; ``None`` where the model reads the whole article.
    """

    coder: str
    version: str
    below: float | None


class Maker:
    """One event on its way to a mention. ``base`` is the default coder's mention of the same sentence, if it has one.

    What is not pointed at stays as the base has it; what the model says the text does not give is taken away.
    """

    def __init__(self, facts: Facts, document: Document, event: PointedEvent, base: EventMention | None) -> None:
        self.facts, self.document, self.event, self.base = facts, document, event, base
        self.refusals: list[LlmRefusal] = []
        self._evidence: list[Evidence] = []
        self._read: set[str] = set()

    def mention(self, pointer: Pointer) -> EventMention:
        """The mention, every value of it with its characters. Raises :class:`~tasks.events.proof.NotInTextError`."""
        base = self._begun(pointer)
        act = acts_by_subtype()[self.event.sub_event_type]
        tolls = {field: self._settled(field, self._toll, getattr(base, field), Toll()) for field in _TOLLS}
        mention = replace(
            base,
            event_type=act.event_type,
            sub_event_type=act.sub_event_type,
            plover_type=act.plover_type,
            plover_mode=base.plover_mode if base.sub_event_type == act.sub_event_type else act.plover_mode,
            status=self.event.status,
            when=self._settled("date", self._date, base.when, _NO_DATE),
            place=self._settled("place", self._place, base.place, _NO_PLACE),
            actors=self._actors(base),
            killed=tolls["killed"],
            injured=tolls["injured"],
            detained=tolls["detained"],
            displaced=tolls["displaced"],
            evidence=(),
            coder=pointer.coder,
            coder_version=pointer.version,
        )
        mention = replace(mention, evidence=self._proof(base, mention))
        return proof.checked(self.document.text, proof.as_written(self.document.text, mention))

    def _begun(self, pointer: Pointer) -> EventMention:
        """What to go on from: the default coder's mention, or nothing but trigger and sentence."""
        trigger, base = self.event.trigger, self.base
        if base is not None:
            near = base.trigger_start < trigger.end and trigger.start < base.trigger_end
            return base if near else replace(base, trigger_start=trigger.start, trigger_end=trigger.end)
        own = next(s for s in self.facts.sentences if s.start <= trigger.start < s.end)
        return EventMention(
            article_id=self.document.article_id, version_id=self.document.version_id,
            sentence_start=own.start, sentence_end=own.end,
            trigger_start=trigger.start, trigger_end=trigger.end,
            event_type="", sub_event_type="", plover_type="", plover_mode=None,
            status=Status.HAPPENED, aggregate=False, when=_NO_DATE, place=_NO_PLACE, actors=(),
            weapon=None, cause=None, killed=Toll(), injured=Toll(), detained=Toll(), displaced=Toll(),
            claims=(), evidence=(), confidence=_confidence(self.event),
            coder=pointer.coder, coder_version=pointer.version,
        )  # fmt: skip

    def _settled(self, field: str, reader: Callable[[Pointed], Value | None], before: Value, nothing: Value) -> Value:
        """What is read where the field is pointed at; nothing where the model says so; else what was read before."""
        pointed = next((found for found in self.event.fields if found.field == field), None)
        value = reader(pointed) if pointed else None
        if value is not None:
            self._read.add(field)
            return value
        if pointed is not None:
            self.refusals.append(refusal(self.event, pointed, Refused.UNREAD))
        return nothing if field in self.event.silent else before

    def _date(self, pointed: Pointed) -> When | None:
        found = [span for span in self.facts.dates if _meets(span.start, span.end, pointed) and span.when.start]
        span = max(found, key=lambda s: _shared(s.start, s.end, pointed), default=None)
        if span is None:
            return None
        self._note(pointed, span.start, span.end, span.rule)
        return span.when

    def _place(self, pointed: Pointed) -> Place | None:
        found = [place for place in self.facts.places if _meets(place.span.start, place.span.end, pointed)]
        best = max(found, key=lambda f: (_shared(f.span.start, f.span.end, pointed), -f.span.start), default=None)
        if best is not None:
            self._note(pointed, best.span.start, best.span.end, best.place.reason)
            return best.place
        if not any(word[:1].isupper() for word in pointed.quote.split()):
            return None
        named = replace(_NO_PLACE, name=pointed.quote, reason="as named: no place of the gazetteer")
        self._note(pointed, pointed.start, pointed.end, named.reason)
        return named

    def _toll(self, pointed: Pointed) -> Toll | None:
        kinds = _TOLLS[pointed.field]
        found = [toll for tolls in self.facts.tolls for toll in tolls if toll.kind in kinds and not toll.negated]
        here = [t for t in found if t.best is not None and _meets(*(t.number or (t.start, t.end)), pointed)]
        best = max(here, key=lambda t: _shared(t.start, t.end, pointed), default=None)
        if best is not None:
            self._note(pointed, best.start, best.end, best.rule)
            return Toll(best.low, best.best, best.high, best.who)
        numbers = find_numbers(pointed.quote)
        if len(numbers) != 1:
            return None
        number = numbers[0]
        self._note(pointed, pointed.start, pointed.end, number.rule)
        return Toll(number.low, number.best, number.high, None)

    def _actors(self, base: EventMention) -> tuple[Actor, ...]:
        """The actors of each side pointed at; of a side of which nothing was read, those the base has."""
        told: list[Actor] = []
        for field, role in _SIDES.items():
            named = [self._actor(pointed, role) for pointed in self.event.fields if pointed.field == field]
            if named:
                self._read.add(field)
            elif field not in self.event.silent:
                named = [actor for actor in base.actors if actor.role is role]
            told += [actor for number, actor in enumerate(named) if actor not in named[:number]]
        return (*told, *(actor for actor in base.actors if actor.role not in _SIDES.values()))

    def _actor(self, pointed: Pointed, role: Role) -> Actor:
        found = [span for span in self.facts.actors if _meets(span.start, span.end, pointed)]
        span = max(found, key=lambda s: (_shared(s.start, s.end, pointed), -s.start), default=None)
        if span is None:
            self._note(pointed, pointed.start, pointed.end, "as named")
            return Actor(role, pointed.quote, None, None, kind_of(pointed.quote) or "unknown", None)
        who = resolve_actor(span, self.facts.actor_context)
        self._note(pointed, span.start, span.end, who.reason)
        return Actor(role, span.text, who.actor_id, who.canonical_name, who.kind, who.country)

    def _note(self, pointed: Pointed, start: int, end: int, rule: str) -> None:
        name = _NAMES.get(pointed.field, pointed.field)
        self._evidence.append(Evidence(name, start, end, self.document.text[start:end], f"pointed at; {rule}"))

    def _proof(self, base: EventMention, mention: EventMention) -> tuple[Evidence, ...]:
        """The evidence: what was pointed at, and what the base read of fields that stand as it read them."""
        gone = {_NAMES.get(field, field) for field in self._read | self.event.silent} | {"trigger", "status"}
        start, end = mention.trigger_start, mention.trigger_end
        rule = f"pointed at; {mention.sub_event_type}, {mention.status}"
        trigger = Evidence("trigger", start, end, self.document.text[start:end], rule)
        by = f"{base.coder} {base.coder_version}"
        stands = [replace(piece, coder=by) for piece in base.evidence if piece.field not in gone]
        return (trigger, *self._evidence, *stands)


def refusal(event: PointedEvent, pointed: Pointed, reason: Refused) -> LlmRefusal:
    """A value of an event of which nothing is made."""
    return LlmRefusal(event.number, pointed.field, None, pointed.quote, reason)


def _confidence(event: PointedEvent) -> float:
    """From 0.3, up to 0.5 more for the share of fields given that stand in the text: no probability."""
    given = len(event.fields) + len(event.silent)
    return round(0.3 + 0.5 * len(event.fields) / max(1, given), 2)


def _meets(start: int, end: int, pointed: Pointed) -> bool:
    return start < pointed.end and pointed.start < end


def _shared(start: int, end: int, pointed: Pointed) -> tuple[int, int]:
    """How much of the characters pointed at a span has, then how little else."""
    return min(end, pointed.end) - max(start, pointed.start), start - end
