"""Events and stories as resolution found them, in the caller's transaction; ids that ended leave an alias."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

import duckdb

from schemas.event import Event, EventLink, Override
from schemas.run import Run
from tasks.warehouse.store.changes import record
from tasks.warehouse.store.queries import fetch_rows
from tasks.warehouse.store.rows import Row, event_row, link_row
from tasks.warehouse.store.write import Changes, sync, upsert


def record_stories(con: duckdb.DuckDBPyConnection, run: Run, changed: Changes) -> None:
    """Keep what grouping copies changed."""
    record(con, run.run_id, "stories", {"stories": changed})


def put_events(
    con: duckdb.DuckDBPyConnection,
    run: Run,
    events: Sequence[Event],
    links: Sequence[EventLink],
    stood: Iterable[str],
    retracted: Iterable[tuple[str, Override]] = (),
) -> dict[str, Changes]:
    """Put these events and links in the place of those that ``stood`` (ids); the others stay as they are.

    An event that is not among them is deleted, and its id leads to the event that holds most of its mentions now, or
    becomes a tombstone, with the reason if a person retracted it. Returns the rows by table and action.
    """
    living = {event.event_id for event in events}
    scope = sorted({*stood, *living})
    aliases = _aliases(con, run, scope, living, links, dict(retracted))
    return {
        "event_aliases": aliases,
        "events": sync(con, "events", [event_row(event, run) for event in events], "event_id", scope),
        "event_links": sync(con, "event_links", [link_row(link) for link in links], "event_id", scope),
    }


def record_resolved(con: duckdb.DuckDBPyConnection, run: Run, changed: Mapping[str, Changes]) -> None:
    """Keep what resolving changed, by table."""
    record(con, run.run_id, "resolve", changed)


def summed(parts: Iterable[Mapping[str, Changes]]) -> dict[str, Changes]:
    """What several steps changed together, by table and action."""
    total: dict[str, Counter[str]] = {name: Counter() for name in ("event_aliases", "events", "event_links")}
    for part in parts:
        for table, changes in part.items():
            total.setdefault(table, Counter()).update(changes)
    zero = dict.fromkeys(("inserted", "updated", "unchanged", "deleted"), 0)
    return {table: zero | dict(counted) for table, counted in total.items()}


def _aliases(
    con: duckdb.DuckDBPyConnection,
    run: Run,
    scope: Sequence[str],
    living: set[str],
    links: Sequence[EventLink],
    retracted: Mapping[str, Override],
) -> Changes:
    """Where the ids that end lead. One made and ended within this run was never published and leaves nothing."""
    rows = con.execute(
        "SELECT event_id FROM events WHERE event_id IN (SELECT unnest($1::VARCHAR[])) AND created_run_id <> $2",
        [list(scope), run.run_id],
    ).fetchall()
    ended = sorted({event_id for (event_id,) in rows} - living)
    changed = upsert(con, "event_aliases", _alias_rows(con, run, ended, links, retracted))
    return changed | {"deleted": _forget_aliases(con, living)}


def _forget_aliases(con: duckdb.DuckDBPyConnection, living: set[str]) -> int:
    """Remove the aliases of ids that name an event again; how many."""
    gone = con.execute(
        "DELETE FROM event_aliases WHERE old_event_id IN (SELECT unnest($1::VARCHAR[])) RETURNING old_event_id",
        [sorted(living)],
    ).fetchall()
    return len(gone)


def _alias_rows(
    con: duckdb.DuckDBPyConnection,
    run: Run,
    ended: Sequence[str],
    links: Sequence[EventLink],
    retracted: Mapping[str, Override],
) -> list[Row]:
    if not ended:
        return []
    home = {link.mention_id: link.event_id for link in links if link.relation != "denies"}
    went: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in fetch_rows(con, "links_of_events", {"event_ids": list(ended)}):
        if row["mention_id"] in home:
            went[row["event_id"]][home[row["mention_id"]]] += 1
    return [_alias_row(run, old, went[old], retracted.get(old)) for old in ended]


def _alias_row(run: Run, old: str, went: Counter[str], decision: Override | None) -> Row:
    # Most mentions, then the smaller id, so that the order of links says nothing.
    target = min(went, key=lambda event_id: (-went[event_id], event_id)) if went else None
    why = "merged" if target else "retracted" if decision else "withdrawn"
    alias: Row = {"old_event_id": old, "event_id": target, "why": why}
    reason = decision.reason if decision and not target else None
    return {**alias, "reason": reason, "run_id": run.run_id, "ended_at": run.started_at}


def override_row(override: Override) -> Row:
    """A person's decision as a row."""
    row: Row = asdict(override)
    left_ids, right_ids = list(override.left), list(override.right)
    values = {name: value for name, value in row.items() if name not in ("left", "right")}
    return {**values, "decision": str(override.decision), "left_ids": left_ids, "right_ids": right_ids}
