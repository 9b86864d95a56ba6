import os
import threading
from pathlib import Path

import pytest

from schemas.errors import LedgerError
from schemas.ledger import Repaired
from schemas.verification import Finding
from tasks.ledger.append import Ledger, open_ledger
from tasks.ledger.chain import read_chain, since_last_end
from tasks.ledger.ends import read_head, segments
from tasks.ledger.lines import Line
from tests.unit.ledger.build import a_captured, a_closed, a_run_opened

MIB = 1 << 20


def lines(folder: Path) -> list[Line]:
    found = list(read_chain(folder))
    assert not any(isinstance(item, Finding) for item in found), found
    return [item for item in found if isinstance(item, Line)]


def filled(folder: Path, entries: int = 5, limit: int = MIB) -> Path:
    ledger = Ledger(folder, limit)
    for number in range(entries):
        ledger.append(a_captured(number))
    ledger.close()
    return segments(folder)[-1]


def test_lines_are_numbered_chained_and_marked(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, MIB)
    assert [ledger.append(a_captured(number)) for number in range(3)] == [1, 2, 3]
    found = lines(tmp_path)
    assert [line.seq for line in found] == [1, 2, 3]
    assert [line.prev for line in found[1:]] == [line.sha256 for line in found[:2]]
    head = read_head(tmp_path)
    assert head is not None
    assert (head.written.seq, head.synced.seq) == (3, 0)
    ledger.sync()
    head = read_head(tmp_path)
    assert head is not None
    assert (head.synced.seq, head.synced.sha256) == (3, found[-1].sha256)


def test_the_chain_goes_on_when_it_is_opened_again_and_over_files(tmp_path: Path) -> None:
    for start in range(0, 12, 4):
        ledger = Ledger(tmp_path, 3000)
        assert ledger.repaired is None
        for number in range(start, start + 4):
            ledger.append(a_captured(number))
        ledger.close()
    assert len(segments(tmp_path)) > 2
    assert all(path.stat().st_size <= 3000 for path in segments(tmp_path))
    assert [line.seq for line in lines(tmp_path)] == list(range(1, 13))


def test_threads_write_whole_lines(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, 50_000)
    work = [
        threading.Thread(target=lambda: [ledger.append(a_captured(number)) for number in range(40)]) for _ in range(8)
    ]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert len(lines(tmp_path)) == 320


@pytest.mark.parametrize("left", [1, 50, 400])
def test_a_torn_line_is_set_aside_and_said_so(tmp_path: Path, left: int) -> None:
    path = filled(tmp_path)
    whole, head = path.read_bytes(), (tmp_path / "head").read_bytes()
    ledger = Ledger(tmp_path, MIB)
    ledger.append(a_captured(9))
    ledger.close()
    torn = path.read_bytes()[len(whole) :][:left]
    path.write_bytes(whole + torn)
    (tmp_path / "head").write_bytes(head)  # a kill comes before the head moves
    ledger = Ledger(tmp_path, MIB)
    assert isinstance(ledger.repaired, Repaired)
    assert (ledger.repaired.cut, ledger.repaired.lost) == (left, 0)
    assert (tmp_path / str(ledger.repaired.saved_as)).read_bytes() == torn
    assert [line.kind for line in lines(tmp_path)] == ["capture"] * 5 + ["repaired"]


def test_lines_lost_in_a_power_cut_are_counted(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, MIB)
    ledger.append(a_captured(0))
    ledger.sync()
    size = segments(tmp_path)[0].stat().st_size
    for number in range(1, 4):
        ledger.append(a_captured(number))
    ledger.close()
    os.truncate(segments(tmp_path)[0], size)
    again = Ledger(tmp_path, MIB)
    assert again.repaired is not None
    assert (again.repaired.cut, again.repaired.lost) == (0, 3)
    assert [line.seq for line in lines(tmp_path)] == [1, 2]


def test_a_block_that_never_reached_the_disk_is_set_aside(tmp_path: Path) -> None:
    path = filled(tmp_path)
    whole = path.read_bytes()
    start = whole[:-1].rindex(b"\n") + 1
    path.write_bytes(whole[:start] + b"\0" * (len(whole) - start - 1) + b"\n")
    ledger = Ledger(tmp_path, MIB)
    assert ledger.repaired is not None
    assert ledger.repaired.lost == 1
    assert [line.kind for line in lines(tmp_path)] == ["capture"] * 4 + ["repaired"]


