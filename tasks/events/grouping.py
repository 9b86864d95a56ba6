"""Which triggers of a sentence tell of one incident."""

from spacy.tokens import Doc

from schemas.mention import Role, Status
from tasks.events.document import Facts
from tasks.events.language.phrases import lemma
from tasks.events.language.vocabulary import acts, event_words
from tasks.events.participants import participants
from tasks.events.roles import RoleSpan
from tasks.events.status import StatusReading
from tasks.events.triggers import Trigger

#: Acts that are told of one incident though they differ.
_ALIKE = (
    frozenset({"chemical", "shelling", "air_strike"}),
    frozenset({"suicide_bomb", "remote_explosive"}),
    frozenset({"air_strike", "drone_strike"}),
    frozenset({"armed_clash", "attack_civilians"}),
    frozenset({"agreement", "ceasefire"}),
    frozenset({"protest", "riot", "protest_intervention", "excessive_force", "mob_violence", "armed_clash"}),
    frozenset({"excessive_force", "kill", "attack"}),
    frozenset({"protest_intervention", "arrest"}),
    frozenset({"excessive_force", "arrest"}),
    frozenset({"attack", "kill", "capture", "strike"}),
    frozenset({"kill", "attack", "riot", "protest", "mob_violence"}),
    frozenset({"remote_explosive", "grenade"}),
    frozenset({"attack", "arson", "looting"}),
    frozenset({"looting", "armed_clash", "attack_civilians"}),
)
OPEN_VIOLENCE = frozenset({"attack", "kill", "bombing", "explosion", "strike", "arson"})


def alike(one: str, other: str) -> bool:
    """Whether two acts may be one incident told twice."""
    if one == other or any(one in group and other in group for group in _ALIKE):
        return True
    violent = [act in OPEN_VIOLENCE or (act in acts() and acts()[act].family == "violence") for act in (one, other)]
    return all(violent) and (one in OPEN_VIOLENCE or other in OPEN_VIOLENCE)


def groups_of(
    facts: Facts,
    triggers: list[Trigger],
    readings: dict[Trigger, StatusReading],
    roles: dict[Trigger, tuple[RoleSpan, ...]],
) -> list[tuple[Trigger, ...]]:
    """The triggers of a sentence by incident: each joins the first group it agrees with throughout."""
    groups: list[list[Trigger]] = []
    doers = {trigger: _known_doers(facts, roles[trigger]) for trigger in triggers} if len(triggers) > 1 else {}
    for trigger in triggers:
        told_of = _act_told_of(facts, trigger, triggers)
        owner = next((g for g in groups if told_of in g and alike(trigger.act, told_of.act)), None)
        joined = owner or next(
            (
                group
                for group in groups
                if all(
                    (_one_incident(facts, trigger, other, readings) or _is_of_the_crowd(facts, trigger, other, roles))
                    and ("armed_clash" in (trigger.act, other.act) or not _of_two(doers[trigger], doers[other]))
                    and not _turned(roles[trigger], roles[other])
                    and not _is_after(facts.doc, trigger, other, roles)
                    for other in group
                )
            ),
            None,
        )
        if joined is None:
            groups.append([trigger])
        else:
            joined.append(trigger)
    return [tuple(group) for group in groups]


def _act_told_of(facts: Facts, trigger: Trigger, triggers: list[Trigger]) -> Trigger:
    """The act whose relative clause a verb stands in: "strikes in Beirut that killed 22"; else itself."""
    clause = facts.doc[trigger.token]
    while clause.dep_ == "conj" and clause.head.pos_ == "VERB":
        clause = clause.head
    return next((t for t in triggers if clause.dep_ == "relcl" and t.token == clause.head.i), trigger)


def _known_doers(facts: Facts, roles: tuple[RoleSpan, ...]) -> frozenset[str]:
    """The listed actors that the grammar says did it."""
    people = participants(facts, roles, frozenset())
    return frozenset(p.actor.actor_id for p in people if p.actor.role is Role.INITIATOR and p.actor.actor_id)


def _of_two(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether two acts have doers of their own: "strikes by the army ..., while the RSF shelled"; a fight has two."""
    return bool(mine and theirs and not mine & theirs)


def _turned(mine: tuple[RoleSpan, ...], theirs: tuple[RoleSpan, ...]) -> bool:
    """Whether who did one act was hit by others in the next: "killed three before he was shot dead by police"."""
    return any(
        {role.token for role in one if role.role is Role.INITIATOR}
        & {role.token for role in other if role.role is Role.TARGET and role.rule.endswith("pronoun")}
        and any(role.rule == "by-phrase" for role in other)
        for one, other in ((mine, theirs), (theirs, mine))
    )


def _is_of_the_crowd(facts: Facts, one: Trigger, other: Trigger, roles: dict[Trigger, tuple[RoleSpan, ...]]) -> bool:
    """Whether those held are of the crowd told of: "thousands rallied, and police detained 12 protesters"."""
    arrest = one if one.act == "arrest" else other
    gathering = other if arrest is one else one
    if arrest.act != "arrest" or not gathers(gathering):
        return False
    held = (role for role in roles[arrest] if role.role is Role.TARGET)
    return any(lemma(facts.doc[role.token]) in event_words("demonstrators") for role in held)


def _is_after(doc: Doc, one: Trigger, other: Trigger, roles: dict[Trigger, tuple[RoleSpan, ...]]) -> bool:
    """Whether somebody did one act after another told of before: "soldiers shot two gunmen after the blast"."""
    for told, then in ((one, other), (other, one)):
        noun = doc[told.token]
        late = noun.dep_ == "pobj" and noun.head.lower_ in ("after", "following")
        if told.noun and told.definite and late and any(r.role is Role.INITIATOR for r in roles[then]):
            return True
    return False


def _one_incident(facts: Facts, one: Trigger, other: Trigger, readings: dict[Trigger, StatusReading]) -> bool:
    # "Killed ten people and looted homes": said of one attack where one sentence says it.
    plunder = {one.act, other.act} == {"kill", "looting"}
    if not (plunder or alike(one.act, other.act)) or not _same_status(readings[one], readings[other]):
        return False
    first, second = facts.doc[one.token], facts.doc[other.token]
    if is_answered(facts.doc, *sorted((one.token, other.token))):
        return False
    subjects = [[c for c in t.children if c.dep_ in ("nsubj", "nsubjpass")] for t in (first, second)]
    both_clauses = all(subjects) and first.pos_ == second.pos_ == "VERB"
    return not (both_clauses and lemma(first) == lemma(second) and one.act == "kill")


def is_answered(doc: Doc, first: int, second: int) -> bool:
    """Whether one act is told as the reason of another: "in retaliation for Sunday's bombing"."""
    return any(token.pos_ == "NOUN" and lemma(token) in event_words("answers") for token in doc[first + 1 : second])


def _same_status(one: StatusReading, other: StatusReading) -> bool:
    if "generic plural" in (one.rule, other.rule):
        return {one.status, other.status} <= {Status.HAPPENED, Status.BACKGROUND}
    return one.status is other.status


def gathers(trigger: Trigger) -> bool:
    """Whether it tells of people who gather: a protest or a riot, in peace or not."""
    act = acts().get(trigger.act)
    return trigger.act in {"protest", "riot"} or (act is not None and act.event_type in {"Protests", "Riots"})
