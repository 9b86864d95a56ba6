"""What was erased and must not come back: the list, and its changes."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import duckdb

from schemas.errors import UnknownIdError
from tasks.warehouse.store.connect import transaction
from tasks.warehouse.store.queries import fetch_rows
from tasks.warehouse.store.rows import Row, Tell, tell_nobody
from tasks.warehouse.store.write import insert_only

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Kind(StrEnum):
    """What a suppression names."""

    URL = "url"
    SHA256 = "sha256"


@dataclass(frozen=True, slots=True)
class Suppression:
    """One entry. ``value`` is a canonical URL or the SHA-256 of a decoded body; ``suppressed_at`` aware UTC."""

    kind: Kind
    value: str
    reason: str
    suppressed_at: datetime


def is_sha256(words: str) -> bool:
    """Return True if some words are a SHA-256 as we write it, in lower case."""
    return _SHA256.fullmatch(words) is not None


def kind_of(value: str) -> Kind:
    """What a value of the list names."""
    return Kind.SHA256 if is_sha256(value) else Kind.URL


def suppress(
    con: duckdb.DuckDBPyConnection, value: str, reason: str, now: datetime, notify: Tell = tell_nobody
) -> bool:
    """Put a canonical URL or a SHA-256 on the list; ``False`` if it is there already, with its first reason.

    A new entry is told before it stands.
    """
    row: Row = {"kind": kind_of(value).value, "value": value, "reason": reason, "suppressed_at": now}
    with transaction(con):
        fresh = insert_only(con, "suppressions", [row])["inserted"] == 1
        if fresh:
            notify([row])
    return fresh


def lift(con: duckdb.DuckDBPyConnection, value: str, notify: Tell = tell_nobody) -> None:
    """Take an entry off the list; its key is told before it is. Raises :class:`UnknownIdError` if there is none."""
    with transaction(con):
        gone = con.execute("DELETE FROM suppressions WHERE value = ? RETURNING value", [value]).fetchall()
        if not gone:
            raise UnknownIdError(f"{value} is not suppressed; `firstdraft suppress --list` shows what is")
        notify([{"kind": kind_of(value).value, "value": value}])


def suppressions(con: duckdb.DuckDBPyConnection) -> list[Suppression]:
    """The whole list, newest first."""
    return [Suppression(**row | {"kind": Kind(row["kind"])}) for row in fetch_rows(con, "suppressions")]


def held_captures(con: duckdb.DuckDBPyConnection, value: str) -> int:
    """How many captures of a URL, or with a SHA-256, are held all the same: suppressing forbids, it erases nothing."""
    column = "sha256" if is_sha256(value) else "url"
    rows = con.execute(f"SELECT count(*) FROM captures WHERE {column} = ?", [value]).fetchall()  # noqa: S608 - of two
    return int(rows[0][0])
