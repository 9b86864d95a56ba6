"""A link: something a source says exists, before anything was fetched."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from schemas.keys import row_id


class FoundIn(StrEnum):
    """Where a link was found."""

    FEED = "feed"
    SITEMAP = "sitemap"
    SECTION = "section"
    LIST = "list"
    CAPTURE = "capture"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Link:
    """One URL a source offered.

    ``url`` is absolute and as found, ``canonical_url`` its key (``tasks/web/urls/canonical.py`` has the rule).
    The hints are what the feed or sitemap said; they are evidence, not truth. ``published_hint`` is
    an aware UTC instant or ``None``; ``published_raw`` the words it came from, ``modified_raw`` those of its last
    change.
    """

    source_id: str
    url: str
    canonical_url: str
    found_in: FoundIn
    found_at: str
    title_hint: str | None = None
    published_hint: datetime | None = None
    published_raw: str | None = None
    modified_raw: str | None = None

    @property
    def link_id(self) -> str:
        """Keyed by source and canonical URL."""
        return row_id("lnk", self.source_id, self.canonical_url)
