"""Commands over the past: backfill and reprocess."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.shared import Json, Sources, err, events_of, out, print_json, progress, quiet_prefect, show_runs
from schemas.backfill import Archives, DatedBy
from schemas.run import RunSummary
from schemas.settings import Settings

From = Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")]
To = Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day.")]
Warcs = Annotated[
    list[Path] | None,
    typer.Option(
        "--from-warc",
        exists=True,
        readable=True,
        help="A .warc, .warc.gz or .wacz file, or a folder of them, to read instead of the sites; several times.",
    ),
]
Cdx = Annotated[
    str | None,
    typer.Option("--from-cdx", help="A CDX server to ask instead: https://web.archive.org/cdx/search/cdx"),
]
Dated = Annotated[
    DatedBy,
    typer.Option("--dated-by", help="What places a page of a WARC file in time; publication takes one window."),
]
FIRST, LAST = "The first day a page stood so.", "The last such day; today if not given."


def backfill(  # noqa: PLR0913, PLR0917 - a command's options
    start: From,
    end: To,
    source: Sources = None,
    window_days: Annotated[int, typer.Option(min=1, help="Days in one window.")] = 7,
    from_warc: Warcs = None,
    from_cdx: Cdx = None,
    dated_by: Dated = DatedBy.CAPTURE,
    refetch: Annotated[bool, typer.Option("--refetch", help="Do finished windows and held pages again.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show windows, counts and time; fetch no page.")] = False,
    as_json: Json = False,
) -> None:
    """Ingest past days, window by window, from the sites or an archive; windows done before are skipped.

    Example: firstdraft backfill --from 2023-11-01 --to 2023-12-31 --dry-run
    """
    if end < start:
        raise typer.BadParameter(f"--to {end.date()} lies before --from {start.date()}")
    if from_warc and from_cdx:
        raise typer.BadParameter("one archive at a time: --from-warc or --from-cdx")
    quiet_prefect()
    if dry_run:
        archives = Archives(tuple(from_warc or ()), from_cdx, dated_by)
        _plan(start.date(), end.date(), source, window_days, archives, refetch, as_json=as_json)
        return
    from flows.backfill import backfill as flow  # noqa: PLC0415

    with progress(as_json):
        summaries = flow(
            start.date(), end.date(), source, window_days, from_warc, from_cdx, dated_by=dated_by, refetch=refetch
        )
    titles = [f"{summary.run.window.start} to {summary.run.window.end}" for summary in summaries]
    show_runs(titles, summaries, Settings(), as_json=as_json)
    if not summaries and not as_json:
        err.print("nothing to do: every window was done before; --refetch does them again", soft_wrap=True)
    fail_if_nobody_was_reached(summaries)


def fail_if_nobody_was_reached(summaries: Sequence[RunSummary]) -> None:
    """End with 1 if a window reached none of its sources: it is not done, and the same command does it again."""
    lost = [
        summary.run.window for summary in summaries if summary.sources and not any(s.reached for s in summary.sources)
    ]
    if not lost:
        return
    windows = ", ".join(f"{window.start} to {window.end}" for window in lost)
    told = f"firstdraft: no source could be read in {windows}; not done, run the same command again"
    err.print(told, style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1)


def reprocess(
    start: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help=FIRST)] = None,
    end: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help=LAST)] = None,
    source: Sources = None,
    version: Annotated[
        str | None,
        typer.Option(help="Only captures last read by <name>=<version> or older: trafilatura=2.3.1, rules=0.1.0"),
    ] = None,
    details: Annotated[bool, typer.Option("--details", help="Each change, old and new value.")] = False,
    as_json: Json = False,
) -> None:
    """Read stored captures again with today's code, and tell what changed; nothing is fetched.

    Example: firstdraft reprocess --from 2023-11-01 --to 2023-12-31 --details
    """
    quiet_prefect()
    from flows.reprocess import reprocess as flow  # noqa: PLC0415
    from tasks.console.plan import change_counts, show_changes  # noqa: PLC0415
    from tasks.console.summary import summary_json  # noqa: PLC0415
    from tasks.warehouse.care.history import changes_of_reprocess  # noqa: PLC0415
    from tasks.warehouse.store.connect import open_reader  # noqa: PLC0415

    with progress(as_json):
        summary = flow(start.date() if start else None, end.date() if end else None, source, version)
    settings = Settings()
    with open_reader(settings) as con:
        changes = changes_of_reprocess(con, summary.run.run_id)
    if as_json:
        told = {"runs": [summary_json(summary)], "rows_changed": summary.rows_changed, "events": events_of(settings)}
        print_json(told | {"changed": change_counts(changes), "changes": [asdict(change) for change in changes]})
        return
    show_runs(("Reprocess",), (summary,), settings, as_json=False)
    show_changes(out, changes, details=details)


def _plan(
    start: date,
    end: date,
    source: list[str] | None,
    window_days: int,
    archives: Archives,
    refetch: bool,
    *,
    as_json: bool,
) -> None:
    from flows.backfill import plan_backfill  # noqa: PLC0415
    from tasks.console.plan import plan_json, show_plan  # noqa: PLC0415

    with progress(as_json):
        plan = plan_backfill(start, end, source, window_days, archives, refetch)
    if as_json:
        print_json(plan_json(plan))
    else:
        show_plan(out, plan)
