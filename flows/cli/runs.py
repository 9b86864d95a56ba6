"""Commands that fetch: the demo and the nightly run."""

from typing import Annotated

import typer

from flows.cli.shared import Json, Sources, progress, quiet_prefect, show_runs
from schemas.settings import Settings


def demo(as_json: Json = False) -> None:
    """Run the pipeline over the bundled site on 127.0.0.1: two visits, the second meets a correction.

    Example: firstdraft demo
    """
    from flows.demo import run_demo  # noqa: PLC0415

    settings = Settings()
    with progress(as_json):
        summaries = run_demo(settings)
    show_runs(("First visit", "Second visit"), summaries, settings.for_demo(), as_json=as_json)


def run(
    days: Annotated[int | None, typer.Option(min=1, help="Days before today to look back.")] = None,
    source: Sources = None,
    as_json: Json = False,
) -> None:
    """Run the nightly flow over the sources now.

    Example: firstdraft run --days 2 --source north-press-en
    """
    quiet_prefect()
    from flows.nightly import nightly  # noqa: PLC0415

    with progress(as_json):
        summary = nightly(days=days, sources=source)
    show_runs(("Nightly",), (summary,), Settings(), as_json=as_json)
