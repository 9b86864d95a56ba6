"""Exports that a spreadsheet can open without running them, and a manifest that says what they are."""

import csv
import hashlib
import json
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from schemas.settings import Settings
from tasks.warehouse.connect import open_reader
from tasks.warehouse.export import export_view, export_views

HOSTILE = ["=HYPERLINK(1)", "+1+cmd", "-2+3", "@SUM(1)", "\t=1", "plain", "5 - 3", ""]


def test_a_text_that_begins_like_a_formula_is_disarmed_and_numbers_stay(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        con.execute("CREATE TABLE told AS SELECT unnest(?::VARCHAR[]) AS title, -7 AS toll", [HOSTILE])
        paths = [tmp_path / "exports" / file.path for file in export_view(con, "told", tmp_path / "exports")]
    as_csv, as_lines, as_parquet = paths
    with as_csv.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["title"] for row in rows] == [f"'{text}" for text in HOSTILE[:5]] + HOSTILE[5:]
    assert {row["toll"] for row in rows} == {"-7"}
    assert pq.read_table(as_parquet).column("title").to_pylist() == HOSTILE
    lines = as_lines.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["title"] for line in lines] == HOSTILE


def test_a_view_with_years_is_a_folder_of_years_and_an_older_year_does_not_stay(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        con.execute("CREATE TABLE told AS SELECT unnest([2022, 2023, NULL]) AS year, 1 AS toll")
        export_view(con, "told", tmp_path)
        con.execute("DELETE FROM told WHERE year = 2022")
        files = export_view(con, "told", tmp_path)
    by_year = {file.path: file.rows for file in files if file.path.endswith(".parquet")}
    assert by_year == {"told/year=2023/told.parquet": 1, "told/year=unknown/told.parquet": 1}
    assert {path.name for path in (tmp_path / "told").iterdir()} == {"year=2023", "year=unknown"}


def test_the_manifest_says_what_each_file_is_and_as_of_which_run(filled: Settings, tmp_path: Path) -> None:
    with open_reader(filled, external=True) as con:
        paths = export_views(con, ("acled", "event_claims"), tmp_path)
    assert not [path for path in tmp_path.rglob(".*") if path.is_file()], "nothing half written is left"
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    listed = {file["path"]: file for file in manifest["files"]}
    assert {tmp_path / path for path in listed} | {tmp_path / "manifest.json"} == set(paths)
    for path, file in listed.items():
        data = (tmp_path / path).read_bytes()
        assert (file["byte_length"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest()), path
    assert listed["acled.csv"]["rows"] == 1
    assert (manifest["run"]["origin"], manifest["run"]["events"]) == ("nightly", 1)
    assert manifest["codebook"]["acled"][0]["column"] == "event_id_cnty"
    assert "GeoNames" in manifest["attribution"]


def test_the_map_has_the_events_that_have_a_point(filled: Settings, tmp_path: Path) -> None:
    with open_reader(filled, external=True) as con:
        export_views(con, (), tmp_path)
    (feature,) = json.loads((tmp_path / "events.geojson").read_text(encoding="utf-8"))["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [40.25, 35.5]}, "RFC 7946: longitude first"
    assert feature["properties"]["place_precision"] == 2
