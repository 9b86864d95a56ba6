"""The command line: ``firstdraft --help`` is its table of contents.

Prefect takes seconds to import, so each command imports what it needs. Exit codes: 0 done, 1 something failed,
2 wrong use, 75 another run holds the lock, 76 another program has the warehouse open.
"""

import logging
import sys
from collections.abc import Callable

import typer

from flows.cli import history, keep, read, runs
from flows.cli.changes import changes
from flows.cli.code import code
from flows.cli.compact import compact
from flows.cli.diff import diff
from flows.cli.doctor import doctor
from flows.cli.evaluate import evaluate
from flows.cli.forget import forget
from flows.cli.gazetteer import gazetteer_app
from flows.cli.overrides import events_app
from flows.cli.review import review
from flows.cli.serve import deploy, notify, serve
from flows.cli.shared import err
from flows.cli.sources import sources_app
from flows.cli.suppress import suppress
from schemas.errors import FirstdraftError
from tasks.console.faults import Untold, told

app = typer.Typer(
    help="News pages in, a conflict-event warehouse out: one that can be queried, and traced to the characters quoted.",
    epilog="Begin with `firstdraft demo`, then `firstdraft events --demo`; docs/tutorial.md leads on.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
COLLECT, READ, JUDGE, SCHEDULE, CARE = "Collect", "Read", "Judge", "Schedule", "Take care"


def _add(panel: str, command: Callable[..., None], line: str) -> None:
    """A command, and its line in the table of contents; its own help says the rest."""
    app.command(rich_help_panel=panel, short_help=line)(command)


def _group(panel: str, name: str, group: typer.Typer, line: str) -> None:
    app.add_typer(group, name=name, rich_help_panel=panel, short_help=line)


_add(COLLECT, runs.demo, "Try it: the whole pipeline over a bundled site")
_add(COLLECT, runs.run, "Run the night now: fetch, read, resolve, report")
_add(COLLECT, history.backfill, "Past days, from the sites, WARC files or a CDX server")
_add(COLLECT, history.reprocess, "Stored pages again with today's code; tells what changed")
_group(COLLECT, "sources", sources_app, "Who is asked, and how they fare; check, add")
_group(COLLECT, "gazetteer", gazetteer_app, "A country's villages, from GeoNames; add, list, remove")
_add(READ, read.report, "Snapshot, exports and site, anew")
_group(READ, "events", events_app, "The events; merge, split, retract, undo, overrides")
_add(READ, read.trace, "An event down to its sentences, fetches and bytes")
_add(READ, diff, "What a publisher changed in an article")
_add(READ, changes, "Events added, changed or gone since a run, and why")
_add(READ, read.sql, "A question in SQL, read-only")
_add(JUDGE, code, "Any text: what is read in it, and the words behind it")
_add(JUDGE, review, "Accept, correct or reject the least sure readings")
_add(JUDGE, evaluate, "How good the reading is: by a gold file, or by reviews")
_add(SCHEDULE, serve, "Server, worker and schedule in one process")
_add(SCHEDULE, deploy, "Register the deployments with a Prefect server")
_add(SCHEDULE, notify, "Tell Slack, mail or a webhook of nights that went wrong")
_add(CARE, doctor, "Will the next night come? Versions, disk, clock, lock ...")
_add(CARE, keep.verify, "Compare ledger, archive and warehouse, byte by byte")
_add(CARE, keep.rebuild, "The warehouse again, from captures and ledger alone")
_add(CARE, compact, "Shrink the warehouse")
_add(CARE, suppress, "Never fetch a page, or keep a body, again")
_add(CARE, forget, "Erase a page for good: text, bytes, quotations")


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
    sys.exit(code if isinstance(code, int) else 0)
