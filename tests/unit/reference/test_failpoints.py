"""Failpoints: nothing without the variable, one thing with it."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from schemas.errors import FirstdraftError
from tasks.reference.machine import failpoints
from tasks.reference.machine.failpoints import FaultInjectedError, Point, arm, count_passes, failpoint

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def _disarmed() -> object:
    yield
    arm("")


def test_nothing_happens_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failpoints._Armed, "known", False)
    for point in Point:
        failpoint(point)


def test_the_environment_is_read_when_the_first_point_is_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failpoints._Armed, "known", False)
    monkeypatch.setenv(failpoints.VARIABLE, "load.told:raise")
    with pytest.raises(FaultInjectedError, match=r"load\.told"):
        failpoint(Point.LOAD_TOLD)


@pytest.mark.parametrize(
    ("word", "at"), [("", {1}), (":first", {1}), (":second", {2}), (":3", {3}), (":each", {1, 2, 3})]
)
def test_the_pass_meant_and_no_other(word: str, at: set[int]) -> None:
    arm(f"load.told:raise{word}")
    for number in (1, 2, 3):
        failpoint(Point.LOAD_BEFORE_COMMIT)
        if number in at:
            with pytest.raises(FaultInjectedError):
                failpoint(Point.LOAD_TOLD)
        else:
            failpoint(Point.LOAD_TOLD)


def test_no_space_is_what_the_system_says_of_a_full_disk() -> None:
    arm("archive.before_write:full")
    with pytest.raises(OSError, match="No space left") as caught:
        failpoint(Point.ARCHIVE_BEFORE_WRITE)
    assert caught.value.errno == 28


def test_sleep_takes_as_long_as_it_is_told() -> None:
    arm("clean.begun:sleep=0.05")
    began = time.monotonic()
    failpoint(Point.CLEAN_BEGUN)
    assert time.monotonic() - began >= 0.05


def test_kill_leaves_no_time_for_anything() -> None:
    code = (
        "import atexit; from tasks.reference.machine.failpoints import *\n"
        "atexit.register(print, 'tidied'); failpoint(Point.CLOSE_TOLD)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={failpoints.VARIABLE: "close.told:kill"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (-9, b"")


def test_passes_are_counted() -> None:
    passes = count_passes()
    failpoint(Point.CLEAN_BEGUN)
    failpoint(Point.CLEAN_BEGUN)
    assert passes == {Point.CLEAN_BEGUN: 2}


@pytest.mark.parametrize(
    "spec", ["nowhere:kill", "load.told", "load.told:explode", "load.told:kill:last", "load.told:sleep=x"]
)
def test_what_cannot_be_read_is_refused(spec: str) -> None:
    with pytest.raises(FirstdraftError, match=spec):
        arm(spec)


def test_every_point_is_placed_once() -> None:
    """That each is reached is proven in tests/warehouse/proofs; here, that nobody has lost one."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "tasks").rglob("*.py")]
    placed = {point: sum(text.count(f"failpoint(Point.{point.name})") for text in texts) for point in Point}
    assert {point: count for point, count in placed.items() if count != 1} == {}
