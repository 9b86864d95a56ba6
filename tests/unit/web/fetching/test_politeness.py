"""Manners, proved from the server's own log: real threads, real time, many hosts."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks.site import Farm, Heard, Reply, say
from schemas.link import FoundIn, Link
from schemas.memory import Memory
from schemas.outcome import Batch, Outcome, Reason
from schemas.page import FetchedPage
from schemas.run import Run
from schemas.settings import Settings
from schemas.source import Source
from tasks.web.fetching.robots import Robots
from tasks.web.fetching.session import Web
from tasks.web.fetching.visit import visit_batch
from tasks.web.http.throttle import Throttle
from tests.unit.web.conftest import MakeSource
from tests.unit.web.farm import NEVER_ASKED, PAGE, Host, Script, draw_hosts, faults_of_manners

#: As many as the flow has.
THREADS = 64


def _settings(folder: Path, farm: Farm, names: list[str], **changes: object) -> Settings:
    here = dict.fromkeys(names, f"127.0.0.1:{farm.port}")
    return Settings(data_dir=folder, allow_loopback=True, connect_to=here, **changes)  # type: ignore[arg-type]


def _batches(host: Host, chance: random.Random) -> list[Batch[Link]]:
    """The host's links in two batches, which two threads will ask for at the same time, under both names."""
    urls = [f"http://{chance.choice(host.names)}{path}" for path in host.paths]
    links = [Link("farm", url, url, FoundIn.FEED, "") for url in urls]
    return [Batch("farm", number, tuple(links[number::2])) for number in (0, 1)]


def _visit_all(
    web: Web, run: Run, plan: list[Host], make_source: MakeSource, seed: int
) -> list[tuple[Host, Batch[Link], Batch[FetchedPage]]]:
    chance = random.Random(seed)
    work: list[tuple[Host, Source, Batch[Link]]] = []
    for host in plan:
        source = make_source(id=host.name.partition(".")[0], homepage=f"http://{host.name}/", delay_seconds=host.delay)
        work += [(host, source, batch) for batch in _batches(host, chance)]
    chance.shuffle(work)
    with ThreadPoolExecutor(THREADS) as threads:
        ends = threads.map(lambda item: visit_batch(web, run, item[1], item[2], Memory()), work)
        return [(host, batch, end) for (host, _, batch), end in zip(work, ends, strict=True)]


@pytest.mark.parametrize(
    ("hosts", "pages", "least"), [(18, 8, 100), pytest.param(108, 40, 3000, marks=pytest.mark.long)]
)
def test_no_webmaster_has_cause_to_complain(
    tmp_path: Path, run: Run, make_source: MakeSource, hosts: int, pages: int, least: int
) -> None:
    plan = draw_hosts(seed=hosts, hosts=hosts, pages=pages)
    script = Script({name: host for host in plan for name in host.names})
    with Farm(script) as farm:
        settings = _settings(tmp_path, farm, list(script.hosts), retries=2)
        ends = _visit_all(Web(settings, throttle=Throttle()), run, plan, make_source, seed=hosts)
    assert len(farm.heard) >= least
    assert list(faults_of_manners(farm.heard, plan)) == []
    for host, batch, end in ends:
        assert len(end) == len(batch)
        asked = {page.fetch.link.url for page in end.items} | {one.fetch.link.url for one in end.settled}
        assert asked == {link.url for link in batch.items}
        if host.robots in NEVER_ASKED:
            assert not end.items
            assert {one.outcome for one in end.settled if one.reason is not Reason.ROBOTS} <= {Outcome.DEFERRED}
    _all_kinds_were_met(farm.heard)


def _all_kinds_were_met(log: list[Heard]) -> None:
    """A plan that leaves a case out proves nothing of it."""
    statuses = Counter(heard.status for heard in log)
    assert {200, 301, 302, 403, 404, 429, 500, 503, 0} <= statuses.keys()


