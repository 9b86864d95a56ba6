"""How an item ended, and the batches that carry items and endings through the stages."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from schemas.fetch import Fetch
from schemas.page import Capture


class Stage(StrEnum):
    """The stage that settled an item."""

    DISCOVER = "discover"
    FETCH = "fetch"
    CLEAN = "clean"
    EXTRACT = "extract"
    LOAD = "load"


class Outcome(StrEnum):
    """The one end of every discovered item of a run: ``discovered = sum of outcomes``."""

    STORED = "stored"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    QUARANTINED = "quarantined"
    TOMBSTONE = "tombstone"


class Reason(StrEnum):
    """Why an item was not stored. Reports group by these words, so they change only by a migration."""

    # discover
    OUT_OF_WINDOW = "out_of_window"
    URL = "url"
    OFFSITE = "offsite"
    ENTRY = "entry"
    OVER_LINKS = "over_links"
    OVER_SHARE = "over_share"
    NOT_ASKED = "not_asked"
    # fetch
    ROBOTS = "robots"
    ROBOTS_UNREACHABLE = "robots_unreachable"
    SCHEME = "scheme"
    ADDRESS = "address"
    PORT = "port"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    TOTAL_TIMEOUT = "total_timeout"
    TLS = "tls"
    REDIRECTS = "redirects"
    TOO_LARGE = "too_large"
    PROTOCOL = "protocol"
    TRUNCATED = "truncated"
    ENCODING = "encoding"
    EMPTY = "empty"
    MEDIA_TYPE = "media_type"
    HTTP_STATUS = "http_status"
    BLOCKED = "blocked"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    NOT_FOUND = "not_found"
    GONE = "gone"
    LEGAL = "legal"
    SUPPRESSED = "suppressed"
    RESERVED = "reserved"
    HELD = "held"
    SAME_URL = "same_url"
    NOT_MODIFIED = "not_modified"
    SAME_BYTES = "same_bytes"
    OVER_TIME = "over_time"
    FETCH_FAILED = "fetch_failed"
    # clean
    CAPTURE_DAMAGED = "capture_damaged"
    COOKIE_WALL = "cookie_wall"
    BOT_CHALLENGE = "bot_challenge"
    LOGIN = "login"
    SOFT_404 = "soft_404"
    INDEX_PAGE = "index_page"
    TOO_SHORT = "too_short"
    NO_TEXT = "no_text"
    SCANNED = "scanned"
    SAME_TEXT = "same_text"
    LANGUAGE = "language"
    EXTRACT_FAILED = "extract_failed"
    EXTRACT_TIMEOUT = "extract_timeout"
    EXTRACT_MEMORY = "extract_memory"
    # extract
    CODER_FAILED = "coder_failed"
    CODER_TIMEOUT = "coder_timeout"
    CODER_MEMORY = "coder_memory"
    # load
    LOAD_FAILED = "load_failed"


#: Why a page that is kept was not read to its end: what failed, or ran out, was on our side, so it is read again. What
#: depends on time or luck is told to the ledger, or a rebuild would come to another state.
UNREAD = frozenset(
    {
        Reason.EXTRACT_FAILED,
        Reason.EXTRACT_TIMEOUT,
        Reason.EXTRACT_MEMORY,
        Reason.CODER_FAILED,
        Reason.CODER_TIMEOUT,
        Reason.CODER_MEMORY,
        Reason.LOAD_FAILED,
        Reason.OVER_TIME,
    }
)


@dataclass(frozen=True, slots=True)
class Settled:
    """An item that ended before the load stage, with where and why.

    ``detail`` is for people: what was seen (a status, a matched phrase, a limit), never a stack trace.
    ``capture`` is set if bytes were kept before the item ended, so that they stay known and traceable.
    """

    fetch: Fetch
    stage: Stage
    outcome: Outcome
    reason: Reason
    detail: str = ""
    capture: Capture | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something was not made into what the next stage takes: the ending an item gets, without the item.

    ``outcome`` is ``rejected`` if it is not what we look for, ``quarantined`` if we could not read it.
    """

    outcome: Outcome
    reason: Reason
    detail: str = ""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Batch(Generic[T]):
    """Items of one source on their way through the stages, and those that ended on the way.

    ``len(batch)`` never changes from discovery to load: a stage turns an item into another or settles it.
    """

    source_id: str
    number: int
    items: tuple[T, ...]
    settled: tuple[Settled, ...] = ()

    def __len__(self) -> int:
        return len(self.items) + len(self.settled)

    def outcomes(self) -> Counter[Outcome]:
        """How many items ended in which outcome; items still under way are not counted."""
        return Counter(item.outcome for item in self.settled)
