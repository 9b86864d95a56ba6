"""WARC files of others (CC-NEWS as downloaded, warcprox, browsertrix): streamed, filtered, and read record by record.

fastwarc streams 4,100 pages a second of one core here, warcio 2,000 (63 kB pages, gzip a record), and it says so where
it meets bytes that are no gzip; warcio goes on without a word. What it says is counted, and reading goes on at the next
record. What a record holds is checked when it is taken: its length, and the digests it states.
"""

import gzip
import io
import mmap
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType
from warcio.archiveiterator import ArchiveIterator as OneByOne
from warcio.bufferedreaders import ChunkedDataReader
from warcio.statusandheaders import StatusAndHeadersParser

from schemas.backfill import Holding, WarcFile
from schemas.outcome import Outcome, Reason
from schemas.source import Source
from tasks.reference.machine.failures import in_words
from tasks.web.fetching.verdicts import Verdict, judge_page, judge_status
from tasks.web.http.codings import read_coded
from tasks.web.http.response import FetchError, Headers, Response
from tasks.web.imports.owners import Owners, Taken, archived_link, check_digest

_NAMES = (".warc", ".warc.gz", ".wacz")
_GZIP, _PLAIN = b"\x1f\x8b\x08", b"\r\n\r\nWARC/1."
#: Headers of a response, beyond its body, that a record may hold.
_HEAD_ROOM = 1 << 20
_HTML = ("text/html", "application/xhtml+xml")
#: Damaged places after which a file is given up: it is no WARC file.
_MAX_DAMAGED = 10_000


@dataclass(slots=True)
class FileSurvey:
    """What one file holds. ``skipped`` counts records by why they are not taken; ``error`` says why it ended early."""

    name: str
    holdings: list[Holding] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    records: int = 0
    error: str | None = None
    detail: str = ""

    def told(self) -> str:
        """All of it in words."""
        skipped = [f"{count} {why}" for why, count in sorted(self.skipped.items())]
        return "; ".join(part for part in (", ".join([f"{self.records} responses", *skipped]), self.detail) if part)


def find_warcs(places: Iterable[Path]) -> tuple[list[WarcFile], list[FileSurvey]]:
    """The WARC files among files and folders, folders searched to the bottom, by name; and what could not be opened."""
    files: dict[tuple[Path, str | None], WarcFile] = {}
    failed: list[FileSurvey] = []
    for path_given in places:
        paths = (
            sorted(p for p in path_given.rglob("*") if p.name.endswith(_NAMES)) if path_given.is_dir() else [path_given]
        )
        if not paths:
            failed.append(
                FileSurvey(str(path_given), error="empty", detail="a folder without .warc, .warc.gz or .wacz")
            )
        for path in paths:
            try:
                files |= {(file.path, file.inner): file for file in _files_in(path.resolve())}
            except (OSError, ValueError, zipfile.BadZipFile) as error:
                failed.append(FileSurvey(path.name, error="unreadable", detail=str(error)[:300]))
    return [files[key] for key in sorted(files, key=str)], failed


def _files_in(path: Path) -> Iterator[WarcFile]:
    """The file itself, or the WARC files in a ``.wacz``. Raises ``ValueError`` where those are deflated once more."""
    if not path.name.endswith(".wacz"):
        yield WarcFile(path, 0, path.stat().st_size)
        return
    with zipfile.ZipFile(path) as packed, path.open("rb") as file:
        for info in packed.infolist():
            if not info.filename.endswith((".warc", ".warc.gz")):
                continue
            if info.compress_type != zipfile.ZIP_STORED:
                raise ValueError(f"{info.filename} is compressed inside the .wacz: unpack it and name the folder")
            file.seek(info.header_offset + 26)
            name, extra = (int.from_bytes(file.read(2), "little") for _ in range(2))
            yield WarcFile(path, info.header_offset + 30 + name + extra, info.file_size, info.filename)


