"""Children start, are heard, and never outlive their supervisor."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from schemas.health import Child
from tasks.service.children import Children, Ended, Stopped

FOREVER = "import signal, sys\nprint('up', flush=True)\nsignal.pause()"
DEAF = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('up', flush=True)\nwhile 1: signal.pause()"
PARENT = f"""import subprocess, sys
child = subprocess.Popen([sys.executable, '-c', {DEAF!r}], stdout=subprocess.PIPE, text=True)
child.stdout.readline()
print(child.pid, flush=True)
child.wait()"""


def a_child(name: str, code: str, **environment: str) -> Child:
    return Child(name, (sys.executable, "-c", code), environment, Path.cwd())


def heard(said: list[str], line: str, seconds: float = 10) -> None:
    """Wait until somebody said so."""
    deadline = time.monotonic() + seconds
    while not any(line in told for told in said):
        assert time.monotonic() < deadline, said
        time.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_first_that_ends_is_named_with_its_last_words() -> None:
    said: list[str] = []
    with Children(said.append) as children:
        children.start(a_child("server", FOREVER))
        children.start(a_child("worker", "import os, sys\nprint('no', os.environ['WHY'])\nsys.exit(3)", WHY="money"))
        news = children.wait(10)
    assert news == Ended("worker", 3, ("no money",))
    assert str(news) == "the worker ended with code 3"
    assert "worker | no money" in said
    assert "stopping the server" in said


def test_a_killed_child_is_said_to_be_killed() -> None:
    with Children(lambda _: None) as children:
        os.kill(children.start(a_child("server", FOREVER)), signal.SIGKILL)
        assert str(children.wait(10)) == "the server was killed by SIGKILL"


def test_a_signal_is_news_and_everything_is_stopped_in_reverse_order() -> None:
    said: list[str] = []
    children = Children(said.append)
    with children.told_by_signals(), children:
        pids = [children.start(a_child(name, FOREVER)) for name in ("server", "worker")]
        heard(said, "worker | up")
        os.kill(os.getpid(), signal.SIGTERM)
        assert children.wait(10) == Stopped(signal.SIGTERM)
    assert [line for line in said if line.startswith("stopping")] == ["stopping the worker", "stopping the server"]
    assert not any(alive(pid) for pid in pids)


def test_what_a_child_started_ends_with_it_even_where_it_is_deaf() -> None:
    said: list[str] = []
    with Children(said.append, grace_seconds=0.2) as children:
        children.start(a_child("worker", PARENT))
        heard(said, "worker | ")
    grandchild, deadline = int(said[0].rpartition(" ")[2]), time.monotonic() + 10
    while alive(grandchild):  # a kill is done when the kernel gets round to it
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_nothing_happens_and_that_is_told_too() -> None:
    with Children(lambda _: None) as children:
        children.start(a_child("server", FOREVER))
        assert children.wait(0.01) is None


def test_a_program_that_is_not_there_is_an_error() -> None:
    with Children(lambda _: None) as children, pytest.raises(OSError, match="no-such-program"):
        children.start(Child("server", ("no-such-program",), {}, Path.cwd()))
