"""No spelling of a private address, on no road, is ever connected to. Loopback is not allowed here.

The outlet has a public address; the one place that opens sockets is watched, and takes what goes to that address to the
test's server. Whatever else is dialled goes out for real, and is counted: it would reach the listener, which must hear
nothing. Links are followed by the whole way (survey, visit), once as it is, and once with the check of the site taken
away, so that the check of the address stands alone.
"""

import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from schemas.link import FoundIn, Link
from schemas.memory import Memory
from schemas.outcome import Batch, Outcome, Reason
from schemas.run import Run
from schemas.settings import Settings
from schemas.source import Feed
from tasks.web.discovery import link_filter
from tasks.web.discovery.survey import Survey
from tasks.web.fetching import session
from tasks.web.fetching.session import Web
from tasks.web.fetching.visit import visit_batch
from tasks.web.http.address import system_resolver
from tasks.web.http.throttle import Throttle
from tasks.web.urls.canonical import canonical_url
from tests.unit.web.conftest import MakeSource
from tests.unit.web.hostile.case import HOME, page
from tests.unit.web.hostile.feeds import fed, item, rss
from tests.unit.web.server import Server, redirect

PUBLIC = "93.184.215.14"
TRAP = "trap.firstdraft.test"
#: Host as written in a URL, and the address it stands for.
LOOPBACK = {
    "127.0.0.1": "127.0.0.1", "127.1": "127.0.0.1", "2130706433": "127.0.0.1", "0x7f.1": "127.0.0.1",
    "0177.0.0.1": "127.0.0.1", "0": "0.0.0.0", "0.0.0.0": "0.0.0.0", "localhost": "127.0.0.1",
    "LOCALHOST.": "127.0.0.1", "①②⑦.⓪.⓪.①": "127.0.0.1", "127。0。0。1": "127.0.0.1", "127.0.0.1.": "127.0.0.1",
    "[::1]": "::1", "[::]": "::", "[::ffff:127.0.0.1]": "::ffff:127.0.0.1", "[0:0:0:0:0:ffff:7f00:1]": "::ffff:7f00:1",
    "[::127.0.0.1]": "::127.0.0.1", "[64:ff9b::7f00:1]": "64:ff9b::7f00:1", "[2002:7f00:1::]": "2002:7f00:1::",
}  # fmt: skip
OTHERS = {
    "[::ffff:169.254.169.254]": "::ffff:169.254.169.254", "[fe80::1]": "fe80::1", "[fe80::1%25lo]": "fe80::1%lo",
    "[fc00::1]": "fc00::1", "[fd00:ec2::254]": "fd00:ec2::254", "[ff02::1]": "ff02::1", "[fec0::1]": "fec0::1",
    "[2001::1]": "2001::1", "[64:ff9b:1::1]": "64:ff9b:1::1", "168.63.129.16": "168.63.129.16", "10.1.2.3": "10.1.2.3",
    "172.16.0.1": "172.16.0.1", "192.168.1.1": "192.168.1.1", "100.64.0.1": "100.64.0.1",
    "169.254.169.254": "169.254.169.254", "2852039166": "169.254.169.254", "0xa9.254.169.254": "169.254.169.254",
    "192.0.0.8": "192.0.0.8", "192.88.99.1": "192.88.99.1", "198.18.0.1": "198.18.0.1", "224.0.0.1": "224.0.0.1",
    "239.1.1.1": "239.1.1.1", "240.0.0.1": "240.0.0.1", "255.255.255.255": "255.255.255.255", "0x0a.1": "10.0.0.1",
}  # fmt: skip
SPELLINGS = LOOPBACK | OTHERS
#: What may be said of such a link; that it was asked for is not among it.
REFUSED = {Reason.ADDRESS, Reason.OFFSITE, Reason.URL, Reason.PROTOCOL, Reason.UNREACHABLE, Reason.ROBOTS_UNREACHABLE}


