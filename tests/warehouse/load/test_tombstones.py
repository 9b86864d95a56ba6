"""What is remembered of pages and links: gone and returned, put off, ended in a run cut off, and erased."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
import typer
from typer.testing import CliRunner

from flows.cli.care import suppress as suppress_command
from schemas.errors import UnknownIdError, WarehouseError
from schemas.fetch import Fetch
from schemas.memory import Memory
from schemas.outcome import Outcome, Reason, Settled, Stage
from schemas.run import Run
from schemas.settings import Settings
from tasks.warehouse.care.checks import state_hash
from tasks.warehouse.decisions.recall import captures_for, deferred_links, known_pages, remember
from tasks.warehouse.decisions.suppressions import Kind, held_captures, lift, suppress, suppressions
from tasks.warehouse.load.loading import load_batch
from tasks.warehouse.runs.clock import check_clock
from tasks.warehouse.runs.run_lifecycle import begin, finish, note_discovery
from tasks.warehouse.store.connect import open_writer
from tests.warehouse.build import (
    NOON,
    WINDOW,
    a_batch,
    a_discovery,
    a_fetch,
    a_run,
    a_source,
    an_article,
    coded,
    settled,
)

NORTH = a_source("north")
PAGE = "https://north.test/first"


def ended(run: Run, outcome: Outcome, reason: Reason, slug: str = "first", **changes: object) -> Settled:
    fetch: Fetch = replace(a_fetch(run, NORTH, slug), **changes)  # type: ignore[arg-type]
    return Settled(fetch, Stage.FETCH, outcome, reason, "seen")


def gone(run: Run, status: int = 410, reason: Reason = Reason.GONE) -> Settled:
    return ended(run, Outcome.TOMBSTONE, reason, status=status)


def night(con: duckdb.DuckDBPyConnection, run: Run, *ends: Settled, page: bool = False) -> None:
    items = [coded(an_article(run, NORTH, "first"))] if page else []
    batch = a_batch(NORTH, items, ends)
    begin(con, run, [NORTH])
    note_discovery(con, run, a_discovery(run, NORTH, batch))
    load_batch(con, run, batch)
    finish(con, run)


def tombstones(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return con.execute("SELECT canonical_url, status, reason, standing, changed_run_id FROM tombstones").fetchall()


@pytest.fixture(scope="module")
def held(template: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a warehouse that holds one page, to be copied."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("held"))
    shutil.copyfile(template.warehouse_path, settings.warehouse_path)
    with open_writer(settings) as con:
        night(con, a_run(0), page=True)
    return settings


@pytest.fixture
def con(settings: Settings, held: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse of one's own that holds one page."""
    settings.data_dir.mkdir(parents=True)
    shutil.copyfile(held.warehouse_path, settings.warehouse_path)
    with open_writer(settings) as con:
        yield con


@pytest.mark.parametrize(("status", "reason"), [(404, Reason.NOT_FOUND), (410, Reason.GONE), (451, Reason.LEGAL)])
def test_a_page_taken_away_is_marked_and_kept(con: duckdb.DuckDBPyConnection, status: int, reason: Reason) -> None:
    night(con, a_run(1), gone(a_run(1), status, reason))
    assert tombstones(con) == [(PAGE, status, reason, True, a_run(1).run_id)]
    assert known_pages(con, ["north"])[PAGE].tombstone == status
    shown = con.execute("SELECT canonical_url, title, status FROM withdrawn_articles").fetchall()
    assert shown == [(PAGE, "Attack, first", status)]


@pytest.mark.parametrize("way", ["304", "same bytes", "a page"])
def test_it_is_lifted_when_the_page_returns(con: duckdb.DuckDBPyConnection, way: str) -> None:
    night(con, a_run(1), gone(a_run(1)))
    back = {
        "304": [ended(a_run(2), Outcome.UNCHANGED, Reason.NOT_MODIFIED, status=304)],
        "same bytes": [ended(a_run(2), Outcome.UNCHANGED, Reason.SAME_BYTES)],
        "a page": [],
    }[way]
    night(con, a_run(2), *back, page=way == "a page")
    assert tombstones(con) == [(PAGE, 410, "gone", False, a_run(2).run_id)]
    assert known_pages(con, ["north"])[PAGE].tombstone is None
    assert con.execute("SELECT * FROM withdrawn_articles").fetchall() == []


