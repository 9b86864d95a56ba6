"""The result of a request: a response of the server, or an error with its reason."""

from dataclasses import dataclass
from datetime import datetime

from schemas.outcome import Reason

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect before a response: the URL that was requested, and status and headers of the redirect.

    Its body is never read. ``requested_at`` is an aware UTC instant, ``address`` the one that was connected to.
    """

    url: str
    status: int
    phrase: str
    headers: Headers
    request_headers: Headers
    requested_at: datetime
    address: str


@dataclass(frozen=True, slots=True)
class Response:
    """A complete response, with any status.

    ``raw`` is the body as the server sent it (content-encoded, without transfer coding), ``body`` the same decoded;
    both are empty unless the status is one that may carry a page. ``hops`` are the redirects that led here, in order.
    ``cut`` says that the body was stopped at the caller's limit. ``address`` is the one that was connected to.
    ``elapsed_ms`` is the time spent asking, redirects included, turns and pauses not (monotonic clock).
    ``verified`` says whether the host's certificate was checked, ``None`` where the answer did not come by TLS.
    ``framed`` is false where nothing but the end of the connection told where the body ends (RFC 9112 6.3).
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
    hops: tuple[Hop, ...] = ()
    cut: bool = False
    elapsed_ms: int = 0
    verified: bool | None = None
    framed: bool = True

    @property
    def redirects(self) -> tuple[str, ...]:
        """The URLs passed on the way, in order."""
        return tuple(hop.url for hop in self.hops)

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        return next(iter(self.all_headers(name)), None)

    def all_headers(self, name: str) -> tuple[str, ...]:
        """Every header of that name, whatever its case, in order."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)

    @property
    def conditional(self) -> bool:
        """Whether it answers a conditional request (RFC 9110 13): only then does 304 say anything."""
        return any(name.lower() in {"if-none-match", "if-modified-since"} for name, _ in self.request_headers)

    @property
    def media_type(self) -> str | None:
        """The media type without parameters, in lower case."""
        declared = self.header("Content-Type")
        return declared.partition(";")[0].strip().lower() or None if declared else None


@dataclass(frozen=True, slots=True)
class FetchError:
    """Why there is no response.

    ``detail`` is for people; ``retry_after`` is in seconds, where somebody named a time. ``again`` is false where
    asking again within the minute would change nothing: the name does not resolve, the host refuses, we may not ask.
    ``at`` is the URL that was asked for when it was met, ``hops`` are the redirects passed before.
    """

    reason: Reason
    detail: str
    retry_after: float | None = None
    again: bool = True
    elapsed_ms: int = 0
    at: str = ""
    hops: tuple[Hop, ...] = ()
