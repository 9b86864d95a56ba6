"""What came of teaching the reader: right before and after, by part, and which model is in use."""

from dataclasses import asdict
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from schemas.lesson import Lesson


def show_lesson(console: Console, lesson: Lesson, *, measured_only: bool) -> None:
    """Print the table of what is right on the articles held back, and what follows."""
    learnt = f"{lesson.learnt} judged articles, {lesson.silver} of a language model, {lesson.replayed} of our own"
    console.print(Text(f"learnt from {learnt}; {lesson.held_back} judged articles held back"), soft_wrap=True)
    table = Table("of what was judged", "judged", "right before", "right after", box=box.SIMPLE_HEAD)
    for one in lesson.measured:
        table.add_row(
            one.part.replace("_", "-"), str(one.judged), *(_share(n, one.judged) for n in (one.before, one.after))
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
