"""The end of the ledger: lines added one by one, by one process, from any number of its threads.

Beside the lines stands ``head``: number and hash of the last line written, and of the last one known to be on disk. A
ledger cut at a line's end would otherwise look whole. What was torn by a kill or a power cut is set aside and said so;
a ledger that ends before what was known to be on disk is not gone on with.
"""

import os
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from schemas.errors import LedgerError
from schemas.ledger import Entry, Repaired
from schemas.settings import Settings
from tasks.ledger.ends import DIGITS, HEAD, Head, Mark, find_end, read_head, refuse_losses, segments
from tasks.ledger.lines import write_line
from tasks.reference.machine.failpoints import Point, failpoint
from tasks.reference.machine.files import sync_path, write_all


class Ledger:
    """The ledger of one folder, open for appending; see :func:`open_ledger`. Safe to share by threads."""

    def __init__(self, folder: Path, segment_bytes: int) -> None:
        self.folder = folder
        self.repaired: Repaired | None = None
        self._limit = segment_bytes
        self._guard = threading.Lock()
        self._file = self._head = -1
        self._size = self._number = 0
        self._written = self._synced = Mark()
        self._open()

    def append(self, entry: Entry) -> int:
        """Write an entry behind the last one; its number. It is with the operating system on return.

        Raises ``OSError`` if the disk does not take it (the ledger then ends as before), and
        :class:`~schemas.errors.LedgerError` if another process has written meanwhile.
        """
        with self._guard:
            self._check_still_ours()
            return self._append(entry)

    def sync(self) -> None:
        """Everything appended is on disk on return."""
        with self._guard:
            try:
                failpoint(Point.LEDGER_BEFORE_SYNC)
                os.fsync(self._file)
                failpoint(Point.LEDGER_SYNCED)
                self._write_head(self._written, self._written)
                os.fsync(self._head)
            except BaseException:
                self._let_go()  # what reached the disk is not known: whoever goes on reads the end anew
                raise
            self._synced = self._written

    def close(self) -> None:
        """Let go of the files."""
        with self._guard:
            self._let_go()

    def _let_go(self) -> None:
        for descriptor in (self._file, self._head):
            if descriptor >= 0:
                os.close(descriptor)
        self._file = self._head = -1

    def is_current(self) -> bool:
        """Return True if nobody else wrote since: what this object knows of the end still holds.

        Asked between two lines only: in the middle of one, the head is not yet what this object knows.
        """
        with self._guard:
            try:
                head = read_head(self.folder)
            except ValueError:
                return False
            return self._file >= 0 and head is not None and head.written == self._written

    def _append(self, entry: Entry) -> int:
        seq = self._written.seq + 1
        line, sha256 = write_line(seq, self._written.sha256, datetime.now(UTC), entry)
        if self._size and self._size + len(line) > self._limit:
            self._roll()
        try:
            failpoint(Point.LEDGER_BEFORE_LINE)
            write_all(self._file, line)
            failpoint(Point.LEDGER_LINE_WRITTEN)
            self._write_head(Mark(seq, sha256), self._synced)
            failpoint(Point.LEDGER_HEAD_WRITTEN)
        except BaseException:
            os.ftruncate(self._file, self._size)
            with suppress(OSError):
                self._write_head(self._written, self._synced)
            raise
        self._size += len(line)
        self._written = Mark(seq, sha256)
        return seq

    def _check_still_ours(self) -> None:
        if self._file < 0:
            raise LedgerError(
                f"{self.folder} was closed because a write failed; free space if the disk is full, then run again"
            )
        if os.pread(self._head, 8 + DIGITS + 65, 0) != f"written {self._written}".encode():
            raise LedgerError(f"{self.folder} was changed by another process; stop that process, then run again")

    def _write_head(self, written: Mark, synced: Mark) -> None:
        os.pwrite(self._head, Head(written, synced).encode(), 0)

    def _roll(self) -> None:
        """Go on in another file; the chain goes on too."""
        os.fsync(self._file)
        os.close(self._file)
        self._file = -1
        failpoint(Point.LEDGER_ROLLED)
        self._open_segment(self._number + 1)

    def _open_segment(self, number: int) -> None:
        path = self.folder / f"{number:06d}.jsonl"
        fresh = not path.exists()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        self._size, self._number = os.fstat(self._file).st_size, number
        if fresh:
            sync_path(self.folder)

    def _open(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        head, complaint = self._known_head()
        files = segments(self.folder)
        ledger_end = find_end(files)
        last = Mark(ledger_end.line.seq, ledger_end.line.sha256) if ledger_end.line else Mark()
        refuse_losses(self.folder, last, head, ledger_end)
        self._open_segment(int(files[-1].stem) if files else 1)
        self._head = os.open(self.folder / HEAD, os.O_RDWR | os.O_CREAT, 0o644)
        saved = self._set_aside(last, ledger_end.torn)
        self._written, self._synced = last, head.synced if head else Mark()
        lost = max(0, head.written.seq - last.seq) if head else 0
        if ledger_end.torn or lost or complaint:
            message = "; ".join(filter(None, (complaint, ledger_end.detail, f"{lost} lines lost" if lost else "")))
            self.repaired = Repaired(len(ledger_end.torn), lost, saved, message)
            self._append(self.repaired)
        else:
            self._write_head(self._written, self._synced)

    def _known_head(self) -> tuple[Head | None, str]:
        try:
            head = read_head(self.folder)
        except ValueError as error:
            return None, f"the head could not be read: {error}"
        missing = head is None and any(segments(self.folder))
        return head, "the head was missing" if missing else ""

    def _set_aside(self, last: Mark, torn: bytes) -> str | None:
        """Cut the torn end off the last file; keep it in a file of its own."""
        if not torn:
            return None
        path = self.folder / f"torn-after-{last.seq}-{datetime.now(UTC):%Y%m%dT%H%M%S}.bin"
        path.write_bytes(torn)
        self._size -= len(torn)
        os.ftruncate(self._file, self._size)
        os.fsync(self._file)
        return path.name


_OPEN: dict[Path, tuple[int, Ledger]] = {}
_OPEN_GUARD = threading.Lock()


def open_ledger(folder: Path, segment_bytes: int) -> Ledger:
    """The one ledger of a folder in this process, opened when first asked for, or when somebody else wrote since.

    Whoever calls this holds the lock of the warehouse. Raises :class:`~schemas.errors.LedgerError` and ``OSError``.
    """
    path = folder.absolute()
    with _OPEN_GUARD:
        process, ledger = _OPEN.get(path, (0, None))
        if ledger is None or process != os.getpid() or not ledger.is_current():
            if ledger is not None and process == os.getpid():
                ledger.close()
            ledger = Ledger(path, segment_bytes)
            _OPEN[path] = (os.getpid(), ledger)
        return ledger


def ledger_for(settings: Settings) -> Ledger:
    """:func:`open_ledger` of these settings."""
    return open_ledger(settings.ledger_dir, settings.ledger_bytes)
