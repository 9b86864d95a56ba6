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
        found = []
        for mention in mentions:
            if mention.own_event_id in self.together:
                by_own[mention.own_event_id].append(mention.mention_id)
            else:
                found.append([mention.mention_id])
        left = set(by_own)
        for own in sorted(by_own):
            if own in left:
                reached = self._reached(own, {one: by_own[one] for one in left})
                left -= reached
                found.append(sorted(one for each in reached for one in by_own[each]))
        return sorted(found)

    def _reached(self, own: str, among: Mapping[str, list[str]]) -> set[str]:
        reached, waiting = {own}, [own]
        while waiting:
            for other in sorted(self.together.get(waiting.pop(), frozenset())):
                free = other in among and other not in reached
                if free and not any(pair(other, one) in self.kept_apart for one in reached):
                    reached.add(other)
                    waiting.append(other)
        return reached

    def apart(self, a: StoredMention, b: StoredMention) -> bool:
        """Whether a person said that these two are not one event."""
        return bool(self.kept_apart) and pair(a.own_event_id, b.own_event_id) in self.kept_apart

    def joined(self, a: StoredMention, b: StoredMention) -> bool:
        """Whether a person said that these two are one event."""
        return bool(self.together) and b.own_event_id in self.together.get(a.own_event_id, frozenset())

    def retraction_of(self, members: Iterable[StoredMention]) -> Override | None:
        """The decision that these tell of no event; the latest where there are several."""
        if not self.withheld:
            return None
        found = [self.withheld[m.own_event_id] for m in members if m.own_event_id in self.withheld]
        return max(found, key=_made, default=None)

    def touched(self) -> frozenset[str]:
        """The own event ids any decision names."""
        return frozenset({*self.together, *self.withheld, *(one for both in self.kept_apart for one in both)})


def forced_by(overrides: Iterable[Override]) -> Forced:
    """What decisions come to; those undone do not count, and the order they are given in says nothing."""
    linked: dict[tuple[str, str], bool] = {}
    withheld: dict[str, Override] = {}
    for one in sorted((o for o in overrides if not o.undone), key=_made):
        if one.decision is Decision.RETRACT:
            withheld |= dict.fromkeys(one.left, one)
        elif one.decision is Decision.MERGE:
            linked |= dict.fromkeys(_within((*one.left, *one.right)), True)
        else:
            linked |= dict.fromkeys((*_within(one.left), *_within(one.right)), True)
            linked |= {pair(a, b): False for a, b in product(one.left, one.right) if a != b}
    together: dict[str, set[str]] = defaultdict(set)
    for (a, b), joined in linked.items():
        if joined:
            together[a].add(b)
            together[b].add(a)
    parted = frozenset(both for both, joined in linked.items() if not joined)
    return Forced({own: frozenset(others) for own, others in together.items()}, parted, withheld)


def _made(one: Override) -> tuple[str, str]:
    return one.made_at.isoformat(), one.override_id


def _within(side: Sequence[str]) -> list[tuple[str, str]]:
    return [pair(a, b) for a, b in combinations(sorted(set(side)), 2)]


def pair(a: str, b: str) -> tuple[str, str]:
    """Two ids in order."""
    return (a, b) if a < b else (b, a)
