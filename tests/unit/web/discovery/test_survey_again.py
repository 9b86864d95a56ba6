"""The second night: what an address that has not changed offers, what is asked conditionally, and since when."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from schemas.discovery import AddressRead, Discovery
from schemas.fetch import KnownPage
from schemas.link import Link
from schemas.memory import KnownAddress, Memory, SourceState
from schemas.run import Run, Window
from tasks.web.discovery.survey import MAX_UNREAD_DAYS, Survey
from tasks.web.fetching.session import Web
from tasks.web.http.throttle import Throttle
from tests.unit.web.conftest import MakeSettings, MakeSource
from tests.unit.web.readers.test_readers import item, rss
from tests.unit.web.server import Server, Talk, answer, redirect

HOME = "http://news.firstdraft.test"
FEED = f"{HOME}/feed/"
STAMPS = {"ETag": '"v1"', "Last-Modified": "Mon, 11 Dec 2023 10:00:00 GMT"}

Ask = Callable[..., Discovery]


@pytest.fixture
def ask(make_settings: MakeSettings, make_source: MakeSource) -> Ask:
    """One survey of a source in a run that remembers something."""

    def survey(
        run: Run, memory: Memory | None = None, settings: dict[str, Any] | None = None, **changes: Any
    ) -> Discovery:
        web = Web(make_settings(**(settings or {})), throttle=Throttle())
        return Survey(web, run, make_source(**changes), memory or Memory()).read()

    return survey


def later(run: Run, days: int = 1, **changes: Any) -> Run:
    window = Window(run.window.start + timedelta(days=days), run.window.end + timedelta(days=days))
    return replace(run, started_at=run.started_at + timedelta(days=days), **{"window": window} | changes)


def links_of(found: Discovery) -> list[Link]:
    """Every link, settled or not."""
    links = [link for batch in found.batches for link in batch.items]
    return links + [end.fetch.link for batch in found.batches for end in batch.settled]


def asked_for(found: Discovery) -> list[str]:
    return [link.url for batch in found.batches for link in batch.items]


def memory_of(found: Discovery, **changes: Any) -> Memory:
    """What the warehouse would remember of a discovery."""
    links = {link.link_id: link for link in links_of(found)}

    def known(read: AddressRead) -> KnownAddress:
        names = ("url", "etag", "last_modified", "reader", "read_run_id", "read_at", "window_start", "answered_at")
        offered = tuple(links[one] for one in read.link_ids)
        return replace(KnownAddress(**{name: getattr(read, name) for name in names}, offered=offered), **changes)

    return Memory(addresses={(read.source_id, read.url): known(read) for read in found.addresses})


def fresh_or_304(body: bytes, media: str = "application/rss+xml") -> Callable[[Talk], None]:
    """An honest server: 304 to whoever shows its validator."""

    def say(talk: Talk) -> None:
        known = talk.request.headers.get("if-none-match") == STAMPS["ETag"]
        talk.say(answer(status=304, headers=STAMPS) if known else answer(body, headers=STAMPS, media=media))

    return say


def test_an_unchanged_feed_offers_its_links_again(server: Server, ask: Ask, run: Run) -> None:
    items = [item("/a"), item("/b", ""), item("/old", "Fri, 01 Dec 2023 10:00:00 GMT"), "<item><title>x</title></item>"]
    server.routes["/feed/"] = fresh_or_304(rss(*items))
    feeds = [{"url": FEED}]
    first = ask(run, feeds=feeds)
    second = ask(later(run, window=run.window), memory_of(first), feeds=feeds)
    assert [r.headers.get("if-none-match") for r in server.heard] == [None, '"v1"']
    assert server.heard[1].headers["if-modified-since"] == STAMPS["Last-Modified"]
    (probe,) = second.probes
    assert (probe.status, probe.error, probe.entries, probe.detail) == (304, None, 4, "not modified since 2023-12-11")
    assert second.reached
    assert links_of(second) == links_of(first)
    assert [(len(batch.items), len(batch.settled)) for batch in second.batches] == [(2, 2)]
    (read,) = second.addresses
    assert (read.run_id, read.read_run_id, read.etag) == (second.probes[0].run_id, first.addresses[0].run_id, '"v1"')
    assert read.link_ids == first.addresses[0].link_ids


def test_what_it_offers_is_judged_by_tonights_window(server: Server, ask: Ask, run: Run) -> None:
    entry = "<entry><link href='/c'/><updated>2023-12-09T09:00:00Z</updated></entry>"
    atom = f"<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>".encode()
    server.routes["/feed/"] = fresh_or_304(rss(item("/a")))
    server.routes["/atom"] = fresh_or_304(atom)
    feeds = [{"url": FEED}, {"url": f"{HOME}/atom"}]
    first = ask(run, feeds=feeds)
    assert asked_for(first) == [f"{HOME}/a", f"{HOME}/c"]
    second = ask(later(run, 2), memory_of(first), feeds=feeds)
    assert asked_for(second) == [f"{HOME}/a"]
    (end,) = second.batches[0].settled
    assert end.detail == "last modified 2023-12-09"
    assert {probe.status for probe in second.probes} == {304}


@pytest.mark.parametrize(
    ("days", "changes", "remembered"),
    [
        (1, {"code_version": "0.2.0"}, {}),
        (1, {"window": Window(date(2023, 12, 1), date(2023, 12, 12))}, {}),
        (MAX_UNREAD_DAYS + 1, {}, {}),
        (1, {}, {"etag": None, "last_modified": None}),
        (1, {}, {"reader": "0.1.0 h2 a"}),
    ],
)
def test_what_would_be_read_otherwise_is_asked_for_whole(
    server: Server, ask: Ask, run: Run, days: int, changes: dict[str, Any], remembered: dict[str, Any]
) -> None:
    server.routes["/feed/"] = fresh_or_304(rss(item("/a")))
    feeds = [{"url": FEED}]
    found = ask(later(run, days, **changes), memory_of(ask(run, feeds=feeds), **remembered), feeds=feeds)
    assert found.probes[0].status == 200
    assert "if-none-match" not in server.heard[1].headers


@pytest.mark.parametrize(
    "reply",
    [
        answer(b"<html><title>Just a moment...</title></html>", headers=STAMPS),
        answer(rss(item("/a"))[:-30], headers=STAMPS),
        answer(status=404, headers=STAMPS),
        answer(status=503, headers=STAMPS),
        answer(status=304, headers=STAMPS),
        answer(rss(item("/a"), item("/b")) + b" " * 100_000, headers=STAMPS),
        answer(b"<sitemapindex/>", headers=STAMPS),
    ],
)
def test_no_validator_is_kept_of_what_was_not_read_whole_and_well(
    server: Server, ask: Ask, run: Run, reply: bytes
) -> None:
    server.routes["/feed/"] = reply
    assert ask(run, feeds=[{"url": FEED}]).addresses == ()


@pytest.mark.parametrize("etag", ["x" * 600, "caf\xe9", ""])
def test_a_strange_validator_is_not_kept(server: Server, ask: Ask, run: Run, etag: str) -> None:
    server.routes["/feed/"] = answer(rss(item("/a")), headers={"ETag": etag})
    (read,) = ask(run, feeds=[{"url": FEED}]).addresses
    assert (read.etag, read.last_modified) == (None, None)


def test_an_index_is_always_read_and_its_sitemaps_are_not(server: Server, ask: Ask, run: Run) -> None:
    index = f"<sitemapindex><sitemap><loc>{HOME}/1.xml</loc></sitemap></sitemapindex>".encode()
    urlset = f"<urlset><url><loc>{HOME}/a</loc></url><url><loc>{HOME}/b</loc></url></urlset>".encode()
    server.routes |= {"/index.xml": fresh_or_304(index), "/1.xml": fresh_or_304(urlset)}
    maps = {"sitemaps": [f"{HOME}/index.xml"]}
    first = ask(run, **maps)
    second = ask(later(run), memory_of(first), **maps)
    assert [probe.status for probe in second.probes] == [200, 304]
    assert asked_for(second) == asked_for(first) == [f"{HOME}/a", f"{HOME}/b"]
    held = {f"{HOME}/a": KnownPage(f"{HOME}/a", "cap_1", "0" * 64, None, None)}
    third = ask(later(run, 2), replace(memory_of(second), pages=held), **maps)
    assert asked_for(third) == [f"{HOME}/b"]
    assert third.probes[1].detail == "not modified since 2023-12-11; 1 undated pages held already left out"


def test_a_link_found_first_elsewhere_is_still_offered_here(server: Server, ask: Ask, run: Run) -> None:
    server.routes |= {"/feed/": answer(rss(item("/a"))), "/two": fresh_or_304(rss(item("/a")))}
    feeds = [{"url": FEED}, {"url": f"{HOME}/two"}]
    memory = memory_of(ask(run, feeds=feeds))
    server.routes["/feed/"] = answer(rss(item("/b")))
    (b, a) = links_of(ask(later(run), memory, feeds=feeds))
    assert [(one.canonical_url, one.found_at) for one in (b, a)] == [
        (f"{HOME}/b", FEED),
        (f"{HOME}/a", f"{HOME}/two"),
    ]


def test_the_night_after_missed_nights_reaches_back(server: Server, ask: Ask, run: Run) -> None:
    days = ["2023-11-20", "2023-11-28", "2023-12-02", "2023-12-10"]
    server.routes["/feed/"] = answer(rss(*(item(f"/{day}", f"{day}T12:00:00+03:00") for day in days)))
    feeds = [{"url": FEED}]
    missed = Memory(states={"news-en": SourceState("news-en", last_success_at=run.started_at - timedelta(days=10))})
    assert len(asked_for(ask(run, feeds=feeds))) == 1
    assert len(asked_for(ask(run, missed, feeds=feeds))) == 2
    down = replace(
        missed, addresses={("news-en", FEED): KnownAddress(FEED, answered_at=run.started_at - timedelta(99))}
    )
    assert len(asked_for(ask(run, down, feeds=feeds))) == 4
    assert len(asked_for(ask(run, down, {"catch_up_days": 14}, feeds=feeds))) == 3
    assert len(asked_for(ask(replace(run, origin="backfill"), down, feeds=feeds))) == 1


def test_a_feed_that_moved_for_good_says_where(server: Server, ask: Ask, run: Run) -> None:
    server.routes |= {"/feed/": redirect("/new/", 301), "/new/": answer(rss(item("/a")))}
    assert ask(run, feeds=[{"url": FEED}]).probes[0].detail == f"moved for good to {HOME}/new/"
    server.routes["/feed/"] = redirect("/new/", 302)
    assert ask(run, feeds=[{"url": FEED}]).probes[0].detail == ""


def listing(*slugs: str) -> bytes:
    return answer("".join(f"<h2><a href='{slug}'>A</a></h2>" for slug in slugs).encode())


def test_a_backfill_reads_a_numbered_archive_until_it_leaves_the_window(server: Server, ask: Ask, run: Run) -> None:
    pages = {1: "/2023/12/20/a", 2: "/2023/12/10/b", 3: "/2023/12/01/c", 4: "/2023/11/20/d"}
    server.routes |= {f"/page/{number}/": listing(slug) for number, slug in pages.items()}
    sections = [{"url": f"{HOME}/", "selector": "h2 a", "archive": f"{HOME}/page/{{page}}/"}]
    found = ask(replace(run, origin="backfill"), sections=sections)
    assert [path for path in server.paths if path != "/robots.txt"] == ["/page/1/", "/page/2/", "/page/3/"]
    assert asked_for(found) == [f"{HOME}/2023/12/10/b"]
    assert len(found) == 3


def test_an_archive_that_repeats_itself_or_never_ends_is_left(
    server: Server, ask: Ask, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes |= {f"/page/{number}/": listing("/a", "/b") for number in range(1, 9)}
    sections = [{"url": f"{HOME}/", "selector": "h2 a", "archive": f"{HOME}/page/{{page}}/"}]
    ask(replace(run, origin="backfill"), sections=sections)
    assert server.paths[-1] == "/page/2/"
    server.routes |= {f"/page/{number}/": listing(f"/{number}") for number in range(1, 9)}
    for module in ("readers.listings", "discovery.survey"):
        monkeypatch.setattr(f"tasks.web.{module}.MAX_ARCHIVE_PAGES", 4)
    found = ask(replace(run, origin="backfill"), sections=sections)
    assert server.paths[-1] == "/page/4/"
    assert found.probes[-1].detail == "stopped after 4 pages"


def test_a_dated_archive_is_asked_for_each_day(server: Server, ask: Ask, run: Run) -> None:
    server.routes |= {"/2023/12/10/": listing("/x"), "/2023/12/11/": listing("/y")}
    archive = f"{HOME}/{{year}}/{{month}}/{{day}}/"
    found = ask(
        replace(run, origin="backfill"), sections=[{"url": f"{HOME}/s", "selector": "h2 a", "archive": archive}]
    )
    assert asked_for(found) == [f"{HOME}/y", f"{HOME}/x"]
    assert [probe.error for probe in found.probes] == [None, None, "not_found"]
    assert (
        ask(run, sections=[{"url": f"{HOME}/s", "selector": "h2 a", "archive": archive}]).probes[0].url == f"{HOME}/s"
    )


def test_wordpress_and_lists_are_read_too(
    server: Server, ask: Ask, run: Run, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = b'[{"link": "%s/p", "date_gmt": "2023-12-10T08:00:00", "title": {"rendered": "P"}}]' % HOME.encode()

    def say(talk: Talk) -> None:
        talk.say(answer(posts, media="application/json", headers={"X-WP-TotalPages": "1"}))

    class Routes(dict[str, Any]):
        def get(self, path: str, default: Any = None) -> Any:
            return say if path.startswith("/wp-json/wp/v2/posts") else super().get(path, default)

    server.routes = Routes({"/list.txt": answer(f"{HOME}/l\t2023-12-10\n{HOME}/old\t2020-01-01\n".encode())})
    (tmp_path / "own.txt").write_text(f"{HOME}/own\n")
    lists = [f"{HOME}/list.txt", str(tmp_path / "own.txt"), str(tmp_path / "none.txt")]
    found = ask(run, wordpress=f"{HOME}/wp-json/", url_lists=lists)
    assert asked_for(found) == [f"{HOME}/p", f"{HOME}/l", f"{HOME}/own"]
    assert [(probe.kind, probe.error) for probe in found.probes] == [
        ("wordpress", None), ("list", None), ("list", None), ("list", "unreadable"),
    ]  # fmt: skip
    assert [read.url for read in found.addresses] == [f"{HOME}/list.txt"]


def test_an_address_tells_its_day_where_nothing_else_does(server: Server, ask: Ask, run: Run) -> None:
    server.routes["/s"] = listing("/2023/12/10/in", "/2023/12/08/edge", "/2023/11/07/out", "/2199/12/31/never", "/none")
    found = ask(run, sections=[{"url": f"{HOME}/s", "selector": "h2 a"}])
    assert [url.rpartition("/")[2] for url in asked_for(found)] == ["in", "none", "edge"]
    assert [end.detail for end in found.batches[0].settled] == [
        "its address says 2023-11-07",
        "its address says 2199-12-31",
    ]
