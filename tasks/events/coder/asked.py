"""What this coder answers to the questions of gold sets; each callable by name in a child process."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from schemas.mention import EventMention
from tasks.events.coder.code import code_text
from tasks.events.dates.expressions import DateKind, find_dates
from tasks.events.dates.spans import SINCE
from tasks.events.document import Document, Facts, PlaceFound, read_document
from tasks.events.reader.folder import SHIPPED, use_model
from tasks.events.reader.read import places_of

#: A date line stands within these first characters.
_HEAD = 120


def mentions_in(
    text: str, title: str | None, published: date | None, by_dateline: bool, model: Path = SHIPPED
) -> tuple[EventMention, ...]:
    """The mentions of a text, by the model in this folder.

    ``by_dateline``: published on the full date it begins with, if it begins with one, whatever ``published`` says.
    """
    use_model(model)
    document = Document("gold", "gold", title, text, "en", published)
    if not by_dateline:
        return code_text(document)
    heads = [span for span in find_dates(text[:_HEAD], None) if span.when.start and span.when.precision == 1]
    return code_text(replace(document, published_day=heads[0].when.start) if heads else document)


def linked_places(facts: Facts, start: int, stop: int) -> tuple[PlaceFound, ...]:
    """The places the event told by some characters happened at, in text order."""
    return places_of(facts, start, stop)


def places_at(text: str, start: int, stop: int, model: Path = SHIPPED) -> tuple[str, ...]:
    """The same by the name in each, of a bare text, by the model in this folder."""
    use_model(model)
    facts = read_document(Document("gold", "gold", None, text, "en", None))
    return tuple(located.span.head for located in linked_places(facts, start, stop))


def days_at(text: str, published: date, questions: tuple[tuple[int, int], ...]) -> tuple[frozenset[str], ...]:
    """For each span of characters the days its words may be said to mean: a day; of a range its first and its last."""
    spans = find_dates(text, published)
    answers = []
    for start, stop in questions:
        days: set[date] = set()
        for span in spans:
            first, last = span.when.start, span.when.end
            if first is None or span.start >= stop or start >= span.end:
                continue
            wider = span.kind is DateKind.RANGE and len(span.quote) > stop - start + 3
            days |= {first} if first == last or span.rule == SINCE else {first, last or first} if wider else set()
        answers.append(frozenset(day.isoformat() for day in days))
    return tuple(answers)
