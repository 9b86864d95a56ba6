"""An event: the cluster of mentions that tell of one thing, and what follows from them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from schemas.keys import row_id


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFields:
    """What a mention and an event have in common: kind, days, place and tolls, as columns."""

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
    detained_low: int | None = None
    detained_best: int | None = None
    detained_high: int | None = None
    displaced_low: int | None = None
    displaced_best: int | None = None
    displaced_high: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMention(EventFields):
    """A mention as resolution reads it back from the warehouse: current versions only, flat, with its source.

    ``initiators`` and ``targets`` hold canonical actor ids if known, else folded names; ``published_day`` is the
    article's local day; ``story_id`` groups syndicated copies and near-duplicates; ``origin`` is the news agency the
    text is credited to, else the family. ``type_group`` is what may be one event told in two words. ``number`` tells
    mentions of one article apart that are alike in group, day and place. ``words`` and ``names`` are hashes of what is
    particular in its sentences (``tasks/resolution/marks.py``), ``details`` the hours, streets and ages told there
    (``tasks/resolution/details.py``). ``contested``: the report itself tells that somebody denies it, or their part.
    """

    mention_id: str
    article_id: str
    version_id: str
    source_id: str
    family: str
    story_id: str
    published_day: date | None
    trigger_start: int
    aggregate: bool
    initiators: tuple[str, ...]
    targets: tuple[str, ...]
    confidence: float
    origin: str
    type_group: str
    number: int = 0
    words: tuple[int, ...] = ()
    names: tuple[int, ...] = ()
    details: tuple[int, ...] = ()
    contested: bool = False

    @property
    def own_event_id(self) -> str:
        """The id of the event this mention would name: of article, kind, first day, place, and the number.

        Neither version nor toll is part of it, so a correction of 12 to 14 keeps the id.
        """
        place_key = self.place_id or self.place_name
        return row_id("evt", self.article_id, self.type_group, self.date_start, place_key, self.number)


@dataclass(frozen=True, slots=True)
class EventLink:
    """A mention's part in an event: ``reports`` it, ``denies`` it, or ``repeats`` it (a syndicated copy).

    ``score`` is the probability, 0 to 1, that it and the anchor tell of one event.
    """

    event_id: str
    mention_id: str
    relation: str
    score: float
    rule: str


@dataclass(frozen=True, slots=True)
class Pick:
    """How a field of an event got its value: the rule, the mention it was taken from, and what other reports say.

    ``value`` and ``others`` are words, as ``2024-03-04`` or ``12``; ``others`` are sorted, without ``value``.
    ``mention_id`` is ``None`` if the value is of several reports or of none.
    """

    field: str
    rule: str
    value: str | None
    mention_id: str | None
    others: tuple[str, ...]


class Decision(StrEnum):
    """What a person may decide about events, against what resolution made of their reports."""

    MERGE = "merge"
    SPLIT = "split"
    RETRACT = "retract"


@dataclass(frozen=True, slots=True)
class Override:
    """A person's decision. ``left`` and ``right`` hold own event ids of mentions (:class:`StoredMention`).

    Merged: all of both are one event. Split: those of one side are one event, and apart from those of the other.
    Retracted: what any of ``left`` belongs to is no event.
    """

    override_id: str
    decision: Decision
    event_id: str
    other_event_id: str | None
    left: tuple[str, ...]
    right: tuple[str, ...]
    reason: str
    made_at: datetime
    undone: bool = False
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(EventFields):
    """One row of the event table. ``rules`` names, per field, the rule that picked the value; ``picks`` tells more.

    Tolls: ``low`` the lowest low, ``best`` the most conservative best of independent reports, ``high`` the highest;
    ``open`` if there may be more than that ("at least 20"). ``disputed``: somebody denies it, or that they did it;
    ``differs``: the fields its reports disagree on.
    """

    event_id: str
    anchor_mention_id: str
    mention_count: int
    article_count: int
    source_count: int
    family_count: int
    disputed: bool
    differs: str | None
    rules: str
    origin_count: int = 0
    picks: tuple[Pick, ...] = ()
    killed_open: bool = False
    injured_open: bool = False
    detained_open: bool = False
    displaced_open: bool = False