@dataclass
class Road:
    """The world of one test: a server behind a public address, and every other attempt to connect."""

    server: Server
    victim: Server
    run: Run
    source: Any
    settings: Settings
    dialled: list[object] = field(default_factory=list)
    answers: dict[str, list[Sequence[str]]] = field(default_factory=dict)

    def resolve(self, host: str, port: int) -> Sequence[str]:
        """The outlet is public; a trap gives its answers one after the other; all else as the system reads it."""
        if host in self.answers:
            left = self.answers[host]
            return left.pop(0) if len(left) > 1 else left[0]
        return [PUBLIC] if host == "news.firstdraft.test" else system_resolver(host, port)

    def web(self) -> Web:
        return Web(self.settings, self.resolve, Throttle())

    def visit(self, url: str) -> Reason:
        """One link through a visit: it is not fetched, and the reason is handed back."""
        link = Link("news-en", url, canonical_url(url) or url, FoundIn.FEED, f"{HOME}/feed/")
        got = visit_batch(self.web(), self.run, self.source, Batch("news-en", 0, (link,)), Memory())
        (end,) = got.settled
        assert end.outcome is not Outcome.STORED
        return end.reason


@pytest.fixture(params=["site checked", "address checked alone"])
def road(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    server: Server,
    make_source: MakeSource,
    run: Run,
    tmp_path: Path,
) -> Iterator[Road]:
    dial = socket.create_connection
    with Server({"/": page()}) as victim:
        settings = Settings(
            data_dir=tmp_path, allow_loopback=False, allowed_ports=(80, victim.port), retries=0, connect_timeout=5
        )
        world = Road(server, victim, run, make_source(), settings)

        def watched(address: tuple[str, int], *args: Any, **kwargs: Any) -> socket.socket:
            if address[0] == PUBLIC:
                return dial(("127.0.0.1", server.port), *args, **kwargs)
            world.dialled.append(address)
            return dial(address, *args, **kwargs)

        monkeypatch.setattr(socket, "create_connection", watched)
        if request.param != "site checked":
            monkeypatch.setattr(session, "is_own", lambda _url, _source: True)
            monkeypatch.setattr(link_filter, "is_own", lambda _url, _source: True)
        yield world
        assert world.dialled == []
        assert victim.connections == 0


def directly(road: Road, host: str) -> Reason:
    return road.visit(f"http://{host}:{road.victim.port}/")


def by_redirect(road: Road, host: str) -> Reason:
    target = f"http://{host}:{road.victim.port}/"
    road.server.routes["/a"] = redirect(target.encode().decode("latin-1"))
    reason = road.visit(f"{HOME}/a")
    assert "/a" in road.server.paths
    return reason


def by_feed(road: Road, host: str) -> Reason:
    road.server.routes["/feed/"] = fed(rss(item(f"http://{host}:{road.victim.port}/")))
    source = road.source.model_copy(update={"feeds": (Feed(url=f"{HOME}/feed/"),)})
    found = Survey(road.web(), road.run, source, Memory()).read()
    assert road.server.paths[-1] == "/feed/"
    ends = [end.reason for batch in found.batches for end in batch.settled]
    links = [link for batch in found.batches for link in batch.items]
    assert len(ends) + len(links) == 1
    return ends[0] if ends else road.visit(links[0].url)


def by_name(road: Road, host: str) -> Reason:
    """A name of the site itself that resolves to the address."""
    road.answers[TRAP] = [[SPELLINGS[host]]]
    return road.visit(f"http://{TRAP}/")


def by_rebinding(road: Road, host: str) -> Reason:
    """A name that is public when robots.txt is asked for, and then is not."""
    road.answers[TRAP] = [[PUBLIC], [SPELLINGS[host]]]
    reason = road.visit(f"http://{TRAP}/")
    assert road.server.paths == ["/robots.txt"]
    return reason


ROADS: list[Callable[[Road, str], Reason]] = [directly, by_redirect, by_feed, by_name, by_rebinding]


@pytest.mark.parametrize("way", ROADS, ids=lambda way: way.__name__)
def test_no_private_address_is_connected_to(road: Road, way: Callable[[Road, str], Reason]) -> None:
    for host in SPELLINGS:
        road.server.heard.clear()
        assert way(road, host) in REFUSED, host


def test_the_listener_would_hear(road: Road) -> None:
    """The proof can fail: with loopback allowed, the same visit gets through."""
    road.settings = road.settings.model_copy(update={"allow_loopback": True})
    road.source = road.source.model_copy(update={"homepage": "http://127.0.0.1/"})
    link = Link("news-en", f"http://127.0.0.1:{road.victim.port}/", "http://127.0.0.1/", FoundIn.FEED, "x")
    got = visit_batch(road.web(), road.run, road.source, Batch("news-en", 0, (link,)), Memory())
    assert len(got.items) == 1
    assert len(road.dialled) == road.victim.connections == 3  # robots.txt, the page, tdmrep.json
    road.dialled.clear()
    road.victim.connections = 0
