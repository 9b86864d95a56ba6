import gzip
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator

from schemas.fetch import Fetch
from schemas.keys import sha256_hex
from schemas.ledger import Captured, Ended, Entry, Kept
from schemas.link import FoundIn, Link
from schemas.outcome import Outcome, Reason, Settled, Stage
from schemas.page import Capture
from schemas.run import Run
from tasks.web.archive.captures import Archive, Damaged, read_body
from tasks.web.archive.erasing import erased_stretch, overwrite
from tasks.web.archive.inspection import Account, inspect_file, strays, unknown_files
from tasks.web.http.response import Hop, Response

TEXT = ("<html><body>" + "Взрыв в пустыне. " * 50 + "</body></html>").encode()
AT = datetime(2023, 12, 11, 22, 0, 1, 250000, tzinfo=UTC)
ASKED = (("Host", "e.org"), ("User-Agent", "firstdraft/0.1"))
MakeArchive = Callable[..., Archive]


def an_answer(body: bytes = TEXT, path: str = "/a", gzipped: bool = True, hops: tuple[Hop, ...] = ()) -> Response:
    raw = gzip.compress(body, mtime=0) if gzipped else body
    encoding = (("Content-Encoding", "gzip"),) if gzipped else ()
    return Response(
        url=f"https://e.org{path}",
        final_url=f"https://e.org{path}",
        status=200,
        phrase="OK",
        headers=(
            ("Content-Type", "text/html"),
            *encoding,
            ("Transfer-Encoding", "chunked"),
            ("X-Odd", "caf\u00e9 \u0411"),
            ("Set-Cookie", "a=1"),
            ("Set-Cookie", "b=2"),
        ),
        request_headers=ASKED,
        body=body,
        raw=raw,
        requested_at=AT,
        address="93.184.215.14",
        hops=hops,
    )


def a_fetch(run: Run, answer: Response) -> Fetch:
    link = Link("news-en", answer.url, answer.url, FoundIn.FEED, "https://e.org/feed")
    return Fetch(run.run_id, link, answer.requested_at, 5, answer.status, answer.final_url)


@pytest.fixture
def told() -> list[Entry]:
    """What the ledger was told."""
    return []


@pytest.fixture
def archive(tmp_path: Path, run: Run, told: list[Entry]) -> Archive:
    return Archive(tmp_path, run, "news-en", told.append)


def kept(archive: Archive, run: Run, *answers: Response) -> list[Capture]:
    with archive:
        return [archive.keep(0, a_fetch(run, answer), answer).capture for answer in answers]


def accounts(told: list[Entry]) -> list[Account]:
    found = []
    for entry in told:
        if isinstance(entry, Captured):
            found.append(Account(entry.stretch, entry.page.capture.url, entry.page.capture))
        elif isinstance(entry, Kept):
            found.append(Account(entry.stretch, entry.url))
    return found


def records_of(path: Path) -> list[tuple[str, str, bytes]]:
    """Type, address and payload of every record, as warcio reads them."""
    found = []
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            address = record.rec_headers.get_header("WARC-Target-URI") or ""
            found.append((record.rec_type, address, record.content_stream().read()))
    return found


def test_what_is_kept_comes_back(archive: Archive, tmp_path: Path, run: Run) -> None:
    first, second = kept(archive, run, an_answer(), an_answer(b"plain", "/b?x=1", gzipped=False))
    assert first.warc_file == second.warc_file == f"{run.run_id}/news-en-00001.warc.gz"
    assert (first.sha256, first.byte_length, first.content_type) == (sha256_hex(TEXT), len(TEXT), "text/html")
    assert (read_body(tmp_path, first), read_body(tmp_path, second)) == (TEXT, b"plain")


