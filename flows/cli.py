"""The command line: ``firstdraft --help`` is its table of contents.

Prefect takes seconds to import, so each command imports what it needs. Exit codes: 0 done, 1 something failed,
2 wrong use, 75 another run holds the lock, 76 another program has the warehouse open.
"""

import logging

import typer

from flows.commands import history, keep, read, runs
from flows.commands.changes import changes
from flows.commands.code import code
from flows.commands.compact import compact
from flows.commands.diff import diff
from flows.commands.doctor import doctor
from flows.commands.evaluate import evaluate
from flows.commands.forget import forget
from flows.commands.gazetteer import gazetteer_app
from flows.commands.overrides import events_app
from flows.commands.review import review
from flows.commands.serve import deploy, notify, serve
from flows.commands.shared import err
from flows.commands.sources import sources_app
from flows.commands.suppress import suppress
from flows.ending import leave
from schemas.errors import FirstdraftError
from tasks.console.faults import Untold, told

app = typer.Typer(
    help="News pages in, a conflict-event warehouse out: one that can be queried, and traced to the characters quoted.",
    epilog="Begin with `firstdraft demo`, then `firstdraft events --demo`; docs/tutorial.md leads on.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
COLLECT, READ, JUDGE, SCHEDULE, CARE = "Collect", "Read", "Judge", "Schedule", "Take care"

app.command(rich_help_panel=COLLECT)(runs.demo)
app.command(rich_help_panel=COLLECT)(runs.run)
app.command(rich_help_panel=COLLECT)(history.backfill)
app.command(rich_help_panel=COLLECT)(history.reprocess)
app.add_typer(sources_app, name="sources", rich_help_panel=COLLECT)
app.add_typer(gazetteer_app, name="gazetteer", rich_help_panel=COLLECT)
app.command(rich_help_panel=READ)(read.report)
app.add_typer(events_app, name="events", rich_help_panel=READ)
app.command(rich_help_panel=READ)(read.trace)
app.command(rich_help_panel=READ)(diff)
app.command(rich_help_panel=READ)(changes)
app.command(rich_help_panel=READ)(read.sql)
app.command(rich_help_panel=JUDGE)(code)
app.command(rich_help_panel=JUDGE)(review)
app.command(rich_help_panel=JUDGE)(evaluate)
app.command(rich_help_panel=SCHEDULE)(serve)
app.command(rich_help_panel=SCHEDULE)(deploy)
app.command(rich_help_panel=SCHEDULE)(notify)
app.command(rich_help_panel=CARE)(doctor)
app.command(rich_help_panel=CARE)(keep.verify)
app.command(rich_help_panel=CARE)(keep.rebuild)
app.command(rich_help_panel=CARE)(compact)
app.command(rich_help_panel=CARE)(suppress)
app.command(rich_help_panel=CARE)(forget)


def main() -> None:
    """Run the command line; what people can do something about is told in a line, without a stack trace."""
    code: object = 0
    for logger in ("prefect.flow_runs", "prefect.task_runs"):
        logging.getLogger(logger).addFilter(Untold())
    try:
        app()
    except SystemExit as ended:
        code = ended.code
    except Exception as error:  # the edge of the program: what nobody has a word for keeps its stack trace
        line = told(error)
        if line is None:
            raise
        err.print(f"firstdraft: {line}", style="red", markup=False, highlight=False, soft_wrap=True)
        code = error.exit_code if isinstance(error, FirstdraftError) else 1
    leave(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
