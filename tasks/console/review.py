"""A mention before a person: its sentence with the evidence marked, the text around it, and what was read.

And what came of teaching the reader by such verdicts: right before and after, by part, and which model is in use.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from schemas.lesson import Lesson
from schemas.mention import Evidence
from schemas.review import ShownMention, StandingReview

_STYLES = {"trigger": "bold", "date": "cyan", "place": "green", "initiator": "magenta", "target": "blue"}
_TOLL = "bold red"


def show_mention(console: Console, mention: ShownMention, values: Mapping[str, str], position: str = "") -> None:
    """Print the mention; ``position`` is where in the queue it stands ("3 of 20")."""
    console.rule(Text(f"{position}  {mention.mention_id}  confidence {mention.confidence:.2f}", style="bold"))
    day = mention.published_day or "undated"
    console.print(Text(f"{mention.title or 'untitled'} ({mention.source_id}, {day})", style="dim"), soft_wrap=True)
    console.print(Text(mention.url, style="dim"), soft_wrap=True)
    console.print(marked_context(mention), soft_wrap=True)
    for field, value in values.items():
        quotes = "; ".join(_quotes(field, mention.evidence))
        text = Text(f"  {field:<10} ", style="dim") + Text(value) + Text(f"  {quotes}", style="dim")
        console.print(text, soft_wrap=True)
    console.print(Text(f"  read by {mention.coder} {mention.coder_version}", style="dim"), soft_wrap=True)


def marked_context(mention: ShownMention) -> Text:
    """The text around the sentence, dim; the sentence plain between ``>>`` and ``<<``, its evidence marked."""
    start, stop, base = mention.sentence_start, mention.sentence_end, mention.context_start
    text = Text(mention.context[: start - base], style="dim")
    text.append(">> ", style="bold yellow")
    position = start
    for evidence in _apart(mention.evidence, start, stop):
        text.append(mention.context[position - base : evidence.start - base])
        text.append(f"[{evidence.quote}|{evidence.field}]", style=_STYLES.get(evidence.field, _TOLL))
        position = evidence.end
    text.append(mention.context[position - base : stop - base])
    text.append(" <<", style="bold yellow")
    text.append(mention.context[stop - base :], style="dim")
    return text


def show_reviews(console: Console, reviews: Sequence[StandingReview]) -> None:
    """Print a table of verdicts."""
    console.print(Text(f"{len(reviews)} verdicts", style="bold"))
    table = Table(box=box.SIMPLE_HEAD)
    for column in ("mention", "field", "verdict", "value", "by", "at", "holds for", "note"):
        table.add_column(column, no_wrap=column in ("mention", "at"))
    for standing in reviews:
        review = standing.review
        cells = (
            review.mention_id, review.field or "all", review.verdict, review.value or "", review.reviewer,
            f"{review.reviewed_at:%Y-%m-%d %H:%M}", str(standing.mentions), review.note,
        )  # fmt: skip
        table.add_row(*(Text(cell) for cell in cells))
    if reviews:
        console.print(table)


def _quotes(field: str, evidence: Iterable[Evidence]) -> list[str]:
    """The words behind a field with its confidence; sides are told by their actors, kinds by their trigger."""
    name = {"type": "trigger", "initiators": "initiator", "targets": "target"}.get(field, field)
    return [f"“{piece.quote}”{_sure(piece)}" for piece in evidence if piece.field == name]


def _sure(piece: Evidence) -> str:
    return "" if piece.confidence is None else f" {piece.confidence:.2f}"


def _apart(evidence: Iterable[Evidence], start: int, stop: int) -> list[Evidence]:
    """The evidence inside a sentence, left to right, none overlapping: the shorter, more telling marks first."""
    separate: list[Evidence] = []
    for piece in sorted(evidence, key=lambda e: (e.end - e.start, e.start, e.field)):
        inside = start <= piece.start and piece.end <= stop
        if inside and all(piece.end <= candidate.start or candidate.end <= piece.start for candidate in separate):
            separate.append(piece)
    return sorted(separate, key=lambda e: e.start)


def show_lesson(console: Console, lesson: Lesson, *, measured_only: bool) -> None:
    """Print the table of what is right on the articles held back, and what follows."""
    learnt = f"{lesson.learnt} judged articles, {lesson.silver} of a language model, {lesson.replayed} of our own"
    console.print(Text(f"learnt from {learnt}; {lesson.held_back} judged articles held back"), soft_wrap=True)
    table = Table("of what was judged", "judged", "right before", "right after", box=box.SIMPLE_HEAD)
    for part in lesson.measured:
        table.add_row(
            part.part.replace("_", "-"), str(part.judged), *(_share(n, part.judged) for n in (part.before, part.after))
        )
    console.print(table)
    console.print(Text(_told(lesson, measured_only=measured_only)), soft_wrap=True)


def _share(right: int, judged: int) -> str:
    return f"{right} ({right / judged:.0%})" if judged else "-"


def _told(lesson: Lesson, *, measured_only: bool) -> str:
    sum_of = f"{lesson.change:+d} right in sum"
    if lesson.taken:
        return f"{sum_of}: model {lesson.model} is in use from the next page on; `firstdraft teach --undo` goes back"
    if measured_only:
        return f"{sum_of}: measured only, model {lesson.was} stays in use"
    return f"{sum_of}: model {lesson.was} stays in use"


def lesson_json(lesson: Lesson) -> dict[str, Any]:
    """The same for machines."""
    return asdict(lesson) | {"change": lesson.change}
