"""What search services answer, page by page, over loopback servers that cut, refuse and limit as they do."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest

from schemas.run import Window
from tasks.web.fetching.session import Web
from tasks.web.http.response import FetchError, Response
from tasks.web.http.throttle import Throttle
from tasks.web.searches.gdelt import MAX_CALLS, NOT_GDELT, PER_CALL, read_artlist, read_gdelt
from tasks.web.searches.mediacloud import NOT_MEDIA_CLOUD, read_media_cloud
from tasks.web.searches.resultfeeds import read_result_feed
from tests.unit.web.conftest import MakeSettings, MakeSource
from tests.unit.web.server import Server, answer
from tests.unit.web.services import KEY, Index, gdelt, media_cloud, search_feed, seconds, serve

DAY = Window(date(2024, 3, 1), date(2024, 3, 1))
Ask = Callable[[str], FetchError | Response]


@pytest.fixture
def ask(server: Server, make_settings: MakeSettings, make_source: MakeSource) -> Ask:
    web = Web(make_settings(), throttle=Throttle())
    return partial(web.client.get, gate=web.feed_gate(make_source()), authorization=f"Token {KEY}")


def test_a_full_window_is_halved_until_each_part_is_whole(server: Server, ask: Ask) -> None:
    index = Index(seconds(600, 144))
    serve(server, index.speak)
    parts = list(read_gdelt(ask, gdelt("aleppo sourcecountry:SY"), DAY))
    assert [len(part.reading.entries) for part in parts] == [250, 250, 150, 150, 250, 150, 150]
    assert [part.again for part in parts] == [True, True, False, False, True, False, False]
    assert {entry.url for part in parts if not part.again for entry in part.reading.entries} == {
        index.address(n) for n in range(600)
    }
    assert not any(part.reading.partial or part.reading.error for part in parts)
    whole = [call for call, part in zip(index.calls, parts, strict=True) if not part.again]
    times = [[datetime.strptime(c[k][0], "%Y%m%d%H%M%S") for k in ("startdatetime", "enddatetime")] for c in whole]  # noqa: DTZ007
    assert [after[0] - before[1] for before, after in pairwise(times)] == [timedelta(seconds=1)] * 3
    assert index.calls[0]["query"] == ["aleppo sourcecountry:SY"]
    assert (index.calls[0]["mode"], index.calls[0]["maxrecords"]) == (["artlist"], ["250"])


def test_when_it_was_seen_bounds_when_it_was_published_and_is_not_that(server: Server, ask: Ask) -> None:
    serve(server, Index(seconds(1, 1)).speak)
    (part,) = read_gdelt(ask, gdelt("aleppo"), DAY)
    (entry,) = part.reading.entries
    assert (entry.title, entry.published.day, entry.modified.day) == ("Page 0", None, date(2024, 3, 1))
    assert entry.modified.raw == "20240301T000000Z"


def test_too_many_in_the_shortest_part_is_told(server: Server, ask: Ask) -> None:
    serve(server, Index([datetime(2024, 3, 1, 12, tzinfo=UTC)] * 300).speak)
    parts = list(read_gdelt(ask, gdelt("aleppo"), DAY))
    (cut,) = [part for part in parts if part.reading.partial]
    assert cut.reading.detail.endswith("more than 250 articles in 0:15:00: some are lost")
    assert len(cut.reading.entries) == PER_CALL
    assert len(parts) < MAX_CALLS


def test_words_instead_of_json_end_it_and_are_kept(server: Server, ask: Ask) -> None:
    serve(server, Index(seconds(600, 144), refuse_from=2).speak)
    parts = list(read_gdelt(ask, gdelt("aleppo"), DAY))
    assert [part.reading.error for part in parts] == [None, NOT_GDELT]
    assert parts[1].reading.detail == "it says: Please limit requests to one every 5 seconds."


def test_nothing_found_is_no_error() -> None:
    assert read_artlist(b"{}").error is None
    assert read_artlist(b"[]").error == NOT_GDELT
    assert read_artlist(b'{"articles": [{"title": "x"}, {"url": "https://a.example/"}]}').partial


def test_pages_of_stories_are_read_to_the_last(server: Server, ask: Ask) -> None:
    index = Index(seconds(5, 1))
    serve(server, index.speak)
    pages = list(read_media_cloud(ask, media_cloud("aleppo"), DAY))
    assert [len(page.reading.entries) for page in pages] == [2, 2, 1]
    assert [call.get("pagination_token") for call in index.calls] == [None, ["2"], ["4"]]
    assert index.calls[0]["cs"] == ["34412043"]
    first = pages[0].reading.entries[0]
    assert (first.url, first.title, first.published.day) == (index.address(0), "Story 0", date(2024, 3, 1))
    assert not any(KEY in str(page.answer) for page in pages), "the key is in no answer that is kept"


def test_a_quota_that_is_used_up_ends_it(server: Server, ask: Ask) -> None:
    serve(server, Index(seconds(5, 1), refuse_from=2).speak)
    pages = list(read_media_cloud(ask, media_cloud("aleppo"), DAY))
    assert [page.answer.status for page in pages if isinstance(page.answer, Response)] == [200, 429]


def test_an_answer_of_another_kind_is_named(server: Server, ask: Ask) -> None:
    serve(server, lambda talk: talk.say(answer(b'{"detail": "unknown query"}', media="application/json")))
    (page,) = read_media_cloud(ask, media_cloud("aleppo"), DAY)
    assert (page.reading.error, page.reading.detail) == (NOT_MEDIA_CLOUD, "no list of stories: unknown query")


def test_a_page_that_leads_to_itself_ends_it(server: Server, ask: Ask) -> None:
    body = b'{"stories": [], "pagination_token": "2"}'
    serve(server, lambda talk: talk.say(answer(body, media="application/json")))
    assert len(list(read_media_cloud(ask, media_cloud("aleppo"), DAY))) == 2


def test_a_search_feed_leads_to_the_pages_its_addresses_name(server: Server, ask: Ask) -> None:
    index = Index(seconds(2, 1))
    serve(server, index.speak)
    (page,) = read_result_feed(ask, search_feed("aleppo shelling"), DAY)
    assert [entry.url for entry in page.reading.entries] == [index.address(0), index.address(1)]
    assert index.calls == [{"q": ["aleppo shelling after:2024-03-01"]}]


def test_a_key_is_given_to_nobody_a_service_points_at(server: Server, ask: Ask) -> None:
    moved = answer(status=302, headers={"Location": "http://127.0.0.1/elsewhere"})
    serve(server, lambda talk: talk.say(moved))
    (page,) = read_media_cloud(ask, media_cloud("aleppo"), DAY)
    assert (len(server.heard), page.reading.entries) == (1, ())
