"""Linear models over named yes-or-no features, for ``benchmarks/muc4.py``; plain JSON."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import Any

#: Scores beyond this are as good as sure.
_SURE = 30.0


@dataclass(frozen=True, slots=True)
class Linear:
    """A multinomial logistic regression; a feature without weights counts for nothing.

    ``weights`` gives a feature's weight for each of ``classes``, ``bias`` the scores of a case without features;
    ``thresholds`` are the trainer's, by name.
    """

    classes: tuple[str, ...]
    bias: tuple[float, ...]
    weights: dict[str, tuple[float, ...]]
    thresholds: dict[str, float]

    def probabilities(self, features: Iterable[str]) -> dict[str, float]:
        """How likely each class is; they add up to one."""
        scores = list(self.bias)
        for name in features:
            row = self.weights.get(name)
            if row is not None:
                scores = [score + weight for score, weight in zip(scores, row, strict=True)]
        top = max(scores)
        parts = [exp(max(-_SURE, score - top)) for score in scores]
        whole = sum(parts)
        return {name: part / whole for name, part in zip(self.classes, parts, strict=True)}


def load_linear(file: Path) -> Linear:
    """A model from its file. Raises ``OSError``, ``KeyError``, ``TypeError`` or ``ValueError`` if it is none."""
    return linear_of(json.loads(file.read_text(encoding="utf-8")))


def linear_of(raw: dict[str, Any]) -> Linear:
    """A model from its JSON. Raises ``KeyError``, ``TypeError`` or ``ValueError`` if it is none."""
    return Linear(
        tuple(map(str, raw["classes"])),
        tuple(map(float, raw["bias"])),
        {str(name): tuple(map(float, row)) for name, row in raw["weights"].items()},
        {str(name): float(value) for name, value in raw["thresholds"].items()},
    )
