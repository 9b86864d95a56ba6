"""A fetch: one attempt to get a link, in one run."""

from dataclasses import dataclass
from datetime import datetime

from schemas.keys import row_id
from schemas.link import Link


@dataclass(frozen=True, slots=True)
class Fetch:
    """What was asked and what came back, without the body.

    ``requested_at`` is an aware UTC instant; ``elapsed_ms`` comes from a monotonic clock.
    ``status`` is ``None`` where no answer came or nothing was asked (robots, window, suppression).
    """

    run_id: str
    link: Link
    requested_at: datetime
    elapsed_ms: int = 0
    status: int | None = None
    final_url: str | None = None
    redirects: tuple[str, ...] = ()
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None

    @property
    def fetch_id(self) -> str:
        """Keyed by run and link: a link has one fetch a run."""
        return row_id("fet", self.run_id, self.link.link_id)


@dataclass(frozen=True, slots=True)
class KnownPage:
    """What the warehouse holds of a canonical URL: the validators and the hash of the last capture."""

    canonical_url: str
    capture_id: str
    sha256: str
    etag: str | None
    last_modified: str | None
