"""Commands that read: exports, events, their traces, and SQL."""

from typing import Annotated

import typer

from flows.cli.shared import Demo, Json, err, out, print_json, quiet_prefect, settings_of, working
from schemas.settings import Settings

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
    quiet_prefect()
    from flows.report import report as flow  # noqa: PLC0415
    from tasks.console.bars import count_bar  # noqa: PLC0415
    from tasks.warehouse.publish.snapshot import why_held  # noqa: PLC0415

    with count_bar(err if as_json else out, "site"):
        written = flow(publish_anyway)
    held = why_held(Settings())
    if as_json:
        print_json({"files": written, "held": held})
        return
    for path in written:
        out.print(path, soft_wrap=True, highlight=False)
    for told in held:
        err.print(f"not published, readers keep the old snapshot: {told}", style="yellow", markup=False, soft_wrap=True)


def trace(event_id: str, as_json: Json = False, demo_data: Demo = False) -> None:
    """Print the whole chain of an event: mention, sentence, version, fetch, capture, run, code.

    Example: firstdraft trace evt_0123456789abcdef0123 --demo
    """
    from tasks.console.trace import show_trace, trace_json  # noqa: PLC0415
    from tasks.warehouse.publish.trace import trace as read_trace  # noqa: PLC0415
    from tasks.warehouse.store.connect import open_reader  # noqa: PLC0415

    with working("trace"), open_reader(settings_of(demo_data)) as con:
        found = read_trace(con, event_id)
    if as_json:
        print_json(trace_json(found))
    else:
        show_trace(out, found)


def sql(query: str, as_of: AsOf = None, as_json: Json = False, demo_data: Demo = False) -> None:
    """Answer a question in SQL; read-only, and without access to files.

    With --as-of the table `events` is what it was then; views and other tables are those of today.

    Example: firstdraft sql "SELECT event_date, location, fatalities FROM acled" --demo
    """
    from tasks.console.render import show_rows  # noqa: PLC0415
    from tasks.warehouse.publish.sql import answer  # noqa: PLC0415
    from tasks.warehouse.store.asof import go_back  # noqa: PLC0415
    from tasks.warehouse.store.connect import open_reader  # noqa: PLC0415

    with working("sql"), open_reader(settings_of(demo_data)) as con:
        if as_of is not None:
            go_back(con, as_of)
        found = answer(con, query)
    if as_json:
        print_json(found.records())
    else:
        show_rows(out, found.columns, found.rows)
