"""Every border that foreign bytes cross, as a function of bytes that checks what they were made into.

``BORDERS`` is used twice: by Hypothesis in ``make test`` (``test_borders.py``), and by a fuzzer that is guided by
coverage, for minutes before a release (``guided.py``).
"""

import io
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from schemas.article import Article
from schemas.backfill import WarcFile
from schemas.fetch import Fetch
from schemas.link import FoundIn, Link
from schemas.memory import Memory
from schemas.outcome import Outcome, Refusal
from schemas.page import Capture, FetchedPage
from schemas.run import Run, Window
from schemas.settings import Settings
from schemas.source import Source
from tasks.text.article import read_article
from tasks.web.archive.records import Records, as_sent
from tasks.web.discovery.endpoints import Endpoint
from tasks.web.discovery.survey import Survey
from tasks.web.fetching.reservations import read_rules, rule_for
from tasks.web.fetching.robots import read_robots
from tasks.web.fetching.session import Web
from tasks.web.http.client import place_of, retry_after
from tasks.web.http.decode import gunzip
from tasks.web.http.framing import one_line
from tasks.web.http.response import FetchError, Response
from tasks.web.imports import cdx
from tasks.web.imports.owners import Owners
from tasks.web.imports.warcs import survey_file, take_record
from tasks.web.readers.entries import Entry, Reading
from tasks.web.readers.feeds import read_feed
from tasks.web.readers.listings import read_listing
from tasks.web.readers.sitemaps import read_sitemap
from tasks.web.readers.stamps import read_stamp
from tasks.web.readers.urllists import read_url_list
from tasks.web.readers.wordpress import read_posts
from tasks.web.urls.canonical import canonical_url

HOME = "https://news.firstdraft.test"
NOW = datetime(2023, 12, 11, 22, tzinfo=UTC)
RUN = Run("nightly", Window(date(2023, 12, 9), date(2023, 12, 11)), NOW, "0.1.0")
#: The farthest zones east and west: there the calendar ends a day early.
ZONES = ("Pacific/Kiritimati", "Asia/Damascus", "UTC", "Pacific/Pago_Pago")
LIMIT = 1 << 20
WORDS = "Two soldiers were killed near Riverton on Monday when gunmen opened fire on a checkpoint, officials said. "


@dataclass(frozen=True)
class Border:
    """What is done with bytes on one border, and some bytes to begin with."""

    check: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


@cache
def sources() -> tuple[Source, ...]:
    common = {"name": "N", "family": "n", "country": "SY", "language": "en", "homepage": f"{HOME}/"}
    return tuple(
        Source.model_validate({"id": f"news-{number}", "timezone": zone, **common}) for number, zone in enumerate(ZONES)
    )


def answer_of(
    body: bytes, status: int = 200, phrase: str = "OK", headers: tuple[tuple[str, str], ...] = ()
) -> Response:
    asked = (("Host", "news.firstdraft.test"),)
    return Response(f"{HOME}/a", f"{HOME}/a", status, phrase, headers, asked, body, body, NOW, "192.0.2.1")


def judge(reading: Reading, found_in: FoundIn) -> None:
    """Every entry of a reading comes to one end, in every zone."""
    for source in sources():
        survey = Survey(Web(Settings()), RUN, source, Memory())
        endpoint = Endpoint(found_in, f"{HOME}/feed")
        ids, _ = survey._take(reading, endpoint, endpoint.url, RUN.window)
        batches = list(survey._batches())
        links = sum(len(batch) for batch in batches)
        assert links == len({*survey._found}) <= len(reading.entries)
        assert len(ids) <= len(reading.entries)
        assert all(end.outcome in (Outcome.REJECTED, Outcome.DEFERRED) for batch in batches for end in batch.settled)


