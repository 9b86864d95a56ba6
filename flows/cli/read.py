"""Commands that read: exports, events and decisions on them, traces, versions, changes, SQL."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from flows.cli.shared import (
    SHOWN,
    Demo,
    Json,
    deciding,
    err,
    events_of,
    out,
    prepare_prefect,
    print_json,
    progress,
    say,
    settings_of,
    tell_stale,
    turn_to_demo,
    working,
)
from schemas.change import EventChange
from schemas.event import Override
from schemas.settings import Settings
from tasks.console.diff import diff_json, show_versions
from tasks.console.progress import count_bar
from tasks.console.render import show_events, show_rows
from tasks.console.trace import show_trace, trace_json
from tasks.text.copies.worddiff import differences
from tasks.warehouse.decisions import overriding
from tasks.warehouse.decisions.overriding import ledger_row
from tasks.warehouse.publish.diff import versions_of
from tasks.warehouse.publish.snapshot import why_held
from tasks.warehouse.publish.sql import answer
from tasks.warehouse.publish.trace import trace as read_trace
from tasks.warehouse.resolve.matching import overrides as read_overrides
from tasks.warehouse.resolve.resolving import override_row
from tasks.warehouse.store.asof import changes_since, go_back
from tasks.warehouse.store.connect import keep_open, open_reader, open_writer
from tasks.web.urls.canonical import canonical_url

Anyway = Annotated[
    bool, typer.Option("--publish-anyway", help="Accept what the last run left, however unusual; it is published.")
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="Take the events as they stood after a run (its id or its beginning), or at a day."),
]


def report(publish_anyway: Anyway = False, as_json: Json = False) -> None:
    """Publish the read snapshot, write the exports and build the site.

    Example: firstdraft report
    """
    prepare_prefect()
    from flows.report import report as flow

    with count_bar(err if as_json else out, "site"):
        written = flow(publish_anyway)
    reasons = why_held(Settings())
    if as_json:
        print_json({"files": written, "held": reasons})
        return
    for path in written:
        out.print(path, soft_wrap=True, highlight=False)
    for reason in reasons:
        err.print(
            f"not published, readers keep the old snapshot: {reason}", style="yellow", markup=False, soft_wrap=True
        )


def trace(event_id: str, as_json: Json = False, demo_data: Demo = False) -> None:
    """Print the whole chain of an event: mention, sentence, version, fetch, capture, run, code.

    Example: firstdraft trace evt_0123456789abcdef0123 --demo
    """
    with working("trace"), open_reader(settings_of(demo_data)) as con:
        chain = read_trace(con, event_id)
    if as_json:
        print_json(trace_json(chain))
    else:
        show_trace(out, chain)


def sql(query: str, as_of: AsOf = None, as_json: Json = False, demo_data: Demo = False) -> None:
    """Answer a question in SQL; read-only, and without access to files.

    With --as-of the table `events` is what it was then; views and other tables are those of today.

    Example: firstdraft sql "SELECT event_date, location, fatalities FROM acled" --demo
    """
    with working("sql"), open_reader(settings_of(demo_data)) as con:
        if as_of is not None:
            run_id = go_back(con, as_of)
            note = f"`events` is as of {run_id}; every view and every other table is of the last run"
            err.print(note, style="dim", markup=False, highlight=False, soft_wrap=True)
        table = answer(con, query)
    if as_json:
        print_json(table.records())
    else:
        show_rows(out, table.columns, table.rows)


def diff(article: str, as_json: Json = False, demo_data: Demo = False) -> None:
    """Show what changed between the versions of an article, by its id or its address.

    Example: firstdraft diff https://example.org/2023/12/story --demo
    """
    with open_reader(settings_of(demo_data)) as con:
        versions = versions_of(con, article, canonical_url(article))
    changes = differences(versions)
    if as_json:
        print_json(diff_json(versions, changes))
    else:
        show_versions(out, versions, changes)


Since = Annotated[str, typer.Option("--since", help="A run (its id or the beginning of it), or a day: 2024-05-01.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
_CHANGE_COLUMNS = ("event_id", "change", "why", "led_to", "fields", "run_id", "changed_at")


def changes(since: Since, as_json: Json = False, as_csv: Csv = False, demo_data: Demo = False) -> None:
    """List the events that were added, changed or removed since a run, and why.

    Example: firstdraft changes --since 2024-05-01 --csv
    """
    with working("changes"), open_reader(settings_of(demo_data)) as con:
        rows = [_change_row(change) for change in changes_since(con, since)]
    if as_json:
        print_json([dict(zip(_CHANGE_COLUMNS, row, strict=True)) for row in rows])
    elif as_csv:
        csv.writer(out.file, lineterminator="\n").writerows([_CHANGE_COLUMNS, *rows])
    else:
        show_rows(out, _CHANGE_COLUMNS, rows)


def _change_row(change: EventChange) -> tuple[object, ...]:
    why, fields = ",".join(change.why), ",".join(change.fields)
    return (
        change.event_id,
        str(change.action),
        why,
        change.led_to,
        fields,
        change.run_id,
        change.changed_at.isoformat(),
    )


events_app = typer.Typer(invoke_without_command=True)
Event = Annotated[str, typer.Argument(help="An event's id; one that ended is followed to where it went.")]
Reason = Annotated[str, typer.Option(help="Why, in words; kept with the decision.")]
Later = Annotated[bool, typer.Option("--later", help="Leave the events as they are until the next run.")]


@events_app.callback()
def events(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=0, help="At most so many, the latest first; 0: all.")] = SHOWN,
    as_json: Json = False,
    demo_data: Demo = False,
) -> None:
    """List the latest events in the warehouse, or decide about them: merge, split, retract, undo, overrides.

    Example: firstdraft events --json
    """
    if demo_data:
        turn_to_demo(context)
    if context.invoked_subcommand is not None:
        return

    rows = events_of(settings_of(demo_data), limit)
    if as_json:
        print_json(rows)
    else:
        show_events(out, rows)


@events_app.command()
def merge(
    event: Event,
    other: Event,
    reason: Reason = "",
    later: Later = False,
    as_json: Json = False,
    demo_data: Demo = False,
) -> None:
    """Say that two events are one. Every later run obeys; the id that ends leads to the one that stands.

    Example: firstdraft events merge evt_0123456789abcdef0123 evt_3210fedcba9876543210 --reason "one raid, two villages"
    """
    settings, why = settings_of(demo_data), _why(reason)
    _decide(settings, lambda con, now, record: overriding.merge(con, event, other, why, now, record), later, as_json)


@events_app.command()
def split(
    event: Event,
    mentions: Annotated[list[str], typer.Argument(help="The reports (mention ids) that are another event.")],
    reason: Reason = "",
    later: Later = False,
    as_json: Json = False,
    demo_data: Demo = False,
) -> None:
    """Say that some reports of an event are another one; `firstdraft trace EVENT` lists its reports.

    Example: firstdraft events split evt_0123456789abcdef0123 men_0123456789abcdef0123 --reason "the second raid"
    """
    settings, why = settings_of(demo_data), _why(reason)
    _decide(settings, lambda con, now, record: overriding.split(con, event, mentions, why, now, record), later, as_json)


@events_app.command()
def retract(
    event: Event, reason: Reason = "", later: Later = False, as_json: Json = False, demo_data: Demo = False
) -> None:
    """Say that an event is none: it goes, and its id becomes a tombstone that gives the reason.

    Example: firstdraft events retract evt_0123456789abcdef0123 --reason "a drill, reported as an attack"
    """
    settings, why = settings_of(demo_data), _why(reason)
    _decide(settings, lambda con, now, record: overriding.retract(con, event, why, now, record), later, as_json)


@events_app.command()
def undo(
    override: Annotated[str, typer.Argument(help="A decision's id, from `firstdraft events overrides`.")],
    later: Later = False,
    as_json: Json = False,
    demo_data: Demo = False,
) -> None:
    """Take a decision back: the events are again what resolution makes of their reports.

    Example: firstdraft events undo ovr_0123456789abcdef0123
    """
    _decide(
        settings_of(demo_data), lambda con, now, record: overriding.undo(con, override, now, record), later, as_json
    )


@events_app.command()
def overrides(as_json: Json = False, demo_data: Demo = False) -> None:
    """List what was decided about events, newest first, with what was taken back.

    Example: firstdraft events overrides
    """
    with open_writer(settings_of(demo_data)) as con:
        rows = [override_row(override) for override in read_overrides(con)]
    if as_json:
        print_json(rows)
        return
    columns = ("override_id", "decision", "event_id", "other_event_id", "reason", "made_at", "undone")
    show_rows(out, columns, [tuple(row[name] for name in columns) for row in rows])


def _why(reason: str) -> str:
    if not reason.strip():
        raise typer.BadParameter("say why with --reason: in a year nobody will know otherwise")
    return reason.strip()


def _decide(settings: Settings, make: "Callable[[Any, datetime, Any], Override]", later: bool, as_json: bool) -> None:
    """Keep a decision, the ledger told first, and make the events again."""
    with keep_open(settings):
        with deciding(settings, "event_overrides") as (con, record):
            made = make(con, datetime.now(UTC), record)
        if not as_json:
            say(_told(made))
        run_id = None if later else _resolved(settings, as_json)
    if as_json:
        print_json(ledger_row(made) | {"run_id": run_id})
    else:
        tell_stale(settings)


def _told(made: Override) -> str:
    """What was decided about which event, and how to take it back.

    A decision is never said to be "kept": who retracted an event would read that the event stays.
    """
    done = {"merge": f"{made.event_id} and {made.other_event_id} are one event", "split": f"{made.event_id} is split"}
    decision = done.get(made.decision, f"{made.event_id} is retracted")
    if made.undone:
        return f"taken back ({made.override_id}): {decision}"
    return f"{decision}; to take it back: firstdraft events undo {made.override_id}"


def _resolved(settings: Settings, as_json: bool) -> str:
    """Make the events again; the run that did."""
    from flows.reviews import resolve_again

    with progress(as_json):
        return resolve_again(settings, prepare_prefect).run.run_id
