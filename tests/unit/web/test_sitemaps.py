"""Sitemaps beyond the ordinary: their limits, their bombs, their breaks, and plain text."""

import gzip
import time

import pytest

from tasks.web.sitemaps import MAX_ENTRIES, read_sitemap

LIMIT = 52_428_800


def urlset(*entries: str) -> bytes:
    return f"<urlset>{''.join(f'<url>{entry}</url>' for entry in entries)}</urlset>".encode()


def loc(path: object) -> str:
    return f"<loc>https://e.org/{path}</loc>"


@pytest.mark.parametrize("more", [0, 1])
def test_fifty_thousand_are_taken_and_what_is_beyond_is_noted(more: int) -> None:
    reading = read_sitemap(urlset(*(loc(n) for n in range(MAX_ENTRIES + more))), LIMIT)
    assert (len(reading.entries), reading.partial) == (MAX_ENTRIES, bool(more))
    assert reading.detail == (f"more than {MAX_ENTRIES} entries, the rest left out" if more else "")


LINES = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
BOMB = f'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">{LINES}]>'


@pytest.mark.parametrize(
    "data",
    [
        (BOMB + "<urlset><url><loc>https://e.org/&m;</loc></url></urlset>").encode(),
        b"<urlset>" + b"<a>" * 1_000_000,
        b"<urlset><url>" + b"<a/>" * 1_000_000,
        b"<urlset " + b" ".join(b'a%d="1"' % n for n in range(100_000)) + b"/>",
        b"<urlset><url " + b" ".join(b'a%d="1"' % n for n in range(100_000)) + b"/></urlset>",
        gzip.compress(b"<urlset>" + b" " * 60_000_000, mtime=0),
        b"<!doctype html><title>Just a moment...</title>",
        b"",
        b"\x1f\x8bnot gzip",
    ],
    ids=["entities", "open", "many", "attributes", "more attributes", "gzip bomb", "a challenge", "nothing", "no gzip"],
)
def test_bombs_and_strangers_end_soon(data: bytes) -> None:
    started = time.process_time()
    reading = read_sitemap(data, LIMIT)
    assert time.process_time() - started < 1
    assert not reading.children
    assert all(len(entry.url) < 1_000 for entry in reading.entries)
    assert reading.error or reading.partial or not reading.entries or "&" not in reading.entries[0].url


def test_nothing_outside_is_read() -> None:
    head = '<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    assert "root:" not in str(read_sitemap((head + f"<urlset><url>{loc('&f;')}</url></urlset>").encode(), LIMIT))


def test_a_broken_one_keeps_what_is_good() -> None:
    reading = read_sitemap(urlset(loc("a"), loc("b?x=1&y=2"), loc("c"))[:-25], LIMIT)
    assert [entry.url for entry in reading.entries][:2] == ["https://e.org/a", "https://e.org/b?x=1=2"]
    assert reading.partial
    assert reading.detail.startswith("broken XML")


def test_an_empty_one_says_so() -> None:
    reading = read_sitemap(b"<urlset/>", LIMIT)
    assert (reading.error, reading.entries, reading.detail) == (None, (), "a sitemap without entries")


def test_a_plain_list_is_a_sitemap() -> None:
    reading = read_sitemap(b"https://e.org/a\r\nhttps://e.org/b\n\n", LIMIT)
    assert [entry.url for entry in reading.entries] == ["https://e.org/a", "https://e.org/b"]
