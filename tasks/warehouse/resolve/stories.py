"""Stories kept in step with the standing versions: what changed is compared with what was published about then."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import duckdb

from tasks.warehouse.store.queries import fetch_rows
from tasks.warehouse.store.write import Changes, sync

#: Versions read at once, by day: what they are compared with is bounded by it.
PART = 2000

Join: TypeAlias = Callable[[Iterable[str], Iterable[tuple[str, str]]], Mapping[str, str]]


def regroup(con: duckdb.DuckDBPyConnection, join: Join, *, scheme: str, days: int, band: int, alike: float) -> Changes:
    """Give every standing version its story; only what changed, and the stories it touches, is read.

    ``join`` makes stories of versions and pairs of copies. ``scheme`` names how fingerprints are made: by another one,
    all are grouped again. ``days`` apart at most are copies, ``band`` values of their
    fingerprints are compared at once, and a share of at least ``alike`` of all is the same. Returns the rows by action.
    """
    total: Changes = {"inserted": 0, "updated": 0, "unchanged": 0, "deleted": 0}
    changed = fetch_rows(con, "versions_to_group", {"scheme": scheme})
    for at in range(0, len(changed), PART):
        changes = _regroup(con, changed[at : at + PART], join, {"days": days, "band": band, "alike": alike})
        total = {action: total[action] + changes.get(action, 0) for action in total}
    return total


def _regroup(
    con: duckdb.DuckDBPyConnection, changed: list[dict[str, object]], join: Join, rule: Mapping[str, object]
) -> Changes:
    fresh = {str(row["version_id"]): row["read_hash"] for row in changed if row["read_hash"] is not None}
    ended = {str(row["version_id"]) for row in changed if row["story_id"] is not None}
    read = _members(con, {str(row["story_id"]) for row in changed if row["story_id"] is not None})
    hashes = {version: stored for version, (_, stored) in read.items() if version not in ended} | fresh
    # Before copies are looked for, what is new must be among those looked at; whose story it is comes after.
    changes = sync(con, "stories", _rows(join(hashes, ()), hashes), "version_id", {*ended, *hashes})
    pairs = _copies(con, hashes, rule)
    beside = _members(con, _stories_of(con, {version_id for _, version_id in pairs} - hashes.keys()))
    hashes |= {version: stored for version, (_, stored) in beside.items()}
    chains = [*pairs, *_chains(beside)]
    after = sync(con, "stories", _rows(join(hashes, chains), hashes), "version_id", set(hashes))
    return {action: changes.get(action, 0) + (after[action] if action == "deleted" else 0) for action in changes}


def _copies(
    con: duckdb.DuckDBPyConnection, hashes: Mapping[str, object], rule: Mapping[str, object]
) -> list[tuple[str, str]]:
    rows = fetch_rows(con, "copies_of", {"version_ids": sorted(hashes), **rule}) if hashes else []
    return [(row["one"], row["other"]) for row in rows]


def _stories_of(con: duckdb.DuckDBPyConnection, versions: set[str]) -> set[str]:
    story_query = "SELECT DISTINCT story_id FROM stories WHERE version_id IN (SELECT unnest($1::VARCHAR[]))"
    return {story for (story,) in con.execute(story_query, [sorted(versions)]).fetchall()}


def _members(con: duckdb.DuckDBPyConnection, stories: set[str]) -> dict[str, tuple[str, object]]:
    rows = fetch_rows(con, "members_of_stories", {"story_ids": sorted(stories)}) if stories else []
    return {row["version_id"]: (row["story_id"], row["read_hash"]) for row in rows}


def _chains(beside: Mapping[str, tuple[str, object]]) -> list[tuple[str, str]]:
    """The members of each story, linked as they were."""
    first: dict[str, str] = {}
    return [(first.setdefault(story, version), version) for version, (story, _) in sorted(beside.items())]


def _rows(stories: Mapping[str, str], hashes: Mapping[str, object]) -> list[dict[str, object]]:
    return [
        {"version_id": version, "story_id": stories[version], "read_hash": hashes[version]}
        for version in sorted(hashes)
    ]
