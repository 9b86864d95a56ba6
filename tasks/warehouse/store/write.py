"""The one writer of rows. What is a key and what a mere stamp is data (``table_keys``), not code.

Every function works in the caller's transaction, puts its rows before DuckDB as one Arrow table, and returns how many
rows it ``inserted``, ``updated``, left ``unchanged`` and (``sync``) ``deleted``. A row of which only stamps moved is
unchanged. If a batch holds a key twice, the newest sighting wins, then the smallest row, whatever the order given.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import duckdb
import pyarrow as pa

from tasks.reference.machine.encodable import encodable
from tasks.reference.words.masking import masked_all
from tasks.warehouse.store.filters import maybe_held, note_inserted
from tasks.warehouse.store.queries import quoted

Row = Mapping[str, object]
Changes = dict[str, int]

#: Stored rows that are read by their numbers, which reads their row groups only; of more the whole table is joined.
_FEW = 10_000

#: What pages say is kept letter by letter. In all other tables the secrets of addresses are masked.
_TEXTS = {"contents", "mention_evidence", "mention_claims", "mention_victims"}
_INCOMING = "firstdraft_incoming"
_STAGED = "firstdraft_staged"
_SCOPE = "firstdraft_scope"


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table as ``table_keys`` declares it; see the comments there for what each list means."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    order: str | None
    first: tuple[str, ...]
    last: tuple[str, ...]
    made: tuple[str, ...]
    kept: tuple[str, ...]
    run_local: bool
    schema: pa.Schema

    @property
    def content(self) -> tuple[str, ...]:
        """The columns whose change is a change of the row."""
        apart = {*self.key, *self.first, *self.last, *self.made, *self.kept}
        return tuple(column for column in self.columns if column not in apart)

    @property
    def id_column(self) -> str | None:
        """The one column that is the key, if it is one and a text."""
        column = self.key[0] if len(self.key) == 1 else None
        return column if column and pa.types.is_string(self.schema.field(column).type) else None


def table_specs(con: duckdb.DuckDBPyConnection) -> dict[str, TableSpec]:
    """All declared tables by name."""
    names = con.execute("SELECT table_name FROM table_keys ORDER BY table_name").fetchall()
    return {name: table_spec(con, name) for (name,) in names}


#: What was asked of a connection before: a schema changes only by migrations, and those come first.
_SPECS: WeakKeyDictionary[duckdb.DuckDBPyConnection, dict[str, TableSpec]] = WeakKeyDictionary()


def table_spec(con: duckdb.DuckDBPyConnection, table: str) -> TableSpec:
    """One table. Raises ``KeyError`` if no migration declared its key."""
    specs = _SPECS.setdefault(con, {})
    if table not in specs:
        specs[table] = _declared(con, table)
    return specs[table]


def _declared(con: duckdb.DuckDBPyConnection, table: str) -> TableSpec:
    rows = con.execute(
        """SELECT key_columns, order_column, first_columns, last_columns, made_columns, kept_columns, run_local
           FROM table_keys WHERE table_name = ?""",
        [table],
    ).fetchall()
    if not rows:
        raise KeyError(table)
    key, order, first, last, made, kept_columns, local = rows[0]
    schema = con.sql(f"SELECT * FROM {quoted(table)} LIMIT 0").to_arrow_table().schema  # noqa: S608 - a quoted name
    stamps = (tuple(first), tuple(last), tuple(made), tuple(kept_columns))
    return TableSpec(table, tuple(schema.names), tuple(key), order, *stamps, local, schema)


def upsert(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> Changes:
    """Insert new rows, update changed ones, move the stamps of the others."""
    spec = table_spec(con, table)
    if not rows:
        return _changes()
    return _write(con, spec, rows)


def insert_only(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> Changes:
    """Insert rows whose key is new; stored rows stay as they are, whatever the incoming ones hold."""
    spec = table_spec(con, table)
    if not rows:
        return _changes()
    fresh, rest = _apart(con, spec, rows)
    counted = _changes() | {"inserted": _append(con, spec, fresh)}
    if rest:
        _stage(con, spec, rest)
        staged = _count_actions(con)
        _insert(con, spec, rest)
        counted["inserted"] += staged["inserted"]
        counted["unchanged"] = staged["unchanged"] + staged["updated"]
    return counted


def insert_new(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> Changes:
    """Insert rows of which the caller knows that none is stored: what hangs on a row that was new itself.

    Nothing is looked up, so a table of any size takes them at the same cost.
    """
    return _changes() | {"inserted": _append(con, table_spec(con, table), rows)}


def sync(
    con: duckdb.DuckDBPyConnection,
    table: str,
    rows: Sequence[Row],
    scope_column: str | None = None,
    scope: Iterable[str] = (),
) -> Changes:
    """Make the table hold exactly these rows: :func:`upsert`, and delete what is not among them.

    With ``scope_column`` only rows whose value there is in ``scope`` are deleted; without it, of the whole table.
    """
    spec, scope = table_spec(con, table), sorted(set(scope))
    counted = _write(con, spec, rows) if rows else _changes()
    if scope_column is not None and not scope:
        return counted | {"deleted": 0}
    return counted | {"deleted": _delete_missing(con, spec, scope_column, scope, rows)}


def replace_all(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    """Empty the table and fill it with these rows: for small tables of facts."""
    con.execute(f"DELETE FROM {quoted(table)}")  # noqa: S608 - a quoted name
    con.register(_INCOMING, arrow_rows(con, table, rows))
    con.execute(f"INSERT INTO {quoted(table)} SELECT * FROM {_INCOMING}")  # noqa: S608 - a quoted name
    con.unregister(_INCOMING)
    _note(con, table_spec(con, table), rows)


def arrow_rows(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> pa.Table:
    """Rows as Arrow with the table's own types. Raises ``ValueError`` if a row's columns are not the table's."""
    schema = table_spec(con, table).schema
    columns = set(schema.names)
    for row in rows:
        if row.keys() != columns:
            raise ValueError(
                f"a row for {table} does not have the columns of the table: {sorted(row.keys() ^ columns)}"
            )
    if table not in _TEXTS:
        rows = [{name: masked_all(value) for name, value in row.items()} for row in rows]
    try:
        return pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
    except UnicodeEncodeError:
        # A lone surrogate, e.g. from a server's header: no database takes it.
        return pa.Table.from_pylist([{k: encodable(v) for k, v in row.items()} for row in rows], schema=schema)


