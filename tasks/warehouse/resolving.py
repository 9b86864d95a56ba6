"""Events and stories as resolution found them, in the caller's transaction; ids that ended leave an alias."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import duckdb

from schemas.event import Event, EventLink
from schemas.run import Run
from tasks.warehouse.changes import record
from tasks.warehouse.queries import fetch_rows
from tasks.warehouse.rows import Row, event_row, link_row
from tasks.warehouse.write import Changes, sync, upsert


def save_stories(con: duckdb.DuckDBPyConnection, stories: Mapping[str, str]) -> Changes:
    """Make the stories exactly these (version id to story id); counted for the run under way."""
    rows = [{"version_id": version_id, "story_id": story_id} for version_id, story_id in sorted(stories.items())]
    changed = sync(con, "stories", rows)
    # Whoever writes holds the lock, so at most one run is under way.
    for (run_id,) in con.execute("SELECT run_id FROM runs WHERE state = 'running'").fetchall():
        record(con, run_id, "stories", {"stories": changed})
    return changed


def save_events(
    con: duckdb.DuckDBPyConnection, run: Run, events: Sequence[Event], links: Sequence[EventLink]
) -> dict[str, Changes]:
    """Make the events and their links exactly these.

    An event that is not among them is deleted, and its id leads to the event that holds most of its mentions now, or
    becomes a tombstone. Returns the rows by table and action.
    """
    aliases = _aliases(con, run, {event.event_id for event in events}, links)
    changed = {
        "event_aliases": aliases,
        "events": sync(con, "events", [event_row(event, run) for event in events]),
        "event_links": sync(con, "event_links", [link_row(link) for link in links]),
    }
    record(con, run.run_id, "resolve", changed)
    return changed


def _aliases(con: duckdb.DuckDBPyConnection, run: Run, living: set[str], links: Sequence[EventLink]) -> Changes:
    before = {event_id for (event_id,) in con.execute("SELECT event_id FROM events").fetchall()}
    ended = sorted(before - living)
    changed = upsert(con, "event_aliases", _alias_rows(con, run, ended, links))
    again = _forget_aliases(con, living)
    return changed | {"deleted": again}


def _forget_aliases(con: duckdb.DuckDBPyConnection, living: set[str]) -> int:
    """Remove the aliases of ids that name an event again; how many."""
    ended = {old for (old,) in con.execute("SELECT old_event_id FROM event_aliases").fetchall()}
    back = sorted(ended & living)
    con.execute("DELETE FROM event_aliases WHERE old_event_id IN (SELECT unnest($1::VARCHAR[]))", [back]).fetchall()
    return len(back)


def _alias_rows(
    con: duckdb.DuckDBPyConnection, run: Run, ended: Sequence[str], links: Sequence[EventLink]
) -> list[Row]:
    if not ended:
        return []
    home = {link.mention_id: link.event_id for link in links if link.relation != "denies"}
    went: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in fetch_rows(con, "links_of_events", {"event_ids": list(ended)}):
        if row["mention_id"] in home:
            went[row["event_id"]][home[row["mention_id"]]] += 1
    return [_alias_row(run, old, went[old]) for old in ended]


def _alias_row(run: Run, old: str, went: Counter[str]) -> Row:
    # Most mentions, then the smaller id, so that the order of links says nothing.
    target = min(went, key=lambda event_id: (-went[event_id], event_id)) if went else None
    told: Row = {"old_event_id": old, "event_id": target, "why": "merged" if target else "withdrawn"}
    return {**told, "run_id": run.run_id, "ended_at": run.started_at}
