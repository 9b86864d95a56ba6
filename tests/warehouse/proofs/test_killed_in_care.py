"""Killed while a page is erased, the file written anew, or captures read again, and done again: as if never killed."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tasks.reference.machine.failpoints import Point
from tests.warehouse.proofs.client import PASSES, Nights, Reference, copied, number_of, urls

#: Points that a deed has to pass, whatever else it passes.
PASSED = {
    "forget": {Point.FORGET_TOLD, Point.FORGET_OVERWRITTEN, Point.FORGET_ERASED, Point.COMPACT_RENAMED},
    "compact": {Point.COMPACT_WRITTEN, Point.COMPACT_RENAMED},
    "reprocess": {Point.CLEAN_BEGUN, Point.EXTRACT_BEGUN, Point.LOAD_COMMITTED, Point.RESOLVE_BEFORE_COMMIT},
}


@dataclass(frozen=True, slots=True)
class Done:
    """A deed that was not killed: what it is asked with, the state it left, and how often each point was passed."""

    word: str
    asked: dict[str, Any]
    state: str
    passes: Counter[str]


@pytest.fixture(scope="session", params=sorted(PASSED))
def deed(
    request: pytest.FixtureRequest, nights: Nights, reference: Reference, tmp_path_factory: pytest.TempPathFactory
) -> Done:
    word = str(request.param)
    asked = {"url": urls(reference.folder)[0]} if word == "forget" else {}
    done = nights.do(word, copied(reference.folder, tmp_path_factory.mktemp(word) / "house"), **asked).last
    return Done(word, asked, done["state"], Counter(done["passes"]))


def test_each_deed_passes_its_points(deed: Done) -> None:
    assert PASSED[deed.word] <= set(deed.passes)


@pytest.mark.parametrize("which", PASSES)
@pytest.mark.parametrize("point", Point)
def test_killed_in_the_care_of_a_house_and_asked_again(
    nights: Nights, reference: Reference, deed: Done, tmp_path: Path, point: Point, which: str
) -> None:
    number = number_of(which, deed.passes[point])
    if number is None:
        return
    folder = copied(reference.folder, tmp_path / "house")
    assert nights.do(deed.word, folder, **deed.asked, fault=f"{point}:kill:{number}").killed
    again, checked = nights.ask(
        [{"do": deed.word, "folder": str(folder), **deed.asked}, {"do": "verify", "folder": str(folder)}]
    )[0].steps
    assert (again["end"], again.get("state"), again.get("running")) == ("done", deed.state, 0), again
    assert checked["whole"], checked
    assert not list(folder.rglob("*compact*"))
    if deed.word == "forget":
        assert deed.asked["url"] not in urls(folder)


def test_reading_again_with_the_same_code_leaves_the_state(
    nights: Nights, reference: Reference, tmp_path: Path
) -> None:
    folder = copied(reference.folder, tmp_path / "house")
    read, again = nights.ask([{"do": "reprocess", "folder": str(folder)}] * 2)[0].steps
    assert (read["state"], again["state"]) == (reference.first_state, reference.first_state)