def _changes() -> Changes:
    return {"inserted": 0, "updated": 0, "unchanged": 0}


def _write(con: duckdb.DuckDBPyConnection, spec: TableSpec, rows: Sequence[Row]) -> Changes:
    fresh, rest = _apart(con, spec, rows)
    inserted = _append(con, spec, fresh)
    if not rest:
        return _changes() | {"inserted": inserted}
    _stage(con, spec, rest)
    counted = _count_actions(con)
    if counted["updated"] and spec.content:
        _update_content(con, spec)
    if counted["unchanged"] and (spec.first or spec.last):
        _update_stamps(con, spec)
    if counted["inserted"]:
        _insert(con, spec, rest)
    return counted | {"inserted": counted["inserted"] + inserted}


def _apart(con: duckdb.DuckDBPyConnection, spec: TableSpec, rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """The rows that are certainly new, and those whose key may be stored."""
    if spec.id_column is None:
        return [], list(rows)
    ids = [_id_of(spec, row) for row in rows]
    candidates = maybe_held(con, spec.name, spec.id_column, ids)
    return (
        [row for row, key in zip(rows, ids, strict=True) if key not in candidates],
        [row for row, key in zip(rows, ids, strict=True) if key in candidates],
    )


def _id_of(spec: TableSpec, row: Row) -> str:
    """The one key of a row, as it is stored."""
    key = row[spec.id_column or ""]
    return str(encodable(key if spec.name in _TEXTS else masked_all(key)))


def _append(con: duckdb.DuckDBPyConnection, spec: TableSpec, rows: Sequence[Row]) -> int:
    """Insert rows none of which is stored, one a key; how many."""
    if not rows:
        return 0
    columns = ", ".join(map(quoted, spec.columns))
    con.register(_INCOMING, arrow_rows(con, spec.name, rows))
    done = con.execute(
        f"""INSERT INTO {quoted(spec.name)} ({columns})
            SELECT {columns} FROM {_one_a_key(spec, rows)} i"""  # noqa: S608 - quoted names
    ).fetchall()
    con.unregister(_INCOMING)
    _note(con, spec, rows)
    return int(done[0][0])


def _note(con: duckdb.DuckDBPyConnection, spec: TableSpec, rows: Sequence[Row]) -> None:
    if spec.id_column is not None:
        note_inserted(con, spec.name, {_id_of(spec, row) for row in rows})


def _stage(con: duckdb.DuckDBPyConnection, spec: TableSpec, rows: Sequence[Row]) -> None:
    """One row a key in a temporary table, with the stored row's id and what is to be done."""
    con.register(_INCOMING, arrow_rows(con, spec.name, rows))
    older = f"WHEN i.{quoted(spec.order)} < t.{quoted(spec.order)} THEN 'unchanged'" if spec.order else ""
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE {_STAGED} AS
            SELECT i.*, t.stored_row, CASE
                WHEN t.stored_row IS NULL THEN 'inserted' {older}
                WHEN {_differ(spec.content)} THEN 'updated' ELSE 'unchanged' END AS row_action
            FROM {_one_a_key(spec, rows)} i LEFT JOIN {_alike(con, spec)} t ON {_same(spec.key)}"""  # noqa: S608
    )
    con.unregister(_INCOMING)


def _alike(con: duckdb.DuckDBPyConnection, spec: TableSpec) -> str:
    """The stored rows with the incoming keys, found by their keys alone: no other column of the table is read whole."""
    table = quoted(spec.name)
    row_ids = con.execute(
        f"SELECT t.rowid FROM {table} t SEMI JOIN {_INCOMING} i ON {_same(spec.key)} LIMIT {_FEW + 1}"  # noqa: S608
    ).fetchall()
    which = "" if len(row_ids) > _FEW else f"WHERE rowid IN ({', '.join(str(row) for (row,) in row_ids) or 'NULL'})"
    return f"(SELECT *, rowid AS stored_row FROM {table} {which})"  # noqa: S608 - quoted names, numbers


def _one_a_key(spec: TableSpec, rows: Sequence[Row]) -> str:
    """What to read the incoming rows from: themselves, or the rows left if a key comes twice."""
    if len({tuple(row[column] for column in spec.key) for row in rows}) == len(rows):
        return _INCOMING
    key = _list("i", spec.key)
    newest = f"i.{quoted(spec.order)} DESC, " if spec.order else ""
    first = ", ".join(f"min(i.{c}) OVER (PARTITION BY {key}) AS {c}" for c in map(quoted, spec.first))
    return f"""(SELECT i.* {f"REPLACE ({first})" if first else ""} FROM {_INCOMING} i
                QUALIFY row_number() OVER (
                    PARTITION BY {key} ORDER BY {newest}{_list("i", spec.columns)}) = 1)"""  # noqa: S608 - quoted names


def _count_actions(con: duckdb.DuckDBPyConnection) -> Changes:
    counted = con.execute(f"SELECT row_action, count(*) FROM {_STAGED} GROUP BY row_action").fetchall()  # noqa: S608
    return _changes() | dict(counted)


def _update_content(con: duckdb.DuckDBPyConnection, spec: TableSpec) -> None:
    values = [f"{quoted(column)} = i.{quoted(column)}" for column in (*spec.content, *spec.made)]
    con.execute(
        f"""UPDATE {quoted(spec.name)} AS t SET {", ".join([*values, *_stamps(spec)])}
            FROM {_STAGED} i WHERE t.rowid = i.stored_row AND i.row_action = 'updated'"""  # noqa: S608 - quoted names
    )


def _update_stamps(con: duckdb.DuckDBPyConnection, spec: TableSpec) -> None:
    con.execute(
        f"""UPDATE {quoted(spec.name)} AS t SET {", ".join(_stamps(spec))} FROM {_STAGED} i
            WHERE t.rowid = i.stored_row AND i.row_action = 'unchanged'
              AND ({_differ((*spec.first, *spec.last))})"""  # noqa: S608 - quoted names
    )


def _stamps(spec: TableSpec) -> list[str]:
    """The assignments that move stamps: the smallest of the first ones, the last ones of the newest sighting."""
    first = [f"{c} = least(t.{c}, i.{c})" for c in map(quoted, spec.first)]
    if spec.order is None:
        return first + [f"{c} = i.{c}" for c in map(quoted, spec.last)]
    order = quoted(spec.order)
    newer = f"i.{order} >= t.{order}"
    return first + [f"{c} = CASE WHEN {newer} THEN i.{c} ELSE t.{c} END" for c in map(quoted, spec.last)]


def _insert(con: duckdb.DuckDBPyConnection, spec: TableSpec, rows: Sequence[Row]) -> None:
    columns = ", ".join(map(quoted, spec.columns))
    con.execute(
        f"""INSERT INTO {quoted(spec.name)} ({columns})
            SELECT {columns} FROM {_STAGED} WHERE row_action = 'inserted'"""  # noqa: S608 - quoted names
    )
    _note(con, spec, rows)


def _delete_missing(
    con: duckdb.DuckDBPyConnection,
    spec: TableSpec,
    scope_column: str | None,
    scope: Iterable[str],
    rows: Sequence[Row],
) -> int:
    """Delete the rows of a scope that are not among these; all of them if there are none."""
    within, missing = "true", "true"
    if rows:
        con.register(_INCOMING, arrow_rows(con, spec.name, rows).select(spec.key))
        missing = f"NOT EXISTS (SELECT 1 FROM {_INCOMING} i WHERE {_same(spec.key)})"  # noqa: S608 - quoted names
    if scope_column is not None:
        con.register(_SCOPE, pa.table({"value": pa.array(list(scope), pa.string())}))
        within = f"t.{quoted(scope_column)} IN (SELECT value FROM {_SCOPE})"  # noqa: S608 - quoted names
    deleted = con.execute(
        f"DELETE FROM {quoted(spec.name)} t WHERE {within} AND {missing}"  # noqa: S608 - quoted names
    ).fetchall()
    for given in (_INCOMING,) * bool(rows) + (_SCOPE,) * (scope_column is not None):
        con.unregister(given)
    count: Any = deleted[0][0]
    return int(count)


def _list(alias: str, columns: Iterable[str]) -> str:
    return ", ".join(f"{alias}.{quoted(column)}" for column in columns)


def _same(columns: Iterable[str]) -> str:
    return " AND ".join(f"i.{quoted(column)} = t.{quoted(column)}" for column in columns)


def _differ(columns: Sequence[str]) -> str:
    tests = (f"i.{quoted(column)} IS DISTINCT FROM t.{quoted(column)}" for column in columns)
    return " OR ".join(tests) or "false"
