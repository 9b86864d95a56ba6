import gzip
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from schemas.discovery import Discovery
from schemas.link import FoundIn, Link
from schemas.memory import Memory
from schemas.outcome import Outcome, Reason, Settled
from schemas.run import Run
from tasks.web.discovery.survey import MAX_SITEMAPS, Survey
from tasks.web.fetching.session import Web
from tasks.web.http.throttle import Throttle
from tests.unit.web.conftest import MakeSettings, MakeSource
from tests.unit.web.readers.test_readers import item, rss
from tests.unit.web.server import Server, answer, redirect

ReadSource = Callable[..., Discovery]
HOME = "http://news.firstdraft.test"


def _links(found: Discovery) -> list[Link]:
    return [link for batch in found.batches for link in batch.items]


def _ends(found: Discovery) -> dict[str, tuple[Reason, str]]:
    settled: Iterable[Settled] = (end for batch in found.batches for end in batch.settled)
    assert all(end.outcome is Outcome.REJECTED for batch in found.batches for end in batch.settled)
    return {end.fetch.link.url: (end.reason, end.detail) for end in settled}


@pytest.fixture
def survey(make_settings: MakeSettings, make_source: MakeSource, run: Run) -> ReadSource:
    def read(settings: dict[str, Any] | None = None, **changes: Any) -> Discovery:
        web = Web(make_settings(**(settings or {})), throttle=Throttle())
        return Survey(web, run, make_source(**changes), Memory()).read()

    return read


def feed(server: Server, *items: str) -> dict[str, Any]:
    server.routes["/feed/"] = answer(rss(*items), media="application/rss+xml")
    return {"feeds": [{"url": f"{HOME}/feed/"}]}


def test_a_feed_becomes_links(server: Server, survey: ReadSource, run: Run) -> None:
    found = survey(**feed(server, item("/a?utm_source=rss"), item("/b", date="")))
    first, second = _links(found)
    assert (first.url, first.canonical_url) == (f"{HOME}/a?utm_source=rss", f"{HOME}/a")
    assert (first.found_in, first.found_at, first.title_hint) == (FoundIn.FEED, f"{HOME}/feed/", "A title")
    assert first.published_hint is not None
    assert first.published_raw == "Mon, 11 Dec 2023 10:00:00 +0300"
    assert second.published_hint is None
    (probe,) = found.probes
    assert (probe.kind, probe.status, probe.entries, probe.error) == ("feed", 200, 2, None)
    assert found.reached


def test_every_entry_ends_somewhere(server: Server, survey: ReadSource) -> None:
    entries = [
        item("/in"),
        item("/early", "Fri, 08 Dec 2023 20:00:00 +0000"),
        item("/late", "Tue, 12 Dec 2023 10:00:00 +0300"),
        item("/edge", "Fri, 08 Dec 2023 22:30:00 +0000"),  # already the 9th in Damascus
        item("/bad", "1709460000"),
        "<item><link>https://elsewhere.example/a</link></item>",
        "<item><link>https://arabic.firstdraft.test/a</link></item>",
        "<item><link>javascript:alert(1)</link></item>",
        "<item><link>http://127.0.0.1:22/</link></item>",
        f"<item><link>{HOME}/a/a/a/a</link></item>",
        "<item><title>nothing</title></item>",
        item("/in"),
    ]
    found = survey(**feed(server, *entries))
    assert [link.url.rpartition("/")[2] for link in _links(found)] == ["in", "bad", "a", "edge"]
    ends = _ends(found)
    assert {url: reason for url, (reason, _) in ends.items()} == {
        f"{HOME}/early": Reason.OUT_OF_WINDOW,
        f"{HOME}/late": Reason.OUT_OF_WINDOW,
        "https://elsewhere.example/a": Reason.OFFSITE,
        "http://127.0.0.1:22/": Reason.OFFSITE,
        "javascript:alert(1)": Reason.URL,
        f"{HOME}/a/a/a/a": Reason.URL,
        "": Reason.URL,
    }
    assert len(found) == 11


