import gzip
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from schemas.keys import sha256_hex
from schemas.page import Capture
from schemas.run import Run
from tasks.web.answer import Answer
from tasks.web.archives import Archive, Damaged, read_body

TEXT = ("<html><body>" + "Взрыв в пустыне. " * 50 + "</body></html>").encode()


def _answer(body: bytes = TEXT, path: str = "/a", gzipped: bool = True) -> Answer:
    raw = gzip.compress(body) if gzipped else body
    encoding = (("Content-Encoding", "gzip"),) if gzipped else ()
    return Answer(
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
        request_headers=(("Host", "e.org"), ("User-Agent", "firstdraft/0.1")),
        body=body,
        raw=raw,
        requested_at=datetime(2023, 12, 11, 22, 0, 1, 250000, tzinfo=UTC),
        address="93.184.215.14",
    )


def _kept(folder: Path, run: Run, *answers: Answer, batch: int = 0) -> list[Capture]:
    with Archive(folder, run, "news-en", batch) as archive:
        return [archive.keep(answer.final_url, answer) for answer in answers]


def test_what_is_kept_comes_back(tmp_path: Path, run: Run) -> None:
    one, two = _answer(), _answer(b"plain", "/b?x=1", gzipped=False)
    first, second = _kept(tmp_path, run, one, two)
    assert first.warc_file == second.warc_file == f"{run.run_id}/news-en-00000.warc.gz"
    assert (first.sha256, first.byte_length, first.content_type) == (sha256_hex(TEXT), len(TEXT), "text/html")
    assert (read_body(tmp_path, first), read_body(tmp_path, second)) == (TEXT, b"plain")


def test_other_tools_read_it(tmp_path: Path, run: Run) -> None:
    (capture,) = _kept(tmp_path, run, _answer(path="/b?x=1"))
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


def test_a_file_has_its_name_only_when_it_is_whole(tmp_path: Path, run: Run) -> None:
    archive = Archive(tmp_path, run, "news-en", 3)
    assert not list(tmp_path.rglob("*"))
    capture = archive.keep("https://e.org/a", _answer())
    assert not (tmp_path / capture.warc_file).exists()
    archive.close()
    assert [path.name for path in tmp_path.rglob("*.warc.gz*")] == ["news-en-00003.warc.gz"]


def test_an_interrupted_batch_is_sealed_and_a_second_try_takes_another_name(tmp_path: Path, run: Run) -> None:
    def interrupted() -> None:
        with Archive(tmp_path, run, "news-en", 0) as archive:
            archive.keep("https://e.org/a", _answer())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    (again,) = _kept(tmp_path, run, _answer())
    assert again.warc_file.endswith("news-en-00000-2.warc.gz")
    assert len(list(tmp_path.rglob("*.warc.gz"))) == 2


def test_a_run_id_is_no_path(tmp_path: Path, run: Run) -> None:
    (capture,) = _kept(tmp_path / "captures", run, _answer())
    with Archive(tmp_path / "captures", run, "../../x", 0) as archive:
        stray = archive.keep("https://e.org/a", _answer())
    assert capture.warc_file != stray.warc_file
    assert (tmp_path / "captures" / stray.warc_file).resolve().is_relative_to(tmp_path / "captures")


def test_changed_bytes_are_noticed(tmp_path: Path, run: Run) -> None:
    first, second = _kept(tmp_path, run, _answer(), _answer(b"<p>other</p>" * 30, "/b"))
    path = tmp_path / first.warc_file
    whole = path.read_bytes()
    silent = []
    for position in range(first.warc_offset, first.warc_offset + first.warc_length, 5):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 0x10]) + whole[position + 1 :])
        body = read_body(tmp_path, first)
        if not isinstance(body, Damaged) and body != TEXT:
            silent.append(position)
    assert silent == []
    assert read_body(tmp_path, second) == b"<p>other</p>" * 30


def test_cuts_are_noticed(tmp_path: Path, run: Run) -> None:
    (capture,) = _kept(tmp_path, run, _answer())
    path = tmp_path / capture.warc_file
    whole = path.read_bytes()
    for end in range(0, len(whole) - 16, 29):
        path.write_bytes(whole[:end])
        body = read_body(tmp_path, capture)
        assert isinstance(body, Damaged) or body == TEXT
    path.write_bytes(whole[: capture.warc_offset + capture.warc_length // 2])
    assert isinstance(read_body(tmp_path, capture), Damaged)


def test_damage_says_what_and_where(tmp_path: Path, run: Run) -> None:
    first, second = _kept(tmp_path, run, _answer(), _answer(b"other", "/b"))
    swapped = read_body(tmp_path, replace(first, warc_offset=second.warc_offset, warc_length=second.warc_length))
    gone = read_body(tmp_path, replace(first, warc_file="none.warc.gz"))
    nonsense = read_body(tmp_path, replace(first, warc_offset=first.warc_offset + 5))
    for damage, reason in ((swapped, "sha256_differs"), (gone, "missing"), (nonsense, "unreadable")):
        assert isinstance(damage, Damaged)
        assert (damage.reason, damage.capture_id) == (reason, first.capture_id)
        assert damage.warc_file in damage.detail
