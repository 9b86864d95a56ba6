"""A change: what a reprocess made of something that stood before, and what runs made of events."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Action(StrEnum):
    """What happened to it."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one thing, before and after, as text; ``None`` if there was or is nothing.

    ``subject`` is ``article``, ``outcome``, ``mention`` or ``event``; ``subject_id`` its id after the run, or before
    if it is gone. ``field`` is empty if the whole thing was added or removed.
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


@dataclass(frozen=True, slots=True)
class EventChange:
    """An event that stands otherwise than it stood at the end of an earlier run.

    ``why`` are the reasons of all changes in between, of one that is gone the last; ``fields`` the columns that
    differ from state to state. ``led_to`` is where the id of a merged event leads now. ``run_id`` and ``changed_at``
    (aware UTC) name the last run that changed it.
    """

    event_id: str
    action: Action
    why: tuple[str, ...]
    led_to: str | None
    fields: tuple[str, ...]
    run_id: str
    changed_at: datetime
