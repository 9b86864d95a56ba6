import itertools
import threading
from collections.abc import Callable

import pytest

from schemas.outcome import Reason
from tasks.web.http.client import Client
from tasks.web.http.request_policy import PolitePolicy
from tasks.web.http.response import FetchError
from tasks.web.http.throttle import OUTAGE_SECONDS, STRIKES, Outages, Throttle
from tests.unit.web.conftest import MakeSettings
from tests.unit.web.server import Server, answer


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self._guard = threading.Lock()

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self._guard:
            self.now += seconds


def test_requests_to_a_host_are_apart_and_alone() -> None:
    clock = Clock()
    throttle = Throttle(clock, clock.sleep)
    starts: list[float] = []
    inside = 0

    def ask(host: str) -> None:
        nonlocal inside
        for _ in range(5):
            with throttle.turn(host, 5.0):
                inside += 1
                assert inside == 1
                starts.append(clock())
                inside -= 1

    threads = [threading.Thread(target=ask, args=(host,)) for host in ("example.org", "www.example.org")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(starts) == 10
    assert all(later - earlier >= 5.0 for earlier, later in itertools.pairwise(starts))


def test_hosts_do_not_wait_for_one_another() -> None:
    clock = Clock()
    throttle = Throttle(clock, clock.sleep)
    for host in ("a.org", "b.org", "c.org"):
        with throttle.turn(host, 60.0), throttle.turn(f"other.{host}", 60.0):
            pass
    assert clock.now == 100.0


def test_a_host_may_be_held_back() -> None:
    clock = Clock()
    throttle = Throttle(clock, clock.sleep)
    throttle.hold("a.org", 30.0)
    with throttle.turn("a.org", 0.0):
        assert clock.now == 130.0


def test_a_longer_delay_counts_from_the_request_before() -> None:
    """robots.txt itself is asked for at the source's pace; the first page waits as long as it says."""
    clock = Clock()
    throttle = Throttle(clock, clock.sleep)
    with throttle.turn("a.org", 5.0):
        pass
    with throttle.turn("a.org", 60.0):
        assert clock.now == 160.0


def test_a_hold_does_not_wait_for_the_request_under_way_and_reaches_who_waits_already() -> None:
    clock, asleep, go_on = Clock(), threading.Event(), threading.Event()

    def sleep(seconds: float) -> None:
        asleep.set()
        assert go_on.wait(5)
        clock.sleep(seconds)

    throttle, begun = Throttle(clock, sleep), list[float]()

    def ask() -> None:
        with throttle.turn("a.org", 1.0):
            begun.append(clock())

    waiting = threading.Thread(target=ask)
    with throttle.turn("a.org", 1.0):
        waiting.start()
        throttle.hold("a.org", 0.0)
    assert asleep.wait(5)
    throttle.hold("a.org", 30.0)
    go_on.set()
    waiting.join(5)
    assert begun == [130.0]


def test_what_is_objected_to_after_the_wait_costs_no_delay() -> None:
    clock = Clock()
    throttle = Throttle(clock, clock.sleep)
    with throttle.turn("a.org", 5.0, lambda: "gone") as objection:
        assert objection == "gone"
    with throttle.turn("a.org", 5.0) as objection:
        assert (objection, clock.now) == (None, 100.0)


def test_who_waited_while_the_host_went_out_does_not_ask() -> None:
    clock = Clock()
    outages = Outages(clock)

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        outages.count("a.org", FetchError(Reason.RATE_LIMITED, "HTTP 429", 7200.0))

    gate = PolitePolicy(Throttle(clock, sleep), outages, 5.0, 120.0)
    with gate.turn("http://a.org/1") as refusal:
        assert refusal is None
    with gate.turn("http://a.org/2") as refusal:
        assert refusal is not None
        assert (refusal.reason, refusal.retry_after, refusal.again) == (Reason.RATE_LIMITED, 7200.0, False)


def test_an_older_answer_does_not_end_an_outage() -> None:
    outages = Outages(Clock())
    outages.count("a.org", FetchError(Reason.RATE_LIMITED, "HTTP 429"))
    outages.clear("a.org")
    assert outages.of("a.org") is not None


def test_the_machine_is_out_under_both_names_a_name_alone() -> None:
    outages = Outages(Clock())
    outages.count("www.a.org", FetchError(Reason.RATE_LIMITED, "HTTP 429"))
    outages.count("b.org", FetchError(Reason.UNREACHABLE, "does not resolve", again=False))
    out = [host for host in ("a.org", "www.a.org", "b.org", "www.b.org") if outages.of(host)]
    assert out == ["a.org", "www.a.org", "b.org"]


@pytest.mark.parametrize(
    ("fault", "needed"),
    [
        (FetchError(Reason.UNREACHABLE, "refused", again=False), 1),
        (FetchError(Reason.RATE_LIMITED, "429"), 1),
        (FetchError(Reason.UNREACHABLE, "reset"), STRIKES),
        (FetchError(Reason.TIMEOUT, "silent"), STRIKES),
        (FetchError(Reason.SERVER_ERROR, "500"), STRIKES),
    ],
)
def test_a_host_is_out_after_enough_faults(fault: FetchError, needed: int) -> None:
    clock = Clock()
    outages = Outages(clock)
    for number in range(needed):
        assert outages.of("a.org") is None, number
        outages.count("a.org", fault)
    out = outages.of("a.org")
    assert out is not None
    assert (out.reason, out.retry_after) == (fault.reason, OUTAGE_SECONDS)
    assert outages.of("b.org") is None
    clock.sleep(OUTAGE_SECONDS)
    assert outages.of("a.org") is None


def test_faults_of_one_page_are_no_outage_and_answers_clear() -> None:
    outages = Outages(Clock())
    for reason in (Reason.TOO_LARGE, Reason.ROBOTS, Reason.TLS, Reason.PROTOCOL) * 3:
        outages.count("a.org", FetchError(reason, ""))
    for _ in range(STRIKES * 2):
        outages.count("a.org", FetchError(Reason.TIMEOUT, ""))
        outages.clear("a.org")
    assert outages.of("a.org") is None


def _gate(clock: Clock, delay: float, longest: float = 120.0) -> PolitePolicy:
    return PolitePolicy(Throttle(clock, clock.sleep), Outages(clock), delay, longest)


def _served(clock: Clock, times: list[float], answers: list[bytes]) -> Callable[..., None]:
    replies = iter(answers)

    def script(talk: object) -> None:
        times.append(clock())
        talk.say(next(replies))  # type: ignore[attr-defined]

    return script


def test_further_tries_wait_longer_and_longer(server: Server, make_settings: MakeSettings) -> None:
    clock, times = Clock(), list[float]()
    server.routes["/"] = _served(clock, times, [answer(status=503), answer(status=503), answer(b"x")])
    Client(make_settings(retries=2)).get(server.url(), gate=_gate(clock, 5.0))
    assert [later - earlier for earlier, later in itertools.pairwise(times)] == [10.0, 20.0]


def test_retry_after_is_honoured_and_clamped(server: Server, make_settings: MakeSettings) -> None:
    clock, times = Clock(), list[float]()
    busy = answer(status=429, headers={"Retry-After": "60"})
    server.routes["/"] = _served(clock, times, [busy, answer(b"x")])
    Client(make_settings(retries=2)).get(server.url(), gate=_gate(clock, 5.0))
    assert times[1] - times[0] == 60.0


def test_a_host_that_asks_for_hours_is_left_alone(server: Server, make_settings: MakeSettings) -> None:
    clock = Clock()
    server.routes["/"] = answer(status=429, headers={"Retry-After": "7200"})
    gate = _gate(clock, 5.0)
    client = Client(make_settings(retries=2))
    client.get(server.url(), gate=gate)
    second = client.get(server.url(), gate=gate)
    assert isinstance(second, FetchError)
    assert (second.reason, second.retry_after) == (Reason.RATE_LIMITED, 7200.0)
    assert len(server.heard) == 1


def test_redirects_wait_for_their_turn_too(server: Server, make_settings: MakeSettings) -> None:
    clock, times = Clock(), list[float]()
    hop = answer(status=302, headers={"Location": "/"})
    server.routes["/"] = _served(clock, times, [hop, hop, answer(b"x")])
    Client(make_settings()).get(server.url(), gate=_gate(clock, 5.0))
    assert [later - earlier for earlier, later in itertools.pairwise(times)] == [5.0, 5.0]
