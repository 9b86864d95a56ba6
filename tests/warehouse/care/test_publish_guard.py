"""What a run left that is out of the ordinary does not reach readers, until it is usual again or accepted."""

import shutil
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from schemas.review import Verdict
from schemas.run import Run
from schemas.settings import Settings
from tasks.reviewing.fields import read_correction
from tasks.reviewing.judging import judge as judged_by
from tasks.warehouse.care.publish_guard import judge, rules, strays
from tasks.warehouse.decisions.reviews import save_review, shown_mention
from tasks.warehouse.publish.snapshot import publish
from tasks.warehouse.runs.run_lifecycle import begin, finish
from tasks.warehouse.store.connect import open_reader, open_writer
from tasks.warehouse.store.queries import fetch_rows
from tests.warehouse.build import a_run
from tests.warehouse.conftest import fill
from tests.warehouse.made import stored_mentions

START = datetime(2024, 3, 4, 2, tzinfo=UTC)  # a Monday
USUAL = {"articles_stored": 200.0, "mentions_dated": 0.9, "articles": 50_000.0, "events": 4000.0}


def night(number: int, origin: str = "nightly", size: int = 300, **values: Any) -> list[dict[str, Any]]:
    """The measures a run left, so many days after the start."""
    about = {"origin": origin, "started_at": START + timedelta(days=number), "size": size}
    return [about | {"measure": name, "value": value} for name, value in (USUAL | values).items()]


def judged(now: list[dict[str, Any]], *earlier: list[dict[str, Any]]) -> set[str]:
    """The measures out of the ordinary."""
    past = sorted((row for rows in earlier for row in rows), key=lambda row: row["started_at"], reverse=True)
    return {told.split(" ")[0] for told in strays(now[0], {row["measure"]: row for row in now}, past)}


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({}, set()),
        ({"articles_stored": 161}, set()),
        ({"articles_stored": 159}, {"articles_stored"}),
        ({"articles_stored": 0}, {"articles_stored"}),
        ({"articles_stored": 399}, set()),
        ({"articles_stored": 401}, {"articles_stored"}),
        ({"mentions_dated": 0.71}, {"mentions_dated"}),
        ({"articles": 48_900.0}, {"articles"}),
        ({"articles": 500_000.0}, set()),
        ({"events": 3100.0, "mentions_dated": 0.1}, {"events", "mentions_dated"}),
        ({"events": 8100.0}, {"events"}),
    ],
)
def test_a_night_far_from_the_median_is_told(values: dict[str, Any], wrong: set[str]) -> None:
    assert judged(night(6, **values), *(night(number) for number in range(6))) == wrong


def test_one_odd_night_does_not_move_what_is_usual() -> None:
    earlier = [night(number, articles_stored=9000.0 if number == 3 else 200.0) for number in range(7)]
    assert judged(night(7), *earlier) == set()


@pytest.mark.parametrize("known", range(5))
def test_a_young_warehouse_is_not_judged_by_its_nights(known: int) -> None:
    assert judged(night(6, articles_stored=3.0), *(night(number) for number in range(known))) == set()


def test_a_small_warehouse_is_not_judged() -> None:
    few = [night(number, size=29, articles_stored=29.0) for number in range(7)]
    assert judged(night(8, size=29, articles_stored=1.0, mentions_dated=0.0, events=1.0), *few) == set()


def test_a_weekday_is_held_against_its_own_kind_where_there_are_enough() -> None:
    weeks = [night(number, articles_stored=60.0 if number % 7 == 4 else 200.0) for number in range(35)]
    friday = 39
    assert judged(night(friday, articles_stored=60.0), *weeks) == set()
    assert judged(night(friday, articles_stored=60.0), *weeks[:20]) == {"articles_stored"}
    assert judged(night(friday, articles_stored=200.0), *weeks) == {"articles_stored"}


def test_a_backfill_is_not_held_against_nights() -> None:
    nights = [night(number) for number in range(7)]
    assert judged(night(7, "backfill", articles_stored=90_000.0, events=90_000.0), *nights) == set()
    assert judged(night(7, "backfill", articles=100.0), *nights) == {"articles"}
    assert judged(night(7, "forget", articles=100.0, events=0.0), *nights) == set()


def test_every_rule_is_of_a_measure_that_runs_leave(empty: duckdb.DuckDBPyConnection) -> None:
    left = {row["measure"] for row in fetch_rows(empty, "run_measures", {"run_id": "x"})}
    assert {rule.measure for rule in rules()} == left


# In the warehouse -------------------------------------------------------------------------------------------------


def finished(con: duckdb.DuckDBPyConnection, number: int) -> Run:
    run = a_run(number)
    begin(con, run, [])
    finish(con, run)
    return run


def pretend(con: duckdb.DuckDBPyConnection, run: Run, measure: str, value: float) -> None:
    con.execute(
        "UPDATE run_measures SET value = ?, size = 500 WHERE run_id = ? AND measure = ?", [value, run.run_id, measure]
    ).fetchall()


