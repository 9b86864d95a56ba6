"""GDELT over a loopback server that cuts, refuses and limits as it does."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from schemas.errors import FirstdraftError
from schemas.run import Window
from tasks.reference.seeds.sources import load_sources
from tasks.web.discovery.seeking import seek, write_found
from tasks.web.fetching.session import Web
from tasks.web.http.response import FetchError, Response
from tasks.web.http.throttle import Throttle
from tasks.web.readers.gdelt import MAX_CALLS, NOT_GDELT, PER_CALL, read_artlist, read_gdelt
from tests.unit.web.conftest import MakeSettings, MakeSource
from tests.unit.web.server import Server, Talk, answer

API = "http://news.firstdraft.test"
DAY = Window(date(2024, 3, 1), date(2024, 3, 1))
Ask = Callable[[str], FetchError | Response]


@dataclass
class Index:
    """An index of pages by the second they were seen; it answers as GDELT does, and counts its calls."""

    seen: list[datetime]
    calls: list[dict[str, list[str]]] = field(default_factory=list)
    refuse_from: int = 1_000

    def gdelt(self, talk: Talk) -> None:
        asked = parse_qs(urlsplit(talk.request.path).query)
        self.calls.append(asked)
        if len(self.calls) >= self.refuse_from:
            talk.say(answer(b"Please limit requests to one every 5 seconds.", media="text/html"))
            return
        start, end = (asked[name][0] for name in ("startdatetime", "enddatetime"))
        within = [(n, at) for n, at in enumerate(self.seen) if start <= f"{at:%Y%m%d%H%M%S}" <= end]
        articles = [
            {"url": f"https://paper{n % 3}.example/{n}", "title": f"Page {n}", "seendate": f"{at:%Y%m%dT%H%M%SZ}"}
            for n, at in within[: int(asked["maxrecords"][0])]
        ]
        talk.say(answer(json.dumps({"articles": articles} if articles else {}).encode(), media="application/json"))


class _Any(dict[str, object]):
    """Routes that lead every address to one script."""

    def get(self, _: str, default: object = None) -> object:
        return super().get("*", default)


@pytest.fixture
def ask(server: Server, make_settings: MakeSettings, make_source: MakeSource) -> Ask:
    web = Web(make_settings(), throttle=Throttle())
    gate = web.feed_gate(make_source())
    return lambda url: web.client.get(url, gate=gate)


def serve(server: Server, script: Callable[[Talk], None]) -> None:
    server.routes = _Any({"*": script})  # type: ignore[assignment]


def seconds(count: int, apart: int) -> list[datetime]:
    return [datetime(2024, 3, 1, tzinfo=UTC) + timedelta(seconds=n * apart) for n in range(count)]


def test_a_full_window_is_halved_until_each_part_is_whole(server: Server, ask: Ask) -> None:
    index = Index(seconds(600, 144))
    serve(server, index.gdelt)
    parts = list(read_gdelt(ask, f"{API}/doc", "aleppo sourcecountry:SY", DAY))
    assert [len(part.reading.entries) for part in parts] == [250, 250, 150, 150, 250, 150, 150]
    assert {entry.url for part in parts for entry in part.reading.entries} == {
        f"https://paper{n % 3}.example/{n}" for n in range(600)
    }
    assert not any(part.reading.partial or part.reading.error for part in parts)
    whole = [part for part in parts if len(part.reading.entries) < PER_CALL]
    assert [b.start - a.end for a, b in pairwise(whole)] == [timedelta(seconds=1)] * 3
    assert index.calls[0]["query"] == ["aleppo sourcecountry:SY"]
    assert (index.calls[0]["mode"], index.calls[0]["maxrecords"]) == (["artlist"], ["250"])


def test_when_it_was_seen_bounds_when_it_was_published_and_is_not_that(server: Server, ask: Ask) -> None:
    serve(server, Index(seconds(1, 1)).gdelt)
    (part,) = read_gdelt(ask, f"{API}/doc", "aleppo", DAY)
    (entry,) = part.reading.entries
    assert (entry.title, entry.published.day, entry.modified.day) == ("Page 0", None, date(2024, 3, 1))
    assert entry.modified.raw == "20240301T000000Z"


def test_too_many_in_the_shortest_part_is_told(server: Server, ask: Ask) -> None:
    serve(server, Index([datetime(2024, 3, 1, 12, tzinfo=UTC)] * 300).gdelt)
    parts = list(read_gdelt(ask, f"{API}/doc", "aleppo", DAY))
    (cut,) = [part for part in parts if part.reading.partial]
    assert cut.reading.detail == "more than 250 articles in 0:15:00: some are lost"
    assert len(parts) < MAX_CALLS


def test_words_instead_of_json_end_it_and_are_kept(server: Server, ask: Ask) -> None:
    serve(server, Index(seconds(600, 144), refuse_from=2).gdelt)
    parts = list(read_gdelt(ask, f"{API}/doc", "aleppo", DAY))
    assert [part.reading.error for part in parts] == [None, NOT_GDELT]
    assert parts[1].reading.detail == "it says: Please limit requests to one every 5 seconds."


def test_nothing_found_is_no_error() -> None:
    assert read_artlist(b"{}").error is None
    assert read_artlist(b"[]").error == NOT_GDELT
    assert read_artlist(b'{"articles": [{"title": "x"}, {"url": "https://a.example/"}]}').partial


def test_what_is_found_is_asked_for_by_outlet_from_ones_own_seeds(
    server: Server, make_settings: MakeSettings, make_source: MakeSource, tmp_path: Path
) -> None:
    serve(server, Index(seconds(600, 144)).gdelt)
    finder = make_source(id="gdelt-sy-en", homepage=API)
    known = [make_source(id="paper0-en", homepage="https://paper0.example/")]
    web = Web(make_settings(), throttle=Throttle())
    done = seek(web, finder, f"{API}/doc", "aleppo", DAY, known, most=30)
    assert (done.calls, done.lost) == (7, ())
    assert {one.source.id: len(one.entries) for one in done.attribution.outlets} == {
        "found-paper1-example-en": 15,
        "found-paper2-example-en": 15,
        "paper0-en": 200,
    }
    written = write_found(done.attribution, tmp_path)
    assert sorted(file.relative_to(tmp_path).as_posix() for file in written) == [
        "lists/found-paper1-example-en.txt",
        "lists/found-paper2-example-en.txt",
        "sources/found.yml",
    ]
    made = {source.id: source for source in load_sources(tmp_path / "sources")}
    assert made["found-paper1-example-en"].url_lists == ("lists/found-paper1-example-en.txt",)
    lines = (tmp_path / "lists" / "found-paper1-example-en.txt").read_text().splitlines()
    assert len(lines) == 15
    assert write_found(done.attribution, tmp_path) == [], "the same again is nothing new"


def test_a_service_that_refuses_is_an_error_and_nothing_is_half_told(
    server: Server, make_settings: MakeSettings, make_source: MakeSource
) -> None:
    serve(server, Index(seconds(600, 144), refuse_from=2).gdelt)
    web = Web(make_settings(), throttle=Throttle())
    with pytest.raises(FirstdraftError, match="one every 5 seconds"):
        seek(web, make_source(), f"{API}/doc", "aleppo", DAY, [], most=30)