def test_other_tools_read_it(archive: Archive, tmp_path: Path, run: Run) -> None:
    (capture,) = kept(archive, run, an_answer(path="/b?x=1"))
    records: list[Any] = []
    with (tmp_path / capture.warc_file).open("rb") as file:
        iterator = ArchiveIterator(file, check_digests="raise")
        for record in iterator:
            body = record.content_stream().read()
            records.append(
                (record.rec_type, record.rec_headers, record.http_headers, body, iterator.get_record_offset())
            )
    (about, request, response) = records
    assert (about[0], request[0], response[0]) == ("warcinfo", "request", "response")
    assert b"isPartOf: " + run.run_id.encode() in about[3]
    assert about[1].protocol == "WARC/1.1"
    assert request[2].protocol == "GET"
    assert request[2].statusline == "/b?x=1 HTTP/1.1"
    assert request[1].get_header("WARC-Concurrent-To") == response[1].get_header("WARC-Record-ID")
    assert response[1].get_header("WARC-Target-URI") == "https://e.org/b?x=1"
    assert response[1].get_header("WARC-Date") == "2023-12-11T22:00:01.250000Z"
    assert response[1].get_header("WARC-IP-Address") == "93.184.215.14"
    assert response[2].get_header("X-Archive-Orig-Transfer-Encoding") == "chunked"
    assert [value for name, value in response[2].headers if name == "Set-Cookie"] == ["a=1", "b=2"]
    assert response[3] == TEXT
    assert response[4] == capture.warc_offset


def test_fastwarc_reads_it_too(archive: Archive, tmp_path: Path, run: Run) -> None:
    (capture, _) = kept(archive, run, an_answer(), an_answer(b"plain", "/b", gzipped=False))
    with (tmp_path / capture.warc_file).open("rb") as file:
        found = []
        for record in FastIterator(file, parse_http=True, verify_digests=True):
            found.append((record.headers["WARC-Type"], record.reader.read()))  # noqa: PERF401 - read as it comes
    assert [name for name, _ in found] == ["warcinfo", "request", "response", "request", "response"]
    assert (gzip.decompress(found[2][1]), found[4][1]) == (TEXT, b"plain")


def test_redirects_are_kept_before_the_answer(archive: Archive, tmp_path: Path, run: Run, told: list[Entry]) -> None:
    hop = Hop("https://e.org/old", 301, "Moved", (("Location", "/a"),), ASKED, AT, "93.184.215.14")
    (capture,) = kept(archive, run, an_answer(hops=(hop,)))
    kinds = [(kind, address) for kind, address, _ in records_of(tmp_path / capture.warc_file)]
    old, new = "https://e.org/old", "https://e.org/a"
    assert kinds[1:] == [("request", old), ("response", old), ("request", new), ("response", new)]
    assert read_body(tmp_path, capture) == TEXT
    assert inspect_file(tmp_path, capture.warc_file, accounts(told), lambda _: None) == []


def test_the_ledger_hears_of_every_byte(archive: Archive, tmp_path: Path, run: Run, told: list[Entry]) -> None:
    answer = an_answer(path="/gone")
    with archive:
        archive.keep_other("feed", an_answer(path="/feed"))
        page = archive.keep(3, a_fetch(run, an_answer()), an_answer())
        archive.tell(3, Settled(a_fetch(run, answer), Stage.FETCH, Outcome.REJECTED, Reason.NOT_FOUND, "404"))
    feed, captured, ended = told
    assert isinstance(feed, Kept)
    assert isinstance(captured, Captured)
    assert isinstance(ended, Ended)
    assert (feed.what, feed.url, captured.batch, captured.page, ended.batch) == (
        "feed", "https://e.org/feed", 3, page, 3
    )  # fmt: skip
    data = (tmp_path / feed.stretch.file).read_bytes()
    for stretch in (feed.stretch, captured.stretch):
        there = data[stretch.offset : stretch.offset + stretch.length]
        assert sha256(there).hexdigest() == stretch.sha256
    assert feed.stretch.length + captured.stretch.length == len(data)


def test_provenance_of_another_archive_is_told_too(archive: Archive, run: Run, told: list[Entry]) -> None:
    with archive:
        page = archive.keep(0, a_fetch(run, an_answer()), an_answer(), lambda c: replace(c, archive="CC-NEWS"))
    assert page.capture.archive == "CC-NEWS"
    assert isinstance(told[0], Captured)
    assert told[0].page == page


