"""What a snapshot takes over from the one before is what would be computed anew, whatever happened in between."""

import itertools
import re
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from schemas.review import Verdict
from schemas.settings import Settings
from tasks.reviewing.fields import read_correction
from tasks.reviewing.judging import judge
from tasks.warehouse.care import forgetting
from tasks.warehouse.care.compact import compact
from tasks.warehouse.decisions import overriding
from tasks.warehouse.decisions.reviews import save_review, shown_mention
from tasks.warehouse.publish import incremental_views, snapshot
from tasks.warehouse.publish.incremental_views import COMPARED, REFERENCE, by_event
from tasks.warehouse.publish.snapshot import publish
from tasks.warehouse.store.connect import limit_memory, open_writer, transaction
from tasks.warehouse.store.queries import quoted
from tasks.warehouse.store.views import keep_views, our_views, reads
from tests.warehouse.build import NOON, a_run
from tests.warehouse.resolve.test_resolve import ALIKE, HERE, THERE, events, night

LATER = replace(HERE, source=1, slug=2, published=7, happened=(None,), place=5, name=2)


@pytest.fixture
def house(made: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A warehouse of a few events, published; so few that a change to one would be too many."""
    monkeypatch.setattr(incremental_views, "_TOO_MANY", 1.0)
    with open_writer(made) as con:
        night(con, 0, [HERE, THERE, LATER])
    publish(made, anyway=True)
    return made


def kept(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The kept rows of a published file, in the order they lie in."""
    with duckdb.connect(str(path), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        tables = con.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'view_rows'").fetchall()
        found = {name: con.execute(f"FROM view_rows.{quoted(name)}").fetchall() for (name,) in tables}
    ordered = {view.name for view in our_views() if view.order}
    return {name: rows if name in ordered else sorted(rows, key=str) for name, rows in found.items()}


def anew(settings: Settings, folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """The same from the warehouse alone."""
    path = folder / "anew.duckdb"
    shutil.copyfile(settings.warehouse_path, path)
    with duckdb.connect(str(path)) as con:
        con.execute("SET TimeZone = 'UTC'")
        keep_views(con)
    return kept(path)


@pytest.fixture
def carried(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each publication could take over rows."""
    told: list[bool] = []
    real = incremental_views.carry_over

    def noted(con: duckdb.DuckDBPyConnection, last: Path) -> bool:
        told.append(real(con, last))
        return told[-1]

    monkeypatch.setattr(snapshot, "carry_over", noted)
    return told


@pytest.mark.long
def test_every_step_comes_to_what_computing_anew_does(house: Settings, carried: list[bool], tmp_path: Path) -> None:
    number = itertools.count(1)

    def a_night(con: duckdb.DuckDBPyConnection, *told: object) -> None:
        night(con, next(number), list(told))  # type: ignore[arg-type]

    def erase(con: duckdb.DuckDBPyConnection) -> None:
        (url,) = con.execute("SELECT canonical_url FROM articles ORDER BY 1 LIMIT 1").fetchall()[0]
        found = forgetting.find_erasable(con, url, (), house)
        with transaction(con):
            forgetting.erase_rows(con, a_run(90), found, "asked for", NOON)
        a_night(con)

    def undo(con: duckdb.DuckDBPyConnection) -> None:
        ((merged,),) = con.execute("SELECT override_id FROM event_overrides WHERE decision = 'merge'").fetchall()
        overriding.undo(con, merged, NOON)
        a_night(con)

    def merge(con: duckdb.DuckDBPyConnection) -> None:
        one, other, *_ = events(con)
        overriding.merge(con, one, other, "one raid", NOON)
        a_night(con)

    def retract(con: duckdb.DuckDBPyConnection) -> None:
        overriding.retract(con, list(events(con))[-1], "a drill", NOON)
        a_night(con)

    def review(con: duckdb.DuckDBPyConnection) -> None:
        # Of a mention that an event has; the views show it before the event is made again.
        ((report,),) = con.execute("SELECT min(mention_id) FROM event_links WHERE relation = 'reports'").fetchall()
        shown = shown_mention(con, report)
        said = read_correction("killed=77", shown)
        save_review(con, judge(shown, Verdict.CORRECT, said, "a later count", "a tester", NOON))

    def rename(con: duckdb.DuckDBPyConnection) -> None:
        con.execute("UPDATE sources SET name = 'The Other Post' WHERE source_id = 'north'").fetchall()

    steps = {
        "nothing": lambda con: None,
        "a new report": lambda con: a_night(con, ALIKE),
        "a corrected article": lambda con: a_night(con, replace(HERE, version=1, killed=12)),
        "a merger": merge,
        "a merger undone": undo,
        "a verdict": review,
        "an outlet renamed": rename,
        "a retraction": retract,
        "an erasure": erase,
    }
    before = kept(house.published_path)
    for name, step in steps.items():
        with open_writer(house) as con:
            step(con)
        if name == "a retraction":
            compact(house)
        publish(house, anyway=True)
        found = kept(house.published_path)
        assert found == anew(house, tmp_path), name
        assert carried.pop(), name
        assert (found == before) is (name == "nothing"), f"{name} must show"
        before = found


def test_rows_of_untouched_events_come_from_the_last_snapshot(house: Settings, carried: list[bool]) -> None:
    """Seen by a mark that only the last snapshot has: where it was changed by hand nobody computes it again."""
    with open_writer(house) as con:
        night(con, 1, [ALIKE])
        touched = {
            one
            for (one,) in con.execute(
                "SELECT event_id FROM events WHERE changed_run_id = ?", [a_run(1).run_id]
            ).fetchall()
        }
    with duckdb.connect(str(house.published_path)) as con:
        con.execute("UPDATE view_rows.events_overview SET place_name = 'marked'").fetchall()
    publish(house, anyway=True)
    with duckdb.connect(str(house.published_path), read_only=True) as con:
        marked = {
            one for (one,) in con.execute("SELECT event_id FROM events_overview WHERE place_name = 'marked'").fetchall()
        }
        every = {one for (one,) in con.execute("SELECT event_id FROM events").fetchall()}
    assert carried == [True]
    assert touched
    assert marked == every - touched


def of_other_views(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("UPDATE reference_files SET sha256 = 'older' WHERE table_name = '(views)'").fetchall()


def of_other_facts(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("UPDATE reference_files SET sha256 = 'older' WHERE table_name = 'countries'").fetchall()


def of_another_schema(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("ALTER TABLE stories ADD COLUMN more INTEGER")


def half_kept(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("DROP TABLE view_rows.acled CASCADE")


@pytest.mark.parametrize("change", [of_other_views, of_other_facts, of_another_schema, half_kept])
def test_a_snapshot_of_another_make_is_not_taken_over(
    house: Settings, carried: list[bool], tmp_path: Path, change: object
) -> None:
    with duckdb.connect(str(house.published_path)) as con:
        con.execute("UPDATE view_rows.events_overview SET place_name = 'marked'").fetchall()
        change(con)  # type: ignore[operator]
    publish(house, anyway=True)
    assert carried == [False]
    assert kept(house.published_path) == anew(house, tmp_path)


def test_a_damaged_snapshot_is_not_taken_over(house: Settings, carried: list[bool], tmp_path: Path) -> None:
    house.published_path.write_bytes(house.published_path.read_bytes()[:20_000])
    publish(house, anyway=True)
    assert carried == [False]
    assert kept(house.published_path) == anew(house, tmp_path)


def test_many_changed_events_are_computed_with_the_others(made: Settings, carried: list[bool], tmp_path: Path) -> None:
    publish(made, anyway=True)
    with open_writer(made) as con:
        night(con, 0, [HERE, THERE])
    publish(made, anyway=True)
    assert carried == [False, False]
    assert kept(made.published_path) == anew(made, tmp_path)


def test_coordinates_made_coarser_are_coarser_in_every_kept_row(house: Settings, carried: list[bool]) -> None:
    publish(house.model_copy(update={"coordinate_decimals": 0}), anyway=True)
    with duckdb.connect(str(house.published_path), read_only=True) as con:
        finer = "SELECT count(*) FROM event_latest WHERE latitude <> round(latitude)"
        assert con.execute(finer).fetchall() == [(0,)]
        assert con.execute("SELECT count(latitude) > 0 FROM event_latest").fetchall() == [(True,)]
    assert carried == [True]


def test_views_by_event_read_only_what_is_compared(filled: Settings) -> None:
    """A table they read besides would make rows stale that nobody notices."""
    views = {view.name for view in our_views()}
    with open_writer(filled) as con:
        for view in (view for view in reads(by_event()) if view.name not in COMPARED):
            named = {name.split(".")[-1].strip('"') for name in con.get_table_names(view.sql)}
            # Verdicts are compared as the rows of review_matches, which is expanded here.
            assert named - views - {"reviews"} <= {*COMPARED, *REFERENCE}, view.name
            assert not re.search(r"(FROM|JOIN) reviews\b", view.sql), view.name
    assert {view.name for view in by_event()} >= {"acled", "event_conservative", "event_informative", "event_latest"}


def test_a_publication_killed_while_it_sorted_leaves_nothing_behind(made: Settings) -> None:
    left = made.published_path.with_name(f".{made.published_path.name}.99.tmp")
    left.mkdir()
    (left / "duckdb_temp_storage_DEFAULT-0.tmp").write_bytes(b"rows")
    publish(made, anyway=True)
    assert not left.exists()


def test_work_on_whole_tables_is_given_two_gibibytes_at_most() -> None:
    with duckdb.connect() as con:
        con.execute("SET memory_limit = '64GB'")
        limit_memory(con)
        ((bytes_given,),) = con.execute("SELECT parse_formatted_bytes(current_setting('memory_limit'))").fetchall()
    assert 0 < bytes_given <= 2 << 30
