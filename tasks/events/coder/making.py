"""One incident somebody pointed out, made into a mention: what the annotators read where it points.

Whoever points (the built-in reader or a language model) chooses characters, and for kind and status one of a few words;
days, places, actors and figures are what our readers read in those characters. What they cannot read is refused, and a
value that is made up has no characters to point at.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from schemas.llm import LlmRefusal, Pointed, PointedEvent, Refused
from schemas.mention import Actor, EventMention, Evidence, Place, Role, Stance, Status, Toll, Victims, When
from tasks.events.coder.accounts import claims_of, with_pointed_claims
from tasks.events.coder.country import country_only, in_country
from tasks.events.coder.evidence import as_written, checked
from tasks.events.coder.means import cause_of, mode_of, weapon_of
from tasks.events.coder.negation import has_failed, is_undone
from tasks.events.coder.readings import (
    NO_DATE,
    NO_PLACE,
    TOLLS,
    Reading,
    actor_at,
    date_at,
    day_of_list,
    place_at,
    toll_at,
)
from tasks.events.document import Document, Facts
from tasks.events.language.vocabulary import Act, acts_by_subtype

Value = TypeVar("Value")

#: How sure side and kind of a group are that a model tells apart: as sure as those that words tell by their kind.
_BY_A_MODEL = 0.75
_SIDES = {"initiators": Role.INITIATOR, "targets": Role.TARGET}
#: The evidence of a side has the name of the role.
_NAMES = {"initiators": "initiator", "targets": "target"}


@dataclass(frozen=True, slots=True)
class Pointer:
    """Who points: the name and version its values have in the warehouse, and which mentions it may take the place of.

    ``below`` is the confidence below which a mention is read again; ``None`` if it reads the whole article.
    """

    coder: str
    version: str
    below: float | None = None


class Maker:
    """One event on its way to a mention. ``base`` is another coder's mention of the same sentence, if there is one.

    What is not pointed at stays as the base has it; what whoever points says the text does not give is taken away.
    """

    def __init__(self, facts: Facts, document: Document, event: PointedEvent, base: EventMention | None = None) -> None:
        self.facts, self.document, self.event, self.base = facts, document, event, base
        self.refusals: list[LlmRefusal] = []
        self._evidence: list[Evidence] = []
        self._read: set[str] = set()

    def mention(self, pointer: Pointer) -> EventMention:
        """The mention, every value of it with its characters. Raises :class:`NotInTextError`."""
        base = self._begun(pointer)
        act = self._act()
        tolls = {field: self._toll(field, getattr(base, field)) for field in TOLLS}
        location = self._settled("place", place_at, base.place, NO_PLACE)
        mention = replace(
            base,
            event_type=act.event_type,
            sub_event_type=act.sub_event_type,
            plover_type=act.plover_type,
            plover_mode=base.plover_mode if base.sub_event_type == act.sub_event_type else act.plover_mode,
            status=self._status(),
            aggregate=self.event.aggregate or base.aggregate,
            when=self._when(base.when),
            place=self._placed(location),
            actors=self._actors(base),
            killed=tolls["killed"],
            injured=tolls["injured"],
            detained=tolls["detained"],
            displaced=tolls["displaced"],
            claims=with_pointed_claims(base.claims, self.facts, self.event)
            if self.base is not None
            else claims_of(self.facts, self.event),
            victims=tuple(self._victims(tolls)),
            evidence=(),
            coder=pointer.coder,
            coder_version=pointer.version,
        )
        if self.base is None:
            mention = self._with_means(mention, act)
        mention = replace(mention, evidence=self._all_evidence(base, mention))
        return checked(self.document.text, as_written(self.document.text, mention))

    def _tellings(self) -> tuple[Pointed, ...]:
        return self.event.tellings or (self.event.trigger,)

    def _act(self) -> Act:
        """The act pointed out; ground that somebody failed to take was fought for."""
        act = acts_by_subtype()[self.event.sub_event_type]
        fought = (act.family, act.event_type) == ("territory", "Battles") and has_failed(self.facts, self._tellings())
        return acts_by_subtype()["Armed clash"] if fought else act

    def _status(self) -> Status:
        """The status pointed out; what a text tells of first only as denied, or only as not done, is denied."""
        first = min(self._tellings(), key=lambda one: one.start)
        denials = (s for s in self.facts.statements if s.stance is Stance.DENIES)
        denied = any(s.start <= first.start and first.end <= s.end for s in denials)
        denied = denied or is_undone(self.facts, self._tellings())
        return Status.DENIED if denied and self.event.status is Status.HAPPENED else self.event.status

    def _begun(self, pointer: Pointer) -> EventMention:
        """What to go on from: the other coder's mention, or nothing but trigger and sentence."""
        trigger, base = self.event.trigger, self.base
        if base is not None:
            near = base.trigger_start < trigger.end and trigger.start < base.trigger_end
            return base if near else replace(base, trigger_start=trigger.start, trigger_end=trigger.end)
        sentence = next(s for s in self.facts.sentences if s.start <= trigger.start < s.end)
        return EventMention(
            article_id=self.document.article_id, version_id=self.document.version_id,
            sentence_start=sentence.start, sentence_end=sentence.end,
            trigger_start=trigger.start, trigger_end=trigger.end,
            event_type="", sub_event_type="", plover_type="", plover_mode=None,
            status=Status.HAPPENED, aggregate=False, when=NO_DATE, place=NO_PLACE, actors=(),
            weapon=None, cause=None, killed=Toll(), injured=Toll(), detained=Toll(), displaced=Toll(),
            claims=(), evidence=(), confidence=_confidence(self.event),
            coder=pointer.coder, coder_version=pointer.version, language=self.document.language,
        )  # fmt: skip

    def _pointed(self, field: str) -> tuple[Pointed, ...]:
        return tuple(pointed for pointed in self.event.fields if pointed.field == field)

    def _readings(
        self, field: str, reader: Callable[[Facts, Pointed], Reading[Value] | None]
    ) -> list[tuple[Pointed, Reading[Value]]]:
        """What is read of a field, in the order it is pointed at; what is not read is refused."""
        readings = []
        for pointed in self._pointed(field):
            reading = reader(self.facts, pointed)
            if reading is None:
                self.refusals.append(refusal(self.event, pointed, Refused.UNREAD))
                continue
            self._read.add(field)
            readings.append((pointed, reading))
        return readings

    def _settled(
        self, field: str, reader: Callable[[Facts, Pointed], Reading[Value] | None], before: Value, nothing: Value
    ) -> Value:
        """What is read first if the field is pointed at; nothing if the text gives none; else what was before."""
        readings = self._readings(field, reader)
        for number, (pointed, reading) in enumerate(readings):
            self._note(pointed, reading, "" if number == 0 else "; also named")
        if readings:
            return readings[0][1].value
        return nothing if field in self.event.silent else before

    def _when(self, before: When) -> When:
        """The day pointed at; else of an item of a list the day of the line that opens it."""
        opened = None if self.base or self._pointed("date") else day_of_list(self.facts, self.event.trigger.start)
        if opened is None:
            return self._settled("date", date_at, before, NO_DATE)
        self._evidence.append(self._quoted("date", opened.start, opened.end, opened.rule))
        return opened.value

    def _toll(self, field: str, before: Toll) -> Toll:
        """The figure pointed at first; low and high go as far as the other figures."""
        readings = self._readings(field, toll_at)
        for number, (pointed, reading) in enumerate(readings):
            self._note(pointed, reading, "" if number == 0 else "; another account")
        if not readings:
            return Toll() if field in self.event.silent else before
        first = readings[0][1].value
        if len(readings) == 1:
            return first
        tolls = [reading.value for _, reading in readings]
        lows = [figure for toll in tolls if (figure := toll.best if toll.low is None else toll.low) is not None]
        highs = [figure for toll in tolls if (figure := toll.best if toll.high is None else toll.high) is not None]
        return replace(first, low=min(lows, default=None), high=max(highs, default=None))

    def _victims(self, tolls: Mapping[str, Toll]) -> Iterator[Victims]:
        """The groups of persons pointed at with their side and kind; what no figure is read in is refused."""
        readings = []
        for group in self.event.victims:
            reading = self._toll_at(group.words)
            if reading is None or reading.value.best is None:
                self.refusals.append(refusal(self.event, group.words, Refused.UNREAD))
            else:
                readings.append((group, reading))
        for group, reading in readings:
            name, value = group.words.field, reading.value
            whole = sum(counted.value.best or 0 for member, counted in readings if member.words.field == name)
            yield Victims(
                toll=name, side=group.side, kind=group.kind, subgroup=None, within=None, low=value.low,
                best=value.best, high=value.high, adds_up=whole == tolls[name].best, start=group.words.start,
                end=group.words.end, quote=group.words.quote, rule=f"pointed at; {reading.rule}",
                confidence=_BY_A_MODEL,
            )  # fmt: skip

    def _toll_at(self, pointed: Pointed) -> Reading[Toll] | None:
        return toll_at(self.facts, pointed)

    def _placed(self, location: Place) -> Place:
        """A place of the built-in reader with the country the text plays in, if the name alone does not tell."""
        if self.base is not None:
            return location
        return in_country(self.facts, location) if location.name else country_only(self.facts)

    def _actors(self, base: EventMention) -> tuple[Actor, ...]:
        """The actors of each side pointed at; of a side of which nothing was read, those the base has.

        Who is pointed at on both sides is on the surer one.
        """
        sides = {field: self._side(field, role) for field, role in _SIDES.items()}
        sure = {_identity(actor): _sureness(pointed) for named in sides.values() for pointed, actor in named}
        listed: list[Actor] = []
        for field, role in _SIDES.items():
            if sides[field]:
                self._read.add(field)
                listed += [
                    self._noted(pointed, reading)
                    for pointed, reading in sides[field]
                    if not _is_other_sides(reading, sure)
                ]
            elif field not in self.event.silent:
                listed += [actor for actor in base.actors if actor.role is role and _opposite(actor) not in sure]
        return (*listed, *(actor for actor in base.actors if actor.role not in _SIDES.values()))

    def _side(self, field: str, role: Role) -> list[tuple[Pointed, Reading[Actor]]]:
        """Each actor of a side once, by who it is or how it is named."""
        by_identity: dict[tuple[Role, str], tuple[Pointed, Reading[Actor]]] = {}
        for pointed in self._pointed(field):
            reading = self._actor_at(pointed, role)
            if reading is None:
                self.refusals.append(refusal(self.event, pointed, Refused.UNREAD))
            else:
                by_identity.setdefault(_identity(reading), (pointed, reading))
        return [*by_identity.values()]

    def _noted(self, pointed: Pointed, reading: Reading[Actor]) -> Actor:
        self._note(pointed, reading)
        return reading.value

    def _actor_at(self, pointed: Pointed, role: Role) -> Reading[Actor] | None:
        return actor_at(self.facts, pointed, role)

    def _with_means(self, mention: EventMention, act: Act) -> EventMention:
        """The mention with weapon, mode and stated cause, and their evidence."""
        tellings = self._tellings()
        weapon, cause = weapon_of(self.facts, tellings, act), cause_of(self.facts, tellings)
        if weapon is not None:
            self._evidence.append(self._quoted("weapon", weapon.start, weapon.end, weapon.row.weapon))
        if cause is not None:
            self._evidence.append(self._quoted("cause", *cause, "stated cause"))
        return replace(
            mention,
            plover_mode=mode_of(act, weapon),
            weapon=weapon.row.weapon if weapon else None,
            cause=self.facts.text[slice(*cause)] if cause else None,
        )

    def _quoted(self, field: str, start: int, stop: int, rule: str) -> Evidence:
        return Evidence(field, start, stop, self.document.text[start:stop], rule)

    def _note(self, pointed: Pointed, reading: Reading[Value], more: str = "") -> None:
        name = _NAMES.get(pointed.field, pointed.field)
        piece = self._quoted(name, reading.start, reading.end, f"pointed at; {reading.rule}{more}")
        self._evidence.append(replace(piece, confidence=_rounded(pointed.probability)))

    def _all_evidence(self, base: EventMention, mention: EventMention) -> tuple[Evidence, ...]:
        """The evidence: what was pointed at, and what the base read of fields that stand as it read them."""
        gone = {_NAMES.get(field, field) for field in self._read | self.event.silent} | {"trigger", "status"}
        start, stop = mention.trigger_start, mention.trigger_end
        rule = f"pointed at; {mention.sub_event_type}, {mention.status}"
        trigger = replace(
            self._quoted("trigger", start, stop, rule), confidence=_rounded(self.event.trigger.probability)
        )
        others = [
            replace(
                self._quoted("telling", telling.start, telling.end, "tells of it too"),
                confidence=_rounded(telling.probability),
            )
            for telling in self.event.tellings
            if (telling.start, telling.end) != (start, stop)
        ]
        claims = tuple(
            Evidence("claim", c.start, c.end, c.quote, c.stance.value)
            for c in mention.claims
            if self.base is None or c not in self.base.claims
        )
        by = f"{base.coder} {base.coder_version}"
        stands = [replace(piece, coder=by) for piece in base.evidence if piece.field not in gone]
        return (trigger, *others, *self._evidence, *claims, *stands)


