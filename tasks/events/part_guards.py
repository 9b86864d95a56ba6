"""What holds a guessed part off: whose thing was hit, who is at home, who hides, who is named by the way."""

from collections.abc import Sequence

from spacy.tokens import Token

from schemas.mention import Role, Status
from tasks.events.actors.resolve import resolve_actor
from tasks.events.document import Facts
from tasks.events.incidents import Incident
from tasks.events.language.phrases import lemma
from tasks.events.language.vocabulary import event_words, vocabulary
from tasks.events.participants import Participant
from tasks.events.role_head import Candidate


def was_hit(facts: Facts, doer: Participant, people: Sequence[Participant]) -> bool:
    """Whether what was hit is called after a doer: the SDF did not attack "an SDF military post"."""
    hit = [person for person in people if person.actor.role in (Role.TARGET, Role.OBJECT)]
    inside = [a for a in facts.actors if any(p.start <= a.start and a.end <= p.end for p in hit)]
    known = {resolve_actor(named, facts.actor_context).actor_id for named in inside} - {None}
    return doer.actor.actor_id in known


def is_at_home(doer: Participant, told: Sequence[Incident]) -> bool:
    """Whether a state's forces would hit their own country, in a text that tells of another state's deeds alone."""
    home = doer.actor.country
    if doer.actor.kind not in STATE_KINDS or not home:
        return False
    hit = [one for one in told if any(found.place.country == home for found in one.places)]
    states = [_states(one) for one in hit]
    return not any(home in some for some in states) and sum(bool(some) for some in states) >= _WAGED


#: So many deeds of one state in another make it a war the other's own forces are not guessed to wage there.
_WAGED = 2


def _states(incident: Incident) -> frozenset[str]:
    """The countries whose forces did it by the grammar."""
    happened = (telling for telling in incident.tellings if telling.status.status is Status.HAPPENED)
    people = [person.actor for telling in happened for person in telling.people]
    states = [who for who in people if who.role is Role.INITIATOR and who.kind in STATE_KINDS | {"external_forces"}]
    return frozenset(who.country for who in states if who.country)


#: Acts of those who hide: no police blows up a car, or leaves a body to be found.
_HIDDEN = frozenset({"remote_explosive", "suicide_bomb", "explosion", "grenade"})


def hides(facts: Facts, doer: Participant, incident: Incident) -> bool:
    """Whether a state's forces or police would have laid a bomb or left a body, of which only the head accuses them."""
    if doer.actor.kind not in STATE_KINDS:
        return False
    triggers = [trigger for telling in incident.tellings for trigger in telling.triggers]
    return any(t.act in _HIDDEN or lemma(facts.doc[t.token]) in event_words("finding") for t in triggers)


#: Kinds that fight for a state.
STATE_KINDS = frozenset({"state_forces", "police", "intelligence"})


#: Where a state's name only says whose something is, or where: "near Burundi's capital", "in Russia".
_MODIFIES, _PLACES = frozenset({"poss", "nmod", "compound"}), frozenset({"in", "of", "from", "near", "across", "to"})


def is_background(facts: Facts, candidate: Candidate) -> bool:
    """Whether a state is named that neither acts nor is acted upon."""
    named, token = candidate.named, facts.doc[candidate.token]
    if named is None or named.noun_kind != "state":
        return False
    if token.dep_ not in _MODIFIES:
        return token.dep_ == "pobj" and token.head.lower_ in _PLACES
    head = lemma(token.head)
    return not (head in event_words("forces_do") or any(head in vocabulary().words(use) for use in ("armed", "weapon")))


def is_passed_on(noun: Token) -> bool:
    """Whether somebody only moves on a thing, or a bomb lay on it: "two men on a motorcycle", "a road to Goma"."""
    moved = noun.head.lower_ in ("on", "along", "by", "near", "of") or lemma(noun.head) in ("ride", "drive", "use")
    return moved and lemma(noun) in event_words("passed_on")


def is_none(facts: Facts, candidate: Candidate) -> bool:
    """Whether a phrase names nobody: "no group has claimed responsibility"."""
    return any(child.lower_ in ("no", "any", "neither") for child in facts.doc[candidate.token].children)
