"""The warehouse and the ledger side by side: what a batch looks like, what a run has done, what was reread."""

from collections.abc import Sequence
from datetime import date, datetime

import duckdb
import pyarrow as pa

from schemas.ledger import Closed, Loaded
from schemas.page import FetchedPage
from schemas.run import LoadReport, Run
from schemas.settings import Settings
from schemas.source import Source
from tasks.warehouse.care.checks import schema_number, state_hash
from tasks.warehouse.decisions.recall import page_of
from tasks.warehouse.load.loading import counted
from tasks.warehouse.store.changes import changes_of
from tasks.warehouse.store.connect import transaction
from tasks.warehouse.store.queries import fetch_rows, quoted
from tasks.warehouse.store.rows import Row
from tasks.warehouse.store.write import table_spec, upsert


def loaded_batch(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    source_id: str,
    number: int,
    report: LoadReport | None = None,
    since: datetime | None = None,
) -> Loaded:
    """A batch as the ledger tells of it, made from what stands in the warehouse.

    What was just loaded is known from its ``report``; ``since`` is its first request. Both only spare reading.
    """
    which = {"run_id": run_id, "source_id": source_id, "batch": number}
    digests = fetch_rows(con, "batch_digest", {**which, "since": since})
    outcomes, _ = counted(fetch_rows(con, "batch_outcomes", {**which, "since": since}))
    reread = report.reread if report else None
    if reread is None:
        reread = tuple((row["link_id"], row["capture_id"]) for row in fetch_rows(con, "batch_reread", which))
    return Loaded(
        run_id=run_id,
        source_id=source_id,
        batch=number,
        links=int(digests[0]["links"]) if digests else 0,
        digest=str(digests[0]["digest"]) if digests else "",
        outcomes=outcomes,
        rows=report.rows if report else changes_of(con, run_id, f"load {source_id} {number}"),
        reread=reread,
    )


def steps_done(con: duckdb.DuckDBPyConnection, run_id: str) -> set[str]:
    """The steps of a run whose transaction was committed."""
    return {row["step"] for row in fetch_rows(con, "run_steps", {"run_id": run_id})}


def batches_done(con: duckdb.DuckDBPyConnection, run_id: str) -> set[tuple[str, int]]:
    """The batches of a run that stand in the warehouse, by source id and number."""
    loads = [step.split(" ") for step in steps_done(con, run_id) if step.startswith("load ")]
    return {(source_id, int(number)) for _, source_id, number in loads}


def state_of_run(con: duckdb.DuckDBPyConnection, run_id: str) -> str | None:
    """``running``, ``done`` or ``abandoned``; ``None`` if the warehouse does not know the run."""
    rows = con.execute("SELECT state FROM runs WHERE run_id = ?", [run_id]).fetchall()
    return str(rows[0][0]) if rows else None


def runs_known(con: duckdb.DuckDBPyConnection) -> int:
    """How many runs the warehouse knows."""
    rows = con.execute("SELECT count(*) FROM runs").fetchall()
    return int(rows[0][0])


def captures_known(con: duckdb.DuckDBPyConnection) -> int:
    """How many captures the warehouse knows."""
    rows = con.execute("SELECT count(*) FROM captures").fetchall()
    return int(rows[0][0])


def reread_pages(con: duckdb.DuckDBPyConnection, run_id: str, pairs: Sequence[tuple[str, str]]) -> list[FetchedPage]:
    """Stored pages by link and capture, as the run named reads them again."""
    if not pairs:
        return []
    query_params = {"link_ids": [link for link, _ in pairs], "capture_ids": [capture for _, capture in pairs]}
    return [page_of(row, run_id) for row in fetch_rows(con, "reread_pages", query_params)]


def note_reread(con: duckdb.DuckDBPyConnection, run: Run, source: Source, links: int) -> None:
    """Write how many stored pages of a source a past run read again."""
    counts: Row = {"reached": True, "discovered": links, "detail": f"{links} captures", "new": None, "paused": False}
    with transaction(con):
        upsert(con, "run_sources", [{"run_id": run.run_id, "source_id": source.id, **counts}])


def write_again(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row], *, removed: bool) -> None:
    """Rows that were written outside any run, or whose deletion was; of a key written twice the last one stands."""
    spec = table_spec(con, table)
    with transaction(con):
        if not removed:
            rows = list({tuple(row[column] for column in spec.key): row for row in rows}.values())
            types = {field.name: field.type for field in con.table(table).limit(0).to_arrow_table().schema}
            upsert(con, table, [{name: _value(row.get(name), kind) for name, kind in types.items()} for row in rows])
            return
        same = " AND ".join(f"{quoted(column)} = ?" for column in spec.key)
        for row in rows:
            keys = [row[column] for column in spec.key]
            con.execute(f"DELETE FROM {quoted(table)} WHERE {same}", keys).fetchall()  # noqa: S608 - quoted names


def _value(value: object, kind: pa.DataType) -> object:
    """An instant or a day as the table has it; the ledger has its words."""
    if isinstance(value, str) and pa.types.is_timestamp(kind):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and pa.types.is_date(kind):
        return date.fromisoformat(value)
    return value


def abandon(con: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """Mark a run as one that was cut off."""
    with transaction(con):
        con.execute("UPDATE runs SET state = 'abandoned' WHERE run_id = ? AND state = 'running'", [run_id])


def closed_run(con: duckdb.DuckDBPyConnection, run_id: str, state: str | None) -> Closed:
    """A finished run as the ledger tells of it. ``state`` is the hash of the warehouse's state."""
    rows = con.execute("SELECT finished_at, discovered FROM runs WHERE run_id = ?", [run_id]).fetchall()
    outcomes, _ = counted(fetch_rows(con, "run_outcomes", {"run_id": run_id}))
    return Closed(run_id, rows[0][0], int(rows[0][1]), outcomes, state, schema_number(con))


def state_hash_below(con: duckdb.DuckDBPyConnection, settings: Settings) -> str | None:
    """The hash of the warehouse's state; ``None`` if its file is larger than ``settings.state_hash_bytes``."""
    return state_hash(con) if settings.warehouse_path.stat().st_size <= settings.state_hash_bytes else None
