"""Kept rows carried over from the last snapshot: only events that something changed about are computed anew.

A view whose header says ``kept: by event`` tells of each event by itself. What it said in the last published file still
holds for every event none of whose rows differ between that file and the one on its way to readers, so its rows are
taken from there. Both files are compared by the hashes of their rows, whoever wrote them: a run, a person's decision,
an erasure, a rebuild. Changed events are put into a small warehouse in memory with all that hangs on them, and the same
SQL is asked of that.
"""

import logging
import re
from functools import cache
from pathlib import Path

import duckdb

from tasks.warehouse.store.queries import query, quoted
from tasks.warehouse.store.views import View, our_views, reads

log = logging.getLogger("firstdraft.snapshot")

#: What views by event read, with the key by which ``queries/touched_events.sql`` knows the events it is about.
COMPARED = {
    "events": "event_id",
    "event_links": "event_id",
    "mentions": "mention_id",
    "mention_actors": "mention_id",
    "mention_claims": "mention_id",
    "mention_evidence": "mention_id",
    "mention_victims": "mention_id",
    "review_matches": "mention_id",
    "articles": "article_id",
    "article_versions": "version_id",
    "contents": "content_sha256",
    "stories": "version_id",
    "sources": "source_id",
}
#: Facts of the seeds, held whole beside the changed events; if one differs everything is computed anew.
REFERENCE = ("actor_kinds", "countries", "event_types")
#: From this share of the events on, computing all of them costs less than looking for those that need it.
_TOO_MANY = 0.2


def by_event() -> tuple[View, ...]:
    """The kept views that tell of each event by itself, those that others read from first."""
    return tuple(view for view in our_views() if view.event)


def carry_over(con: duckdb.DuckDBPyConnection, last: Path) -> bool:
    """Make ``view_rows.<view>`` of all views by event in a snapshot on its way, from the last one; whether it could be.

    It cannot if there is none, if it cannot be read, or was made by other views, other facts or another schema,
    and if more than a fifth of the events changed.
    """
    if not last.exists():
        return False
    try:
        return _carried(con, last)
    except duckdb.Error as error:
        log.warning("%s is no help for the next one: %s", last, error, extra={"stage": "report"})
        for view in by_event():
            con.execute(f"DROP TABLE IF EXISTS view_rows.{quoted(view.name)}")
        return False


def _carried(con: duckdb.DuckDBPyConnection, last: Path) -> bool:
    current = str(con.execute("SELECT current_database()").fetchall()[0][0])
    escaped = str(last.absolute()).replace("'", "''")
    con.execute(f"ATTACH '{escaped}' AS before (READ_ONLY)")
    con.execute("ATTACH ':memory:' AS part")
    try:
        if not _alike(con, current):
            return False
        con.execute("CREATE TABLE part.changed (relation VARCHAR, key VARCHAR)")
        for relation, key in COMPARED.items():
            _compare(con, relation, key)
        con.execute(query("touched_events"))
        ((touched, events),) = con.execute(
            "SELECT (SELECT count(*) FROM part.touched), (SELECT count(*) FROM events)"
        ).fetchall()
        log.info("%d of %d events told anew", touched, events, extra={"stage": "report"})
        if touched > _TOO_MANY * events:
            return False
        _ask_part(con, current)
        for view in by_event():
            _merge(con, view)
        return True
    finally:
        con.execute(f"USE {quoted(current)}")
        con.execute("DETACH before")
        con.execute("DETACH part")


def _alike(con: duckdb.DuckDBPyConnection, current: str) -> bool:
    """Return True if the last snapshot was made by the same views from the same tables and facts, and kept all rows."""
    columns = """SELECT table_name, column_index, column_name, data_type FROM duckdb_columns()
                 WHERE database_name = $1 AND schema_name = 'main' AND table_name IN $2 ORDER BY ALL"""
    read = [*COMPARED, *REFERENCE]
    both = [con.execute(columns, [name, read]).fetchall() for name in (current, "before")]
    stored_views = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = 'before' AND schema_name = 'view_rows'"
    ).fetchall()
    if both[0] != both[1] or not {view.name for view in by_event()} <= {name for (name,) in stored_views}:
        return False
    return not con.execute(query("changed_reference")).fetchall()


def _compare(con: duckdb.DuckDBPyConnection, relation: str, key: str) -> None:
    """Note the keys of the rows that only one of the two files has, in the columns that views by event name."""
    words = _words()
    if relation not in words:
        return
    columns = [str(column[0]) for column in con.execute(f"DESCRIBE {relation}").fetchall()]
    hashed = ", ".join(quoted(name) for name in columns if name == key or name in words)
    # Numbers of rows are half as dear to join as their keys; a view has none.
    row = "rowid" if relation != "review_matches" else key
    con.execute(
        f"""CREATE OR REPLACE TABLE part.differing AS
            SELECT n.row AS here, b.row AS before
            FROM (SELECT {row} AS row, hash({hashed}) AS digest FROM {relation}) n
            FULL JOIN (SELECT {row} AS row, hash({hashed}) AS digest FROM before.{relation}) b ON b.digest = n.digest
            WHERE n.row IS NULL OR b.row IS NULL"""  # noqa: S608 - names of our own schema
    ).fetchall()
    for side, prefix in (("here", ""), ("before", "before.")):
        con.execute(
            f"""INSERT INTO part.changed
                SELECT DISTINCT '{relation}', {key} FROM {prefix}{relation}
                WHERE {row} IN (SELECT {side} FROM part.differing WHERE {side} IS NOT NULL)"""  # noqa: S608
        ).fetchall()


@cache
def _words() -> frozenset[str]:
    """The words of the views by event and of what they read, headers included: a column that matters is named there."""
    return frozenset(word for view in reads(by_event()) for word in re.findall(r"\w+", view.sql))


def _ask_part(con: duckdb.DuckDBPyConnection, current: str) -> None:
    """Answer the views by event for the changed events: ``part.fresh_<view>``."""
    con.execute(query("touched_rows"))
    for name in REFERENCE:
        con.execute(f"CREATE TABLE part.{quoted(name)} AS FROM {quoted(name)}")
    con.execute("USE part")
    views = by_event()
    for view in reads(views):
        if view.name not in COMPARED:
            con.execute(f"CREATE VIEW {quoted(view.name)} AS {view.sql}")
    for view in views:
        con.execute(f"CREATE TABLE {quoted(f'fresh_{view.name}')} AS FROM {quoted(view.name)}")
    con.execute(f"USE {quoted(current)}")


def _merge(con: duckdb.DuckDBPyConnection, view: View) -> None:
    """The rows as the view has them: those of the last snapshot but for the changed events, and the fresh ones."""
    order = f"ORDER BY {view.order}" if view.order else ""
    con.execute(
        f"""CREATE OR REPLACE TABLE view_rows.{quoted(view.name)} AS
            FROM before.view_rows.{quoted(view.name)} ANTI JOIN part.touched_names t ON t.name = {view.event}
            UNION ALL FROM part.{quoted(f"fresh_{view.name}")}
            {order}"""
    ).fetchall()
