"""Manners: one request at a time for each host, and a pause between two; and no request to a host that is out."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

from schemas.outcome import Reason
from tasks.web.http.response import FetchError

#: Media Cloud's story-indexer leaves a host alone for CONN_RETRY_MINUTES = 10 after a failed connection.
OUTAGE_SECONDS = 600.0
#: Timeouts, resets and server errors in a row that make an outage. A host that takes no connection, or says "too many
#: requests", is out at once.
STRIKES = 3
_COUNTED = {Reason.UNREACHABLE, Reason.TIMEOUT, Reason.TOTAL_TIMEOUT, Reason.TRUNCATED, Reason.SERVER_ERROR}
_NEVER = float("-inf")
T = TypeVar("T")


@dataclass(slots=True)
class _Turn:
    """A host's turn: who holds the lock may ask. ``ended_at`` is when the last request ended, ``free_at`` when the next
    may begin (monotonic seconds).
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    ended_at: float = _NEVER
    free_at: float = _NEVER


def _machine(host: str) -> str:
    """``example.org`` and ``www.example.org`` are one host, as they nearly always are one machine."""
    return host.removeprefix("www.")


def _nothing() -> None:
    """No objection."""


class Throttle:
    """Turns by host, with or without ``www.``; safe to share by threads."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._guard = threading.Lock()
        self._turns: dict[str, _Turn] = {}

    @contextmanager
    def turn(self, host: str, delay: float, objection: Callable[[], T | None] = _nothing) -> Iterator[T | None]:
        """Wait until the host is free and ``delay`` seconds have passed since the last request to it; hold it; free it
        ``delay`` seconds after the end of this one.

        ``objection`` is asked when the wait is over, and handed on: things may have happened meanwhile. Where there is
        one, no request is made, so nobody waits for its end.
        """
        turn = self._of(host)
        with turn.lock:
            # Read anew after each sleep: somebody may have held the host back while we slept.
            while (seconds_left := max(turn.free_at, turn.ended_at + delay) - self._clock()) > 0:
                self._sleep(seconds_left)
            refused = objection()
            try:
                yield refused
            finally:
                if refused is None:
                    turn.ended_at = self._clock()
                    self._keep_free(turn, turn.ended_at + delay)

    def hold(self, host: str, seconds: float) -> None:
        """Let nobody begin to ask the host for so many seconds. Does not wait for the request under way."""
        self._keep_free(self._of(host), self._clock() + seconds)

    def _keep_free(self, turn: _Turn, until: float) -> None:
        with self._guard:
            turn.free_at = max(turn.free_at, until)

    def _of(self, host: str) -> _Turn:
        with self._guard:
            return self._turns.setdefault(_machine(host), _Turn())


class Outages:
    """Hosts that do not answer, or asked to be left alone: what is asked of them meanwhile is deferred unasked.

    A name that takes no connection is out alone: often ``www.`` answers where the bare name does not, or the other way
    round. What was said by the machine (429, 5xx, ``Retry-After``) goes for both names.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        self._strikes: dict[str, int] = {}
        self._out: dict[str, tuple[float, FetchError]] = {}

    def of(self, host: str) -> FetchError | None:
        """The fault for which a host is not asked now, its ``retry_after`` in seconds; ``None`` if it may be asked."""
        with self._guard:
            outages = [self._out[key] for key in (_by_name(host), _machine(host)) if key in self._out]
        until, fault = max(outages, key=lambda out: out[0], default=(_NEVER, None))
        seconds_left = until - self._clock()
        if fault is None or seconds_left <= 0:
            return None
        return replace(
            fault,
            detail=f"{fault.detail}; {host} is left alone for {seconds_left:.0f} s more",
            retry_after=seconds_left,
        )

    def count(self, host: str, fault: FetchError) -> None:
        """Take note of a fault; faults that tell of one page only do not count, nor what is not asked meanwhile."""
        if self.of(host) is not None:
            return
        key = _by_name(host) if fault.reason is Reason.UNREACHABLE else _machine(host)
        with self._guard:
            if fault.reason in _COUNTED:
                self._strikes[key] = self._strikes.get(key, 0) + 1
            if _is_outage(fault) or self._strikes.get(key, 0) >= STRIKES:
                self._strikes[key] = 0
                self._out[key] = (self._clock() + (fault.retry_after or OUTAGE_SECONDS), fault)

    def clear(self, host: str) -> None:
        """The host answered: no strikes against it. An outage ends by time alone, for an answer that is reported now
        may be older than the one that said to stay away.
        """
        with self._guard:
            self._strikes.pop(_by_name(host), None)
            self._strikes.pop(_machine(host), None)


def _by_name(host: str) -> str:
    """The key of what concerns one name only; no host looks like it."""
    return f"={host}"


def _is_outage(fault: FetchError) -> bool:
    """Whether a fault alone says that the host, not the page, is not to be asked."""
    no_connection = fault.reason is Reason.UNREACHABLE and not fault.again
    return no_connection or fault.reason is Reason.RATE_LIMITED or bool(fault.retry_after)
