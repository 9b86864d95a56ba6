"""A night has bounds: links and minutes a source, minutes until publication; what is over them is deferred."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from schemas.fetch import Fetch, KnownPage
from schemas.link import FoundIn, Link
from schemas.memory import Memory
from schemas.outcome import Batch, Outcome, Reason, Stage
from schemas.page import Capture, FetchedPage
from schemas.run import Run
from tasks.web.discovery.survey import Survey
from tasks.web.fetching.bounds import Bounds
from tasks.web.fetching.session import Web
from tasks.web.fetching.visit import visit_batch
from tasks.web.http.throttle import Throttle
from tests.unit.web.conftest import MakeSettings, MakeSource
from tests.unit.web.hostile.case import HOME, PAGE
from tests.unit.web.hostile.feeds import item, rss, urlset
from tests.unit.web.server import Server, answer


class Clock:
    """Seconds that pass when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def day(number: int) -> str:
    return f"Mon, {number:02} Dec 2023 10:00:00 +0300"


@pytest.fixture
def made(server: Server, make_settings: MakeSettings, make_source: MakeSource) -> Any:
    def survey(run: Run, memory: Memory | None = None, links: int = 3, size: int = 100, **source: Any) -> Any:
        settings = make_settings(source_links=links, batch_size=size, read_timeout=5, total_timeout=10)
        web = Web(settings, throttle=Throttle(), run=run)
        return Survey(web, run, make_source(**source), memory or Memory()).read()

    return survey


def names(batches: tuple[Batch[Link], ...]) -> list[list[str]]:
    return [[link.url.rpartition("/")[2] for link in batch.items] for batch in batches]


def test_the_newest_links_are_asked_for_and_the_others_deferred_and_named(server: Server, made: Any, run: Run) -> None:
    items = [
        item("/old", day(9)),
        item("/new", day(11)),
        item("/mid", day(10)),
        item("/none", ""),
        item("/old2", day(9)),
    ]
    server.routes["/feed/"] = answer(rss(*items), media="application/rss+xml")
    found = made(run, feeds=[{"url": f"{HOME}/feed/"}])
    assert names(found.batches) == [["new", "none", "mid"]]
    ends = [
        (end.fetch.link.url.rpartition("/")[2], end.stage, end.outcome, end.reason) for end in found.batches[0].settled
    ]
    over = Stage.DISCOVER, Outcome.DEFERRED, Reason.OVER_LINKS
    assert ends == [("old", *over), ("old2", *over)]
    assert "FIRSTDRAFT_SOURCE_LINKS=3" in found.batches[0].settled[0].detail
    assert "2 links deferred" in found.probes[-1].detail
    assert len(found) == 5


def test_a_backfill_has_no_next_night_and_no_bounds(server: Server, made: Any, run: Run) -> None:
    server.routes["/feed/"] = answer(rss(*[item(f"/{n}", day(10)) for n in range(9)]), media="application/rss+xml")
    found = made(replace(run, origin="backfill"), feeds=[{"url": f"{HOME}/feed/"}])
    assert [len(batch.items) for batch in found.batches] == [9]
    assert found.batches[0].settled == ()


def test_night_after_night_every_link_of_a_long_sitemap_gets_its_turn(server: Server, made: Any, run: Run) -> None:
    """Pages that were held are left out, pages that were refused stand behind: neither keeps the others waiting."""
    server.routes["/map.xml"] = answer(urlset(*[f"{HOME}/{n}" for n in range(10)]), media="application/xml")
    memory, asked = Memory(), []
    for _ in range(4):
        found = made(run, memory, sitemaps=[f"{HOME}/map.xml"])
        keys = [link.canonical_url for batch in found.batches for link in batch.items]
        asked += keys
        held = {key: KnownPage(key, "cap", "0" * 64, None, None) for key in keys[:2]}
        memory = replace(memory, pages={**memory.pages, **held}, refused=memory.refused | set(keys[2:]))
    assert Counter(asked) >= Counter({f"{HOME}/{n}": 1 for n in range(10)})


def test_batches_worked_on_side_by_side_take_the_newest_first(server: Server, made: Any, run: Run) -> None:
    items = [item(f"/{n}", f"Mon, 11 Dec 2023 {n:02}:00:00 +0300") for n in range(6)]
    server.routes["/feed/"] = answer(rss(*items), media="application/rss+xml")
    found = made(run, links=100, size=2, feeds=[{"url": f"{HOME}/feed/"}])
    assert names(found.batches) == [["5", "2"], ["4", "1"], ["3", "0"]]