def test_the_judge_sees_bad_manners() -> None:
    """The proof is worth what its judge is: each fault, once committed, is named."""
    host = Host("a.test", "rules", 0.5, 2.0, [])
    good = [Heard("a.test", "/robots.txt", 0, 200, ended=1), Heard("a.test", "/ok/1", 3, 200, ended=4)]

    def complaints(*more: Heard) -> str:
        return "; ".join(faults_of_manners([*good, *more], [host]))

    assert complaints() == ""
    assert "delay 2.0" in complaints(Heard("www.a.test", "/robots.txt", 5.9, 200, ended=5.95))
    assert "delay 2.0" in complaints(Heard("a.test", "/ok/2", 3.5, 200, ended=3.9))
    assert "before robots.txt" in complaints(Heard("www.a.test", "/ok/2", 9, 200, ended=9))
    assert "disallowed" in complaints(Heard("a.test", "/private/2", 9, 200, ended=9))
    busy = Heard("a.test", "/away/2", 9, 429, ended=9)
    assert "Retry-After" in complaints(busy, Heard("a.test", "/ok/3", 100, 200, ended=100))
    assert "no host" in complaints(Heard("b.test", "/", 100, 200, ended=100))


class _Day:
    """A clock that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_robots_are_read_again_after_a_day_and_failures_after_ten_minutes(
    tmp_path: Path, run: Run, make_source: MakeSource
) -> None:
    statuses = {"a.test": 500, "b.test": 200}
    rules = b"User-agent: *\nDisallow: /private\n"

    def script(heard: Heard) -> Reply:
        return say(statuses[heard.host], rules) if heard.path == "/robots.txt" else say(200, PAGE)

    def paths(host: str) -> list[str]:
        urls = [f"http://{host}/{word}" for word in ("x", "private")]
        batch = Batch("farm", 1, tuple(Link("farm", url, url, FoundIn.FEED, "") for url in urls))
        start = len(farm.heard)
        end = visit_batch(web, run, make_source(homepage=f"http://{host}/"), batch, Memory())
        assert {one.reason for one in end.settled} <= {Reason.ROBOTS, Reason.ROBOTS_UNREACHABLE}
        return [heard.path for heard in farm.heard[start:] if not heard.path.startswith("/.well-known/")]

    with Farm(script) as farm:
        settings = _settings(tmp_path, farm, list(statuses), retries=0)
        web, clock = Web(settings, throttle=Throttle()), _Day()
        web.robots = Robots(web.client, settings, clock)
        assert (paths("a.test"), paths("b.test")) == (["/robots.txt"], ["/robots.txt", "/x"])
        assert (paths("a.test"), paths("b.test")) == ([], ["/x"])
        statuses["a.test"], clock.now = 200, 601.0
        assert (paths("a.test"), paths("b.test")) == (["/robots.txt", "/x"], ["/x"])
        clock.now = 24 * 3600.0 + 1
        assert (paths("a.test"), paths("b.test")) == (["/x"], ["/robots.txt", "/x"])


@pytest.mark.parametrize("beyond", ["http://b.test/" + "\u0628" * 1500, "http://b/x"], ids=["over-long", "no dot"])
def test_a_redirect_to_what_has_no_canonical_form_is_bound_like_any_other(
    tmp_path: Path, run: Run, make_source: MakeSource, beyond: str
) -> None:
    def script(heard: Heard) -> Reply:
        return say(302, Location=beyond.encode().decode("latin-1")) if heard.path == "/x" else say(404)

    with Farm(script) as farm:
        web = Web(_settings(tmp_path, farm, ["a.test", "b.test", "b"]), throttle=Throttle())
        batch = Batch("farm", 1, (Link("farm", "http://a.test/x", "http://a.test/x", FoundIn.FEED, ""),))
        (end,) = visit_batch(web, run, make_source(homepage="http://a.test/"), batch, Memory()).settled
    assert (end.outcome, end.reason) == (Outcome.REJECTED, Reason.OFFSITE)
    assert {heard.host for heard in farm.heard} == {"a.test"}
