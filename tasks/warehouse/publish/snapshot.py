"""The read snapshot: a whole copy of the warehouse that appears at once, by rename.

An open reader of DuckDB blocks the writer and the other way round, so readers never open the warehouse itself. One who
has the old snapshot open keeps reading it. What a run left that is out of the ordinary is held back: the old snapshot
stays until a person accepts the new one, or a run leaves what is usual.
"""

import logging
import os
import shutil
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import duckdb

from schemas.errors import WarehouseError
from schemas.publication import Publication
from schemas.settings import Settings
from tasks.reference.machine.failpoints import Point, failpoint
from tasks.reference.machine.files import sync_path
from tasks.warehouse.care.compact import compact, wasteful, write_copy
from tasks.warehouse.care.publish_guard import accept, judge
from tasks.warehouse.publish.incremental_views import by_event, carry_over
from tasks.warehouse.store.connect import limit_memory, open_writer
from tasks.warehouse.store.lock import hold_lock
from tasks.warehouse.store.queries import query, quoted
from tasks.warehouse.store.views import keep_views

log = logging.getLogger("firstdraft.snapshot")

#: What blurs the coordinates that stand in words, in tables without a column for them.
_TELLING_OF_PLACES = ("blur_reviews", "blur_reprocess_changes")


def publish(settings: Settings, *, anyway: bool = False) -> Publication:
    """Replace the published file by the warehouse as it stands, if the last run left nothing out of the ordinary.

    ``anyway`` accepts what it left, for this and for all later publications. With ``settings.coordinate_decimals`` no
    coordinate of the published file is more precise. Raises :class:`WarehouseError` if the disk refuses; the old
    snapshot then stays.
    """
    target = settings.published_path
    log.info("publishing", extra={"stage": "report"})
    with hold_lock(settings):
        failpoint(Point.SNAPSHOT_BEGUN)
        with open_writer(settings, last=True) as con:
            if anyway:
                accept(con, datetime.now(UTC))
            problems = () if anyway else judge(con, datetime.now(UTC))
            con.execute("CHECKPOINT").fetchall()
            grown = wasteful(con)
        if problems and target.exists():
            log.warning("the old snapshot stays: %s", "; ".join(problems), extra={"stage": "report"})
            return Publication(target, problems)
        if settings.warehouse_path.with_name(settings.warehouse_path.name + ".wal").exists():
            raise WarehouseError(f"{settings.warehouse_path} is still open in this process; close it before publishing")
        if grown:
            _shrink(settings)
        try:
            _replace(settings.warehouse_path, target, settings.coordinate_decimals)
        except OSError as error:
            raise WarehouseError(f"cannot publish {target}: {error.strerror}; the old snapshot stays") from error
    return Publication(target)


def _shrink(settings: Settings) -> None:
    """Write the warehouse anew; if that fails it stays as it is, and is published all the same."""
    try:
        done = compact(settings)
    except WarehouseError as error:
        log.warning("the warehouse was not compacted: %s", error, extra={"stage": "report"})
    else:
        log.info("compacted, %d bytes to %d", done.before, done.after, extra={"stage": "report"})


def why_held(settings: Settings) -> tuple[str, ...]:
    """Why readers do not have what the last run left; empty if they do."""
    with open_writer(settings) as con:
        return judge(con, datetime.now(UTC))


def _replace(source: Path, target: Path, decimals: int | None) -> None:
    for leftover in target.parent.glob(f".{target.name}.*"):
        # A publication killed half-way, or the folder it sorted in; the lock says nobody is at it now.
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    failpoint(Point.SNAPSHOT_CHECKPOINTED)
    copy = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        if decimals is None:
            shutil.copyfile(source, copy)
        else:
            write_copy(source, copy, partial(_round_coordinates, decimals))
        _keep_reports(copy, target)
        sync_path(copy)
        failpoint(Point.SNAPSHOT_COPIED)
        copy.replace(target)
        failpoint(Point.SNAPSHOT_RENAMED)
        sync_path(target.parent)
    finally:
        copy.unlink(missing_ok=True)


def _keep_reports(copy: Path, last: Path) -> None:
    """Have the copy hold the rows of the reports that count over everything, or of every event."""
    try:
        with duckdb.connect(str(copy), config={"autoinstall_known_extensions": False}) as con:
            con.execute("SET TimeZone = 'UTC'")
            limit_memory(con)
            con.execute("CREATE SCHEMA IF NOT EXISTS view_rows")
            there = [view.name for view in by_event()] if carry_over(con, last) else []
            keep_views(con, there)
    except duckdb.Error as error:
        raise WarehouseError(f"cannot publish {copy}: {error}; the old snapshot stays") from error


def _round_coordinates(decimals: int, con: duckdb.DuckDBPyConnection) -> None:
    """Round latitude and longitude wherever a table has them: two decimals are about a kilometre, one is ten."""
    tables = con.execute(
        """SELECT table_name FROM duckdb_columns() WHERE database_name = current_database() AND NOT internal
               AND column_name IN ('latitude', 'longitude')
               AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE NOT internal)
           GROUP BY 1 HAVING count(*) = 2 ORDER BY 1"""
    ).fetchall()
    for (table,) in tables:
        con.execute(
            f"""UPDATE {quoted(table)}
                SET latitude = round(latitude, {decimals}), longitude = round(longitude, {decimals})
                WHERE latitude IS NOT NULL"""  # noqa: S608 - a quoted name and a number
        ).fetchall()
    for name in _TELLING_OF_PLACES:
        con.execute(query(name), {"decimals": decimals}).fetchall()
