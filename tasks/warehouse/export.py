"""Exports of the reporting views: CSV that no spreadsheet runs as a formula, and Parquet."""

from pathlib import Path

import duckdb

from tasks.warehouse.queries import quoted

#: What a spreadsheet takes for the start of a formula (OWASP, CSV injection).
_FORMULA = r"^[=+\-@\t\r]"


def export_view(con: duckdb.DuckDBPyConnection, view: str, folder: Path) -> list[Path]:
    """Write one view as ``<view>.csv`` and ``<view>.parquet``; the paths written.

    In the CSV a text that begins like a formula gets an apostrophe before it; numbers stay as they are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    csv, parquet = folder / f"{view}.csv", folder / f"{view}.parquet"
    safe = f"SELECT {_safe_columns(con, view)} FROM {quoted(view)}"  # noqa: S608 - names are quoted
    _copy(con, safe, csv, "FORMAT csv, HEADER")
    _copy(con, f"SELECT * FROM {quoted(view)}", parquet, "FORMAT parquet")  # noqa: S608 - names are quoted
    return [csv, parquet]


def _copy(con: duckdb.DuckDBPyConnection, query: str, path: Path, options: str) -> None:
    target = str(path).replace("'", "''")
    con.execute(f"COPY ({query}) TO '{target}' ({options})")


def _safe_columns(con: duckdb.DuckDBPyConnection, view: str) -> str:
    columns = con.execute(f"DESCRIBE {quoted(view)}").fetchall()
    return ", ".join(_safe(str(name)) if kind == "VARCHAR" else quoted(str(name)) for name, kind, *_ in columns)


def _safe(column: str) -> str:
    name = quoted(column)
    return f"CASE WHEN regexp_matches({name}, '{_FORMULA}') THEN '''' || {name} ELSE {name} END AS {name}"
