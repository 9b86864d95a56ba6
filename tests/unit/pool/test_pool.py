"""Calls in children: bounded, replaced, in order, and gone with their parent."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.apart import ApartError
from tasks.pool.pool import Answered, Failed, FailureKind, Limits, Pool, apart
from tests.unit.pool import work

LIMITS = Limits(5.0, 1 << 30)
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    made = Pool(2)
    yield made
    made.close()


def test_results_come_in_the_order_of_the_jobs_whatever_the_number_of_children(pool: Pool) -> None:
    jobs = [(number,) for number in range(20)]
    expected = [Answered(2 * number) for number in range(20)]
    assert pool.map(work.double, jobs, LIMITS) == expected
    assert Pool(0).map(work.double, jobs, LIMITS) == expected


def test_children_are_kept_from_call_to_call(pool: Pool) -> None:
    pool.map(work.double, [(1,), (2,)], LIMITS)
    before = pool.pids()
    assert len(before) <= 2
    pool.map(work.double, [(number,) for number in range(10)], LIMITS)
    assert set(before) <= set(pool.pids())


@pytest.mark.parametrize(
    ("function", "argument", "fault"),
    [
        (work.spin, 0, FailureKind.TIMEOUT),
        (work.sleep, 60.0, FailureKind.TIMEOUT),
        (work.swallow, 2048, FailureKind.MEMORY),
        (work.crash, 0, FailureKind.CRASH),
    ],
)
def test_a_child_that_meets_a_limit_is_replaced_and_the_next_call_served(
    pool: Pool, function: object, argument: float, fault: FailureKind
) -> None:
    assert callable(function)
    failed = pool.call(function, (argument,), Limits(0.2, 1 << 30))
    assert isinstance(failed, Failed)
    assert failed.fault == fault
    assert pool.call(work.double, (4,), LIMITS) == Answered(8)


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_a_call_whose_child_is_killed_from_outside_is_made_once_more(
    pool: Pool, tmp_path: Path, sign: signal.Signals
) -> None:
    mark = tmp_path / "mark"
    killer = threading.Thread(target=kill_who_left, args=(mark, sign))
    killer.start()
    assert pool.call(work.slow_at_first, (str(mark),), LIMITS) == Answered("read")
    killer.join()


def kill_who_left(mark: Path, sign: signal.Signals) -> None:
    ends = time.monotonic() + 60
    while not (mark.exists() and mark.read_text()) and time.monotonic() < ends:
        time.sleep(0.02)
    os.kill(int(mark.read_text()), sign)


def test_the_second_try_has_the_machine_to_itself(tmp_path: Path) -> None:
    made = Pool(3)
    try:
        seen = made.map(work.write_running, [(str(tmp_path), number) for number in range(12)], LIMITS)
    finally:
        made.close()
    assert seen[0] == Answered(1), "no other call was under way"
    assert max(one.value for one in seen if isinstance(one, Answered)) > 1, "the others ran side by side"
    assert len([one for one in seen if isinstance(one, Answered)]) == 12


def test_a_child_that_cannot_be_started_is_told_and_nothing_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Pool(1)
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    answer = made.call(work.double, (1,), LIMITS)
    assert isinstance(answer, Failed)
    assert answer.fault is FailureKind.CRASH
    assert "FileNotFoundError" in answer.detail


def test_apart_gives_the_value_or_says_why_there_is_none() -> None:
    quick = apart(1, Limits(0.2, 1 << 30))
    assert quick(work.double, 4) == 8
    with pytest.raises(ApartError, match=r"CPU time used up|no answer in time") as slow:
        quick(work.spin, 0)
    assert slow.value.word == "too_slow"
    with pytest.raises(ApartError, match="no such page") as failed:
        quick(work.fail, 0)
    assert failed.value.word == "failed"


def test_an_error_is_an_answer_and_the_child_stays(pool: Pool) -> None:
    before = pool.call(work.pid, (0,), LIMITS)
    assert pool.call(work.fail, (0,), LIMITS) == Failed(FailureKind.ERROR, "ValueError: no such page")
    assert pool.call(work.pid, (0,), LIMITS) == before
    assert Pool(0).call(work.fail, (0,), LIMITS) == Failed(FailureKind.ERROR, "ValueError: no such page")


def test_what_a_library_prints_is_no_answer(pool: Pool) -> None:
    assert pool.call(work.say, ("hello",), LIMITS) == Answered("hello")


def test_large_pages_pass_through_the_pipe(pool: Pool) -> None:
    text = "x" * (12 << 20)
    assert pool.call(work.say, (text,), LIMITS) == Answered(text)


def test_a_closed_pool_leaves_no_process() -> None:
    made = Pool(1)
    made.call(work.double, (1,), LIMITS)
    (child,) = made.pids()
    made.close()
    assert not Path(f"/proc/{child}").exists()


@pytest.mark.parametrize("busy", [False, True])
def test_a_killed_parent_leaves_no_orphan(busy: bool) -> None:
    script = (
        "import threading, time; from tasks.pool.pool import Pool, Limits; from tests.unit.pool import work;"
        "pool = Pool(1); pool.call(work.double, (1,), Limits(60, 1 << 30));"
        f"busy = {busy};"
        "threading.Thread(target=lambda: busy and pool.call(work.spin, (0,), Limits(60, 1 << 30))).start();"
        "print(pool.pids()[0], flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        os.kill(parent.pid, signal.SIGKILL)
    ends = time.monotonic() + 10
    while _is_running(child) and time.monotonic() < ends:
        time.sleep(0.02)
    assert not _is_running(child)


def _is_running(process: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
