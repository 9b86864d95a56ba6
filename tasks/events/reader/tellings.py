"""From tags and probabilities to incidents: spans of words, and which of them belong together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tasks.events.reader.layers import Array
from tasks.events.reader.pieces import PieceSpan


@dataclass(frozen=True, slots=True)
class Tagged:
    """A run of pieces tagged alike, and the mean probability of its pieces."""

    pieces: PieceSpan
    probability: float


def tagged(tags: Array, begin: int, threshold: float) -> tuple[Tagged, ...]:
    """The runs of a tag: ``begin`` is the column of its first piece, the next one that of its later pieces."""
    either = (tags[:, begin] + tags[:, begin + 1]).tolist()
    opens = (tags[:, begin] > tags[:, begin + 1]).tolist()
    found, at, total = [], 0, len(either)
    while at < total:
        if either[at] < threshold:
            at += 1
            continue
        last = at + 1
        while last < total and either[last] >= threshold and not opens[last]:
            last += 1
        found.append(Tagged((at, last), sum(either[at:last]) / (last - at)))
        at = last
    return tuple(found)


def clusters(together: Array, threshold: float) -> tuple[tuple[int, ...], ...]:
    """Groups of triggers by mean link: the two most alike are joined while their mean is not below the threshold.

    ``together`` (n, n) says how likely two are of one incident. Groups come in the order of their first member.
    """
    groups: list[list[int]] = [[number] for number in range(len(together))]
    while len(groups) > 1:
        best, left, right = max(_links(together, groups))
        if best < threshold:
            break
        groups[-left] += groups.pop(-right)
    return tuple(sorted(tuple(sorted(group)) for group in groups))


def _links(together: Array, groups: Sequence[Sequence[int]]) -> list[tuple[float, int, int]]:
    """The mean link of each two groups; numbers are negative, so that of equals the first come first."""
    count = len(groups)
    member = np.zeros((count, len(together)), dtype=np.float32)
    for number, group in enumerate(groups):
        member[number, list(group)] = 1.0 / len(group)
    means = member @ together @ member.T
    return [(round(float(means[x, y]), 6), -x, -y) for x in range(count) for y in range(x + 1, count)]
