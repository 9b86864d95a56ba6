"""Every command of the warehouse at work on a made-up warehouse: ``python -m benchmarks.commands DIR [--articles N]``.

A warehouse of so many articles, and as many events, is made in a new folder (``benchmarks/generate.py``) and published;
each command is run on it as a process of its own: what it takes in seconds, CPU seconds and memory is printed. Exit 1
where one of them fails or tells otherwise than it should. The made warehouse has rows and no archive: ``verify`` must
notice that (exit 1 of its own), and ``rebuild`` into another file has nothing to read; both are shown at work on pages
by ``tests/flows/test_care.py``.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from benchmarks.generate import generate
from schemas.settings import Settings
from tasks.report import EXPORTED
from tasks.warehouse.connect import open_reader, open_writer
from tasks.warehouse.export import export_view
from tasks.warehouse.snapshot import publish

ROOT = Path(__file__).resolve().parents[1]
_EXPORT = "from benchmarks.commands import export; export()"


@dataclass(frozen=True, slots=True)
class Ran:
    """One command: how it ended, its seconds, CPU seconds and peak memory in MiB, and the first line it told."""

    name: str
    code: int
    wall: float
    cpu: float
    memory: float
    told: str


def main() -> int:
    """Make the warehouse, run everything, print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="data folder; a made warehouse that is there is used, and changed")
    parser.add_argument("--articles", type=int, default=1_000_000)
    options = parser.parse_args()
    settings = Settings(data_dir=options.folder)
    if not settings.warehouse_path.exists():
        generate(settings, options.articles)
    if not settings.published_path.exists():
        publish(settings, anyway=True)
    print(f"{'command':<34}{'exit':>5}{'wall s':>9}{'CPU s':>9}{'MiB':>8}  told")
    failed = []
    for expected, ran in _all(settings):
        print(
            f"{ran.name:<34}{ran.code:>5}{ran.wall:>9.1f}{ran.cpu:>9.1f}{ran.memory:>8.0f}  {ran.told[:70]}", flush=True
        )
        if ran.code != expected:
            failed.append(f"{ran.name}: exit {ran.code}, not {expected}")
    print(*failed, sep="\n", end="\n" if failed else "", file=sys.stderr)
    return 1 if failed else 0


def _all(settings: Settings) -> Iterator[tuple[int, Ran]]:
    """The commands in turn, each with the exit code it must have."""
    found = _subjects(settings)
    yield 0, _run(settings, "sql", "SELECT count(*) AS events FROM events")
    yield 0, _run(settings, "sql", "FROM daily_tolls LIMIT 5")
    yield (
        0,
        _run(settings, "sql", "SELECT count(*) AS events FROM events", "--as-of", found["night"], name="sql --as-of"),
    )
    yield 1, _run(settings, "sql", "COPY events TO 'out.csv'", name="sql (writing a file: refused)")
    yield 0, _run(settings, "changes", "--since", found["night"], "--csv")
    yield 0, _run(settings, "trace", found["one"])
    yield 0, _run(settings, "events", "merge", found["one"], found["other"], "--reason", "one raid", "--later")
    yield 0, _run(settings, "events", "split", found["two"], found["second"], "--reason", "two raids", "--later")
    yield 0, _run(settings, "events", "retract", found["third"], "--reason", "a drill")
    undone = _run(settings, "events", "overrides")
    yield 0, undone
    yield 0, _run(settings, "events", "undo", _first_override(settings))
    yield 0, _run(settings, "forget", found["article"], "--reason", "asked for", "--yes")
    yield 0, _run(settings, "compact")
    for view in EXPORTED:
        yield 0, _measured(settings, f"export {view}", [sys.executable, "-c", _EXPORT, view])
    yield 1, _run(settings, "verify")
    yield 1, _run(settings, "rebuild", "--into", str(settings.data_dir / "again.duckdb"))


def _subjects(settings: Settings) -> dict[str, str]:
    """What the commands are asked about: events of one day, one of two reports, an article, a run."""
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
        ((night,),) = con.execute("SELECT run_id FROM runs ORDER BY started_at DESC LIMIT 1").fetchall()
    named = {"one": one, "other": other, "third": third, "two": two, "second": second}
    return {**named, "article": article, "night": night}


def _first_override(settings: Settings) -> str:
    with open_writer(settings) as con:
        ((override,),) = con.execute("SELECT override_id FROM event_overrides ORDER BY made_at LIMIT 1").fetchall()
    return str(override)


def export() -> None:
    """One view in all its formats, into a folder that is emptied afterwards; for a process of its own."""
    settings = Settings()
    with open_reader(settings, external=True) as con:
        written = export_view(con, sys.argv[1], settings.data_dir / "measured")
    print(", ".join(f"{one.path} {one.rows:,} rows" for one in written))
    shutil.rmtree(settings.data_dir / "measured")


def _run(settings: Settings, *words: str, name: str = "") -> Ran:
    return _measured(settings, name or " ".join(words[:2]), [sys.executable, "-m", "flows.cli", *words])


def _measured(settings: Settings, name: str, command: list[str]) -> Ran:
    """Run a process to its end."""
    # Prefect's own server may take longer than its 20 seconds to start on a machine that is busy.
    patient = {"PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "300"}
    told = {**os.environ, **patient, "FIRSTDRAFT_DATA_DIR": str(settings.data_dir.absolute())}
    with TemporaryFile("w+") as said:
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=ROOT, env=told, stdout=said, stderr=subprocess.STDOUT, text=True)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - began
        said.seek(0)
        lines = [line.strip() for line in said.read().splitlines() if line.strip()]
    return Ran(
        name[:33], process.returncode, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, (lines or [""])[-1]
    )


if __name__ == "__main__":
    sys.exit(main())
