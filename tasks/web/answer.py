"""What asking for a URL ends in: an answer of the server, or a fault with its reason."""

from dataclasses import dataclass
from datetime import datetime

from schemas.outcome import Reason

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer, whatever its status.

    ``raw`` is the body as the server sent it (content-encoded, without transfer coding), ``body`` the same decoded;
    both are empty unless the status is one that may carry a page. ``redirects`` are the URLs that led here, in order.
    ``cut`` says that the body was stopped at the caller's limit. ``address`` is the one that was connected to.
    ``elapsed_ms`` is the time spent asking, redirects included, turns and pauses not (monotonic clock).
    """

    url: str
    final_url: str
    status: int
    phrase: str
    headers: Headers
    request_headers: Headers
    body: bytes
    raw: bytes
    requested_at: datetime
    address: str
    redirects: tuple[str, ...] = ()
    cut: bool = False
    elapsed_ms: int = 0

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    @property
    def media_type(self) -> str | None:
        """The media type without parameters, in lower case."""
        declared = self.header("Content-Type")
        return declared.partition(";")[0].strip().lower() or None if declared else None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why there is no answer.

    ``detail`` is for people; ``retry_after`` is in seconds, where somebody named a time. ``again`` is false where
    asking again within the minute would change nothing: the name does not resolve, the host refuses, we may not ask.
    """

    reason: Reason
    detail: str
    retry_after: float | None = None
    again: bool = True
    elapsed_ms: int = 0