@pytest.mark.parametrize(
    "end",
    [
        ended(a_run(2), Outcome.UNCHANGED, Reason.HELD, status=None),
        ended(a_run(2), Outcome.REJECTED, Reason.SOFT_404),
        ended(a_run(2), Outcome.DEFERRED, Reason.SERVER_ERROR, status=503),
    ],
    ids=["held", "soft 404", "deferred"],
)
def test_what_shows_no_page_lifts_nothing(con: duckdb.DuckDBPyConnection, end: Settled) -> None:
    night(con, a_run(1), gone(a_run(1)))
    sightings = "SELECT last_seen_at FROM captures UNION ALL SELECT last_seen_at FROM articles"
    stamps = con.execute(sightings).fetchall()
    night(con, a_run(2), end)
    assert [row[3:] for row in tombstones(con)] == [(True, a_run(1).run_id)]
    assert con.execute(sightings).fetchall() == stamps


def test_a_page_still_gone_changes_no_row(con: duckdb.DuckDBPyConnection) -> None:
    night(con, a_run(1), gone(a_run(1)))
    before = state_hash(con)
    night(con, a_run(2), gone(a_run(2)))
    assert state_hash(con) == before
    seen = con.execute("SELECT first_seen_at, last_seen_at FROM tombstones").fetchall()
    assert seen == [(a_run(1).started_at, a_run(2).started_at)]


def test_reading_old_bytes_again_lifts_nothing(con: duckdb.DuckDBPyConnection) -> None:
    night(con, a_run(1), gone(a_run(1)))
    again = a_run(2, origin="reprocess")
    (page,) = captures_for(con, again.run_id, "north", replace(WINDOW, end=NOON.date()))
    begin(con, again, [NORTH])
    batch = a_batch(NORTH, [coded(replace(an_article(a_run(0), NORTH, "first"), page=page))])
    note_discovery(con, again, a_discovery(again, NORTH, batch))
    load_batch(con, again, batch)
    assert [row[3] for row in tombstones(con)] == [True]


# Put off and cut off ----------------------------------------------------------------------------------------------


def test_a_link_put_off_is_remembered_until_its_time(con: duckdb.DuckDBPyConnection) -> None:
    until = NOON + timedelta(days=1, hours=3)
    later = ended(a_run(1), Outcome.DEFERRED, Reason.RATE_LIMITED, "later", status=429, deferred_until=until)
    night(con, a_run(1), later, ended(a_run(1), Outcome.DEFERRED, Reason.TIMEOUT, "slow", status=None))
    (url, deferral), *others = deferred_links(con, ["north"], until - timedelta(hours=1)).items()
    assert (url, deferral.until, deferral.reason) == ("https://north.test/later", until, Reason.RATE_LIMITED)
    assert deferral.run_id == a_run(1).run_id
    assert others == []
    assert deferred_links(con, ["north"], until) == {}
    assert deferred_links(con, ["south"], until - timedelta(hours=1)) == {}


def test_a_later_answer_ends_the_wait(con: duckdb.DuckDBPyConnection) -> None:
    until = NOON + timedelta(days=3)
    night(con, a_run(1), ended(a_run(1), Outcome.DEFERRED, Reason.RATE_LIMITED, deferred_until=until, status=429))
    night(con, a_run(2), ended(a_run(2), Outcome.UNCHANGED, Reason.NOT_MODIFIED, status=304))
    assert deferred_links(con, ["north"], NOON + timedelta(days=2)) == {}


@contextmanager
def cut_off(con: duckdb.DuckDBPyConnection, run: Run) -> Iterator[None]:
    """A run that loads a batch and is never closed."""
    batch = a_batch(
        NORTH,
        [coded(an_article(run, NORTH, "stored"))],
        [settled(run, NORTH, "wall", reason=Reason.COOKIE_WALL), settled(run, NORTH, "later", Outcome.DEFERRED)],
    )
    begin(con, run, [NORTH])
    note_discovery(con, run, a_discovery(run, NORTH, batch))
    load_batch(con, run, batch)
    yield


