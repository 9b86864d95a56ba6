"""CC-NEWS over a loopback server that speaks it: its index of paths, ranges of its files, and what a night takes."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from schemas.backfill import Holding
from schemas.discovery import SourceProbe
from schemas.run import Run, Window
from schemas.source import Source
from tasks.web.fetching.session import Web
from tasks.web.http.response import Response
from tasks.web.http.throttle import Throttle
from tasks.web.imports.ccnews import read_files
from tasks.web.imports.owners import Taken
from tasks.web.imports.warcs import take_record
from tasks.web.searches.ccnews import NOT_PATHS, read_index, read_paths
from tests.unit.web.conftest import MakeSettings, MakeSource
from tests.unit.web.imports.test_warcs import Page, body_of, write_warc
from tests.unit.web.server import Server, answer
from tests.unit.web.services import API, Crawl, cc_news, serve

NAME = "CC-NEWS-20240301004512-00017.warc.gz"
DAY = Window(date(2024, 3, 1), date(2024, 3, 1))
RUN = Run("nightly", DAY, datetime(2024, 3, 1, 22, tzinfo=UTC), "0.1.0")
NOON = "2024-03-01T12:00:00Z"
PAGES = [
    Page("/1", body_of("Shells hit Idlib"), NOON, "paper.example"),
    Page("/2", body_of("Nothing of it"), NOON, "paper.example"),
    Page("/3", body_of("قصف على إدلب"), NOON, "arabic.example"),
    Page("/4", body_of("Idlib again"), "2024-03-02T00:00:01Z", "paper.example"),
    Page("/5", body_of("The last of IDLIB"), NOON, "other.example"),
]
Read = Callable[..., tuple[list[SourceProbe], list[Holding]]]


@pytest.fixture
def web(make_settings: MakeSettings) -> Web:
    return Web(make_settings(), throttle=Throttle())


@pytest.fixture
def finder(make_source: MakeSource) -> Source:
    return make_source(searches=(cc_news("idlib OR إدلب"),), feeds=())


@pytest.fixture
def read(make_settings: MakeSettings, finder: Source, tmp_path: Path) -> Read:
    def run(*names: str, **changes: Any) -> tuple[list[SourceProbe], list[Holding]]:
        web = Web(make_settings(**changes), throttle=Throttle())
        urls = [f"{API}/crawl-data/CC-NEWS/2024/03/{name}" for name in names]
        files = list(read_files(web, RUN, finder, urls, DAY, tmp_path / "spool"))
        return [probe for probe, _ in files], [holding for _, some in files for holding in some]

    return run


def test_the_index_of_each_month_names_the_files_of_the_days(server: Server, web: Web, finder: Source) -> None:
    days = ("20240229235959", "20240301004512", "20240302120000", "20240303000000")
    crawl = Crawl({f"CC-NEWS-{day}-0000{n}.warc.gz": b"" for n, day in enumerate(days)})
    serve(server, crawl.speak)
    ask = partial(web.client.get, gate=web.feed_gate(finder))
    window = Window(date(2024, 2, 29), date(2024, 3, 2))
    pages = list(read_index(ask, finder.searches[0], window))
    assert [entry.url.rpartition("/")[2][8:22] for page in pages for entry in page.reading.entries] == list(days[:3])
    assert [page.url for page in pages] == [f"{API}/crawl-data/CC-NEWS/2024/0{n}/warc.paths.gz" for n in (2, 3)]
    first = pages[0].reading.entries[0]
    assert (first.modified.day, first.published.day) == (date(2024, 2, 29), None)


def test_a_month_without_an_index_ends_it(server: Server, web: Web, finder: Source) -> None:
    serve(server, Crawl({}).speak)
    ask = partial(web.client.get, gate=web.feed_gate(finder))
    (page,) = read_index(ask, finder.searches[0], Window(date(2024, 3, 1), date(2024, 4, 1)))
    assert isinstance(page.answer, Response)
    assert (page.answer.status, page.reading.entries) == (404, ())


@pytest.mark.parametrize("data", [b"<html>", b"\x1f\x8b\x08 no gzip"])
def test_what_is_no_index_is_named(data: bytes) -> None:
    assert read_paths(data, API, DAY).error == NOT_PATHS


def test_pages_that_speak_of_a_word_are_found_with_their_records(server: Server, read: Read, tmp_path: Path) -> None:
    crawl = Crawl({NAME: write_warc(tmp_path / "theirs.warc.gz", PAGES)})
    serve(server, crawl.speak)
    (probe,), holdings = read(NAME)
    assert [holding.link.url for holding in holdings] == [
        "http://arabic.example/3", "http://other.example/5", "http://paper.example/1",
    ]  # fmt: skip
    assert all(holding.archive == NAME and holding.record.startswith("<urn:uuid:") for holding in holdings)
    assert (probe.status, probe.entries, probe.error) == (206, 3, None)
    assert "1 without the words" in probe.detail
    page = take_record(holdings[0], 100_000, RUN.started_at)
    assert isinstance(page, Taken)
    assert page.answer.body == PAGES[2].body


def test_of_a_part_of_a_file_no_cut_page_is_taken(server: Server, read: Read, tmp_path: Path) -> None:
    data = write_warc(tmp_path / "theirs.warc.gz", PAGES)
    serve(server, Crawl({NAME: data}).speak)
    (probe,), holdings = read(NAME, ccnews_bytes=len(data) - 100)
    assert [holding.link.url for holding in holdings] == ["http://arabic.example/3", "http://paper.example/1"]
    assert f"the first {len(data) - 100} bytes read" in probe.detail


def test_a_night_has_its_bytes_and_its_records(server: Server, read: Read, tmp_path: Path) -> None:
    names = [f"CC-NEWS-202403010{n}0000-0000{n}.warc.gz" for n in range(4)]
    data = write_warc(tmp_path / "theirs.warc.gz", PAGES)
    crawl = Crawl(dict.fromkeys(names, data))
    serve(server, crawl.speak)
    probes, holdings = read(*names, ccnews_bytes=1_000)
    assert (len(probes), holdings) == (1, [])
    assert "3 other files not read: 1000 bytes a night (FIRSTDRAFT_CCNEWS_BYTES)" in probes[0].detail
    assert crawl.asked == [(f"/crawl-data/CC-NEWS/2024/03/{names[0]}", "bytes=0-999")]
    probes, holdings = read(*names, ccnews_records=4)
    assert (len(probes), len(holdings)) == (2, 4)
    assert "3 over the records of a night" in probes[1].detail


def test_a_large_file_is_read_range_by_range(server: Server, read: Read, tmp_path: Path) -> None:
    pages = [Page(f"/{n}", body_of(f"idlib {n}", 4 << 20), NOON, "paper.example") for n in range(6)]
    crawl = Crawl({NAME: write_warc(tmp_path / "theirs.warc.gz", pages)})
    serve(server, crawl.speak)
    _, holdings = read(NAME, max_body_bytes=10 << 20)
    assert [wanted for _, wanted in crawl.asked] == ["bytes=0-8388607", "bytes=8388608-16777215"]
    assert len(holdings) == len(pages)
    crawl.asked.clear()
    crawl.ranges = False
    (probe,), holdings = read(NAME, max_body_bytes=10 << 20)
    assert 0 < len(holdings) < len(pages)
    assert probe.detail.startswith("the server gives no ranges")


def test_a_file_that_is_away_is_named_and_the_next_is_read(server: Server, read: Read, tmp_path: Path) -> None:
    crawl = Crawl({NAME: write_warc(tmp_path / "theirs.warc.gz", PAGES)})
    serve(server, crawl.speak)
    probes, holdings = read(NAME.replace("00017", "00016"), NAME)
    assert [(probe.status, probe.error, probe.entries) for probe in probes] == [(404, "not_found", 0), (206, None, 3)]
    assert len(holdings) == 3


def test_a_part_nobody_asked_for_is_no_page(server: Server, web: Web, finder: Source, tmp_path: Path) -> None:
    crawl = Crawl({NAME: write_warc(tmp_path / "theirs.warc.gz", PAGES)})
    serve(server, lambda talk: talk.say(answer_of(crawl, talk.request.path)))
    got = web.client.get(f"{API}/crawl-data/CC-NEWS/2024/03/{NAME}", gate=web.feed_gate(finder))
    assert isinstance(got, Response)
    assert (got.status, got.body) == (206, b"")


def answer_of(crawl: Crawl, path: str) -> bytes:
    status, body, headers = crawl.answer(path, {"range": "bytes=0-99"})
    return answer(body, status=status, headers=headers)
