"""What an exception of the libraries below means, and what a message says where a limit was reached."""

import http.client
import ssl
from collections.abc import Iterator

import requests
import urllib3.exceptions as u3

from schemas.outcome import Reason
from schemas.settings import Settings
from tasks.web.http.response import FetchError


class FloodError(OSError):
    """More bytes came over a connection than any whole answer within the limits needs."""


def above(setting: str, limit: object, advice: str = "raise it if such pages are wanted") -> str:
    """Which limit, where it is set, and what to do.

    >>> above("max_redirects", 10)
    'over FIRSTDRAFT_MAX_REDIRECTS=10, set in the environment or .env; raise it if such pages are wanted'
    """
    return f"over FIRSTDRAFT_{setting.upper()}={limit}, set in the environment or .env; {advice}"


def fault_of(error: Exception, late: bool, settings: Settings) -> FetchError:
    """What an exception means; ``late`` says that the whole time of the request had passed."""
    causes = list(_causes(error))
    if late:
        limit = above("total_timeout", f"{settings.total_timeout:g}", "raise it if the site is honest but slow")
        return FetchError(Reason.TOTAL_TIMEOUT, f"no whole answer in time: {limit}")
    message = f"{type(causes[-1]).__name__}: {causes[-1]}"[:300]
    if any(type(cause) is u3.ProtocolError and "ended prematurely" in str(cause) for cause in causes):
        return FetchError(Reason.TRUNCATED, "the last chunk never came")  # urllib3 has no class of its own for this
    for reason, again, classes in _MEANINGS:
        if any(isinstance(cause, classes) for cause in causes):
            return FetchError(reason, _explained(reason, message, causes, settings), again=again)
    return FetchError(Reason.PROTOCOL, message)


def _explained(reason: Reason, message: str, causes: list[BaseException], settings: Settings) -> str:
    """The words of the exception, and of the limit that raised it where it was one."""
    slow = "raise it if the site is honest but slow"
    if reason is Reason.TIMEOUT:
        return f"nothing came: {above('read_timeout', f'{settings.read_timeout:g}', slow)} ({message})"
    if reason is Reason.UNREACHABLE and any(isinstance(cause, TimeoutError) for cause in causes):
        return f"no connection: {above('connect_timeout', f'{settings.connect_timeout:g}', slow)} ({message})"
    if reason is Reason.TOO_LARGE:
        return f"{causes[-1]}: {above('max_body_bytes', settings.max_body_bytes)}"
    if reason is Reason.TLS:
        return f"{message}; where nothing better can be had, say tls: unverified in the source's entry, and why"
    return message


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and what it wraps: by ``raise from``, and as requests and urllib3 do, in ``args`` or ``reason``."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop(0)
        if isinstance(cause, BaseException) and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            waiting += [*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__]


#: Reason, and whether another try may help; in order: the first line that names a class among the causes decides.
_MEANINGS: tuple[tuple[Reason, bool, tuple[type[BaseException], ...]], ...] = (
    (Reason.TOO_LARGE, False, (FloodError,)),
    (Reason.UNREACHABLE, True, (ssl.SSLEOFError, ssl.SSLZeroReturnError)),
    (Reason.TLS, False, (requests.exceptions.SSLError, u3.SSLError, ssl.SSLError)),
    (Reason.UNREACHABLE, False, (u3.NewConnectionError,)),
    (Reason.UNREACHABLE, True, (http.client.RemoteDisconnected,)),
    (Reason.TIMEOUT, True, (requests.exceptions.Timeout, u3.TimeoutError, TimeoutError)),
    (Reason.PROTOCOL, False, (http.client.LineTooLong, http.client.BadStatusLine, u3.InvalidHeader)),
    (Reason.TRUNCATED, True, (u3.IncompleteRead, http.client.IncompleteRead, u3.InvalidChunkLength)),
    (Reason.UNREACHABLE, True, (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)),
)