def message(data: bytes) -> None:
    """A reason phrase, header lines and a body, kept and read back."""
    phrase, _, rest = data.partition(b"\n")
    head, _, body = rest.partition(b"\n\n")
    lines = [line.partition(b":") for line in head.split(b"\n") if line]
    headers = tuple((one_line(n.decode("latin-1")) or "X", one_line(v.decode("latin-1"))) for n, _, v in lines)
    records = Records()
    begins = records.add_answer(answer_of(body, phrase=phrase.decode("latin-1"), headers=headers))
    # The next record would end the reading of this one.
    record = next(iter(ArchiveIterator(io.BytesIO(records.data[begins:]), no_record_parse=True)))
    kept = record.raw_stream.read()
    assert kept.endswith(b"\r\n\r\n" + body)
    framed = {"transfer-encoding", "content-length"}
    assert all(as_sent(f"{n}: {v}\r\n") in kept for n, v in headers if n.lower() not in framed)


def address(data: bytes) -> None:
    """An address as some document gives it: asked for, kept, judged."""
    url = data.decode("utf-8", "replace")
    key = canonical_url(url, base=HOME)
    assert key is None or canonical_url(key) == key
    if not isinstance(place_of(url), FetchError):  # else nothing is asked for, so nothing is kept
        Records().add_answer(Response(url, url, 200, "OK", (), (("Host", "x"),), b"b", b"b", NOW, ""))
    judge(Reading((Entry(url),)), FoundIn.FEED)


def stamp(data: bytes) -> None:
    """A date of a feed, a header, a WARC record or a page."""
    words = data.decode("utf-8", "replace")
    read = read_stamp(words)
    judge(Reading((Entry(f"{HOME}/a", published=read), Entry(f"{HOME}/b", modified=read))), FoundIn.SITEMAP)
    wait = retry_after(words, NOW)
    assert wait is None or 0 <= wait <= 86_400
    page(f'<meta property="article:published_time" content="{words}"><p>{WORDS * 4}</p>'.encode())


def robots(data: bytes) -> None:
    rules = read_robots(answer_of(data))
    if not isinstance(rules, FetchError):
        rules.can_fetch(f"{HOME}/a?b=c", "firstdraft")
        rules.crawl_delay("firstdraft")


def reservation(data: bytes) -> None:
    rule_for(read_rules(answer_of(data)), "/" + "a" * 300)


def listing(data: bytes) -> None:
    listed = cdx.read_listing(data)
    assert listed.error or listed.bad + len(listed.rows) >= 0
    for row in listed.rows:
        cdx._holding(row, sources()[0], Owners(sources()[:1]), f"{HOME}/cdx")


