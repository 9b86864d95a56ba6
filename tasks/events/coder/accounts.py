"""Who asserts, claims and denies an incident: those pointed at, and those whose statement holds the words that tell."""

from collections.abc import Iterator, Sequence

from schemas.llm import Pointed, PointedEvent
from schemas.mention import Claim, Stance
from tasks.events.actors.resolve import resolve_actor
from tasks.events.claims import Statement
from tasks.events.document import Facts

_POINTED = {"claimed_by": Stance.CLAIMS_RESPONSIBILITY, "denied_by": Stance.DENIES}


def claims_of(facts: Facts, event: PointedEvent) -> tuple[Claim, ...]:
    """The claims about an incident in text order, one for each speaker, stance and subject."""
    claims: dict[tuple[str, Stance, str], Claim] = {}
    tellings = event.tellings or (event.trigger,)
    for claim in (*_pointed_claims(facts, event), *_statements_on(facts, tellings), *_answers(facts, tellings)):
        claims.setdefault((claim.speaker.lower(), claim.stance, claim.about), claim)
    return tuple(sorted(claims.values(), key=lambda claim: (claim.start, claim.end)))


def _pointed_claims(facts: Facts, event: PointedEvent) -> Iterator[Claim]:
    """Those pointed at as claiming or denying it, with their statement, or the sentence they stand in."""
    for pointed in event.fields:
        stance = _POINTED.get(pointed.field)
        if stance is None:
            continue
        own = _statement_by(facts, pointed, stance)
        if own is not None:
            yield _claim(facts, own, stance)
            continue
        sentence = next(s for s in facts.sentences if s.start <= pointed.start < s.end)
        yield Claim(
            pointed.quote, _speaker_id(facts, pointed.start, pointed.end), stance, "responsibility",
            facts.text[sentence.start : sentence.end], sentence.start, sentence.end,
        )  # fmt: skip


def _statement_by(facts: Facts, speaker: Pointed, stance: Stance) -> Statement | None:
    """The statement of that stance whose speaker is pointed at."""
    found = (
        s for s in facts.statements
        if s.stance is stance and s.speaker_start < speaker.end and speaker.start < s.speaker_end
    )  # fmt: skip
    return next(found, None)


def _statements_on(facts: Facts, tellings: Sequence[Pointed]) -> Iterator[Claim]:
    """The innermost statement around each telling."""
    for telling in tellings:
        around = [s for s in facts.statements if s.start <= telling.start and telling.end <= s.end]
        if around:
            inner = min(around, key=lambda s: (s.end - s.start, s.start))
            yield _claim(facts, inner, inner.stance)


def _answers(facts: Facts, tellings: Sequence[Pointed]) -> Iterator[Claim]:
    """What answers an account in a sentence that tells of the incident: "..., denying the claims about the weather"."""
    own = {s.index for s in facts.sentences for telling in tellings if s.start <= telling.start < s.end}
    for statement in facts.statements:
        sentence = next((s for s in facts.sentences if s.start <= statement.start < s.end), None)
        if statement.anaphoric and sentence is not None and sentence.index in own:
            yield _claim(facts, statement, statement.stance)


def _claim(facts: Facts, statement: Statement, stance: Stance) -> Claim:
    return Claim(
        facts.text[statement.speaker_start : statement.speaker_end],
        _speaker_id(facts, statement.speaker_start, statement.speaker_end),
        stance,
        statement.about,
        facts.text[statement.start : statement.end],
        statement.start,
        statement.end,
    )


def _speaker_id(facts: Facts, start: int, end: int) -> str | None:
    """The known actor that speaks, if it is one."""
    span = next((a for a in facts.actors if a.start < end and start < a.end), None)
    return resolve_actor(span, facts.actor_context).actor_id if span else None
