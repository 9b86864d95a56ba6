"""Connections: one writer with the lock and the migrations behind it, and readers on the published snapshot."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from schemas.errors import WarehouseError
from schemas.settings import Settings
from tasks.warehouse.lock import hold_lock
from tasks.warehouse.migrate import migrate, our_migrations
from tasks.warehouse.reference import refresh_reference
from tasks.warehouse.views import refresh_views

__all__ = ["hold_lock", "open_reader", "open_writer", "transaction"]

#: No extension is ever downloaded, and order of insertion means nothing here, which saves memory.
_COMMON = {"autoinstall_known_extensions": False, "autoload_known_extensions": False, "preserve_insertion_order": False}
#: Of the machine's memory; the pages being read need the rest.
_MEMORY = "50%"

#: Threads of one process write in turns.
_IN_TURN: defaultdict[Path, threading.RLock] = defaultdict(threading.RLock)


@contextmanager
def open_writer(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse open for writing: folder made, lock taken, migrations applied, views as the code has them.

    Raises :class:`~schemas.errors.WarehouseLockedError`, :class:`~schemas.errors.MigrationError` or
    :class:`WarehouseError`. No transaction is open when the block begins.
    """
    path = settings.warehouse_path.absolute()
    with hold_lock(settings), _IN_TURN[path]:
        con = _connect(path, read_only=False)
        try:
            con.execute(f"SET memory_limit = '{_MEMORY}'")
            migrate(con, our_migrations())
            refresh_reference(con)
            refresh_views(con)
            yield con
        finally:
            con.close()


@contextmanager
def open_reader(settings: Settings, *, external: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published snapshot, read-only: a reader never stops the writer, and sees one whole run.

    Files, extensions and settings are out of reach; ``external=True``, for exports, lets COPY write files. Before the
    first run has published, the warehouse itself is read. Raises :class:`WarehouseError` where there is nothing to read
    yet, or where the first run is still writing it.
    """
    path = settings.published_path if settings.published_path.exists() else settings.warehouse_path
    if not path.exists():
        raise WarehouseError(f"no warehouse in {settings.data_dir}: run `firstdraft demo` or `firstdraft run` first")
    con = _connect(path.absolute(), read_only=True)
    try:
        if not external:
            con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        yield con
    finally:
        con.close()


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the block or nothing of it."""
    con.begin()
    try:
        yield
    except BaseException:
        con.rollback()
        raise
    con.commit()


def _connect(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    try:
        con = duckdb.connect(str(path), read_only=read_only, config=dict(_COMMON))
    except duckdb.Error as error:
        raise WarehouseError(_explained(path, error, read_only=read_only)) from error
    con.execute("SET TimeZone = 'UTC'")
    return con


def _explained(path: Path, error: duckdb.Error, *, read_only: bool) -> str:
    text = str(error)
    if "lock" in text.lower():
        what = "a run is writing it and nothing is published yet" if read_only else "another program has it open"
        advice = (
            "try again when it is done"
            if read_only
            else f"close it; readers should open {path.with_name('published.duckdb')}"
        )
        return f"{path} cannot be opened: {what}; {advice}. ({text})"
    return f"{path} cannot be opened: {text}"
