"""Clusters after some mentions came, changed or went: only what they touch is read and clustered again."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol

from schemas.event import StoredMention
from tasks.resolution.clusters import Cluster, Scores, cluster
from tasks.resolution.overrides import Forced


class Blocks(Protocol):
    """Where resolution reads what it touches."""

    def mentions(self, mention_ids: Sequence[str]) -> list[StoredMention]:
        """These mentions."""

    def pairs(self, mention_ids: Sequence[str]) -> Iterable[tuple[str, str]]:
        """All pairs of reports that may be in one block with one end among these ids, and perhaps others."""

    def clusters(self, mention_ids: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """The standing cluster of each of these mentions, with all its members; none for those in no cluster yet."""

    def decided(self, mention_ids: Sequence[str]) -> list[tuple[str, str]]:
        """The pairs a person's decision names, with one end among these ids."""


def settle(blocks: Blocks, touched: AbstractSet[str], forced: Forced) -> tuple[list[Cluster], Scores]:
    """The clusters of ``touched`` mentions and of all whose cluster changes with them.

    ``touched`` must hold all members of a cluster that lost one. Clusters beside them are taken in until none of those
    comes out otherwise than it stood; then what lies farther off cannot change either.
    """
    scores = Scores({})
    inner: set[str] = set()
    fresh = set(touched)
    pairs: set[tuple[str, str]] = set()
    met = _Met(blocks)
    while True:
        inner |= fresh
        new = {*met.pairs(fresh), *blocks.decided(sorted(fresh))}
        pairs |= new
        _read(blocks, scores, fresh | {mention_id for both in new for mention_id in both})
        beside = blocks.clusters(sorted(_partners(scores, inner, pairs, forced)))
        outer = {mention_id for members in beside.values() for mention_id in members} - inner
        _read(blocks, scores, outer)
        group = inner | outer
        among = pairs | {both for both in met.pairs(outer) if both[0] in group and both[1] in group}
        clusters = cluster(scores, group, among, forced)
        fresh = _moved(clusters, set(beside.values()), inner)
        if not fresh:
            return [members for members in clusters if members[0].mention_id in inner], scores


class _Met:
    """The pairs of mentions, each asked for once: what lies beside now is often within in the next round."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._known: dict[str, set[tuple[str, str]]] = {}

    def pairs(self, ids: AbstractSet[str]) -> set[tuple[str, str]]:
        """All pairs with one end among these."""
        new_ids = ids - self._known.keys()
        self._known |= {mention_id: set() for mention_id in new_ids}
        for both in self._blocks.pairs(sorted(new_ids)) if new_ids else ():
            for mention_id in both:
                if mention_id in new_ids:
                    self._known[mention_id].add(both)
        return set().union(*(self._known[mention_id] for mention_id in ids))


def _read(blocks: Blocks, scores: Scores, ids: AbstractSet[str]) -> None:
    for mention in blocks.mentions(sorted(ids - scores.mentions.keys())):
        scores.mentions[mention.mention_id] = mention


def _partners(scores: Scores, inner: AbstractSet[str], pairs: Iterable[tuple[str, str]], forced: Forced) -> set[str]:
    """The mentions beside the inner ones that could join one of them, or that a person joined with one."""
    partners = set()
    for first, second in pairs:
        if (first in inner) is (second in inner):
            continue
        if scores.joins(first, second) or forced.joined(scores.mentions[first], scores.mentions[second]):
            partners.add(second if first in inner else first)
    return partners


def _moved(clusters: Iterable[Cluster], stood: AbstractSet[frozenset[str]], inner: AbstractSet[str]) -> set[str]:
    """The members of the clusters beside that do not come out as they stood."""
    now = {frozenset(m.mention_id for m in members) for members in clusters}
    return {mention_id for members in stood - now for mention_id in members} - inner
