"""The disk full at every place, and then not: nothing is lost, nothing half-written stays, the state is the same."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.warehouse.proofs.client import Nights, Reference, Step, copied

TIMES = 40


@contextmanager
def small_disk(where: Path, size: int) -> Iterator[Path]:
    """A disk of so many bytes; needs to be root."""
    where.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(where)], check=True)
    try:
        yield where
    finally:
        subprocess.run(["umount", str(where)], check=True)


def may_mount(where: Path) -> bool:
    """Whether this process may mount a disk."""
    if os.geteuid() or not shutil.which("mount"):
        return False
    try:
        with small_disk(where, 1 << 20):
            return True
    except subprocess.CalledProcessError:
        return False


def bytes_of(folder: Path) -> int:
    """What a folder takes on a disk of pages of 4 KiB."""
    return sum(-(-path.stat().st_size // 4096) * 4096 for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "number", [pytest.param(n, marks=[pytest.mark.long] if n % 4 in {1, 2} else []) for n in range(TIMES)]
)
def test_a_night_that_runs_out_of_space_is_made_good_by_the_next(
    nights: Nights, reference: Reference, tmp_path: Path, number: int
) -> None:
    """Disks of 40 sizes, from none left at all to nearly enough; a limit on each file's size where nobody may mount."""
    if number % 4 == 0 or not may_mount(tmp_path / "probe"):
        limited_files(nights, reference, tmp_path, number)
        return
    whole = bytes_of(reference.folder)
    with small_disk(tmp_path / "disk", whole + (number + 1) * whole // TIMES) as disk:
        folder = copied(reference.folder, disk / "house")
        told = nights.night(folder, 1)
        assert told.end in {"failed", "done"}, told
        if told.end == "failed":
            assert says_full(told.steps[0]["error"]), told.steps
        made_good_on(nights, reference, copied(folder, tmp_path / "house"))


def limited_files(nights: Nights, reference: Reference, tmp_path: Path, number: int) -> None:
    """No file may grow beyond a limit: first the ledger and WARC files hit it, then snapshot and warehouse."""
    folder = copied(reference.folder, tmp_path / "house")
    largest = max(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    limit = (1 << 10) << number if number < 12 else largest * (TIMES + number) // TIMES
    told = nights.night(folder, 1, file_limit=limit)
    if told.end == "failed":
        assert says_full(told.steps[0]["error"]), told.steps
    made_good_on(nights, reference, folder)


def says_full(error: str) -> bool:
    """Whether a person would understand what is wrong."""
    return any(words in error for words in ("No space left", "File too large", "disk is full", "out of space"))


def made_good_on(nights: Nights, reference: Reference, folder: Path) -> None:
    """With space again: the state is reached, all is whole, and nothing half-written is left."""
    again: Step = {"folder": str(folder), "run": 2, "night": 1}
    (answer,) = nights.ask([again, {"do": "verify", "folder": str(folder)}])
    assert answer.last["whole"], answer.steps
    assert (answer.steps[0]["end"], answer.steps[0]["state"]) == ("done", reference.state), answer.steps[0]
    left = [path.name for path in folder.iterdir() if path.name.startswith(".")]
    assert left == []
