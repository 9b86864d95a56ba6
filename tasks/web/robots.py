"""robots.txt as RFC 9309 has it, with protego for the rules themselves."""

import logging
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from protego import Protego

from schemas.outcome import Reason
from schemas.settings import Settings
from tasks.web.answer import Answer, Fault
from tasks.web.client import Client, passing_fault
from tasks.web.gate import Gate

log = logging.getLogger("firstdraft.web")

#: RFC 9309 2.5: parse at least the first 500 KiB.
PARSE_LIMIT = 500 * 1024
#: RFC 9309 2.4: no cached copy beyond 24 hours. What could not be read is asked for again after ten minutes.
_KEEP_SECONDS = 24 * 3600.0
_KEEP_FAILED_SECONDS = 600.0
#: RFC 9309 2.3.1.2: follow at least five redirects; only beyond them may a robots.txt count as unavailable.
_LEAST_REDIRECTS = 5
#: 200 and 203 have a body to parse, 204 and 205 have none by their nature. Other 2xx (202 of a bot challenge, 206) have
#: rules that nobody has read.
_WITH_RULES = {200, 203, 204, 205}
#: RFC 9309 2.2.1: the product token is what counts in ``User-agent: firstdraft/1.0``, which protego takes whole.
_VERSIONED = re.compile(r"^([ \t]*user-?agent[ \t]*:[ \t]*[a-z_-]+)/[^\r\n#]*", re.IGNORECASE | re.MULTILINE)
#: The page's own request would meet the same wall, so it is the page's own reason.
_SAME_WALL = {Reason.ADDRESS, Reason.PORT, Reason.SCHEME, Reason.TLS}


@dataclass(frozen=True, slots=True)
class _Rules:
    """What one origin's robots.txt said: rules, or why none could be had."""

    parsed: Protego | Fault
    expires: float


class Robots:
    """May this URL be asked for, and how often: one robots.txt for each scheme, host and port."""

    def __init__(
        self,
        client: Client,
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
        keep: Callable[[Answer | Fault], None] = lambda _: None,
    ) -> None:
        self._client = client
        self._agent = settings.user_agent.partition("/")[0]
        self._longest = settings.max_delay_seconds
        self._few_redirects = settings.max_redirects < _LEAST_REDIRECTS
        self._clock = clock
        self._keep = keep
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._rules: dict[str, _Rules] = {}

    def permit(self, url: str, gate: Gate) -> float | Fault:
        """Seconds between two requests that robots.txt asks for (0: none named), or why the URL is not to be asked.

        ``gate`` is the one to fetch robots.txt through; it must not ask for permission itself.
        """
        parsed = self._of(_origin(url), gate)
        if isinstance(parsed, Fault):
            return parsed
        if not parsed.can_fetch(url, self._agent):
            return Fault(Reason.ROBOTS, "disallowed by robots.txt")
        delay, directive = _longest_delay(parsed, self._agent)
        if delay > self._longest:
            return Fault(
                Reason.RATE_LIMITED,
                f"robots.txt asks for {delay:g} s between two requests ({directive}), above the {self._longest:g} s "
                "of FIRSTDRAFT_MAX_DELAY_SECONDS: raise it, or leave this source out",
            )
        return delay

    def _of(self, origin: str, gate: Gate) -> Protego | Fault:
        with self._guard:
            lock = self._locks.setdefault(origin, threading.Lock())
        with lock:
            rules = self._rules.get(origin)
            if rules is None or rules.expires <= self._clock():
                parsed = self._read(origin, gate)
                keep = _KEEP_FAILED_SECONDS if isinstance(parsed, Fault) else _KEEP_SECONDS
                rules = self._rules[origin] = _Rules(parsed, self._clock() + keep)
            return rules.parsed

    def _read(self, origin: str, gate: Gate) -> Protego | Fault:
        result = self._client.get(f"{origin}/robots.txt", gate=gate, cut_at=PARSE_LIMIT)
        self._keep(result)
        if isinstance(result, Answer) and result.cut:
            log.warning("%s/robots.txt is longer than %d KiB; rules beyond are not read", origin, PARSE_LIMIT // 1024)
        if self._few_redirects and isinstance(result, Fault) and result.reason is Reason.REDIRECTS:
            return Fault(Reason.ROBOTS_UNREACHABLE, f"robots.txt: {result.detail}; RFC 9309 wants five followed")
        return read_robots(result)


def read_robots(result: Answer | Fault) -> Protego | Fault:
    """The rules in an answer (RFC 9309 2.3.1): what is absent allows all, what cannot be reached forbids all."""
    if isinstance(result, Fault):
        if result.reason is Reason.REDIRECTS:  # 2.3.1.2: too many redirections count as unavailable
            return Protego.parse("")
        if result.reason in _SAME_WALL:
            return result
        return Fault(Reason.ROBOTS_UNREACHABLE, f"robots.txt: {result.detail}", result.retry_after)
    if 400 <= result.status < 500 and passing_fault(result) is None:
        return Protego.parse("")
    if result.status not in _WITH_RULES:
        waited = passing_fault(result)
        after = waited.retry_after if waited else None
        return Fault(Reason.ROBOTS_UNREACHABLE, f"robots.txt: HTTP {result.status}", after)
    return Protego.parse(_text(result))


def _longest_delay(parsed: Protego, agent: str) -> tuple[float, str]:
    """Seconds between two requests, and the directive that asks for them: Crawl-delay, or Request-rate (5/1m: 12 s).

    What is no number of seconds (``-5``, ``nan``, ``inf``, ``soon``) asks for nothing; protego leaves it out.
    """
    rate = parsed.request_rate(agent)
    asked = (float(parsed.crawl_delay(agent) or 0.0), "Crawl-delay")
    return max(asked, (rate.seconds / rate.requests, "Request-rate")) if rate else asked


def _text(answer: Answer) -> str:
    """Without byte order mark and NULs, either of which hides the first group of rules from the parser.

    U+FFFD at the beginning is what a byte order mark of UTF-16 leaves; the NULs between its letters go too.
    """
    body = _whole_lines(answer.body) if answer.cut else answer.body
    text = body.replace(b"\0", b"").decode("utf-8", "replace").lstrip("\ufeff\ufffd")
    return _VERSIONED.sub(r"\1", text)


def _whole_lines(body: bytes) -> bytes:
    """Without the line that the limit cut through; ``Disallow: /private`` must not become ``Disallow: /``."""
    end = max(body.rfind(b"\n"), body.rfind(b"\r"))
    return body[: end + 1]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.lower(), "", "", ""))
