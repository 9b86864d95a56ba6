"""What an evaluation says."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of a gold set: by measure precision, recall and F1 (``p``, ``r``, ``f``), or one number; in per cent.

    ``documents`` were asked, of which ``failed`` broke the coder and have no answer.
    """

    figures: Mapping[str, float | Mapping[str, float]]
    documents: int
    failed: int
