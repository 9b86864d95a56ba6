"""Nothing is taken from the ledger, changed in it or put into it without being noticed."""

from pathlib import Path

import pytest

from schemas.verification import Finding
from tasks.ledger.append import Ledger
from tasks.ledger.chain import read_chain
from tasks.ledger.ends import segments
from tests.unit.ledger.build import a_captured, a_closed, a_run_opened

Files = dict[str, bytes]


@pytest.fixture
def whole(tmp_path: Path) -> Files:
    """A ledger of three files."""
    ledger = Ledger(tmp_path, 6000)
    ledger.append(a_run_opened())
    for number in range(12):
        ledger.append(a_captured(number))
    ledger.sync()
    ledger.append(a_closed())
    ledger.close()
    assert len(segments(tmp_path)) == 3
    return {path.name: path.read_bytes() for path in tmp_path.iterdir()}


def findings(folder: Path, files: Files) -> list[Finding]:
    for path in folder.iterdir():
        path.unlink()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [item for item in read_chain(folder) if isinstance(item, Finding)]


def test_a_whole_ledger_has_no_findings(tmp_path: Path, whole: Files) -> None:
    assert findings(tmp_path, whole) == []


@pytest.mark.parametrize("step", [211, pytest.param(7, marks=pytest.mark.long)])
def test_every_cut_is_noticed(tmp_path: Path, whole: Files, step: int) -> None:
    for name, data in whole.items():
        silent = [end for end in range(0, len(data), step) if not _damaged(tmp_path, whole | {name: data[:end]})]
        assert silent == [], name
        at_lines = [at + 1 for at, byte in enumerate(data[:-1]) if byte == 10]
        assert all(_damaged(tmp_path, whole | {name: data[:end]}) for end in at_lines), name


@pytest.mark.parametrize("flips", [60, pytest.param(300, marks=pytest.mark.long)])
def test_every_flipped_bit_is_noticed(tmp_path: Path, whole: Files, flips: int) -> None:
    for name, data in whole.items():
        for number in range(flips):
            flipped = bytearray(data)
            flipped[number * len(data) // flips] ^= 1 << (number % 8)
            assert _damaged(tmp_path, whole | {name: bytes(flipped)}), (name, number)


def test_lines_swapped_left_out_or_doubled_are_noticed(tmp_path: Path, whole: Files) -> None:
    name = "000002.jsonl"
    lines = whole[name].splitlines(keepends=True)
    for changed in (
        [lines[1], lines[0], *lines[2:]],
        [lines[0], *lines[2:]],
        [lines[0], lines[0], *lines[1:]],
    ):
        assert _damaged(tmp_path, whole | {name: b"".join(changed)})


def test_missing_files_are_noticed(tmp_path: Path, whole: Files) -> None:
    for name in whole:
        left = {other: data for other, data in whole.items() if other != name}
        assert _damaged(tmp_path, left), name


def test_damage_is_named_and_what_stands_behind_it_is_read(tmp_path: Path, whole: Files) -> None:
    name = "000001.jsonl"
    data = bytearray(whole[name])
    start = data.index(b"\n") + 1
    data[start + 100] ^= 1
    (finding,) = findings(tmp_path, whole | {name: bytes(data)})
    assert (finding.what, finding.file, finding.offset) == ("line_damaged", name, start)
    assert "restore ledger/000001.jsonl from a backup" in finding.repair
    assert sum(1 for item in read_chain(tmp_path) if not isinstance(item, Finding)) == 13


def _damaged(folder: Path, files: Files) -> bool:
    return any(finding.damaged for finding in findings(folder, files))
