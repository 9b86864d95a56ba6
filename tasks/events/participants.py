"""The grammar's noun phrases as actors: who they are, and which of them are no actors at all."""

import re
from dataclasses import dataclass, replace

from schemas.mention import Actor, Role
from tasks.events.actors.resolve import ActorSpan, is_armed, kind_of, resolve_actor
from tasks.events.document import Facts
from tasks.events.language.phrases import lemma
from tasks.events.language.vocabulary import event_words, vocabulary
from tasks.events.roles import RoleSpan, owner_of
from tasks.reference.actors import actor_modifiers, actor_words
from tasks.reference.fold import fold
from tasks.reference.places import demonyms

#: UCDP's ``where_prec`` of a town and of what lies about it.
_TOWN = 2
#: What the rule of an actor found by pointing back says.
_POINTS_BACK = "points back"


@dataclass(frozen=True, slots=True)
class Participant:
    """An actor with the characters that name it and the rule that gave its part."""

    actor: Actor
    start: int
    end: int
    rule: str


def participants(
    facts: Facts, spans: tuple[RoleSpan, ...], triggers: frozenset[int], *, gathering: bool = False
) -> tuple[Participant, ...]:
    """The actors among some noun phrases: days, weapons in flight, buildings and other ``triggers`` are none.

    In a ``gathering`` whoever takes part acts, civilians too.
    """
    found: list[Participant] = []
    for span in spans:
        if _is_date(facts, span) or lemma(facts.doc[span.token]) in event_words("nobody"):
            continue
        if span.token in triggers:
            participant = _owner_of_act(facts, span)
        else:
            participant = _crowd(facts, span) if gathering else None
            participant = participant or _participant(facts, span)
        both = (*_allies(facts, span), participant) if participant is not None else ()
        found += [one for one in both if one is not None and one not in found]
    return tuple(_unless_both_sides(person, found) for person in found)


_AND = re.compile(r"([A-Z][\w.]*)(?:,? and| or| &) (?:the )?$")


def _allies(facts: Facts, span: RoleSpan) -> tuple[Participant, ...]:
    """The other state of "US and British warplanes", whose forces did it too."""
    named = _actor_span(facts, span)
    first = demonyms().get(fold(named.text.split(maxsplit=1)[0])) if named is not None else None
    if named is None or first is None or named.noun_kind == "state":
        return ()
    begin = max(0, named.start - 40)
    found = _AND.search(facts.text[begin : named.start])
    if found is None:
        return ()
    start, end = begin + found.start(1), begin + found.end(1)
    state = next((a.demonym_country for a in facts.actors if a.end == end and not a.actor_id), None)
    country = demonyms().get(fold(found[1])) or state
    if country in (None, first):
        return ()
    kind = named.noun_kind or "state_forces"
    ally = ActorSpan(start, end, found[1], found[1], span.token, span.token + 1, "", None, kind, country)
    return (resolved(facts, ally, span.role, f"{span.rule}, with another"),)


def _unless_both_sides(person: Participant, people: list[Participant]) -> Participant:
    """A phrase that points back, as named where it would point to the other side: "the SDF arrested the attackers"."""
    who = person.actor
    if _POINTS_BACK not in person.rule or not any(
        p.actor.actor_id == who.actor_id and p.actor.role is not who.role for p in people if p is not person
    ):
        return person
    kind = kind_of(who.name) or "unknown"
    return replace(person, actor=replace(who, actor_id=None, canonical_name=None, kind=kind, country=None))


def _owner_of_act(facts: Facts, span: RoleSpan) -> Participant | None:
    """Whose act it was, where the act itself is the subject: "Turkish artillery shelling killed two"."""
    head = facts.doc[span.token]
    if span.role is not Role.INITIATOR:
        return None
    for named in facts.actors:
        listed = named.actor_id or named.demonym_country
        if listed and span.start <= named.start and named.end <= head.idx and not in_wider_place(facts, named):
            return resolved(facts, named, Role.INITIATOR, f"{span.rule}'s own")
    return None


def doer_before(facts: Facts, start: int) -> tuple[Participant, ...]:
    """A known side that stands right before an act named by a gerund: "Turkish artillery shelling"."""
    if not facts.text[start:].split(maxsplit=1)[0].rstrip(",.;:").lower().endswith("ing"):
        return ()
    known = [a for a in facts.actors if (a.actor_id or a.demonym_country) and facts.text[a.end : start] == " "]
    return tuple(
        resolved(facts, named, Role.INITIATOR, "stands before the act")
        for named in known or _state_before(facts, start)
    )


_LAST_WORD = re.compile(r"[A-Z][\w’'-]* $")


