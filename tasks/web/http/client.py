"""The guarded client: the only place that talks to the network, and no exception leaves it."""

import contextlib
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import requests

from schemas.outcome import Reason
from schemas.settings import Settings
from tasks.web.http.address import Resolver, find_target, system_resolver
from tasks.web.http.codings import read_coded
from tasks.web.http.decode import ACCEPT_ENCODING, ASKED_AGAIN, Body, read_body
from tasks.web.http.failures import above, fault_of
from tasks.web.http.framing import declared_length, header_lines, is_framed, unclear_framing
from tasks.web.http.request_policy import OpenPolicy, RequestPolicy
from tasks.web.http.response import FetchError, Hop, Response
from tasks.web.http.transport import Dial, PinnedAdapter
from tasks.web.http.validators import has_come, http_date
from tasks.web.urls.canonical import MAX_URL_LENGTH, ascii_host

ReadBody = Callable[[Iterable[bytes], str | None, int, bool], Body | FetchError]
_REDIRECTS = {301, 302, 303, 307, 308}
#: Statuses whose body may be a page; of all others the body is not even read.
_WITH_BODY = {200, 203, 206}
#: A part, which has a body of use if it was asked for.
_PART, _RANGE = 206, "Range"
#: Worth another try: RFC 9110 15.6, and what proxies and CDNs answer while their origin is away.
_PASSING_STATUSES = {408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524}
_PASSING_REASONS = {Reason.UNREACHABLE, Reason.TIMEOUT, Reason.TRUNCATED}
_DEFAULT_PORTS = {"http": 80, "https": 443}
#: "Go away", said to the visitor rather than about a page.
_BLOCKING = {401, 403, 407}
_CHUNK = 65_536
#: The header that answers, and the archives they are kept in, say nothing of.
_APART = "Authorization"
#: http.client takes 100 header lines of 64 KiB; the framing of an honest body takes less than the body.
_ROOM_FOR_HEADERS = 8 * 1024 * 1024
_WHOLE_SECONDS = re.compile(r"[+-]?\d{1,12}")
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
        gate: RequestPolicy | None = None,
        cut_at: int | None = None,
        authorization: str = "",
        begin: int | None = None,
    ) -> Response | FetchError:
        """GET a URL, following redirects, trying again after passing faults.

        ``etag`` and ``last_modified`` make the request conditional. ``cut_at`` stops the body at so many bytes and
        marks it cut; without it a body beyond ``settings.max_body_bytes`` is a fault. ``authorization`` is a header for
        the host asked and no other: no redirect is followed with it, and no answer tells of it. ``begin`` asks for the
        range of ``cut_at`` bytes from there on (206); who knows no ranges answers 200, and is cut.
        """
        gate = gate or OpenPolicy()
        asked_for = _validators(etag, last_modified) | ({_APART: authorization} if authorization else {})
        asked_for |= {_RANGE: f"bytes={begin}-{begin + cut_at - 1}"} if begin is not None and cut_at else {}
        for attempt in range(self._settings.retries + 1):
            result = self._follow(url, asked_for, gate, cut_at)
            fault = passing_fault(result)
            asked = _asked(result) or url
            if fault is None or attempt == self._settings.retries or not gate.pause(asked, attempt, fault):
                break
        gate.settle(asked, fault if fault is not None or isinstance(result, Response) else result)
        if isinstance(result, Response) and is_blocked(result):
            gate.pause(asked, 1, FetchError(Reason.BLOCKED, f"HTTP {result.status}"))  # ask the next page later
        return result

    def _follow(
        self, url: str, asked_for: Mapping[str, str], gate: RequestPolicy, cut_at: int | None
    ) -> Response | FetchError:
        """One try: the request and the redirects it leads through.

        Who answers in a coding that was not asked for is asked once more, for no coding at all.
        """
        hops: list[Hop] = []
        here, budget, coding = (
            url,
            self._settings.total_timeout,
            ASKED_AGAIN if _RANGE in asked_for else ACCEPT_ENCODING,
        )
        while True:
            with gate.turn(here) as refusal:
                if refusal is not None:
                    return _led_to(refusal, here, hops)
                started = time.monotonic()
                asked = {**asked_for, "Accept-Encoding": coding}
                result = self._exchange(here, asked, started + budget, cut_at, verify=gate.verifies(here))
                budget -= time.monotonic() - started
            result = replace(result, elapsed_ms=round((self._settings.total_timeout - budget) * 1000))
            if isinstance(result, FetchError) and result.reason is Reason.ENCODING and coding != ASKED_AGAIN:
                coding = ASKED_AGAIN
                continue
            if isinstance(result, FetchError):
                return _led_to(result, here, hops)
            follow = result.status in _REDIRECTS and _APART not in asked_for
            location = result.header("Location") if follow else None
            if location is None:
                return replace(result, url=url, hops=tuple(hops))
            hops.append(_hop(result))
            following = self._following(here, location, len(hops))
            if isinstance(following, FetchError):
                return _led_to(following, here, hops)
            here = following

    def _following(self, here: str, location: str, hops: int) -> str | FetchError:
        """Where a redirect leads, if one more may be followed."""
        if hops > self._settings.max_redirects:
            limit = above("max_redirects", self._settings.max_redirects, "a site that needs more goes in a circle")
            return FetchError(Reason.REDIRECTS, f"redirect after redirect: {limit}")
        return _resolve_location(here, location)

    def _exchange(
        self, url: str, asked: Mapping[str, str], deadline: float, cut_at: int | None, *, verify: bool
    ) -> Response | FetchError:
        """One request to one checked address."""
        place = place_of(url)
        if isinstance(place, FetchError):
            return place
        scheme, host, port = place
        within = min(self._settings.connect_timeout, deadline - time.monotonic())
        target = find_target(host, port, self._settings, self._resolve, within)
        if isinstance(target, FetchError):
            return target
        room = 2 * max(self._settings.max_body_bytes, cut_at or 0) + _ROOM_FOR_HEADERS
        dial = Dial(target, deadline, self._settings.connect_timeout, self._settings.read_timeout, room)
        adapter = PinnedAdapter(scheme, host, port, dial, verify)
        try:
            result = self._send(adapter, url, asked, cut_at, dial)
            return replace(result, verified=verify) if isinstance(result, Response) and scheme == "https" else result
        # The one broad edge: urllib3, http.client and requests let a dozen unrelated classes through for what a
        # server sends (ValueError, LocationParseError, IncompleteRead, UnicodeError), and all of them mean this.
        except Exception as error:  # noqa: BLE001
            return fault_of(error, time.monotonic() >= deadline, self._settings)
        finally:
            adapter.close()

    def _send(
        self, adapter: PinnedAdapter, url: str, asked: Mapping[str, str], cut_at: int | None, dial: Dial
    ) -> Response | FetchError:
        """Straight to the adapter: a session would take netrc, proxies and cookies from its surroundings, and would
        read and decode the body of a redirect even when told not to follow it.
        """
        headers = {
            "User-Agent": self._settings.user_agent,
            "Accept": _ACCEPT,
            "Connection": "close",
            **asked,
        }
        asked_at = datetime.now(UTC)
        request = requests.Request("GET", url, headers=headers).prepare()
        response = adapter.send(request, stream=True)
        try:
            if response.status_code == _PART and _RANGE not in asked:
                body: Body | FetchError = Body(b"", b"")
            else:
                read = read_coded if asked["Accept-Encoding"] == ASKED_AGAIN else read_body
                body = self._body(response, cut_at, read)
        finally:
            response.close()
        if isinstance(body, FetchError):
            return body
        sent = tuple((str(name), str(value)) for name, value in request.headers.items() if name != _APART)
        return Response(
            url=url,
            final_url=url,
            status=response.status_code,
            phrase=response.reason or "",
            headers=header_lines(response),
            request_headers=(("Host", urlsplit(request.url or url).netloc), *sent),
            body=body.decoded,
            raw=body.raw,
            requested_at=asked_at,
            address=dial.peer,
            cut=body.cut,
            framed=is_framed(response),
        )

    def _body(self, response: requests.Response, cut_at: int | None, read: ReadBody) -> Body | FetchError:
        if response.status_code not in _WITH_BODY:
            return Body(b"", b"")
        limit = cut_at if cut_at is not None else self._settings.max_body_bytes
        unclear = unclear_framing(response)
        if unclear is not None:
            return unclear
        declared = declared_length(response)
        if cut_at is None and declared is not None and declared > limit:
            return FetchError(Reason.TOO_LARGE, f"{declared} bytes announced: {above('max_body_bytes', limit)}")
        return read(_chunks(response), response.headers.get("Content-Encoding"), limit, cut_at is not None)


