"""The warehouse written anew: what was deleted leaves free blocks behind, which keep their size and their bytes.

DuckDB's VACUUM gives nothing back. A copy of all that stands does; it takes the old file's place by rename, so that a
process killed at any instant leaves either file whole.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from schemas.errors import WarehouseError
from schemas.settings import Settings
from tasks.reference.machine.failpoints import Point, failpoint
from tasks.reference.machine.files import sync_path
from tasks.warehouse.store.connect import BLOCK_SIZE, STORAGE, limit_memory, open_writer
from tasks.warehouse.store.lock import hold_lock
from tasks.warehouse.store.queries import quoted

log = logging.getLogger("firstdraft.compact")

#: The share of a file that may lie free before the end of a run writes it anew, and the bytes nobody minds. A
#: checkpoint writes the last rows of every table to new blocks before it frees the old ones: of a small file that is
#: half of it, of a large one too little to copy it for.
_FREE_SHARE, _FREE_BYTES = 0.12, 1 << 20
_PLAIN = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "preserve_insertion_order": False,
}


@dataclass(frozen=True, slots=True)
class Compacted:
    """What became of the file: bytes before and after."""

    path: Path
    before: int
    after: int


def compact(settings: Settings) -> Compacted:
    """Replace the warehouse by a copy without free blocks; no connection to it may be open.

    The copy is compared with the original before it takes its place. Raises :class:`WarehouseError` if they differ,
    if the file is still open in this process (DuckDB says so), and if the disk refuses; the old file then stays.
    """
    path = settings.warehouse_path.absolute()
    log.info("writing %s anew", path.name, extra={"stage": "compact"})
    with hold_lock(settings):
        with open_writer(settings, last=True) as con:
            con.execute("CHECKPOINT").fetchall()
        before = path.stat().st_size
        fresh = path.with_name(f".{path.name}.compact")
        write_copy(path, fresh)
        failpoint(Point.COMPACT_WRITTEN)
        swap(fresh, path)
        failpoint(Point.COMPACT_RENAMED)
    return Compacted(path, before, path.stat().st_size)


def wasteful(con: duckdb.DuckDBPyConnection) -> bool:
    """Return True if so much of the open file lies free, after a checkpoint, that it is worth being written anew."""
    ((size, free),) = con.execute(
        """SELECT total_blocks * block_size, free_blocks * block_size FROM pragma_database_size()
           WHERE database_name = current_database()"""
    ).fetchall()
    return bool(free > _FREE_BYTES and free > _FREE_SHARE * size)


def write_copy(source: Path, target: Path, change: Callable[[duckdb.DuckDBPyConnection], object] | None = None) -> None:
    """Write all that stands in one database file into another, on disk on return; what ``target`` held is gone.

    ``change`` may alter the copy before it is written out: it is the default database then. Without it both are
    compared, row for row. Raises :class:`WarehouseError`; the target is removed then.
    """
    rough = target.with_name(f"{target.name}.rough")
    try:
        for leftover in (target, rough):
            # A copy killed half-way.
            _remove(leftover)
        if change is None:
            _copy(source, target)
        else:
            # Values that were changed would stay behind in free blocks, so what is kept is a copy of the copy.
            _copy(source, rough)
            with _attached(rough) as con:
                con.execute("USE copied")
                change(con)
            _copy(rough, target)
        sync_path(target)
    except BaseException as error:
        _remove(target)
        if isinstance(error, duckdb.Error | OSError):
            raise WarehouseError(f"cannot write {target}: {error}; the old file stays") from error
        raise
    finally:
        _remove(rough)


def swap(fresh: Path, path: Path) -> None:
    """Put a whole file into another's place, for good on return. Raises :class:`WarehouseError`."""
    try:
        fresh.replace(path)
        sync_path(path.parent)
    except OSError as error:
        raise WarehouseError(f"cannot replace {path}: {error.strerror}; the old file stays") from error


@contextmanager
def _attached(path: Path, source: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own with a file attached as ``copied``, written out at the end, and one as ``original``."""
    con = duckdb.connect(config={**_PLAIN})
    try:
        con.execute("SET TimeZone = 'UTC'")
        limit_memory(con)
        con.execute(f"ATTACH {_literal(path)} AS copied (STORAGE_VERSION '{STORAGE}', BLOCK_SIZE {BLOCK_SIZE})")
        if source is not None:
            con.execute(f"ATTACH {_literal(source)} AS original (READ_ONLY)")
        yield con
        con.execute("CHECKPOINT copied").fetchall()
    finally:
        con.close()


def _copy(source: Path, target: Path) -> None:
    with _attached(target, source) as con:
        con.execute("COPY FROM DATABASE original TO copied")
        for name in _differing(con):
            raise WarehouseError(f"the copy of table {name} differs from the original; the old file is kept")


def _differing(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables and views that two attached databases do not have alike: rows as a set, all columns hashed."""
    original, copied = _states(con, "original"), _states(con, "copied")
    return sorted(name for name in original.keys() | copied.keys() if original.get(name) != copied.get(name))


def _states(con: duckdb.DuckDBPyConnection, database: str) -> dict[str, tuple[object, ...]]:
    tables = con.execute(
        """SELECT schema_name, table_name, list(column_name ORDER BY column_index) FROM duckdb_columns()
           WHERE database_name = $1 AND NOT internal AND (schema_name, table_name) IN (
               SELECT (schema_name, table_name) FROM duckdb_tables() WHERE database_name = $1)
           GROUP BY ALL""",
        [database],
    ).fetchall()
    states: dict[str, tuple[object, ...]] = {}
    for schema, name, columns in tables:
        listed, table = ", ".join(map(quoted, columns)), f"{database}.{quoted(schema)}.{quoted(name)}"
        counted = f"SELECT count(*), coalesce(sum(hash({listed})), 0) FROM {table}"  # noqa: S608 - quoted names
        states[f"{schema}.{name}"] = con.execute(counted).fetchall()[0]
    views = con.execute(
        "SELECT view_name, comment FROM duckdb_views() WHERE database_name = ? AND NOT internal", [database]
    ).fetchall()
    return states | {f"view {name}": (comment,) for name, comment in views}


def _literal(path: Path) -> str:
    escaped = str(path.absolute()).replace("'", "''")
    return f"'{escaped}'"


def _remove(path: Path) -> None:
    for name in (path.name, f"{path.name}.wal"):
        path.with_name(name).unlink(missing_ok=True)
