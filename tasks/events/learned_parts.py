"""The learned head's parts (``role_head.py``) given to the incidents they belong to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.mention import Actor, Role, Stance
from tasks.events.actor_spans import kind_of
from tasks.events.actors import resolve_actor
from tasks.events.document import Facts
from tasks.events.incidents import Incident
from tasks.events.linear import Linear
from tasks.events.participants import Participant, resolved
from tasks.events.role_head import REACH, Candidate, Told, role_model, scored
from tasks.events.tellings import Telling, is_violent
from tasks.reference.actors import actor_kinds

#: How the rule of a learned part begins; its probability follows.
_LEARNED = "learned"
#: Who looks on: their part is told where they are the subject of an act, never guessed.
_OBSERVERS = frozenset({"ngo", "igo", "media"})
_ROLES = {"initiator": Role.INITIATOR, "target": Role.TARGET, "object": Role.OBJECT}


@dataclass(frozen=True, slots=True)
class Part:
    """A participant the head gave a part, with the sentence and token it stands at."""

    person: Participant
    sentence: int
    token: int


def learned_parts(facts: Facts, tellings: Sequence[Telling], model: Linear | None = None) -> tuple[Part, ...]:
    """The phrases of a text the head is sure enough of, the grammar's own left out, in text order.

    ``model`` is another head than the shipped one: training needs one that has not seen the text.
    """
    model = model or role_model()
    violent = [telling for telling in tellings if is_violent(telling)]
    if not violent:
        return ()
    told, limits = Told.of(tellings), model.thresholds
    found = []
    for candidate, likely in scored(facts, told, model):
        part = max(_ROLES, key=lambda name: likely[name] / limits[name])
        if likely[part] < limits[part] or any(_overlap(candidate, person) for person in told.people):
            continue
        if part == "initiator" and _looks_on(facts, candidate):
            continue
        if not candidate.thing and candidate.named is None and _is_place(facts, candidate):
            continue
        person = _participant(facts, candidate, _ROLES[part], f"{_LEARNED} {likely[part]:.2f}")
        found.append(Part(person, candidate.sentence, candidate.token))
    return tuple(found)


def _looks_on(facts: Facts, candidate: Candidate) -> bool:
    """Whether a phrase names a monitor or an outlet, or whoever reports: they are no guess for who did it."""
    named = candidate.named
    if named is not None and resolve_actor(named, facts.actor_context).kind in _OBSERVERS:
        return True
    return any(
        said.stance is Stance.ASSERTS and said.speaker_start < candidate.end and candidate.start < said.speaker_end
        for said in facts.statements
    )


def _is_place(facts: Facts, candidate: Candidate) -> bool:
    """Whether a phrase names where it happened, or a part of such a name."""
    return any(f.span.start < candidate.end and candidate.start < f.span.end for f in facts.places)


def _overlap(candidate: Candidate, person: Participant) -> bool:
    return person.start < candidate.end and candidate.start < person.end


def _participant(facts: Facts, candidate: Candidate, role: Role, rule: str) -> Participant:
    name = facts.text[candidate.start : candidate.end]
    if candidate.named is not None and role is not Role.OBJECT:
        return resolved(facts, candidate.named, role, rule)
    kind = "property" if role is Role.OBJECT else kind_of(name) or "unknown"
    kind = kind if kind in actor_kinds() else "unknown"
    return Participant(Actor(role, name, None, None, kind, None), candidate.start, candidate.end, rule)


def is_learned(rule: str) -> bool:
    """Whether a participant's rule says that the head gave its part."""
    return rule.startswith(_LEARNED)


def add_parts(incidents: Sequence[Incident], parts: Sequence[Part]) -> None:
    """Give each part to a violent incident: of its sentence the one with the nearest trigger, else the nearest told."""
    for part in parts:
        near = next((i for index in _around(part) if (i := _told_at(incidents, index, part)) is not None), None)
        if near is not None:
            near.nearby.append(part.person)


def _around(part: Part) -> Iterator[int]:
    """Its own sentence, then those before, then those after."""
    yield part.sentence
    yield from (part.sentence - back for back in range(1, REACH + 1))
    yield from (part.sentence + ahead for ahead in range(1, REACH + 1))


def _told_at(incidents: Sequence[Incident], sentence: int, part: Part) -> Incident | None:
    """The incident a sentence tells of with the trigger nearest to a part."""
    there = [
        (min(abs(trigger.token - part.token) for trigger in telling.triggers), index)
        for index, incident in enumerate(incidents)
        for telling in incident.tellings
        if telling.sentence.index == sentence and is_violent(telling)
    ]
    return incidents[min(there)[1]] if there else None
