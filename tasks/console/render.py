"""What a terminal shows: tables, the funnel, an answer to SQL; plain text if the output is a pipe."""

from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from schemas.run import RunSummary
from tasks.console.summary import EVENT_COLUMNS, change_sentence, event_cells, funnel_rows
from tasks.reference.machine.steering import shown

#: Columns a table of events needs to be read at a glance.
TABLE_WIDTH = 150

Row = Mapping[str, object]


def show_run(console: Console, title: str, summary: RunSummary) -> None:
    """The funnel of one run, the sources it could not reach, and what it changed."""
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("step")
    table.add_column("reason")
    table.add_column("count", justify="right")
    for row in funnel_rows(summary):
        style = "dim" if row["reason"] and row["step"] not in ("fetched", "articles", "mentions", "events") else ""
        step = "" if style else str(row["step"])
        table.add_row(step, Text(str(row["reason"])), str(row["count"]), style=style)
    console.print(table)
    for source in summary.unreached:
        state = "paused" if source.paused else "unreachable"
        console.print(Text(f"  {state}: {source.name} ({source.source_id}): {source.detail}", style="yellow"))
    console.print(Text("  " + change_sentence(summary)))


def show_events(console: Console, events: Sequence[Row]) -> None:
    """The events: a row each if the terminal is wide enough, else a few lines each; nothing is cut off."""
    console.print(Text(f"{len(events)} events", style="bold"))
    cells = [tuple(map(shown, event_cells(event))) for event in events]
    if not cells:
        return
    if console.width < TABLE_WIDTH:
        for event in cells:
            _stacked(console, event)
        return
    table = Table(box=box.SIMPLE_HEAD)
    for column in EVENT_COLUMNS:
        narrow = column in ("date", "killed", "injured", "id")
        table.add_column(column, no_wrap=narrow, justify="right" if column in ("killed", "injured") else "left")
    for event in cells:
        table.add_row(*(Text(cell) for cell in event))
    console.print(table)


def _stacked(console: Console, cells: Sequence[str]) -> None:
    date, location, kind, actors, killed, injured, sources, event_id = cells
    console.print(Text(f"{date}  {kind}", style="bold") + Text(f"  {location}"))
    toll = ", ".join(f"{word} {count}" for word, count in (("killed", killed), ("injured", injured)) if count)
    for line in (actors, toll, sources, event_id):
        if line:
            console.print(Text(f"    {line}", style="dim" if line == event_id else ""))


def show_rows(console: Console, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """An answer to SQL: a table on a terminal, tab-separated lines in a pipe."""
    if not console.is_terminal:
        for line in (columns, *rows):
            console.file.write("\t".join("" if value is None else shown(str(value)) for value in line) + "\n")
        return
    table = Table(box=box.SIMPLE_HEAD)
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*(Text("" if value is None else shown(str(value))) for value in row))
    console.print(table)
    console.print(f"{len(rows)} rows", style="dim")
