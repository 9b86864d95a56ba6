"""The learned heads' parts (``role_head.py``, ``part_head.py``) given to the incidents they belong to."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from schemas.mention import Actor, Role, Stance
from tasks.events.accounts import claims_of
from tasks.events.actors.resolve import resolve_actor
from tasks.events.actors.spans import is_armed, kind_of
from tasks.events.document import Facts
from tasks.events.incidents import Incident
from tasks.events.language.phrases import lemma
from tasks.events.language.vocabulary import event_words, vocabulary
from tasks.events.part_guards import STATE_KINDS, hides, is_at_home, is_background, is_none, is_passed_on, was_hit
from tasks.events.part_head import PARTS, Named, Phrase, names_of, pair_features, part_model
from tasks.events.participants import Participant, in_wider_place, is_in_a_town, resolved
from tasks.events.role_head import REACH, Candidate, Told, role_model, scored
from tasks.events.tellings import Telling, is_assault
from tasks.reference.actors import actor_kinds
from tasks.reference.linear import Linear

#: Who looks on: their part is told where they are the subject of an act, never guessed.
_OBSERVERS = frozenset({"ngo", "igo", "media"})
#: A name none of whose phrases is likelier a doer than this never became one in the 125 texts compared.
_HOPELESS = 0.1
#: How the rule of a learned part begins; its probability follows.
_LEARNED = "learned"
_CLAIMS = Stance.CLAIMS_RESPONSIBILITY


@dataclass(frozen=True, slots=True)
class Heads:
    """The two heads: of phrases, and of names and incidents."""

    phrases: Linear
    pairs: Linear


def shipped() -> Heads:
    """The heads of ``seeds/models``. Raises :class:`SeedError`."""
    return Heads(role_model(), part_model())


def is_learned(rule: str) -> bool:
    """Whether a participant's rule says that a head gave its part."""
    return rule.startswith(_LEARNED)


def violent(incidents: Sequence[Incident]) -> list[Incident]:
    """The incidents the heads know something of: violence and abductions."""
    return [incident for incident in incidents if any(is_assault(telling) for telling in incident.tellings)]


def judged_names(facts: Facts, tellings: Sequence[Telling], phrases: Linear) -> tuple[Named, ...]:
    """The names of a text, each phrase with how likely each part is by its sentence."""
    found = [Phrase(candidate, likely) for candidate, likely in scored(facts, Told.of(tellings), phrases)]
    return names_of(facts, found)


def add_parts(facts: Facts, tellings: Sequence[Telling], incidents: Sequence[Incident], heads: Heads | None) -> None:
    """Give the violent incidents of a text the parts its heads are sure enough of; the grammar's own are left out.

    Who was hit stands beside the deed: a phrase's own head says so, and the nearest incident takes it. Who did it is
    told anywhere: the head of names and incidents says so.
    """
    told = violent(incidents)
    if not told:
        return
    heads = heads or shipped()
    names = judged_names(facts, tellings, heads.phrases)
    people = [person for telling in tellings for person in telling.people]
    for phrase in sorted((p for named in names for p in named.phrases), key=lambda p: p.candidate.token):
        part = _part(phrase.likely, heads.phrases.thresholds)
        incident = _nearest(told, phrase.candidate)
        parted = [*people, *(incident.nearby if incident is not None else ())]
        taken = any(_overlap(phrase.candidate, person) for person in parted) or _is_nobody(facts, phrase.candidate)
        if part in _HIT and incident is not None and not taken and not _reports(facts, phrase.candidate):
            incident.nearby.append(_participant(facts, phrase.candidate, part, phrase.likely[part]))
    claimed = [_claimants(facts, incident, told) for incident in told]
    for incident, own in zip(told, claimed, strict=True):
        others = frozenset[int]().union(*claimed) - own
        free = [named for named in names if not any(_stands_at(named, offset) for offset in others)]
        incident.nearby.extend(_doers(facts, incident, free, told, heads.pairs))


