"""An article: what a page says, with the origin of each thing it declares."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from schemas.keys import row_id, text_sha256
from schemas.page import FetchedPage


class DateOrigin(StrEnum):
    """Where a date was read."""

    JSON_LD = "json-ld"
    META = "meta"
    TIME_ELEMENT = "time"
    FEED = "feed"
    URL = "url"
    TEXT = "text"


class Completeness(StrEnum):
    """How much of the article the page gave."""

    FULL = "full"
    PARTIAL = "partial"
    LIVE_BLOG = "live_blog"


def page_at(page_starts: Sequence[int], offset: int) -> int | None:
    """The number of the page, from 1, on which a character of a PDF's text stands; ``None`` where there are no pages.

    >>> page_at((0, 100, 100, 250), 99), page_at((0, 100, 100, 250), 100), page_at((0, 100), 500), page_at((), 5)
    (1, 3, 2, None)
    """
    return max(sum(1 for start in page_starts if start <= offset), 1) if page_starts else None


@dataclass(frozen=True, slots=True)
class DateReading:
    """An instant as a page declares it.

    ``instant`` is aware UTC, ``None`` when only a day was given or nothing was found; ``local_day`` is the
    day in the page's own zone, the one a reader saw. ``zone`` is an offset such as ``+03:00``, or ``None``
    if the page gave none. ``reason`` says why there is no date, or which flag it carries.
    """

    instant: datetime | None
    local_day: date | None
    zone: str | None
    origin: DateOrigin | None
    raw: str | None
    reason: str | None = None


UNDATED = DateReading(None, None, None, None, None, "no_date_declared")


@dataclass(frozen=True, slots=True)
class Dateline:
    """The opening of an agency text: ``DEIR EZ-ZOR, Syria (North Press) –``. Offsets are into the text."""

    place: str
    agency: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    r"""One version of one article.

    ``text`` is NFC with ``\n`` between paragraphs; every later offset counts its characters.
    ``fingerprint`` is a MinHash signature over word shingles (``tasks/text/copies/fingerprint.py``).
    ``wire_agency`` is the news agency the text is credited to. ``corrected_on`` is the day of the correction or
    retraction and ``corrected_from`` where that day was read (``note``, ``modified``).
    ``page_starts`` are the offsets at which the pages of a PDF begin; empty for other documents.
    ``reused_on`` is set if the address told another story before: the day this one was published.
    """

    page: FetchedPage
    source_id: str
    canonical_url: str
    title: str | None
    text: str
    language: str
    authors: tuple[str, ...]
    publisher: str | None
    section: str | None
    published: DateReading
    modified: DateReading
    dateline: Dateline | None
    completeness: Completeness
    correction_note: str | None
    fingerprint: tuple[int, ...]
    extractor: str
    extractor_version: str
    reused_on: date | None = None
    wire_agency: str | None = None
    corrected_on: date | None = None
    corrected_from: str | None = None
    page_starts: tuple[int, ...] = ()

    @property
    def article_id(self) -> str:
        """Keyed by source and canonical URL; of an address used again, by the day of the story too."""
        if self.reused_on is None:
            return row_id("art", self.source_id, self.canonical_url)
        return row_id("art", self.source_id, self.canonical_url, self.reused_on)

    @property
    def content_sha256(self) -> str:
        """Of title and text: what makes a version another version."""
        return text_sha256([self.title or "", self.text])

    @property
    def version_id(self) -> str:
        """Keyed by article and content."""
        return row_id("ver", self.article_id, self.content_sha256)
