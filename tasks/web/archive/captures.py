"""The archive: what was asked and what was answered, kept before anything parses it (WARC 1.1, ISO 28500:2017).

One file a run and source, followed by another where it would grow beyond a limit; a gzip member a record, each answer
after the request it belongs to, redirects before the answer they led to. The body is kept as the server sent it, in
gzip if it came so; a transfer coding, which HTTP libraries undo before anybody can see it, and any other content coding
are gone, and their headers are renamed so that no reader tries to undo them again.

Readers of WARC take cut and changed records without a word, so what is read back is measured against our own SHA-256,
and every stretch of a file that was written at once is told to the ledger with its own.
"""

import io
import os
import re
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from warcio.archiveiterator import ArchiveIterator

from schemas.fetch import Fetch
from schemas.keys import sha256_hex
from schemas.ledger import Captured, Ended, Kept, Note, Stretch, note_nothing
from schemas.outcome import Settled
from schemas.page import Capture, FetchedPage
from schemas.run import Run
from tasks.reference.machine.failpoints import Point, failpoint
from tasks.reference.machine.files import sync_path, write_all
from tasks.web.archive.objects import read_stretch
from tasks.web.archive.records import Records
from tasks.web.http.response import Response

#: A gibibyte: what the tools of the field roll at.
ROLL_BYTES = 1 << 30
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_GZIP = 31  # zlib's word for a gzip member
_NOT_REUSED = 1000


@dataclass(frozen=True, slots=True)
class Damaged:
    """Why a capture could not be read back: ``reason`` is ``missing``, ``unreadable`` or ``sha256_differs``."""

    capture_id: str
    warc_file: str
    reason: str
    detail: str


class Archive:
    """The WARC files of one source in one run, shared by the threads that work on it.

    A context manager: nothing is on disk before the first record, and when the last user leaves, everything is, and
    the file is closed; the next user goes on in it. A file that this object did not begin is never written to.
    ``note`` takes down every stretch written, after its bytes are with the operating system.
    """

    def __init__(
        self, captures_dir: Path, run: Run, source_id: str, note: Note = note_nothing, roll_bytes: int = ROLL_BYTES
    ) -> None:
        self._root = captures_dir
        self._run = run
        self._source_id = source_id
        self._note = note
        self._limit = roll_bytes
        self._guard = threading.RLock()
        self._users = 0
        self._number = 0
        self._name = ""
        self._size = 0
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        with self._guard:
            self._users += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._guard:
            self._users -= 1
            if self._users == 0:
                self.close()

    def keep(
        self, batch: int, fetch: Fetch, answer: Response, provenance: Callable[[Capture], Capture] | None = None
    ) -> FetchedPage:
        """Keep a page, what was asked for it and the redirects that led to it; what is parsed from here on is this.

        ``provenance`` adds to the capture what somebody else's archive says of it. Raises ``OSError`` where the disk
        does not take it; the file then ends as before.
        """
        with self._guard:
            stretch, last = self._write(answer)
            capture = Capture(
                url=fetch.link.canonical_url,
                sha256=sha256_hex(answer.body),
                byte_length=len(answer.body),
                content_type=answer.header("Content-Type"),
                captured_at=answer.requested_at,
                run_id=self._run.run_id,
                warc_file=stretch.file,
                warc_offset=stretch.offset + last,
                warc_length=stretch.length - last,
            )
            page = FetchedPage(fetch, provenance(capture) if provenance else capture)
            self._take_down(Captured(batch, page, stretch))
        return page

    def tell(self, batch: int, settled: Settled) -> None:
        """Take down how a link of a batch ended of which nothing was kept."""
        self._note(Ended(batch, settled))

    def keep_other(self, what: str, answer: Response) -> None:
        """Keep an answer that is no page of the source: a feed, a sitemap, a section, robots.txt; ledger included.

        Raises ``OSError``.
        """
        with self._guard:
            stretch, _ = self._write(answer)
            self._take_down(Kept(self._run.run_id, self._source_id, what, answer.url, stretch))

    def close(self) -> None:
        """Everything on disk, and the file closed; a file that nothing came to is removed."""
        with self._guard:
            if self._descriptor is None:
                return
            descriptor, self._descriptor = self._descriptor, None
            if self._size == 0:
                (self._root / self._name).unlink(missing_ok=True)
                self._name = ""
                os.close(descriptor)
                return
            try:
                failpoint(Point.ARCHIVE_BEFORE_SYNC)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            sync_path((self._root / self._name).parent)

    def _write(self, answer: Response) -> tuple[Stretch, int]:
        """Request and response of every hop and of the answer, as one stretch, and where in it the answer begins."""
        records = Records()
        for hop in answer.hops:
            records.add_hop(hop)
        begins = records.add_answer(answer)
        if self._descriptor is None or self._size + len(records.data) > self._limit:
            self._open(len(records.data))
        about = self._about() if self._size == 0 else b""
        data = about + records.data
        stretch = Stretch(self._name, self._size, len(data), sha256_hex(data))
        self._append(data)
        return stretch, len(about) + begins

    def _take_down(self, entry: Captured | Kept) -> None:
        """Tell of what was written just now; where that fails nobody would ever know of it, so it is taken back."""
        try:
            self._note(entry)
        except BaseException:
            self._size = entry.stretch.offset
            if self._descriptor is not None:
                os.ftruncate(self._descriptor, self._size)
            raise

    def _append(self, data: bytes) -> None:
        descriptor = self._descriptor
        if descriptor is None:
            raise ValueError(f"{self._name} is not open")
        try:
            failpoint(Point.ARCHIVE_BEFORE_WRITE)
            write_all(descriptor, data)
            failpoint(Point.ARCHIVE_WRITTEN)
        except BaseException:
            os.ftruncate(descriptor, self._size)
            raise
        self._size += len(data)

    def _open(self, more: int) -> None:
        """The file to go on in: the one closed before, or the next free name."""
        if self._descriptor is None and self._name and self._size + more <= self._limit:
            path = self._root / self._name
            self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)
            if os.fstat(self._descriptor).st_size == self._size:
                return
        self.close()
        self._begin()

    def _begin(self) -> None:
        """A new file; a name that exists belongs to somebody else."""
        for number in range(self._number + 1, self._number + _NOT_REUSED):
            name = f"{_safe(self._run.run_id)}/{_safe(self._source_id)}-{number:05d}.warc.gz"
            path = self._root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o644)
            except FileExistsError:
                continue
            self._name, self._number, self._size = name, number, 0
            failpoint(Point.ARCHIVE_BEGUN)
            return
        raise FileExistsError(f"{self._root}: {_NOT_REUSED} files of {self._source_id} in one run")

    def _about(self) -> bytes:
        """The ``warcinfo`` record that a file begins with."""
        fields = {
            "software": f"firstdraft {self._run.code_version}",
            "format": "WARC File Format 1.1",
            "isPartOf": self._run.run_id,
            "description": f"source {self._source_id}, {self._run.origin} run",
            "robots": "RFC 9309",
        }
        records = Records()
        records.add_about(Path(self._name).name, fields)
        return records.data


