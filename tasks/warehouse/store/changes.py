"""What each step of a run changed: written in the step's own transaction, summed up when the run closes."""

from collections.abc import Mapping

import duckdb

from tasks.warehouse.store.queries import fetch_rows
from tasks.warehouse.store.write import Changes, insert_new, upsert

ACTIONS = ("inserted", "updated", "unchanged", "deleted")


def record(
    con: duckdb.DuckDBPyConnection, run_id: str, step: str, rows: Mapping[str, Changes], *, new: bool = False
) -> None:
    """Keep what a step changed, by table. ``new``: the caller knows that nothing was kept of it before."""
    zero = dict.fromkeys(ACTIONS, 0)
    change_rows = [
        {"run_id": run_id, "step": step, "table_name": table, **zero, **rows[table]} for table in sorted(rows)
    ]
    (insert_new if new else upsert)(con, "run_changes", change_rows)


def changes_of(con: duckdb.DuckDBPyConnection, run_id: str, step: str | None = None) -> dict[str, Changes]:
    """What a step changed, or the whole run, by table and action; empty if nothing was recorded."""
    name, step_params = ("step_changes", {"step": step}) if step else ("run_rows", {})
    rows = fetch_rows(con, name, {"run_id": run_id, **step_params})
    return {row["table_name"]: {action: row[action] for action in ACTIONS} for row in rows}
