"""The guarded client: the only place that talks to the network, and no exception leaves it."""

import contextlib
import http.client
import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import requests
import urllib3.exceptions as u3

from schemas.outcome import Reason
from schemas.settings import Settings
from tasks.web.address import Resolver, find_target, system_resolver
from tasks.web.answer import Answer, Fault, Headers
from tasks.web.decode import ACCEPT_ENCODING, Body, read_body
from tasks.web.gate import Gate, OpenGate
from tasks.web.transport import Dial, PinnedAdapter
from tasks.web.urls import MAX_URL_LENGTH, ascii_host

_REDIRECTS = {301, 302, 303, 307, 308}
#: Statuses whose body may be a page; of all others the body is not even read.
_WITH_BODY = {200, 203}
#: Worth another try: RFC 9110 15.6, and what proxies and CDNs answer while their origin is away.
_PASSING_STATUSES = {408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524}
_PASSING_REASONS = {Reason.UNREACHABLE, Reason.TIMEOUT, Reason.TRUNCATED}
_DEFAULT_PORTS = {"http": 80, "https": 443}
_CHUNK = 65_536
_DAY_SECONDS = 86_400.0
_ACCEPT = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.5"


class Client:
    """Asks for URLs within the limits of the settings. Holds no connection and no cookie: safe to share by threads.

    The time limit covers redirects, headers and body, not the waiting at the gate.
    """

    def __init__(self, settings: Settings, resolve: Resolver = system_resolver) -> None:
        self._settings = settings
        self._resolve = resolve

    def get(
        self,
        url: str,
        etag: str | None = None,
        last_modified: str | None = None,
        *,
        gate: Gate | None = None,
        cut_at: int | None = None,
    ) -> Answer | Fault:
        """GET a URL, following redirects, trying again after passing faults.

        ``etag`` and ``last_modified`` make the request conditional. ``cut_at`` stops the body at so many bytes and
        marks it cut; without it a body beyond ``settings.max_body_bytes`` is a fault.
        """
        gate = gate or OpenGate()
        validators = _validators(etag, last_modified)
        for attempt in range(self._settings.retries + 1):
            result = self._follow(url, validators, gate, cut_at)
            fault = passing_fault(result)
            if fault is None or attempt == self._settings.retries or not gate.pause(url, attempt, fault):
                break
        gate.settle(url, fault if fault is not None or isinstance(result, Answer) else result)
        return result

    def _follow(self, url: str, validators: Mapping[str, str], gate: Gate, cut_at: int | None) -> Answer | Fault:
        """One try: the request and the redirects it leads through."""
        hops: list[str] = []
        budget = self._settings.total_timeout
        while True:
            here = hops[-1] if hops else url
            with gate.turn(here) as refusal:
                if refusal is not None:
                    return _seen(refusal, hops)
                started = time.monotonic()
                result = self._exchange(here, validators, started + budget, cut_at)
                budget -= time.monotonic() - started
            result = replace(result, elapsed_ms=round((self._settings.total_timeout - budget) * 1000))
            if isinstance(result, Fault):
                return _seen(result, hops)
            location = result.header("Location") if result.status in _REDIRECTS else None
            if location is None:
                return _led_by(result, url, hops)
            if len(hops) == self._settings.max_redirects:
                return _seen(Fault(Reason.REDIRECTS, f"more than {len(hops)} (FIRSTDRAFT_MAX_REDIRECTS)"), hops)
            following = _resolve_location(here, location)
            if isinstance(following, Fault):
                return _seen(following, hops)
            hops.append(following)

    def _exchange(self, url: str, validators: Mapping[str, str], deadline: float, cut_at: int | None) -> Answer | Fault:
        """One request to one checked address."""
        place = _place(url)
        if isinstance(place, Fault):
            return place
        scheme, host, port = place
        within = min(self._settings.connect_timeout, deadline - time.monotonic())
        target = find_target(host, port, self._settings, self._resolve, within)
        if isinstance(target, Fault):
            return target
        dial = Dial(target, deadline, self._settings.connect_timeout, self._settings.read_timeout)
        adapter = PinnedAdapter(scheme, host, port, dial)
        try:
            return self._send(adapter, url, validators, cut_at, dial)
        # The one broad edge: urllib3, http.client and requests let a dozen unrelated classes through for what a
        # server sends (ValueError, LocationParseError, IncompleteRead, UnicodeError), and all of them mean this.
        except Exception as error:  # noqa: BLE001
            return _fault_of(error, late=time.monotonic() >= deadline)
        finally:
            adapter.close()

    def _send(
        self, adapter: PinnedAdapter, url: str, validators: Mapping[str, str], cut_at: int | None, dial: Dial
    ) -> Answer | Fault:
        """Straight to the adapter: a session would take netrc, proxies and cookies from its surroundings, and would
        read and decode the body of a redirect even when told not to follow it.
        """
        headers = {
            "User-Agent": self._settings.user_agent,
            "Accept": _ACCEPT,
            "Accept-Encoding": ACCEPT_ENCODING,
            "Connection": "close",
            **validators,
        }
        asked_at = datetime.now(UTC)
        request = requests.Request("GET", url, headers=headers).prepare()
        response = adapter.send(request, stream=True)
        try:
            body = self._body(response, cut_at)
        finally:
            response.close()
        if isinstance(body, Fault):
            return body
        sent = tuple((str(name), str(value)) for name, value in request.headers.items())
        return Answer(
            url=url,
            final_url=url,
            status=response.status_code,
            phrase=response.reason or "",
            headers=_headers(response),
            request_headers=(("Host", urlsplit(request.url or url).netloc), *sent),
            body=body.decoded,
            raw=body.raw,
            requested_at=asked_at,
            address=dial.peer,
            cut=body.cut,
        )

    def _body(self, response: requests.Response, cut_at: int | None) -> Body | Fault:
        if response.status_code not in _WITH_BODY:
            return Body(b"", b"")
        limit = cut_at if cut_at is not None else self._settings.max_body_bytes
        declared = response.headers.get("Content-Length", "")
        if cut_at is None and declared.isdigit() and int(declared) > limit:
            return Fault(Reason.TOO_LARGE, f"{declared} bytes announced, {limit} allowed (FIRSTDRAFT_MAX_BODY_BYTES)")
        return read_body(_chunks(response), response.headers.get("Content-Encoding"), limit, may_cut=cut_at is not None)


