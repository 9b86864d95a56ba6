"""An erasure: what a person asked to have forgotten, and all that has to go with it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ErasedCapture:
    """What is kept of an erased capture: its place in the world, its hash and its dates; no text, no bytes.

    ``article_id``, ``version_id`` and ``content_sha256`` are ``None`` if it gave no article. ``captured_at`` is an
    aware UTC instant.
    """

    capture_id: str
    source_id: str
    url: str
    sha256: str
    byte_length: int
    captured_at: datetime
    article_id: str | None
    version_id: str | None
    content_sha256: str | None


@dataclass(frozen=True, slots=True)
class Erasable:
    """Everything that goes when something is forgotten.

    ``urls`` are the canonical URLs never to be asked for again (none if only single captures go). By ``addresses``,
    all their spellings, and ``needles``, words of the text, feeds are known that repeat the page. ``copies`` are ids of
    articles of other addresses with the same text, which stay. ``files`` names old copies of the warehouse, which go.
    """

    asked: str
    captures: tuple[ErasedCapture, ...]
    urls: tuple[str, ...]
    addresses: tuple[str, ...]
    titles: tuple[str, ...]
    needles: tuple[str, ...]
    events: tuple[str, ...]
    copies: tuple[str, ...]
    files: tuple[str, ...]

    @property
    def capture_ids(self) -> tuple[str, ...]:
        """The captures by id."""
        return tuple(capture.capture_id for capture in self.captures)


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was done: stretches of the archive overwritten (pages, and feeds that repeated them), rows deleted by table,
    files removed, and the run under whose id events were made again.
    """

    run_id: str
    reason: str
    captures: int
    feeds: int
    rows: dict[str, int]
    files: tuple[str, ...]
