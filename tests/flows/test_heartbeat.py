"""A worker killed in the middle of a night: the run is seen as crashed, and the next night goes on."""

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from schemas.settings import Settings
from tasks.demo.server import serve_demo
from tasks.warehouse.publish.sql import answer
from tasks.warehouse.store.connect import open_reader
from tests.flows.serving import Served, begun, ended, environment_of, free_port, patiently, serving


@patiently
def processes_of(run_id: str) -> list[int]:
    """The processes a flow run works in."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if run_id.encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    assert found
    return found


@patiently
def watched(served: Served, run_id: str) -> None:
    """The server has taken note of a heartbeat, on disk: from now on it misses the next one."""
    where = f"file:{served.folder}/data/prefect/prefect.db?mode=ro"
    with closing(sqlite3.connect(where, uri=True)) as con:
        keys = [key for (key,) in con.execute("SELECT bucketing_key FROM automation_bucket").fetchall()]
    assert any(run_id in key for key in keys)


@pytest.mark.long
def test_a_killed_workers_run_is_crashed_and_the_next_night_goes_on(tmp_path: Path) -> None:
    port = free_port()
    with serve_demo() as site:
        environment = environment_of(tmp_path, site)
        with serving(tmp_path, environment, port) as served:
            killed = begun(served, days=10_000)
            watched(served, killed)
            (worker,) = [pid for pid in children_of(served.process.pid) if "worker" in command_of(pid)]
            for pid in (worker, *processes_of(killed)):
                os.kill(pid, signal.SIGKILL)
            assert served.process.wait(120) == 1
            assert "the worker was killed by SIGKILL; stopping the rest" in served.lines
        with serving(tmp_path, environment, port) as served:
            seen: dict[str, Any] = ended(served, killed)
            assert (seen["state_type"], seen["state"]["message"][:24]) == ("CRASHED", "no heartbeat for 120 s: ")
            after = ended(served, begun(served, days=10_000))
    assert after["state"]["message"].startswith("degraded, 1 of 5 sources down: gone-en")
    with open_reader(Settings(data_dir=tmp_path / "data")) as con:
        states = answer(con, "SELECT state FROM runs ORDER BY started_at").rows
        ((stored,),) = answer(con, "SELECT count(*) FROM articles").rows
    assert states[-1] == ("done",)
    assert stored > 10


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
