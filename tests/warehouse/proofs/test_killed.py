"""Killed anywhere and run again: the same state as never killed, and all of it whole.

CI runs what is marked ``proof`` beside ``make test`` (``pytest -n 2 -m "proof and not flows"``); a release runs all of
it (``-m long``). See ``conftest.py``.
"""

import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from schemas.settings import Settings
from tasks.ledger.past import last_run
from tasks.reference.machine.failpoints import Action, Point
from tests.warehouse.proofs.client import PASSES, Answer, Nights, Reference, Step, copied, number_of, urls

#: Points that only a first night, a night after a kill, or a rebuild comes to.
FIRST = {point for point in Point if point.startswith("migrate.")}
AFTER_A_KILL = {point for point in Point if point.startswith("recover.")}
REBUILDING = {point for point in Point if point.startswith("rebuild.")}
#: What the care of a house passes, and a night only where its file has grown.
CARE = {point for point in Point if point.startswith(("compact.", "forget."))}
SECOND = [point for point in Point if point not in FIRST | AFTER_A_KILL | REBUILDING | CARE]
RANDOM_IN_CI, RANDOM = 100, 300
#: Times that a kill which fell late is made earlier.
_TRIES = 6
#: Where bytes are written, a full disk is met in CI too.
WRITING = ("archive.", "ledger.", "load.", "snapshot.", "export.")
FAILURES = [
    pytest.param(point, action, marks=[] if action is Action.FULL and point.startswith(WRITING) else [pytest.mark.long])
    for point in SECOND
    for action in (Action.RAISE, Action.FULL)
]


def made_good(nights: Nights, folder: Path, run: int, state: str, **asked: Any) -> Answer:
    """Run to the end: the state is that of a house that never was killed, and nothing in it is damaged."""
    step: Step = {"folder": str(folder), "run": run, **asked}
    (answer,) = nights.ask([step, {"do": "verify", "folder": str(folder)}])
    assert answer.end == "done", answer.steps
    ran, checked = answer.steps
    assert ran["end"] == "done", ran
    assert (checked["whole"], checked["findings"]) == (True, [])
    assert (ran["state"], ran["running"], ran["wal"]) == (state, 0, 0)
    assert ran["discovered"] == sum(ran["outcomes"].values()) == 20
    return answer


def test_every_point_is_reached(nights: Nights, reference: Reference, tmp_path: Path) -> None:
    cut = nights.night(copied(reference.folder, tmp_path / "cut"), 1, fault="archive.written:kill:2")
    assert cut.killed
    recovered = nights.night(tmp_path / "cut", 2, night=1).last
    rebuilt = nights.do("rebuild", tmp_path / "cut").last
    (url, *_) = urls(reference.folder)
    forgotten = nights.do("forget", copied(reference.folder, tmp_path / "forgotten"), url=url).last
    cared = {*recovered["passes"], *rebuilt["passes"], *forgotten["passes"]}
    reached = {*reference.passes, *reference.first_passes, *cared}
    assert reached == set(Point)
    assert recovered["state"] == reference.state == rebuilt["state"]
    assert rebuilt["same"]


def test_a_night_over_again_changes_nothing(nights: Nights, reference: Reference, tmp_path: Path) -> None:
    again = nights.night(copied(reference.folder, tmp_path / "again"), 1, night=0).last
    assert again["state"] == reference.first_state != reference.state


@pytest.mark.parametrize("point", [Point.LOAD_COMMITTED, Point.ARCHIVE_WRITTEN])
def test_killed_at_a_point_and_run_again(nights: Nights, reference: Reference, tmp_path: Path, point: Point) -> None:
    killed_at(nights, reference, tmp_path, point, "second")


@pytest.mark.parametrize("which", PASSES)
@pytest.mark.parametrize("point", SECOND)
def test_killed_at_every_point_and_run_again(
    nights: Nights, reference: Reference, tmp_path: Path, point: Point, which: str
) -> None:
    killed_at(nights, reference, tmp_path, point, which)


def killed_at(nights: Nights, reference: Reference, tmp_path: Path, point: Point, which: str) -> None:
    """One pass of one point."""
    assert reference.passes[point], f"{point} is not passed"
    number = number_of(which, reference.passes[point])
    if number is None:
        return
    folder = copied(reference.folder, tmp_path / "house")
    report = number > reference.alone[point]
    told = nights.night(folder, 1, fault=f"{point}:kill:{number}", report=report)
    assert told.killed, (point, number, told.steps)
    made_good(nights, folder, 2, reference.state, night=1, report=report)


@pytest.mark.parametrize("which", PASSES)
@pytest.mark.parametrize("point", sorted(FIRST))
def test_killed_in_the_very_first_night(
    nights: Nights, reference: Reference, tmp_path: Path, point: Point, which: str
) -> None:
    number = number_of(which, reference.first_passes[point])
    assert number is not None or which != "first", f"{point} is not passed"
    if number is None:
        return
    assert nights.night(tmp_path / "house", 0, fault=f"{point}:kill:{number}").killed
    made_good(nights, tmp_path / "house", 1, reference.first_state, night=0)


@pytest.mark.parametrize("before", ["archive.written:kill:9", "load.committed:kill:2", "ledger.line_written:kill:20"])
@pytest.mark.parametrize("point", sorted(AFTER_A_KILL))
def test_killed_while_taking_up_what_a_kill_left(
    nights: Nights, reference: Reference, tmp_path: Path, point: Point, before: str
) -> None:
    folder = copied(reference.folder, tmp_path / "house")
    assert nights.night(folder, 1, fault=before).killed
    assert nights.night(folder, 2, night=1, fault=f"{point}:kill").killed
    assert nights.night(folder, 3, night=1, fault="load.told:kill").killed
    made_good(nights, folder, 4, reference.state, night=1)


