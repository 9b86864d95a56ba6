"""Connections: one writer with the lock and the migrations behind it, and readers on the published snapshot."""

import re
import shutil
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from schemas.errors import WarehouseDamagedError, WarehouseError, WarehouseOpenError
from schemas.settings import Settings
from tasks.reference.machine.damage import first_line, is_damage
from tasks.reference.machine.failpoints import Point, failpoint
from tasks.warehouse.store.asof import follow_events
from tasks.warehouse.store.lock import hold_lock
from tasks.warehouse.store.migrate import migrate, our_migrations
from tasks.warehouse.store.reference import refresh_reference
from tasks.warehouse.store.views import refresh_views

__all__ = ["hold_lock", "keep_open", "open_reader", "open_writer", "transaction"]

#: New files are written as DuckDB 1.5 writes them: the drivers of other tools (Metabase, Superset, dbt) come months
#: after DuckDB itself.
STORAGE = "v1.5.0"
#: Bytes of a block of a new file. DuckDB's own are four times as large, and the end of a column fills its block
#: whatever it holds: a warehouse of 1,200 articles is 4 MB instead of 8; one of 100,000 the same, at equal cost.
BLOCK_SIZE = 65_536
#: No extension is ever downloaded, and order of insertion means nothing to the writer, which saves memory.
_COMMON: dict[str, str | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "preserve_insertion_order": False,
    "storage_compatibility_version": STORAGE,
    "default_block_size": BLOCK_SIZE,
}
#: How DuckDB names the program in its way.
_LOCK_HELD = re.compile(r"lock is held in (?P<program>.*?) \(PID (?P<pid>\d+)")
_POLL_SECONDS = 0.1
#: What to do about a file that is damaged.
_REBUILD = "`firstdraft rebuild` makes it again from captures and ledger, `firstdraft verify` says what else is damaged"
REPUBLISH = "`firstdraft report` copies it from the warehouse again; if that one is damaged too, `firstdraft rebuild`"
#: Of the machine's memory; the pages being read need the rest.
_MEMORY = "50%"
#: Bytes that work through whole tables gets at most: DuckDB keeps the blocks it read as long as it may.
_WHOLE_TABLES = 2 << 30

#: What one question of a reader may spill to disk while it is answered.
_SPILL = "4GB"

#: The write-ahead log is written out when it is so large; by default 16 MB, which in a night happens many times.
_LOG = "256MB"
#: What :func:`keep_open` keeps, by path; ``None`` if it is not open yet.
_KEPT: dict[Path, duckdb.DuckDBPyConnection | None] = {}
#: Threads of one process write in turns.
_IN_TURN: defaultdict[Path, threading.RLock] = defaultdict(threading.RLock)


