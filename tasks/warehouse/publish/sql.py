"""A person's SQL: questions are answered; what would change or reach outside is refused, with what to do instead."""

from typing import Any, NamedTuple

import duckdb

from schemas.errors import FirstdraftError, ReadOnlyError

_ASKING = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}


class Answer(NamedTuple):
    """Column names in order, and the rows."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def records(self) -> list[dict[str, Any]]:
        """The rows as dicts in column order."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def answer(con: duckdb.DuckDBPyConnection, sql: str) -> Answer:
    """The answer to one question (SELECT, FROM, WITH, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN) on a reader's connection.

    Raises :class:`ReadOnlyError` for what would write, load or change settings or reach files, and
    :class:`FirstdraftError` for what DuckDB cannot parse or answer.
    """
    _check_kind(con, sql)
    try:
        result = con.execute(sql)
        columns = tuple(str(column[0]) for column in result.description or ())
        return Answer(columns, result.fetchall())
    except (duckdb.PermissionException, duckdb.InvalidInputException) as error:
        raise ReadOnlyError(f"{_first_line(error)}. {_advice('SELECT')}") from error
    except duckdb.Error as error:
        raise FirstdraftError(str(error)) from error


def _check_kind(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    try:
        statements = con.extract_statements(sql)
    except duckdb.Error as error:
        raise FirstdraftError(str(error)) from error
    if len(statements) != 1:
        raise FirstdraftError(f"give one query at a time: this is {len(statements)} statements")
    try:
        kind = statements[0].type
    except ValueError as error:
        # DuckDB parses statements that its Python client has no name for, e.g. UPDATE EXTENSIONS.
        raise ReadOnlyError(f"this is not a question. {_advice('')}") from error
    if kind not in _ASKING:
        raise ReadOnlyError(f"{kind.name} is not a question. {_advice(kind.name)}")


def _advice(kind: str) -> str:
    advice = {
        "COPY": "To keep an answer in a file, redirect the output, or use the exports of `firstdraft report`.",
        "EXPORT": "`firstdraft report` exports CSV and Parquet; the published file itself may be copied.",
        "SET": "Settings are fixed here; open the published file with the duckdb command line to change them.",
        "ATTACH": "Open the published file with the duckdb command line to join it with other data.",
        "LOAD": "Extensions are not loaded here; open the published file with the duckdb command line.",
        "MULTI": "PIVOT with its values named: PIVOT events ON event_type IN ('Battles', 'Protests') USING count(*).",
        "SELECT": "Queries see the warehouse's tables and views only; to join with files, open the published file "
        "with the duckdb command line.",
    }
    writing = "Rows come from runs only: change a seed or the code and run `firstdraft reprocess`."
    return f"This is a read-only snapshot. {advice.get(kind, writing)}"


def _first_line(error: duckdb.Error) -> str:
    return str(error).splitlines()[0].rstrip(". ")