@pytest.mark.parametrize("which", PASSES)
@pytest.mark.parametrize("point", sorted(REBUILDING | {Point.COMMIT_BEFORE, Point.SNAPSHOT_COPIED}))
def test_killed_while_rebuilding(
    nights: Nights, reference: Reference, tmp_path: Path, point: Point, which: str
) -> None:
    number = number_of(which, 2 if point is Point.REBUILD_RUN_CLOSED else 1)
    if number is None:
        return
    folder = copied(reference.folder, tmp_path / "house")
    assert nights.night(folder, 1).last["state"] == reference.state
    assert nights.do("rebuild", folder, fault=f"{point}:kill:{number}").killed
    rebuilt, checked = nights.ask([{"do": word, "folder": str(folder)} for word in ("rebuild", "verify")])[0].steps
    assert (rebuilt["end"], rebuilt.get("state"), rebuilt.get("same")) == ("done", reference.state, True), rebuilt
    assert checked["whole"], checked


def _pairs(kills: int, in_ci: int) -> list[Any]:
    """So many kills, two a case."""
    return [pytest.param(n, marks=[] if n < in_ci // 2 else [pytest.mark.long]) for n in range(kills // 2)]


@pytest.mark.parametrize("number", _pairs(RANDOM, RANDOM_IN_CI))
def test_killed_at_random_instants_and_run_again(
    nights: Nights, reference: Reference, tmp_path: Path, number: int
) -> None:
    """Two kills inside a run, the second in the night that takes up what the first left.

    The timer begins when the run has opened and its instants lie before the closing as it was measured. By the
    process's own CPU time, so that a slow machine is hit all along the way; every third by the clock. One that falls
    late all the same is made earlier until it falls inside.
    """
    chance = random.Random(number)
    clock, whole = ("wall", reference.seconds) if number % 3 == 0 else ("cpu", reference.cpu)
    folder = copied(reference.folder, tmp_path / "house")
    for run in (1, 2):
        after, threads = chance.uniform(0.01, whole), chance.choice((0, 4))
        killed_inside(nights, folder, run, after, clock=clock, threads=threads)
    made_good(nights, folder, 3, reference.state, night=1)


def killed_inside(nights: Nights, folder: Path, run: int, after: float, **asked: Any) -> None:
    """A night killed between the opening of its run and its closing, so many seconds after the opening or sooner."""
    before = copied(folder, folder.with_name(f"before-{run}"))
    for _ in range(_TRIES):
        told = nights.night(folder, run, night=1, kill_after=after, **asked)
        if told.killed and not has_ended(folder):
            break
        assert told.killed or told.end == "done", told.steps
        shutil.rmtree(folder)
        copied(before, folder)
        after /= 2
    else:
        pytest.fail(f"no kill fell inside the run: the last was asked for {after:.4f} s after its opening")
    shutil.rmtree(before)


def has_ended(folder: Path) -> bool:
    """Whether the ledger has an end of the run that was opened last: then a kill came after its closing."""
    try:
        return last_run(Settings(data_dir=folder).ledger_dir)[1] is None
    except ValueError:  # a line that the kill tore
        return False


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10))
def test_killed_again_and_again(nights: Nights, reference: Reference, tmp_path: Path, seed: int) -> None:
    chance = random.Random(f"again {seed}")
    folder, kills = copied(reference.folder, tmp_path / "house"), chance.randint(3, 6)
    for run in range(1, kills + 1):
        nights.night(folder, run, night=1, kill_after=chance.uniform(0.01, reference.cpu), clock="cpu")
    made_good(nights, folder, kills + 1, reference.state, night=1)


@pytest.mark.parametrize("fault", ["archive.written:kill:14", "load.told:kill:2", "fetch.before_sync:kill:3"])
def test_no_page_that_was_kept_is_asked_for_twice(nights: Nights, tmp_path: Path, fault: str) -> None:
    """Of a backfill, which leaves alone what is held; but for the page the kill caught before it was taken down."""

    def pages() -> list[str]:
        return [heard.host + heard.path for heard in nights.farm.heard[before:] if heard.path.startswith("/news/")]

    before = len(nights.farm.heard)
    assert nights.night(tmp_path / "house", 0, origin="backfill", fault=fault).killed
    cut = len(pages())
    assert nights.night(tmp_path / "house", 1, night=0, origin="backfill").last["discovered"] == 20
    assert cut > 5
    assert 20 <= len(pages()) <= 21
    assert nights.do("verify", tmp_path / "house").last["whole"]


@pytest.mark.parametrize(("point", "action"), FAILURES)
def test_failed_at_every_point_and_run_again_by_the_same_process(
    nights: Nights, reference: Reference, tmp_path: Path, point: Point, action: Action
) -> None:
    """As a worker or a backfill goes on after a run that failed: with what it had in memory."""
    folder, number = copied(reference.folder, tmp_path / "house"), max(1, reference.passes[point] // 2)
    report = number > reference.alone[point]
    failing: Step = {"folder": str(folder), "run": 1, "fault": f"{point}:{action}:{number}", "report": report}
    again: Step = {"folder": str(folder), "run": 2, "night": 1, "report": report}
    (told,) = nights.ask([failing, again, {"do": "verify", "folder": str(folder)}])
    assert told.last["whole"], told.steps
    assert told.steps[1]["end"] == "done", told.steps
    assert told.steps[1]["state"] == reference.state
