"""Clusters of mentions: best pairs first, never across what is forbidden, and only if most of the pairs agree.

The result depends on the set of mentions and decisions alone. It is local, too: as long as no pair leads from a group
of whole clusters to others, clustering the group again cannot change the others (docs/decisions/0009-resolution.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from schemas.event import StoredMention
from tasks.resolution.overrides import Forced
from tasks.resolution.pairs import JOINS, Match, in_one_block, match, model

#: Mentions that tell of one event, by id.
Cluster = list[StoredMention]


@dataclass(slots=True)
class Scores:
    """The scores of pairs, each computed once."""

    mentions: dict[str, StoredMention]
    known: dict[tuple[str, str], Match] = field(default_factory=dict)
    joining: dict[tuple[str, str], bool] = field(default_factory=dict)

    def of(self, first: str, second: str) -> Match:
        """The match of two mentions, in either order."""
        key = (first, second) if first < second else (second, first)
        if key not in self.known:
            self.known[key] = match(self.mentions[key[0]], self.mentions[key[1]])
        return self.known[key]

    def joins(self, first: str, second: str) -> bool:
        """Return True if a pair is one to begin a cluster with."""
        key = (first, second) if first < second else (second, first)
        if key not in self.joining:
            a, b = self.mentions[first], self.mentions[second]
            self.joining[key] = in_one_block(a, b) and self.of(first, second).score >= JOINS
        return self.joining[key]


def cluster(
    scores: Scores, members: Iterable[str], pairs: Iterable[tuple[str, str]], forced: Forced, mean: float | None = None
) -> list[Cluster]:
    """The clusters of some mentions: those of the decisions first, then best pairs first; sorted by first id.

    ``pairs`` may hold any pairs; those that lie outside ``members`` or score too low are passed over. ``mean`` is the
    score clusters join at, the model's own by default.
    """
    mean = model().mean if mean is None else mean
    ordered = sorted(members)
    home: dict[str, list[str]] = {}
    for group in forced.groups(scores.mentions[mention_id] for mention_id in ordered):
        for mention_id in group:
            home[mention_id] = group
    best = sorted(_joining(scores, home, pairs))
    for _, first_id, second_id in best:
        a, b = home[first_id], home[second_id]
        if a is not b and _may_join(scores, a, b, forced, mean):
            joined = sorted([*a, *b])
            for member in joined:
                home[member] = joined
    whole = {group[0]: group for group in home.values()}
    return [[scores.mentions[mention_id] for mention_id in whole[first]] for first in sorted(whole)]


def _joining(
    scores: Scores, among: Mapping[str, list[str]], pairs: Iterable[tuple[str, str]]
) -> Iterable[tuple[float, str, str]]:
    """The pairs that may begin a cluster, each once, as they sort: the best first, then by id."""
    once = {(first, second) if first < second else (second, first) for first, second in pairs}
    for first, second in once:
        if first in among and second in among and scores.joins(first, second):
            yield -scores.of(first, second).score, first, second


def _may_join(scores: Scores, a: Sequence[str], b: Sequence[str], forced: Forced, mean: float) -> bool:
    """No pair across is forbidden, none was taken apart by a person, and their mean score is high enough."""
    total = 0.0
    for first in a:
        for second in b:
            pair_score = scores.of(first, second)
            if pair_score.veto is not None or forced.apart(scores.mentions[first], scores.mentions[second]):
                return False
            total += pair_score.score
    return total / (len(a) * len(b)) >= mean