@pytest.fixture(scope="module")
def six(template: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Six runs, each published."""
    made = Settings(data_dir=tmp_path_factory.mktemp("six"))
    shutil.copyfile(template.warehouse_path, made.warehouse_path)
    with open_writer(made) as con:
        fill(con, a_run(0))
        for number in range(6):
            run = a_run(0) if number == 0 else finished(con, number)
            pretend(con, run, "articles_stored", 200.0)
            assert judge(con, run.started_at) == ()
    publish(made)
    return made


@pytest.fixture
def usual(six: Settings, settings: Settings) -> Settings:
    """The same of one's own."""
    shutil.copytree(six.data_dir, settings.data_dir)
    return settings


def runs_published(settings: Settings) -> int:
    with open_reader(settings) as con:
        return int(con.execute("SELECT count(*) FROM runs").fetchall()[0][0])


def states(settings: Settings) -> list[tuple[Any, ...]]:
    with open_writer(settings) as con:
        return con.execute(
            "SELECT p.state, p.reason FROM publications p JOIN runs r USING (run_id) ORDER BY r.started_at DESC"
        ).fetchall()


def test_what_a_run_really_left_is_measured(usual: Settings) -> None:
    with open_writer(usual) as con:
        rows = con.execute(
            "SELECT measure, value, size FROM run_measures WHERE run_id = ? ORDER BY 1", [a_run(0).run_id]
        ).fetchall()
    left = {measure: (value, size) for measure, value, size in rows}
    assert left["mentions_per_article"] == (1.0, 2)
    assert left["mentions_dated"] == left["mentions_with_actor"] == left["mentions_with_toll"] == (1.0, 2)
    assert left["articles"] == (2.0, 2)
    assert left["events"] == left["events_placed"] == (1.0, 1)


def test_an_odd_night_keeps_the_old_snapshot_and_says_why(usual: Settings) -> None:
    with open_writer(usual) as con:
        pretend(con, finished(con, 6), "articles_stored", 20.0)
    found = publish(usual)
    assert found.held == ("articles_stored is 20, 10% of the usual 200 (articles that were new or had changed)",)
    assert runs_published(usual) == 6
    assert states(usual)[0] == ("held", found.held[0])
    assert publish(usual).held == found.held, "asked again, the answer is the same"


def test_a_person_may_accept_it(usual: Settings) -> None:
    with open_writer(usual) as con:
        pretend(con, finished(con, 6), "articles_stored", 20.0)
    assert publish(usual).held
    assert publish(usual, anyway=True).held == ()
    assert runs_published(usual) == 7
    assert states(usual)[0][0] == "accepted"
    assert publish(usual).held == ()


def test_the_next_usual_night_is_published_and_the_odd_one_counts_for_nothing(usual: Settings) -> None:
    with open_writer(usual) as con:
        for number in range(6, 14):
            pretend(con, finished(con, number), "articles_stored", 20.0)
            assert judge(con, START), number
    with open_writer(usual) as con:
        pretend(con, finished(con, 14), "articles_stored", 190.0)
    assert publish(usual).held == ()
    assert runs_published(usual) == 15


def test_where_nothing_was_published_yet_there_is_nothing_to_keep(usual: Settings) -> None:
    usual.published_path.unlink()
    with open_writer(usual) as con:
        pretend(con, finished(con, 6), "articles_stored", 20.0)
    assert publish(usual).held == ()
    assert runs_published(usual) == 7


# Coordinates ------------------------------------------------------------------------------------------------------


def test_coordinates_are_published_no_more_precisely_than_the_setting_says(made: Settings) -> None:
    with open_writer(made) as con:
        fill(con, a_run(0))
        con.execute("UPDATE mentions SET latitude = 35.123456, longitude = 40.987654").fetchall()
        con.execute("UPDATE events SET latitude = 35.123456, longitude = 40.987654").fetchall()
        con.execute("UPDATE event_history SET latitude = 35.123456, longitude = 40.987654").fetchall()
    publish(made.model_copy(update={"coordinate_decimals": 1}))
    with open_reader(made) as con:
        for table in ("mentions", "events", "event_history", "acled", "ucdp_ged"):
            found = con.execute(f"SELECT DISTINCT latitude, longitude FROM {table}").fetchall()
            assert found == [(35.1, 41.0)], table
        assert con.execute("SELECT geom_wkt FROM ucdp_ged").fetchall() == [("POINT (41.0 35.1)",)]
    with open_writer(made) as con:
        assert con.execute("SELECT DISTINCT latitude FROM mentions").fetchall() == [(35.123456,)], "ours stay"
    publish(made)
    with open_reader(made) as con:
        assert con.execute("SELECT DISTINCT latitude FROM mentions").fetchall() == [(35.123456,)]


def test_no_column_of_the_snapshot_tells_a_coordinate_more_precisely(made: Settings) -> None:
    """By every text of every table and view: verdicts and changes tell of places in words."""
    precise = ("35.123456", "40.987654", "34.56", "38.28")
    with open_writer(made) as con:
        fill(con, a_run(0))
        con.execute("UPDATE mentions SET latitude = 35.123456, longitude = 40.987654").fetchall()
        one, other = sorted(mention.mention_id for mention in stored_mentions(con))
        shown = shown_mention(con, one), shown_mention(con, other)
        save_review(con, judged_by(shown[0], Verdict.ACCEPT, None, "", "ada", START))
        save_review(con, judged_by(shown[1], Verdict.CORRECT, read_correction("place=Palmyra, SY"), "", "ada", START))
        told = ("run", "mention", one, "latitude", "changed", "35.123456", "34.56", "north", "https://north.test/a")
        con.execute(f"INSERT INTO reprocess_changes VALUES ({', '.join('?' * 9)})", told).fetchall()
    publish(made.model_copy(update={"coordinate_decimals": 1}))
    with open_reader(made) as con:
        columns = con.execute("SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal").fetchall()
        for table, column in columns:
            said = str(con.execute(f'SELECT list(DISTINCT "{column}"::VARCHAR) FROM "{table}"').fetchall())
            assert not [number for number in precise if number in said], (table, column)
        corrected = con.execute("SELECT latitude, longitude FROM mentions_reviewed WHERE place_name = 'Palmyra'")
        assert corrected.fetchall() == [(34.6, 38.3)]
        assert con.execute("SELECT old_value, new_value FROM reprocess_changes").fetchall() == [("35.1", "34.6")]
