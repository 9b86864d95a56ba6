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
from tasks.web.http.client import Client, passing_fault
from tasks.web.http.request_policy import RequestPolicy
from tasks.web.http.response import FetchError, Response

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
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|script|title)\b", re.IGNORECASE)
#: RFC 9309 2.2.1: the product token is what counts in ``User-agent: firstdraft/1.0``, which protego takes whole.
_VERSIONED = re.compile(r"^([ \t]*user-?agent[ \t]*:[ \t]*[a-z_-]+)/[^\r\n#]*", re.IGNORECASE | re.MULTILINE)
_AGENT = "firstdraft"
#: The lines that make a group: for whom it is, and what they may not do. Spelled as freely as protego reads them.
_AGENT_LINE = re.compile(r"[ \t]*user[ -]?agent\b", re.IGNORECASE)
_RULE_LINE = re.compile(r"[ \t]*(?:allow|diss?all?ow|disalow|diasllow|disallaw)\b", re.IGNORECASE)
#: Lines that say something outside of any group.
_OTHER_LINE = re.compile(r"[ \t]*(?:site-?maps?|host|clean-param|content-signal)\b", re.IGNORECASE)
#: The page's own request would meet the same wall, so it is the page's own reason.
_SAME_WALL = {Reason.ADDRESS, Reason.PORT, Reason.SCHEME, Reason.TLS}


@dataclass(frozen=True, slots=True)
class _Rules:
    """What one origin's robots.txt said: rules, or why none could be had."""

    parsed: Protego | FetchError
    expires: float
    odd: str = ""


