"""Killed while a page is erased, the file written anew, or captures read again, and done again: as if never killed."""

from pathlib import Path

import pytest

from tasks.reference.faults import Point
from tests.warehouse.proofs.client import Nights, Reference, copied, urls

FORGETTING = (
    Point.OPEN_TOLD, Point.LEDGER_LINE_WRITTEN, Point.LEDGER_SYNCED, Point.FORGET_TOLD, Point.FORGET_OVERWRITTEN,
    Point.FORGET_ERASED, Point.COMMIT_BEFORE, Point.COMMIT_AFTER, Point.RESOLVE_BEFORE_COMMIT, Point.CLOSE_COMMITTED,
    Point.CLOSE_TOLD, Point.COMPACT_WRITTEN, Point.COMPACT_RENAMED, Point.SNAPSHOT_COPIED, Point.SNAPSHOT_RENAMED,
)  # fmt: skip
REPROCESSING = (
    Point.OPEN_TOLD, Point.CLEAN_BEGUN, Point.EXTRACT_BEGUN, Point.LOAD_WRITING, Point.LOAD_BEFORE_COMMIT,
    Point.LOAD_COMMITTED, Point.LOAD_TOLD, Point.RESOLVE_BEGUN, Point.RESOLVE_BEFORE_COMMIT, Point.CLOSE_COMMITTED,
    Point.CLOSE_TOLD, Point.SNAPSHOT_CHECKPOINTED, Point.SNAPSHOT_COPIED,
)  # fmt: skip


PASSES = ("first", "second", "third")


@pytest.fixture(scope="session")
def forgotten(nights: Nights, reference: Reference, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A page, and the state after it was erased without a kill."""
    (url, *_) = urls(reference.folder)
    folder = copied(reference.folder, tmp_path_factory.mktemp("forgotten") / "house")
    return url, nights.do("forget", folder, url=url).last["state"]


@pytest.fixture(scope="session")
def reprocessed(nights: Nights, reference: Reference, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The state after all captures were read again without a kill."""
    folder = copied(reference.folder, tmp_path_factory.mktemp("reprocessed") / "house")
    return str(nights.do("reprocess", folder).last["state"])


@pytest.mark.parametrize("which", PASSES)
@pytest.mark.parametrize("point", FORGETTING)
def test_killed_while_forgetting_and_asked_again(
    nights: Nights, reference: Reference, forgotten: tuple[str, str], tmp_path: Path, point: Point, which: str
) -> None:
    url, state = forgotten
    folder, number = copied(reference.folder, tmp_path / "house"), PASSES.index(which) + 1
    told = nights.do("forget", folder, url=url, fault=f"{point}:kill:{number}")
    if not told.killed:
        assert which != "first", f"{point} is not passed"
        return
    again, checked = nights.ask(
        [{"do": "forget", "folder": str(folder), "url": url}, {"do": "verify", "folder": str(folder)}]
    )[0].steps
    assert (again["end"], again.get("state"), again.get("running")) == ("done", state, 0), again
    assert checked["whole"], checked
    assert url not in urls(folder)


@pytest.mark.parametrize("point", [Point.COMPACT_WRITTEN, Point.COMPACT_RENAMED])
def test_killed_while_compacting(nights: Nights, reference: Reference, tmp_path: Path, point: Point) -> None:
    folder = copied(reference.folder, tmp_path / "house")
    assert nights.do("compact", folder, fault=f"{point}:kill").killed
    assert nights.do("look", folder).last["state"] == reference.first_state
    assert nights.do("compact", folder).last["state"] == reference.first_state
    assert not list(folder.rglob("*compact*"))


@pytest.mark.parametrize("point", REPROCESSING)
def test_killed_while_reprocessing_and_done_again(
    nights: Nights, reference: Reference, reprocessed: str, tmp_path: Path, point: Point
) -> None:
    folder = copied(reference.folder, tmp_path / "house")
    assert nights.do("reprocess", folder, fault=f"{point}:kill").killed
    again, checked = nights.ask([{"do": word, "folder": str(folder)} for word in ("reprocess", "verify")])[0].steps
    assert (again["end"], again.get("state"), again.get("running")) == ("done", reprocessed, 0), again
    assert checked["whole"], checked
