"""The commands over events: list them, and decide against what resolution made of their reports."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli.shared import (
    SHOWN,
    Demo,
    Json,
    deciding,
    events_of,
    out,
    print_json,
    progress,
    quiet_prefect,
    settings_of,
)
from schemas.settings import Settings

if TYPE_CHECKING:
    from schemas.event import Override

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
    if context.invoked_subcommand is not None:
        return
    from tasks.console.render import show_events  # noqa: PLC0415

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
    from tasks.warehouse.decisions import overriding  # noqa: PLC0415

    told, why = settings_of(demo_data), _why(reason)
    _decide(told, lambda con, now, tell: overriding.merge(con, event, other, why, now, tell), later, as_json)


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
    from tasks.warehouse.decisions import overriding  # noqa: PLC0415

    told, why = settings_of(demo_data), _why(reason)
    _decide(told, lambda con, now, tell: overriding.split(con, event, mentions, why, now, tell), later, as_json)


@events_app.command()
def retract(
    event: Event, reason: Reason = "", later: Later = False, as_json: Json = False, demo_data: Demo = False
) -> None:
    """Say that an event is none: it goes, and its id becomes a tombstone that gives the reason.

    Example: firstdraft events retract evt_0123456789abcdef0123 --reason "a drill, reported as an attack"
    """
    from tasks.warehouse.decisions import overriding  # noqa: PLC0415

    told, why = settings_of(demo_data), _why(reason)
    _decide(told, lambda con, now, tell: overriding.retract(con, event, why, now, tell), later, as_json)


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
    from tasks.warehouse.decisions import overriding  # noqa: PLC0415

    _decide(settings_of(demo_data), lambda con, now, tell: overriding.undo(con, override, now, tell), later, as_json)


@events_app.command()
def overrides(as_json: Json = False, demo_data: Demo = False) -> None:
    """List what was decided about events, newest first, with what was taken back.

    Example: firstdraft events overrides
    """
    from tasks.console.render import show_rows  # noqa: PLC0415
    from tasks.warehouse.resolve.matching import overrides as read  # noqa: PLC0415
    from tasks.warehouse.resolve.resolving import override_row  # noqa: PLC0415
    from tasks.warehouse.store.connect import open_writer  # noqa: PLC0415

    with open_writer(settings_of(demo_data)) as con:
        rows = [override_row(one) for one in read(con)]
    if as_json:
        print_json(rows)
        return
    columns = ("override_id", "decision", "event_id", "other_event_id", "reason", "made_at", "undone")
    show_rows(out, columns, [tuple(row[name] for name in columns) for row in rows])


def _why(reason: str) -> str:
    if not reason.strip():
        raise typer.BadParameter("say why with --reason: whoever meets the decision in a year has nothing else")
    return reason.strip()


def _decide(settings: Settings, make: "Callable[[Any, datetime, Any], Override]", later: bool, as_json: bool) -> None:
    """Keep a decision, the ledger told first, and make the events again."""
    from tasks.warehouse.decisions.overriding import ledger_row  # noqa: PLC0415

    with deciding(settings, "event_overrides") as (con, tell):
        made = make(con, datetime.now(UTC), tell)
    if not as_json:
        what = "undone" if made.undone else "kept"
        out.print(f"{made.decision} {made.override_id} {what}", markup=False, highlight=False, soft_wrap=True)
    run_id = None if later else _resolved(settings, as_json)
    if as_json:
        print_json(ledger_row(made) | {"run_id": run_id})


def _resolved(settings: Settings, as_json: bool) -> str:
    """Make the events again; the run that did."""
    quiet_prefect()
    from flows.reviews import resolve_again  # noqa: PLC0415

    with progress(as_json):
        return resolve_again(settings).run.run_id
