"""The states events were in: noted when a run is closed, and asked for as of any run, or as changes since one."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import duckdb

from schemas.change import Action, EventChange
from schemas.errors import UnknownIdError
from schemas.run import Run
from tasks.warehouse.store.queries import fetch_rows, query, quoted
from tasks.warehouse.store.write import Changes, table_spec

#: What a state is beside the columns of ``events``.
OWN = (
    "valid_from_run", "valid_from", "valid_to_run", "valid_to", "came_by", "fields", "ended_by", "led_to",
)  # fmt: skip
#: Who wrote a row when says nothing of the event.
_STAMPS = {"created_at", "created_run_id", "changed_at", "changed_run_id"}


def follow_events(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Give ``event_history`` the columns that ``events`` was given by later migrations; their names."""
    existing = set(con.table("event_history").columns)
    columns = con.execute(
        """SELECT column_name, data_type, comment FROM duckdb_columns()
           WHERE table_name = 'events' AND database_name = current_database() ORDER BY column_index"""
    ).fetchall()
    fresh = [(name, kind, comment) for name, kind, comment in columns if name not in existing]
    for name, kind, comment in fresh:
        column, escaped = quoted(name), (comment or "").replace("'", "''")
        con.execute(f"ALTER TABLE event_history ADD COLUMN {column} {kind}")
        con.execute(f"COMMENT ON COLUMN event_history.{column} IS '{escaped}'")
        con.execute(
            f"""UPDATE event_history SET {column} = e.{column} FROM events e
                WHERE e.event_id = event_history.event_id AND event_history.valid_to IS NULL"""  # noqa: S608
        ).fetchall()
    return [name for name, *_ in fresh]


def note_events(con: duckdb.DuckDBPyConnection, run: Run) -> Changes:
    """Keep the states events are in at the end of a run, beside those they were in before; in the caller's transaction.

    What did not change costs no row. Returns how many states began (``inserted``) and ended (``updated``).
    """
    columns = [column for column in table_spec(con, "events").columns if column != "event_id"]
    about = {"run_id": run.run_id, "started_at": run.started_at, "origin": run.origin}
    con.execute(_moved(columns), {name: about[name] for name in ("run_id", "started_at")})
    (ended,) = con.execute(query("end_event_states"), about).fetchall()[0]
    listed = ", ".join(map(quoted, columns))
    began = con.execute(
        f"""INSERT INTO event_history (event_id, {", ".join(OWN)}, {listed})
            SELECT e.event_id, $run_id, $started_at, NULL, NULL, n.came_by, n.fields, NULL, NULL,
                {", ".join(f"e.{quoted(column)}" for column in columns)}
            FROM ({query("new_event_states")}) n JOIN events e ON e.event_id = n.event_id""",  # noqa: S608
        {name: about[name] for name in ("run_id", "started_at", "origin")},
    ).fetchall()
    # A state that began and ended within one run was never seen at the end of any.
    con.execute("DELETE FROM event_history WHERE valid_to_run = $1 AND valid_from_run = $1", [run.run_id]).fetchall()
    con.execute("DROP TABLE firstdraft_moved")
    return {"inserted": int(began[0][0]), "updated": int(ended), "unchanged": 0}


def _moved(columns: Sequence[str]) -> str:
    """The events that are not in the state last noted, with the fields that differ.

    Looked at are those that changed since the last run that was closed: also what a run left that was cut off.
    """
    named = [column for column in columns if column not in _STAMPS]
    differ = " OR ".join(f"e.{c} IS DISTINCT FROM h.{c}" for c in map(quoted, columns))
    which = ", ".join(f"CASE WHEN e.{quoted(c)} IS DISTINCT FROM h.{quoted(c)} THEN '{c}' END" for c in named)
    return f"""
        CREATE OR REPLACE TEMP TABLE firstdraft_moved AS
        WITH before AS (
            SELECT max(started_at) AS noted_at FROM runs
            WHERE state = 'done' AND run_id <> $run_id AND started_at < $started_at
        ),
        touched AS (
            SELECT event_id FROM events, before WHERE noted_at IS NULL OR changed_at > noted_at
            UNION
            SELECT old_event_id FROM event_aliases, before WHERE noted_at IS NULL OR ended_at > noted_at
        ),
        stood AS (SELECT h.* FROM event_history h SEMI JOIN touched USING (event_id) WHERE h.valid_to IS NULL)
        SELECT t.event_id, h.event_id IS NOT NULL AS was, e.event_id IS NOT NULL AS stands,
            h.anchor_mention_id AS anchor,
            coalesce(e.mention_count > h.mention_count, false) AS more,
            CASE WHEN h.event_id IS NULL OR e.event_id IS NULL THEN []::VARCHAR[]
                 ELSE list_filter([{which}], lambda name: name IS NOT NULL) END AS fields
        FROM touched t
        LEFT JOIN events e ON e.event_id = t.event_id
        LEFT JOIN stood h ON h.event_id = t.event_id
        WHERE (h.event_id IS NULL) <> (e.event_id IS NULL) OR (h.event_id IS NOT NULL AND ({differ}))"""  # noqa: S608


