"""Events and stories put into a warehouse as a test wants them, and mentions read back."""

from collections.abc import Mapping, Sequence

import duckdb

from schemas.event import Event, EventLink, StoredMention
from schemas.run import Run
from tasks.warehouse.resolve.matching import mention_of
from tasks.warehouse.resolve.resolving import put_events, record_resolved
from tasks.warehouse.store.changes import record
from tasks.warehouse.store.queries import fetch_rows
from tasks.warehouse.store.write import Changes, sync


def save_stories(con: duckdb.DuckDBPyConnection, stories: Mapping[str, str]) -> Changes:
    """Make the stories exactly these (version id to story id); counted for the run under way."""
    rows = [
        {"version_id": version_id, "story_id": story_id, "read_hash": 0}
        for version_id, story_id in sorted(stories.items())
    ]
    changed = sync(con, "stories", rows)
    # Whoever writes holds the lock, so at most one run is under way.
    for (run_id,) in con.execute("SELECT run_id FROM runs WHERE state = 'running'").fetchall():
        record(con, run_id, "stories", {"stories": changed})
    return changed


def save_events(
    con: duckdb.DuckDBPyConnection, run: Run, events: Sequence[Event], links: Sequence[EventLink]
) -> dict[str, Changes]:
    """Make the events and their links exactly these; returns and records the rows by table and action."""
    stood = [event_id for (event_id,) in con.execute("SELECT event_id FROM events").fetchall()]
    changed = put_events(con, run, events, links, stood)
    record_resolved(con, run, changed)
    return changed


def stored_mentions(con: duckdb.DuckDBPyConnection) -> list[StoredMention]:
    """The mentions of standing versions, ordered by id; an article without a story is a story of its own."""
    return [mention_of(row) for row in fetch_rows(con, "stored_mentions")]
