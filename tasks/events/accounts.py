"""What is claimed and denied of an incident, and by whom."""

import re
from collections.abc import Iterator, Sequence

from schemas.mention import Claim, Stance, Status
from tasks.events.actors.resolve import resolve_actor
from tasks.events.claims import Statement
from tasks.events.document import Facts
from tasks.events.incidents import Incident
from tasks.events.language.vocabulary import event_words
from tasks.events.tellings import is_violent

_CONTENT = re.compile(r"\w{4,}")


def claims_of(facts: Facts, incident: Incident, incidents: Sequence[Incident]) -> tuple[Claim, ...]:
    """The claims about an incident in text order: who asserts or denies it, its cause, who did it, or its toll."""
    claims: dict[tuple[str, Stance, str], Claim] = {}
    for statement in _statements_of(facts, incident):
        claim = _claim(facts, statement)
        claims.setdefault((claim.speaker.lower(), claim.stance, claim.about), claim)
    made = tuple(claims.values())
    for claim in (
        _claim(facts, s) for s in facts.statements if s.anaphoric and _answers(facts, s, incident, incidents, made)
    ):
        claims.setdefault((claim.speaker.lower(), claim.stance, claim.about), claim)
    return tuple(sorted(claims.values(), key=lambda claim: (claim.start, claim.end)))


def is_denied(facts: Facts, incident: Incident, incidents: Sequence[Incident]) -> bool:
    """Whether an incident is only alleged and somebody denies it."""
    if not all(_is_attributed(facts, incident, i) for i in range(len(incident.tellings))):
        return False
    stances = {claim.stance for claim in claims_of(facts, incident, incidents)}
    refuted = Stance.DENIES in stances and any(is_violent(telling) for telling in incident.tellings)
    return refuted or any(t.status.status is Status.DENIED for t in incident.tellings)


def _is_attributed(facts: Facts, incident: Incident, index: int) -> bool:
    """Whether a telling stands in somebody's mouth or is called alleged."""
    telling = incident.tellings[index]
    tokens = {trigger.token for trigger in telling.triggers}
    if any(statement.tokens & tokens for statement in facts.statements):
        return True
    if telling.status.status is Status.DENIED:
        return True
    return any(
        child.lower_ in ("alleged", "suspected", "reported", "purported", "claimed")
        for token in tokens
        for child in facts.doc[token].children
    )


def _statements_of(facts: Facts, incident: Incident) -> Iterator[Statement]:
    """The innermost statement around each trigger; what a speaker says another said is the other's."""
    for telling in incident.tellings:
        for trigger in telling.triggers:
            around = [s for s in facts.statements if trigger.token in s.tokens]
            if around:
                yield min(around, key=lambda s: (len(s.tokens), s.start))


def _answers(
    facts: Facts, statement: Statement, incident: Incident, incidents: Sequence[Incident], claims: tuple[Claim, ...]
) -> bool:
    """Whether "denied the claims" answers this incident: it shares words with a claim on it, or follows it.

    Who did it is said of what was told last.
    """
    named = statement.about == "responsibility" and statement.stance is not Stance.DENIES
    words = frozenset() if named else _content(facts.text[statement.start : statement.end])
    if any(words & _content(claim.quote) for claim in claims):
        return True
    ends = [(_last_before(other, statement), -i) for i, other in enumerate(incidents)]
    nearest, place = max(ends, default=(-1, 0))
    return not words and nearest >= 0 and incidents[-place] is incident


def _last_before(incident: Incident, statement: Statement) -> int:
    """Where an incident was last told before a statement, -1 if it was not."""
    told = (trigger.start for telling in incident.tellings for trigger in telling.triggers)
    return max((start for start in told if start <= statement.start), default=-1)


def _content(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _CONTENT.findall(text)) - event_words("of_accounts")


def _claim(facts: Facts, statement: Statement) -> Claim:
    span = next((a for a in facts.actors if a.start < statement.speaker_end and statement.speaker_start < a.end), None)
    # A listed name goes on where the grammar's phrase ends: "the Observatory for Human Rights".
    end = max(statement.speaker_end, span.end) if span and span.actor_id else statement.speaker_end
    return Claim(
        speaker=facts.text[statement.speaker_start : end],
        speaker_id=resolve_actor(span, facts.actor_context).actor_id if span else None,
        stance=statement.stance,
        about=_about(facts, statement),
        quote=facts.text[statement.start : statement.end],
        start=statement.start,
        end=statement.end,
    )


def _about(facts: Facts, statement: Statement) -> str:
    """A denial of what was claimed as a cause is about the cause."""
    if statement.stance is not Stance.DENIES or not statement.anaphoric:
        return statement.about
    words = _content(facts.text[statement.start : statement.end])
    for other in facts.statements:
        if other.about == "cause" and other != statement and words & _content(facts.text[other.start : other.end]):
            return "cause"
    return statement.about
