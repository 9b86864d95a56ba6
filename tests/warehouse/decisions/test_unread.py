"""Pages whose bytes are kept and that nobody could read to their end: remembered until somebody does."""

from dataclasses import replace

import duckdb
import pytest

from schemas.mention import CodedArticle
from schemas.outcome import Outcome, Reason, Settled, Stage
from schemas.run import Run
from schemas.settings import Settings
from tasks.warehouse.decisions.recall import MOST_TRIES, remember
from tasks.warehouse.load.loading import load_batch
from tasks.warehouse.publish.figures import unread_counts
from tasks.warehouse.runs.run_lifecycle import begin, finish, note_discovery
from tasks.warehouse.store.connect import open_writer
from tests.warehouse.build import a_batch, a_discovery, a_run, a_source, an_article, coded, settled

NORTH = a_source("north")
PAGE = "https://north.test/a"


def night(con: duckdb.DuckDBPyConnection, run: Run, *ended: Settled, read: tuple[CodedArticle, ...] = ()) -> None:
    batch = a_batch(NORTH, read, ended)
    begin(con, run, [NORTH])
    note_discovery(con, run, a_discovery(run, NORTH, batch))
    load_batch(con, run, batch)
    finish(con, run)


def unread(run: Run, reason: Reason, outcome: Outcome = Outcome.QUARANTINED, text: str | None = None) -> Settled:
    """A page of the run that was kept, and whose reading failed."""
    article = an_article(run, NORTH, "a", text)
    stage = Stage.EXTRACT if reason.value.startswith("coder") else Stage.CLEAN
    return Settled(article.page.fetch, stage, outcome, reason, "seen", article.page.capture)


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Outcome.QUARANTINED, Reason.EXTRACT_FAILED),
        (Outcome.QUARANTINED, Reason.EXTRACT_TIMEOUT),
        (Outcome.QUARANTINED, Reason.EXTRACT_MEMORY),
        (Outcome.QUARANTINED, Reason.CODER_FAILED),
        (Outcome.QUARANTINED, Reason.LOAD_FAILED),
        (Outcome.DEFERRED, Reason.OVER_TIME),
    ],
)
def test_the_next_run_has_the_page_whatever_the_server_said_since(
    made: Settings, outcome: Outcome, reason: Reason
) -> None:
    first, second, third, fourth = (a_run(number) for number in range(4))
    with open_writer(made) as con:
        end = unread(first, reason, outcome)
        night(con, first, end)
        page = remember(con, second, ["north"]).unread[PAGE]
        assert (page.capture, page.fetch.link, page.fetch.run_id) == (end.capture, end.fetch.link, second.run_id)
        assert remember(con, second, ["south"]).unread == {}
        night(con, second, settled(second, NORTH, "a", Outcome.UNCHANGED, Reason.NOT_MODIFIED))
        assert set(remember(con, third, ["north"]).unread) == {PAGE}, "the server's 304 says nothing of our reading"
        assert unread_counts(con, first.code_version) == [(reason.value, 1, 0)]
        article = replace(an_article(third, NORTH, "a"), page=remember(con, third, ["north"]).unread[PAGE])
        night(con, third, read=(coded(article),))
        assert remember(con, fourth, ["north"]).unread == {}
        assert unread_counts(con, first.code_version) == []


def test_what_is_refused_after_all_is_read_to_its_end(made: Settings) -> None:
    first, second, third = (a_run(number) for number in range(3))
    with open_writer(made) as con:
        night(con, first, unread(first, Reason.EXTRACT_FAILED))
        night(con, second, unread(second, Reason.SOFT_404, Outcome.REJECTED))
        assert remember(con, third, ["north"]).unread == {}


def test_what_fails_again_and_again_waits_for_other_code(made: Settings) -> None:
    with open_writer(made) as con:
        for number in range(MOST_TRIES):
            run = a_run(number)
            assert set(remember(con, run, ["north"]).unread) == ({PAGE} if number else set())
            night(con, run, unread(run, Reason.EXTRACT_TIMEOUT))
        later = a_run(MOST_TRIES)
        assert remember(con, later, ["north"]).unread == {}
        assert unread_counts(con, later.code_version) == [("extract_timeout", 1, 1)], "it is still told of"
        newer = replace(later, code_version="0.2.0")
        assert set(remember(con, newer, ["north"]).unread) == {PAGE}
        assert unread_counts(con, "0.2.0") == [("extract_timeout", 1, 0)]


def test_a_newer_page_at_the_address_takes_its_place(made: Settings) -> None:
    first, second, third = (a_run(number) for number in range(3))
    with open_writer(made) as con:
        night(con, first, unread(first, Reason.EXTRACT_FAILED, text="Gunmen came."))
        night(con, second, read=(coded(an_article(second, NORTH, "a")),))
        assert remember(con, third, ["north"]).unread == {}


def test_bytes_that_cannot_be_read_back_are_not_held(made: Settings) -> None:
    first, second = a_run(0), a_run(1)
    with open_writer(made) as con:
        night(con, first, unread(first, Reason.CAPTURE_DAMAGED))
        memory = remember(con, second, ["north"])
        assert (memory.unread, memory.pages) == ({}, {})


def test_a_link_that_was_refused_lately_is_known(made: Settings) -> None:
    first, second = a_run(0), a_run(1)
    with open_writer(made) as con:
        night(con, first, settled(first, NORTH, "a"), settled(first, NORTH, "b", Outcome.DEFERRED, Reason.SERVER_ERROR))
        assert remember(con, second, ["north"]).refused == {PAGE}
        assert remember(con, a_run(60), ["north"]).refused == set()
