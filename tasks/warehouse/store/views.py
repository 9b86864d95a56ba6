"""Views: one ``.sql`` file each with a header of title, grain and columns; made again when a file changes.

The header::

    -- title: Events as ACLED's 31 columns
    -- grain: one row per event
    -- columns:
    --   event_id_cnty: what it is

and then one SELECT. The header becomes the comments of the view and its columns.

A view that counts over everything has ``-- kept: made when the snapshot is published`` in its header: its rows are then
kept in the published file (schema ``view_rows``, which nobody need read), and the view reads those. Readers do not wait
for it, whatever its size, and the warehouse itself holds nothing twice.

``-- kept: by event, <expression>`` says that besides every row follows from one event and what hangs on it: those of
events nothing changed about are carried over from the last snapshot
(``tasks/warehouse/publish/incremental_views.py``). The expression is the event's id, or the number made of it; the
view ends in an ORDER BY of its own columns, or has none.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import duckdb

from schemas.errors import MigrationError
from schemas.keys import text_sha256
from tasks.warehouse.store.queries import SQL_DIR, quoted

_COLUMN = re.compile(r"--   (\w+): (.+)")
#: The name under which ``reference_files`` keeps the hash of all view files.
_KEY = "(views)"
_BY_EVENT = "by event, "
_READ = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)")
_ORDER = re.compile(r"\nORDER BY ([^()]+)\Z")


@dataclass(frozen=True, slots=True)
class View:
    """One reporting view. ``columns`` are in the order of its result.

    ``event`` is what names the event of a row if rows are kept by event, else empty; ``order`` how its rows follow.
    """

    name: str
    title: str
    grain: str
    columns: dict[str, str]
    sql: str
    kept: bool = False
    event: str = ""
    order: str = ""


def read_views(folder: Path) -> tuple[View, ...]:
    """All views, those that others read from first. Raises :class:`MigrationError` for a header that lacks a part."""
    views = {file.stem: _parse(file) for file in sorted(folder.glob("*.sql"))}
    ordered: list[View] = []
    for name in views:
        _place(name, views, ordered, ())
    return tuple(ordered)


@cache
def our_views() -> tuple[View, ...]:
    """The views of this code, read once a process."""
    return read_views(SQL_DIR / "views")


def refresh_views(con: duckdb.DuckDBPyConnection) -> None:
    """Make the views as the code has them, in one transaction; nothing is done if they are so already."""
    views = our_views()
    sha256 = text_sha256([view.sql for view in views])
    loaded = con.execute("SELECT sha256 FROM reference_files WHERE table_name = ?", [_KEY]).fetchall()
    if loaded == [(sha256,)]:
        return
    con.begin()
    for (name,) in con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall():
        con.execute(f"DROP VIEW {quoted(name)}")
    for view in views:
        _create(con, view)
    con.execute("DELETE FROM reference_files WHERE table_name = ?", [_KEY])
    con.execute("INSERT INTO reference_files VALUES (?, ?)", [_KEY, sha256])
    con.commit()


def reads(views: Collection[View]) -> tuple[View, ...]:
    """Some views and all that they read from, those that others read from first."""
    wanted = {view.name for view in views}
    for view in reversed(our_views()):
        if view.name in wanted:
            wanted |= {candidate.name for candidate in our_views() if _mentions(view, candidate.name)}
    return tuple(view for view in our_views() if view.name in wanted)


def keep_views(con: duckdb.DuckDBPyConnection, there: Collection[str] = ()) -> list[str]:
    """Keep the rows of the views that say so, in a snapshot on its way to readers; their names.

    Of the views named ``there`` the rows are kept already.
    """
    kept_views = [view for view in our_views() if view.kept]
    con.execute("CREATE SCHEMA IF NOT EXISTS view_rows")
    for view in kept_views:
        if view.name not in there:
            con.execute(f"CREATE OR REPLACE TABLE view_rows.{quoted(view.name)} AS {view.sql}")
    con.begin()  # every comment would be a transaction of its own
    for view in kept_views:
        name = quoted(view.name)
        con.execute(f"DROP VIEW {name}")
        title = view.title.replace("'", "''")
        con.execute(f"COMMENT ON TABLE view_rows.{name} IS 'Rows of the view {view.name} ({title}): read the view.'")
        _create(con, replace(view, sql=f"FROM view_rows.{name}"))
    con.commit()
    return [view.name for view in kept_views]


def _place(name: str, views: dict[str, View], ordered: list[View], path: tuple[str, ...]) -> None:
    view = views[name]
    if view in ordered:
        return
    if name in path:
        raise MigrationError(f"views read from each other in a circle: {' -> '.join((*path, name))}")
    for candidate in views:
        if _mentions(view, candidate):
            _place(candidate, views, ordered, (*path, name))
    ordered.append(view)


def _mentions(view: View, name: str) -> bool:
    return name != view.name and name in _read_by(view.sql)


@cache
def _read_by(sql: str) -> frozenset[str]:
    """The names some SQL reads from."""
    return frozenset(_READ.findall(sql))


def _parse(file: Path) -> View:
    sql = file.read_text(encoding="utf-8")
    head = [line for line in sql.splitlines() if line.startswith("--")]
    header = dict(line[3:].split(": ", 1) for line in head if re.match(r"-- (title|grain|kept): .", line))
    columns = {match[1]: match[2] for line in head if (match := _COLUMN.fullmatch(line))}
    if header.keys() - {"kept"} != {"title", "grain"} or not columns:
        raise MigrationError(f"{file}: a view begins with -- title:, -- grain: and -- columns:")
    kept_header = header.get("kept", "")
    event = kept_header.removeprefix(_BY_EVENT) if kept_header.startswith(_BY_EVENT) else ""
    order = match[1].strip() if (match := _ORDER.search(sql.rstrip())) else ""
    return View(file.stem, header["title"], header["grain"], columns, sql, bool(kept_header), event, order)


def _create(con: duckdb.DuckDBPyConnection, view: View) -> None:
    name = quoted(view.name)
    comments = [_comment(f"VIEW {name}", f"{view.title}: {view.grain}.")]
    comments += [_comment(f"COLUMN {name}.{quoted(column)}", meaning) for column, meaning in view.columns.items()]
    con.execute(f"CREATE VIEW {name} AS {view.sql}")
    con.execute("".join(comments))


def _comment(what: str, text: str) -> str:
    escaped = text.replace("'", "''")
    return f"COMMENT ON {what} IS '{escaped}';"
