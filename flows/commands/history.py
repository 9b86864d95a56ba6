"""Commands over the past: backfill and reprocess."""

from datetime import datetime
from typing import Annotated

import typer

from flows.commands.shared import Json, Sources, progress, quiet_prefect, show_runs
from schemas.settings import Settings


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
    quiet_prefect()
    from flows.backfill import backfill as flow  # noqa: PLC0415

    with progress(as_json):
        summaries = flow(start.date(), end.date(), source, window_days)
    titles = [f"{summary.run.window.start} to {summary.run.window.end}" for summary in summaries]
    show_runs(titles, summaries, Settings(), as_json=as_json)


def reprocess(
    start: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day of capture.")],
    end: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day of capture.")],
    source: Sources = None,
    as_json: Json = False,
) -> None:
    """Read stored captures again with today's code; nothing is fetched.

    Example: firstdraft reprocess --from 2023-11-01 --to 2023-12-31
    """
    quiet_prefect()
    from flows.reprocess import reprocess as flow  # noqa: PLC0415

    with progress(as_json):
        summary = flow(start.date(), end.date(), source)
    show_runs(("Reprocess",), (summary,), Settings(), as_json=as_json)
