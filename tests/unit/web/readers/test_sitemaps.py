"""Sitemaps beyond the ordinary: their limits, their bombs, their breaks, and plain text."""

import gzip
import time

import pytest

from tasks.web.readers.sitemaps import MAX_ENTRIES, read_sitemap

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
    assert [entry.url for entry in reading.entries][:2] == ["https://e.org/a", "https://e.org/b?x=1&y=2"]
    assert reading.partial
    assert reading.detail.startswith("broken XML")


def test_an_empty_one_says_so() -> None:
    reading = read_sitemap(b"<urlset/>", LIMIT)
    assert (reading.error, reading.entries, reading.detail) == (None, (), "a sitemap without entries")


def test_a_plain_list_is_a_sitemap() -> None:
    reading = read_sitemap(b"https://e.org/a\r\nhttps://e.org/b\n\n", LIMIT)
    assert [entry.url for entry in reading.entries] == ["https://e.org/a", "https://e.org/b"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("caf&eacute;-r&eacute;ouvert", "café-réouvert"),
        ("n&ordm;7-&Agrave;-vendre.html", "nº7-À-vendre.html"),
        ("?page=3&item=40", "?page=3&item=40"),
        ("?page=3&amp;item=40", "?page=3&item=40"),
        ("?q=a&unknown;b", "?q=a&unknown;b"),
        ("x<![CDATA[?page=3&item=40]]>", "x?page=3&item=40"),
        ("x&#233;&#xe9;", "xéé"),
        ("x<!-- & &eacute; -->y", "xy"),
        ("?a&", "?a&"),
    ],
)
def test_an_address_is_whole_whatever_references_it_holds(written: str, meant: str) -> None:
    reading = read_sitemap(urlset(loc(written), loc("next")), LIMIT)
    assert [entry.url for entry in reading.entries] == [f"https://e.org/{meant}", "https://e.org/next"]
    assert not reading.partial


@pytest.mark.parametrize("inside", ["a<b>c</b>d", "&mine;/a"])
def test_an_address_with_markup_or_own_entities_is_left_out_and_counted(inside: str) -> None:
    head = '<!DOCTYPE urlset [<!ENTITY mine "here">]>'
    data = head.encode() + urlset(loc(inside), loc("next"))
    reading = read_sitemap(data, LIMIT)
    assert [entry.url for entry in reading.entries] == ["https://e.org/next"]
    assert reading.detail.startswith("1 entries whose address holds markup")
    alone = read_sitemap(head.encode() + urlset(loc(inside)), LIMIT)
    assert (alone.error, alone.entries) == ("not_a_sitemap", ())


FILM = "<video:video><video:title>Film</video:title><video:publication_date>2016-02-03</video:publication_date>"
PICTURE = "<image:image><image:loc>https://e.org/1.jpg</image:loc><image:title>Levee, 1954</image:title></image:image>"
NEWS = "<news:news><news:publication_date>2023-12-10</news:publication_date><news:title>Levee</news:title></news:news>"
SPACES = " ".join(
    f'xmlns:{name}="http://www.google.com/schemas/sitemap-{name}/1.1"' for name in ("video", "image", "news")
)


@pytest.mark.parametrize("spaces", [SPACES, ""], ids=["declared", "undeclared"])
@pytest.mark.parametrize(
    ("entry", "day", "title"),
    [
        (f"{loc('a')}{FILM}</video:video>", None, None),
        (f"{PICTURE}{FILM}</video:video>{loc('a')}", None, None),
        (f"{loc('a')}{FILM}</video:video>{NEWS}", "2023-12-10", "Levee"),
        (f"{NEWS}{PICTURE}{loc('a')}", "2023-12-10", "Levee"),
        (f"<image:loc>https://e.org/1.jpg</image:loc>{loc('a')}", None, None),
        (f"{loc('a')}<news:publication_date>2023-12-10</news:publication_date>", "2023-12-10", None),
    ],
)
def test_a_films_day_and_a_pictures_title_are_not_the_pages(
    spaces: str, entry: str, day: str | None, title: str | None
) -> None:
    data = f"<urlset {spaces}><url>{entry}</url></urlset>".encode()
    found = read_sitemap(data, LIMIT).entries
    told = [(e.url, e.published.day and str(e.published.day), e.title) for e in found]
    assert told == [("https://e.org/a", day, title)]
