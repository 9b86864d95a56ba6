"""The views run on an empty and on a filled warehouse, and hold their conventions."""

from pathlib import Path

import duckdb
import pytest

from schemas.errors import MigrationError, UnknownIdError
from schemas.settings import Settings
from tasks.warehouse.publish.reports import view, view_names
from tasks.warehouse.store.connect import open_reader, open_writer
from tasks.warehouse.store.views import our_views, read_views, refresh_views

ACLED = """event_id_cnty, event_date, year, time_precision, disorder_type, event_type, sub_event_type, actor1,
assoc_actor_1, inter1, actor2, assoc_actor_2, inter2, interaction, civilian_targeting, iso, region, country, admin1,
admin2, admin3, location, latitude, longitude, geo_precision, source, source_scale, notes, fatalities, tags,
timestamp"""

UCDP = """id, relid, year, active_year, code_status, type_of_violence, conflict_dset_id, conflict_new_id, conflict_name,
dyad_dset_id, dyad_new_id, dyad_name, side_a_dset_id, side_a_new_id, side_a, side_b_dset_id, side_b_new_id, side_b,
number_of_sources, source_article, source_office, source_date, source_headline, source_original, where_prec,
where_coordinates, where_description, adm_1, adm_2, latitude, longitude, geom_wkt, priogrid_gid, country, country_id,
region, event_clarity, date_prec, date_start, date_end, deaths_a, deaths_b, deaths_civilians, deaths_unknown, best,
high, low, gwnoa, gwnob"""


@pytest.mark.parametrize("name", view_names())
def test_a_view_runs_empty_and_filled_and_has_the_columns_of_its_header(
    empty: duckdb.DuckDBPyConnection, filled: Settings, name: str
) -> None:
    header = {v.name: tuple(v.columns) for v in our_views()}[name]
    nothing = view(empty, name)
    assert (nothing.columns, nothing.rows) == (header, [])
    with open_reader(filled) as con:
        rows = view(con, name)
    assert rows.columns == header
    assert rows.rows


def test_acled_has_its_31_columns_in_order_and_its_conventions(filled: Settings) -> None:
    with open_reader(filled) as con:
        found = view(con, "acled")
    assert list(found.columns) == ACLED.replace("\n", " ").split(", ")
    (event,) = found.records()
    assert event["event_id_cnty"] == "SYR" + str(int("0123456789abcde", 16))
    assert (str(event["event_date"]), event["year"], event["time_precision"]) == ("2024-03-04", 2024, 1)
    assert event["disorder_type"] == "Political violence"
    assert (event["actor1"], event["actor2"]) == ("Gunmen", "Syrian army")
    assert (event["iso"], event["country"], event["region"]) == (760, "Syria", "Middle East")
    assert event["geo_precision"] == 2
    assert event["source"] == "The North Post; The South Post"
    assert event["source_scale"] == "National"
    assert (event["inter1"], event["inter2"], event["interaction"]) == (2, 1, 12)
    assert event["fatalities"] == 4
    assert event["notes"].startswith("On 4 March 2024, armed clash by Gunmen against Syrian army at Riverton")
    assert "Reports differ: killed 4 | 6." in event["notes"]
    assert event["civilian_targeting"] == ""


def test_ucdp_ged_has_its_49_columns_in_order_and_its_conventions(filled: Settings) -> None:
    with open_reader(filled) as con:
        found = view(con, "ucdp_ged")
    assert list(found.columns) == UCDP.replace("\n", " ").split(", ")
    assert len(found.columns) == 49
    (event,) = found.records()
    assert (event["relid"], event["type_of_violence"]) == ("SYR-2024-1-01234567", 1)
    assert (event["side_a"], event["side_b"]) == ("Syrian army", "Gunmen"), "the state is side a, whoever began"
    assert (event["low"], event["best"], event["high"]) == (4, 4, 6)
    assert (event["deaths_a"], event["deaths_b"]) == (4, 0), "the soldiers are of side a, and are all of them"
    assert (event["deaths_civilians"], event["deaths_unknown"]) == (0, 0)
    assert event["source_office"] == "The North Post; The South Post"
    assert event["source_original"] == "a spokesman"
    # PRIO-GRID counts cells of half a degree from the south pole and the date line: 35.5 N 40.25 E.
    assert event["priogrid_gid"] == 251 * 720 + 440 + 1
    assert event["geom_wkt"] == "POINT (40.25 35.5)"


def test_gdelt_mentions_point_to_the_characters(filled: Settings) -> None:
    with open_reader(filled) as con:
        found = view(con, "gdelt_mentions")
        (start,) = con.execute("SELECT min(trigger_start) FROM mentions").fetchall()[0]
    assert len(found.columns) == 16
    for row in found.records():
        assert row["ActionCharOffset"] == start
        assert row["SentenceID"] == 2, "the second paragraph: the first is the dateline"
        assert row["Confidence"] == 75
        assert row["MentionSourceName"] in {"north.test", "south.test"}


def test_a_limit_is_a_limit_and_an_unknown_view_is_named(filled: Settings) -> None:
    with open_reader(filled) as con:
        assert len(view(con, "event_evidence", limit=3).rows) == 3
        with pytest.raises(UnknownIdError, match="no view 'nothing'; there are acled, "):
            view(con, "nothing")


def test_the_links_of_the_funnel_add_up(filled: Settings) -> None:
    with open_reader(filled) as con:
        funnel = view(con, "funnel").records()
        (discovered,) = con.execute("SELECT discovered FROM runs").fetchall()[0]
    assert sum(row["links"] for row in funnel) == discovered == 5
    assert sum(row["share"] for row in funnel) == pytest.approx(1)


def test_views_follow_the_code(settings: Settings) -> None:
    with open_writer(settings) as con:
        con.execute("DROP VIEW acled")
        con.execute("UPDATE reference_files SET sha256 = 'older' WHERE table_name = '(views)'").fetchall()
        refresh_views(con)
        assert con.execute("SELECT count(*) FROM acled").fetchall() == [(0,)]


def test_views_are_ordered_by_what_they_read_and_a_bad_header_is_refused(tmp_path: Path) -> None:
    head = "-- title: A\n-- grain: one row\n-- columns:\n--   n: A number.\n"
    (tmp_path / "a.sql").write_text(f"{head}SELECT n FROM b")
    (tmp_path / "b.sql").write_text(f"{head}SELECT 1 AS n")
    assert [v.name for v in read_views(tmp_path)] == ["b", "a"]
    (tmp_path / "b.sql").write_text(f"{head}SELECT n FROM a")
    with pytest.raises(MigrationError, match="circle: a -> b -> a"):
        read_views(tmp_path)
    (tmp_path / "b.sql").write_text("-- title: A\nSELECT 1 AS n")
    with pytest.raises(MigrationError, match=r"b\.sql: a view begins with"):
        read_views(tmp_path)


def test_a_total_is_linked_to_the_events_it_covers_and_adds_to_none(filled: Settings) -> None:
    with open_reader(filled) as con:
        (total,) = view(con, "totals").records()
        parts = view(con, "total_parts").records()
        (events, killed) = con.execute("SELECT count(*), sum(killed_best) FROM events").fetchall()[0]
    assert (total["killed_best"], total["events"], total["events_killed"], total["killed_untold"]) == (9, 1, 4, 5)
    assert [(part["link"], part["total_killed"], part["killed_best"]) for part in parts] == [("article", 9, 4)]
    assert (events, killed) == (1, 4)
