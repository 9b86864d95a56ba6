"""Feeds meant to do harm, and feeds written badly: each ends soon, with its reason, and what is good of it is kept."""

import time
from collections.abc import Callable

import pytest

from tasks.web.readers import feedparse
from tasks.web.readers.feeds import MAX_ENTRIES, NOT_A_FEED, TOO_SLOW, read_feed
from tasks.web.readers.feedtext import as_utf8
from tests.unit.web.readers.test_readers import item, rss

HEAD = b'<?xml version="1.0"?>'


def doctype(subset: str, body: bytes = b"") -> bytes:
    return HEAD + f"<!DOCTYPE r [{subset}]>".encode() + (body or rss(item("/a", title="&a9;"))[len(HEAD) :])


def laughs() -> bytes:
    lines = ['<!ENTITY a0 "lol">'] + [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    return doctype("".join(lines))


def attributes() -> bytes:
    return rss("<item " + " ".join(f'a{n}="1"' for n in range(100_000)) + "/>")


def nested() -> bytes:
    return rss("<a>" * 1_000_000)


#: What is refused by its structure: the catalogue's, and their kin.
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "billion laughs": (laughs, "entities that expand"),
    "one long entity many times": (lambda: doctype(f'<!ENTITY a9 "{"x" * 5000}">'), "entities that expand"),
    "300 entities": (
        lambda: doctype("".join(f"<!ENTITY e{n} 'x'>" for n in range(300))), "entities that expand",
    ),
    "100,000 attributes": (attributes, "a tag with more than"),
    "1,000,000 nested elements": (nested, "more than 200000 tags"),
    "150 nested elements": (lambda: rss("<a>" * 150 + "</a>" * 150), "nested deeper"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_bomb_is_refused_within_a_second(name: str) -> None:
    make, said = REFUSED[name]
    data, started = make(), time.process_time()
    reading = read_feed(data)
    assert (reading.error, reading.entries) == (NOT_A_FEED, ())
    assert said in reading.detail
    assert time.process_time() - started < 1


def test_of_200_000_items_the_first_are_kept() -> None:
    data = rss(*[item(f"/{n}") for n in range(200_000)])
    assert len(data) > 20_000_000
    started = time.process_time()
    reading = read_feed(data)
    assert time.process_time() - started < 1
    assert (reading.error, reading.partial, len(reading.entries)) == (None, True, MAX_ENTRIES)
    assert reading.entries[-1].url.endswith(f"/{MAX_ENTRIES - 1}")
    assert reading.detail == f"more than {MAX_ENTRIES} entries, the rest left out"


def test_what_no_check_foresees_is_stopped_by_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feedparse, "MAX_CPU_SECONDS", 1)
    reading = read_feed(rss(f"<item><author>{'a.b' * 33_000}</author></item>"))
    assert (reading.error, reading.detail) == (TOO_SLOW, "reading it takes more than 1 s of processor time")
    monkeypatch.setattr(feedparse, "MAX_SECONDS", 0.01)
    reading = read_feed(rss(*[item(f"/{n}") for n in range(500)]))
    assert (reading.error, reading.detail) == (TOO_SLOW, "not read within 0.01 s")
    monkeypatch.undo()
    monkeypatch.setattr(feedparse, "MAX_MEMORY", 50 * 1024 * 1024)
    reading = read_feed(rss(item("/a", title="x" * 9_000_000)))
    assert reading.error == TOO_SLOW
    assert "50 MiB" in reading.detail or "failed" in reading.detail


def test_here_and_apart_the_same_is_read() -> None:
    items = [item(f"/{n}", title=f"Взрыв {n} \U0001f600") for n in range(100)]
    assert len(rss(*items)) > feedparse.HERE_UP_TO
    assert read_feed(rss(*items)).entries[:9] == read_feed(rss(*items[:9])).entries


def test_no_file_and_no_address_is_read() -> None:
    subset = '<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY h SYSTEM "http://127.0.0.1:9/x">'
    reading = read_feed(doctype(subset, rss(item("/a", title="&f;&h;"))[len(HEAD) :]))
    assert "root:" not in str(reading)
    external = HEAD + b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/r.dtd">' + rss(item("/a"))[len(HEAD) :]
    assert len(read_feed(external).entries) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"<!doctype html><html><head><title>Just a moment...</title></head><body>Checking</body></html>",
        b"<!-- a --><!-- b -->\n<html><body><item><link>http://e.org/a</link></item></body></html>",
        HEAD + b'<html xmlns="http://www.w3.org/1999/xhtml"><body>Log in</body></html>',
        b"<!--" + b"-->x<!--" * 600,
        HEAD + b"<error>rate limited</error>",
    ],
)
def test_a_page_in_a_feeds_place_is_no_feed(data: bytes) -> None:
    reading = read_feed(data)
    assert (reading.error, reading.entries) == (NOT_A_FEED, ())
    assert reading.detail


