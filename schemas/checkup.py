"""A checkup: what the addresses of a source answer when a person asks, without a run."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from schemas.source import Source


class State(StrEnum):
    """How an address fares. ``warning``: it can be read, but somebody should look at it."""

    OK = "ok"
    WARNING = "warning"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one address answered.

    ``kind`` is robots, feed, sitemap, archive_sitemap, section, wordpress or list; ``format`` what the body is.
    ``entries`` counts what it offers, ``newest`` is the latest date of publication (else of change) among them, as an
    aware UTC instant or, if no time was given, midnight UTC of that day. ``problem`` and ``advice`` are for people,
    and empty if there is nothing to say.
    """

    source_id: str
    kind: str
    url: str
    state: State
    status: int | None = None
    format: str = ""
    entries: int | None = None
    newest: datetime | None = None
    problem: str = ""
    advice: str = ""
    elapsed_ms: int = 0


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was found on a site: the entry it would make, what its addresses answered, what was guessed and how."""

    source: Source
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
