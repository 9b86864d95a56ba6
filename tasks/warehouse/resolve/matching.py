"""What resolution reads and keeps of mentions: those that changed, their blocks, and the clusters they stand in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any

import duckdb

from schemas.event import Decision, Override, StoredMention
from tasks.warehouse.store.queries import fetch_rows, query, rows_of
from tasks.warehouse.store.write import Row, arrow_rows

#: Columns of ``resolved_mentions`` that are sequences in a mention.
_LISTS = ("initiators", "targets", "words", "names", "details")
_MENTION = tuple(field.name for field in fields(StoredMention))
_CHANGED = "firstdraft_to_resolve"
_TOUCHED = "firstdraft_touched"
#: What the query for standing mentions may be narrowed to, at the places it marks: mentions, and articles.
_OF_TOUCHED = {
    "/* of those */": """WHERE mention_id IN (
        SELECT m.mention_id FROM mentions m SEMI JOIN firstdraft_touched t ON t.article_id = m.article_id)""",
    "/* of these */": "WHERE a.article_id IN (SELECT article_id FROM firstdraft_touched)",
}
_INCOMING = "firstdraft_resolved"


@dataclass(frozen=True, slots=True)
class ToResolve:
    """A mention that is not as resolution last read it. ``row`` is ``None`` if it does not stand any more.

    ``text`` is its article's; its sentence is ``text[start:end]``. ``actors`` are the names of the known actors
    that the text tells of.
    """

    mention_id: str
    row: Mapping[str, Any] | None
    read_hash: int
    text: str
    start: int
    end: int
    actors: tuple[str, ...] = ()


def set_count_from(con: duckdb.DuckDBPyConnection, least: float) -> None:
    """Say from which confidence mentions are reports; every query of this connection goes by it."""
    con.execute(f"SET VARIABLE count_from = {float(least)!r}")


def mentions_to_resolve(con: duckdb.DuckDBPyConnection, size: int) -> Iterator[list[ToResolve]]:
    """What changed since mentions were last resolved, in parts of at most ``size``, by day."""
    stands = f"WITH stands AS ({query('read_hashes')})"
    con.execute(f"CREATE OR REPLACE TEMP TABLE {_TOUCHED} AS {stands} {query('touched_mentions')}")
    standing = f"WITH standing AS ({_standing(_OF_TOUCHED)})"
    con.execute(f"CREATE OR REPLACE TEMP TABLE {_CHANGED} AS {standing} {query('mentions_to_resolve')}")
    (count,) = con.execute(f"SELECT count(*) FROM {_CHANGED}").fetchall()[0]  # noqa: S608 - a constant
    for done in range(0, count, size):
        rows = fetch_rows(con, "next_to_resolve", {"size": size, "done": done})
        yield [_to_resolve(row) for row in rows]
    con.execute(f"DROP TABLE {_CHANGED}")
    con.execute(f"DROP TABLE {_TOUCHED}")


def _to_resolve(row: dict[str, Any]) -> ToResolve:
    text, start, stop = row.pop("text"), row.pop("sentence_start"), row.pop("sentence_end")
    mention_id, read_hash, actors = row.pop("changed_id"), row.pop("read_hash"), tuple(row.pop("known_actors"))
    if row["mention_id"] is None:
        return ToResolve(mention_id, None, 0, "", 0, 0)
    return ToResolve(mention_id, row, read_hash, text or "", start, stop, actors)


def replace_mentions(con: duckdb.DuckDBPyConnection, ids: Sequence[str], rows: Sequence[Row]) -> None:
    """Forget what was read of some mentions, and keep these rows of ``resolved_mentions`` instead."""
    query_params = {"ids": list(ids)}
    con.execute(
        "DELETE FROM resolved_mentions WHERE mention_id IN (SELECT unnest($ids::VARCHAR[]))", query_params
    ).fetchall()
    if rows:
        con.register(_INCOMING, arrow_rows(con, "resolved_mentions", rows))
        con.execute(f"INSERT INTO resolved_mentions SELECT * FROM {_INCOMING}")  # noqa: S608 - a constant
        con.unregister(_INCOMING)


def put_in_clusters(con: duckdb.DuckDBPyConnection, home: Mapping[str, str]) -> None:
    """Keep which cluster each of some mentions belongs to."""
    query_params = {"mention_ids": list(home), "cluster_ids": list(home.values())}
    con.execute(
        """UPDATE resolved_mentions SET cluster_id = h.cluster_id
           FROM (SELECT unnest($mention_ids::VARCHAR[]) AS mention_id, unnest($cluster_ids::VARCHAR[]) AS cluster_id) h
           WHERE h.mention_id = resolved_mentions.mention_id
             AND resolved_mentions.cluster_id IS DISTINCT FROM h.cluster_id""",
        query_params,
    ).fetchall()


def clusters_of(con: duckdb.DuckDBPyConnection, mention_ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """The members of the clusters some mentions stand in, by the cluster's id."""
    members: dict[str, set[str]] = defaultdict(set)
    for row in fetch_rows(con, "cluster_members", {"mention_ids": list(mention_ids)}):
        members[row["cluster_id"]].add(row["mention_id"])
    return {cluster_id: frozenset(mention_set) for cluster_id, mention_set in members.items()}