@pytest.mark.parametrize(
    ("path", "published", "asked"),
    [
        ("/world/2023/dec/10/levee", "Wed, 03 Feb 2016 08:00:00 GMT", True),
        ("/2023/12/10/levee", "Wed, 03 Feb 2016 08:00:00 GMT", True),
        ("/2023/december/10/levee", "", True),
        ("/world/2016/feb/03/levee", "Sun, 10 Dec 2023 08:00:00 GMT", True),
        ("/world/2016/feb/03/levee", "Wed, 03 Feb 2016 08:00:00 GMT", False),
        ("/world/2016/feb/03/levee", "", False),
        ("/2023/12/08/levee", "Fri, 08 Dec 2023 08:00:00 GMT", False),  # both say the day before the window
    ],
)
def test_neither_the_feed_nor_the_address_outvotes_the_other(
    server: Server, survey: ReadSource, path: str, published: str, asked: bool
) -> None:
    found = survey(**feed(server, item(path, published)))
    assert bool(_links(found)) is asked
    assert [reason for reason, _ in _ends(found).values()] == ([] if asked else [Reason.OUT_OF_WINDOW])


def test_batches_are_bounded_and_lose_nothing(server: Server, survey: ReadSource) -> None:
    items = [item(f"/{n}") for n in range(7)] + [item("/x", "Tue, 12 Dec 2006 10:00:00 GMT")]
    found = survey({"batch_size": 3}, **feed(server, *items))
    assert [(batch.number, len(batch.items), len(batch.settled)) for batch in found.batches] == [
        (0, 3, 1),
        (1, 2, 0),
        (2, 2, 0),
    ]
    assert len({link.url for link in _links(found)}) == 7
    assert len(survey(**feed(server)).batches) == 0


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (answer(b"<html><title>Just a moment...</title></html>"), "not_a_feed"),
        (answer(status=404), "not_found"),
        (answer(status=403, headers={"cf-mitigated": "challenge"}), "blocked"),
        (answer(status=500), "server_error"),
        (answer(status=204), "empty"),
        (redirect("/feed/"), "redirects"),
        (b"", "unreachable"),
    ],
)
def test_a_feed_that_fails_is_not_a_feed_without_news(
    server: Server, survey: ReadSource, reply: bytes, error: str
) -> None:
    changes = feed(server)
    assert survey(**changes).probes[0].error is None
    server.routes["/feed/"] = reply
    found = survey(**changes)
    assert (found.probes[0].error, found.reached, len(found)) == (error, False, 0)


def test_a_host_that_is_away_is_asked_once(survey: ReadSource) -> None:
    with Server() as closed:
        pass
    settings = {"connect_to": {"news.firstdraft.test": f"127.0.0.1:{closed.port}"}, "retries": 2}
    found = survey(settings, feeds=[{"url": f"{HOME}/{n}"} for n in range(3)], sitemaps=[f"{HOME}/sitemap.xml"])
    assert {probe.error for probe in found.probes} == {"unreachable"}
    assert "left alone" in found.probes[-1].detail
    assert not found.reached


def _urlset(*entries: tuple[str, str | None, str | None]) -> bytes:
    """Path, lastmod and news date."""
    urls = "".join(
        f"<url><loc>{HOME}{path}</loc>"
        + (f"<lastmod>{changed}</lastmod>" if changed else "")
        + (f"<n:news><n:publication_date>{date}</n:publication_date></n:news>" if date else "")
        + "</url>"
        for path, changed, date in entries
    )
    return answer(
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{urls}</urlset>'.encode()
    )


def _index(*children: tuple[str, str | None]) -> bytes:
    maps = "".join(
        f"<sitemap><loc>{path if '//' in path else HOME + path}</loc>"
        + (f"<lastmod>{changed}</lastmod>" if changed else "")
        + "</sitemap>"
        for path, changed in children
    )
    return answer(f"<sitemapindex>{maps}</sitemapindex>".encode())


def test_sitemaps_are_walked_newest_first_and_never_twice(server: Server, survey: ReadSource) -> None:
    server.routes |= {
        "/index.xml": _index(
            ("/index.xml", None), ("/old.xml", "2023-11-30"), ("/new.xml", "2023-12-11"), ("/new.xml#again", None),
            ("https://elsewhere.example/s.xml", None), ("http://10.0.0.1/s.xml", None), ("/deep1.xml", "2023-12-10"),
        ),
        "/deep1.xml": _index(("/deep2.xml", None)),
        "/deep2.xml": _index(("/deep3.xml", None)),
        "/new.xml": _urlset(
            ("/a", "2023-12-12", "2023-12-11T10:00:00+03:00"),
            ("/b", "2023-12-11", None),
            ("/c", "2023-12-01", None),
            ("/d", None, "2023-12-01"),
            ("/e", None, None),
        ),
    }  # fmt: skip
    found = survey(sitemaps=[f"{HOME}/index.xml"])
    assert server.paths == ["/index.xml", "/new.xml", "/deep1.xml", "/deep2.xml"]
    assert [link.canonical_url for link in _links(found)] == [f"{HOME}/a", f"{HOME}/b", f"{HOME}/e"]
    assert list(_ends(found)) == [f"{HOME}/d"]
    assert next(probe for probe in found.probes if "new.xml" in probe.url).detail == "1 older than the window left out"


