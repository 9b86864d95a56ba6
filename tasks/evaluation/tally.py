"""Right, wrong and missed answers, added up by measure; and what a share of a few verdicts is worth."""

from collections import defaultdict
from dataclasses import dataclass, field
from math import sqrt

#: The normal quantile of an interval that holds the truth 95 times of 100.
_Z = 1.959964


@dataclass(slots=True)
class Tally:
    """Answers of one measure: ``right``, given and ``wrong``, and ``missed`` if there was one to give."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, right: bool | int, wrong: bool | int, missed: bool | int) -> None:
        """Count further answers."""
        self.right, self.wrong, self.missed = self.right + right, self.wrong + wrong, self.missed + missed

    @property
    def figures(self) -> dict[str, float]:
        """Precision, recall and F1 in per cent, to a tenth."""
        claimed, true = self.right + self.wrong, self.right + self.missed
        parts = {"p": self.right / max(1, claimed), "r": self.right / max(1, true)}
        parts["f"] = 2 * self.right / max(1, claimed + true)
        return {name: round(100 * part, 1) for name, part in parts.items()}


@dataclass(slots=True)
class Sheet:
    """The tallies of a gold set by measure, in the order they were first met."""

    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))

    def add(self, measure: str, right: bool | int, wrong: bool | int, missed: bool | int) -> None:
        """Count answers of a measure."""
        self.tallies[measure].add(right, wrong, missed)

    @property
    def figures(self) -> dict[str, dict[str, float]]:
        """The measures of which anything was asked or said, as precision, recall and F1."""
        return {name: t.figures for name, t in self.tallies.items() if t.right or t.wrong or t.missed}


def wilson(right: int, of: int) -> tuple[float, float]:
    """The interval, in shares, that holds the true share of right answers 95 times of 100.

    Wilson's score interval (1927): for few answers, and for shares near 0 or 1, it says what ``right / of`` cannot.

    >>> [round(end, 2) for end in wilson(9, 10)]
    [0.6, 0.98]
    """
    if of == 0:
        return 0.0, 1.0
    share, spread = right / of, _Z * _Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)
