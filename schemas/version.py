"""The versions of an article, and what changed from one to the next."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """One version as the warehouse holds it. Instants are aware UTC; ``current`` is the one seen last.

    ``superseded``: no capture is read as this text any more. Newer code reads the same bytes otherwise, or refuses
    them; the publisher changed nothing.
    """

    article_id: str
    version_id: str
    source_id: str
    canonical_url: str
    content_sha256: str
    title: str | None
    text: str
    first_seen_at: datetime
    published_day: date | None
    modified_at: datetime | None
    correction_note: str | None
    completeness: str
    capture_id: str
    current: bool
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class StandingStory:
    """What the warehouse holds of an article: enough to tell whether a page under its address tells another story."""

    title: str | None
    published_day: date | None
    completeness: str
    fingerprint: tuple[int, ...]


class EditKind(StrEnum):
    """What happened to a run of words."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Edit:
    """A run of words. All edits but the added make the old text, all but the removed the new one."""

    kind: EditKind
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Two versions one after the other, and the edits of title and text between them."""

    old: StoredVersion
    new: StoredVersion
    title: tuple[Edit, ...]
    text: tuple[Edit, ...]

    def words(self, kind: EditKind) -> int:
        """How many words of the text went or came."""
        return sum(len(edit.text.split()) for edit in self.text if edit.kind is kind)
