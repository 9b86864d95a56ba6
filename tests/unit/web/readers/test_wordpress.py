"""The REST API of WordPress: the window in the query, pages to the end, refusals as errors."""

import json
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from schemas.outcome import Reason
from schemas.run import Window
from tasks.web.fetching.session import Web
from tasks.web.http.response import FetchError, Response
from tasks.web.http.throttle import Throttle
from tasks.web.readers.paging import Ask
from tasks.web.readers.wordpress import MAX_PAGES, NOT_WORDPRESS, PER_PAGE, posts_url, read_posts, read_wordpress
from tests.unit.web.conftest import MakeSettings, MakeSource
from tests.unit.web.server import Server, Talk, answer

WINDOW = Window(date(2023, 12, 9), date(2023, 12, 11))
API = "http://news.firstdraft.test/wp-json/"


def post(number: int = 1, **changes: object) -> dict[str, object]:
    day = "2023-12-11T07:00:00"
    return {
        "link": f"http://news.firstdraft.test/{number}",
        "date_gmt": day,
        "modified_gmt": day,
        "title": {"rendered": "A &#8220;title&#8221; <em>here</em>"},
        **changes,
    }


def posts(*some: object) -> bytes:
    return json.dumps(list(some)).encode()


def asker(server: Server, make_settings: MakeSettings, make_source: MakeSource, pages: dict[int, bytes]) -> Ask:
    """Asks the server, which answers by the number of the page."""

    def say(talk: Talk) -> None:
        asked = parse_qs(urlsplit(talk.request.path).query)
        talk.say(pages.get(int(asked["page"][0]), answer(b"{}", status=400)))

    class Routes(dict[str, object]):
        def get(self, key: str, default: object = None) -> object:
            return say if key.startswith("/wp-json/wp/v2/posts?") else default

    server.routes = Routes()  # type: ignore[assignment]
    web = Web(make_settings(), throttle=Throttle())
    return lambda url: web.client.get(url, gate=web.feed_gate(make_source()))


def page(body: bytes, total: int | None = None) -> bytes:
    headers = {"X-WP-TotalPages": str(total)} if total is not None else {}
    return answer(body, headers=headers, media="application/json")


def test_the_window_is_in_the_query_a_day_wider_on_both_sides() -> None:
    query = parse_qs(urlsplit(posts_url(API, WINDOW, 3)).query)
    assert query["after"] == ["2023-12-08T00:00:00"]
    assert query["before"] == ["2023-12-13T00:00:00"]
    assert (query["per_page"], query["page"]) == (["100"], ["3"])


@pytest.mark.parametrize(
    ("api", "start"),
    [
        ("https://e.org/wp-json", "https://e.org/wp-json/wp/v2/posts?per_page="),
        ("https://e.org/ar/wp-json/", "https://e.org/ar/wp-json/wp/v2/posts?per_page="),
        ("https://e.org/?rest_route=/", "https://e.org/?rest_route=/wp/v2/posts&per_page="),
        (
            "https://e.org/index.php?rest_route=%2F&lang=ar",
            "https://e.org/index.php?rest_route=/wp/v2/posts&lang=ar&per",
        ),
    ],
)
def test_both_spellings_of_the_api(api: str, start: str) -> None:
    assert posts_url(api).startswith(start)


def test_a_post_becomes_an_entry() -> None:
    (entry,) = read_posts(posts(post())).entries
    assert (entry.url, entry.title) == ("http://news.firstdraft.test/1", "A “title” here")
    assert (str(entry.published.instant), entry.published.raw) == ("2023-12-11 07:00:00+00:00", "2023-12-11T07:00:00")


@pytest.mark.parametrize("date_gmt", [None, 1702281600, "0000-00-00T00:00:00", "soon", ""])
def test_a_date_is_never_invented(date_gmt: object) -> None:
    (entry,) = read_posts(posts(post(date_gmt=date_gmt, date="2023-12-11T10:00:00"))).entries
    assert (entry.published.instant, entry.published.day) == (None, None)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'{"code": "rest_disabled", "message": "REST is disabled"}', "REST is disabled"),
        (b"<html>checking", "not JSON"),
        (b"", "empty"),
        (b'[{"id": 1}, 3]', "2 of 2 posts without an address"),
        (b"3", "no list"),
    ],
)
def test_what_is_no_list_of_posts_is_an_error(data: bytes, told: str) -> None:
    reading = read_posts(data)
    assert (reading.error, reading.entries) == (NOT_WORDPRESS, ())
    assert told in reading.detail


def test_no_posts_is_no_error() -> None:
    assert read_posts(b"[]").error is None


def test_all_pages_are_read_and_no_further_one(
    server: Server, make_settings: MakeSettings, make_source: MakeSource
) -> None:
    ask = asker(server, make_settings, make_source, {n: page(posts(post(n)), total=3) for n in range(1, 9)})
    read = list(read_wordpress(ask, API, WINDOW))
    assert [entry.url.rpartition("/")[2] for one in read for entry in one.reading.entries] == ["1", "2", "3"]
    assert len(server.heard) == 3


def test_without_the_header_a_page_that_is_not_full_is_the_last(
    server: Server, make_settings: MakeSettings, make_source: MakeSource
) -> None:
    full = posts(*(post(n) for n in range(PER_PAGE)))
    ask = asker(server, make_settings, make_source, {1: page(full), 2: page(posts(post(200)))})
    assert [len(one.reading.entries) for one in read_wordpress(ask, API, WINDOW)] == [100, 1]
    ask = asker(server, make_settings, make_source, {1: page(full)})
    assert [len(one.reading.entries) for one in read_wordpress(ask, API, WINDOW)] == [100]  # 400: no such page


def test_a_refusal_ends_it_and_is_told(server: Server, make_settings: MakeSettings, make_source: MakeSource) -> None:
    ask = asker(server, make_settings, make_source, {1: page(posts(post()), total=9), 2: answer(status=503)})
    first, second = read_wordpress(ask, API, WINDOW)
    assert first.reading.error is None
    assert isinstance(second.answer, Response)
    assert second.answer.status == 503
    gone = list(read_wordpress(lambda url: FetchError(Reason.TIMEOUT, url), API, None))
    assert len(gone) == 1


def test_there_is_a_last_page_even_where_the_header_lies(
    server: Server, make_settings: MakeSettings, make_source: MakeSource
) -> None:
    body = page(posts(post()), total=99_999_999)
    ask = asker(server, make_settings, make_source, dict.fromkeys(range(1, MAX_PAGES + 9), body))
    read = list(read_wordpress(ask, API, WINDOW))
    assert len(read) == MAX_PAGES
    assert read[-1].reading.partial
    assert str(MAX_PAGES) in read[-1].reading.detail
