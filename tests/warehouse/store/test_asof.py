"""The events as they stood after any run, and what changed since."""

import shutil
from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest

from schemas.change import Action
from schemas.errors import UnknownIdError
from schemas.event import Event, EventLink
from schemas.run import Run
from schemas.settings import Settings
from tasks.warehouse.runs.run_lifecycle import begin, finish
from tasks.warehouse.store.asof import OWN, changes_since, find_run, follow_events
from tasks.warehouse.store.connect import open_writer, transaction
from tests.warehouse.build import a_run
from tests.warehouse.conftest import one_event
from tests.warehouse.made import save_events

Rows = list[tuple[object, ...]]
ONE, TWO, THREE = (f"evt_{digit * 20}" for digit in "123")


def an_event(con: duckdb.DuckDBPyConnection, event_id: str, killed: int = 4) -> tuple[Event, EventLink]:
    (event,), (link, *_) = one_event(con, event_id)
    return replace(event, killed_best=killed), link


def night(con: duckdb.DuckDBPyConnection, number: int, events: dict[str, int], origin: str = "nightly") -> Run:
    """A run that leaves these events with these tolls; the first holds all mentions."""
    run = a_run(number, origin)
    begin(con, run, [])
    made = [an_event(con, event_id, killed) for event_id, killed in events.items()]
    with transaction(con):
        save_events(con, run, [event for event, _ in made], [link for _, link in made[:1]])
    finish(con, run)
    return run


def as_of(con: duckdb.DuckDBPyConnection, run: Run) -> Rows:
    return con.execute("SELECT * FROM events_as_of(?) ORDER BY event_id", [run.run_id]).fetchall()


def events(con: duckdb.DuckDBPyConnection) -> Rows:
    return con.execute("SELECT * FROM events ORDER BY event_id").fetchall()


