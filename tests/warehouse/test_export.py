"""Exports that a spreadsheet can open without running them."""

import csv
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from schemas.settings import Settings
from tasks.warehouse.connect import open_reader
from tasks.warehouse.export import export_view

HOSTILE = ["=HYPERLINK(1)", "+1+cmd", "-2+3", "@SUM(1)", "\t=1", "plain", "5 - 3", ""]


def test_a_text_that_begins_like_a_formula_is_disarmed_and_numbers_stay(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        con.execute("CREATE TABLE told AS SELECT unnest(?::VARCHAR[]) AS title, -7 AS toll", [HOSTILE])
        as_csv, as_parquet = export_view(con, "told", tmp_path / "exports")
    with as_csv.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["title"] for row in rows] == [f"'{text}" for text in HOSTILE[:5]] + HOSTILE[5:]
    assert {row["toll"] for row in rows} == {"-7"}
    assert pq.read_table(as_parquet).column("title").to_pylist() == HOSTILE


def test_a_view_is_written_from_a_reader_that_may_write_files(filled: Settings, tmp_path: Path) -> None:
    with open_reader(filled, external=True) as con:
        as_csv, _ = export_view(con, "acled", tmp_path)
    assert len(as_csv.read_text(encoding="utf-8").splitlines()) == 2
