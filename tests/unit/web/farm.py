"""A plan for many polite and rude hosts, drawn from a seed; and what the server's log must show of a good visitor.

Each host has a robots.txt of some kind and pages of all kinds, with and without ``www.``; the log is judged without
knowledge of how the visitor works, by the stamps alone (see ``benchmarks.site``: they need no tolerance).
"""

import random
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from benchmarks.site import End, Heard, Reply, http, say

PAGE = b"<!doctype html><html><body><p>Two soldiers were killed.</p></body></html>"
#: What robots.txt answers. ``asked``: whether pages may be asked for after it.
ROBOTS = ("absent", "forbidden", "rules", "rules", "rules", "moved", "busy", "broken", "patient")
NEVER_ASKED = {"broken", "patient"}
RETRY_AFTER = 1.0
FOR_LONG = "99999"


@dataclass
class Host:
    """One host of the plan, under two names. Delays are in seconds."""

    name: str
    robots: str
    delay: float
    crawl_delay: float
    paths: list[str]

    @property
    def names(self) -> tuple[str, str]:
        return self.name, f"www.{self.name}"

    @property
    def gap(self) -> float:
        """The least pause around a page."""
        return max(self.delay, self.crawl_delay)

    def rules(self) -> bytes:
        slow = {"patient": "Crawl-delay: 86400\n", "absent": ""}.get(self.robots)
        line = f"Crawl-delay: {self.crawl_delay}\n" if slow is None and self.crawl_delay else slow or ""
        return f"User-agent: *\n{line}Disallow: /private\n".encode()


def draw_hosts(seed: int, hosts: int, pages: int) -> list[Host]:
    """So many hosts with so many links each. A page's kind is the beginning of its path."""
    chance = random.Random(seed)
    plan = []
    for number in range(hosts):
        robots = ROBOTS[number % len(ROBOTS)]
        kinds = chance.choices(
            ("ok", "absent", "hop", "across", "lured", "private", "busy", "reset"), (70, 5, 6, 5, 4, 6, 2, 2), k=pages
        )
        if chance.random() < 0.4 and robots != "busy":  # once, so that the whole does not take long
            kinds[chance.randrange(pages)] = "wait"
        if chance.random() < 0.2:
            kinds[chance.randrange(pages // 2, pages)] = "away"
        with_rules = robots in {"rules", "moved", "busy"}
        crawl_delay = chance.choice((0.0, 0.04, 0.06)) if with_rules else 0.0
        paths = [f"/{kind}/{at}" for at, kind in enumerate(kinds)]
        plan.append(Host(f"h{number}-farm.test", robots, chance.choice((0.02, 0.03, 0.05)), crawl_delay, paths))
    return plan


@dataclass
class Script:
    """Answers by the plan; what is busy once answers the next time."""

    hosts: dict[str, Host]
    _times: Counter[str] = field(default_factory=Counter)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, heard: Heard) -> Reply:
        host = self.hosts[heard.host]
        with self._guard:
            self._times[host.name + heard.path] += 1
            first = self._times[host.name + heard.path] == 1
        if heard.path == "/robots.txt":
            return _robots(host, first)
        if heard.path == "/rules.txt":
            return say(200, host.rules())
        return _page(host, heard.path, first)


def _robots(host: Host, first: bool) -> Reply:
    if host.robots == "busy" and first:
        return say(429, Retry_After=f"{RETRY_AFTER:.0f}")
    statuses = {"absent": 404, "forbidden": 403, "broken": 500}
    if host.robots in statuses:
        return say(statuses[host.robots])
    return say(301, Location="/rules.txt") if host.robots == "moved" else say(200, host.rules())


def _page(host: Host, path: str, first: bool) -> Reply:
    _, kind, number = path.split("/")
    always = {
        "absent": say(404),
        "hop": say(302, Location=f"/ok/hopped-{number}"),
        "across": say(302, Location=f"http://www.{host.name}/ok/crossed-{number}"),
        "lured": say(302, Location=f"/private/{number}"),
        "away": say(429, Retry_After=FOR_LONG),
    }
    once = {
        "busy": say(503),
        "wait": say(503, Retry_After=f"{RETRY_AFTER:.0f}"),
        "reset": Reply(http(200, PAGE)[:40], End.RESET, status=0),
    }
    return always.get(kind) or (once.get(kind) if first else None) or say(200, PAGE)


def faults_of_manners(log: list[Heard], plan: list[Host]) -> Iterator[str]:
    """All that a webmaster could complain of."""
    by_host: dict[str, list[Heard]] = defaultdict(list)
    for heard in sorted(log, key=lambda one: one.begun):
        by_host[heard.host.removeprefix("www.")].append(heard)
    for host in plan:
        yield from _of_one_host(host, by_host.pop(host.name, []))
    yield from (f"{name}: no host of the plan" for name in by_host)


def _of_one_host(host: Host, heard: list[Heard]) -> Iterator[str]:
    for name in host.names:
        own = [one.path for one in heard if one.host == name]
        if own and own[0] != "/robots.txt":
            yield f"{name}: {own[0]} before robots.txt"
        if own.count("/robots.txt") > (1 + 2 * (host.robots in {"broken", "busy"})):
            yield f"{name}: robots.txt asked {own.count('/robots.txt')} times"
    pages = [one for one in heard if _is_page(one)]
    if host.robots in NEVER_ASKED and pages:
        yield f"{host.name}: {len(pages)} pages of a host whose robots.txt is {host.robots}"
    if host.robots not in {"absent", "forbidden"}:
        yield from (f"{host.name}{one.path}: disallowed" for one in pages if one.path.startswith("/private"))
    tries: Counter[str] = Counter()
    for before, after in pairwise(heard):
        needed = host.gap if _is_page(before) or _is_page(after) else host.delay
        reason = f"delay {needed}"
        if before.status in {0, 429, 500, 503}:
            tries[before.path] += 1
            needed, reason = _pause_after(host, before, tries[before.path], needed)
        if after.begun - before.ended < needed:
            yield f"{host.name}: {after.path} {after.begun - before.ended:.4f} s after {before.path}, {reason}"


def _pause_after(host: Host, before: Heard, tries: int, least: float) -> tuple[float, str]:
    """What a host that is in trouble may expect: what it asked for, or twice the delay, then four times."""
    if before.path.startswith("/away"):
        return float("inf"), f"Retry-After {FOR_LONG}"
    if before.status in {429, 503} and not before.path.startswith("/busy"):
        return max(least, RETRY_AFTER), f"Retry-After {RETRY_AFTER}"
    # The third try was the last: nobody comes back for this page.
    return max(least, host.delay * 2**tries if tries < 3 else 0.0), f"try {tries} failed"


def _is_page(heard: Heard) -> bool:
    return heard.path not in {"/robots.txt", "/rules.txt"}