def _state_before(facts: Facts, start: int) -> tuple[ActorSpan, ...]:
    """The state a demonym right before an act names, where states do such things: "Ukrainian shelling"."""
    if facts.text[start:].split(maxsplit=1)[0].lower() not in event_words("forces_do"):
        return ()
    begin = max(0, start - 40)
    found = _LAST_WORD.search(facts.text[begin:start])
    country = demonyms().get(fold(found[0].strip())) if found else None
    if found is None or country is None:
        return ()
    name, at = found[0].strip(), begin + found.start()
    span = facts.doc.char_span(at, at + len(name), alignment_mode="expand")
    token = span.root.i if span is not None else 0
    return (ActorSpan(at, at + len(name), name, name, token, token + 1, noun_kind="state", demonym_country=country),)


def _crowd(facts: Facts, span: RoleSpan) -> Participant | None:
    """Civilians who gather are protesters (ACLED), named with their number: "Hundreds of people"."""
    named = _actor_span(facts, span)
    if span.role is not Role.INITIATOR or named is None or named.noun_kind != "civilians" or named.actor_id:
        return None
    name = facts.text[span.start : span.end]
    return Participant(
        Actor(span.role, name, None, None, "protesters", None), span.start, span.end, f"{span.rule}; those who gather"
    )


def _flying() -> frozenset[str]:
    """Weapons, which hit but are nobody."""
    return vocabulary().words("weapon")


def in_wider_place(facts: Facts, named: ActorSpan) -> bool:
    """Whether a name is part of a place's: "Syria" in "central Syria attack"."""
    return any(
        found.span.start <= named.start and named.end <= found.span.end and len(found.span.text) > len(named.text)
        for found in facts.places
    )


def is_in_a_town(facts: Facts, named: ActorSpan) -> bool:
    """Whether a state's name is half of a town's: "Kuwait City", "San Salvador"."""
    return named.noun_kind == "state" and any(
        (found.place.precision or 9) <= _TOWN
        and found.span.head_start <= named.start
        and named.end <= found.span.head_start + len(found.span.head)
        and len(found.span.head) > len(named.text)
        for found in facts.places
    )


def _is_date(facts: Facts, span: RoleSpan) -> bool:
    return any(date.start < span.end and span.start < date.end for date in facts.dates)


def _participant(facts: Facts, span: RoleSpan) -> Participant | None:
    named = _actor_span(facts, span)
    head = facts.doc[span.token]
    if named is None or lemma(head) in vocabulary().words("property"):
        hit = span.role is Role.TARGET and not span.loose and span.rule != "subject of dying"
        thing = _property(facts, span) if hit else None
        if thing is not None:
            return thing
    if named is None:
        return _of_a_state(facts, span) if span.loose else _unlisted(facts, span)
    listed = named.actor_id or named.demonym_country
    if not listed and (named.head.lower() in _flying() or lemma(head) in _flying()) and not _has_an_owner(named):
        return None
    if _is_of_a_place(facts, span, named) or (span.loose and not listed and head.pos_ == "ADJ"):
        return None
    if span.role is not Role.TARGET and named.noun_kind == "civilians" and not named.actor_id:
        fights = span.rule == "between" and named.text.islower()
        return _side(facts, named, span) if fights else _somebody(facts, named, span)
    return (None if listed else _owned(facts, named, span)) or resolved(facts, named, span.role, span.rule)


def _has_an_owner(named: ActorSpan) -> bool:
    """Whether a weapon is said to be somebody's: "army artillery"."""
    return is_armed(named.noun_kind) and named.text.split()[0].lower() in actor_modifiers()


def _owned(facts: Facts, named: ActorSpan, span: RoleSpan) -> Participant | None:
    """The known actor whose forces somebody says they are: "the army said its forces had bombed"."""
    owner = owner_of(facts.doc[span.token])
    if owner is None or not (named.noun_kind == "unknown" or is_armed(named.noun_kind)):
        return None
    whose = next((actor for actor in facts.actors if actor.start <= owner.idx < actor.end), None)
    who = resolve_actor(whose, facts.actor_context) if whose is not None else None
    if who is None or who.actor_id is None or not is_armed(who.kind):
        return None
    name = facts.text[named.start : named.end]
    actor = Actor(span.role, name, who.actor_id, who.canonical_name, who.kind, who.country)
    return Participant(actor, named.start, named.end, f"{span.rule}; the speaker's own")


def _is_of_a_place(facts: Facts, span: RoleSpan, named: ActorSpan) -> bool:
    """Whether a name is no more than a place's: the refugees of "Jenin refugee camp", the state of "Port Sudan"."""
    listed = named.actor_id or named.demonym_country
    return is_in_a_town(facts, named) or ((span.loose or not listed) and in_wider_place(facts, named))


