"""What the disk does not take leaves ledger and archive as they were, and whoever goes on can."""

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.errors import LedgerError
from schemas.ledger import Entry
from schemas.verification import Finding
from tasks.ledger.append import open_ledger
from tasks.ledger.chain import read_chain
from tasks.reference.machine.failpoints import arm
from tasks.web.archive.captures import Archive
from tasks.web.archive.inspection import Account, inspect_file, strays, unknown_files
from tests.unit.ledger.build import a_captured
from tests.warehouse.build import a_run
from tests.warehouse.kept import an_answer

MIB = 1 << 20
FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    arm("")


def findings(folder: Path) -> list[Finding]:
    return [item for item in read_chain(folder) if isinstance(item, Finding)]


@pytest.mark.parametrize("point", ["ledger.before_line", "ledger.line_written", "ledger.head_written"])
def test_a_line_the_disk_does_not_take_is_not_there(tmp_path: Path, point: str) -> None:
    ledger = open_ledger(tmp_path, MIB)
    ledger.append(a_captured(1))
    before = (tmp_path / "000001.jsonl").read_bytes(), (tmp_path / "head").read_bytes()
    arm(f"{point}:full")
    with pytest.raises(OSError, match="No space left"):
        ledger.append(a_captured(2))
    assert ((tmp_path / "000001.jsonl").read_bytes(), (tmp_path / "head").read_bytes()) == before
    assert ledger.append(a_captured(2)) == 2
    assert findings(tmp_path) == []


@pytest.mark.parametrize("point", ["ledger.before_sync", "ledger.synced"])
def test_after_a_failed_sync_the_end_is_read_anew(tmp_path: Path, point: str) -> None:
    ledger = open_ledger(tmp_path, MIB)
    ledger.append(a_captured(1))
    arm(f"{point}:full")
    with pytest.raises(OSError, match="No space left"):
        ledger.sync()
    with pytest.raises(LedgerError, match="run again"):
        ledger.append(a_captured(2))
    again = open_ledger(tmp_path, MIB)
    assert again is not ledger
    assert again.append(a_captured(2)) == 2
    assert findings(tmp_path) == []


def test_bytes_that_could_not_be_taken_down_are_taken_back(tmp_path: Path) -> None:
    run, told, full = a_run(), list[Entry](), [True]

    def note(entry: Entry) -> None:
        if full.pop():
            raise FULL
        told.append(entry)

    with Archive(tmp_path, run, "north", note) as archive:
        with pytest.raises(OSError, match="No space left"):
            archive.keep_other("feed", an_answer("https://north.test/a", b"first", run))
        full[:] = [False, False]
        for body in (b"second", b"third"):
            archive.keep_other("feed", an_answer("https://north.test/a", body, run))
    accounts = [Account(entry.stretch, "") for entry in told if hasattr(entry, "stretch")]
    (name,) = {account.stretch.file for account in accounts}
    assert inspect_file(tmp_path, name, accounts, lambda _: None) == []


def test_a_file_that_nothing_came_to_is_removed(tmp_path: Path) -> None:
    run = a_run()
    arm("archive.before_write:full")
    with pytest.raises(OSError, match="No space left"), Archive(tmp_path, run, "north") as archive:
        archive.keep_other("feed", an_answer("https://north.test/a", b"first", run))
    assert list(unknown_files(tmp_path, ())) == []


def test_an_empty_file_that_a_kill_left_is_named(tmp_path: Path) -> None:
    run = a_run()
    (tmp_path / run.run_id).mkdir()
    (tmp_path / run.run_id / "north-00001.warc.gz").touch()
    ((stretch, urls),) = strays(tmp_path, run.run_id, ())
    assert (stretch.length, urls) == (0, ())
    assert strays(tmp_path, run.run_id, [stretch]) == [], "once"
