"""The command line: ``firstdraft --help`` is its table of contents.

Prefect takes seconds to import, so each command imports what it needs. Exit codes: 0 done, 1 something failed,
2 wrong use.
"""

import typer

from flows.commands import history, keep, read, runs
from flows.commands.diff import diff
from flows.commands.shared import err
from flows.commands.sources import sources_app
from flows.commands.suppress import suppress
from flows.ending import leave
from schemas.errors import FirstdraftError

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
app.add_typer(sources_app, name="sources", rich_help_panel=COLLECT)
app.command(rich_help_panel=READ)(read.report)
app.command(rich_help_panel=READ)(read.events)
app.command(rich_help_panel=READ)(read.trace)
app.command(rich_help_panel=READ)(diff)
app.command(rich_help_panel=READ)(read.sql)
app.command(rich_help_panel=CARE)(keep.verify)
app.command(rich_help_panel=CARE)(keep.rebuild)
app.command(rich_help_panel=CARE)(suppress)


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