def _of_a_state(facts: Facts, span: RoleSpan) -> Participant | None:
    """The forces of the country an act is called after: "an Israeli strike"; of an open act only one done abroad."""
    name, head = facts.text[span.start : span.end], facts.doc[span.token]
    country = demonyms().get(fold(name)) if name[:1].isupper() else None
    home = facts.actor_context.event_country
    if country is None or (lemma(head.head) not in event_words("forces_do") | _flying() and home in (None, country)):
        return None
    named = ActorSpan(span.start, span.end, name, name, head.i, head.i + 1, noun_kind="state", demonym_country=country)
    return resolved(facts, named, span.role, span.rule)


def _side(facts: Facts, named: ActorSpan, span: RoleSpan) -> Participant:
    """Those who fight each other as what they are by birth or home: "clashes between two families"."""
    name = facts.text[named.start : named.end]
    actor = Actor(span.role, name, None, None, "identity_militia", None)
    return Participant(actor, named.start, named.end, f"{span.rule}; as named")


def _somebody(facts: Facts, named: ActorSpan, span: RoleSpan) -> Participant | None:
    """Whoever did it where nobody says what they are: "two men"; other civilians do no such thing."""
    if span.role is not Role.INITIATOR or span.loose or named.head.lower() not in actor_words("anybody"):
        return None
    name = facts.text[named.start : named.end]
    actor = Actor(span.role, name, None, None, "unidentified_armed", None)
    return Participant(actor, named.start, named.end, f"{span.rule}; somebody")


def resolved(facts: Facts, named: ActorSpan, role: Role, rule: str) -> Participant:
    """Who a phrase means; of a name with another in brackets, the one in brackets: "Security Forces (Asayish)"."""
    closer = _in_brackets(facts, named)
    who = resolve_actor(closer or named, facts.actor_context)
    end = closer.end + 1 if closer else named.end
    actor = Actor(role, facts.text[named.start : end], who.actor_id, who.canonical_name, who.kind, who.country)
    return Participant(actor, named.start, end, f"{rule}; {who.reason}")


def _in_brackets(facts: Facts, named: ActorSpan) -> ActorSpan | None:
    for other in facts.actors:
        inside = facts.text[named.end : other.start] == " (" and facts.text[other.end : other.end + 1] == ")"
        if inside and other.actor_id and other.actor_id != named.actor_id:
            return other
    return None


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


#: Acts whose target is a person where it has a name of its own.
_DONE_TO_PERSONS = ("object", "subject of dying", "headline passive", "of")


def _unlisted(facts: Facts, span: RoleSpan) -> Participant | None:
    """A proper name nobody listed, kept as named where it acts or is a person something is done to."""
    head = facts.doc[span.token]
    if head.pos_ != "PROPN" or not facts.text[span.start].isupper() or _is_place(facts, span):
        return None
    if span.role is Role.TARGET and not (span.rule in _DONE_TO_PERSONS and _is_person(facts, span)):
        return None
    if lemma(head) in vocabulary().words("weapon") or head.lower_ in ("january", "april", "june"):
        return None
    name = facts.text[span.start : span.end]
    return Participant(
        Actor(span.role, name, None, None, "unknown", None), span.start, span.end, f"{span.rule}; as named"
    )


def _is_person(facts: Facts, span: RoleSpan) -> bool:
    """Whether a name looks like a person's: two capitalised words or more, none of them a place's or a thing's.

    One word is enough where the text had the full name before.
    """
    words = facts.text[span.start : span.end].split()
    if len(words) == 1:
        return _was_named_in_full(facts, span.token)
    capital = [word for word in words if word[:1].isupper()]
    things = vocabulary().words("ground") | vocabulary().words("settlement")
    return len(capital) >= 2 and not any(word.lower() in things for word in words)


def _was_named_in_full(facts: Facts, token: int) -> bool:
    """Whether a name stood before with a first name: "Antonio Porth ... Porth was killed"."""
    word = facts.doc[token].text
    earlier = (other for other in facts.doc[:token] if other.text == word and other.pos_ == "PROPN")
    return any(c.dep_ == "compound" and c.pos_ == "PROPN" for other in earlier for c in other.children)


def _property(facts: Facts, span: RoleSpan) -> Participant | None:
    """What was hit and is nobody: "the offices of the mayor", "a power substation"."""
    head = facts.doc[span.token]
    on_the_way = head.head.lower_ in ("on", "along") and lemma(head) in event_words("passed_on")
    if lemma(head) not in vocabulary().words("property") or on_the_way:
        return None
    name = facts.text[span.start : span.end]
    actor = Actor(Role.OBJECT, name, None, None, "property", None)
    return Participant(actor, span.start, span.end, f"{span.rule}; a thing")