def test_what_was_safely_written_must_be_there(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, MIB)
    for number in range(3):
        ledger.append(a_captured(number))
    ledger.sync()
    ledger.close()
    path = segments(tmp_path)[0]
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(b"\n") + 1])
    with pytest.raises(LedgerError, match="ends at line 1, but line 3 was written before"):
        Ledger(tmp_path, MIB)
    path.unlink()
    with pytest.raises(LedgerError, match="ends at line 0"):
        Ledger(tmp_path, MIB)
    path.write_bytes(whole)
    assert Ledger(tmp_path, MIB).repaired is None


def test_another_ledger_under_the_same_name_is_refused(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, MIB)
    ledger.append(a_captured(1))
    ledger.sync()
    ledger.close()
    other = filled(tmp_path / "other", 1)
    segments(tmp_path)[0].write_bytes(other.read_bytes())
    with pytest.raises(LedgerError, match="not the line that was written"):
        Ledger(tmp_path, MIB)


@pytest.mark.parametrize("head", [None, b"nonsense", b"written 00 x\nsynced  y z\n"])
def test_a_lost_head_is_made_again_and_said_so(tmp_path: Path, head: bytes | None) -> None:
    filled(tmp_path)
    if head is None:
        (tmp_path / "head").unlink()
    else:
        (tmp_path / "head").write_bytes(head)
    ledger = Ledger(tmp_path, MIB)
    assert ledger.repaired is not None
    assert "head" in ledger.repaired.detail
    assert len(lines(tmp_path)) == 6


def test_a_full_disk_leaves_the_ledger_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger(tmp_path, MIB)
    ledger.append(a_captured(0))
    write = os.write

    def half(descriptor: int, data: bytes) -> int:
        if len(data) < 40:
            raise OSError(28, "No space left on device")
        return write(descriptor, bytes(data)[: len(data) // 2])

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(OSError, match="No space"):
        ledger.append(a_captured(1))
    monkeypatch.undo()
    assert len(lines(tmp_path)) == 1
    ledger.append(a_captured(1))
    assert len(lines(tmp_path)) == 2


def test_two_writers_do_not_write_over_each_other(tmp_path: Path) -> None:
    one, two = Ledger(tmp_path, MIB), Ledger(tmp_path, MIB)
    one.append(a_captured(0))
    with pytest.raises(LedgerError, match="by another process"):
        two.append(a_captured(1))
    assert len(lines(tmp_path)) == 1


def test_the_process_keeps_one_ledger_until_somebody_else_writes(tmp_path: Path) -> None:
    first = open_ledger(tmp_path, MIB)
    first.append(a_captured(0))
    assert open_ledger(tmp_path, MIB) is first
    other = Ledger(tmp_path, MIB)
    other.append(a_captured(1))
    second = open_ledger(tmp_path, MIB)
    assert second is not first
    assert second.append(a_captured(2)) == 3


def test_the_last_run_is_found_from_the_end(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, 4000)
    assert since_last_end(tmp_path) == (None, [])
    ledger.append(a_run_opened())
    ledger.append(a_closed())
    end, after = since_last_end(tmp_path)
    assert (end and end.kind, after) == ("run_closed", [])
    ledger.append(a_run_opened(1))
    for number in range(20):
        ledger.append(a_captured(number))
    end, after = since_last_end(tmp_path)
    assert end is not None
    assert [line.seq for line in after] == list(range(3, 24))
    for line in after:
        with (tmp_path / line.file).open("rb") as file:
            file.seek(line.offset)
            assert file.readline().startswith(b'{"seq":%d,' % line.seq)


def test_opening_reads_the_end_only(tmp_path: Path) -> None:
    path = filled(tmp_path, 400)
    whole = bytearray(path.read_bytes())
    whole[100] ^= 1
    path.write_bytes(whole)
    assert Ledger(tmp_path, MIB).repaired is None
    assert any(isinstance(item, Finding) for item in read_chain(tmp_path))


def test_whoever_asks_while_others_append_gets_the_same_ledger(tmp_path: Path) -> None:
    first = open_ledger(tmp_path, MIB)
    others: list[Ledger] = []

    def work(number: int) -> None:
        for step in range(60):
            others.append(open_ledger(tmp_path, MIB))
            others[-1].append(a_captured(100 * number + step))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(other is first for other in others), "a line under way is no sign of another process"
    assert [line.seq for line in lines(tmp_path)] == list(range(1, 241))