def _doers(
    facts: Facts, incident: Incident, names: Sequence[Named], told: Sequence[Incident], pairs: Linear
) -> Iterator[Participant]:
    """The initiators the head gives an incident; nobody beside a group he fights in the same text."""
    people = [person for telling in incident.tellings for person in telling.people]
    foes = {foe for one in _ids(incident, Role.INITIATOR) for foe in _foes(one, told)}
    for named in names:
        if named.best[_DOER] < _HOPELESS or any(_stands_in(named, person) for person in people):
            continue
        likely = pairs.probabilities(pair_features(incident, named, names, told))
        if _part(likely, pairs.thresholds) != _DOER:
            continue
        phrase = _phrase(named, _DOER, incident)
        if _looks_on(facts, phrase) or _did_another(phrase, incident, told) or _is_no_doer(facts, phrase, told):
            continue
        doer = _participant(facts, phrase, _DOER, likely[_DOER])
        if doer.actor.actor_id in foes or _of_the_other_side(doer, people):
            continue
        if not (
            was_hit(facts, doer, [*people, *incident.nearby]) or is_at_home(doer, told) or hides(facts, doer, incident)
        ):
            yield doer


def _of_the_other_side(doer: Participant, people: Sequence[Participant]) -> bool:
    """Whether a state's forces would stand beside the group the grammar says did it, or a group beside a state's."""
    did = [p.actor.kind for p in people if p.actor.role is Role.INITIATOR and is_armed(p.actor.kind)]
    state = STATE_KINDS | {"external_forces"}
    return is_armed(doer.actor.kind) and any((kind in state) is not (doer.actor.kind in state) for kind in did)


def _did_another(phrase: Candidate, incident: Incident, told: Sequence[Incident]) -> bool:
    """Whether the grammar says a phrase did something else: a page of three incidents has three doers, or less."""
    return any(
        person.actor.role is Role.INITIATOR and _overlap(phrase, person)
        for other in told
        if other is not incident
        for telling in other.tellings
        for person in telling.people
    )


def _foes(actor: str, incidents: Sequence[Incident]) -> frozenset[str]:
    """The known actors the grammar puts on the other side of one in any incident of a text."""
    sides = [(_ids(incident, Role.INITIATOR), _ids(incident, Role.TARGET)) for incident in incidents]
    return frozenset(foe for one, other in sides for foe in (other if actor in one else one if actor in other else ()))


def _ids(incident: Incident, role: Role) -> frozenset[str]:
    """The known actors the grammar gives a part in an incident."""
    actors = [person.actor for telling in incident.tellings for person in telling.people]
    return frozenset(actor.actor_id for actor in actors if actor.role is role and actor.actor_id)


#: Who did it, and whom or what it was done to.
_DOER, _HIT = "initiator", ("target", "object")


def _part(likely: Mapping[str, float], limits: Mapping[str, float]) -> str | None:
    """The part a phrase or name has, where one reaches its threshold."""
    part = max(PARTS, key=lambda name: likely[name] / limits[name])
    return part if likely[part] >= limits[part] else None


def _nearest(incidents: Sequence[Incident], candidate: Candidate) -> Incident | None:
    """The incident told in a phrase's sentence with the nearest trigger; else in those before, then those after."""
    offsets = (0, *(-back for back in range(1, REACH + 1)), *range(1, REACH + 1))
    for sentence in (candidate.sentence + offset for offset in offsets):
        there = [
            (min(abs(trigger.token - candidate.token) for trigger in telling.triggers), index)
            for index, incident in enumerate(incidents)
            for telling in incident.tellings
            if telling.sentence.index == sentence and is_assault(telling)
        ]
        if there:
            return incidents[min(there)[1]]
    return None


def _looks_on(facts: Facts, candidate: Candidate) -> bool:
    """Whether a phrase names a monitor or an outlet, or whoever reports: they are no guess for who did it."""
    named = candidate.named
    if named is not None and resolve_actor(named, facts.actor_context).kind in _OBSERVERS:
        return True
    return _reports(facts, candidate)


def _reports(facts: Facts, candidate: Candidate) -> bool:
    """Whether a phrase is who tells of it, or whose he is: "Governor Khalid Omar said", "a source in the SDF said"."""
    spoken = [said for said in facts.statements if said.stance is Stance.ASSERTS]
    if any(said.speaker_start < candidate.end and candidate.start < said.speaker_end for said in spoken):
        return True
    token = facts.doc[candidate.token]
    while token.dep_ in ("pobj", "prep", "poss", "nmod") and token.head.pos_ in ("NOUN", "PROPN", "ADP"):
        token = token.head
    return any(said.speaker_start <= token.idx < said.speaker_end for said in spoken)


#: What stands between a dateline's town and its text: "DARAA, Syria (North Press) -", "DARAA, Syria -".
_DATELINE = re.compile(r"\s?[(\u2013\u2014-]")


