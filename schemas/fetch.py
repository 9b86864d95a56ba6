"""A fetch: one attempt to get a link, in one run."""

from dataclasses import dataclass
from datetime import datetime

from schemas.keys import row_id
from schemas.link import Link


@dataclass(frozen=True, slots=True)
class Fetch:
    """What was asked and what came back, without the body.

    ``requested_at`` is an aware UTC instant; ``elapsed_ms`` comes from a monotonic clock.
    ``status`` is ``None`` if no answer came or nothing was asked (robots, window, suppression).
    ``tls`` is ``verified`` or ``unverified``, ``None`` if the answer did not come by TLS. ``robots_tag`` and
    ``tdm_reservation`` are what the answer said of its reuse, in its headers or its ``<meta>`` elements.
    ``maybe_truncated`` says that nothing told where the body ends, and that no ``</html>`` did.
    ``deferred_until`` is the aware UTC instant before which a deferred link is not asked again, if one was named.
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
    tls: str | None = None
    robots_tag: str | None = None
    tdm_reservation: str | None = None
    maybe_truncated: bool = False
    deferred_until: datetime | None = None

    @property
    def fetch_id(self) -> str:
        """Keyed by run and link: a link has one fetch a run."""
        return row_id("fet", self.run_id, self.link.link_id)


@dataclass(frozen=True, slots=True)
class KnownPage:
    """What the warehouse holds of a canonical URL: the validators and the hash of the last capture.

    ``tombstone`` is the status that said the page is gone (404, 410, 451), while that stands.
    """

    canonical_url: str
    capture_id: str
    sha256: str
    etag: str | None
    last_modified: str | None
    tombstone: int | None = None
