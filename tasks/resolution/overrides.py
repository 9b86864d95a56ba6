"""What people decided about events, as it bears on mentions: those that belong together, apart, or nowhere."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

from schemas.event import Decision, Override, StoredMention


@dataclass(frozen=True, slots=True)
class Forced:
    """Decisions that stand, by own event ids of mentions. Of two on one pair the later holds."""

    together: Mapping[str, frozenset[str]] = field(default_factory=dict)
    kept_apart: frozenset[tuple[str, str]] = frozenset()
    withheld: Mapping[str, Override] = field(default_factory=dict)

    def groups(self, mentions: Iterable[StoredMention]) -> list[list[str]]:
        """Mention ids grouped as decided, the others alone; in the order of the first id of each."""
        by_own: dict[str, list[str]] = defaultdict(list)
        grouped = []
        for mention in mentions:
            if mention.own_event_id in self.together:
                by_own[mention.own_event_id].append(mention.mention_id)
            else:
                grouped.append([mention.mention_id])
        remaining = set(by_own)
        for own_id in sorted(by_own):
            if own_id in remaining:
                reached = self._reached(own_id, {mention_id: by_own[mention_id] for mention_id in remaining})
                remaining -= reached
                grouped.append(sorted(mention_id for each in reached for mention_id in by_own[each]))
        return sorted(grouped)

    def _reached(self, own_id: str, among: Mapping[str, list[str]]) -> set[str]:
        reached, waiting = {own_id}, [own_id]
        while waiting:
            for neighbour in sorted(self.together.get(waiting.pop(), frozenset())):
                free = neighbour in among and neighbour not in reached
                if free and not any(pair(neighbour, reached_id) in self.kept_apart for reached_id in reached):
                    reached.add(neighbour)
                    waiting.append(neighbour)
        return reached

    def apart(self, a: StoredMention, b: StoredMention) -> bool:
        """Return True if a person said that these two are not one event."""
        return bool(self.kept_apart) and pair(a.own_event_id, b.own_event_id) in self.kept_apart

    def joined(self, a: StoredMention, b: StoredMention) -> bool:
        """Return True if a person said that these two are one event."""
        return bool(self.together) and b.own_event_id in self.together.get(a.own_event_id, frozenset())

    def retraction_of(self, members: Iterable[StoredMention]) -> Override | None:
        """The decision that these tell of no event; the latest if there are several."""
        if not self.withheld:
            return None
        retractions = [self.withheld[m.own_event_id] for m in members if m.own_event_id in self.withheld]
        return max(retractions, key=_made, default=None)

    def touched(self) -> frozenset[str]:
        """The own event ids any decision names."""
        return frozenset(
            {*self.together, *self.withheld, *(mention_id for both in self.kept_apart for mention_id in both)}
        )


def forced_by(overrides: Iterable[Override]) -> Forced:
    """What decisions come to; those undone do not count, and the order they are given in says nothing."""
    linked: dict[tuple[str, str], bool] = {}
    withheld: dict[str, Override] = {}
    for override in sorted((o for o in overrides if not o.undone), key=_made):
        if override.decision is Decision.RETRACT:
            withheld |= dict.fromkeys(override.left, override)
        elif override.decision is Decision.MERGE:
            linked |= dict.fromkeys(_within((*override.left, *override.right)), True)
        else:
            linked |= dict.fromkeys((*_within(override.left), *_within(override.right)), True)
            linked |= {pair(a, b): False for a, b in product(override.left, override.right) if a != b}
    together: dict[str, set[str]] = defaultdict(set)
    for (a, b), joined in linked.items():
        if joined:
            together[a].add(b)
            together[b].add(a)
    parted = frozenset(both for both, joined in linked.items() if not joined)
    return Forced({own_id: frozenset(others) for own_id, others in together.items()}, parted, withheld)


def _made(override: Override) -> tuple[str, str]:
    return override.made_at.isoformat(), override.override_id


def _within(side: Sequence[str]) -> list[tuple[str, str]]:
    return [pair(a, b) for a, b in combinations(sorted(set(side)), 2)]


def pair(a: str, b: str) -> tuple[str, str]:
    """Two ids in order."""
    return (a, b) if a < b else (b, a)