@pytest.fixture
def con(settings: Settings, filled: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse of one's own after one run."""
    settings.data_dir.mkdir(parents=True)
    shutil.copyfile(filled.warehouse_path, settings.warehouse_path)
    with open_writer(settings) as con:
        yield con


def test_as_of_each_run_the_events_are_those_it_left(con: duckdb.DuckDBPyConnection) -> None:
    first = con.execute("SELECT event_id FROM events").fetchall()[0][0]
    left = {a_run(0): events(con)}
    nights: tuple[dict[str, int], ...] = (
        {ONE: 4, TWO: 1},
        {ONE: 5, TWO: 1},
        {ONE: 5, TWO: 1},
        {TWO: 1},
        {ONE: 9, TWO: 2},
        {},
    )
    for number, told in enumerate(nights, 1):
        run = night(con, number, told)
        left[run] = events(con)
    assert [len(rows) for rows in left.values()] == [1, 2, 2, 2, 1, 2, 0]
    for run, rows in left.items():
        assert as_of(con, run) == rows, run.run_id
    assert first not in {row[0] for row in as_of(con, a_run(3))}
    names = [column[0] for column in con.execute("FROM events_as_of('x')").description or ()]
    assert names == list(con.table("events").columns)


def test_a_run_that_changes_nothing_costs_no_row(con: duckdb.DuckDBPyConnection) -> None:
    night(con, 1, {ONE: 4})
    before = con.execute("SELECT count(*) FROM event_history").fetchall()
    night(con, 2, {ONE: 4})
    assert con.execute("SELECT count(*) FROM event_history").fetchall() == before


def test_a_run_that_was_cut_off_left_nothing_to_ask_for(con: duckdb.DuckDBPyConnection) -> None:
    night(con, 1, {ONE: 4})
    stood = events(con)
    cut = a_run(2)
    begin(con, cut, [])
    with transaction(con):
        save_events(con, cut, [an_event(con, ONE, 7)[0]], [])
    assert as_of(con, cut) == as_of(con, a_run(1)) == stood
    last = night(con, 3, {ONE: 7})
    assert as_of(con, last) == events(con) != stood
    assert as_of(con, cut) == stood


def test_changes_since_any_run_are_the_difference_and_say_why(con: duckdb.DuckDBPyConnection) -> None:
    runs = [a_run(0)]
    gone = con.execute("SELECT event_id FROM events").fetchall()[0][0]
    for number, left in enumerate(({ONE: 4}, {ONE: 5, TWO: 1}, {ONE: 6, TWO: 1}, {ONE: 6, THREE: 2}), 1):
        runs.append(night(con, number, left))
    told = {change.event_id: change for change in changes_since(con, runs[0].run_id)}
    assert {event_id: change.action for event_id, change in told.items()} == {
        ONE: Action.ADDED,
        THREE: Action.ADDED,
        gone: Action.REMOVED,
    }
    assert (told[gone].why, told[gone].led_to) == (("merged",), ONE)
    since = {change.event_id: change for change in changes_since(con, runs[1].run_id)}
    assert (since[ONE].action, since[ONE].fields, since[ONE].run_id) == (
        Action.CHANGED,
        ("killed_best",),
        runs[3].run_id,
    )
    assert (since[TWO].action if TWO in since else None) is None, "it came and went in between"
    (removed,) = [change for change in changes_since(con, runs[3].run_id) if change.action is Action.REMOVED]
    assert (removed.event_id, removed.why, removed.led_to) == (TWO, ("withdrawn",), None)
    assert changes_since(con, runs[4].run_id) == []


@pytest.mark.parametrize(("origin", "word"), [("reprocess", "recoded"), ("forget", "erased"), ("review", "decided")])
def test_the_reason_is_that_of_the_run(con: duckdb.DuckDBPyConnection, origin: str, word: str) -> None:
    night(con, 1, {ONE: 4, TWO: 1})
    night(con, 2, {ONE: 5}, origin)
    why = {change.event_id: change.why for change in changes_since(con, a_run(1).run_id)}
    assert why == {ONE: (word,), TWO: (word,)}


def test_the_log_and_the_difference_tell_the_same(con: duckdb.DuckDBPyConnection) -> None:
    night(con, 1, {ONE: 4})
    night(con, 2, {ONE: 5, TWO: 1})
    log = con.execute(
        "SELECT event_id, change FROM changes WHERE run_started_at > ? ORDER BY 1", [a_run(1).started_at]
    ).fetchall()
    assert log == [(change.event_id, str(change.action)) for change in changes_since(con, a_run(1).run_id)]


def test_a_run_is_found_by_the_beginning_of_its_id_or_by_a_day(con: duckdb.DuckDBPyConnection) -> None:
    run = night(con, 1, {ONE: 4})
    assert find_run(con, run.run_id[:12]) == run.run_id
    (day,) = con.execute("SELECT finished_at::DATE::VARCHAR FROM runs WHERE run_id = ?", [run.run_id]).fetchall()[0]
    assert find_run(con, day) == run.run_id
    for words in ("run_nothing", "1999-01-01", "run_"):
        with pytest.raises(UnknownIdError, match="run"):
            find_run(con, words)


def test_the_history_has_the_columns_of_the_events_also_those_of_later_migrations(
    con: duckdb.DuckDBPyConnection,
) -> None:
    def columns(table: str) -> list[tuple[object, ...]]:
        return con.execute(
            """SELECT column_name, data_type, comment FROM duckdb_columns() WHERE table_name = ?
               AND database_name = current_database() ORDER BY column_index""",
            [table],
        ).fetchall()

    def held() -> list[tuple[object, ...]]:
        return [column for column in columns("event_history") if column[0] not in OWN]

    assert [column[:2] for column in held()] == [column[:2] for column in columns("events")]
    con.execute("ALTER TABLE events ADD COLUMN mood VARCHAR DEFAULT 'x'; COMMENT ON COLUMN events.mood IS 'its mood'")
    assert follow_events(con) == ["mood"]
    assert held()[-1] == columns("events")[-1]
    assert as_of(con, a_run(0)) == events(con)
    assert follow_events(con) == []
