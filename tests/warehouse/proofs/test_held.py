"""One writer at a time, told who is in its way; readers in nobody's way."""

import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from schemas.errors import FirstdraftError, WarehouseLockedError, WarehouseOpenError
from tests.warehouse.proofs.client import ROOT, Nights, Reference, copied

HELD, OPEN = WarehouseLockedError.exit_code, WarehouseOpenError.exit_code
#: Another program with the file open: it answers each line it is sent with how many articles it sees.
SESSION = """
import duckdb, sys
con = duckdb.connect(sys.argv[1], read_only=True)
while True:
    print(*con.execute("SELECT count(*) FROM articles").fetchone(), flush=True)
    if not sys.stdin.readline():
        break
"""
PAIRS = range(20)
HOLDER = """
import sys
from pathlib import Path
from schemas.settings import Settings
from tasks.warehouse.store.lock import hold_lock
with hold_lock(Settings(data_dir=Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def program(code: str, argument: Path) -> Iterator["subprocess.Popen[str]"]:
    """A program of its own, until the block ends; it has said its first line."""
    command = [sys.executable, "-c", code, str(argument)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert line_of(process)
        yield process
        process.stdin.close()


def line_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def seen_by(session: "subprocess.Popen[str]") -> int:
    """How many articles a session sees now."""
    assert session.stdin is not None
    session.stdin.write("\n")
    session.stdin.flush()
    return int(line_of(session))


def test_each_way_of_being_held_has_an_exit_code_of_its_own() -> None:
    assert len({FirstdraftError.exit_code, HELD, OPEN, 0, 2}) == 5


@pytest.mark.parametrize("number", PAIRS)
def test_of_two_runs_at_once_one_says_who_holds_it(
    nights: Nights, reference: Reference, tmp_path: Path, number: int
) -> None:
    """The other may also come when the first is done, or wait for it: the state is the same in every case."""
    folder = str(copied(reference.folder, tmp_path / "house"))
    late = random.Random(number).uniform(0, reference.seconds) if number % 4 == 1 else 0.0
    wait = 300.0 if number % 4 == 3 else 0.0
    told = nights.ask(
        [{"folder": folder, "run": 1, "wait": wait}],
        [{"folder": folder, "run": 2, "night": 1, "wait": wait, "late": late}],
    )
    ends = sorted((answer.end, answer.steps[0].get("code")) for answer in told)
    if number % 4 == 3:
        assert [end for end, _ in ends] == ["done", "done"], told
    elif late == 0.0:
        assert ends == [("done", None), ("failed", HELD)], told
    assert all(end == "done" or code == HELD for end, code in ends), told
    for answer, other in zip(told, told[::-1], strict=True):
        if answer.end == "failed":
            assert f"process {other.pid} " in answer.steps[0]["error"]
    checked, looked = nights.ask([{"do": word, "folder": folder} for word in ("verify", "look")])[0].steps
    assert checked["whole"], checked
    assert (looked["state"], looked["running"]) == (reference.state, 0)


def test_an_open_session_on_the_snapshot_stops_nobody(nights: Nights, reference: Reference, tmp_path: Path) -> None:
    folder = copied(reference.folder, tmp_path / "house")
    with program(SESSION, folder / "published.duckdb") as before:
        first = seen_by(before)
        answer = nights.night(folder, 1, report=True)
        assert answer.last["state"] == reference.state
        assert seen_by(before) == first, "a session sees the run it began with"
        with program(SESSION, folder / "published.duckdb") as after:
            assert seen_by(after) > first
    assert nights.do("verify", folder).last["whole"]


def test_an_open_session_on_the_warehouse_itself_is_named(nights: Nights, reference: Reference, tmp_path: Path) -> None:
    folder = copied(reference.folder, tmp_path / "house")
    with program(SESSION, folder / "warehouse.duckdb") as session:
        told = nights.night(folder, 1).steps[0]
        assert (told["end"], told["code"]) == ("failed", OPEN)
        assert f"process {session.pid} (" in told["error"]
        assert "import duckdb" in told["error"], "its command line"
        assert "published.duckdb" in told["error"], "what to open instead"
    answer = nights.night(folder, 2, night=1)
    assert answer.last["state"] == reference.state
    assert nights.do("verify", folder).last["whole"]


@pytest.mark.parametrize("wait", [0.0, 300.0])
def test_a_session_opened_in_the_midst_of_a_run_costs_nothing_that_was_fetched(
    nights: Nights, reference: Reference, tmp_path: Path, wait: float
) -> None:
    """Wherever the file is free for a moment somebody may open it: the run waits, or ends and is taken up."""
    folder = copied(reference.folder, tmp_path / "house")
    code = "import sys, time, duckdb\nprint('ready', flush=True)\n" + (
        "while True:\n"
        "    try:\n"
        "        con = duckdb.connect(sys.argv[1], read_only=True)\n"
        "        break\n"
        "    except duckdb.IOException:\n"
        "        time.sleep(0.01)\n"
        "print('open', flush=True)\n"
        "time.sleep(3)\n"
    )
    with program(code, folder / "warehouse.duckdb"):
        told = nights.night(folder, 1, wait=wait, fault="snapshot.begun:sleep=1:each")
    if told.end != "done":
        assert (wait, told.steps[0]["code"]) == (0.0, OPEN)
    assert nights.night(folder, 2, night=1).last["state"] == reference.state
    assert nights.do("verify", folder).last["whole"]


def test_the_command_line_ends_with_that_code_and_says_who(reference: Reference, tmp_path: Path) -> None:
    folder = copied(reference.folder, tmp_path / "house")
    environment = {"FIRSTDRAFT_DATA_DIR": str(folder), "FIRSTDRAFT_LOCK_WAIT_SECONDS": "0", "PATH": ""}

    def firstdraft() -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "flows.cli", "suppress", "https://e.org/a", "--reason", "a test"]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    with program(HOLDER, folder) as holder:
        held = firstdraft()
        assert f"process {holder.pid} (" in held.stderr
    with program(SESSION, folder / "warehouse.duckdb") as session:
        opened = firstdraft()
        assert f"process {session.pid} (" in opened.stderr
    assert (held.returncode, opened.returncode, firstdraft().returncode) == (HELD, OPEN, 0)


def test_before_the_first_snapshot_a_reader_has_a_copy_of_his_own(reference: Reference, tmp_path: Path) -> None:
    from schemas.settings import Settings  # noqa: PLC0415
    from tasks.warehouse.store.connect import open_reader, open_writer  # noqa: PLC0415

    folder = copied(reference.folder, tmp_path / "house")
    (folder / "published.duckdb").unlink()
    settings = Settings(data_dir=folder, lock_wait_seconds=0.0)
    with open_reader(settings) as reader:
        (before,) = reader.execute("SELECT count(*) FROM contents").fetchall()[0]
        with program(HOLDER, folder), pytest.raises(WarehouseLockedError), open_reader(settings):
            pass
        with open_writer(settings) as con:
            con.execute("INSERT INTO contents VALUES ('x', 'title', 'text')").fetchall()
        assert reader.execute("SELECT count(*) FROM contents").fetchall() == [(before,)]
    assert not list(folder.glob(".unpublished*"))
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as con:
        assert con.execute("SELECT count(*) FROM contents").fetchall() == [(before + 1,)]