@pytest.mark.parametrize(("minutes", "told"), [((1, 100), "SOURCE_MINUTES=1"), ((100, 1), "NIGHT_MINUTES=1")])
def test_when_the_minutes_are_over_nothing_more_is_asked(
    server: Server,
    make_settings: MakeSettings,
    make_source: MakeSource,
    run: Run,
    minutes: tuple[int, int],
    told: str,
) -> None:
    settings = make_settings(source_minutes=minutes[0], night_minutes=minutes[1], read_timeout=5, total_timeout=10)
    clock = Clock()
    web = Web(settings, throttle=Throttle(), run=run)
    web.bounds = Bounds(run, settings, clock)
    server.routes |= {"/a": answer(PAGE), "/feed/": answer(rss(item("/x")), media="application/rss+xml")}
    links = tuple(Link("news-en", f"{HOME}/{n}", f"{HOME}/{n}", FoundIn.FEED, HOME) for n in "ab")
    source = make_source(feeds=[{"url": f"{HOME}/feed/"}])
    assert web.bounds.over(source.id) is None
    clock.now = 59.0
    first = visit_batch(web, run, source, Batch("news-en", 0, links[:1]), Memory())
    assert len(first.items) == 1
    clock.now = 61.0
    asked = len(server.heard)
    later = visit_batch(web, run, source, Batch("news-en", 1, links), Memory())
    assert {(end.outcome, end.reason) for end in later.settled} == {(Outcome.DEFERRED, Reason.OVER_TIME)}
    assert all(told in end.detail for end in later.settled)
    found = Survey(web, run, source, Memory()).read()
    assert (found.probes[0].error, told in found.probes[0].detail) == ("over_time", True)
    assert len(server.heard) == asked, "nobody was asked"
    others = make_source(id="other-en")
    assert (web.bounds.over(others.id) is None) == (minutes[0] == 1), "a source's minutes are its own"


def test_a_run_that_is_no_night_has_all_the_time_it_needs(make_settings: MakeSettings, run: Run) -> None:
    clock = Clock()
    bounds = Bounds(replace(run, origin="backfill"), make_settings(), clock)
    assert bounds.over("news-en") is None
    clock.now = 1e9
    assert bounds.over("news-en") is None


def unread(run: Run, key: str) -> FetchedPage:
    link = Link("news-en", key, key, FoundIn.FEED, HOME)
    at = datetime(2023, 12, 10, tzinfo=UTC)
    return FetchedPage(
        Fetch(run.run_id, link, at, status=200), Capture(key, "0" * 64, 9, "text/html", at, "run_0", "a.warc.gz", 0, 9)
    )


@pytest.mark.parametrize(
    ("says", "again"),
    [
        (answer(status=304), True),
        (answer(PAGE, status=503), True),
        (answer(status=410), False),
        (answer(PAGE), False),
    ],
)
def test_a_page_nobody_could_read_is_handed_on_again_unless_there_is_news_of_it(
    server: Server, make_settings: MakeSettings, make_source: MakeSource, run: Run, says: bytes, again: bool
) -> None:
    server.routes["/a"] = says
    web = Web(make_settings(read_timeout=5, total_timeout=10), throttle=Throttle(), run=run)
    key = f"{HOME}/a"
    page = unread(run, key)
    memory = Memory(pages={key: KnownPage(key, "cap", "0" * 64, '"v1"', None)}, unread={key: page})
    got = visit_batch(web, run, make_source(), Batch("news-en", 0, (page.fetch.link,)), memory)
    assert len(got) == 1
    assert (got.items == (page,)) == again


def test_a_page_nobody_could_read_is_asked_for_though_nobody_offers_it(server: Server, made: Any, run: Run) -> None:
    server.routes["/feed/"] = answer(rss(item("/x")), media="application/rss+xml")
    key = f"{HOME}/a"
    memory = Memory(unread={key: unread(run, key)})
    found = made(run, memory, feeds=[{"url": f"{HOME}/feed/"}])
    assert sorted(names(found.batches)[0]) == ["a", "x"]
    assert names(made(run, memory, id="other-en", feeds=[{"url": f"{HOME}/feed/"}]).batches) == [["x"]]
    assert run.window.end == date(2023, 12, 11)