class _Slice(io.RawIOBase):
    """A part of a file as a file: what a ``.wacz`` holds of a WARC, or all of one."""

    def __init__(self, file: WarcFile, start: int = 0) -> None:
        self._file = file.path.open("rb")
        self._base, self._size = file.base, file.size
        self._at = start
        self._file.seek(self._base + start)

    def readable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Where reading goes on."""
        return self._at

    def readinto(self, buffer: Any) -> int:
        """The next bytes, none beyond the part."""
        view = memoryview(buffer)[: max(self._size - self._at, 0)]
        count = self._file.readinto(view)
        self._at += count
        return count

    def close(self) -> None:
        """Close the file below too."""
        self._file.close()
        super().close()


def survey_file(file: WarcFile, owners: Owners, chosen: frozenset[str]) -> FileSurvey:
    """Every page of the chosen sources in one file; whatever is wrong with it is told, nothing is raised."""
    survey = FileSurvey(file.name)
    try:
        start, seen = 0, -1
        while start < file.size:
            seen, broken = _scan(file, start, owners, chosen, survey)
            if not broken:
                break
            survey.skipped["damaged"] += 1
            survey.detail = survey.detail or f"first damage after byte {max(seen, start)}: {broken}"
            start = _next_record(file, max(seen, start) + 1)
            if survey.skipped["damaged"] >= _MAX_DAMAGED:
                survey.error = "unreadable"
                break
        if not survey.records and (survey.skipped["damaged"] or not file.size):
            survey.error = "not_a_warc" if file.size else "empty"
    except (OSError, ValueError) as error:
        survey.error, survey.detail = "unreadable", str(error)[:300]
    return survey


def _scan(file: WarcFile, start: int, owners: Owners, chosen: frozenset[str], survey: FileSurvey) -> tuple[int, str]:
    """Stream from an offset on; the last record met, and what ended the stream before its time, if anything did."""
    last = -1
    with _Slice(file, start) as stream:
        try:
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=False):
                if record.stream_pos == last:
                    survey.error = "one_gzip_stream"
                    survey.detail = (
                        "not a gzip member a record, so no record can be found again: `warcio recompress` it"
                    )
                    survey.holdings.clear()
                    return last, ""
                last = record.stream_pos
                survey.records += 1
                try:
                    _judge(file, record, owners, chosen, survey)
                except OSError:
                    raise
                # Any bytes may stand in a record's headers: one that breaks their reader costs this record.
                except Exception as error:  # noqa: BLE001
                    survey.skipped["with headers nobody can read"] += 1
                    survey.detail = survey.detail or f"record at byte {last}: {in_words(error)}"
        # fastwarc raises OSError for what is no record; a header that is no text or no date raises ValueError.
        except (OSError, ValueError, UnicodeError) as error:
            return last, f"{type(error).__name__}: {error}"[:200]
    return last, ""


def _judge(file: WarcFile, record: WarcRecord, owners: Owners, chosen: frozenset[str], survey: FileSurvey) -> None:
    """Take note of a record if it is a page of ours, else of why it is not."""
    url = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
    source = owners.of(url)
    if source is None or source.id not in chosen:
        survey.skipped["of other hosts"] += 1
        return
    why, holding = _holding(file, record, source, url)
    if holding is None:
        survey.skipped[why] += 1
    else:
        survey.holdings.append(holding)


def _holding(file: WarcFile, record: WarcRecord, source: Source, url: str) -> tuple[str, Holding | None]:
    link, when = archived_link(source, url, file.name), _date(record.headers.get("WARC-Date"))
    if link is None or when is None:
        return "without a usable address or date", None
    if "http" not in (record.headers.get("Content-Type") or "application/http"):
        return "not HTTP", None
    record.parse_http()
    if record.http_headers is None or record.http_headers.status_code != 200:
        return "not status 200", None
    media = (record.http_content_type or "text/html").partition(";")[0].strip().lower()
    if media not in _HTML:
        return "not HTML", None
    digest = record.headers.get("WARC-Payload-Digest")
    record_id = record.headers.get("WARC-Record-ID") or f"offset {record.stream_pos}"
    return "", Holding(link, file.name, record_id, when, digest, file, record.stream_pos)


def _date(value: str | None) -> datetime | None:
    try:
        when = datetime.fromisoformat((value or "").strip())
    except ValueError:
        return None
    with suppress(OverflowError):  # the first and the last day of the calendar, in some zones
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    return None


def _next_record(file: WarcFile, start: int) -> int:
    """The next place where a record may begin; the end of the file where there is none."""
    with file.path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
        begin, stop = file.base + start, file.base + file.size
        if data[file.base : file.base + 2] == _GZIP[:2]:
            record_start = data.find(_GZIP, begin, stop)
        else:
            record_start = data.find(_PLAIN, begin, stop)
            record_start += 4 if record_start >= 0 else 0
    return file.size if record_start < 0 else record_start - file.base


def take_record(holding: Holding, limit: int, now: datetime) -> Taken | Verdict:
    """The page at a holding's offset, checked; or why there is none. Nothing that stands there raises.

    ``limit`` is in decoded bytes; ``now`` is when we took it, the archive's own time stays with the holding. Raises
    ``ValueError`` for a holding without a file.
    """
    if holding.file is None:
        raise ValueError(f"{holding.record} is in no WARC file")
    try:
        with _Slice(holding.file, holding.offset) as stream:
            return _take(holding, io.BufferedReader(stream), limit, now)
    # The one broad edge: on bytes that are no record warcio raises what its parsers happen to.
    except Exception as error:  # noqa: BLE001
        return _damaged(holding, f"{type(error).__name__}: {error}")


def _take(holding: Holding, stream: io.BufferedReader, limit: int, now: datetime) -> Taken | Verdict:
    record = next(iter(OneByOne(stream, no_record_parse=True)))
    headers = record.rec_headers
    if headers.get_header("WARC-Record-ID") not in (holding.record, None):
        return _damaged(holding, "another record stands there now")
    length = int(headers.get_header("Content-Length"))
    if length > limit + _HEAD_ROOM:
        detail = f"{length} bytes, {limit} allowed (FIRSTDRAFT_MAX_BODY_BYTES)"
        return Outcome.REJECTED, Reason.TOO_LARGE, detail
    block = record.raw_stream.read(length)
    if len(block) < length:
        block = _over_members(holding, length) or block
    if len(block) != length:
        return _damaged(holding, f"{len(block)} of {length} bytes")
    agrees, check = check_digest(headers.get_header("WARC-Block-Digest"), block)
    if agrees is False:
        return _damaged(holding, f"block digest {check}")
    return _page(holding, block, headers.get_header("WARC-IP-Address") or "", limit, now)


def _over_members(holding: Holding, length: int) -> bytes:
    """The block of a record that goes on in the next gzip member; empty if there is none, or it is no gzip."""
    if holding.file is None:
        return b""
    with _Slice(holding.file, holding.offset) as stream:
        file = io.BufferedReader(stream)
        if file.peek(2)[:2] != _GZIP[:2]:
            return b""
        record = next(iter(OneByOne(gzip.GzipFile(fileobj=file), no_record_parse=True)))
        return bytes(record.raw_stream.read(length))


def _page(holding: Holding, block: bytes, address: str, limit: int, now: datetime) -> Taken | Verdict:
    """The answer in a record's block: transfer coding undone, content coding kept beside the decoded body."""
    stream = io.BytesIO(block)
    head = StatusAndHeadersParser(["HTTP/1.0", "HTTP/1.1", "HTTP/2", "HTTP/2.0"], verify=False).parse(stream)
    entity = block[stream.tell() :]
    sent: Headers = tuple((str(name), " ".join(str(value).split())) for name, value in head.headers)
    chunked = any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in sent)
    raw = ChunkedDataReader(io.BytesIO(entity)).read() if chunked else entity
    encoding = next((value for name, value in sent if name.lower() == "content-encoding"), None)
    body = read_coded([raw], encoding, limit)
    if isinstance(body, FetchError):
        return Outcome.REJECTED, body.reason, body.detail
    agrees, check = check_digest(holding.digest, entity, raw, body.decoded)
    if agrees is False:
        return _damaged(holding, f"payload digest {check}")
    status = int(head.get_statuscode())
    answer = Response(
        url=holding.link.url,
        final_url=holding.link.url,
        status=status,
        phrase=head.statusline.partition(" ")[2],
        headers=sent,
        request_headers=(),
        body=body.decoded,
        raw=body.raw,
        requested_at=now,
        address=address,
    )
    return judge_status(answer, known=False) or judge_page(answer) or Taken(answer, holding.archived_at, check)


def _damaged(holding: Holding, detail: str) -> Verdict:
    where = f"{holding.archive} at {holding.offset}"
    return Outcome.QUARANTINED, Reason.CAPTURE_DAMAGED, f"{where}: {detail}"[:300]