def _heads_the_text(facts: Facts, candidate: Candidate) -> bool:
    """Whether a phrase is the country of a dateline."""
    before = facts.text[: candidate.start].rpartition("\n")[2]
    return before.isupper() and before.endswith(", ") and _DATELINE.match(facts.text, candidate.end) is not None


def _is_nobody(facts: Facts, candidate: Candidate) -> bool:
    """Whether a phrase is "several others", a weapon, or a place's name or a part of one: "Jenin refugee camp"."""
    head, named = lemma(facts.doc[candidate.token]), candidate.named
    if head in vocabulary().words("weapon") or _heads_the_text(facts, candidate) or _is_half_a_place(facts, candidate):
        return True
    if is_passed_on(facts.doc[candidate.token]) or is_background(facts, candidate):
        return True
    if candidate.thing or (named is not None and named.actor_id is not None):
        return False
    if named is not None and is_in_a_town(facts, named):
        return True
    token = facts.doc[candidate.token]
    above = token.head.head if token.dep_ in ("amod", "compound") else token.head
    # "Two others of the same family": the family was not hit as such.
    others = {head, lemma(above.head) if above.lower_ == "of" else ""} & event_words("nobody")
    if others or named is not None:
        return bool(others) or (named is not None and in_wider_place(facts, named))
    return any(f.span.start <= candidate.start and candidate.end <= f.span.end for f in facts.places)


def _is_half_a_place(facts: Facts, candidate: Candidate) -> bool:
    """Whether a phrase is one word of a place's name: "Sheikh" of the town of Sheikh Miskin."""
    at, length = candidate.start, candidate.end - candidate.start
    return any(f.span.head_start <= at < f.span.head_end and length < len(f.span.head) for f in facts.places)


def _is_no_doer(facts: Facts, candidate: Candidate, told: Sequence[Incident]) -> bool:
    """Whether a phrase is a weapon, or stands among the people a toll counts: "18 people, among them 14 soldiers"."""
    named = candidate.named
    if (named is None or named.actor_id is None) and lemma(facts.doc[candidate.token]) in vocabulary().words("weapon"):
        return True
    if _heads_the_text(facts, candidate) or (named is not None and is_in_a_town(facts, named)):
        return True
    if facts.doc[candidate.token].head.lower_ == "by":
        return False
    tolls = (toll for incident in told for telling in incident.tellings for toll in telling.tolls)
    return any(toll.start <= candidate.start and candidate.end <= toll.end for toll in tolls) or is_none(
        facts, candidate
    )


def _overlap(candidate: Candidate, person: Participant) -> bool:
    return person.start < candidate.end and candidate.start < person.end


def _claimants(facts: Facts, incident: Incident, told: Sequence[Incident]) -> frozenset[int]:
    """Where the speakers stand who claim an incident: who claims one attack did not do the others of a text."""
    speakers = {(s.start, s.end): s.speaker_start for s in facts.statements if s.stance is _CLAIMS}
    claims = claims_of(facts, incident, told) if speakers else ()
    return frozenset(speakers[c.start, c.end] for c in claims if (c.start, c.end) in speakers)


def _stands_at(named: Named, offset: int) -> bool:
    return any(phrase.candidate.start <= offset < phrase.candidate.end for phrase in named.phrases)


def _stands_in(named: Named, person: Participant) -> bool:
    return any(_overlap(phrase.candidate, person) for phrase in named.phrases)


def _phrase(named: Named, part: str, incident: Incident) -> Candidate:
    """The phrase a name is quoted by: of those nearest to the incident's sentences the likeliest."""
    own = [telling.sentence.index for telling in incident.tellings]

    def order(phrase: Phrase) -> tuple[int, float, int]:
        gap = min(abs(phrase.candidate.sentence - index) for index in own)
        return gap, -phrase.likely[part], phrase.candidate.start

    return min(named.phrases, key=order).candidate


def _participant(facts: Facts, candidate: Candidate, part: str, probability: float) -> Participant:
    rule, role = f"{_LEARNED} {probability:.2f}", PARTS[part]
    name = facts.text[candidate.start : candidate.end]
    if candidate.named is not None and role is not Role.OBJECT:
        return resolved(facts, candidate.named, role, rule)
    kind = "property" if role is Role.OBJECT else kind_of(name) or "unknown"
    kind = kind if kind in actor_kinds() else "unknown"
    return Participant(Actor(role, name, None, None, kind, None), candidate.start, candidate.end, rule)
