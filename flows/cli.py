"""The command line: ``firstdraft --help`` is its table of contents.

Prefect takes seconds to import, so each command imports what it needs. Exit codes: 0 done, 1 something failed,
2 wrong use.
"""

import typer

from flows.commands import history, read, runs
from flows.commands.shared import Json, err, out, print_json
from flows.ending import leave
from schemas.errors import FirstdraftError
from schemas.settings import Settings

app = typer.Typer(
    help="News pages in, a conflict-event warehouse out: one that can be queried, and traced to the characters quoted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
COLLECT, READ, CARE = "Collect", "Read", "Take care"

app.command(rich_help_panel=COLLECT)(runs.demo)
app.command(rich_help_panel=COLLECT)(runs.run)
app.command(rich_help_panel=COLLECT)(history.backfill)
app.command(rich_help_panel=COLLECT)(history.reprocess)
app.command(rich_help_panel=READ)(read.report)
app.command(rich_help_panel=READ)(read.events)
app.command(rich_help_panel=READ)(read.trace)
app.command(rich_help_panel=READ)(read.sql)


@app.command(rich_help_panel=COLLECT)
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
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        show_rows(out, columns, rows)


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
