"""The command that tells what changed in the events since a run."""

import csv
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.shared import Demo, Json, out, print_json, settings_of, working

if TYPE_CHECKING:
    from schemas.change import EventChange

Since = Annotated[str, typer.Option("--since", help="A run (its id or the beginning of it), or a day: 2024-05-01.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
COLUMNS = ("event_id", "change", "why", "led_to", "fields", "run_id", "changed_at")


def changes(since: Since, as_json: Json = False, as_csv: Csv = False, demo_data: Demo = False) -> None:
    """List the events that were added, changed or removed since a run, and why.

    Example: firstdraft changes --since 2024-05-01 --csv
    """
    from tasks.console.render import show_rows  # noqa: PLC0415
    from tasks.warehouse.store.asof import changes_since  # noqa: PLC0415
    from tasks.warehouse.store.connect import open_reader  # noqa: PLC0415

    with working("changes"), open_reader(settings_of(demo_data)) as con:
        rows = [_row(change) for change in changes_since(con, since)]
    if as_json:
        print_json([dict(zip(COLUMNS, row, strict=True)) for row in rows])
    elif as_csv:
        csv.writer(out.file, lineterminator="\n").writerows([COLUMNS, *rows])
    else:
        show_rows(out, COLUMNS, rows)


def _row(change: "EventChange") -> tuple[object, ...]:
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
