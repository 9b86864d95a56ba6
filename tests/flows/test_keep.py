"""What was kept is whole, makes the warehouse again, and is taken up by the next run wherever one was killed."""

import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from flows.commands import keep
from schemas.errors import LedgerError
from schemas.settings import Settings
from tasks.verify import verify
from tasks.warehouse.checks import state_hash
from tasks.warehouse.connect import open_writer
from tests.flows.conftest import Demo

ROOT = Path(__file__).resolve().parents[2]
#: Folder, number of the run and the call it dies at; the answer in words.
RunOf = Callable[[Path, int, int], list[str]]


@pytest.fixture
def house(demo: Demo, tmp_path: Path) -> Settings:
    """A copy of the demo's folder."""
    for part in ("captures", "ledger"):
        shutil.copytree(demo.settings.data_dir / part, tmp_path / part)
    shutil.copyfile(demo.settings.warehouse_path, tmp_path / "warehouse.duckdb")
    return demo.settings.model_copy(update={"data_dir": tmp_path})


def state(settings: Settings) -> str:
    with open_writer(settings) as con:
        return state_hash(con)


def runs(settings: Settings) -> int:
    with open_writer(settings) as con:
        return int(con.execute("SELECT count(*) FROM runs").fetchall()[0][0])


def test_the_demo_is_whole(demo: Demo) -> None:
    found = verify(demo.settings)
    assert found.findings == ()
    # Another test may have visited again: what must hold is that every run there was is accounted for.
    assert (found.runs, found.batches) == (runs(demo.settings), 4 * runs(demo.settings))
    app = typer.Typer()
    app.command()(keep.verify)
    app.command()(keep.rebuild)
    told = CliRunner().invoke(app, ["verify", "--demo", "--json"], env={"FIRSTDRAFT_DATA_DIR": _data_dir(demo)})
    assert told.exit_code == 0, told.output
    assert '"whole": true' in told.output


def test_the_warehouse_is_made_again_in_the_same_state(house: Settings) -> None:
    from flows.rebuild import rebuild_from  # noqa: PLC0415

    before, made = state(house), runs(house)
    house.warehouse_path.write_bytes(b"no database")
    # The first visit's: the later ones met nothing new there, so their files hold feeds and robots.txt only.
    damaged = max(house.captures_dir.rglob("demo-sham-*.warc.gz"), key=lambda file: file.stat().st_size)
    kept = damaged.read_bytes()
    done = rebuild_from(house)
    assert (done.same, done.state_hash, done.findings, done.runs) == (True, before, (), made)
    assert done.kept is not None
    assert done.kept.read_bytes() == b"no database"
    assert verify(house).findings == ()
    assert state(house) == before

    damaged.write_bytes(kept[: len(kept) // 2])
    other = rebuild_from(house, house.data_dir / "other.duckdb")
    lost = [finding for finding in other.findings if finding.what == "capture_damaged"]
    assert lost
    assert all(finding.url and finding.capture_id for finding in lost)
    assert other.same is False
    assert state(house) == before, "the warehouse itself was not touched"


def test_a_run_on_a_warehouse_older_than_the_ledger_is_refused(house: Settings) -> None:
    from tasks.recover import recover  # noqa: PLC0415

    house.warehouse_path.unlink()
    with pytest.raises(LedgerError, match="firstdraft rebuild"):
        recover.fn(house)


@pytest.fixture(scope="module")
def run_of() -> Iterator[RunOf]:
    """Runs in processes of their own."""
    command = [sys.executable, "-m", "tests.flows.keepable"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        asked, answered = server.stdin, server.stdout

        def ask(folder: Path, number: int, kill_at: int) -> list[str]:
            folder.mkdir(exist_ok=True)
            asked.write(f"{folder} {number} {kill_at}\n")
            asked.flush()
            while True:
                words = answered.readline().split()
                if "|" not in words:  # a line of Prefect's log
                    return words

        yield ask
        asked.close()


@pytest.fixture(scope="module")
def reference(run_of: RunOf, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str]:
    """How many calls a whole run makes, and the state it ends in."""
    calls, ended, asked = run_of(tmp_path_factory.mktemp("reference"), 0, 0)
    assert asked == "4"
    return int(calls), ended


def _killed_then_run(run_of: RunOf, folder: Path, points: list[int], ended: str) -> None:
    for number, kill_at in enumerate(points):
        told = run_of(folder, number, kill_at)
        assert told == ["killed"] or (number and len(told) == 3), (points, told)
    _, found, asked = run_of(folder, len(points), 0)
    assert found == ended, points
    # Asked twice is only what a kill caught between the archive and the ledger, or before both.
    assert int(asked) <= 4 + len(points), points
    checked = verify(Settings(data_dir=folder))
    assert checked.whole, (points, checked.findings)


def test_a_run_killed_on_the_way_is_taken_up_by_the_next(
    run_of: RunOf, reference: tuple[int, str], tmp_path: Path
) -> None:
    calls, ended = reference
    _killed_then_run(run_of, tmp_path, [int(calls * 0.3)], ended)


@pytest.mark.long
@pytest.mark.parametrize("part", range(20))
def test_a_run_killed_anywhere_is_taken_up(
    run_of: RunOf, reference: tuple[int, str], tmp_path: Path, part: int
) -> None:
    calls, ended = reference
    for kill_at in range(1 + part, calls, 40):
        _killed_then_run(run_of, tmp_path / str(kill_at), [kill_at], ended)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10))
def test_runs_killed_again_and_again_are_taken_up(
    run_of: RunOf, reference: tuple[int, str], tmp_path: Path, seed: int
) -> None:
    calls, ended = reference
    chance = random.Random(seed)
    points = [chance.randrange(1, calls) for _ in range(chance.randint(2, 4))]
    _killed_then_run(run_of, tmp_path, points, ended)


def _data_dir(demo: Demo) -> str:
    return str(demo.settings.data_dir.parent)