def passing_fault(result: Response | FetchError) -> FetchError | None:
    """The fault in a result that another try, now or another day, may mend; ``None`` where there is none."""
    if isinstance(result, FetchError):
        return result if result.again and result.reason in _PASSING_REASONS else None
    if result.status not in _PASSING_STATUSES:
        return None
    reason = Reason.RATE_LIMITED if result.status == 429 else Reason.SERVER_ERROR
    return FetchError(reason, f"HTTP {result.status}", retry_after(result.header("Retry-After"), result.requested_at))


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds of a ``Retry-After`` header (RFC 9110 10.2.3): between 0 and one day; ``None`` for what is none.

    >>> now = datetime(2024, 1, 1, tzinfo=UTC)
    >>> [retry_after(v, now) for v in ("120", "-5", "99999999", "soon", "Mon, 01 Jan 2024 00:01:00 GMT")]
    [120.0, 0.0, 86400.0, None, 60.0]
    """
    if value is None:
        return None
    if _WHOLE_SECONDS.fullmatch(value.strip()):
        seconds = float(value)
    else:
        when = http_date(value)
        if when is None:
            return None
        seconds = (when - now).total_seconds()
    return min(max(seconds, 0.0), _DAY_SECONDS)


def is_blocked(answer: Response) -> bool:
    """Whether the host turns us, rather than the page, away (Cloudflare says so in ``cf-mitigated``)."""
    return answer.status in _BLOCKING or answer.header("cf-mitigated") is not None


def _chunks(response: requests.Response) -> Iterator[bytes]:
    """The body as sent, without transfer coding. Raises what urllib3 raises."""
    yield from response.raw.stream(_CHUNK, decode_content=False)


def _validators(etag: str | None, last_modified: str | None) -> dict[str, str]:
    since = last_modified if last_modified and has_come(last_modified, datetime.now(UTC)) else None
    pairs = (("If-None-Match", etag), ("If-Modified-Since", since))
    return {name: value for name, value in pairs if value and value.isprintable() and value.isascii()}


def place_of(url: str) -> tuple[str, str, int] | FetchError:
    """Scheme, host in A-label form and port of a URL that may be asked for."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return FetchError(Reason.PROTOCOL, f"not a URL: {error}")
    if parts.scheme not in _DEFAULT_PORTS:
        return FetchError(Reason.SCHEME, f"{parts.scheme or 'no scheme'}: only http and https")
    host = ascii_host(parts.hostname or "")
    if not host or parts.username is not None or len(url) > MAX_URL_LENGTH:
        return FetchError(Reason.PROTOCOL, "a URL without a host, with credentials in it, or over-long")
    return parts.scheme, host, _DEFAULT_PORTS[parts.scheme] if port is None else port


def _resolve_location(here: str, location: str) -> str | FetchError:
    """Where a ``Location`` leads. Servers send UTF-8 in it, which http.client reads as Latin-1."""
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        return urljoin(here, location.strip())
    except ValueError:
        return FetchError(Reason.PROTOCOL, f"Location leads nowhere: {location[:200]!r}")


def _hop(answer: Response) -> Hop:
    return Hop(
        url=answer.url,
        status=answer.status,
        phrase=answer.phrase,
        headers=answer.headers,
        request_headers=answer.request_headers,
        requested_at=answer.requested_at,
        address=answer.address,
    )


def _led_to(fault: FetchError, here: str, hops: list[Hop]) -> FetchError:
    """The fault, with the address it was met at and the chain of redirects that led there."""
    chain = [hop.url for hop in hops[1:]]
    if hops and here != hops[-1].url:
        chain.append(here)
    detail = f"{fault.detail}; redirected to {' -> '.join(chain)}" if chain else fault.detail
    return replace(fault, detail=detail, at=here, hops=tuple(hops))


def _asked(result: Response | FetchError) -> str:
    """The address whose host gave, or did not give, the answer."""
    return result.final_url if isinstance(result, Response) else result.at
