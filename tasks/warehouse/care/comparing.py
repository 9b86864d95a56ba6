"""The warehouse compared with what the ledger tells of it. Nothing here writes: a damaged file stays as it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from schemas.ledger import Loaded
from schemas.page import Capture
from schemas.settings import Settings
from schemas.verification import Finding
from tasks.warehouse.care.checks import schema_number, state_hash
from tasks.warehouse.store.queries import fetch_rows, quoted

_REBUILD = "make it again with `firstdraft rebuild`, or restore it from a backup"
_AT_ONCE = 20_000
_CAPTURES = pa.schema(
    [
        ("capture_id", pa.string()),
        ("url", pa.string()),
        ("sha256", pa.string()),
        ("byte_length", pa.int64()),
        ("warc_file", pa.string()),
        ("warc_offset", pa.int64()),
        ("warc_length", pa.int64()),
        ("loaded", pa.bool_()),
    ]
)


class Told:
    """What the ledger says should be in the warehouse, gathered in a database of its own that may spill to disk."""

    def __init__(self) -> None:
        self.con = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
        self.con.execute("SET TimeZone = 'UTC'")
        self._captures: list[dict[str, object]] = []
        self._batches: list[dict[str, object]] = []
        self._runs: list[dict[str, object]] = []
        empty = _CAPTURES.empty_table()
        self.con.register("incoming", empty)
        self.con.execute("CREATE TABLE told_captures AS FROM incoming")
        self.con.unregister("incoming")

    def capture(self, capture: Capture, *, loaded: bool) -> None:
        """A page that was kept; ``loaded`` says that its batch stands in the warehouse."""
        row = {name: getattr(capture, name) for name in _CAPTURES.names if name != "loaded"}
        self._captures.append(row | {"loaded": loaded})
        if len(self._captures) >= _AT_ONCE:
            self._flush()

    def batch(self, loaded: Loaded) -> None:
        """A batch that was loaded."""
        key = {"run_id": loaded.run_id, "source_id": loaded.source_id, "batch": loaded.batch}
        self._batches.append(key | {"links": loaded.links, "digest": loaded.digest})

    def run(self, run_id: str, state: str) -> None:
        """A run, and how it ended."""
        self._runs.append({"run_id": run_id, "state": state})

    def ready(self) -> duckdb.DuckDBPyConnection:
        """The connection, everything told in tables."""
        self._flush()
        texts = ("run_id", "source_id", "digest")
        batches = pa.schema([(name, pa.string()) for name in texts] + [("batch", pa.int64()), ("links", pa.int64())])
        runs = pa.schema([("run_id", pa.string()), ("state", pa.string())])
        for name, rows, schema in (("told_batches", self._batches, batches), ("told_runs", self._runs, runs)):
            self.con.register("incoming", pa.Table.from_pylist(rows, schema=schema))
            self.con.execute(f"CREATE OR REPLACE TABLE {name} AS FROM incoming")
            self.con.unregister("incoming")
        return self.con

    def _flush(self) -> None:
        self.con.register("incoming", pa.Table.from_pylist(self._captures, schema=_CAPTURES))
        self.con.execute("INSERT INTO told_captures FROM incoming")
        self.con.unregister("incoming")
        self._captures.clear()


def compare(expected: Told, settings: Settings, running: str | None, *, quick: bool) -> Iterator[Finding]:
    """What is wrong with the warehouse. ``running`` is the run that was cut off and not taken up yet, if there is one.

    ``quick`` leaves out reading every block of the file.
    """
    path = settings.warehouse_path
    if not path.exists():
        yield Finding("warehouse", "missing", f"there is no {path}", _REBUILD, file=path.name)
        return
    try:
        con = expected.ready()
        with _attached(con, path):
            if not quick:
                _read_all(con)
            yield from _captures(con)
            yield from _batches(con, running)
            yield from _runs(con, running)
    except duckdb.Error as error:
        yield Finding("warehouse", "unreadable", str(error)[:300], _REBUILD, file=path.name)


def compare_snapshot(settings: Settings) -> Iterator[Finding]:
    """Check that every block of the published snapshot can be read. It holds more than the warehouse does."""
    path = settings.published_path
    if not path.exists():
        return
    con = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
    try:
        with _attached(con, path):
            _read_all(con)
    except duckdb.Error as error:
        yield Finding("warehouse", "snapshot_unreadable", str(error)[:300], "run `firstdraft report`", file=path.name)
        return
    finally:
        con.close()


def compare_state(settings: Settings, expected: str, schema: int) -> Iterator[Finding]:
    """Check that the warehouse is in the state that the last run left, under so many migrations."""
    con = duckdb.connect(str(settings.warehouse_path), read_only=True)
    try:
        con.execute("SET TimeZone = 'UTC'")
        now = schema_number(con)
        actual = state_hash(con) if now == schema else expected
    except duckdb.Error as error:
        yield Finding("warehouse", "unreadable", str(error)[:300], _REBUILD, file=settings.warehouse_path.name)
        return
    finally:
        con.close()
    if now != schema:
        message = f"the state was taken under migration {schema}, and {now} is applied since: it is not compared"
        yield Finding("warehouse", "schema_differs", message, "none needed: the next run takes it anew", damaged=False)
    if actual != expected:
        message = (
            f"the last run left state {expected[:12]}, now it is {actual[:12]}: rows were changed since by other means"
        )
        yield Finding("warehouse", "state_differs", message, _REBUILD, file=settings.warehouse_path.name)


@contextmanager
def _attached(con: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    escaped = str(path.absolute()).replace("'", "''")
    con.execute(f"ATTACH '{escaped}' AS w (READ_ONLY)")
    try:
        yield
    finally:
        con.execute("DETACH w")


def _read_all(con: duckdb.DuckDBPyConnection) -> None:
    """Read every column of every table: DuckDB checks the checksum of each block it reads, and of no other."""
    tables = con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'w' ORDER BY 1").fetchall()
    for (name,) in tables:
        columns = con.execute(
            "SELECT column_name FROM duckdb_columns() WHERE database_name = 'w' AND table_name = ?", [name]
        ).fetchall()
        listed = ", ".join(quoted(column) for (column,) in columns)
        con.execute(f"SELECT count(*), sum(hash({listed})) FROM w.main.{quoted(name)}").fetchall()  # noqa: S608


def _captures(con: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    words = {
        "capture_missing": "the ledger says it was loaded, and the warehouse does not have it",
        "capture_unknown": "the warehouse has it, and the ledger knows nothing of it",
        "capture_differs": "ledger and warehouse name another place, length or hash",
    }
    for row in fetch_rows(con, "verify_captures"):
        yield Finding(
            "warehouse",
            row["what"],
            words[row["what"]],
            "restore the ledger from a backup" if row["what"] == "capture_unknown" else _REBUILD,
            file=row["warc_file"],
            offset=row["warc_offset"],
            capture_id=row["capture_id"],
            url=row["url"],
        )


def _batches(con: duckdb.DuckDBPyConnection, running: str | None) -> Iterator[Finding]:
    for row in fetch_rows(con, "verify_batches"):
        message = f"batch {row['batch']} of {row['source_id']} in {row['run_id']}: "
        message += f"{row['told']} links in the ledger, {row['held']} in the warehouse"
        if row["what"] == "batch_unknown" and row["run_id"] == running:
            yield Finding("warehouse", "batch_untold", message, "none needed: the next run completes it", damaged=False)
        else:
            yield Finding("warehouse", row["what"], message, _REBUILD)


def _runs(con: duckdb.DuckDBPyConnection, running: str | None) -> Iterator[Finding]:
    for row in fetch_rows(con, "verify_runs"):
        message = f"run {row['run_id']} is {row['told'] or 'unknown'} by the ledger and {row['held'] or 'unknown'} here"
        if row["run_id"] == running:
            yield Finding("warehouse", "run_cut_off", message, "none needed: the next run takes it up", damaged=False)
        else:
            yield Finding("warehouse", "run_differs", message, _REBUILD)