def members_of(con: duckdb.DuckDBPyConnection, cluster_ids: Iterable[str | None]) -> dict[str, dict[str, str]]:
    """The members of some clusters by id, each with its own event id."""
    members: dict[str, dict[str, str]] = defaultdict(dict)
    for row in fetch_rows(
        con, "members_by_cluster", {"cluster_ids": sorted({cluster_id for cluster_id in cluster_ids if cluster_id})}
    ):
        members[row["cluster_id"]][row["mention_id"]] = row["own_event_id"]
    return dict(members)


def denied_events(con: duckdb.DuckDBPyConnection, mention_ids: Sequence[str]) -> set[str]:
    """The events that some mentions are held to deny."""
    rows = con.execute(
        """SELECT DISTINCT event_id FROM event_links
           WHERE relation = 'denies' AND mention_id IN (SELECT unnest($1::VARCHAR[]))""",
        [list(mention_ids)],
    ).fetchall()
    return {event_id for (event_id,) in rows}


@dataclass(slots=True)
class Stretch:
    """The days of publication that pairs were looked for in so far."""

    since: date | None = None
    until: date | None = None

    def take_in(self, since: date, until: date) -> None:
        """Lengthen it."""
        self.since = since if self.since is None else min(self.since, since)
        self.until = until if self.until is None else max(self.until, until)


@dataclass(frozen=True, slots=True)
class StoredBlocks:
    """The blocks of a warehouse (:class:`tasks.resolution.settling.Blocks`), each read by itself.

    ``days`` are those between publications up to which a shared name counts, ``told_days`` those between two dates.
    ``reach_km`` are the kilometres two places may lie apart, by UCDP where_prec from 1 on.
    """

    con: duckdb.DuckDBPyConnection
    days: int
    told_days: int
    reach_km: Sequence[float]
    joined: Mapping[str, frozenset[str]]
    stretch: Stretch = field(default_factory=Stretch)
    #: The id of the cluster each mention that was read stands in.
    stands_in: dict[str, str | None] = field(default_factory=dict)
    #: The cluster of each mention asked for, and its members; they stand as long as the blocks are looked at.
    homes: dict[str, tuple[str, frozenset[str]] | None] = field(default_factory=dict)

    def mentions(self, mention_ids: Sequence[str]) -> list[StoredMention]:
        """These mentions."""
        if not mention_ids:
            return []
        # Nearly all lie where pairs were looked for, which is a small part of a large table.
        rows = _resolved_rows(self.con, mention_ids, self.stretch)
        remaining = sorted(set(mention_ids) - {row["mention_id"] for row in rows})
        rows += _resolved_rows(self.con, remaining) if remaining else []
        self.stands_in.update((row["mention_id"], row["cluster_id"]) for row in rows)
        return [mention_of(row) for row in rows]

    def pairs(self, mention_ids: Sequence[str]) -> set[tuple[str, str]]:
        """Pairs of reports that may be in one block, one of them among these."""
        return self._pairs(mention_ids, "happened")

    def denials(self, mention_ids: Sequence[str]) -> set[tuple[str, str]]:
        """Pairs that may be in one block: one of these mentions, and a denial."""
        return self._pairs(mention_ids, "denied")

    def clusters(self, mention_ids: Sequence[str]) -> dict[str, frozenset[str]]:
        """The standing clusters of these mentions, by their ids."""
        unread = sorted(set(mention_ids) - self.homes.keys())
        met = {self.stands_in[mention_id] for mention_id in unread if mention_id in self.stands_in}
        unmet = [mention_id for mention_id in unread if mention_id not in self.stands_in]
        clusters = {name: frozenset(members) for name, members in members_of(self.con, met).items()} if met else {}
        clusters |= clusters_of(self.con, unmet) if unmet else {}
        self.homes.update(dict.fromkeys(unread))
        self.homes.update({mention_id: home for home in clusters.items() for mention_id in home[1]})
        return dict(home for mention_id in mention_ids if (home := self.homes[mention_id]) is not None)

    def decided(self, mention_ids: Sequence[str]) -> list[tuple[str, str]]:
        """The pairs a person joined, one of them among these."""
        if not self.joined or not mention_ids:
            return []
        named = [mention for mention in self.mentions(mention_ids) if mention.own_event_id in self.joined]
        others = sorted({report_id for mention in named for report_id in self.joined[mention.own_event_id]})
        homes = reports_naming(self.con, others)
        return [
            (mention.mention_id, report_id)
            for mention in named
            for event_id in sorted(self.joined[mention.own_event_id])
            for report_id in homes.get(event_id, ())
            if report_id != mention.mention_id
        ]

    def _pairs(self, mention_ids: Sequence[str], status: str) -> set[tuple[str, str]]:
        if not mention_ids:
            return set()
        ids = {"mention_ids": list(mention_ids)}
        first, last, since, until = self._bounds(mention_ids)
        rows: list[tuple[str, str]] = []
        if first is not None:
            by_day = ids | {"status": status, "since": first, "until": last, "reach_km": list(self.reach_km)}
            rows += self.con.execute(query("pairs_by_day"), by_day).fetchall()
        if since is not None and until is not None:
            name_params = {"days": self.days, "told": self.told_days}
            by_name = ids | {"status": status, "since": since, "until": until} | name_params
            rows += self.con.execute(query("pairs_by_name"), by_name).fetchall()
            self.stretch.take_in(since - timedelta(days=self.days), until + timedelta(days=self.days))
        return {(first_id, second_id) for first_id, second_id in rows}

    def _bounds(self, mention_ids: Sequence[str]) -> tuple[date | None, date | None, date | None, date | None]:
        """The first and last day some mentions are looked for under, and those of their publications."""
        days = {"since": self.stretch.since, "until": self.stretch.until}
        ((count, *bounds),) = self.con.execute(
            query("block_bounds"), {"mention_ids": list(mention_ids), **days}
        ).fetchall()
        if count < len(set(mention_ids)) and self.stretch.since is not None:
            # Some were published at another time.
            query_params = {"mention_ids": list(mention_ids), "since": None, "until": None}
            ((_, *bounds),) = self.con.execute(query("block_bounds"), query_params).fetchall()
        first, last, since, until = bounds
        return first, last, since, until


