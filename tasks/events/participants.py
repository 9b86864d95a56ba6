"""The grammar's noun phrases as actors: who they are, and which of them are no actors at all."""

from dataclasses import dataclass

from schemas.mention import Actor, Role
from tasks.events.actors import ActorSpan, resolve_actor
from tasks.events.document import Facts
from tasks.events.phrases import lemma
from tasks.events.roles import RoleSpan
from tasks.events.vocabulary import vocabulary

#: Heads that name nobody by themselves.
_NOBODY = frozenset({"war", "other", "others", "one", "some", "many", "thing", "nobody"})


@dataclass(frozen=True, slots=True)
class Participant:
    """An actor with the characters that name it and the rule that gave its part."""

    actor: Actor
    start: int
    end: int
    rule: str


def participants(facts: Facts, spans: tuple[RoleSpan, ...], triggers: frozenset[int]) -> tuple[Participant, ...]:
    """The actors among some noun phrases: days, weapons in flight, buildings and other ``triggers`` are none."""
    found: list[Participant] = []
    for span in spans:
        if span.token in triggers or _is_date(facts, span) or lemma(facts.doc[span.token]) in _NOBODY:
            continue
        participant = _participant(facts, span)
        if participant is not None and participant not in found:
            found.append(participant)
    return tuple(found)


def _flying() -> frozenset[str]:
    """Weapons, which hit but are nobody."""
    return vocabulary().words("weapon")


def _in_wider_place(facts: Facts, named: ActorSpan) -> bool:
    """Whether a name is part of a place's: "Syria" in "central Syria attack"."""
    return any(
        found.span.start <= named.start and named.end <= found.span.end and len(found.span.text) > len(named.text)
        for found in facts.places
    )


def _is_date(facts: Facts, span: RoleSpan) -> bool:
    return any(date.start < span.end and span.start < date.end for date in facts.dates)


def _participant(facts: Facts, span: RoleSpan) -> Participant | None:
    named = _actor_span(facts, span)
    head = facts.doc[span.token]
    if named is None:
        return None if span.loose or _is_place(facts, span) else _unlisted(facts, span)
    listed = named.actor_id or named.demonym_country
    if not listed and (named.head.lower() in _flying() or lemma(head) in _flying()):
        return None
    if span.loose and (_in_wider_place(facts, named) or (not listed and head.pos_ == "ADJ")):
        return None
    if span.role is not Role.TARGET and named.noun_kind == "civilians" and not named.actor_id:
        return None
    who = resolve_actor(named, facts.actor_context)
    actor = Actor(span.role, named.text, who.actor_id, who.canonical_name, who.kind, who.country)
    return Participant(actor, named.start, named.end, f"{span.rule}; {who.reason}")


def _actor_span(facts: Facts, span: RoleSpan) -> ActorSpan | None:
    """The actor phrase that holds the head of a role's noun phrase, else one that stands inside it."""
    head = facts.doc[span.token]
    inside = None
    for actor in facts.actors:
        if actor.start <= head.idx < actor.end:
            return actor
        if span.start <= actor.start and actor.end <= span.end and inside is None:
            inside = actor
    return inside


def _is_place(facts: Facts, span: RoleSpan) -> bool:
    return any(found.span.start < span.end and span.start < found.span.end for found in facts.places)


def _unlisted(facts: Facts, span: RoleSpan) -> Participant | None:
    """A proper name nobody listed, kept as named where it acts."""
    head = facts.doc[span.token]
    if head.pos_ != "PROPN" or span.role is Role.TARGET or not facts.text[span.start].isupper():
        return None
    if lemma(head) in vocabulary().words("weapon") or head.lower_ in ("january", "april", "june"):
        return None
    name = facts.text[span.start : span.end]
    return Participant(
        Actor(span.role, name, None, None, "unknown", None), span.start, span.end, f"{span.rule}; as named"
    )