def refusal(event: PointedEvent, pointed: Pointed, reason: Refused) -> LlmRefusal:
    """A value of an event of which nothing is made."""
    return LlmRefusal(event.number, pointed.field, None, pointed.quote, reason)


def _sureness(pointed: Pointed) -> float:
    return 1.0 if pointed.probability is None else pointed.probability


def _identity(reading: Reading[Actor]) -> tuple[Role, str]:
    return _part(reading.value, reading.value.role)


def _opposite(actor: Actor) -> tuple[Role, str]:
    """The same actor on the other side."""
    return _part(actor, Role.INITIATOR if actor.role is Role.TARGET else Role.TARGET)


def _part(actor: Actor, role: Role) -> tuple[Role, str]:
    return role, actor.actor_id or actor.name.lower()


def _is_other_sides(reading: Reading[Actor], sure: Mapping[tuple[Role, str], float]) -> bool:
    """Return True if the same actor is more certain on the other side. Of equals the initiator stands."""
    mine, theirs = sure[_identity(reading)], sure.get(_opposite(reading.value), -1.0)
    return theirs > mine or (theirs == mine and reading.value.role is Role.TARGET)


def _rounded(probability: float | None) -> float | None:
    return None if probability is None else round(probability, 2)


def _confidence(event: PointedEvent) -> float:
    """The probability of whoever points; else from 0.3, up to 0.5 more for the share of what is pointed at that stands.

    So a report of a model counts (``FIRSTDRAFT_COUNT_FROM``, 0.65 where it is not set) where most of its words stand.
    """
    if event.probability is not None:
        return round(event.probability, 2)
    return round(0.3 + 0.5 * len(event.fields) / max(1, event.offered), 2)
