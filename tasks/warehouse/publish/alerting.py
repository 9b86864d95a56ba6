"""What an alert finds in the published events, and what of it nobody was told yet.

What was told is kept in a file an alert beside the warehouse: neither a rebuild nor an erasure tells anything again.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from schemas.alert import Alert
from schemas.errors import FirstdraftError, SeedError
from tasks.warehouse.publish.sql import answer
from tasks.warehouse.store.queries import query, rows_of

_A_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of an alert: when last, and each event with the instant of its change. Instants are ISO, in UTC."""

    at: str
    events: Mapping[str, str]


def found_by(con: duckdb.DuckDBPyConnection, alert: Alert) -> list[dict[str, Any]]:
    """The events an alert is about, as ``site_events`` has them.

    Raises :class:`SeedError` for a condition that cannot be asked.
    """
    try:
        ids = answer(con, f"SELECT event_id FROM events_overview WHERE ({alert.where})")  # noqa: S608 - a person's own
    except FirstdraftError as error:
        raise SeedError(f"alerts.yml: {alert.name}: where: {error}") from error
    wanted = [str(event_id) for (event_id,) in ids.rows]
    if not wanted:
        return []
    narrowed = (
        f"FROM ({query('site_events').strip().removesuffix(';')}) WHERE event_id IN (SELECT unnest($ids::VARCHAR[]))"
    )
    return rows_of(con, narrowed, {"ids": wanted})


def last_run(con: duckdb.DuckDBPyConnection) -> str:
    """The id of the last run that was closed; empty for none."""
    rows = con.execute(
        "SELECT run_id FROM runs WHERE state = 'done' ORDER BY started_at DESC, run_id LIMIT 1"
    ).fetchall()
    return str(rows[0][0]) if rows else ""


def untold(rows: Sequence[Mapping[str, Any]], earlier: Told | None, run_id: str) -> list[Mapping[str, Any]]:
    """The events that are new or changed since somebody was told; of an alert never told, those of the last run."""
    if earlier is None:
        return [row for row in rows if row["changed_run_id"] == run_id]
    return [row for row in rows if earlier.events.get(row["event_id"]) != row["changed_at"].isoformat()]


def is_due(alert: Alert, earlier: Told | None, now: datetime) -> bool:
    """Return True if it may be told again now."""
    return alert.every == "run" or earlier is None or now - datetime.fromisoformat(earlier.at) >= _A_DAY


def read_told(folder: Path, alert: Alert) -> Told | None:
    """What was told of an alert; ``None`` for nothing yet."""
    path = folder / f"{alert.name}.json"
    if not path.exists():
        return None
    saved = json.loads(path.read_text(encoding="utf-8"))
    return Told(saved["at"], saved["events"])


def keep_told(folder: Path, alert: Alert, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Take down that all these events stand as they were told; written beside and renamed."""
    folder.mkdir(parents=True, exist_ok=True)
    events = {str(row["event_id"]): row["changed_at"].isoformat() for row in rows}
    path = folder / f"{alert.name}.json"
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"at": now.isoformat(), "events": events}, sort_keys=True) + "\n", encoding="utf-8")
    fresh.replace(path)
