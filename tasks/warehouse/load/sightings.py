"""Pages seen again: the captures they still are, and the stamps that move.

What is seen again tonight was mostly seen last night, and what was seen lately stands at the end of its table: a
look-up that begins there reads a corner of it. If something is missing there, the whole table is asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

from schemas.fetch import Fetch
from tasks.warehouse.store.queries import fetch_rows, query

#: How far back "lately" goes: the catch-up of a week's missed nights included.
_LATELY = timedelta(days=10)
_EVER = datetime(1, 1, 2, tzinfo=UTC)


def last_captures(con: duckdb.DuckDBPyConnection, urls: Iterable[str], now: datetime) -> dict[str, dict[str, Any]]:
    """The last capture of each of some canonical URLs that is known: capture_id, version_id, stored_row.

    A URL with a capture seen lately has its last one among those.
    """
    wanted = sorted(set(urls))
    captures: dict[str, dict[str, Any]] = {}
    for since in (now - _LATELY, _EVER):
        if missing := [url for url in wanted if url not in captures]:
            rows = fetch_rows(con, "last_captures", {"urls": missing, "since": since})
            captures |= {row["url"]: row for row in rows}
    return captures


def touch(
    con: duckdb.DuckDBPyConnection,
    which: Mapping[str, object],
    fetches: Sequence[Fetch],
    stands: Sequence[Any],
    now: datetime,
) -> None:
    """Move the stamps of captures and articles that a batch saw unchanged; ``stands`` are their last captures."""
    query_params = {
        **which,
        "since": min(f.requested_at for f in fetches),
        "until": max(f.requested_at for f in fetches),
    }
    _update(con, "touch_captures", query_params, [row["stored_row"] for row in stands])
    versions = sorted({row["version_id"] for row in stands if row["version_id"] is not None})
    _update(con, "touch_articles", query_params, _current_rows(con, versions, now))


def _current_rows(con: duckdb.DuckDBPyConnection, versions: Sequence[str], now: datetime) -> list[int]:
    rows: list[dict[str, Any]] = []
    for since in (now - _LATELY, _EVER):
        if {row["version_id"] for row in rows} != set(versions):
            rows = fetch_rows(con, "current_rows", {"version_ids": list(versions), "since": since})
    return [row["stored_row"] for row in rows]


def _update(con: duckdb.DuckDBPyConnection, name: str, query_params: Mapping[str, object], rows: Sequence[int]) -> None:
    if rows:
        con.execute(query(name), {**query_params, "first_row": min(rows), "last_row": max(rows)}).fetchall()
