"""What people judge of mentions: what they are shown, and the verdict that overrides what a coder read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from schemas.mention import Actor, Evidence


class Verdict(StrEnum):
    """What a person found."""

    ACCEPT = "accept"
    CORRECT = "correct"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class ShownMention:
    """A mention as a person is shown it: what is stored, the sentence, and the text around it.

    ``values`` are its columns in ``mentions`` by name; ``context`` is the text from ``context_start`` (offset into the
    text of the version), a few sentences around ``sentence_start`` to ``sentence_end``. Spans count characters of the
    text of the version.
    """

    mention_id: str
    article_id: str
    version_id: str
    url: str
    title: str | None
    published_day: date | None
    source_id: str
    sentence: str
    sentence_start: int
    sentence_end: int
    context: str
    context_start: int
    trigger: str
    trigger_start: int
    trigger_end: int
    confidence: float
    coder: str
    coder_version: str
    values: Mapping[str, object]
    actors: tuple[Actor, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """The right value of one field, as a person wrote it and as columns.

    ``changes`` are columns of ``mentions`` with their values; ``actors`` the actors of the role settled, if the
    field is a side; ``told`` says what was made of the words, for the person to see.
    """

    field: str
    value: str
    changes: Mapping[str, object]
    actors: Mapping[str, tuple[Mapping[str, object], ...]] | None
    told: str


@dataclass(frozen=True, slots=True)
class Review:
    """A verdict: a row of ``reviews``, whose comments say what each field holds. Instants are aware UTC."""

    mention_id: str
    field: str
    verdict: str
    said: str
    value: str | None
    changes: str
    actors: str | None
    article_id: str
    version_id: str
    trigger_start: int
    trigger_end: int
    trigger: str
    sentence_sha256: str
    sub_event_type: str
    coder: str
    coder_version: str
    confidence: float
    note: str
    reviewer: str
    reviewed_at: datetime


@dataclass(frozen=True, slots=True)
class StandingReview:
    """A verdict, and how many mentions of today it holds for: 0 if its words are read as no event any more."""

    review: Review
    mentions: int