def passing_fault(result: Answer | Fault) -> Fault | None:
    """The fault in a result that another try, now or another day, may mend; ``None`` where there is none."""
    if isinstance(result, Fault):
        return result if result.again and result.reason in _PASSING_REASONS else None
    if result.status not in _PASSING_STATUSES:
        return None
    reason = Reason.RATE_LIMITED if result.status == 429 else Reason.SERVER_ERROR
    return Fault(reason, f"HTTP {result.status}", retry_after(result.header("Retry-After"), result.requested_at))


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds of a ``Retry-After`` header (RFC 9110 10.2.3): between 0 and one day; ``None`` for what is none.

    >>> now = datetime(2024, 1, 1, tzinfo=UTC)
    >>> [retry_after(v, now) for v in ("120", "-5", "99999999", "soon", "Mon, 01 Jan 2024 00:01:00 GMT")]
    [120.0, 0.0, 86400.0, None, 60.0]
    """
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            when = parsedate_to_datetime(value)
        except (ValueError, OverflowError):
            return None
        seconds = (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() - now.timestamp()
    return min(max(seconds, 0.0), _DAY_SECONDS) if math.isfinite(seconds) else None


def _chunks(response: requests.Response) -> Iterator[bytes]:
    """The body as sent, without transfer coding. Raises what urllib3 raises."""
    yield from response.raw.stream(_CHUNK, decode_content=False)


def _validators(etag: str | None, last_modified: str | None) -> dict[str, str]:
    pairs = (("If-None-Match", etag), ("If-Modified-Since", last_modified))
    return {name: value for name, value in pairs if value and value.isprintable() and value.isascii()}


def _place(url: str) -> tuple[str, str, int] | Fault:
    """Scheme, host in A-label form and port of a URL that may be asked for."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return Fault(Reason.PROTOCOL, f"not a URL: {error}")
    if parts.scheme not in _DEFAULT_PORTS:
        return Fault(Reason.SCHEME, f"{parts.scheme or 'no scheme'}: only http and https")
    host = ascii_host(parts.hostname or "")
    if not host or parts.username is not None or len(url) > MAX_URL_LENGTH:
        return Fault(Reason.PROTOCOL, "a URL without a host, with credentials in it, or over-long")
    return parts.scheme, host, _DEFAULT_PORTS[parts.scheme] if port is None else port


def _resolve_location(here: str, location: str) -> str | Fault:
    """Where a ``Location`` leads. Servers send UTF-8 in it, which http.client reads as Latin-1."""
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        return urljoin(here, location.strip())
    except ValueError:
        return Fault(Reason.PROTOCOL, f"Location leads nowhere: {location[:200]!r}")


def _headers(response: requests.Response) -> Headers:
    """Header lines as they came, repeated names included, without line breaks inside a value."""
    items = response.raw.headers.items() if response.raw is not None else response.headers.items()
    return tuple((str(name), " ".join(str(value).split())) for name, value in items)


def _seen(fault: Fault, hops: list[str]) -> Fault:
    """The fault, with the chain of redirects that led to it."""
    detail = f"{fault.detail}; redirected to {' -> '.join(hops)}" if hops else fault.detail
    return replace(fault, detail=detail)


def _led_by(answer: Answer, url: str, hops: list[str]) -> Answer:
    return replace(answer, url=url, redirects=(url, *hops[:-1])) if hops else answer


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and what it wraps: by ``raise from``, and as requests and urllib3 do, in ``args`` or ``reason``."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]


def _fault_of(error: Exception, late: bool) -> Fault:
    """What an exception of the libraries below means."""
    if late:
        return Fault(Reason.TOTAL_TIMEOUT, "the whole time for one page was over (FIRSTDRAFT_TOTAL_TIMEOUT)")
    causes = list(_causes(error))
    detail = f"{type(causes[-1]).__name__}: {causes[-1]}"[:300]
    for reason, again, classes in _MEANINGS:
        if any(isinstance(cause, classes) for cause in causes):
            return Fault(reason, detail, again=again)
    return Fault(Reason.PROTOCOL, detail)


#: Reason, and whether another try may help; in order: the first line that names a class among the causes decides.
_MEANINGS: tuple[tuple[Reason, bool, tuple[type[BaseException], ...]], ...] = (
    (Reason.TLS, False, (requests.exceptions.SSLError, u3.SSLError)),
    (Reason.UNREACHABLE, False, (u3.NewConnectionError,)),
    (Reason.UNREACHABLE, True, (http.client.RemoteDisconnected,)),
    (Reason.TIMEOUT, True, (requests.exceptions.Timeout, u3.TimeoutError, TimeoutError)),
    (Reason.PROTOCOL, False, (http.client.LineTooLong, http.client.BadStatusLine, u3.InvalidHeader)),
    (Reason.TRUNCATED, True, (u3.IncompleteRead, http.client.IncompleteRead, u3.InvalidChunkLength)),
    (Reason.UNREACHABLE, True, (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)),
)
