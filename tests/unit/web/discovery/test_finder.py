"""From a front page to an entry: what is declared, what is guessed, and what is refused."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from schemas.checkup import Sighting, State
from schemas.errors import FirstdraftError
from schemas.source import Feed, Source
from tasks.web.discovery.finder import FEED_PATHS, Wishes, find_source, twin_of
from tasks.web.fetching.session import Web
from tasks.web.http.throttle import Throttle
from tasks.web.readers.homepage import language_code, read_homepage
from tests.unit.web.conftest import MakeSettings, MakeSource
from tests.unit.web.server import Server, answer
from tests.unit.web.sites import HOME, feed, index, moved, page, posts, robots, urlset, wordpress_site

NOW = datetime(2023, 12, 12, tzinfo=UTC)
Find = Callable[..., Sighting]


class Routes(dict[str, Any]):
    """Routes that know the WordPress list of posts by its path alone."""

    def get(self, key: str, default: Any = None) -> Any:
        bare = urlsplit(key).path
        return super().get(key, super().get(bare if "/wp/v2/posts" in bare else key, default))


@pytest.fixture
def find(server: Server, make_settings: MakeSettings) -> Find:
    def run(routes: dict[str, Any], url: str = f"{HOME}/", *known: Source, **wishes: Any) -> Sighting:
        server.routes = Routes(routes)
        web = Web(make_settings(), throttle=Throttle())
        return find_source(web, url, Wishes(**{"delay_seconds": 0, **wishes}), known, NOW)

    return run


def test_a_site_that_declares_everything(find: Find, server: Server) -> None:
    found = find(wordpress_site() | {"/wp-json/wp/v2/posts": posts("/a")}, country="SY")
    source = found.source
    assert (source.id, source.name, source.family) == ("the-news-en", "The News", "the-news")
    assert (source.language, source.country, source.timezone) == ("en", "SY", "Asia/Damascus")
    assert source.feeds == (Feed(url=f"{HOME}/feed/", verified_on=date(2023, 12, 12)),)
    assert source.sitemaps == (f"{HOME}/news-sitemap.xml",)
    assert source.archive_sitemaps == (f"{HOME}/sitemap_index.xml",)
    assert source.wordpress == f"{HOME}/wp-json/"
    assert source.last_verified == date(2023, 12, 12)
    assert {finding.source_id for finding in found.findings} == {"the-news-en"}
    assert all(finding.state is not State.DOWN for finding in found.findings)
    assert "/comments/feed/" not in server.paths
    asked = next(path for path in server.paths if "/wp/v2/posts" in path)
    assert parse_qs(urlsplit(asked).query)["per_page"] == ["10"]


def test_a_site_that_declares_nothing_is_tried_at_the_usual_paths(find: Find, server: Server) -> None:
    found = find(
        {
            "/": page(lang=""),
            "/rss.xml": feed("/a"),
            "/wp-sitemap.xml": index("/posts.xml"),
            "/posts.xml": urlset("/a", lastmod="2023-12-11"),
        },
        language="ar",
    )
    assert [feed.url for feed in found.source.feeds] == [f"{HOME}/rss.xml"]
    assert (found.source.sitemaps, found.source.archive_sitemaps) == ((), (f"{HOME}/wp-sitemap.xml",))
    assert (found.source.wordpress, found.source.language, found.source.id) == (None, "ar", "the-news-ar")
    assert "/feed.xml" not in server.paths, "no further path is tried once there is a feed"
    assert all(finding.state is not State.DOWN for finding in found.findings), "what was only guessed is no fault"


def test_guesses_ask_robots_and_what_is_declared_does_not(find: Find, server: Server) -> None:
    closed = robots("User-agent: *\nDisallow: /feed\nDisallow: /rss\nDisallow: /wp-json\n")
    found = find({"/": page(), "/robots.txt": closed, "/feed/": feed("/a"), "/rss": feed("/a")})
    assert found.source.feeds == ()
    assert not [path for path in server.paths if path.startswith(("/feed/", "/rss", "/wp-json"))]
    head = '<link rel="alternate" type="application/rss+xml" href="/feed/">'
    assert len(find({"/": page(head), "/robots.txt": closed, "/feed/": feed("/a")}).source.feeds) == 1


def test_without_a_feed_a_sitemap_of_the_whole_site_serves_every_run(find: Find) -> None:
    found = find({"/": page(), "/sitemap.xml": urlset("/a", lastmod="2023-12-11")})
    assert (found.source.feeds, found.source.sitemaps) == ((), (f"{HOME}/sitemap.xml",))
    assert any("no feed was found" in note for note in found.notes)


def test_a_challenge_in_a_feeds_place_is_no_feed(find: Find) -> None:
    head = '<link rel="alternate" type="application/rss+xml" href="/feed/">'
    found = find({"/": page(head), "/feed/": page(title="Just a moment...")})
    assert found.source.feeds == ()
    (finding,) = (finding for finding in found.findings if finding.kind == "feed")
    assert (finding.state, finding.problem.partition(":")[0]) == (State.DOWN, "not_a_feed")
    assert finding.advice


def test_a_feed_may_be_given_instead_of_a_front_page(find: Find) -> None:
    found = find({"/deep/rss.php": feed("/a")}, f"{HOME}/deep/rss.php", language="en")
    assert (found.source.homepage, found.source.feeds[0].url) == (f"{HOME}/", f"{HOME}/deep/rss.php")
    assert found.source.name == "news.firstdraft.test"


def test_an_address_without_a_scheme_is_tried_by_https_first(find: Find, server: Server) -> None:
    assert find({"/": page()}, "news.firstdraft.test").source.homepage == f"{HOME}/"
    assert server.connections > len(server.heard), "a connection that spoke TLS came before"


@pytest.mark.parametrize(
    ("routes", "url", "told"),
    [
        ({"/": answer(status=403)}, f"{HOME}/", "blocked.*FIRSTDRAFT_CONTACT_URL"),
        ({"/robots.txt": robots("User-agent: *\nDisallow: /\n"), "/": page()}, f"{HOME}/", "robots"),
        ({"/robots.txt": answer(status=503), "/": page()}, f"{HOME}/", "robots_unreachable"),
        ({"/": answer(status=301, headers={"Location": "http://other.test/"})}, f"{HOME}/", "offsite.*other"),
        ({}, "file:///etc/passwd", "not the address of a site"),
        ({}, "http://127.0.0.1:1/", "port|unreachable"),
        ({}, "http://169.254.169.254/latest/meta-data/", "address"),
    ],
)
def test_a_site_that_cannot_be_read_says_why(find: Find, routes: dict[str, Any], url: str, told: str) -> None:
    with pytest.raises(FirstdraftError, match=told):
        find(routes, url)


def test_country_and_language_are_told_or_said_to_be_unknown(find: Find) -> None:
    found = find({"/": page(lang="")})
    assert (found.source.country, found.source.language) == ("XX", "und")
    assert sum("--country" in note or "--language" in note for note in found.notes) == 2
    assert find({"/": page()}, country="sy").source.timezone == "Asia/Damascus"


def test_id_and_family_look_at_the_sources_there_are(find: Find, make_source: MakeSource) -> None:
    taken = make_source(id="the-news-en", family="owner", language="ar", homepage=f"{HOME}/ar/")
    found = find({"/": page()}, f"{HOME}/", taken)
    assert found.source.id == "firstdraft-test-en"
    assert found.source.family == "owner"
    assert find({"/": page()}, f"{HOME}/", taken, id="mine").source.id == "mine"


def test_what_a_hostile_page_says_is_checked(find: Find) -> None:
    head = (
        '<meta property="og:site_name" content="' + "x" * 9_000 + '">'
        '<link rel="alternate" type="application/rss+xml" href="http://169.254.169.254/feed">'
        '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">'
        '<link rel="alternate" type="application/rss+xml" href="/a b">'
        '<link rel="https://api.w.org/" href="http://127.0.0.1:1/wp-json/">'
    )
    found = find({"/": page(head, lang="x" * 50)}, language="en")
    assert len(found.source.name) == 100
    assert (found.source.feeds, found.source.wordpress) == ((), None)
    assert {finding.problem.partition(":")[0] for finding in found.findings} <= {"address", "port", "unreachable"}


def test_twins(make_source: MakeSource) -> None:
    def other(**changes: Any) -> Source:
        return make_source(**{"id": "old", "homepage": "https://old.test/", **changes})

    one = make_source(feeds=[{"url": "https://www.e.org/feed/"}], sitemaps=["https://e.org/news.xml"])
    same_feed = other(feeds=[{"url": "http://e.org/feed?utm_source=x"}], language="ar")
    assert twin_of(one, [other(), same_feed]) == (same_feed, "https://www.e.org/feed/")
    assert twin_of(one, [other(homepage="https://www.news.firstdraft.test")]) is not None
    assert twin_of(one, [other(homepage="https://www.news.firstdraft.test", language="ar")]) is None
    assert twin_of(one, [other(sitemaps=["https://e.org/news.xml"])]) is not None
    assert twin_of(one, [other(sitemaps=["https://e.org/news.xml"], language="ar")]) is None
    assert twin_of(one, [other(archive_sitemaps=["https://e.org/news.xml"])]) is None


def test_a_moved_feed_and_links_to_feeds_in_the_page(find: Find) -> None:
    body = '<a href="/rss.xml">RSS</a><a href="http://elsewhere.test/feed/">not ours</a><a href="/feedback">no</a>'
    found = find({"/": page(body=body), "/rss.xml": moved("/new.xml"), "/new.xml": feed("/a")})
    assert [feed.url for feed in found.source.feeds] == [f"{HOME}/rss.xml"]
    (finding,) = (finding for finding in found.findings if finding.kind == "feed")
    assert (finding.state, finding.problem) == (State.WARNING, f"moved to {HOME}/new.xml")


def test_the_usual_paths_are_asked_below_the_front_page_first(find: Find, server: Server) -> None:
    find({"/en/": page()}, f"{HOME}/en/")
    asked = [path for path in server.paths if path.endswith(("/feed/", "/rss"))]
    assert asked == ["/en/feed/", "/en/rss", "/feed/", "/rss"]
    assert len([path for path in server.paths if "sitemap" in path]) == 4
    assert len(server.paths) < 2 * len(FEED_PATHS) + 12


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ('<meta property="og:site_name" content="Site"><title>T</title>', "Site"),
        ("<title>All the news of the whole wide world today | Paper</title>", "Paper"),
        ("<title>World | E org</title>", "E org"),
        ("<title>وكالة – أخبار</title>", "وكالة"),
        ("", "e.org"),
    ],
)
def test_names(html: str, name: str) -> None:
    assert read_homepage(html.encode(), "https://www.e.org/").name == name


def test_a_link_header_announces_the_api() -> None:
    told = '<https://e.org/wp-json/>; rel="https://api.w.org/", <https://e.org/>; rel=shortlink'
    assert read_homepage(b"", "https://e.org/", told).wordpress == "https://e.org/wp-json/"
    assert language_code("pt_BR") == "pt"