def test_what_ended_in_a_run_cut_off_is_remembered_by_the_next_of_its_kind(con: duckdb.DuckDBPyConnection) -> None:
    broken = a_run(1, origin="backfill")
    with cut_off(con, broken):
        memory: Memory = begin(con, a_run(2, origin="backfill"), [NORTH])
    assert {url.rpartition("/")[2]: (end.outcome, end.reason) for url, end in memory.ended.items()} == {
        "stored": (Outcome.STORED, None),
        "wall": (Outcome.REJECTED, Reason.COOKIE_WALL),
    }
    assert {end.run_id for end in memory.ended.values()} == {broken.run_id}
    other_window = replace(a_run(3, origin="backfill"), window=replace(WINDOW, end=WINDOW.end + timedelta(days=1)))
    assert remember(con, a_run(3), ["north"]).ended == {}
    assert remember(con, other_window, ["north"]).ended == {}
    assert remember(con, a_run(3, origin="backfill"), ["south"]).ended == {}


def test_a_run_that_was_done_since_ends_the_memory(con: duckdb.DuckDBPyConnection) -> None:
    with cut_off(con, a_run(1)):
        night(con, a_run(2))
    assert begin(con, a_run(3), [NORTH]).ended == {}


# Erased -----------------------------------------------------------------------------------------------------------


def test_what_was_erased_is_on_a_list_until_it_is_lifted(con: duckdb.DuckDBPyConnection) -> None:
    sha256 = "0" * 64
    assert suppress(con, PAGE, "order of a court", NOON)
    assert suppress(con, sha256, "a minor is named", NOON + timedelta(days=1))
    assert not suppress(con, PAGE, "another reason", NOON + timedelta(days=2))
    assert [(entry.kind, entry.value, entry.reason) for entry in suppressions(con)] == [
        (Kind.SHA256, sha256, "a minor is named"),
        (Kind.URL, PAGE, "order of a court"),
    ]
    assert remember(con, a_run(1), ["north"]).suppressed == {PAGE: "order of a court", sha256: "a minor is named"}
    assert (held_captures(con, PAGE), held_captures(con, sha256)) == (1, 0)
    lift(con, PAGE)
    assert [entry.value for entry in suppressions(con)] == [sha256]
    with pytest.raises(UnknownIdError, match="not suppressed"):
        lift(con, PAGE)


# The clock --------------------------------------------------------------------------------------------------------


def test_a_clock_that_went_back_stops_the_run(con: duckdb.DuckDBPyConnection) -> None:
    now = datetime.now(UTC)
    check_clock(con, now)
    check_clock(con, now - timedelta(minutes=4))
    with pytest.raises(WarehouseError, match=r"clock says .* ended at"):
        check_clock(con, now - timedelta(hours=1))


@pytest.mark.parametrize("year", [1970, 2024, 2099])
def test_an_absurd_clock_stops_the_run(writer: duckdb.DuckDBPyConnection, year: int) -> None:
    with pytest.raises(WarehouseError, match=str(year)):
        check_clock(writer, datetime(year, 6, 1, tzinfo=UTC))


def test_the_command_suppresses_lists_and_lifts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FIRSTDRAFT_DATA_DIR", str(tmp_path / "data"))
    command, tell = CliRunner(), typer.Typer()
    tell.command()(suppress_command)
    url = "HTTPS://North.test/first?utm_source=x#top"
    assert command.invoke(tell, [url]).exit_code == 2
    assert "is suppressed" in command.invoke(tell, [url, "--reason", "order of a court"]).output
    listed = json.loads(command.invoke(tell, ["--list", "--json"]).output)
    assert [(entry["value"], entry["reason"]) for entry in listed] == [(PAGE, "order of a court")]
    assert "no more" in command.invoke(tell, [PAGE, "--lift"]).output
    assert json.loads(command.invoke(tell, ["--list", "--json"]).output) == []
    assert command.invoke(tell, ["javascript:alert(1)", "--reason", "x"]).exit_code == 2
