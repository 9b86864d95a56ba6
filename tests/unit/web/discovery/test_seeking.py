"""Outlets that a search finds, written to the user's own seeds."""

from datetime import date
from pathlib import Path

import pytest

from schemas.errors import FirstdraftError
from schemas.run import Window
from tasks.reference.seeds.sources import load_sources
from tasks.web.discovery.seeking import seek, write_found
from tasks.web.fetching.session import Web
from tasks.web.http.throttle import Throttle
from tests.unit.web.conftest import MakeSettings, MakeSource
from tests.unit.web.server import Server
from tests.unit.web.services import API, Index, gdelt, seconds, serve

DAY = Window(date(2024, 3, 1), date(2024, 3, 1))


def test_what_is_found_is_asked_for_by_outlet_from_ones_own_seeds(
    server: Server, make_settings: MakeSettings, make_source: MakeSource, tmp_path: Path
) -> None:
    serve(server, Index(seconds(600, 144)).speak)
    finder = make_source(id="gdelt-sy-en", homepage=API, searches=(gdelt("aleppo"),))
    known = [make_source(id="paper0-en", homepage="https://paper0.example/")]
    web = Web(make_settings(), throttle=Throttle())
    done = seek(web, finder, DAY, known, most=30)
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
    serve(server, Index(seconds(600, 144), refuse_from=2).speak)
    web = Web(make_settings(), throttle=Throttle())
    with pytest.raises(FirstdraftError, match="one every 5 seconds"):
        seek(web, make_source(searches=(gdelt("aleppo"),)), DAY, [], most=30)
