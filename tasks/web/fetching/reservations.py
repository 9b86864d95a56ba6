"""What a site reserves for all its pages: ``/.well-known/tdmrep.json`` (TDMRep, W3C Community Group final report,
10 May 2024, 6.1).

Asked for once an origin and day, after the first page that says nothing of its own: a header line or a meta element is
nearer to the page and wins.
"""

import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tasks.web.http.client import Client
from tasks.web.http.request_policy import RequestPolicy
from tasks.web.http.response import FetchError, Response
from tasks.web.urls.patterns import fits

WELL_KNOWN = "/.well-known/tdmrep.json"
#: As long as a robots.txt is believed (RFC 9309 2.4).
_KEEP_SECONDS = 24 * 3600.0
_LONGEST = 256 * 1024
_MOST_RULES = 1000
_LONGEST_LOCATION = 2000


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern of paths, and whether they are reserved."""

    location: str
    reserved: bool


class Reservations:
    """Is this URL reserved by its site: one file for each scheme, host and port."""

    def __init__(
        self,
        client: Client,
        clock: Callable[[], float] = time.monotonic,
        keep: Callable[[Response | FetchError], None] = lambda _: None,
    ) -> None:
        self._client = client
        self._clock = clock
        self._keep = keep
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._rules: dict[str, tuple[float, tuple[Rule, ...]]] = {}

    def of(self, url: str, gate: RequestPolicy) -> Rule | None:
        """The rule for a URL, ``None`` where the site has none. ``gate`` is the one to ask the file through."""
        parts = urlsplit(url)
        origin = urlunsplit((parts.scheme, parts.netloc.lower(), "", "", ""))
        with self._guard:
            lock = self._locks.setdefault(origin, threading.Lock())
        with lock:
            until, rules = self._rules.get(origin, (0.0, ()))
            if origin not in self._rules or until <= self._clock():
                answer = self._client.get(origin + WELL_KNOWN, gate=gate, cut_at=_LONGEST)
                self._keep(answer)
                rules = read_rules(answer)
                self._rules[origin] = (self._clock() + _KEEP_SECONDS, rules)
        return rule_for(rules, urlunsplit(("", "", parts.path or "/", parts.query, "")))


def read_rules(answer: Response | FetchError) -> tuple[Rule, ...]:
    """The rules in an answer; none where there is no such file, or it is not what the report describes."""
    if isinstance(answer, FetchError) or answer.status != 200 or answer.cut:
        return ()
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ()
    listed = told if isinstance(told, list) else [told]
    return tuple(rule for item in listed[:_MOST_RULES] if (rule := _rule(item)))


def rule_for(rules: Sequence[Rule], path: str) -> Rule | None:
    """The rule whose pattern fits a path and is longest, as paths are matched in robots.txt (RFC 9309 2.2.2).

    >>> rules = (Rule("/", True), Rule("/press/*", False), Rule("*.pdf$", True))
    >>> [rule_for(rules, path).reserved for path in ("/a", "/press/a", "/a.pdf", "/press/a.pdf")]
    [True, False, True, False]
    >>> rule_for((Rule("/news", True),), "/sport") is None
    True
    """
    fitting = [rule for rule in rules if fits(rule.location, path)]
    return max(fitting, key=lambda rule: (len(rule.location), not rule.reserved), default=None)


def _rule(item: Any) -> Rule | None:
    if not isinstance(item, dict):
        return None
    location, value = item.get("location"), item.get("tdm-reservation")
    if not isinstance(location, str) or not location:
        return None
    return Rule(location[:_LONGEST_LOCATION], str(value) == "1") if str(value) in ("0", "1") else None
