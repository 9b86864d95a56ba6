"""Resolution with every pair looked at: what the work in blocks must come to as well."""

from collections.abc import Iterable

from schemas.event import StoredMention
from tasks.resolution.clusters import Scores, cluster
from tasks.resolution.identity import Resolution, events_of, is_report
from tasks.resolution.overrides import Forced


def resolve_events(mentions: Iterable[StoredMention], forced: Forced | None = None) -> Resolution:
    """The events behind mentions, all of them looked at: what resolution in blocks comes to as well."""
    by_id = {m.mention_id: m for m in mentions}
    reports = sorted(mention_id for mention_id, m in by_id.items() if is_report(m))
    denials = [by_id[mention_id] for mention_id in sorted(by_id) if by_id[mention_id].status == "denied"]
    scores = Scores(by_id)
    pairs = ((a, b) for at, a in enumerate(reports) for b in reports[at + 1 :])
    clusters = cluster(scores, reports, pairs, forced or Forced())
    return events_of(clusters, denials, scores, forced or Forced())
