"""A publication: whether readers got what a run left, and what was against it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Publication:
    """The published file, and why it still is the one of an earlier run; ``held`` is empty if it is the last's."""

    path: Path
    held: tuple[str, ...] = ()
