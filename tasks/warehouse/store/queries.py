"""SQL kept in ``.sql`` files named for their result, and rows as they come back."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

import schemas

#: The folder of all SQL: ``migrations/``, ``views/`` and ``queries/``.
SQL_DIR = Path(schemas.__file__).parent / "sql"


@cache
def query(name: str) -> str:
    """The text of ``schemas/sql/queries/<name>.sql``."""
    return (SQL_DIR / "queries" / f"{name}.sql").read_text(encoding="utf-8")


def fetch_rows(
    con: duckdb.DuckDBPyConnection, name: str, parameters: Mapping[str, object] | None = None
) -> list[dict[str, Any]]:
    """The rows of a named query, each a dict in column order. Parameters are named: ``$run_id``."""
    return rows_of(con, query(name), parameters)


def rows_of(
    con: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, object] | None = None
) -> list[dict[str, Any]]:
    """The rows of a query, each a dict in column order."""
    result = con.execute(sql, dict(parameters)) if parameters else con.execute(sql)
    columns = [str(column[0]) for column in result.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def scalar(con: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, object] | None = None) -> Any:
    """The one value of a query of one row and column."""
    result = con.execute(sql, dict(parameters)) if parameters else con.execute(sql)
    rows = result.fetchall()
    return rows[0][0]


def quoted(name: str) -> str:
    """A name as a SQL identifier.

    >>> quoted('a"b')
    '"a""b"'
    """
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
