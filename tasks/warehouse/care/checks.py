"""Checks: is every link accounted for, and what state is the warehouse in."""

import hashlib

import duckdb

from schemas.errors import AccountingError
from tasks.warehouse.store.queries import fetch_rows, quoted, scalar
from tasks.warehouse.store.write import TableSpec, table_specs


def accounting(con: duckdb.DuckDBPyConnection, run_id: str) -> int:
    """The number of links a run discovered, each of which has one outcome. Raises :class:`AccountingError` naming
    the sources if what was discovered and what ended differ.
    """
    wrong = fetch_rows(con, "unaccounted", {"run_id": run_id})
    if wrong:
        message = ", ".join(
            f"{row['source_id']}: {row['discovered']} discovered, {row['ended']} ended" for row in wrong
        )
        raise AccountingError(f"run {run_id} does not add up ({message}); it is not marked done, run it again")
    total = "SELECT coalesce(sum(discovered), 0)::INTEGER FROM run_sources WHERE run_id = $run_id"
    return int(scalar(con, total, {"run_id": run_id}))


def state_hash(con: duckdb.DuckDBPyConnection) -> str:
    """The SHA-256 of what the warehouse says of the world, independent of order, runs and clock.

    Per table the number of rows and the sum of row hashes over keys and content: no stamps, no run ids, no places in
    archive files. Two warehouses made from the same pages have the same hash, whatever happened on the way.
    """
    return hashlib.sha256("\n".join(table_states(con).values()).encode()).hexdigest()


def table_states(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What the state hash is made of, table by table: to see which tables of two warehouses differ."""
    specs = table_specs(con)
    return {name: _table_state(con, spec) for name, spec in specs.items() if not spec.run_local}


def schema_number(con: duckdb.DuckDBPyConnection) -> int:
    """The number of the last migration applied: states are alike only under the same one."""
    return int(scalar(con, "SELECT coalesce(max(number), 0) FROM migrations"))


def _table_state(con: duckdb.DuckDBPyConnection, spec: TableSpec) -> str:
    columns = ", ".join(quoted(column) for column in (*spec.key, *spec.content))
    counted = con.execute(
        f"SELECT count(*), coalesce(sum(hash({columns})), 0) FROM {quoted(spec.name)}"  # noqa: S608 - quoted names
    ).fetchall()
    return f"{spec.name} {counted[0][0]} {counted[0][1]}"
