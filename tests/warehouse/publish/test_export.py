"""Exports that a spreadsheet can open without running them, and a manifest that says what they are."""

import csv
import hashlib
import json
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from benchmarks.readback import differing
from schemas.settings import Settings
from tasks.report import EXPORTED
from tasks.warehouse.publish.export import export_view, export_views
from tasks.warehouse.store.connect import open_reader

ARMED = ["=HYPERLINK(1)", "+1+cmd", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\nx", "  =1+1", "＝1+1", "－2", "-", "=\n1"]
HOSTILE = [*ARMED, "plain", "5 - 3", "", "a=b", "'=1"]


def test_a_text_that_begins_like_a_formula_is_disarmed_and_numbers_stay(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        con.execute("CREATE TABLE told AS SELECT unnest(?::VARCHAR[]) AS title, -7 AS toll", [HOSTILE])
        paths = [tmp_path / "exports" / file.path for file in export_view(con, "told", tmp_path / "exports")]
    as_csv, as_lines, as_parquet = paths
    with as_csv.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["title"] for row in rows] == [f"'{text}" for text in ARMED] + HOSTILE[len(ARMED) :]
    assert {row["toll"] for row in rows} == {"-7"}
    assert pq.read_table(as_parquet).column("title").to_pylist() == HOSTILE
    lines = as_lines.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["title"] for line in lines] == HOSTILE


def test_what_turns_text_around_is_an_escape_in_csv_and_itself_for_machines(tmp_path: Path) -> None:
    texts = ["toll\u202e41", "=\u2066x\u2069", "\u0642\u062a\u0644\u200f 3", "plain"]
    with duckdb.connect() as con:
        con.execute("CREATE TABLE told AS SELECT unnest(?::VARCHAR[]) AS title", [texts])
        as_csv, as_lines, _ = [tmp_path / file.path for file in export_view(con, "told", tmp_path)]
    with as_csv.open(encoding="utf-8", newline="") as file:
        rows = [row["title"] for row in csv.DictReader(file)]
    assert rows == ["toll\\u202e41", "'=\\u2066x\\u2069", texts[2], "plain"]
    assert [json.loads(line)["title"] for line in as_lines.read_text(encoding="utf-8").splitlines()] == texts


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
    others = {tmp_path / "manifest.json", tmp_path / manifest["dictionary"]}
    assert {tmp_path / path for path in listed} | others == set(paths)
    for path, file in listed.items():
        data = (tmp_path / path).read_bytes()
        assert (file["byte_length"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest()), path
    assert listed["acled.csv"]["rows"] == 1
    assert (manifest["run"]["origin"], manifest["run"]["events"]) == ("nightly", 1)
    assert datetime.fromisoformat(manifest["run"]["started_at"]).tzinfo, "an instant, as ISO 8601 has it"
    assert "T" in manifest["run"]["started_at"]
    assert manifest["codebook"]["acled"][0]["column"] == "event_id_cnty"
    assert "GeoNames" in manifest["attribution"]


def test_the_map_has_the_events_that_have_a_point(filled: Settings, tmp_path: Path) -> None:
    with open_reader(filled, external=True) as con:
        export_views(con, (), tmp_path)
    (feature,) = json.loads((tmp_path / "events.geojson").read_text(encoding="utf-8"))["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [40.25, 35.5]}, "RFC 7946: longitude first"
    assert feature["properties"]["place_precision"] == 2
    assert "latitude" not in feature["properties"]
    assert feature["id"] == feature["properties"]["event_id"]
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    explained = [entry["column"] for entry in manifest["codebook"]["event_points"]]
    assert [name for name in explained if name not in ("latitude", "longitude")] == list(feature["properties"])


def test_each_column_of_each_export_is_explained(filled: Settings, tmp_path: Path) -> None:
    views = ("acled", "ucdp_ged", "gdelt_mentions", "changes")
    with open_reader(filled, external=True) as con:
        export_views(con, views, tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    told = (tmp_path / "dictionary.md").read_text(encoding="utf-8")
    for view in views:
        with (tmp_path / f"{view}.csv").open(encoding="utf-8", newline="") as file:
            columns = next(csv.reader(file))
        assert [entry["column"] for entry in manifest["codebook"][view]] == columns
        section = told.partition(f"### {view}\n")[2].partition("\n### ")[0]
        assert [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")] == columns
        assert all(entry["meaning"] for entry in manifest["codebook"][view])


def test_numbers_stay_numbers_in_every_format(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        con.execute("CREATE TABLE told AS SELECT -7 AS toll, -33.5 AS latitude, DATE '2024-03-05' AS day, NULL AS none")
        export_view(con, "told", tmp_path)
    assert (tmp_path / "told.csv").read_text(encoding="utf-8").splitlines()[1] == "-7,-33.5,2024-03-05,"


def test_what_is_exported_no_more_does_not_stay(filled: Settings, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("a person's own file")
    with open_reader(filled, external=True) as con:
        export_views(con, ("acled", "event_claims"), tmp_path)
        export_views(con, ("acled",), tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert "event_claims.csv" not in names
    assert {"acled.csv", "mine.csv", "manifest.json", "dictionary.md", "events.geojson"} <= names


def test_other_tools_read_each_file_as_the_manifest_has_it(filled: Settings, tmp_path: Path) -> None:
    with open_reader(filled, external=True) as con:
        export_views(con, EXPORTED, tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert list(differing(tmp_path, manifest)) == []
    acled = tmp_path / "acled.csv"
    acled.write_text(acled.read_text(encoding="utf-8").replace("Battles", "Fights"), encoding="utf-8")
    assert [told.split(" in ")[0] for told in differing(tmp_path, manifest)] == [
        "acled.csv: another hash",
        "acled.csv: event_type 'Fights'",
    ]


def test_all_shapes_have_the_rows_in_the_order_of_the_view(tmp_path: Path) -> None:
    rows = 300_000  # more than one row group: several threads read them
    with duckdb.connect() as con:
        con.execute(
            f"""CREATE VIEW told AS SELECT 2020 + n % 2 AS year, n AS number, sum(n)::HUGEINT AS total
                FROM range({rows}) r(n) GROUP BY n ORDER BY n DESC"""
        )
        export_view(con, "told", tmp_path)
    lines = (tmp_path / "told.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert lines == [f"{2020 + n % 2},{n},{n}" for n in range(rows - 1, -1, -1)]
    with (tmp_path / "told.jsonl").open(encoding="utf-8") as file:
        assert [json.loads(line)["number"] for line in file] == list(range(rows - 1, -1, -1))
    odd = pq.read_table(tmp_path / "told" / "year=2021" / "told.parquet").column("number").to_pylist()
    assert odd == list(range(rows - 1, 0, -2))
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_manifest_of_another_hand_removes_nothing_outside(filled: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (tmp_path / "precious").write_text("x")
    listed = [{"path": "../precious"}, {"path": str(tmp_path / "precious")}]
    (folder / "manifest.json").write_text(json.dumps({"files": listed}))
    with open_reader(filled, external=True) as con:
        export_views(con, ("acled",), folder)
    assert (tmp_path / "precious").exists()
