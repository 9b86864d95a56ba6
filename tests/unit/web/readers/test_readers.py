"""Feeds, sitemaps and section pages, good and bad."""

import gzip
import json
import time

import pytest

from tasks.web.readers.entries import Reading
from tasks.web.readers.feeds import NO_ENTRIES, NOT_A_FEED, read_feed
from tasks.web.readers.feedtext import MAX_DEPTH
from tasks.web.readers.listings import BAD_SELECTOR, NO_MATCH, read_listing
from tasks.web.readers.sitemaps import NOT_A_SITEMAP, read_sitemap


def rss(*items: str) -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>N</title>{"".join(items)}</channel></rss>'.encode()


def item(path: str, date: str = "Mon, 11 Dec 2023 10:00:00 +0300", title: str = "A title") -> str:
    link = f"http://news.firstdraft.test{path}"
    return f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate></item>"


def test_rss() -> None:
    reading = read_feed(
        rss(item("/a", title="Two &lt;b&gt;dead&lt;/b&gt;\n in Homs"), "<item><title>No link</title></item>")
    )
    first, second = reading.entries
    assert (first.url, first.title) == ("http://news.firstdraft.test/a", "Two dead in Homs")
    assert first.published.raw == "Mon, 11 Dec 2023 10:00:00 +0300"
    assert first.published.instant is not None
    assert first.published.instant.isoformat() == "2023-12-11T07:00:00+00:00"
    assert first.modified.raw is None
    assert (second.url, second.published.raw) == ("", None)
    assert (reading.error, reading.partial) == (None, False)


def test_entries_of_one_id_are_several_and_an_id_may_be_the_address() -> None:
    reading = read_feed(
        rss(
            "<item><link>https://e.org/1</link><guid isPermaLink='false'>entry</guid></item>",
            "<item><link>https://e.org/2</link><guid isPermaLink='false'>entry</guid></item>",
            "<item><guid isPermaLink='false'>https://e.org/3</guid></item>",
            "<item><guid>tag:e.org,2023:4</guid></item>",
            "<item><link>https://e.org/5<![CDATA[?a=b&c=d]]></link></item>",
        )
    )
    addresses = ["https://e.org/1", "https://e.org/2", "https://e.org/3", "tag:e.org,2023:4", "https://e.org/5?a=b&c=d"]
    assert [entry.url for entry in reading.entries] == addresses


