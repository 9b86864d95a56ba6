"""The read snapshot: a whole copy of the warehouse that appears at once, by rename.

An open reader of DuckDB blocks the writer and the other way round, so readers never open the warehouse itself. One who
has the old snapshot open keeps reading it.
"""

import os
import shutil
from pathlib import Path

from schemas.errors import WarehouseError
from schemas.settings import Settings
from tasks.warehouse.connect import open_writer
from tasks.warehouse.lock import hold_lock


def publish(settings: Settings) -> Path:
    """Replace the published file by the warehouse as it stands; its path.

    Raises :class:`WarehouseError` where the disk refuses; the old snapshot then stays.
    """
    target = settings.published_path
    with hold_lock(settings):
        with open_writer(settings) as con:
            con.execute("CHECKPOINT").fetchall()
        if settings.warehouse_path.with_name(settings.warehouse_path.name + ".wal").exists():
            raise WarehouseError(f"{settings.warehouse_path} is still open in this process; close it, then publish")
        try:
            _replace(settings.warehouse_path, target)
        except OSError as error:
            raise WarehouseError(f"cannot publish {target}: {error.strerror}; the old snapshot stays") from error
    return target


def _replace(source: Path, target: Path) -> None:
    for left in target.parent.glob(f".{target.name}.*"):
        # A publication killed half-way; the lock says nobody is at it now.
        left.unlink()
    copy = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        shutil.copyfile(source, copy)
        _fsync(copy)
        copy.replace(target)
        _fsync(target.parent)
    finally:
        copy.unlink(missing_ok=True)


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
