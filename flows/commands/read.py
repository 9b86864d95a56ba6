"""Commands that read: exports, events, their traces, and SQL."""

from flows.commands.shared import Demo, Json, events_of, out, print_json, quiet_prefect, settings_of


def report() -> None:
    """Publish the read snapshot and write the exports.

    Example: firstdraft report
    """
    quiet_prefect()
    from flows.report import report as flow  # noqa: PLC0415

    for path in flow():
        out.print(path, soft_wrap=True, highlight=False)


def events(as_json: Json = False, demo_data: Demo = False) -> None:
    """List the events in the warehouse.

    Example: firstdraft events --json
    """
    from tasks.console.render import show_events  # noqa: PLC0415

    rows = events_of(settings_of(demo_data))
    if as_json:
        print_json(rows)
    else:
        show_events(out, rows)


def trace(event_id: str, as_json: Json = False, demo_data: Demo = False) -> None:
    """Print the whole chain of an event: mention, sentence, version, fetch, capture, run, code.

    Example: firstdraft trace evt_0123456789abcdef0123 --demo
    """
    from tasks.console.trace import show_trace, trace_json  # noqa: PLC0415
    from tasks.warehouse.connect import open_reader  # noqa: PLC0415
    from tasks.warehouse.trace import trace as read_trace  # noqa: PLC0415

    with open_reader(settings_of(demo_data)) as con:
        found = read_trace(con, event_id)
    if as_json:
        print_json(trace_json(found))
    else:
        show_trace(out, found)


def sql(query: str, as_json: Json = False, demo_data: Demo = False) -> None:
    """Answer a question in SQL; read-only, and without access to files.

    Example: firstdraft sql "SELECT event_date, location, fatalities FROM acled" --demo
    """
    from tasks.console.render import show_rows  # noqa: PLC0415
    from tasks.warehouse.connect import open_reader  # noqa: PLC0415
    from tasks.warehouse.sql import answer  # noqa: PLC0415

    with open_reader(settings_of(demo_data)) as con:
        found = answer(con, query)
    if as_json:
        print_json(found.records())
    else:
        show_rows(out, found.columns, found.rows)