def test_nothing_is_on_disk_before_the_first_record_and_all_after_the_last_user(
    archive: Archive, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    with archive, archive:
        assert not list(tmp_path.rglob("*"))
        archive.keep(0, a_fetch(run, an_answer()), an_answer())
    assert len(synced) == 2, "the file and its folder"
    with archive:
        pass
    assert len(synced) == 2, "nothing was written since"


def test_batches_go_on_in_one_file(archive: Archive, tmp_path: Path, run: Run, told: list[Entry]) -> None:
    first = kept(archive, run, an_answer())
    second = kept(archive, run, an_answer(b"two", "/b"))
    assert first[0].warc_file == second[0].warc_file
    assert [kind for kind, _, _ in records_of(tmp_path / first[0].warc_file)] == [
        "warcinfo",
        *["request", "response"] * 2,
    ]
    assert inspect_file(tmp_path, first[0].warc_file, accounts(told), lambda _: None) == []


def test_threads_share_one_file(archive: Archive, tmp_path: Path, run: Run, told: list[Entry]) -> None:
    def work(number: int) -> None:
        kept(archive, run, *(an_answer(b"%d %d" % (number, page), f"/{number}/{page}") for page in range(5)))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (path,) = tmp_path.rglob("*.warc.gz")
    assert len(records_of(path)) == 1 + 2 * 40
    assert inspect_file(tmp_path, str(path.relative_to(tmp_path)), accounts(told), lambda _: None) == []
    pages = [entry.page.capture for entry in told if isinstance(entry, Captured)]
    assert all(not isinstance(read_body(tmp_path, capture), Damaged) for capture in pages)


def test_a_file_that_would_grow_too_large_gets_a_successor(tmp_path: Path, run: Run) -> None:
    archive = Archive(tmp_path, run, "news-en", roll_bytes=3000)
    captures = kept(archive, run, *(an_answer(path=f"/{number}") for number in range(6)))
    names = [capture.warc_file for capture in captures]
    assert len(set(names)) > 1
    assert names == sorted(names)
    assert all(path.stat().st_size <= 3000 for path in tmp_path.rglob("*.warc.gz"))
    assert all(records_of(tmp_path / name)[0][0] == "warcinfo" for name in set(names))
    assert [read_body(tmp_path, capture) for capture in captures] == [TEXT] * 6


def test_a_file_somebody_else_began_is_never_written_to(tmp_path: Path, run: Run) -> None:
    (first,) = kept(Archive(tmp_path, run, "news-en"), run, an_answer())
    before = (tmp_path / first.warc_file).read_bytes()
    (second,) = kept(Archive(tmp_path, run, "news-en"), run, an_answer())
    assert second.warc_file.endswith("news-en-00002.warc.gz")
    assert (tmp_path / first.warc_file).read_bytes() == before


def test_a_record_that_does_not_fit_on_the_disk_leaves_no_trace(
    archive: Archive, tmp_path: Path, run: Run, told: list[Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = kept(archive, run, an_answer())
    whole, write = (tmp_path / first.warc_file).read_bytes(), os.write

    def half(descriptor: int, data: bytes) -> int:
        if len(data) < 40:
            raise OSError(28, "No space left on device")
        return write(descriptor, bytes(data)[: len(data) // 2])

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(OSError, match="No space"):
        kept(archive, run, an_answer(path="/b"))
    assert (tmp_path / first.warc_file).read_bytes() == whole
    assert len(told) == 1
    monkeypatch.undo()
    (again,) = kept(archive, run, an_answer(path="/b"))
    assert again.warc_offset > first.warc_offset
    assert read_body(tmp_path, again) == TEXT


def test_a_run_id_is_no_path(tmp_path: Path, run: Run) -> None:
    (stray,) = kept(Archive(tmp_path / "captures", run, "../../x"), run, an_answer())
    assert (tmp_path / "captures" / stray.warc_file).resolve().is_relative_to(tmp_path / "captures")


def test_damage_says_what_and_where(archive: Archive, tmp_path: Path, run: Run) -> None:
    first, second = kept(archive, run, an_answer(), an_answer(b"other", "/b"))
    swapped = read_body(tmp_path, replace(first, warc_offset=second.warc_offset, warc_length=second.warc_length))
    gone = read_body(tmp_path, replace(first, warc_file="none.warc.gz"))
    nonsense = read_body(tmp_path, replace(first, warc_offset=first.warc_offset + 5))
    short = read_body(tmp_path, replace(first, warc_length=first.warc_length - 1))
    long = read_body(tmp_path, replace(first, warc_length=first.warc_length + 1))
    for damage, reason in (
        (swapped, "sha256_differs"),
        (gone, "missing"),
        (nonsense, "unreadable"),
        (short, "unreadable"),
        (long, "unreadable"),
    ):
        assert isinstance(damage, Damaged)
        assert (damage.reason, damage.capture_id) == (reason, first.capture_id)
        assert damage.warc_file in damage.detail


def damages(tmp_path: Path, name: str, told: list[Entry], data: bytes) -> list[str]:
    (tmp_path / name).write_bytes(data)
    return [finding.what for finding in inspect_file(tmp_path, name, accounts(told), lambda _: None)]


def test_an_erased_page_leaves_a_file_that_all_readers_take(
    archive: Archive, tmp_path: Path, run: Run, told: list[Entry]
) -> None:
    first, second, third = kept(archive, run, an_answer(), an_answer(b"secret" * 40, "/b"), an_answer(path="/c"))
    path = tmp_path / first.warc_file
    stretch = accounts(told)[1].stretch
    now, data = erased_stretch(stretch, second.capture_id, AT)
    overwrite(tmp_path, now, data)
    assert isinstance(read_body(tmp_path, second), Damaged)
    assert (read_body(tmp_path, first), read_body(tmp_path, third)) == (TEXT, TEXT)
    assert [kind for kind, _, _ in records_of(path)] == [
        "warcinfo", "request", "response", "metadata", "request", "response"
    ]  # fmt: skip
    with path.open("rb") as file:
        assert len([record.headers["WARC-Type"] for record in FastIterator(file)]) == 6
    there = accounts(told)
    there[1] = Account(now, "erased")
    assert inspect_file(tmp_path, first.warc_file, there, lambda _: None) == []
    with pytest.raises(ValueError, match="not enough"):
        erased_stretch(replace(stretch, length=50), second.capture_id, AT)


@pytest.mark.parametrize(("step", "flips"), [(101, 60), pytest.param(7, 300, marks=pytest.mark.long)])
def test_every_cut_and_every_flipped_bit_is_noticed(
    archive: Archive, tmp_path: Path, run: Run, told: list[Entry], step: int, flips: int
) -> None:
    (first, _) = kept(archive, run, an_answer(), an_answer(b"<p>other</p>" * 30, "/b"))
    name = first.warc_file
    whole = (tmp_path / name).read_bytes()
    assert damages(tmp_path, name, told, whole) == []
    silent = [end for end in range(0, len(whole), step) if not damages(tmp_path, name, told, whole[:end])]
    for number in range(flips):
        at = number * len(whole) // flips
        flipped = bytearray(whole)
        flipped[at] ^= 1 << (number % 8)
        if not damages(tmp_path, name, told, bytes(flipped)):
            silent.append(at)
    assert silent == []
    assert damages(tmp_path, name, told, whole + b"x") == ["bytes_unaccounted"]


def test_what_is_damaged_is_named(archive: Archive, tmp_path: Path, run: Run, told: list[Entry]) -> None:
    first, second = kept(archive, run, an_answer(), an_answer(path="/b"))
    path = tmp_path / first.warc_file
    whole = bytearray(path.read_bytes())
    whole[second.warc_offset + 60] ^= 4
    path.write_bytes(whole)
    (finding,) = inspect_file(tmp_path, first.warc_file, accounts(told), lambda _: None)
    assert (finding.what, finding.capture_id, finding.url) == ("changed", second.capture_id, "https://e.org/b")
    assert f"captures/{first.warc_file}" in finding.repair
    path.unlink()
    (missing,) = inspect_file(tmp_path, first.warc_file, accounts(told), lambda _: None, quick=True)
    assert missing.what == "file_missing"


def test_bytes_and_files_nobody_took_down_are_found(
    archive: Archive, tmp_path: Path, run: Run, told: list[Entry]
) -> None:
    (first,) = kept(archive, run, an_answer())
    stretch = accounts(told)[0].stretch
    assert strays(tmp_path, run.run_id, [stretch]) == []
    kept(archive, run, an_answer(path="/b"))
    ((stray, urls),) = strays(tmp_path, run.run_id, [stretch])
    assert (stray.file, stray.offset, urls) == (first.warc_file, stretch.length, ("https://e.org/b",))
    with (tmp_path / first.warc_file).open("ab") as file:
        file.write(BytesIO(b"torn").getvalue())
    assert strays(tmp_path, run.run_id, [stretch])[0][1] == ("https://e.org/b",)
    (tmp_path / "other.warc.gz").touch()
    assert [finding.file for finding in unknown_files(tmp_path, [first.warc_file])] == ["other.warc.gz"]
