"""Resolve: mentions into events. What changed since the last time is looked at, and the blocks it touches."""

import logging
from collections.abc import Sequence

import duckdb

from schemas.event import StoredMention
from schemas.run import Run
from schemas.settings import Settings
from tasks.events.reader.folder import use_model
from tasks.events.reader.installed import model_in_use
from tasks.events.reader.model import taught
from tasks.reference.machine.failpoints import Point, failpoint
from tasks.resolution.clusters import Cluster, Scores
from tasks.resolution.geography import REACHES_KM
from tasks.resolution.identity import anchor_of, denies, events_of, is_report
from tasks.resolution.overrides import Forced, forced_by
from tasks.resolution.pairs import NAMED_DAYS, TOLD_DAYS
from tasks.resolution.rereading import kept_row, with_marks
from tasks.resolution.settling import settle
from tasks.text.copies.fingerprint import BAND, SAME_STORY, SCHEME, STORY_DAYS, join_stories
from tasks.warehouse.resolve import matching, resolving
from tasks.warehouse.resolve.matching import StoredBlocks, ToResolve
from tasks.warehouse.resolve.stories import regroup
from tasks.warehouse.store.connect import open_writer, transaction
from tasks.warehouse.store.write import Changes

log = logging.getLogger("firstdraft.resolve")

#: Mentions resolved at once: it bounds memory, and says nothing about the result.
PART = 4000


def resolve(run: Run, settings: Settings) -> dict[str, dict[str, int]]:
    """Group copies into stories and mentions into events; both in one transaction.

    Returns the rows by table and action.
    """
    log.info("resolving", extra={"stage": "resolve", "todo": 1})
    failpoint(Point.RESOLVE_BEGUN)
    use_model(model_in_use(settings.reader_dir))
    with open_writer(settings) as con, transaction(con):
        rows = resolve_changes(con, run, count_from=settings.count_from)
        failpoint(Point.RESOLVE_BEFORE_COMMIT)
    message = ", ".join(f"{count} {action}" for action, count in rows["events"].items())
    log.info("events: %s", message, extra={"stage": "resolve", "done": 1})
    return rows


def resolve_changes(
    con: duckdb.DuckDBPyConnection, run: Run, size: int = PART, *, count_from: float | None = None
) -> dict[str, Changes]:
    """Bring stories and events in step with the standing mentions, in the caller's transaction.

    Mentions less sure than ``count_from`` (by default what the reader's model was given) are kept, and no reports.
    Only mentions that are not as they were last read, and the clusters they touch, are read; at most ``size`` at once.
    Returns and records the rows by table and action.
    """
    matching.set_count_from(con, taught().thresholds.counted if count_from is None else count_from)
    stories = regroup(con, join_stories, scheme=SCHEME, days=STORY_DAYS, band=BAND, alike=SAME_STORY)
    resolving.record_stories(con, run, stories)
    forced = forced_by(matching.overrides(con))
    parts = [_decided(con, run, forced)]
    parts += [_part(con, run, part, forced) for part in matching.mentions_to_resolve(con, size)]
    changed = resolving.summed(parts)
    resolving.record_resolved(con, run, changed)
    return {"stories": stories, **changed}


def _decided(con: duckdb.DuckDBPyConnection, run: Run, forced: Forced) -> dict[str, Changes]:
    """Look again at what people ever decided about: a decision may be new, or undone."""
    homes = matching.reports_naming(con, sorted(matching.decided_ids(con)))
    named = sorted(mention_id for reports in homes.values() for mention_id in reports)
    return _settled(con, run, set(named), set(), forced) if named else {}


def _part(con: duckdb.DuckDBPyConnection, run: Run, part: Sequence[ToResolve], forced: Forced) -> dict[str, Changes]:
    ids = [mention_id.mention_id for mention_id in part]
    stood = matching.clusters_of(con, ids)
    denied = matching.members_of(con, matching.denied_events(con, ids))
    read = {mention_id.mention_id: _read(mention_id) for mention_id in part if mention_id.row is not None}
    hashes = {mention_id.mention_id: mention_id.read_hash for mention_id in part}
    matching.replace_mentions(con, ids, [kept_row(m, hashes[mention_id]) for mention_id, m in sorted(read.items())])
    remaining = {mention_id for members in stood.values() for mention_id in members} - set(ids)
    touched = remaining | {
        mention_id for members in denied.values() for mention_id in members if mention_id not in set(ids)
    }
    touched |= {mention_id for mention_id, m in read.items() if is_report(m)}
    touched |= _newly_denied(con, [m for m in read.values() if not is_report(m)])
    return _settled(con, run, touched, set(stood) | set(denied), forced)


def _read(mention: ToResolve) -> StoredMention:
    return with_marks(matching.mention_of(mention.row or {}), mention.text, mention.start, mention.end, mention.actors)


def _newly_denied(con: duckdb.DuckDBPyConnection, denials: Sequence[StoredMention]) -> set[str]:
    """The reports that some denials deny."""
    blocks = _blocks(con, Forced())
    pairs = blocks.pairs([mention_id.mention_id for mention_id in denials])
    scores = _scored(blocks, pairs)
    return {report for denial, report in pairs if denies(scores, scores.mentions[denial], scores.mentions[report])}


def _scored(blocks: StoredBlocks, pairs: set[tuple[str, str]]) -> Scores:
    ends = sorted({mention_id for both in pairs for mention_id in both})
    return Scores({m.mention_id: m for m in blocks.mentions(ends)})


def _settled(
    con: duckdb.DuckDBPyConnection, run: Run, touched: set[str], stood: set[str], forced: Forced
) -> dict[str, Changes]:
    """Settle the clusters around some mentions, and write the events they make in place of those that stood."""
    blocks = _blocks(con, forced)
    # A cluster is touched as a whole.
    whole = touched | {mention_id for members in blocks.clusters(sorted(touched)).values() for mention_id in members}
    clusters, scores = settle(blocks, whole, forced)
    members = sorted(m.mention_id for cluster in clusters for m in cluster)
    stood = stood | set(blocks.clusters(members))
    denials = _denials(blocks, scores, members)
    events = events_of(clusters, denials, scores, forced)
    home = {m.mention_id: _named(cluster) for cluster in clusters for m in cluster}
    matching.put_in_clusters(con, home)
    return resolving.put_events(con, run, events.events, events.links, stood, events.retracted)


def _denials(blocks: StoredBlocks, scores: Scores, members: Sequence[str]) -> list[StoredMention]:
    """All that may deny one of the events these are of."""
    ends = {denial for _, denial in blocks.denials(members)}
    denials = blocks.mentions(sorted(ends))
    scores.mentions.update({m.mention_id: m for m in denials})
    return denials


def _named(cluster: Cluster) -> str:
    return anchor_of(cluster).own_event_id


def _blocks(con: duckdb.DuckDBPyConnection, forced: Forced) -> StoredBlocks:
    return StoredBlocks(con, NAMED_DAYS, TOLD_DAYS, REACHES_KM, forced.together)
