"""What the coder reads in a text, for people: each mention with its sentence and the words behind every field."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.text import Text

from schemas.mention import EventMention, Evidence, Role
from tasks.console.quoted import line, marked_sentence, show_claims, show_evidence
from tasks.console.summary import days, toll


@dataclass(frozen=True, slots=True)
class _Sentence:
    """The sentence of a mention, as ``marked_sentence`` wants it."""

    sentence: str
    sentence_start: int
    sentence_end: int
    evidence: tuple[Evidence, ...]


def coded_json(mentions: Sequence[EventMention]) -> list[dict[str, object]]:
    """The mentions as plain data."""
    return [asdict(mention) for mention in mentions]


def show_coded(console: Console, text: str, mentions: Sequence[EventMention]) -> None:
    """Print the mentions of a text; a line if it holds none."""
    if not mentions:
        console.print("no event is read in this text")
    for number, mention in enumerate(mentions, 1):
        _show(console, number, text, mention)


def _show(console: Console, number: int, text: str, mention: EventMention) -> None:
    aggregate = ", a total" if mention.aggregate else ""
    heading = f"{number}. {mention.event_type} / {mention.sub_event_type} ({mention.status.value}{aggregate})"
    console.print(Text(heading, style="bold") + Text(f"  confidence {mention.confidence:.2f}", style="dim"))
    line(console, "when", days(mention.when.start, mention.when.end) or "not said")
    line(console, "where", _where(mention))
    line(console, "who", _who(mention))
    line(console, "toll", _toll(mention))
    line(console, "sentence", marked_sentence(_sentence(text, mention)))
    show_evidence(console, (piece for piece in mention.evidence if piece.field != "claim"))
    show_claims(console, mention.claims)
    console.print()


def _sentence(text: str, mention: EventMention) -> _Sentence:
    start, stop = mention.sentence_start, mention.sentence_end
    return _Sentence(text[start:stop], start, stop, mention.evidence)


def _where(mention: EventMention) -> str:
    location = mention.place
    named = ", ".join(part for part in (location.name, location.admin2, location.admin1, location.country) if part)
    point = f" at {location.latitude:.2f}, {location.longitude:.2f}" if location.latitude and location.longitude else ""
    return f"{named or 'not said'}{point}; {location.reason}"


def _who(mention: EventMention) -> str:
    sides = {role: ", ".join(a.name for a in mention.actors if a.role is role) for role in Role}
    hit = ", ".join(name for name in (sides[Role.TARGET], sides[Role.OBJECT]) if name)
    return f"{sides[Role.INITIATOR] or 'unknown'} > {hit or 'unknown'}"


def _toll(mention: EventMention) -> str:
    counted = {
        "killed": mention.killed, "injured": mention.injured, "detained": mention.detained,
        "displaced": mention.displaced,
    }  # fmt: skip
    parts = [f"{name} {toll(t.low, t.best, t.high)}" for name, t in counted.items() if t.best is not None]
    return ", ".join(parts) or "not said"
