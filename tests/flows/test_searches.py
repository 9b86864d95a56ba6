"""A night with finders: outlets found by searches on loopback are asked politely, kept, and counted apart."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from rich.console import Console

from benchmarks.site import Farm, Heard, Reply, say
from schemas.backfill import Archives
from schemas.run import Run, Window
from schemas.settings import Settings
from tasks.care.verify import verify
from tasks.console.trace import show_trace
from tasks.warehouse.care.checks import state_hash
from tasks.warehouse.publish.trace import trace
from tasks.warehouse.store.connect import open_reader
from tests.unit.text.page.pdfs import paragraph, pdf
from tests.unit.web.imports.test_warcs import Page, write_warc
from tests.unit.web.services import Crawl

DAY, DELAY = date(2024, 3, 1), 0.05
RUN = Run("nightly", Window(DAY, DAY), datetime(2024, 3, 1, 22, tzinfo=UTC), "0.1.0")
HOSTS = ("home.test", "api.test", "www.found.test", "other.test", "rested.test")
KEY = "a-key-of-ours"
#: What the index of each service knows of, in order.
GDELT = [
    "http://home.test/named-by-feed", "http://home.test/found-only", "http://www.found.test/news/1",
    "http://www.found.test/private/2", "http://127.0.0.1/admin", "http://other.test/report.pdf", "http://other.test/b",
    "http://rested.test/page", "http://api.test/opaque",
]  # fmt: skip
STORIES = ["http://www.found.test/news/1", "http://www.found.test/news/3", "http://other.test/c", "http://other.test/d"]


COUNTED = """SELECT source_id, discovered_by, family, r.discovered
    FROM run_sources r JOIN sources USING (source_id) ORDER BY source_id"""
OF_REPORT = """SELECT l.event_id FROM event_links l JOIN mentions USING (mention_id) JOIN articles a USING (article_id)
    WHERE a.canonical_url LIKE '%report.pdf'"""
ENDED = "SELECT reason, count(*) FROM fetches WHERE source_id IN ('a-gdelt', 'b-stories') GROUP BY reason"


FIRST = [
    "The situation in the north of the country was tense this week, our field staff report.",
    "Markets stayed open, and convoys with aid crossed from the west.",
]
SECOND = [
    "On Thursday, gunmen attacked a checkpoint in Aleppo and killed three soldiers,",
    "witnesses said. Two attackers fled in a car, and the army closed the road for hours.",
]
#: An event on the second of its pages.
REPORT = pdf(
    [
        [(72, 715, 20, "Gunmen kill three soldiers in Aleppo"), *paragraph(FIRST, top=660)],
        paragraph(SECOND, top=700),
    ],
    CreationDate="D:20240301080000Z",
)


def page(path: str) -> bytes:
    day = found[0] if (found := re.findall(r"\d{4}-\d\d-\d\d", path)) else str(DAY)
    told = (
        f"At least seven people were killed on Thursday when shells hit a market in Idlib, people said. Story {path}."
    )
    more = f" Rescuers worked through the night at {path} and carried the wounded to a hospital in the city. " * 4
    head = f"<title>Shelling kills seven: {path}</title><meta property='article:published_time' content='{day}'>"
    return f"<html lang=en><head>{head}</head><body><article><h1>Shelling kills seven: {path}</h1><p>{told}</p><p>{more}</p></article></body></html>".encode()  # noqa: E501


def speak(heard: Heard) -> Reply:
    path, _, query = heard.path.partition("?")
    if heard.host == "api.test":
        return _service(path, parse_qs(query), heard.headers.get("authorization", ""))
    if path == "/robots.txt":
        return say(200, b"User-agent: *\nDisallow: /private\n", media="text/plain")
    if path == "/feed":
        items = "".join(
            f"<item><link>http://home.test/{p}</link></item>" for p in ("named-by-feed", *map(str, range(6)))
        )
        return say(200, f'<rss version="2.0"><channel>{items}</channel></rss>'.encode(), media="text/xml")
    return say(200, REPORT, media="application/pdf") if path == "/report.pdf" else say(200, page(heard.path))


def _service(path: str, asked: dict[str, list[str]], authorization: str) -> Reply:
    if path == "/doc":
        start = asked["startdatetime"][0]
        seen = [{"url": url, "title": "T", "seendate": "20240301T120000Z"} for url in GDELT]
        return _json({"articles": seen} if start.startswith("20240301") else {})
    if authorization != f"Token {KEY}":
        return _json({"detail": "no key"}, 403)
    begin = int(asked.get("pagination_token", ["0"])[0])
    stories = [{"url": url, "title": "T", "publish_date": "2024-03-01"} for url in STORIES[begin : begin + 3]]
    return _json({"stories": stories, "pagination_token": "3" if begin == 0 else None})


def _json(told: object, status: int = 200) -> Reply:
    return say(status, json.dumps(told).encode(), media="application/json")


def entry(name: str, host: str, **more: object) -> dict[str, object]:
    base = {"id": name, "name": name, "family": name, "country": "SY", "language": "en", "delay_seconds": DELAY}
    return base | {"homepage": f"http://{host}/"} | more


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Farm, Settings]]:
    monkeypatch.setenv("FIRSTDRAFT_MEDIA_CLOUD_KEY", KEY)
    gdelt = {"kind": "gdelt", "url": "http://api.test/doc", "query": "idlib"}
    stories = {"kind": "mediacloud", "url": "http://api.test/api", "query": "idlib"}
    listed = [
        entry("home-en", "home.test", feeds=[{"url": "http://home.test/feed"}]),
        entry("rested-en", "rested.test", enabled=False),
        entry("a-gdelt", "gdelt.test", searches=[gdelt]),
        entry("b-stories", "stories.test", searches=[stories]),
    ]
    (tmp_path / "sources.yml").write_text(yaml.safe_dump(listed))
    with Farm(speak) as farm:
        yield (
            farm,
            Settings(
                data_dir=tmp_path / "data",
                sources_file=tmp_path / "sources.yml",
                allow_loopback=True,
                connect_to=dict.fromkeys(HOSTS, f"127.0.0.1:{farm.port}"),
                found_share=0.4,
                site=False,
                workers=0,
            ),
        )


def test_outlets_found_are_asked_politely_and_counted(night: tuple[Farm, Settings]) -> None:
    from flows.ingest import ingest  # noqa: PLC0415 - the environment comes first
    from flows.rebuild import rebuild_from  # noqa: PLC0415
    from tasks.reference.seeds.sources import select_sources  # noqa: PLC0415

    farm, settings = night
    summary = ingest(RUN, select_sources(settings.sources_file), settings)
    with open_reader(settings) as con:
        rows = con.execute(COUNTED).fetchall()
        reasons = dict(con.execute(ENDED).fetchall())
        found = con.execute("SELECT url FROM fetches WHERE found_in = 'search' AND outcome = 'stored' ORDER BY 1")
        stored = [url for (url,) in found.fetchall()]
        outlets = con.execute("SELECT site, pages, stored, articles FROM found_outlets").fetchall()
        (event_id,) = con.execute(OF_REPORT).fetchone() or ("",)
        told = trace(con, event_id)
        state = state_hash(con)
    # 7 pages of the feed, and with found_share=0.4 at most 4 of unreviewed outlets: 2 of each finder.
    assert rows == [
        ("a-gdelt", "", "a-gdelt", 5),
        ("b-stories", "", "b-stories", 1),
        ("found-found-test-en", "a-gdelt", "unknown", 2),
        ("found-other-test-en", "a-gdelt", "unknown", 2),
        ("home-en", "", "home-en", 8),
    ]
    assert reasons == {"not_asked": 1, "url": 2, "over_share": 3}
    assert summary.discovered == sum(summary.outcomes.values()) == 18
    assert stored == [
        "http://home.test/found-only", "http://other.test/c", "http://other.test/report.pdf",
        "http://www.found.test/news/1", "http://www.found.test/news/3",
    ]  # fmt: skip
    assert outlets == [("https://found.test/", 2, 2, 2), ("https://other.test/", 2, 2, 2)]
    (mention,) = told.mentions
    assert (mention.page, len(mention.version.page_starts)) == (2, 2)
    assert mention.sentence.startswith("On Thursday, gunmen attacked a checkpoint in Aleppo and killed three soldiers")
    assert (mention.version.extractor, told.event.killed_best) == ("pdfminer.six", 3)
    printed = StringIO()
    show_trace(Console(file=printed, width=200), told)
    assert re.search(r"page\s+2 of 2", printed.getvalue())
    assert_polite(farm.heard)
    fresh = settings.data_dir / "again.duckdb"
    rebuilt = rebuild_from(settings, fresh)
    assert (rebuilt.state_hash, rebuilt.findings) == (state, ())
    assert not [finding for finding in verify(settings).findings if finding.damaged]


#: What GDELT knows of each day: a page of a known outlet, one of an outlet found, and one found again the day after.
PAST = [date(2024, 2, 28) + timedelta(days=number) for number in range(6)]
WINDOWS = [(day, day + timedelta(days=1)) for day in PAST[::2]]
OF_WINDOWS = """SELECT r.window_start, r.window_end, list(f.url ORDER BY f.url) FILTER (f.outcome = 'stored')
    FROM runs r JOIN fetches f USING (run_id) GROUP BY ALL ORDER BY ALL"""


def seen_on(day: date) -> list[str]:
    again = [f"http://www.found.test/{day - timedelta(days=1)}/b"] if day > PAST[0] else []
    return [f"http://home.test/{day}/a", f"http://www.found.test/{day}/b", *again]


def test_a_backfill_asks_a_finder_for_each_of_its_windows_and_none_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.backfill import backfill, plan_backfill  # noqa: PLC0415 - the environment comes first

    asked: list[tuple[str, str]] = []

    def speak_of_days(heard: Heard) -> Reply:
        path, _, query = heard.path.partition("?")
        if path == "/old":
            return say(200, b'<rss version="2.0"><channel></channel></rss>', media="text/xml")
        if heard.host != "api.test" or path != "/doc":
            return speak(heard)
        between = parse_qs(query)
        start, end = between["startdatetime"][0], between["enddatetime"][0]
        asked.append((start, end))
        within = [day for day in PAST if start <= f"{day:%Y%m%d}120000" <= end]
        seen = [(url, day) for day in within for url in seen_on(day)]
        return _json(
            {"articles": [{"url": url, "title": "T", "seendate": f"{day:%Y%m%d}T120000Z"} for url, day in seen]}
        )

    gdelt = {"kind": "gdelt", "url": "http://api.test/doc", "query": "idlib"}
    feeds = [{"url": "http://home.test/old"}]
    listed = [entry("home-en", "home.test", feeds=feeds), entry("a-gdelt", "gdelt.test", searches=[gdelt])]
    (tmp_path / "sources.yml").write_text(yaml.safe_dump(listed))
    with Farm(speak_of_days) as farm:
        settings = {
            "DATA_DIR": str(tmp_path / "data"), "SOURCES_FILE": str(tmp_path / "sources.yml"), "ALLOW_LOOPBACK": "true",
            "CONNECT_TO": json.dumps(dict.fromkeys(HOSTS, f"127.0.0.1:{farm.port}")), "FOUND_SHARE": "1",
            "SITE": "false", "WORKERS": "0",
        }  # fmt: skip
        for name, value in settings.items():
            monkeypatch.setenv(f"FIRSTDRAFT_{name}", value)
        plan = plan_backfill(PAST[0], PAST[-1], None, 2, Archives())
        assert [(one.window.start, one.window.end) for one in plan.windows] == WINDOWS
        assert not [one for one in farm.heard if one.host in {"home.test", "www.found.test"} and "2024" in one.path]
        asked.clear()
        first = backfill(PAST[0], PAST[1], None, 2)
        rest = backfill(PAST[0], PAST[-1], None, 2)
        assert (len(first), len(rest)) == (1, 2)
        assert asked == [(f"{start:%Y%m%d}000000", f"{end:%Y%m%d}235959") for start, end in WINDOWS]
        requests = len(farm.heard)
        assert backfill(PAST[0], PAST[-1], None, 3) == ()
        assert len(farm.heard) == requests
    with open_reader(Settings()) as con:
        by_window = con.execute(OF_WINDOWS).fetchall()
        outlets = con.execute("SELECT site, discovered_by, stored FROM found_outlets").fetchall()
    assert by_window == [
        (start, end, sorted(f"http://{host}/{day}/{name}" for day in (start, end) for host, name in OUTLETS))
        for start, end in WINDOWS
    ]
    assert outlets == [("https://found.test/", "a-gdelt", len(PAST))]
    assert all(summary.discovered == sum(summary.outcomes.values()) for summary in (*first, *rest))


OUTLETS = (("home.test", "a"), ("www.found.test", "b"))


CRAWLED = {
    "http://home.test/found-only": "2024-03-01T09:00:00Z", "http://www.found.test/news/1": "2024-03-01T09:00:01Z",
    "http://www.found.test/news/3": "2024-03-01T09:00:02Z", "http://other.test/b": "2024-03-02T00:00:01Z",
}  # fmt: skip
NEWS = "CC-NEWS-20240301004512-00017.warc.gz"
TAKEN = """SELECT f.url, f.source_id, c.archive, c.archive_record LIKE '<urn:uuid:%', c.archived_at::DATE
    FROM fetches f JOIN captures c USING (capture_id) WHERE c.archive IS NOT NULL ORDER BY f.url"""


def test_pages_of_cc_news_are_taken_from_its_archive_and_their_outlets_not_asked(tmp_path: Path) -> None:
    from flows.ingest import ingest  # noqa: PLC0415 - the environment comes first
    from flows.rebuild import rebuild_from  # noqa: PLC0415
    from tasks.reference.seeds.sources import select_sources  # noqa: PLC0415

    pages = [Page(urlsplit(u).path, page(u), when, urlsplit(u).netloc) for u, when in CRAWLED.items()]
    crawl = Crawl({NEWS: write_warc(tmp_path / "theirs.warc.gz", pages)})

    def speak_of_it(heard: Heard) -> Reply:
        if heard.host != "api.test":
            return speak(heard)
        status, body, headers = crawl.answer(heard.path, heard.headers)
        return say(status, body, media="application/octet-stream", **headers)

    news = {"kind": "ccnews", "url": "http://api.test/", "query": "idlib"}
    feeds = [{"url": "http://home.test/feed"}]
    listed = [entry("home-en", "home.test", feeds=feeds), entry("a-news", "news.test", searches=[news])]
    (tmp_path / "sources.yml").write_text(yaml.safe_dump(listed))
    with Farm(speak_of_it) as farm:
        settings = Settings(
            data_dir=tmp_path / "data", sources_file=tmp_path / "sources.yml", allow_loopback=True, found_share=0.4,
            connect_to=dict.fromkeys(HOSTS, f"127.0.0.1:{farm.port}"), site=False, workers=0,
        )  # fmt: skip
        summary = ingest(RUN, select_sources(settings.sources_file), settings)
    with open_reader(settings) as con:
        rows = con.execute(TAKEN).fetchall()
        outlets = con.execute("SELECT site, discovered_by, pages, stored, articles FROM found_outlets").fetchall()
        state = state_hash(con)
    assert rows == [
        ("http://home.test/found-only", "home-en", NEWS, True, DAY),
        ("http://www.found.test/news/1", "found-found-test-en", NEWS, True, DAY),
        ("http://www.found.test/news/3", "found-found-test-en", NEWS, True, DAY),
    ]
    assert outlets == [("https://found.test/", "a-news", 2, 2, 2)]
    assert summary.discovered == sum(summary.outcomes.values()) == 10
    assert {one.host for one in farm.heard} == {"home.test", "api.test"}
    assert "/found-only" not in {one.path for one in farm.heard}
    own = [one for one in farm.heard if one.host == "api.test"]
    assert all(after.begun - before.ended >= DELAY for before, after in pairwise(own))
    assert not settings.spool_dir.exists()
    rebuilt = rebuild_from(settings, settings.data_dir / "again.duckdb")
    assert (rebuilt.state_hash, rebuilt.findings) == (state, ())
    assert not [finding for finding in verify(settings).findings if finding.damaged]


def assert_polite(heard: list[Heard]) -> None:
    for host in HOSTS:
        own = [one for one in heard if one.host == host]
        gaps = [after.begun - before.ended for before, after in pairwise(own)]
        assert all(gap >= DELAY for gap in gaps), (host, gaps)
        if host in {"www.found.test", "other.test"}:
            assert own[0].path == "/robots.txt"
    assert not [one for one in heard if one.path.startswith("/private") or one.host in {"rested.test", "127.0.0.1"}]
    assert {urlsplit(one.path).path for one in heard if one.host == "api.test"} == {"/doc", "/api/search/story-list"}
