"""A checkup: each address asked once, what is down told apart from what is odd, and something to do about either."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from schemas.checkup import Finding, State
from tasks.web.discovery.checkup import ADVICE, check_source
from tasks.web.fetching.session import Web
from tasks.web.http.throttle import Throttle
from tests.unit.web.conftest import MakeSettings, MakeSource
from tests.unit.web.discovery.test_finder import Routes
from tests.unit.web.readers.test_readers import item, rss
from tests.unit.web.server import Server, answer
from tests.unit.web.services import KEY, AnyRoute, Crawl, Index, cc_news, gdelt, media_cloud, search_feed, seconds
from tests.unit.web.sites import HOME, feed, index, moved, page, robots, urlset

NOW, LATER = datetime(2023, 12, 12, tzinfo=UTC), datetime(2024, 3, 1, tzinfo=UTC)
Check = Callable[..., dict[str, Finding]]


@pytest.fixture
def check(server: Server, make_settings: MakeSettings, make_source: MakeSource) -> Check:
    def run(routes: dict[str, Any] | None, now: datetime = NOW, **changes: Any) -> dict[str, Finding]:
        server.routes = server.routes if routes is None else Routes({"/": page(), **routes})
        web = Web(make_settings(), throttle=Throttle())
        return {finding.kind: finding for finding in check_source(web, make_source(**changes), now)}

    return run


FEED = {"feeds": [{"url": f"{HOME}/feed/"}]}
SECTION = {"sections": [{"url": f"{HOME}/news/", "selector": "h2 a"}]}


def test_what_works_is_told_with_its_figures(check: Check, tmp_path: Path) -> None:
    names = tmp_path / "list.txt"
    names.write_text(f"{HOME}/a\n")
    post = '[{"link": "http://news.firstdraft.test/a", "date_gmt": "2023-12-11T07:00:00"}]'
    found = check(
        {
            "/feed/": feed("/a", "/b"),
            "/map.xml": index("/one.xml"),
            "/one.xml": urlset("/a", lastmod="2023-12-10"),
            "/news/": page(body="<h2><a href='/a'>A</a></h2>"),
            "/wp-json/wp/v2/posts": answer(post.encode(), headers={"X-WP-Total": "812"}, media="application/json"),
        },
        **FEED,
        **SECTION,
        sitemaps=[f"{HOME}/map.xml"],
        wordpress=f"{HOME}/wp-json/",
        url_lists=[str(names)],
    )
    assert list(found) == ["robots", "feed", "sitemap", "section", "wordpress", "list"]
    assert {finding.state for finding in found.values()} == {State.OK}, [finding.problem for finding in found.values()]
    assert found["robots"].format == "no robots.txt: all allowed"
    one = found["feed"]
    assert (one.status, one.format, one.entries) == (200, "RSS", 2)
    assert one.newest == datetime(2023, 12, 11, 7, tzinfo=UTC)
    assert (found["sitemap"].format, found["sitemap"].newest) == ("index of 1", datetime(2023, 12, 10, tzinfo=UTC))
    assert found["section"].format == "selector h2 a"
    assert (found["wordpress"].format, found["wordpress"].entries) == ("REST, 812 posts", 1)
    assert (found["list"].status, found["list"].entries) == (None, 1)


SEARCHES = {"doc": gdelt("x"), "api": media_cloud("x"), "rss": search_feed("x")}


@pytest.mark.parametrize(("path", "count"), [("doc", 5), ("api", 2), ("rss", 5)])
def test_a_search_is_asked_one_call(
    server: Server, check: Check, monkeypatch: pytest.MonkeyPatch, path: str, count: int
) -> None:
    monkeypatch.setenv("FIRSTDRAFT_MEDIA_CLOUD_KEY", KEY)
    kept = Index(seconds(5, 1))
    search = SEARCHES[path]
    monkeypatch.setattr(server, "routes", AnyRoute(kept.speak))
    (finding,) = check(None, now=datetime(2024, 3, 1, 12, tzinfo=UTC), searches=(search,)).values()
    assert (finding.state, finding.entries, finding.kind) == (State.OK, count, search.kind)
    assert (len(kept.calls), finding.format) == (1, "search x")


def test_an_index_of_an_archive_is_asked_once(server: Server, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    crawl = Crawl({"CC-NEWS-20240301004512-00017.warc.gz": b"", "CC-NEWS-20240215004512-00003.warc.gz": b""})
    monkeypatch.setattr(server, "routes", AnyRoute(crawl.speak))
    found = check(None, now=datetime(2024, 3, 1, 12, tzinfo=UTC), searches=(cc_news("idlib"),))
    # The day before the first of March is in a month of its own, whose index is asked first.
    assert (found["ccnews"].state, found["ccnews"].entries) == (State.WARNING, 0)
    assert [path for path, _ in crawl.asked] == ["/crawl-data/CC-NEWS/2024/02/warc.paths.gz"]
    found = check(None, now=datetime(2024, 3, 2, 12, tzinfo=UTC), searches=(cc_news("idlib"),))
    assert (found["ccnews"].state, found["ccnews"].entries) == (State.OK, 1)


def test_a_search_that_refuses_or_wants_a_key_is_down(
    server: Server, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "routes", AnyRoute(Index(seconds(5, 1), refuse_from=1).speak))
    found = check(None, searches=(gdelt("x"), media_cloud("x")))
    assert "one every 5 seconds" in found["gdelt"].problem
    assert found["mediacloud"].problem.startswith("no_key")
    assert {finding.state for finding in found.values()} == {State.DOWN}


@pytest.mark.parametrize(
    ("routes", "changes", "kind", "problem"),
    [
        ({"/feed/": answer(status=404)}, FEED, "feed", "not_found: HTTP 404"),
        ({"/feed/": answer(status=410)}, FEED, "feed", "gone"),
        ({"/feed/": answer(status=403)}, FEED, "feed", "blocked"),
        ({"/feed/": answer(status=500)}, FEED, "feed", "server_error"),
        ({"/feed/": answer(status=429)}, FEED, "feed", "rate_limited"),
        ({"/feed/": page(title="Just a moment")}, FEED, "feed", "not_a_feed"),
        ({"/feed/": answer(b"{}")}, FEED, "feed", "not_a_feed"),
        ({"/map.xml": page()}, {"sitemaps": [f"{HOME}/map.xml"]}, "sitemap", "not_a_sitemap"),
        ({"/map.xml": index("/no.xml")}, {"sitemaps": [f"{HOME}/map.xml"]}, "sitemap", "not_found"),
        ({"/news/": page()}, SECTION, "section", "no_match"),
        ({"/wp-json/wp/v2/posts": page()}, {"wordpress": f"{HOME}/wp-json/"}, "wordpress", "not_wordpress"),
        ({"/l.txt": page()}, {"url_lists": [f"{HOME}/l.txt"]}, "list", "not_a_list"),
        ({}, {"url_lists": ["/no/such/list.txt"]}, "list", "unreadable"),
        ({}, {"feeds": [{"url": "http://10.0.0.1/feed"}]}, "feed", "address"),
        ({"/robots.txt": answer(status=503)}, FEED, "robots", "robots_unreachable"),
        ({"/robots.txt": robots("User-agent: firstdraft\nDisallow: /\n")}, FEED, "robots", "robots: disallows"),
        ({"/robots.txt": robots("User-agent: *\nCrawl-delay: 900\n")}, FEED, "robots", "crawl-delay 900 s"),
        ({"/robots.txt": robots("User-agent: *\nDisallow: /news/\n")}, SECTION, "section", "robots"),
        ({}, {}, "source", "no feed"),
    ],
)
def test_what_is_down_says_why_and_what_to_do(
    check: Check, routes: dict[str, Any], changes: dict[str, Any], kind: str, problem: str
) -> None:
    found = check(routes, **changes)[kind]
    assert found.state is State.DOWN
    assert found.problem.startswith(problem), found.problem
    assert found.advice
    assert (found.entries, found.newest) == (None, None)


@pytest.mark.parametrize(
    ("routes", "changes", "kind", "problem"),
    [
        ({"/feed/": moved("/new/"), "/new/": feed("/a")}, FEED, "feed", f"moved to {HOME}/new/"),
        ({"/feed/": feed()}, FEED, "feed", "it offers nothing"),
        (
            {"/feed/": feed("/a")},
            {**FEED, "max_age_days": 1, "now": LATER},
            "feed",
            "silent",
        ),
        ({"/feed/": answer(rss(item("/a"))[:-20])}, FEED, "feed", "broken|cut|mismatch|tag|closed|XML"),
        ({"/map.xml": urlset("/a", "/b")}, {"sitemaps": [f"{HOME}/map.xml"]}, "sitemap", "2 of 2 entries bear no date"),
        (
            {"/feed/": answer(rss("<item><title>T</title><link>https://other.example/a</link></item>", item("/a")))},
            FEED,
            "feed",
            "1 of 2 entries do not lead to its own site",
        ),
    ],
)
def test_what_is_odd_still_works(
    check: Check, routes: dict[str, Any], changes: dict[str, Any], kind: str, problem: str
) -> None:
    found = check(routes, **changes)[kind]
    assert found.state is State.WARNING
    assert any(part in found.problem for part in problem.split("|")), found.problem
    assert found.advice
    assert found.entries is not None


def test_an_archive_may_be_old_and_undated(check: Check) -> None:
    later = datetime(2030, 1, 1, tzinfo=UTC)
    found = check({"/map.xml": urlset("/a")}, now=later, archive_sitemaps=[f"{HOME}/map.xml"])
    assert found["archive_sitemap"].state is State.OK


def test_it_is_polite(check: Check, server: Server) -> None:
    closed = robots("User-agent: *\nDisallow: /news/\nCrawl-delay: 0.01\n")
    found = check({"/robots.txt": closed, "/news/": page()}, **SECTION, **FEED)
    assert "/news/" not in server.paths
    assert found["robots"].state is State.DOWN
    assert all(request.headers["user-agent"].startswith("firstdraft") for request in server.heard)


def test_there_is_advice_for_the_commonest_reasons() -> None:
    assert {"blocked", "not_a_feed", "no_match", "tls", "unreachable", "robots"} <= ADVICE.keys()
