"""A backfill in words: its plan as a table or JSON, how far it has come; and what a reprocess changed."""

from collections import Counter
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from schemas.backfill import Plan, WindowPlan
from schemas.change import Change
from schemas.run import RunSummary


def duration(seconds: float) -> str:
    """Seconds as a person says them.

    >>> duration(42), duration(600), duration(9000), duration(200000)
    ('42 s', '10 min', '2 h 30 min', '2 d 7 h')
    """
    minutes, hours = round(seconds / 60), int(seconds // 3600)
    if seconds < 120:
        return f"{seconds:.0f} s"
    if hours < 2:
        return f"{minutes} min"
    return f"{hours} h {minutes % 60} min" if hours < 48 else f"{hours // 24} d {hours % 24} h"


def plan_rows(plan: Plan) -> list[dict[str, object]]:
    """The plan as rows: a window each."""
    return [
        {
            "window": f"{window.window.start} to {window.window.end}",
            "state": _state(window),
            "sources": len(window.todo),
            "known": sum(window.known.values()),
            "expected": sum(window.expected.values()) if window.links or not window.uncounted else "not counted",
            "time": _time(window),
        }
        for window in plan.windows
    ]


def plan_sentence(plan: Plan) -> str:
    """The plan in a line."""
    todo = [window for window in plan.windows if window.todo]
    message = f"{len(todo)} of {len(plan.windows)} windows to do"
    if not todo:
        return f"{message}: every window was done before"
    links = sum(sum(window.known.values()) for window in todo)
    expected = sum(sum(window.expected.values()) for window in todo)
    uncounted = sorted({name for window in todo for name in window.uncounted})
    if uncounted and not links and not expected:
        return f"{message}, not counted: {', '.join(uncounted)} could not be read"
    apart = f"; not counted: {', '.join(uncounted)}, which could not be read" if uncounted else ""
    return f"{message}, {links} links known and {expected} expected, about {duration(plan.seconds)}{apart}"


def _time(window: WindowPlan) -> str:
    if window.uncounted and not window.links:
        return "not known"
    return duration(window.seconds) if window.todo else ""


def plan_json(plan: Plan) -> dict[str, object]:
    """The plan for machines."""
    windows = [
        {
            "start": window.window.start,
            "end": window.window.end,
            "todo": list(window.todo),
            "done": list(window.done),
            "known": dict(window.known),
            "expected": dict(window.expected),
            "uncounted": list(window.uncounted),
            "seconds": round(window.seconds),
        }
        for window in plan.windows
    ]
    apart = {"undated": plan.undated, "notes": list(plan.notes)}
    return {"origin": plan.origin, "windows": windows, "seconds": round(plan.seconds), **apart}


def show_plan(console: Console, plan: Plan) -> None:
    """The plan as a table, with what it could not see below it."""
    table = Table(title="Plan", title_justify="left", box=box.SIMPLE_HEAD)
    for column in ("window", "state", "sources", "known", "expected", "time"):
        table.add_column(column, justify="left" if column in ("window", "state") else "right")
    for row in plan_rows(plan):
        table.add_row(*(str(value) for value in row.values()), style="" if row["time"] else "dim")
    console.print(table)
    console.print(Text(f"  {plan_sentence(plan)}."))
    if plan.undated:
        console.print(Text(f"  {plan.undated} links carry no date: they are asked for in the first window."))
    for note in plan.notes:
        console.print(Text(f"  {note}", style="dim"))


def window_sentence(summary: RunSummary, done: int, todo: int, seconds: float) -> str:
    """How far a backfill has come after its latest window."""
    window, seconds_left = summary.run.window, (todo - done) * seconds / max(done, 1)
    rate = summary.discovered / max((summary.finished_at - summary.run.started_at).total_seconds(), 0.001)
    ends = f"{summary.discovered} links, {summary.outcomes.get('stored', 0)} stored, {rate:.1f} links/s"
    rest = f"about {duration(seconds_left)} left" if done < todo else "done"
    return f"window {done} of {todo} ({window.start} to {window.end}): {ends}; {rest}"


def change_counts(changes: Sequence[Change]) -> dict[str, dict[str, int]]:
    """What a reprocess changed, counted: articles by field, mentions and events by action, outcomes by turn."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("articles", "outcomes", "mentions", "events")}
    whole: set[tuple[str, str]] = set()
    for change in changes:
        if change.subject == "article":
            counts["articles"][change.field or str(change.action)] += 1
        elif change.subject == "outcome":
            counts["outcomes"][f"{change.old_value} -> {change.new_value}"] += 1
        elif (change.subject, change.subject_id) not in whole:
            whole.add((change.subject, change.subject_id))
            counts[f"{change.subject}s"][str(change.action)] += 1
    return {name: dict(sorted(counted.items())) for name, counted in counts.items()}


def show_changes(console: Console, changes: Sequence[Change], *, details: bool) -> None:
    """The counts; with ``details`` each row, old and new value."""
    if not changes:
        console.print(Text("  Nothing reads otherwise than before."))
        return
    for name, counted in change_counts(changes).items():
        message = ", ".join(f"{count} {what}" for what, count in counted.items())
        console.print(Text(f"  {name:>9}  {message or 'as before'}"))
    for change in changes if details else ():
        where = " ".join(part for part in (change.subject, change.field, change.url or change.subject_id) if part)
        console.print(Text(f"\n{change.action} {where}", style="bold"))
        for sign, value, style in (("-", change.old_value, "red"), ("+", change.new_value, "green")):
            if value is not None:
                console.print(Text(f"  {sign} {value}", style=style))


def _state(window: WindowPlan) -> str:
    if not window.todo:
        return "done"
    return f"to do, {len(window.done)} sources done" if window.done else "to do"
