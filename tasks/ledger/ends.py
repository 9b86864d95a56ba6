"""Where a ledger ends: by its last whole line, and by the head that stands beside the lines and says so too."""

import os
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import LedgerError
from tasks.ledger.lines import GENESIS, Line, read_line

#: The file's name, and the digits of a line's number in it.
HEAD = "head"
DIGITS = 16
_BLOCK = 65_536


@dataclass(frozen=True, slots=True)
class Mark:
    """A line by number and hash; number 0 is before the first."""

    seq: int = 0
    sha256: str = GENESIS

    def __str__(self) -> str:
        return f"{self.seq:0{DIGITS}d} {self.sha256}"


@dataclass(frozen=True, slots=True)
class Head:
    """How far the ledger was written, and how far it is known to be on disk."""

    written: Mark
    synced: Mark

    def encode(self) -> bytes:
        """Always of the same length, so that it can be written over in place."""
        return f"written {self.written}\nsynced  {self.synced}\n".encode()


def read_head(folder: Path) -> Head | None:
    """The head; ``None`` if there is none yet. Raises ``ValueError`` if it cannot be read."""
    try:
        raw = (folder / HEAD).read_bytes()
    except FileNotFoundError:
        return None
    words = raw.decode("ascii").split()
    if len(words) != 6 or (words[0], words[3]) != ("written", "synced"):
        raise ValueError("it does not have the form of a head")
    head = Head(Mark(int(words[1]), words[2]), Mark(int(words[4]), words[5]))
    if head.encode() != raw:
        raise ValueError("it does not have the form of a head")
    return head


def segments(folder: Path) -> list[Path]:
    """The files of the ledger, in order."""
    return sorted(folder.glob("[0-9]*.jsonl"))


@dataclass(frozen=True, slots=True)
class End:
    """The last good line, and what stands behind it."""

    line: Line | None
    torn: bytes = b""
    detail: str = ""


def find_end(files: list[Path]) -> End:
    """From the tail of the last file; of the one before it if the last holds no whole line."""
    if not files:
        return End(None)
    tail = _tail(files[-1])
    body, _, torn = tail.rpartition(b"\n")
    detail = f"{files[-1].name} ended in {len(torn)} bytes of an unfinished line" if torn else ""
    if not body:
        before = find_end(files[:-1])
        if before.torn:
            raise LedgerError(f"{files[-2]} is damaged at its end: restore it from a backup (firstdraft verify)")
        return End(before.line, torn, detail)
    raw = body.rpartition(b"\n")[2]
    try:
        return End(read_line(raw), torn, detail)
    except ValueError as error:
        # Not what a kill leaves, but what a power cut may: blocks that never reached the disk.
        above = body[: len(body) - len(raw)].rstrip(b"\n").rpartition(b"\n")[2]
        line = read_line(above) if above else None
        return End(line, tail[len(body) - len(raw) :], f"the last line of {files[-1].name} is damaged: {error}")


def _tail(path: Path) -> bytes:
    """Enough of the end of a file to hold its last two lines, at least as far as they are whole."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        length = min(size, _BLOCK)
        while True:
            file.seek(size - length)
            tail = file.read(length)
            if tail.count(b"\n") > 2 or length == size:
                return tail
            length = min(size, length * 4)


def refuse_losses(folder: Path, last: Mark, head: Head | None, ledger_end: End) -> None:
    """Raise if what was known to be on disk is not there, or is something else."""
    advice = "restore the folder from a backup, or see what is left with `firstdraft verify`"
    if head is None:
        return
    if last.seq < head.synced.seq:
        message = f"; {ledger_end.detail}" if ledger_end.detail else ""
        raise LedgerError(
            f"{folder} ends at line {last.seq}, but line {head.synced.seq} was written before{message}: {advice}"
        )
    if any(mark.seq == last.seq and mark.sha256 != last.sha256 for mark in (head.written, head.synced)):
        raise LedgerError(f"line {last.seq} of {folder} is not the line that was written: {advice}")
