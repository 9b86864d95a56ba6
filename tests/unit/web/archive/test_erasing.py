"""What repeats an erased page is found, and copies of overwritten files elsewhere are overwritten too."""

import doctest
from pathlib import Path

import pytest

from schemas.ledger import Erased, Kept, Note
from tasks.web.archive import erasing
from tasks.web.archive.captures import Archive
from tasks.web.archive.erasing import erase, overwrite, overwrite_copies, repeating
from tests.unit.ledger.build import NOON, a_run
from tests.warehouse.kept import an_answer

URL = "https://north.test/2024/03/a-name?id=5&b=2"
TEXT = "Gunmen killed a farmer of that name near Riverton on Monday, his brother said."


def test_the_examples_hold() -> None:
    assert doctest.testmod(erasing).failed == 0


def kept(folder: Path, what: str, body: bytes) -> Kept:
    """An answer that is no page, kept."""
    told: list[object] = []
    note: Note = told.append
    with Archive(folder, a_run(), "north", note) as archive:
        archive.keep_other(what, an_answer("https://north.test/feed", body, a_run()))
    (entry,) = told
    assert isinstance(entry, Kept)
    return entry


@pytest.mark.parametrize(
    ("what", "body", "repeats"),
    [
        ("feed", b"<link>https://north.test/2024/03/a-name?id=5&amp;b=2&amp;utm_source=rss</link>", True),
        ("feed", b"<title>Farmer &quot;X&quot; killed</title>", True),
        ("feed", f"<content:encoded>&lt;p&gt;{TEXT}&lt;/p&gt;</content:encoded>".encode(), True),
        ("wordpress", b'{"link":"https:\\/\\/north.test\\/2024\\/03\\/a-name?id=5&b=2"}', True),
        ("section", "<a href='/x'>Farmer “X” killed</a>".encode(), False),
        ("feed", b"<link>https://north.test/2024/03/another</link>", False),
        ("sitemap", b"<loc>https://north.test/2024/03/a-name?id=5&amp;b=2</loc>", False),
        ("sitemap", b"<news:title>Farmer &#34;X&#34; killed</news:title>", True),
        ("feed", b"\xff\xfe\x00 no text at all", False),
    ],
)
def test_what_repeats_the_page_is_found(tmp_path: Path, what: str, body: bytes, repeats: bool) -> None:
    entry = kept(tmp_path, what, body)
    found = list(repeating(tmp_path, [entry], {URL}, {'Farmer "X" killed', TEXT[:60]}))
    assert [stretch for _, stretch in found] == ([entry.stretch] if repeats else [])


def test_an_answer_that_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    entry = kept(tmp_path, "feed", b"<rss/>" * 50)
    (tmp_path / entry.stretch.file).write_bytes(b"damaged")
    assert list(repeating(tmp_path, [entry], {URL}, {"rss"})) == []
    (tmp_path / entry.stretch.file).unlink()
    assert list(repeating(tmp_path, [entry], {URL}, {"rss"})) == []


def test_a_copy_in_object_storage_is_overwritten_and_none_is_made(tmp_path: Path) -> None:
    here, there = tmp_path / "captures", tmp_path / "bucket"
    entry = kept(here, "feed", TEXT.encode() * 9)
    told: list[object] = []
    writes = list(erase([("cap_x", entry.stretch)], NOON, "an order", told.append))
    assert told == [Erased("cap_x", writes[0][0], "an order")]
    copy = there / entry.stretch.file
    copy.parent.mkdir(parents=True)
    copy.write_bytes((here / entry.stretch.file).read_bytes())
    for stretch, data in writes:
        overwrite(here, stretch, data)
    assert overwrite_copies(here, f"file://{there}", [entry.stretch.file, "not/there.warc.gz"]) == [entry.stretch.file]
    assert copy.read_bytes() == (here / entry.stretch.file).read_bytes()
    assert len(list(there.rglob("*.gz"))) == 1


def test_what_cannot_be_read_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    entry = kept(tmp_path, "feed", b"<link>https://north.test/2024/03/a-name?id=5&amp;b=2</link>")
    path = tmp_path / entry.stretch.file
    data = bytearray(path.read_bytes())
    data[entry.stretch.offset : entry.stretch.offset + 20] = b"\x1f\x8b" + b"\xff" * 18
    path.write_bytes(data)
    assert list(repeating(tmp_path, [entry], {URL}, ())) == []
    assert f"{entry.stretch.file} at {entry.stretch.offset} cannot be read" in caplog.text
