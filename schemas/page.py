"""A fetched page: the bytes, and where they are kept."""

from dataclasses import dataclass
from datetime import datetime

from schemas.fetch import Fetch
from schemas.keys import row_id


@dataclass(frozen=True, slots=True)
class Capture:
    """Raw bytes of one URL, kept before anything parses them (WARC 1.1, a gzip member a record).

    ``sha256`` is of the decoded body. ``warc_file`` is relative to the captures folder; ``warc_offset``
    and ``warc_length`` are in bytes and select the one gzip member that holds the response.

    Bytes taken over from somebody else's archive name it (``archive``, and ``archive_record`` in it) and keep its own
    capture time, ``archived_at``; ``captured_at`` is always when we took them. ``archive_check`` tells, in
    words, whether the digest it states is that of these bytes.
    """

    url: str
    sha256: str
    byte_length: int
    content_type: str | None
    captured_at: datetime
    run_id: str
    warc_file: str
    warc_offset: int
    warc_length: int
    archive: str | None = None
    archive_record: str | None = None
    archived_at: datetime | None = None
    archive_check: str | None = None

    @property
    def capture_id(self) -> str:
        """Keyed by canonical URL and content: the same bytes of a URL are one capture."""
        return row_id("cap", self.url, self.sha256)

    @property
    def seen_at(self) -> datetime:
        """When the page stood like this on the web: the archive's time if there is one, else ours."""
        return self.archived_at or self.captured_at


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page on its way to be cleaned. The body stays in the archive: what is parsed is what was kept."""

    fetch: Fetch
    capture: Capture