@contextmanager
def open_writer(settings: Settings, *, last: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse open for writing: folder made, lock taken, migrations applied, views as the code has them.

    Raises :class:`~schemas.errors.WarehouseLockedError` if another run is at it, :class:`WarehouseOpenError` if
    some other program has the file open, :class:`~schemas.errors.MigrationError` or :class:`WarehouseError`. No
    transaction is open when the block begins. Afterwards it is closed, but for within :func:`keep_open`; ``last``
    closes it there too, for whoever copies the file.
    """
    path = settings.warehouse_path.absolute()
    with hold_lock(settings), _IN_TURN[path]:
        con = _KEPT.get(path) or _connect_in_time(path, settings.lock_wait_seconds)
        stay_open = False
        try:
            if con is not _KEPT.get(path):
                with _naming_damage(path, _REBUILD):
                    _prepare(con)
                if path in _KEPT:
                    _KEPT[path] = con
            with _naming_damage(path, _REBUILD):
                yield con
            stay_open = path in _KEPT and not last
        finally:
            if not stay_open:
                with _naming_damage(path, _REBUILD):
                    _close(path, con)


def read_through(path: Path, advice: str = _REBUILD) -> None:
    """Read every row of a warehouse or a snapshot, for whoever wants to know whether it can be read.

    The caller holds the lock if it is the warehouse. Raises :class:`WarehouseDamagedError`.
    """
    con = _connect(path, read_only=True)
    try:
        with _naming_damage(path, advice):
            con.execute(f"SET memory_limit = '{_MEMORY}'")
            names = con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY 1").fetchall()
            for (name,) in names:
                con.execute(f'SELECT bit_xor(hash(t)) FROM "{name}" t').fetchall()  # noqa: S608 - names of our tables
    finally:
        con.close()


@contextmanager
def _naming_damage(path: Path, advice: str) -> Iterator[None]:
    """Say of a damaged file which it is and what to do, where DuckDB says a block and a stack of addresses."""
    try:
        yield
    except duckdb.Error as error:
        if not is_damage(error):
            raise
        raise WarehouseDamagedError(f"{path} is damaged ({first_line(error)}): {advice}") from error


@contextmanager
def keep_open(settings: Settings) -> Iterator[None]:
    """Be the one writer until the block ends, with the warehouse open between one ``open_writer`` and the next.

    Opening and closing a large file for each batch costs more than writing the batch: closing writes out the last rows
    of every table again. What is committed is in the write-ahead log meanwhile.
    """
    path = settings.warehouse_path.absolute()
    with hold_lock(settings):
        if path in _KEPT:
            yield
            return
        with _IN_TURN[path]:
            _KEPT[path] = None
        try:
            yield
        finally:
            with _IN_TURN[path], _naming_damage(path, _REBUILD):
                _close(path, _KEPT.pop(path))


def limit_memory(con: duckdb.DuckDBPyConnection) -> None:
    """Have a connection that goes through whole tables, to copy or export them, use 2 GiB at most, or half of all."""
    con.execute(f"SET memory_limit = '{_MEMORY}'")
    ((half,),) = con.execute("SELECT parse_formatted_bytes(current_setting('memory_limit'))").fetchall()
    con.execute(f"SET memory_limit = '{min(half, _WHOLE_TABLES)}B'")


def _prepare(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"SET memory_limit = '{_MEMORY}'")
    con.execute(f"SET checkpoint_threshold = '{_LOG}'")
    if migrate(con, our_migrations()):
        follow_events(con)
        con.execute("CHECKPOINT").fetchall()  # a log with a migration in it can be opened by few tools
    refresh_reference(con)
    refresh_views(con)


def _close(path: Path, con: duckdb.DuckDBPyConnection | None) -> None:
    if path in _KEPT:
        _KEPT[path] = None
    if con is not None:
        con.close()


@contextmanager
def open_reader(settings: Settings, *, external: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published snapshot, read-only: a reader never stops the writer, and sees one whole run.

    Files, extensions and settings are out of reach; ``external=True``, for exports, lets COPY write files. Before the
    first run has published, a copy of the warehouse is read. Raises :class:`WarehouseError` if there is nothing to
    read yet, and :class:`~schemas.errors.WarehouseLockedError` if the first run is still writing it.
    """
    con = _connect_reader(settings)
    try:
        if external:
            limit_memory(con)
        else:
            # Neither files nor objects of this process that happen to have a table's name; no disk filled by a sort.
            con.execute("SET python_enable_replacements = false")
            con.execute(f"SET max_temp_directory_size = '{_SPILL}'")
            con.execute("SET enable_external_access = false")
        # A view whose rows are kept answers in the order it was kept in, and an export is the same file each time.
        con.execute("SET preserve_insertion_order = true")
        con.execute("SET lock_configuration = true")
        with _naming_damage(settings.published_path, REPUBLISH):
            yield con
    finally:
        con.close()


def _connect_reader(settings: Settings) -> duckdb.DuckDBPyConnection:
    """The snapshot; if there is none a copy without a name, for whoever has the warehouse open stops the writer."""
    path = settings.warehouse_path.absolute()
    if settings.published_path.exists():
        return _connect(settings.published_path.absolute(), read_only=True)
    if not path.exists():
        raise WarehouseError(f"no warehouse in {settings.data_dir}: run `firstdraft demo` or `firstdraft run` first")
    try:
        with TemporaryDirectory(prefix=".unpublished.", dir=path.parent) as folder:
            with hold_lock(settings.model_copy(update={"lock_wait_seconds": 0.0})):
                for file in (path, path.with_name(path.name + ".wal")):
                    if file.exists():
                        shutil.copyfile(file, Path(folder) / file.name)
            return _connect(Path(folder) / path.name, read_only=True)
    except OSError as error:
        raise WarehouseError(f"cannot copy {path} to read it: {error.strerror}") from error


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the block or nothing of it."""
    con.begin()
    try:
        yield
        failpoint(Point.COMMIT_BEFORE)
    except BaseException:
        con.rollback()
        raise
    con.commit()
    failpoint(Point.COMMIT_AFTER)


def _connect(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    try:
        con = _opened(path, read_only=read_only)
    except duckdb.Error as error:
        if holder := _LOCK_HELD.search(str(error)):
            raise WarehouseOpenError(_held_by(path, holder, read_only=read_only)) from error
        if is_damage(error):
            advice = REPUBLISH if path.name.endswith("published.duckdb") else _REBUILD
            raise WarehouseDamagedError(f"{path} is damaged ({first_line(error)}): {advice}") from error
        raise WarehouseError(f"{path} cannot be opened: {first_line(error)}") from error
    con.execute("SET TimeZone = 'UTC'")
    return con


def _opened(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """The file opened. DuckDB 2.0.1 replays a log before it has its own functions: if one is needed, that fails."""
    try:
        return duckdb.connect(str(path), read_only=read_only, config=dict(_COMMON))
    except duckdb.CatalogException as error:
        if "replaying WAL" not in str(error):
            raise
    with duckdb.connect(config=dict(_COMMON)) as con:
        con.execute("SELECT list_transform([0], lambda n: n)").fetchall()  # has the functions loaded
        con.execute(f"ATTACH {_literal(path)} AS replayed")
        con.execute("CHECKPOINT replayed").fetchall()
        con.execute("DETACH replayed")
    return duckdb.connect(str(path), read_only=read_only, config=dict(_COMMON))


def _literal(path: Path) -> str:
    escaped = str(path).replace("'", "''")
    return f"'{escaped}'"


def _connect_in_time(path: Path, wait_seconds: float) -> duckdb.DuckDBPyConnection:
    """Open for writing; while somebody else has the file open, wait as long as for the lock."""
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            return _connect(path, read_only=False)
        except WarehouseOpenError as error:
            if time.monotonic() >= deadline:
                raise WarehouseOpenError(f"{error} (waited {wait_seconds:g} s)") from error.__cause__
        time.sleep(_POLL_SECONDS)


def _held_by(path: Path, holder: re.Match[str], *, read_only: bool) -> str:
    """Who has the file open, in words, and what to do."""
    who = f"process {holder['pid']} ({_command(holder['pid']) or holder['program']})"
    if read_only:
        return f"{path} cannot be opened: {who} is writing it, and nothing is published yet; try again when it is done"
    readers = path.with_name("published.duckdb")
    return f"{path} cannot be written: {who} has it open. Close that session, then run again; readers open {readers}"


def _command(pid: str) -> str:
    """The command line of a process; empty if it is gone or nobody may know."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return ""
    return b" ".join(words).decode("utf-8", "replace").strip()[:200]
