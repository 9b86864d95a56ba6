"""A change: what a reprocess made of something that stood before."""

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What happened to it."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one thing, before and after, as text; ``None`` where there was or is nothing.

    ``subject`` is ``article``, ``outcome``, ``mention`` or ``event``; ``subject_id`` its id after the run, or before
    where it is gone. ``field`` is empty where the whole thing was added or removed.
    """

    run_id: str
    subject: str
    subject_id: str
    field: str
    action: Action
    old_value: str | None
    new_value: str | None
    source_id: str | None = None
    url: str | None = None
