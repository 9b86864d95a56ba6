"""Migrations: ordered files, each applied once in one transaction, recorded by number and hash."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import duckdb

from schemas.errors import MigrationError
from schemas.keys import sha256_hex
from tasks.reference.machine.failpoints import Point, failpoint
from tasks.warehouse.store.queries import SQL_DIR

_FILE_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    """One file. ``sha256`` is of its text with plain line feeds, the same on every system."""

    number: int
    name: str
    sha256: str
    sql: str


def read_migrations(folder: Path) -> tuple[Migration, ...]:
    """The migrations of a folder, in order. Raises :class:`MigrationError` for a bad name, a gap or a twin."""
    migrations = []
    for file in sorted(folder.glob("*.sql")):
        named = _FILE_NAME.fullmatch(file.name)
        if named is None:
            raise MigrationError(f"{file}: a migration must be named like 0001_what_it_does.sql")
        sql = file.read_text(encoding="utf-8")
        migrations.append(Migration(int(named[1]), file.name, sha256_hex(sql.encode()), sql))
    if [migration.number for migration in migrations] != list(range(1, len(migrations) + 1)):
        raise MigrationError(f"{folder}: numbers must be 1, 2, 3 ... without gaps or repeats")
    return tuple(migrations)


@cache
def our_migrations() -> tuple[Migration, ...]:
    """The migrations of this code, read once a process."""
    return read_migrations(SQL_DIR / "migrations")


def migrate(con: duckdb.DuckDBPyConnection, migrations: Sequence[Migration]) -> list[str]:
    """Apply what is new; the names of the files applied.

    Raises :class:`MigrationError` if an applied file was changed since, if the warehouse has migrations this code
    does not know, or if a file fails; that file then leaves nothing behind.
    """
    applied = _applied(con)
    _check_applied(applied, migrations)
    fresh = migrations[len(applied) :]
    for migration in fresh:
        _apply(con, migration)
    return [migration.name for migration in fresh]


def _applied(con: duckdb.DuckDBPyConnection) -> list[tuple[int, str, str]]:
    """Number, name and hash of what was applied; makes the table that remembers it if there is none."""
    applied_query = "SELECT number, name, sha256 FROM migrations ORDER BY number"
    try:
        return con.execute(applied_query).fetchall()
    except duckdb.CatalogException:
        con.execute((SQL_DIR / "bootstrap.sql").read_text(encoding="utf-8"))
        return con.execute(applied_query).fetchall()


def _check_applied(applied: list[tuple[int, str, str]], migrations: Sequence[Migration]) -> None:
    if len(applied) > len(migrations):
        newer = ", ".join(name for _, name, _ in applied[len(migrations) :])
        raise MigrationError(f"the warehouse was written by newer code (it has {newer}); update firstdraft to open it")
    for (number, name, sha256), migration in zip(applied, migrations, strict=False):
        if (number, sha256) != (migration.number, migration.sha256):
            raise MigrationError(
                f"{migration.name} differs from the file that was applied to this warehouse as {name}; "
                "applied migrations never change: restore it and put the change into a new file"
            )


def _apply(con: duckdb.DuckDBPyConnection, migration: Migration) -> None:
    con.begin()
    try:
        con.execute(migration.sql)
        con.execute(
            "INSERT INTO migrations VALUES (?, ?, ?, ?)",
            [migration.number, migration.name, migration.sha256, datetime.now(UTC)],
        )
        failpoint(Point.MIGRATE_BEFORE_COMMIT)
        con.commit()
    except duckdb.Error as error:
        con.rollback()
        raise MigrationError(f"{migration.name} failed and was rolled back: {error}") from error
