"""Who asserts, claims and denies an incident: those pointed at, and those whose statement holds the words that tell."""

from collections.abc import Iterator, Sequence

from schemas.llm import Pointed, PointedEvent
from schemas.mention import Claim, Stance
from tasks.events.actors.resolve import resolve_actor
from tasks.events.claims import Statement, named_speaker
from tasks.events.document import Facts
from tasks.reference.words.grammar_words import casualty_words

_POINTED = {"claimed_by": Stance.CLAIMS_RESPONSIBILITY, "denied_by": Stance.DENIES}


def claims_of(facts: Facts, event: PointedEvent) -> tuple[Claim, ...]:
    """The claims about an incident in text order, one for each speaker, stance and subject."""
    tellings = event.tellings or (event.trigger,)
    return with_pointed_claims((*_statements_on(facts, tellings), *_answers(facts, tellings)), facts, event)


def with_pointed_claims(read: Sequence[Claim], facts: Facts, event: PointedEvent) -> tuple[Claim, ...]:
    """The claims pointed at, and those read that are none of them."""
    claims: dict[tuple[str, Stance, str, int], Claim] = {}
    for claim in _figures_said(facts, event):
        claims.setdefault((claim.speaker.lower(), claim.stance, claim.about, claim.start), claim)
    speakers = {claim.speaker.lower() for claim in claims.values()}
    for claim in (*_pointed_claims(facts, event), *read):
        if claim.about != "toll" or claim.speaker.lower() not in speakers:
            claims.setdefault((claim.speaker.lower(), claim.stance, claim.about, 0), claim)
    return tuple(sorted(claims.values(), key=lambda claim: (claim.start, claim.end)))


def _figures_said(facts: Facts, event: PointedEvent) -> Iterator[Claim]:
    """Who gives which figure, where that is pointed at."""
    for figure in event.fields:
        if (by := figure.said_by) is not None:
            speaker = _speaker_id(facts, by.start, by.end)
            yield Claim(by.quote, speaker, Stance.ASSERTS, "toll", figure.quote, figure.start, figure.end)


def _pointed_claims(facts: Facts, event: PointedEvent) -> Iterator[Claim]:
    """Those pointed at as claiming or denying it, with their statement, or the sentence they stand in."""
    for pointed in event.fields:
        stance = _POINTED.get(pointed.field)
        if stance is None:
            continue
        statement = _statement_by(facts, pointed, stance)
        if statement is not None:
            yield _claim(facts, statement, stance)
            continue
        if stance is Stance.DENIES and _tells_it(facts, pointed, event):
            continue
        sentence = next(s for s in facts.sentences if s.start <= pointed.start < s.end)
        if (named := named_speaker(facts.doc, pointed.start, pointed.end)) is None:
            continue
        start, stop = named
        yield Claim(
            facts.text[start:stop], _speaker_id(facts, start, stop), stance, "responsibility",
            facts.text[sentence.start : sentence.end], sentence.start, sentence.end,
        )  # fmt: skip


def _tells_it(facts: Facts, speaker: Pointed, event: PointedEvent) -> bool:
    """Return True if the speaker is read as telling of the incident, in a statement without a negation."""
    return any(
        s.stance is Stance.ASSERTS
        and s.speaker_start < speaker.end
        and speaker.start < s.speaker_end
        and s.start <= event.trigger.start < s.end
        and not any(facts.doc[t].lower_ in casualty_words().negations for t in s.tokens)
        for s in facts.statements
    )


def _statement_by(facts: Facts, speaker: Pointed, stance: Stance) -> Statement | None:
    """The statement of that stance whose speaker is pointed at."""
    matches = (
        s for s in facts.statements
        if s.stance is stance and s.speaker_start < speaker.end and speaker.start < s.speaker_end
    )  # fmt: skip
    return next(matches, None)


def _statements_on(facts: Facts, tellings: Sequence[Pointed]) -> Iterator[Claim]:
    """The innermost statement around each telling."""
    for telling in tellings:
        around = [s for s in facts.statements if s.start <= telling.start and telling.end <= s.end]
        if around:
            inner = min(around, key=lambda s: (s.end - s.start, s.start))
            yield _claim(facts, inner, inner.stance)


def _answers(facts: Facts, tellings: Sequence[Pointed]) -> Iterator[Claim]:
    """What answers an account in a sentence that tells of the incident: "..., denying the claims about the weather"."""
    telling_sentences = {s.index for s in facts.sentences for telling in tellings if s.start <= telling.start < s.end}
    for statement in facts.statements:
        sentence = next((s for s in facts.sentences if s.start <= statement.start < s.end), None)
        if statement.anaphoric and sentence is not None and sentence.index in telling_sentences:
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


def _speaker_id(facts: Facts, start: int, stop: int) -> str | None:
    """The known actor that speaks, if it is one."""
    span = next((a for a in facts.actors if a.start < stop and start < a.end), None)
    return resolve_actor(span, facts.actor_context).actor_id if span else None
