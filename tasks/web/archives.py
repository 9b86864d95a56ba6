"""The archive: what was asked and what was answered, kept before anything parses it (WARC 1.1, ISO 28500:2017).

One file a batch, a gzip member a record, each answer after the request it belongs to. A file is written under a
temporary name and renamed when it is safely on disk, so a name without ``.open`` is always a whole file. The body is
kept as the server sent it, content coding included; only the transfer coding is gone, which HTTP libraries undo before
anybody can see it, and its header is renamed so that no reader tries to undo it again.

Readers of WARC take cut and changed records without a word, so what is read back is measured against our own SHA-256.
"""

import io
import os
import re
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from schemas.keys import sha256_hex
from schemas.page import Capture
from schemas.run import Run
from tasks.web.answer import Answer, Headers

#: Headers that no longer hold once the transfer coding is undone.
_REWRITTEN = {"transfer-encoding", "content-length"}
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Damaged:
    """Why a capture could not be read back: ``reason`` is ``missing``, ``unreadable`` or ``sha256_differs``."""

    capture_id: str
    warc_file: str
    reason: str
    detail: str


class Archive:
    """The WARC file of one batch; a context manager that seals it at the end, also when the batch was interrupted.

    Nothing is written to disk before the first capture, and no existing file is ever written over.
    """

    def __init__(self, captures_dir: Path, run: Run, source_id: str, batch: int) -> None:
        self._root = captures_dir
        self._run = run
        self._stem = f"{_safe(run.run_id)}/{_safe(source_id)}-{batch:05d}"
        self._source_id = source_id
        self._name = ""
        self._file: BinaryIO | None = None
        self._writer: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def keep(self, canonical_url: str, answer: Answer) -> Capture:
        """Write request and response; the capture says where. Raises ``OSError`` where the disk does not take it."""
        file = self._open()
        when = answer.requested_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        response = self._response(answer, when)
        request = self._request(answer, when, response.rec_headers.get_header("WARC-Record-ID"))
        self._writer.write_record(request)
        offset = file.tell()
        self._writer.write_record(response)
        return Capture(
            url=canonical_url,
            sha256=sha256_hex(answer.body),
            byte_length=len(answer.body),
            content_type=answer.header("Content-Type"),
            captured_at=answer.requested_at,
            run_id=self._run.run_id,
            warc_file=self._name,
            warc_offset=offset,
            warc_length=file.tell() - offset,
        )

    def close(self) -> None:
        """Flush, sync, and give the file its name."""
        if self._file is None:
            return
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._file = None
        final = self._root / self._name
        _temporary(final).rename(final)
        _sync_folder(final.parent)

    def _open(self) -> BinaryIO:
        """The file, begun with a ``warcinfo`` record when first needed."""
        if self._file is None:
            self._name = self._free_name()
            path = _temporary(self._root / self._name)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("xb")
            self._writer = WARCWriter(self._file, gzip=True, warc_version="1.1")
            about = {
                "software": f"firstdraft {self._run.code_version}",
                "format": "WARC File Format 1.1",
                "isPartOf": self._run.run_id,
                "description": f"source {self._source_id}, {self._run.origin} run",
                "robots": "RFC 9309",
            }
            self._writer.write_record(self._writer.create_warcinfo_record(Path(self._name).name, about))
        return self._file

    def _free_name(self) -> str:
        """The batch's name; with a number where an earlier try left a file, whole or not."""
        for attempt in range(1, 1000):
            name = f"{self._stem}.warc.gz" if attempt == 1 else f"{self._stem}-{attempt}.warc.gz"
            path = self._root / name
            if not path.exists() and not _temporary(path).exists():
                return name
        raise FileExistsError(f"{self._root / self._stem}: a thousand tries of one batch")

    def _response(self, answer: Answer, when: str) -> Any:
        kept = [(name, value) for name, value in answer.headers if name.lower() not in _REWRITTEN]
        renamed = [(f"X-Archive-Orig-{n}", value) for n, value in answer.headers if n.lower() == "transfer-encoding"]
        headers: Headers = (*kept, *renamed, ("Content-Length", str(len(answer.raw))))
        return self._writer.create_warc_record(
            answer.final_url,
            "response",
            payload=io.BytesIO(answer.raw),
            length=len(answer.raw),
            http_headers=StatusAndHeaders(
                _line(f"{answer.status} {answer.phrase}"), list(headers), protocol="HTTP/1.1"
            ),
            warc_headers_dict={"WARC-Date": when, "WARC-IP-Address": answer.address},
        )

    def _request(self, answer: Answer, when: str, response_id: str) -> Any:
        parts = urlsplit(answer.final_url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return self._writer.create_warc_record(
            answer.final_url,
            "request",
            http_headers=StatusAndHeaders(
                f"GET {_line(path)} HTTP/1.1", list(answer.request_headers), is_http_request=True
            ),
            warc_headers_dict={"WARC-Date": when, "WARC-Concurrent-To": response_id},
        )


def read_body(captures_dir: Path, capture: Capture) -> bytes | Damaged:
    """The decoded body of a capture, exactly as it was when it was kept, or what is wrong with what is there."""
    try:
        member = _read_member(captures_dir / capture.warc_file, capture)
    except OSError as error:
        return _damaged(capture, "missing", str(error))
    try:
        body = _read_record(member, capture.byte_length)
    # The one broad edge: on bytes that are no record warcio raises what its parsers happen to (its own errors,
    # zlib.error, ValueError, AttributeError), and all of it says that the archive is damaged.
    except Exception as error:  # noqa: BLE001
        return _damaged(capture, "unreadable", f"{type(error).__name__}: {error}")
    found = sha256_hex(body)
    if found != capture.sha256:
        return _damaged(capture, "sha256_differs", f"{len(body)} bytes with {found}")
    return body


def _read_member(path: Path, capture: Capture) -> bytes:
    with path.open("rb") as file:
        file.seek(capture.warc_offset)
        return file.read(capture.warc_length)


def _read_record(member: bytes, expected: int) -> bytes:
    """The payload of the one record; a byte more than expected is read, so that one too many is noticed."""
    for record in ArchiveIterator(io.BytesIO(member)):
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


def _temporary(path: Path) -> Path:
    return path.with_name(f"{path.name}.open")


def _sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _safe(part: str) -> str:
    """A word as a file name."""
    return _UNSAFE.sub("_", part).strip(".") or "_"


def _line(words: str) -> str:
    """One header line, whatever a server put into it."""
    return " ".join(words.split())