def read_body(captures: Path | str, capture: Capture) -> bytes | Damaged:
    """The decoded body of a capture, exactly as it was when it was kept, or what is wrong with what is there.

    ``captures`` is the folder of the archive, or the URL of its copy in object storage.
    """
    try:
        member = read_stretch(captures, capture.warc_file, capture.warc_offset, capture.warc_length)
    except OSError as error:
        return _damaged(capture, "missing", str(error))
    try:
        body = _read_record(_unzipped(member), capture.byte_length)
    # The one broad edge: on bytes that are no record warcio raises what its parsers happen to (its own errors,
    # zlib.error, ValueError, AttributeError), and all of it says that the archive is damaged.
    except Exception as error:  # noqa: BLE001
        return _damaged(capture, "unreadable", f"{type(error).__name__}: {error}")
    digest = sha256_hex(body)
    if digest != capture.sha256:
        return _damaged(capture, "sha256_differs", f"{len(body)} bytes with {digest}")
    return body


def _unzipped(member: bytes) -> bytes:
    """One gzip member, whole and with nothing behind it; its checksum is checked. Raises ``ValueError``."""
    reader = zlib.decompressobj(_GZIP)
    try:
        data = reader.decompress(member)
    except zlib.error as error:
        raise ValueError(f"no gzip member: {error}") from error
    if not reader.eof:
        raise ValueError("a gzip member without its end")
    if reader.unused_data:
        raise ValueError(f"{len(reader.unused_data)} bytes after the gzip member")
    return data


def _read_record(plain: bytes, expected: int) -> bytes:
    """The payload of the one record; a byte more than expected is read, so that one too many is noticed."""
    for record in ArchiveIterator(io.BytesIO(plain)):
        if record.rec_type != "response":
            raise ValueError(f"a {record.rec_type} record")
        stream, data = record.content_stream(), bytearray()
        while len(data) <= expected and (block := stream.read(65_536)):
            data += block
        return bytes(data)
    raise ValueError("no record")


def _damaged(capture: Capture, reason: str, detail: str) -> Damaged:
    where = f"{capture.warc_file} at {capture.warc_offset}"
    return Damaged(capture.capture_id, capture.warc_file, reason, f"{where}: {detail}"[:300])


def _safe(part: str) -> str:
    """A word as a file name."""
    return _UNSAFE.sub("_", part).strip(".") or "_"
