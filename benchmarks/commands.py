"""Every command of the warehouse at work on a made-up warehouse: ``python -m benchmarks.commands DIR [--articles N]``.

A warehouse of so many articles, and as many events, is made in a new folder (``benchmarks/generate.py``) and published;
each command is run on it as a process of its own: what it takes in seconds, CPU seconds and memory is printed. The
exports that ``forget`` leaves are read back (``benchmarks/readback.py``). Exit 1 where one of them fails or tells
otherwise than it should. The made warehouse has rows and no archive: ``verify`` must notice that (exit 1 of its own),
and ``rebuild`` into another file has nothing to read. ``--archive`` has both written (``benchmarks/archived.py``): then
``verify`` must find everything whole, after the erasure too. ``rebuild`` is left out there, for it cleans and codes
every page again, some pages a second and core; ``tests/flows/test_care.py`` shows it at work on pages. No site is
built: ``benchmarks/sitebuild.py`` measures that.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from schemas.settings import Settings
from tasks.warehouse.store.connect import open_reader, open_writer

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
#: Runs a command and tells what it took. A process's peak memory begins with that of whoever started it, so the
#: starter has to be a small one.
_STARTER = """
import json, os, subprocess, sys, time
began = time.monotonic()
child = subprocess.Popen(sys.argv[2:])
_, status, used = os.wait4(child.pid, 0)
told = {"code": os.waitstatus_to_exitcode(status), "wall": time.monotonic() - began,
        "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1024}
with open(sys.argv[1], "w") as file:
    json.dump(told, file)
"""
_PUBLISH = """
import sys
from pathlib import Path
from schemas.settings import Settings
from tasks.warehouse.publish.snapshot import publish
print(publish(Settings(), anyway=True).path)
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """One command: how it ended, its seconds, CPU seconds and peak memory in MiB, and the last line it told."""

    name: str
    code: int
    wall: float
    cpu: float
    memory: float
    told: str


@dataclass(frozen=True, slots=True)
class Step:
    """A command of the list: its words, the exit code it must have, and what it must tell in its last line."""

    words: tuple[str, ...]
    code: int = 0
    tells: str = ""
    name: str = ""


def main() -> int:
    """Make the warehouse, run everything, print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="data folder; a made warehouse that is there is used, and changed")
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--archive", action="store_true", help="have WARC files and a ledger behind the warehouse")
    options = parser.parse_args()
    settings = Settings(data_dir=options.folder.absolute())
    print(f"{'command':<34}{'exit':>5}{'wall s':>9}{'CPU s':>9}{'MiB':>8}  told")
    failed = []
    for step, ran in _all(settings, options.articles, archived=options.archive):
        print(
            f"{ran.name:<34}{ran.code:>5}{ran.wall:>9.1f}{ran.cpu:>9.1f}{ran.memory:>8.0f}  {ran.told[:70]}", flush=True
        )
        if ran.code != step.code or step.tells not in ran.told:
            failed.append(f"{ran.name}: exit {ran.code}, not {step.code}, or not {step.tells!r}: {ran.told}")
    print(*failed, sep="\n", end="\n" if failed else "", file=sys.stderr)
    return 1 if failed else 0


def _all(settings: Settings, articles: int, *, archived: bool) -> Iterator[tuple[Step, Ran]]:
    """The commands in turn."""
    if not settings.warehouse_path.exists():
        made = [PYTHON, "-m", "benchmarks.generate", str(settings.data_dir), "--articles", str(articles)]
        yield Step((), tells="articles in"), _measured(settings, "generate", made)
    if archived and not settings.captures_dir.exists():
        made = [PYTHON, "-m", "benchmarks.archived", str(settings.data_dir)]
        yield Step((), tells="captures told"), _measured(settings, "archive and ledger", made)
    if not settings.published_path.exists():
        yield Step((), tells="published.duckdb"), _measured(settings, "publish", [PYTHON, "-c", _PUBLISH])
    found = _subjects(settings)
    for step in (*_reading(found), *_deciding(found)):
        yield step, _run(settings, step)
    undo = Step(("events", "undo", _first_override(settings)), tells="taken back")
    yield undo, _run(settings, undo)
    for step in _erasing(found):
        yield step, _run(settings, step)
    read = [PYTHON, "-m", "benchmarks.readback", str(settings.exports_dir)]
    yield Step((), tells="as the manifest has them"), _measured(settings, "exports read back", read)
    for step in _caring(settings, archived=archived):
        yield step, _run(settings, step)


def _reading(found: dict[str, str]) -> Iterator[Step]:
    yield Step(("sql", "SELECT count(*) AS events FROM events"), tells=found["events"])
    for view in ("daily_tolls", "event_conservative", "event_informative", "event_latest", "totals", "total_parts"):
        yield Step(("sql", f"SELECT count(*) FROM (FROM {view})"), name=f"sql, {view} counted")
    yield Step(("sql", "FROM acled LIMIT 5"), name="sql, 5 of acled")
    yield Step(
        ("sql", "SELECT count(*) FROM events", "--as-of", found["night"]), name="sql --as-of", tells=found["then"]
    )
    yield Step(("sql", "COPY events TO 'out.csv'"), 1, "read-only", "sql (writing a file: refused)")
    yield Step(("events",))
    yield Step(("trace", found["one"]), tells="read by")
    yield Step(("changes", "--since", found["night"], "--csv"))
    yield Step(("changes", "--since", found["first"], "--csv"), name="changes since the first run")
    yield Step(("review", found["mention"]))
    yield Step(("forget", found["article"], "--dry-run"), name="forget --dry-run")


def _deciding(found: dict[str, str]) -> Iterator[Step]:
    told = ("--reason", "told so", "--later")
    yield Step(
        ("review", found["mention"], "--set", "killed=3", "--note", "a later count", "--later"), name="review --set"
    )
    yield Step(("review", "--list"))
    yield Step(("events", "merge", found["one"], found["other"], *told), tells="to take it back")
    yield Step(("events", "split", found["two"], found["second"], *told), tells="to take it back")
    yield Step(("events", "retract", found["third"], *told), tells="to take it back")
    yield Step(("events", "overrides"), tells="merge")


def _erasing(found: dict[str, str]) -> Iterator[Step]:
    yield Step(("suppress", "https://outlet-001.test/never", "--reason", "an order"), tells="is suppressed")
    yield Step(("forget", found["article"], "--reason", "asked for", "--yes"), name="forget", tells="events made again")


def _caring(settings: Settings, *, archived: bool) -> Iterator[Step]:
    yield Step(("compact",), tells="after")
    if archived:
        yield Step(("verify", "--quick"), tells="whole")
        yield Step(("verify",), tells="whole")
        return
    yield Step(("verify", "--quick"), 1, "damaged")
    yield Step(("verify",), 1, "damaged")
    yield Step(
        ("rebuild", "--into", str(settings.data_dir / "again.duckdb")), name="rebuild --into", tells="0 captures"
    )


def _subjects(settings: Settings) -> dict[str, str]:
    """What the commands are asked about: events of one day, one of two reports, an article, runs."""
    with open_reader(settings) as con:
        one, other, third = con.execute(
            "SELECT list(event_id) FROM (FROM events ORDER BY event_id LIMIT 3)"
        ).fetchall()[0][0]
        ((two, second),) = con.execute(
            """SELECT l.event_id, min(l.mention_id) FROM event_links l JOIN events e ON e.event_id = l.event_id
               WHERE e.mention_count = 2 AND l.mention_id <> e.anchor_mention_id AND e.event_id > $1
               GROUP BY 1 ORDER BY 1 LIMIT 1""",
            [third],
        ).fetchall()
        ((article,),) = con.execute(
            "SELECT article_id FROM articles ORDER BY first_seen_at, article_id LIMIT 1"
        ).fetchall()
        ((first, night),) = con.execute(
            "SELECT min_by(run_id, started_at), max_by(run_id, started_at) FROM runs"
        ).fetchall()
        ((events,),) = con.execute("SELECT count(*) FROM events").fetchall()
        ((then,),) = con.execute("SELECT count(*) FROM events_as_of(?)", [night]).fetchall()
    named = {"one": one, "other": other, "third": third, "two": two, "second": second, "mention": second}
    return {**named, "article": article, "first": first, "night": night, "events": str(events), "then": str(then)}


def _first_override(settings: Settings) -> str:
    with open_writer(settings) as con:
        ((override,),) = con.execute(
            "SELECT override_id FROM event_overrides WHERE undone_at IS NULL ORDER BY made_at LIMIT 1"
        ).fetchall()
    return str(override)


def _run(settings: Settings, step: Step) -> Ran:
    return _measured(settings, step.name or " ".join(step.words[:2]), [PYTHON, "-m", "flows.cli", *step.words])


def _measured(settings: Settings, name: str, command: list[str]) -> Ran:
    """Run a process to its end."""
    # Prefect's own server may take longer than its 20 seconds to start on a machine that is busy.
    patient = {"PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "300", "FIRSTDRAFT_SITE": "false"}
    surroundings = {**os.environ, **patient, "FIRSTDRAFT_DATA_DIR": str(settings.data_dir)}
    figures = settings.data_dir.with_name(f"{settings.data_dir.name}.took.json")
    with TemporaryFile("w+") as said:
        starter = [PYTHON, "-I", "-S", "-c", _STARTER, str(figures), *command]
        subprocess.run(starter, cwd=ROOT, env=surroundings, stdout=said, stderr=subprocess.STDOUT, check=True)
        said.seek(0)
        lines = [line.strip() for line in said if line.strip()]
    took = json.loads(figures.read_text(encoding="utf-8"))
    figures.unlink()
    return Ran(name[:33], took["code"], took["wall"], took["cpu"], took["memory"], (lines or [""])[-1])


if __name__ == "__main__":
    sys.exit(main())