class Robots:
    """May this URL be asked for, and how often: one robots.txt for each scheme, host and port."""

    def __init__(
        self,
        client: Client,
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
        keep: Callable[[Response | FetchError], None] = lambda _: None,
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

    def permit(self, url: str, gate: RequestPolicy) -> float | FetchError:
        """Seconds between two requests that robots.txt asks for (0: none named), or why the URL is not to be asked.

        ``gate`` is the one to fetch robots.txt through; it must not ask for permission itself.
        """
        parsed = self._of(_origin(url), gate)
        if isinstance(parsed, FetchError):
            return parsed
        if not parsed.can_fetch(url, self._agent):
            return FetchError(Reason.ROBOTS, "disallowed by robots.txt")
        delay, directive = _longest_delay(parsed, self._agent)
        if delay > self._longest:
            return FetchError(
                Reason.RATE_LIMITED,
                f"robots.txt asks for {delay:g} s between two requests ({directive}), above the {self._longest:g} s "
                "of FIRSTDRAFT_MAX_DELAY_SECONDS: raise it, or leave this source out",
            )
        return delay

    def oddities(self) -> dict[str, str]:
        """The address of every robots.txt read so far, and what stands there in its place; empty if it is one."""
        with self._guard:
            return {f"{origin}/robots.txt": rules.odd for origin, rules in self._rules.items()}

    def _of(self, origin: str, gate: RequestPolicy) -> Protego | FetchError:
        with self._guard:
            lock = self._locks.setdefault(origin, threading.Lock())
        with lock:
            rules = self._rules.get(origin)
            if rules is None or rules.expires <= self._clock():
                parsed, odd = self._read(origin, gate)
                keep = _KEEP_FAILED_SECONDS if isinstance(parsed, FetchError) else _KEEP_SECONDS
                rules = _Rules(parsed, self._clock() + keep, odd)
                with self._guard:
                    self._rules[origin] = rules
            return rules.parsed

    def _read(self, origin: str, gate: RequestPolicy) -> tuple[Protego | FetchError, str]:
        """The rules of one origin, and what its robots.txt is if it is none."""
        result = self._client.get(f"{origin}/robots.txt", gate=gate, cut_at=PARSE_LIMIT)
        self._keep(result)
        if isinstance(result, Response) and result.cut:
            log.warning("%s/robots.txt is longer than %d KiB; rules beyond are not read", origin, PARSE_LIMIT // 1024)
        if self._few_redirects and isinstance(result, FetchError) and result.reason is Reason.REDIRECTS:
            detail = f"robots.txt: {result.detail}; RFC 9309 wants five followed"
            return FetchError(Reason.ROBOTS_UNREACHABLE, detail), ""
        odd = what_else(result) if isinstance(result, Response) and result.status in _WITH_RULES else ""
        if odd:
            log.warning("%s/robots.txt: %s; it forbids nothing", origin, odd)
        return read_robots(result), odd


def read_robots(result: Response | FetchError) -> Protego | FetchError:
    """The rules in an answer (RFC 9309 2.3.1): what is absent allows all, what cannot be reached forbids all."""
    if isinstance(result, FetchError):
        if result.reason is Reason.REDIRECTS:  # 2.3.1.2: too many redirections count as unavailable
            return Protego.parse("")
        if result.reason in _SAME_WALL:
            return result
        return FetchError(Reason.ROBOTS_UNREACHABLE, f"robots.txt: {result.detail}", result.retry_after)
    if 400 <= result.status < 500 and passing_fault(result) is None:
        return Protego.parse("")
    if result.status not in _WITH_RULES:
        waited = passing_fault(result)
        after = waited.retry_after if waited else None
        return FetchError(Reason.ROBOTS_UNREACHABLE, f"robots.txt: HTTP {result.status}", after)
    return Protego.parse(_text(result))


def what_else(answer: Response) -> str:
    """What stands in the place of a robots.txt, for people; empty if it is one, or has nothing in it."""
    text = _text(answer).strip()
    if text.startswith("<") and _HTML.search(text[:2_000]):
        return f"an HTML page stands in its place: begins with {text[:60]!r}"
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    known = (_AGENT_LINE, _RULE_LINE, _OTHER_LINE)
    if not lines or any(pattern.match(line) for line in lines for pattern in known):
        return ""
    return f"not one line of a robots.txt stands in it: begins with {text[:60]!r}"


def _longest_delay(parsed: Protego, agent: str) -> tuple[float, str]:
    """Seconds between two requests, and the directive that asks for them: Crawl-delay, or Request-rate (5/1m: 12 s).

    What is no number of seconds (``-5``, ``nan``, ``inf``, ``soon``) asks for nothing; protego leaves it out.
    """
    rate = parsed.request_rate(agent)
    asked = (float(parsed.crawl_delay(agent) or 0.0), "Crawl-delay")
    return max(asked, (rate.seconds / rate.requests, "Request-rate")) if rate else asked


def _text(answer: Response) -> str:
    """Without byte order mark and NULs, either of which hides the first group of rules from the parser.

    U+FFFD at the beginning is what a byte order mark of UTF-16 leaves; the NULs between its letters go too.
    """
    body = _whole_lines(answer.body) if answer.cut else answer.body
    text = body.replace(b"\0", b"").decode("utf-8", "replace").lstrip("\ufeff\ufffd")
    return _with_whole_groups(_without_others(_VERSIONED.sub(r"\1", text)))


def _without_others(text: str) -> str:
    r"""The same with one name for all agents that are not us: protego keeps the rules of each agent apart, and a group
    of ten thousand agents and as many rules would be a hundred million.

    >>> _without_others("User-agent: Googlebot\nUser-agent: FirstDraft\nUser-agent: *\nDisallow: /x").split("\n")
    ['User-agent: others', 'User-agent: FirstDraft', 'User-agent: *', 'Disallow: /x']
    """
    lines = text.splitlines()
    return "\n".join("User-agent: others" if _AGENT_LINE.match(line) and _of_others(line) else line for line in lines)


def _of_others(line: str) -> bool:
    """Whether an agent line names somebody else; protego takes the stars out of a name that is more than a star."""
    name = _AGENT_LINE.sub("", line.partition("#")[0], count=1).strip(" \t:").lower().replace("*", "")
    return bool(name) and not _AGENT.startswith(name)


def _with_whole_groups(text: str) -> str:
    r"""The same with the agents of each group named again before its first rule.

    Only a rule ends the list of agents (RFC 9309 2.2.1, 2.2.4): a ``Crawl-delay`` or an unknown line between two of
    them does not. protego ends the list there, and the first agent would be free of the group's rules. The delay stays
    with the agents named before it.

    >>> _with_whole_groups("User-agent: a\nCrawl-delay: 1\nUser-agent: b\nDisallow: /x").split("\n")[2:]
    ['User-agent: b', 'User-agent: a', 'User-agent: b', 'Disallow: /x']
    """
    lines: list[str] = []
    agents: list[str] = []
    ruled = False
    for line in text.splitlines():
        if _AGENT_LINE.match(line):
            agents = [] if ruled else agents
            agents.append(line)
            ruled = False
        elif not ruled and _RULE_LINE.match(line):
            lines += agents
            ruled = True
        lines.append(line)
    return "\n".join(lines)


def _whole_lines(body: bytes) -> bytes:
    """Without the line that the limit cut through; ``Disallow: /private`` must not become ``Disallow: /``."""
    end = max(body.rfind(b"\n"), body.rfind(b"\r"))
    return body[: end + 1]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.lower(), "", "", ""))
