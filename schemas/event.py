"""An event: the cluster of mentions that tell of one thing, and what follows from them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class StoredMention:
    """A mention as resolution reads it back from the warehouse: current versions only, flat, with its source.

    ``initiators`` and ``targets`` hold canonical actor ids where known, else folded names; ``published_day`` is the
    article's local day; ``story_id`` groups syndicated copies and near-duplicates.
    """

    mention_id: str
    article_id: str
    version_id: str
    source_id: str
    family: str
    story_id: str
    published_day: date | None
    trigger_start: int
    event_type: str
    sub_event_type: str
    status: str
    aggregate: bool
    date_start: date | None
    date_end: date | None
    date_precision: int | None
    place_name: str | None
    place_id: str | None
    admin1: str | None
    admin2: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    place_precision: int | None
    initiators: tuple[str, ...]
    targets: tuple[str, ...]
    killed_low: int | None
    killed_best: int | None
    killed_high: int | None
    injured_low: int | None
    injured_best: int | None
    injured_high: int | None
    confidence: float


@dataclass(frozen=True, slots=True)
class EventLink:
    """A mention's part in an event: ``reports`` it, ``denies`` it, or ``repeats`` it (a syndicated copy)."""

    event_id: str
    mention_id: str
    relation: str
    score: float
    rule: str


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the event table. ``rules`` names, per field, the rule that picked the value.

    Tolls: ``low`` the lowest low, ``best`` the most conservative best of independent reports, ``high`` the highest.
    """

    event_id: str
    anchor_mention_id: str
    event_type: str
    sub_event_type: str
    status: str
    date_start: date | None
    date_end: date | None
    date_precision: int | None
    place_name: str | None
    place_id: str | None
    admin1: str | None
    admin2: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    place_precision: int | None
    killed_low: int | None
    killed_best: int | None
    killed_high: int | None
    injured_low: int | None
    injured_best: int | None
    injured_high: int | None
    mention_count: int
    article_count: int
    source_count: int
    family_count: int
    denied: bool
    disputed: str | None
    rules: str
