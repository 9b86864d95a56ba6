"""The command line: ``firstdraft --help`` is its table of contents.

Prefect takes seconds to import, so each command imports what it needs. Exit codes: 0 done, 1 something failed,
2 wrong use.
"""

import json
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from flows.ending import leave
from schemas.errors import FirstdraftError
from schemas.settings import Settings

if TYPE_CHECKING:
    from schemas.run import RunSummary

app = typer.Typer(
    help="News pages in, a conflict-event warehouse out: one that can be queried, and traced to the characters quoted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
#: A pipe has no width: give tables room, whoever reads them cuts.
PIPE_WIDTH = 200
out = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
err = Console(stderr=True)

Json = Annotated[bool, typer.Option("--json", help="Print the summary as JSON, for machines.")]
Sources = Annotated[list[str] | None, typer.Option("--source", help="A source id; may be given several times.")]
Demo = Annotated[bool, typer.Option("--demo", help="Look in the demo's warehouse.")]


@app.command()
def demo(as_json: Json = False) -> None:
    """Run the pipeline over the bundled site on 127.0.0.1: two visits, the second meets a correction.

    Example: firstdraft demo
    """
    from flows.demo import run_demo  # noqa: PLC0415

    settings = Settings()
    with _progress(as_json):
        summaries = run_demo(settings)
    _show_runs(("First visit", "Second visit"), summaries, settings.for_demo(), as_json=as_json)


@app.command()
def run(
    days: Annotated[int | None, typer.Option(min=1, help="Days before today to look back.")] = None,
    source: Sources = None,
    as_json: Json = False,
) -> None:
    """Run the nightly flow over seeds/sources.yml now.

    Example: firstdraft run --days 2 --source north-press-en
    """
    _quiet_prefect()
    from flows.nightly import nightly  # noqa: PLC0415

    with _progress(as_json):
        summary = nightly(days=days, sources=source)
    _show_runs(("Nightly",), (summary,), Settings(), as_json=as_json)


@app.command()
def backfill(
    start: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")],
    end: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day.")],
    source: Sources = None,
    window_days: Annotated[int, typer.Option(min=1, help="Days in one window.")] = 7,
    as_json: Json = False,
) -> None:
    """Ingest past days, window by window; windows done before are skipped.

    Example: firstdraft backfill --from 2023-11-01 --to 2023-12-31
    """
    _quiet_prefect()
    from flows.backfill import backfill as flow  # noqa: PLC0415

    with _progress(as_json):
        summaries = flow(start.date(), end.date(), source, window_days)
    titles = [f"{summary.run.window.start} to {summary.run.window.end}" for summary in summaries]
    _show_runs(titles, summaries, Settings(), as_json=as_json)


@app.command()
def reprocess(
    start: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day of capture.")],
    end: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day of capture.")],
    source: Sources = None,
    as_json: Json = False,
) -> None:
    """Read stored captures again with today's code; nothing is fetched.

    Example: firstdraft reprocess --from 2023-11-01 --to 2023-12-31
    """
    _quiet_prefect()
    from flows.reprocess import reprocess as flow  # noqa: PLC0415

    with _progress(as_json):
        summary = flow(start.date(), end.date(), source)
    _show_runs(("Reprocess",), (summary,), Settings(), as_json=as_json)


@app.command()
def report() -> None:
    """Publish the read snapshot and write the exports.

    Example: firstdraft report
    """
    _quiet_prefect()
    from flows.report import report as flow  # noqa: PLC0415

    for path in flow():
        out.print(path, soft_wrap=True, highlight=False)


@app.command()
def events(
    as_json: Json = False, demo_data: Annotated[bool, typer.Option("--demo", help="The demo's.")] = False
) -> None:
    """List the events in the warehouse.

    Example: firstdraft events --json
    """
    from tasks.console.render import show_events  # noqa: PLC0415

    rows = _events(_settings(demo_data))
    if as_json:
        _print_json(rows)
    else:
        show_events(out, rows)


@app.command()
def trace(
    event_id: str,
    as_json: Json = False,
    demo_data: Demo = False,
) -> None:
    """Print the whole chain of an event: mention, sentence, version, fetch, capture, run, code.

    Example: firstdraft trace evt_0123456789abcdef0123 --demo
    """
    from tasks.console.trace import show_trace, trace_json  # noqa: PLC0415
    from tasks.warehouse.connect import open_reader  # noqa: PLC0415
    from tasks.warehouse.trace import trace as read_trace  # noqa: PLC0415

    with open_reader(_settings(demo_data)) as con:
        found = read_trace(con, event_id)
    if as_json:
        _print_json(trace_json(found))
    else:
        show_trace(out, found)


@app.command()
def sql(
    query: str,
    as_json: Json = False,
    demo_data: Demo = False,
) -> None:
    """Answer a question in SQL; read-only, and without access to files.

    Example: firstdraft sql "SELECT event_date, location, fatalities FROM acled" --demo
    """
    from tasks.console.render import show_rows  # noqa: PLC0415
    from tasks.warehouse.connect import open_reader  # noqa: PLC0415
    from tasks.warehouse.sql import answer  # noqa: PLC0415

    with open_reader(_settings(demo_data)) as con:
        found = answer(con, query)
    if as_json:
        _print_json(found.records())
    else:
        show_rows(out, found.columns, found.rows)


@app.command()
def sources(as_json: Json = False) -> None:
    """List the sources, and whether anybody ever saw their feeds answer.

    Example: firstdraft sources
    """
    from tasks.console.render import show_rows  # noqa: PLC0415
    from tasks.reference.sources import load_sources  # noqa: PLC0415

    rows = [
        (s.id, s.name, s.family, s.country, s.language, ", ".join(str(f.verified_on or "never") for f in s.feeds))
        for s in load_sources(Settings().sources_file)
    ]
    columns = ("id", "name", "family", "country", "language", "feeds verified on")
    if as_json:
        _print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        show_rows(out, columns, rows)


def _settings(demo_data: bool) -> Settings:
    settings = Settings()
    return settings.for_demo() if demo_data else settings


def _quiet_prefect() -> None:
    from flows.environment import prepare  # noqa: PLC0415

    prepare()


def _progress(as_json: bool) -> AbstractContextManager[None]:
    from tasks.console.progress import stage_bars  # noqa: PLC0415

    return stage_bars(err if as_json else out)


def _events(settings: Settings) -> Sequence[dict[str, object]]:
    from tasks.warehouse.connect import open_reader  # noqa: PLC0415
    from tasks.warehouse.reports import view  # noqa: PLC0415

    with open_reader(settings) as con:
        return view(con, "events_overview").records()


def _show_runs(titles: Sequence[str], summaries: "Sequence[RunSummary]", settings: Settings, *, as_json: bool) -> None:
    from tasks.console.render import show_events, show_run  # noqa: PLC0415
    from tasks.console.summary import summary_json  # noqa: PLC0415

    events = _events(settings)
    if as_json:
        runs = [summary_json(summary) for summary in summaries]
        _print_json({"runs": runs, "rows_changed": sum(s.rows_changed for s in summaries), "events": events})
        return
    show_events(out, events)
    for title, summary in zip(titles, summaries, strict=True):
        show_run(out, title, summary)


def _print_json(value: object) -> None:
    out.file.write(json.dumps(value, default=_plain, ensure_ascii=False, indent=2) + "\n")


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def main() -> None:
    """Run the command line; what went wrong on purpose is told in a line, without a stack trace."""
    code: object = 0
    try:
        app()
    except SystemExit as ended:
        code = ended.code
    except FirstdraftError as error:
        err.print(f"firstdraft: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
        code = 1
    leave(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