def test_an_index_of_thousands_is_bounded(server: Server, survey: ReadSource) -> None:
    server.routes["/index.xml"] = _index(*((f"/{n}.xml", None) for n in range(MAX_SITEMAPS * 3)))
    survey(sitemaps=[f"{HOME}/index.xml"])
    assert len(server.heard) == MAX_SITEMAPS


def test_sections_obey_robots_and_feeds_are_the_operators(server: Server, survey: ReadSource) -> None:
    server.routes["/robots.txt"] = answer(b"User-agent: *\nDisallow: /feed/\nDisallow: /closed/\n")
    page = b"<title>S</title><h2><a href='/2023/a'>A</a></h2><h2><a href='//elsewhere.example/b'>B</a></h2>"
    server.routes |= {"/closed/": answer(page), "/open/": answer(page)}
    sections = [{"url": f"{HOME}/{name}/", "selector": "h2 a"} for name in ("closed", "open")]
    found = survey(**feed(server, item("/a")), sections=sections)
    assert [(probe.kind, probe.error) for probe in found.probes] == [
        ("feed", None),
        ("section", "robots"),
        ("section", None),
    ]
    assert [link.canonical_url for link in _links(found)] == [f"{HOME}/a", f"{HOME}/2023/a"]
    assert "/closed/" not in server.paths


def test_the_first_place_an_address_was_found_in_wins(server: Server, survey: ReadSource) -> None:
    server.routes["/news.xml"] = _urlset(("/a", None, "2023-12-01"), ("/b", None, "2023-12-10"))
    found = survey(**feed(server, item("/a")), sitemaps=[f"{HOME}/news.xml"])
    assert [(link.canonical_url, link.found_in) for link in _links(found)] == [
        (f"{HOME}/a", FoundIn.FEED),
        (f"{HOME}/b", FoundIn.SITEMAP),
    ]
    assert len(found) == 2


@pytest.mark.parametrize("opening", [b"<urlset>", b"", b"<html>"], ids=["a map", "nothing", "a page"])
def test_a_bomb_in_a_sitemaps_place_is_named(server: Server, survey: ReadSource, opening: bytes) -> None:
    bomb = gzip.compress(opening + b" " * 53_000_000)
    server.routes["/map.xml"] = answer(bomb, headers={"Content-Encoding": "gzip"}, media="application/xml")
    found = survey({"total_timeout": 20, "read_timeout": 10}, sitemaps=[f"{HOME}/map.xml"])
    (probe,) = found.probes
    assert probe.error in {"too_large", "not_a_sitemap"}
    assert "cut off at 52428800 bytes" in probe.detail
    assert not found.reached


@pytest.mark.parametrize(
    ("robots", "errors"),
    [(b"<html><body>Welcome</body></html>", [None, "not_robots_txt"]), (b"User-agent: *\nDisallow: /x\n", [None])],
)
def test_a_page_in_the_place_of_robots_txt_is_named(
    server: Server, make_settings: MakeSettings, make_source: MakeSource, run: Run, robots: bytes, errors: list[str]
) -> None:
    server.routes["/robots.txt"] = answer(robots)
    web = Web(make_settings(), throttle=Throttle())
    reading = Survey(web, run, make_source(**feed(server, item("/a"), item("/b"))), Memory())
    found = reading.with_robots(reading.read())
    assert [probe.error for probe in found.probes] == errors
    assert server.paths == ["/feed/", "/robots.txt"]


def test_a_page_in_the_place_of_robots_txt_is_no_sign_of_life(
    server: Server, make_settings: MakeSettings, make_source: MakeSource, run: Run
) -> None:
    server.routes["/robots.txt"] = answer(b"<html><body>Welcome</body></html>")
    web = Web(make_settings(), throttle=Throttle())
    reading = Survey(web, run, make_source(sections=[{"url": f"{HOME}/gone/", "selector": "a"}]), Memory())
    found = reading.with_robots(reading.read())
    assert [probe.error for probe in found.probes] == ["not_found", "not_robots_txt"]
    assert not found.reached