def test_atom() -> None:
    reading = read_feed(
        b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title><entry><title>T</title>
        <link rel="enclosure" href="/x.mp3"/><link href="/a"/><updated>2023-12-12T01:00:00Z</updated>
        <published>2023-12-11T22:30:00-05:00</published></entry></feed>"""
    )
    (entry,) = reading.entries
    assert (entry.url, str(entry.published.day), str(entry.modified.day)) == ("/a", "2023-12-11", "2023-12-12")


def test_rss_in_cyrillic_of_another_age() -> None:
    feed = rss(item("/a", title="Взрыв в Алеппо")).decode().replace("?>", ' encoding="windows-1251"?>', 1)
    assert read_feed(feed.encode("cp1251"), "application/rss+xml").entries[0].title == "Взрыв в Алеппо"


def test_json_feed() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {"url": "https://e.org/a", "title": "T", "date_published": "2023-12-11T10:00:00+03:00"},
            {"external_url": "https://e.org/b", "date_published": 1709460000},
            "no item",
        ],
    }
    one, two = read_feed(json.dumps(feed).encode()).entries
    assert (one.url, str(one.published.instant)) == ("https://e.org/a", "2023-12-11 07:00:00+00:00")
    assert (two.url, two.published.raw) == ("https://e.org/b", None)


@pytest.mark.parametrize("date", ["1709460000", "12:00", "0000-00-00", "Mon, 11 Dec 2023 10:00:00 +9999", "yesterday"])
def test_dates_are_not_invented(date: str) -> None:
    (entry,) = read_feed(rss(item("/a", date))).entries
    assert (entry.published.instant, entry.published.day, entry.published.raw) == (None, None, date)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"  \n",
        b"<!doctype html><html><head><title>Just a moment...</title></head><body>Checking</body></html>",
        b"<html><body><a href='/a'>news</a></body></html>",
        b"<?xml version='1.0'?><error>gone</error>",
        b"Service unavailable",
        b'{"error": "rate limited"}',
        b"[1, 2]",
        b'{"items": ' + b"[" * 100_000,
        b"<rss><channel>" + b"<a>" * (MAX_DEPTH + 1),
        b"<rss><channel>" + b"<a>" * 200_001,
        b"<rss><channel " + b" ".join(b'a%d="1"' % n for n in range(5000)) + b"/></rss>",
        b"<rss><broken><channel " + b" ".join(b"a%d='1'" % n for n in range(5000)) + b"/></rss>",
    ],
)
def test_what_is_no_feed_is_an_error_and_no_silence(data: bytes) -> None:
    started = time.monotonic()
    reading = read_feed(data)
    assert (reading.error, reading.entries) == (NOT_A_FEED, ())
    assert reading.detail
    assert time.monotonic() - started < 0.5


def test_a_feed_of_no_items_is_silence_and_no_error() -> None:
    assert read_feed(rss()) == Reading(detail=NO_ENTRIES)


def test_a_feed_cut_off_keeps_what_came() -> None:
    reading = read_feed(rss(*(item(f"/{n}") for n in range(10)))[:-200])
    assert len(reading.entries) >= 8
    assert reading.partial
    assert "broken" in reading.detail


def test_an_entity_bomb_and_a_local_file_come_to_nothing() -> None:
    head = (
        '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    )
    feed = rss(item("/a", title="&b;&f;")).decode().replace("?>", f"?>{head}", 1).encode()
    assert "root:" not in str(read_feed(feed))
    urlset = f"{head}<urlset><url><loc>http://e.org/&f;</loc></url><url><loc>http://e.org/b</loc></url></urlset>"
    assert "root:" not in str(read_sitemap(urlset.encode(), 10_000))


SITEMAP = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
  <url><loc> https://e.org/a </loc><lastmod>2023-12-12</lastmod>
    <news:news><news:publication><news:name>N</news:name></news:publication>
      <news:publication_date>2023-12-11T10:00:00+03:00</news:publication_date>
      <news:title>Two dead</news:title></news:news>
    <image:image><image:loc>https://e.org/a.jpg</image:loc><image:title>A photo</image:title></image:image></url>
  <url><loc>https://e.org/b</loc></url>
  <url><lastmod>2023-12-12</lastmod></url>
</urlset>"""


@pytest.mark.parametrize("data", [SITEMAP, gzip.compress(SITEMAP), b"\n\n" + SITEMAP])
def test_a_news_sitemap(data: bytes) -> None:
    first, second = read_sitemap(data, 10_000).entries
    assert (first.url, first.title) == ("https://e.org/a", "Two dead")
    assert (str(first.published.day), str(first.modified.day)) == ("2023-12-11", "2023-12-12")
    assert (second.url, second.title, second.published.raw) == ("https://e.org/b", None, None)


def test_a_sitemap_index() -> None:
    reading = read_sitemap(
        b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://e.org/1.xml.gz</loc>
        <lastmod>2023-12-11T00:00:00Z</lastmod></sitemap><sitemap><loc>https://e.org/2.xml</loc></sitemap></sitemapindex>""",
        10_000,
    )
    assert [child.url for child in reading.children] == ["https://e.org/1.xml.gz", "https://e.org/2.xml"]
    assert reading.entries == ()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", NOT_A_SITEMAP),
        (b"<html><body>Just a moment</body></html>", NOT_A_SITEMAP),
        (b"nothing", NOT_A_SITEMAP),
        (gzip.compress(bytes(1_000_000)), "too_large"),
        (gzip.compress(SITEMAP)[:-20], "truncated"),
    ],
)
def test_what_is_no_sitemap(data: bytes, error: str) -> None:
    assert read_sitemap(data, 10_000).error == error


PAGE = b"""<html><head><title>Politics</title></head><body><nav><a href="/about">About</a></nav>
<article><h2><a href="/2023/a">First <b>story</b></a></h2></article>
<article><a href="/2023/b">Second</a></article><article><a href="#top">up</a></article>
<article><a href="/2023/a">First again</a></article><article><a href="http://[::1">broken</a></article></body></html>"""


@pytest.mark.parametrize("selector", ["article a", "article"])
def test_a_section_page(selector: str) -> None:
    reading = read_listing(PAGE, "https://e.org/politics/", selector)
    assert [(entry.url, entry.title) for entry in reading.entries] == [
        ("https://e.org/2023/a", "First story"),
        ("https://e.org/2023/b", "Second"),
        ("http://[::1", "broken"),
    ]


def test_a_base_counts() -> None:
    page = PAGE.replace(b"<head>", b'<head><base href="//cdn.e.org/x/">').replace(b"/2023/", b"2023/")
    assert read_listing(page, "https://e.org/", "article a").entries[0].url == "https://cdn.e.org/x/2023/a"


def test_a_selector_that_finds_nothing_says_so() -> None:
    reading = read_listing(PAGE, "https://e.org/", ".story a")
    assert reading.error == NO_MATCH
    assert "Politics" in reading.detail
    assert read_listing(PAGE, "https://e.org/", "a[[").error == BAD_SELECTOR
