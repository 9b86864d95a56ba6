"""What people decide about events: kept by the reports it is about, so that it outlives ids, runs and rebuilds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import duckdb

from schemas.errors import UnknownIdError
from schemas.event import Decision, Override
from schemas.keys import row_id
from tasks.warehouse.resolve.matching import members_of, overrides
from tasks.warehouse.resolve.resolving import override_row
from tasks.warehouse.store.connect import transaction
from tasks.warehouse.store.queries import fetch_rows
from tasks.warehouse.store.rows import Tell, tell_nobody
from tasks.warehouse.store.write import upsert


def merge(
    con: duckdb.DuckDBPyConnection,
    event_id: str,
    other_id: str,
    reason: str,
    now: datetime,
    notify: Tell = tell_nobody,
) -> Override:
    """Two events are one. Raises :class:`UnknownIdError`, also if they are one already."""
    first_id, second_id = living(con, event_id), living(con, other_id)
    if first_id == second_id:
        raise UnknownIdError(f"{event_id} and {other_id} are one event already: {first_id}")
    first, second = _reports(con, first_id), _reports(con, second_id)
    return _keep(
        con, Decision.MERGE, (first_id, second_id), tuple(first.values()), tuple(second.values()), reason, now, notify
    )


def split(
    con: duckdb.DuckDBPyConnection,
    event_id: str,
    mention_ids: Sequence[str],
    reason: str,
    now: datetime,
    notify: Tell = tell_nobody,
) -> Override:
    """Some reports of an event are another one. Raises :class:`UnknownIdError` if they are none, or all, of it."""
    living_id = living(con, event_id)
    reports = _reports(con, living_id)
    strangers = sorted(set(mention_ids) - reports.keys())
    if strangers:
        raise UnknownIdError(
            f"{', '.join(strangers)}: not reports of {living_id}; `firstdraft trace {living_id}` lists its reports"
        )
    split_off = sorted(set(mention_ids))
    stay = [own_id for mention_id, own_id in sorted(reports.items()) if mention_id not in split_off]
    if not stay or not split_off:
        raise UnknownIdError(f"name some of the {len(reports)} reports of {living_id}, not all: the others stay")
    return _keep(
        con,
        Decision.SPLIT,
        (living_id, None),
        stay,
        [reports[mention_id] for mention_id in split_off],
        reason,
        now,
        notify,
    )


def retract(
    con: duckdb.DuckDBPyConnection, event_id: str, reason: str, now: datetime, notify: Tell = tell_nobody
) -> Override:
    """An event is none. Raises :class:`UnknownIdError`."""
    living_id = living(con, event_id)
    return _keep(
        con, Decision.RETRACT, (living_id, None), tuple(_reports(con, living_id).values()), (), reason, now, notify
    )


def undo(con: duckdb.DuckDBPyConnection, override_id: str, now: datetime, notify: Tell = tell_nobody) -> Override:
    """Take a decision back; it stays on the list. Raises :class:`UnknownIdError` if none of that id stands."""
    standing = [override for override in overrides(con) if override.override_id == override_id and not override.undone]
    if not standing:
        raise UnknownIdError(f"there is no decision {override_id}; `firstdraft events overrides` lists the decisions")
    undone = replace(standing[0], undone=True, undone_at=now)
    _write(con, undone, notify)
    return undone


def living(con: duckdb.DuckDBPyConnection, event_id: str) -> str:
    """The id under which an event stands now. Raises :class:`UnknownIdError` if none does."""
    passed: set[str] = set()
    current: str | None = event_id
    while current is not None and current not in passed:
        if fetch_rows(con, "event_by_id", {"event_id": current}):
            return current
        passed.add(current)
        aliases = fetch_rows(con, "event_alias", {"event_id": current})
        current = aliases[0]["event_id"] if aliases else None
    raise UnknownIdError(f"there is no event {event_id}; `firstdraft events` lists the events")


def _reports(con: duckdb.DuckDBPyConnection, event_id: str) -> dict[str, str]:
    """The reports of an event, each with the id it would give one."""
    reports = members_of(con, [event_id]).get(event_id)
    if not reports:
        raise UnknownIdError(f"the reports of {event_id} are not resolved yet: run `firstdraft run` first")
    return reports


def _keep(
    con: duckdb.DuckDBPyConnection,
    decision: Decision,
    events: tuple[str, str | None],
    left_ids: Sequence[str],
    right_ids: Sequence[str],
    reason: str,
    now: datetime,
    notify: Tell,
) -> Override:
    """The decision, written; the one that says the same already, if it was made before and not obeyed yet."""
    sides = tuple(sorted(set(left_ids))), tuple(sorted(set(right_ids)))
    for earlier in overrides(con):
        if not earlier.undone and (earlier.decision, earlier.left, earlier.right) == (decision, *sides):
            return earlier
    override_id = row_id("ovr", decision, *events, *sides[0], "and", *sides[1], now.isoformat())
    override = Override(override_id, decision, *events, *sides, reason, now)
    _write(con, override, notify)
    return override


def _write(con: duckdb.DuckDBPyConnection, override: Override, notify: Tell) -> None:
    """Write a decision; it is told before it stands."""
    with transaction(con):
        upsert(con, "event_overrides", [override_row(override)])
        notify([ledger_row(override)])


def ledger_row(override: Override) -> dict[str, object]:
    """The decision as the ledger keeps it, instants in words."""
    row = override_row(override)
    undone = override.undone_at.isoformat() if override.undone_at else None
    return {**row, "made_at": override.made_at.isoformat(), "undone_at": undone}