@pytest.mark.parametrize("cut", [200, 60, 30])
def test_a_feed_cut_off_keeps_its_good_items(cut: int) -> None:
    reading = read_feed(rss(*(item(f"/{n}") for n in range(10)))[:-cut])
    assert (len(reading.entries) >= 8, reading.partial, reading.error) == (True, True, None)


RUSSIAN = "Взрыв прогремел у рынка в северном городе, сообщили местные жители и врачи больницы"


@pytest.mark.parametrize(
    ("encode", "declare", "told"),
    [
        ("cp1251", "utf-8", "read as cp125"),
        ("cp1251", "windows-1251", ""),
        ("cp1251", "no-such-code", "read as cp125"),
        ("utf-8", "utf-16", "declared utf-16, is UTF-8"),
        ("utf-8", "windows-1251", "declared windows-1251, is UTF-8"),
        ("utf-16", "utf-16", ""),
        ("utf-16-le", "utf-16", ""),
        ("utf-8-sig", "utf-8", ""),
    ],
)
def test_a_lie_about_the_encoding_is_seen_through(encode: str, declare: str, told: str) -> None:
    text = rss(*(item(f"/{n}", title=RUSSIAN) for n in range(9))).decode()
    reading = read_feed(text.replace("?>", f' encoding="{declare}"?>', 1).encode(encode))
    assert [entry.title for entry in reading.entries] == [RUSSIAN] * 9
    assert told in reading.detail
    assert bool(reading.detail) == bool(told)


def test_one_bad_byte_does_not_change_the_alphabet() -> None:
    data = rss(item("/a", title=RUSSIAN), item("/b", title="x")).replace(b">x<", b">\xff<")
    reading = read_feed(data)
    assert reading.entries[0].title == RUSSIAN
    assert reading.detail == "1 characters are no UTF-8"
    assert as_utf8(b"\x1b$B%K%e!<%9\x1b(B", "text/xml; charset=iso-2022-jp")[0].decode().endswith("ニュース")


@pytest.mark.parametrize(
    "data",
    [
        b"\n\n \t" + rss(item("/a")),
        b"\xef\xbb\xbf\n" + rss(item("/a")),
        rss(item("/a")) + b"<script>junk()</script>",
        rss(item("/a")) + b"\0\0\0",
        rss(item("/a", title="A\x00B\x08C")),
        rss(item("/a", title="Tom & Jerry &nbsp; &unknown;")),
        rss(item("/a")).replace(b"</channel></rss>", b""),
    ],
)
def test_untidy_feeds_are_read(data: bytes) -> None:
    reading = read_feed(data)
    assert [entry.url for entry in reading.entries] == ["http://news.firstdraft.test/a"]
    assert reading.error is None


def test_what_was_odd_is_told() -> None:
    assert read_feed(rss(item("/a", title="A\x00B"))).detail == "control characters left out"
    broken = read_feed(rss(item("/a")) + b"<junk")
    assert broken.partial
    assert broken.detail.startswith("broken XML")


@pytest.mark.parametrize("point", ["1", "", "x y", "1 2 3", "nan nan"])
def test_a_place_badly_written_breaks_nothing(point: str) -> None:
    spot = f'<g:point xmlns:g="http://www.georss.org/georss">{point}</g:point>'
    assert len(read_feed(rss(item("/a") + f"<item><link>http://e.org/b</link>{spot}</item>")).entries) == 2


def test_rdf_and_its_dates() -> None:
    feed = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel/><item rdf:about="http://e.org/a">
        <link>http://e.org/a</link><title>T</title><dc:date>2023-12-11T10:00:00+03:00</dc:date></item></rdf:RDF>"""
    (entry,) = read_feed(feed).entries
    assert (entry.url, str(entry.modified.day)) == ("http://e.org/a", "2023-12-11")
