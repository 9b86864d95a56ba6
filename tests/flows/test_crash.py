"""Killed at any point and run again: the same state as never killed."""

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from schemas.settings import Settings
from tasks.warehouse.checks import accounting, state_hash
from tasks.warehouse.connect import open_writer
from tasks.warehouse.write import table_specs

ROOT = Path(__file__).resolve().parents[2]

#: Folder, number of the run and the call it dies at; the answer in words.
RunOf = Callable[[Path, int, int], list[str]]


@pytest.fixture(scope="module")
def run_of() -> Iterator[RunOf]:
    """Runs in processes of their own."""
    command = [sys.executable, "-m", "tests.warehouse.killable"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        asked, answered = server.stdin, server.stdout

        def ask(folder: Path, number: int, kill_at: int) -> list[str]:
            asked.write(f"{folder} {number} {kill_at}\n")
            asked.flush()
            return answered.readline().split()

        yield ask
        asked.close()


@pytest.fixture(scope="module")
def reference(run_of: RunOf, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str]:
    """How many calls a whole run makes, and the state it ends in."""
    calls, state = run_of(tmp_path_factory.mktemp("reference"), 0, 0)
    return int(calls), state


def killed_then_run(run_of: RunOf, folder: Path, points: list[int]) -> str:
    """The state after runs killed at these calls and one that lives; later ones make fewer calls and may live too."""
    told = [run_of(folder, number, kill_at) for number, kill_at in enumerate(points)]
    assert told[0] == ["killed"]
    return run_of(folder, len(points), 0)[1]


def assert_sound(settings: Settings, state: str) -> None:
    with open_writer(settings) as con:
        assert state_hash(con) == state
        for spec in table_specs(con).values():
            key = ", ".join(spec.key)
            twice = con.execute(f"SELECT {key} FROM {spec.name} GROUP BY {key} HAVING count(*) > 1").fetchall()
            assert twice == [], spec.name
        runs = con.execute("SELECT run_id, state FROM runs ORDER BY started_at").fetchall()
        assert {state for _, state in runs[:-1]} <= {"abandoned", "done"}
        assert runs[-1][1] == "done"
        assert accounting(con, runs[-1][0]) == 9


def test_a_run_killed_on_the_way_is_made_good_by_the_next(
    run_of: RunOf, reference: tuple[int, str], tmp_path: Path
) -> None:
    calls, state = reference
    points = [int(calls * share) for share in (0.35, 0.7)]
    assert killed_then_run(run_of, tmp_path, points) == state
    assert_sound(Settings(data_dir=tmp_path), state)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(40))
def test_runs_killed_at_random_points_are_made_good(
    run_of: RunOf, reference: tuple[int, str], tmp_path: Path, seed: int
) -> None:
    calls, state = reference
    chance = random.Random(seed)
    points = [chance.randrange(1, calls) for _ in range(chance.randint(1, 3))]
    assert killed_then_run(run_of, tmp_path, points) == state, points
    assert_sound(Settings(data_dir=tmp_path), state)