def warc(data: bytes) -> None:
    """A file given as WARC: scanned, and what it holds taken."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.warc"
        path.write_bytes(data)
        survey = survey_file(WarcFile(path, 0, len(data)), Owners(sources()[:1]), frozenset({"news-0"}))
        for held in survey.holdings:
            take_record(held, LIMIT, NOW)


def page(data: bytes) -> None:
    link = Link("news-0", f"{HOME}/a", f"{HOME}/a", FoundIn.FEED, HOME)
    capture = Capture(link.url, "0" * 64, len(data), "text/html", NOW, "run", "a.warc.gz", 0, 0)
    fetched = FetchedPage(Fetch("run", link, NOW, status=200, final_url=link.url, content_type="text/html"), capture)
    got = read_article(fetched, data, sources()[0], canonical_url)
    assert isinstance(got, Article | Refusal)


def section(data: bytes) -> None:
    judge(read_listing(data, f"{HOME}/s", "a"), FoundIn.SECTION)


def _unzip(data: bytes) -> None:
    got = gunzip(data, LIMIT)
    assert isinstance(got, FetchError) or len(got) <= LIMIT


_RECORD = (
    b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2023-12-11T10:00:00Z\r\n"
    b"WARC-Target-URI: https://news.firstdraft.test/a\r\nContent-Type: application/http; msgtype=response\r\n"
    b"Content-Length: 83\r\n\r\nHTTP/1.1 200 Tr\xe8s bien\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n"
    b"<html>a b</html>\r\n\r\n"
)
_DATES = (
    "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "1990-01-01", "2023-12-11",
    "Mon, 11 Dec 2023 10:00:00 +0300", "Fri, 31 Dec 9999 23:59:59 -1400", "0000-00-00", "1709460000", "2024-02-30",
    "2023-12-11T24:00:00Z", "2023-12-11T10:00:60Z", "\u0669\u0669\u0669\u0669-12-31", "120", "-5", "inf",
)  # fmt: skip
_ITEM = b"<item><title>T</title><link>https://news.firstdraft.test/a</link><pubDate>%s</pubDate></item>"
_FEED = b'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>%s</channel></rss>'

BORDERS: dict[str, Border] = {
    "message": Border(message, (b"Tr\xe8s bien\nX-\xe9: \xff\nTransfer-Encoding: chunked\n\nbody", b"\n\n\n")),
    "address": Border(address, ("http://x/\u0623\u062e\u0628\u0627\u0631".encode(), b"/caf\xe9?a=%zz#\x85", b"http://[::1")),
    "date": Border(stamp, tuple(words.encode() for words in _DATES)),
    "feed": Border(
        lambda data: judge(read_feed(data), FoundIn.FEED),
        (*(_FEED % (_ITEM % words.encode()) for words in _DATES[:3]), b'<?xml encoding="punycode"?><rss>\xff-a',
         _FEED % b"<item><title>&#xD800;&amp;#56320;</title><link>/a</link></item>"),
    ),
    "json feed": Border(
        lambda data: judge(read_feed(data), FoundIn.FEED),
        (json.dumps({"version": "jsonfeed.org", "items": [{"url": "/a", "date_published": _DATES[0]}]}).encode(),),
    ),
    "posts": Border(
        lambda data: judge(read_posts(data), FoundIn.LIST),
        (json.dumps([{"link": "/a", "date_gmt": "9999-12-31T23:59:59", "title": {"rendered": "<b>T"}}]).encode(),),
    ),
    "sitemap": Border(
        lambda data: judge(read_sitemap(data, LIMIT), FoundIn.SITEMAP),
        tuple(
            b"<urlset><url><loc>/a</loc><lastmod>%s</lastmod></url>" % words.encode()
            for words in (*_DATES[:3], "&#xD800;")
        ),
    ),
    "list": Border(
        lambda data: judge(read_url_list(data), FoundIn.LIST), (b"https://news.firstdraft.test/a\t9999-12-31\n#",)
    ),
    "section": Border(section, (b'<base href="http://["><a href="/a">T<time datetime="9999-12-31T23:59:59Z"></a>',)),
    "robots": Border(robots, (b"User-agent: *\nDisallow: *a*a*b$\nCrawl-delay: nan\nRequest-rate: 1/0\n\xff",)),
    "reservation": Border(reservation, (b'[{"location": "*a*a*a*a*ab", "tdm-reservation": 1}]', b"[" * 200)),
    "captures": Border(
        listing,
        (b"org,e)/a 99991231235959 https://news.firstdraft.test/a text/html 200 A 1", b'[["timestamp"],[],["k"]]',
         b'org,e)/a 20231211 {"url": "https://news.firstdraft.test/a", "timestamp": "20231211000000"}'),
    ),
    "warc": Border(
        warc,
        tuple(_RECORD.replace(b"2023-12-11T10:00:00Z", words) for words in
              (b"2023-12-11T10:00:00Z", b"9999-12-31T23:59:59-12:00", b"0001-01-01T00:00:00+14:00", b"\xff")),
    ),
    "gzip": Border(_unzip, (b"\x1f\x8b\x08\x00" + bytes(16), b"\x1f\x8b" * 20)),
    "page": Border(page, (f"<html><title>T\x07</title><p>{WORDS * 4}&#7;</p>".encode(), b"<p>\xff\xfe<table>" * 9)),
}  # fmt: skip
