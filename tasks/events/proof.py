"""Evidence: the characters each field of a mention was read from, and the check that they say so."""

from collections.abc import Iterable
from dataclasses import replace

from schemas.mention import EventMention, Evidence
from tasks.events.document import Facts
from tasks.events.incidents import Incident
from tasks.events.participants import Participant
from tasks.events.placing import PlaceChoice, holds_place
from tasks.events.tellings import Telling
from tasks.events.tolls.casualties import TollSpan


class NotInTextError(ValueError):
    """A value was about to get into a mention that its text does not hold."""


def checked(text: str, mention: EventMention) -> EventMention:
    """The mention itself. Raises :class:`NotInTextError` where a quote is not what its characters say."""
    quotes = [(piece.start, piece.end, piece.quote) for piece in mention.evidence]
    quotes += [(claim.start, claim.end, claim.quote) for claim in mention.claims]
    for start, end, quote in quotes:
        if not quote or text[start:end] != quote:
            raise NotInTextError(f"{mention.mention_id}: {quote!r} is not in the text at {start}")
    return mention


def as_written(text: str, mention: EventMention) -> EventMention:
    """A mention read from another case of a text with its quotes as the text has them."""
    evidence = tuple(replace(piece, quote=text[piece.start : piece.end]) for piece in mention.evidence)
    claims = tuple(replace(claim, quote=text[claim.start : claim.end]) for claim in mention.claims)
    return replace(mention, evidence=evidence, claims=claims)


def of_status(facts: Facts, main: Telling) -> list[Evidence]:
    """The cue of a status other than the plain one."""
    cue = main.status.cue
    return [quoted(facts, "status", *cue, main.status.rule)] if cue else []


def of_place(facts: Facts, place: PlaceChoice | None, incident: Incident) -> list[Evidence]:
    """The place, then the further ones a campaign passes through."""
    if place is None:
        return []
    found, rule = place
    pieces = [quoted(facts, "place", found.span.start, found.span.end, f"{rule}; {found.place.reason}")]
    for telling in incident.tellings:
        if not any(act.startswith("campaign") for act in telling.acts):
            continue
        passed = (f for f in facts.places if holds_place(facts, telling.sentence.index, f) and f is not found)
        pieces += [quoted(facts, "place", f.span.start, f.span.end, "also named") for f in passed]
    return pieces


def of_actors(facts: Facts, people: Iterable[Participant]) -> list[Evidence]:
    """The names of the actors, each under its role."""
    return [quoted(facts, p.actor.role.value, p.start, p.end, p.rule) for p in people]


def of_toll(facts: Facts, field: str, toll: TollSpan) -> list[Evidence]:
    """The words of a toll, or of each part of a sum."""
    spans = toll.parts or ((toll.start, toll.end),)
    return [quoted(facts, field, start, end, toll.rule) for start, end in spans]


def of_account(facts: Facts, field: str, toll: TollSpan) -> list[Evidence]:
    """The words of somebody else's count."""
    return [replace(piece, rule=f"{piece.rule}; another account") for piece in of_toll(facts, field, toll)]


def quoted(facts: Facts, field: str, start: int, end: int, rule: str) -> Evidence:
    """Some characters of the text as evidence."""
    return Evidence(field, start, end, facts.text[start:end], rule)
