"""The command line: ``firstdraft --help`` is its table of contents.

A command's file is loaded when the command is called; what takes seconds (Prefect, the language model) is imported
within the command. Exit codes: 0 done, 1 something failed, 2 wrong use, 75 another run holds the lock, 76 another
program has the warehouse open.
"""

import logging
import os
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from schemas.errors import FirstdraftError
from tasks.console.faults import Untold, told

if TYPE_CHECKING:
    from typer._click import Command, Context  # typer's own copy of click; for the types alone

# The reader's matrices are small: on one thread they are done before a second one is awake.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents: where it stands, the command's name, the file with it, what it is for."""

    panel: str
    name: str
    file: str
    line: str
    #: What the file calls it.
    attribute: str = ""


COLLECT, READ, JUDGE, SCHEDULE, CARE = "Collect", "Read", "Judge", "Schedule", "Take care"
CONTENTS = (
    Entry(COLLECT, "demo", "collect", "Try it: the whole pipeline over a bundled site"),
    Entry(COLLECT, "run", "collect", "Run the night now: fetch, read, resolve, report"),
    Entry(COLLECT, "backfill", "collect", "Past days, from the sites, WARC files or a CDX server"),
    Entry(COLLECT, "reprocess", "collect", "Stored pages again with today's code; tells what changed"),
    Entry(COLLECT, "sources", "collect", "Who is asked, and how they fare; check, add", "sources_app"),
    Entry(COLLECT, "actors", "actors", "Names no seed knows, as often as they are met; add", "actors_app"),
    Entry(COLLECT, "gazetteer", "collect", "A country's villages, from GeoNames; add, list, remove", "gazetteer_app"),
    Entry(READ, "report", "read", "Snapshot, exports and site, anew"),
    Entry(READ, "events", "read", "The events; merge, split, retract, undo, overrides", "events_app"),
    Entry(READ, "trace", "read", "An event down to its sentences, fetches and bytes"),
    Entry(READ, "diff", "read", "What a publisher changed in an article"),
    Entry(READ, "changes", "read", "Events added, changed or gone since a run, and why"),
    Entry(READ, "sql", "read", "A question in SQL, read-only"),
    Entry(JUDGE, "code", "judge", "Any text: what is read in it, and the words behind it"),
    Entry(JUDGE, "review", "judge", "Accept, correct or reject the least sure readings"),
    Entry(JUDGE, "teach", "judge", "The reader learns from reviews, if that makes it better"),
    Entry(JUDGE, "evaluate", "judge", "How good the reading is: by a gold file, or by reviews"),
    Entry(SCHEDULE, "serve", "schedule", "Server, worker and schedule in one process"),
    Entry(SCHEDULE, "deploy", "schedule", "Register the deployments with a Prefect server"),
    Entry(SCHEDULE, "notify", "schedule", "Tell Slack, mail or a webhook of nights that went wrong"),
    Entry(SCHEDULE, "alerts", "schedule", "Saved queries somebody is told of; try one"),
    Entry(SCHEDULE, "api", "schedule", "The published snapshot for other programs, by HTTP"),
    Entry(CARE, "doctor", "care", "Will the next night come? Versions, disk, clock, lock ..."),
    Entry(CARE, "verify", "care", "Compare ledger, archive and warehouse, byte by byte"),
    Entry(CARE, "stamp", "care", "The ledger's head after a run, time-stamped"),
    Entry(CARE, "rebuild", "care", "The warehouse again, from captures and ledger alone"),
    Entry(CARE, "compact", "care", "Shrink the warehouse"),
    Entry(CARE, "suppress", "care", "Never fetch a page, or keep a body, again"),
    Entry(CARE, "forget", "care", "Erase a page for good: text, bytes, quotations"),
)
_ENTRIES = {entry.name: entry for entry in CONTENTS}


class LazyGroup(TyperGroup):
    """Commands that are imported when they are called; help and completion need only the table of contents."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {
            entry.name: TyperCommand(entry.name, short_help=entry.line, rich_help_panel=entry.panel)
            for entry in CONTENTS
        }

    def resolve_command(self, ctx: "Context", args: list[str]) -> "tuple[str | None, Command | None, list[str]]":
        """The command to be run, imported. Ends the program with a usage error for a name that is not in the table."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, load_command(name or ""), rest


def load_command(name: str) -> "Command":
    """A command of the table, its file imported."""
    entry = _ENTRIES[name]
    target = getattr(import_module(f"flows.cli.{entry.file}"), entry.attribute or entry.name)
    if not isinstance(target, typer.Typer):
        alone = typer.Typer(add_completion=False)
        alone.command(name)(target)
        target = alone
    target._add_completion = False  # the shell completes the whole program, not a part of it
    command = typer.main.get_command(target)
    command.name = name
    return command


app = typer.Typer(
    cls=LazyGroup,
    epilog="Begin with `firstdraft demo`, then `firstdraft events --demo`; docs/tutorial.md leads on.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def firstdraft(
    context: typer.Context,
    demo_data: Annotated[
        bool, typer.Option("--demo", help="Work on the demo's warehouse, whatever the command.")
    ] = False,
) -> None:
    """News pages in, a conflict-event warehouse out: one that can be queried, and traced to the characters quoted."""
    if demo_data:
        from flows.cli.shared import turn_to_demo

        turn_to_demo(context)


def main() -> None:
    """Run the command line; what people can do something about is told in a line, without a stack trace."""
    code: object = 0
    for logger in ("prefect.flow_runs", "prefect.task_runs", "sqlalchemy.pool.impl.AsyncAdaptedQueuePool"):
        logging.getLogger(logger).addFilter(Untold())
    try:
        app()
    except SystemExit as ended:
        code = ended.code
    except Exception as error:  # the edge of the program: what nobody has a word for keeps its stack trace
        line = told(error)
        if line is None:
            raise
        from flows.cli.shared import err

        err.print(f"firstdraft: {line}", style="red", markup=False, highlight=False, soft_wrap=True)
        code = error.exit_code if isinstance(error, FirstdraftError) else 1
    sys.exit(code if isinstance(code, int) else 0)