def find_run(con: duckdb.DuckDBPyConnection, wanted: str) -> str:
    """The id of the run a person means: its id or the beginning of it, or a day (UTC), the last run closed by its end.

    Raises :class:`UnknownIdError`.
    """
    try:
        day = date.fromisoformat(wanted)
    except ValueError:
        rows = con.execute("SELECT run_id FROM runs WHERE starts_with(run_id, ?) ORDER BY 1", [wanted]).fetchall()
    else:
        rows = con.execute(
            """SELECT run_id FROM runs WHERE state = 'done' AND finished_at::DATE <= ?
               ORDER BY started_at DESC, run_id LIMIT 1""",
            [day],
        ).fetchall()
    if not rows and _is_day(wanted):
        first = con.execute("SELECT min(finished_at)::DATE FROM runs WHERE state = 'done'").fetchall()[0][0]
        begun = f"the first one was on {first}" if first else "none has been yet"
        raise UnknownIdError(f"no run was closed by the end of {wanted}: {begun}")
    if len(rows) != 1:
        many = f"; it begins {len(rows)} of them" if rows else ""
        raise UnknownIdError(f"no run has the id {wanted!r}{many}; `firstdraft sql 'FROM runs'` lists them")
    return str(rows[0][0])


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def go_back(con: duckdb.DuckDBPyConnection, wanted: str) -> str:
    """Let ``events`` be, for this connection, what it was as of a run (see :func:`find_run`); the run's id.

    Views and other tables stay those of the last run: of them no earlier states are kept.
    """
    run_id = find_run(con, wanted)
    con.execute(f"CREATE OR REPLACE TEMP VIEW events AS FROM events_as_of('{run_id}')")
    return run_id


def changes_since(con: duckdb.DuckDBPyConnection, run_id: str) -> list[EventChange]:
    """The events that were added, changed or removed after a run, against how they stand now; by id.

    An event that came and went again is none of them. Since a day before the first run all that stand are new.
    Raises :class:`UnknownIdError` for a run there is not.
    """
    since = _run_before(con, run_id)
    rows = fetch_rows(con, "events_changed_since", {"run_id": since})
    ended = dict(con.execute("SELECT old_event_id, event_id FROM event_aliases").fetchall())
    return [_change(row, ended) for row in rows]


def _run_before(con: duckdb.DuckDBPyConnection, wanted: str) -> str:
    """The run to count from: the one asked for; none ("") for a day before all of them."""
    if _is_day(wanted):
        by_then = con.execute(
            "SELECT count(*) FROM runs WHERE state = 'done' AND finished_at::DATE <= ?", [date.fromisoformat(wanted)]
        ).fetchall()
        if by_then == [(0,)]:
            return ""
    return find_run(con, wanted)


def _change(row: dict[str, Any], ended: dict[str, str | None]) -> EventChange:
    return EventChange(
        event_id=row["event_id"],
        action=Action(row["change"]),
        why=tuple(row["why"]),
        led_to=_living(row["led_to"], ended),
        fields=tuple(row["fields"]),
        run_id=row["run_id"],
        changed_at=row["run_started_at"],
    )


def _living(event_id: str | None, ended: dict[str, str | None]) -> str | None:
    """Where an id leads now: what it was merged into may have been merged itself."""
    passed: set[str] = set()
    while event_id in ended and event_id not in passed:
        passed.add(event_id)
        event_id = ended[event_id]
    return event_id
