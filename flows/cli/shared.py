"""What the commands share: where they print, the options they have in common, and how a run is shown."""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from schemas.settings import Settings
from tasks.console.progress import stage_bars
from tasks.console.progress import working as spinner
from tasks.reference.machine.steering import HIDDEN

if TYPE_CHECKING:
    import duckdb

    from schemas.run import RunSummary

#: A pipe has no width: give tables room, whoever reads them cuts.
PIPE_WIDTH = 200
#: Events listed if nobody asks for more: a warehouse may hold millions.
SHOWN = 100
out = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
err = Console(stderr=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
Sources = Annotated[list[str] | None, typer.Option("--source", help="A source id; may be given several times.")]
Demo = Annotated[bool, typer.Option("--demo", help="Look in the demo's warehouse.")]


_HIDDEN = re.compile(f"[\x7f-\x9f{HIDDEN}]")
#: Set while a command works on the demo's warehouse because ``--demo`` stood before its name.
_DEMO_ABOVE: ContextVar[bool] = ContextVar("demo_above", default=False)


def turn_to_demo(context: typer.Context) -> None:
    """Have all commands below this one work on the demo's warehouse, until the context ends."""
    if _DEMO_ABOVE.get():
        return
    before = {name: os.environ.get(name) for name in _DEMO_VARIABLES}
    demo = Settings().for_demo()
    os.environ |= {name: str(getattr(demo, field)) for name, field in _DEMO_VARIABLES.items()}
    token = _DEMO_ABOVE.set(True)

    def turn_back() -> None:
        _DEMO_ABOVE.reset(token)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    context.call_on_close(turn_back)


_DEMO_VARIABLES = {
    f"FIRSTDRAFT_{field.upper()}": field
    for field in ("data_dir", "sources_file", "allow_loopback", "total_timeout", "retries")
}


def settings_of(demo_data: bool) -> Settings:
    """The settings, or those of the demo's warehouse."""
    settings = Settings()
    return settings.for_demo() if demo_data and not _DEMO_ABOVE.get() else settings


@contextmanager
def deciding(
    settings: Settings, table: str, *, removed: bool = False
) -> "Iterator[tuple[duckdb.DuckDBPyConnection, Callable[[Sequence[dict[str, object]]], None]]]":
    """The warehouse, for what a person writes to a table (or takes away), and who tells the ledger of it.

    The ledger is told before the transaction ends, so that whatever a kill leaves undone is completed from there: by
    the next run, or the next command of a person.
    """
    from schemas.ledger import Wrote
    from tasks.ledger.append import ledger_for
    from tasks.ledger.past import written_since
    from tasks.warehouse.care.replaying import write_again
    from tasks.warehouse.store.connect import open_writer

    def tell(rows: Sequence[dict[str, object]]) -> None:
        ledger = ledger_for(settings)
        ledger.append(Wrote(table, tuple(rows), removed=removed))
        ledger.sync()

    with open_writer(settings) as con:
        for wrote in written_since(ledger_for(settings).folder):
            write_again(con, wrote.table, wrote.rows, removed=wrote.removed)
        yield con, tell


def prepare_prefect(demo_dir: Path | None = None) -> None:
    """Set Prefect's surroundings up, before the first import of a flow; the demo has its own under ``demo_dir``.

    Raises :class:`ServiceError` if a server is named and none answers.
    """
    from flows.environment import prepare, prepare_embedded

    if demo_dir is not None:
        prepare_embedded(demo_dir / "prefect")
        return
    if named := os.environ.get("PREFECT_API_URL"):
        _reach(named.rstrip("/"))
    prepare()


def _reach(api: str) -> None:
    """See that the server a user named is there, and know its secret if `firstdraft serve` made it here."""
    from schemas.errors import ServiceError
    from tasks.service.api import healthy
    from tasks.service.instance import serving
    from tasks.service.secret import known_secret

    if not healthy(api):
        raise ServiceError(
            f"no Prefect server answers at {api}, which PREFECT_API_URL names: start it, or unset PREFECT_API_URL to "
            "run without one"
        )
    who = serving(Settings().data_dir)
    if who and who.api == api and (secret := known_secret(Settings().data_dir)):
        os.environ.setdefault("PREFECT_API_AUTH_STRING", secret)


def tell_stale(settings: Settings) -> None:
    """Say that exports and site do not show yet what was decided; commands and the snapshot do."""
    if settings.exports_dir.exists() or settings.site_dir.exists():
        warn("exports and site show it after the next run, or `firstdraft report` now")


def progress(as_json: bool) -> AbstractContextManager[None]:
    """Bars while the stages work, away from where JSON is printed."""
    return stage_bars(err if as_json else out)


def working(what: str) -> AbstractContextManager[None]:
    """Say on a terminal what takes some seconds, if there is nothing to count; a pipe sees nothing of it."""
    return spinner(err, what)


def events_of(settings: Settings, limit: int = SHOWN) -> Sequence[dict[str, object]]:
    """The events of the published snapshot, the latest ``limit`` of them; all for 0. Says so if there are more."""
    from tasks.warehouse.publish.reports import view
    from tasks.warehouse.store.connect import open_reader

    with working("events"), open_reader(settings) as con:
        rows = view(con, "events_overview", limit or None).records()
        ((there,),) = con.execute("SELECT count(*) FROM events").fetchall()
    if len(rows) < there:
        message = f"the latest {len(rows):,} of {there:,} events: `firstdraft events --limit 0` lists all"
        err.print(message, style="dim", markup=False, highlight=False, soft_wrap=True)
    return rows


def show_runs(titles: Sequence[str], summaries: "Sequence[RunSummary]", settings: Settings, *, as_json: bool) -> None:
    """The events, and what each run did."""
    from tasks.console.render import show_events, show_run
    from tasks.console.summary import summary_json

    events = events_of(settings)
    if as_json:
        runs = [summary_json(summary) for summary in summaries]
        print_json({"runs": runs, "rows_changed": sum(s.rows_changed for s in summaries), "events": events})
        return
    show_events(out, events)
    for title, summary in zip(titles, summaries, strict=True):
        show_run(out, title, summary)


def say(words: str) -> None:
    """A line as it is: no markup, no colours, no line breaks of ours."""
    out.print(words, markup=False, highlight=False, soft_wrap=True)


def warn(words: str) -> None:
    """The same as a warning, away from where results are printed."""
    err.print(words, style="yellow", markup=False, highlight=False, soft_wrap=True)


def print_json(value: object) -> None:
    """JSON as it is, neither wrapped nor coloured."""
    text = json.dumps(value, default=_plain, ensure_ascii=False, indent=2)
    # JSON's own escapes: the same values for machines, and nothing that shows another text on a terminal.
    out.file.write(_HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
