"""Plain lists of addresses, from the web and from files."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.web.readers import urllists
from tasks.web.readers.urllists import NOT_A_LIST, is_file, list_path, read_url_file, read_url_list


def test_a_line_is_an_address_and_perhaps_a_date() -> None:
    reading = read_url_list(b"# why\n\nhttps://e.org/a\t2023-12-11\tmore\n  http://e.org/b  \nhttps://e.org/a\n")
    first, second = reading.entries
    assert (first.url, str(first.published.day)) == ("https://e.org/a", "2023-12-11")
    assert (second.url, second.published.raw) == ("http://e.org/b", None)
    assert (reading.error, reading.partial, reading.detail) == (None, False, "")


def test_a_date_that_cannot_be_read_stays_words() -> None:
    (entry,) = read_url_list(b"https://e.org/a\tlast week").entries
    assert (entry.published.day, entry.published.raw) == (None, "last week")


def test_lines_of_another_kind_are_counted() -> None:
    reading = read_url_list(b"https://e.org/a\nnonsense\njavascript:alert(1)\nhttps://e.org/b c\n")
    assert [entry.url for entry in reading.entries] == ["https://e.org/a"]
    assert reading.partial
    assert reading.detail == "3 lines are no address, the first is line 2"


def test_a_web_page_in_its_place_is_an_error() -> None:
    reading = read_url_list(b"<!doctype html>\n<title>Just a moment</title>")
    assert (reading.error, reading.entries) == (NOT_A_LIST, ())
    assert "line 1" in reading.detail


def test_an_empty_list_is_a_list() -> None:
    assert read_url_list(b"# none today\n").error is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_and_line_ends(encoding: str) -> None:
    data = "https://e.org/новости\r\nhttps://e.org/b\r\n".encode(encoding)
    assert [entry.url for entry in read_url_list(data).entries] == ["https://e.org/новости", "https://e.org/b"]


def test_gzip_is_unpacked_and_a_bomb_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(read_url_list(gzip.compress(b"https://e.org/a")).entries) == 1
    monkeypatch.setattr(urllists, "MAX_BYTES", 1_000)
    assert read_url_list(gzip.compress(b"x" * 100_000)).error == "too_large"
    assert read_url_list(b"https://e.org/" + b"x" * 1_000).error == NOT_A_LIST


def test_the_cap_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urllists, "MAX_ENTRIES", 2)
    reading = read_url_list(b"".join(b"https://e.org/%d\n" % n for n in range(3)))
    assert (len(reading.entries), reading.partial) == (2, True)
    assert "more than 2" in reading.detail
    whole = read_url_list(b"https://e.org/1\nhttps://e.org/2\n# end\n")
    assert (len(whole.entries), whole.partial) == (2, False)


def test_a_file_is_absolute_or_under_the_seeds(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("https://e.org/a\n")
    assert len(read_url_file(str(file)).entries) == 1
    missing = read_url_file(str(tmp_path / "none.txt"))
    assert (missing.error, missing.entries) == ("unreadable", ())
    assert "none.txt" in missing.detail
    assert list_path("lists/a.txt").parts[-3:] == ("seeds", "lists", "a.txt")
    assert [is_file(place) for place in ("HTTPS://e.org/l", "lists/a.txt", "/etc/hosts")] == [False, True, True]


@given(st.binary(max_size=300))
def test_whatever_the_bytes_every_entry_is_an_address(data: bytes) -> None:
    reading = read_url_list(data)
    assert all(entry.url.lower().startswith(("http://", "https://")) for entry in reading.entries)
    assert not (reading.error and reading.entries)
