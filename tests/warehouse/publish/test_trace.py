"""From an event down to the bytes."""

from io import StringIO

import duckdb
import pytest
from rich.console import Console

from schemas.errors import UnknownIdError
from schemas.settings import Settings
from tasks.console.trace import reviewed, show_trace
from tasks.warehouse.publish.trace import trace
from tasks.warehouse.store.connect import open_reader, transaction
from tests.warehouse.build import a_run, a_source, an_article
from tests.warehouse.conftest import fill, one_event
from tests.warehouse.made import save_events

EVENT = "evt_0123456789abcdef0123"


def test_a_trace_reaches_the_sentence_the_bytes_and_the_run(filled: Settings) -> None:
    with open_reader(filled) as con:
        found = trace(con, EVENT)
    assert (found.asked, found.aliases, found.event.event_id) == (EVENT, (), EVENT)
    assert [mention.version.source_name for mention in found.mentions] == ["The North Post", "The South Post"]
    mention = found.mentions[0]
    article = an_article(a_run(), a_source("north"), "first")
    assert mention.sentence == article.text[mention.sentence_start : mention.sentence_end]
    assert mention.sentence.startswith("Gunmen killed 4 soldiers")
    for evidence in mention.evidence:
        start = evidence.start - mention.sentence_start
        assert mention.sentence[start : start + len(evidence.quote)] == evidence.quote
    assert [actor.name for actor in mention.actors] == ["Gunmen", "soldiers"]
    assert mention.claims[0].stance == "asserts"
    assert mention.capture == article.page.capture
    assert mention.version.current
    published = article.published
    assert (mention.version.published_origin, mention.version.published_reason) == (published.origin, published.reason)
    assert mention.fetch is not None
    assert mention.fetch.fetch_id == article.page.fetch.fetch_id
    assert mention.fetch.run.run_id == a_run().run_id
    assert (mention.coder, mention.version.extractor) == ("rules", "trafilatura")


def test_an_id_that_ended_is_followed_and_one_withdrawn_is_told(writer: duckdb.DuckDBPyConnection) -> None:
    fill(writer, a_run())
    with transaction(writer):
        save_events(writer, a_run(1), *one_event(writer, "evt_2"))
    found = trace(writer, EVENT)
    assert (found.asked, found.aliases, found.event.event_id) == (EVENT, (EVENT,), "evt_2")
    with transaction(writer):
        save_events(writer, a_run(2), [], [])
    with pytest.raises(UnknownIdError, match="evt_0123456789abcdef0123 was withdrawn on 2024-03-08"):
        trace(writer, EVENT)


def test_an_unknown_id_is_named(empty: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(UnknownIdError, match="no event has the id 'evt_x'"):
        trace(empty, "evt_x")


def test_a_verdict_is_told_with_who_when_and_why(filled: Settings) -> None:
    with open_reader(filled) as con:
        found = trace(con, EVENT)
    told = [reviewed(review) for mention in found.mentions for review in mention.reviews]
    assert told == ["accept (all of it) by a tester on 2024-03-06 12:00 UTC: as it says"]
    console = Console(width=200, record=True, file=StringIO())
    show_trace(console, found)
    assert told[0] in console.export_text()