def _resolved_rows(
    con: duckdb.DuckDBPyConnection, mention_ids: Sequence[str], within: Stretch | None = None
) -> list[dict[str, Any]]:
    days = {"since": within and within.since, "until": within and within.until}
    return fetch_rows(con, "resolved_mentions_of", {"mention_ids": list(mention_ids), **days})


def mention_of(row: Mapping[str, Any]) -> StoredMention:
    """A mention from its row, whatever else the row holds."""
    values = {name: row[name] for name in _MENTION if name in row}
    return StoredMention(**values | {name: tuple(values[name]) for name in _LISTS if name in values})


def reports_naming(con: duckdb.DuckDBPyConnection, own_event_ids: Sequence[str]) -> dict[str, list[str]]:
    """The reports that would give events some ids, by that id."""
    reports: dict[str, list[str]] = defaultdict(list)
    for row in fetch_rows(con, "mentions_by_own_event", {"own_event_ids": list(own_event_ids)}):
        reports[row["own_event_id"]].append(row["mention_id"])
    return dict(reports)


def overrides(con: duckdb.DuckDBPyConnection) -> list[Override]:
    """What people decided about events, newest first; those undone among them."""
    rows = rows_of(con, "SELECT * FROM event_overrides ORDER BY made_at DESC, override_id")
    return [override_of(row) for row in rows]


def decided_ids(con: duckdb.DuckDBPyConnection) -> set[str]:
    """The own event ids that any decision names, undone ones among them."""
    return {event_id for override in overrides(con) for event_id in (*override.left, *override.right)}


def override_of(row: Mapping[str, Any]) -> Override:
    """A decision from its row."""
    left_ids, right_ids = tuple(row["left_ids"]), tuple(row["right_ids"])
    values = {field.name: row[field.name] for field in fields(Override) if field.name in row}
    return Override(**values | {"decision": Decision(row["decision"]), "left": left_ids, "right": right_ids})


def adopt(con: duckdb.DuckDBPyConnection, scheme: str) -> None:
    """Take stories and events as they stand for the work of resolution: for warehouses that were generated.

    ``scheme`` is that of the fingerprints. Marks are left out; what comes after is resolved against what stands.
    """
    con.execute(
        """UPDATE stories SET read_hash = hash($1, coalesce(v.published_day, v.first_seen_at::DATE))
           FROM article_versions v WHERE v.version_id = stories.version_id""",
        [scheme],
    ).fetchall()
    con.execute("DELETE FROM resolved_mentions").fetchall()
    given = f"WITH standing AS ({_standing({})}), stands AS ({query('read_hashes')})"
    con.execute(f"INSERT INTO resolved_mentions BY NAME {given} {query('adopt_mentions')}")


def _standing(narrowed: Mapping[str, str]) -> str:
    """The query for standing mentions, to be built upon."""
    text = query("stored_mentions").rstrip().removesuffix(";").rsplit("ORDER BY m.mention_id", 1)[0]
    for mark, condition in narrowed.items():
        text = text.replace(mark, condition)
    return text
