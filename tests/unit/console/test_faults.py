"""What people can do something about is told in a line; what only the code can mend is not hidden."""

import errno
import logging
import os
import subprocess
import sys
from asyncio import CancelledError
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from schemas.errors import SeedError, WarehouseLockedError
from schemas.settings import Settings
from tasks.console.faults import Untold, told


def fault_of(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> str | None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError) as caught:
        Settings()
    return told(caught.value)


def test_a_setting_is_named_as_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    line = fault_of("FIRSTDRAFT_WORKERS", "many", monkeypatch)
    assert str(line).startswith("FIRSTDRAFT_WORKERS=many: input should be a valid integer")
    assert "schemas/settings.py" in str(line)


def test_a_setting_that_is_no_json_is_named_too(monkeypatch: pytest.MonkeyPatch) -> None:
    line = fault_of("FIRSTDRAFT_CONNECT_TO", "{", monkeypatch)
    assert str(line).startswith("FIRSTDRAFT_CONNECT_TO: this is not JSON")


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOSPC, errno.EADDRINUSE, errno.EIO])
def test_a_refusal_of_the_system_comes_with_what_to_do(number: int) -> None:
    line = told(OSError(number, os.strerror(number), "/data/x"))
    assert line is not None
    what, _, advice = line.partition("; ")
    assert what == f"/data/x: {os.strerror(number).lower()}"
    assert len(advice) > 20


def test_what_the_code_did_wrong_is_not_hidden() -> None:
    class Other(BaseModel):
        number: int

    assert told(KeyError("x")) is None
    assert told(OSError("of no file")) is None
    with pytest.raises(ValueError) as caught:
        Other.model_validate({"number": "x"})
    assert told(caught.value) is None


def record(error: BaseException | None, words: str = "Encountered exception") -> logging.LogRecord:
    info = (type(error), error, None) if error else None
    return logging.LogRecord("prefect.flow_runs", logging.ERROR, "", 0, words, (), info)


def test_prefect_does_not_say_it_a_second_time() -> None:
    quiet = Untold()
    assert not quiet.filter(record(SeedError("no source x")))
    assert not quiet.filter(record(None, "Finished in state Failed('x')"))
    assert not quiet.filter(record(CancelledError())), "a connection given back at the program's end"
    assert quiet.filter(record(KeyError("x"))), "a fault of the code is shown with its stack trace"
    assert quiet.filter(record(None))


@pytest.mark.parametrize(
    ("value", "says"), [("many", "firstdraft: FIRSTDRAFT_WORKERS=many: input should"), ("1", "no warehouse in")]
)
def test_the_command_line_shows_a_line_and_no_trace(value: str, says: str, tmp_path: Path) -> None:
    environment = os.environ | {"FIRSTDRAFT_WORKERS": value, "FIRSTDRAFT_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "flows.cli", "events"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, says in done.stderr, "Traceback" in done.stderr) == (1, True, False), done.stderr


def test_the_code_of_a_locked_warehouse_stays() -> None:
    assert told(WarehouseLockedError("held by 1")) == "held by 1"
    assert WarehouseLockedError.exit_code == 75


@pytest.mark.parametrize(
    ("given", "ports"),
    [("8091", (8091,)), ("80,443,8091", (80, 443, 8091)), (" 80, 443 ", (80, 443)), ("[80, 8091]", (80, 8091))],
)
def test_ports_are_given_as_people_write_them(
    given: str, ports: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRSTDRAFT_ALLOWED_PORTS", given)
    assert Settings().allowed_ports == ports


@pytest.mark.parametrize("given", ["eighty", "[80", "80;443"])
def test_ports_that_are_none_are_named(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTDRAFT_ALLOWED_PORTS", given)
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert "FIRSTDRAFT_ALLOWED_PORTS" in (told(refused.value) or "")


_INTERRUPTED = """
import os, signal, threading, time, duckdb
from tasks.console.faults import told
from tasks.reference.machine.failures import ends_the_run
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs begin without one
con = duckdb.connect(config={"threads": 1})  # with more, DuckDB's main thread may look for signals too late
def stop():  # nothing tells from outside that a statement is under way
    time.sleep(1)
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=stop).start()
try:
    con.execute("SELECT sum(a.range * b.range) FROM range(100000) a, range(1000000) b").fetchall()
except Exception as error:
    print(ends_the_run(error), told(error))
"""


def test_ctrl_c_in_a_statement_is_a_line() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _INTERRUPTED], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stdout.startswith("True stopped by Ctrl-C"), done.stderr
