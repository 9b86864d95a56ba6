"""Manners: one request at a time for each host, and a pause between two; and no request to a host that is out."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from schemas.outcome import Reason
from tasks.web.answer import Fault

#: Media Cloud's story-indexer leaves a host alone for CONN_RETRY_MINUTES = 10 after a failed connection.
OUTAGE_SECONDS = 600.0
#: Timeouts, resets and server errors in a row that make an outage. A host that takes no connection, or says "too many
#: requests", is out at once.
STRIKES = 3
_COUNTED = {Reason.UNREACHABLE, Reason.TIMEOUT, Reason.TOTAL_TIMEOUT, Reason.TRUNCATED, Reason.SERVER_ERROR}


@dataclass(slots=True)
class _Turn:
    """A host's turn: who holds the lock may ask; ``free_at`` is when the next may (monotonic seconds)."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = float("-inf")


class Throttle:
    """Turns by host. ``example.org`` and ``www.example.org`` are one host, as they nearly always are one machine."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._guard = threading.Lock()
        self._turns: dict[str, _Turn] = {}

    @contextmanager
    def turn(self, host: str, delay: float) -> Iterator[None]:
        """Wait until the host is free, hold it, and free it ``delay`` seconds after the end of the request."""
        turn = self._of(host)
        with turn.lock:
            while (left := turn.free_at - self._clock()) > 0:
                self._sleep(left)
            try:
                yield
            finally:
                turn.free_at = max(turn.free_at, self._clock() + delay)

    def hold(self, host: str, seconds: float) -> None:
        """Let nobody ask the host for so many seconds."""
        turn = self._of(host)
        with turn.lock:
            turn.free_at = max(turn.free_at, self._clock() + seconds)

    def _of(self, host: str) -> _Turn:
        with self._guard:
            return self._turns.setdefault(host.removeprefix("www."), _Turn())


class Outages:
    """Hosts that do not answer, or asked to be left alone: what is asked of them meanwhile is deferred unasked."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        self._strikes: dict[str, int] = {}
        self._out: dict[str, tuple[float, Fault]] = {}

    def of(self, host: str) -> Fault | None:
        """Why the host is left alone just now."""
        with self._guard:
            until, fault = self._out.get(host, (float("-inf"), None))
        left = until - self._clock()
        if fault is None or left <= 0:
            return None
        return replace(fault, detail=f"{fault.detail}; {host} is left alone for {left:.0f} s more", retry_after=left)

    def count(self, host: str, fault: Fault) -> None:
        """Take note of a fault; faults that tell of one page only do not count, nor what is not asked meanwhile."""
        if self.of(host) is not None:
            return
        with self._guard:
            if fault.reason in _COUNTED:
                self._strikes[host] = self._strikes.get(host, 0) + 1
            if _is_outage(fault) or self._strikes.get(host, 0) >= STRIKES:
                self._strikes[host] = 0
                self._out[host] = (self._clock() + (fault.retry_after or OUTAGE_SECONDS), fault)

    def clear(self, host: str) -> None:
        """The host answered."""
        with self._guard:
            self._strikes.pop(host, None)
            self._out.pop(host, None)


def _is_outage(fault: Fault) -> bool:
    """Whether a fault alone says that the host, not the page, is not to be asked."""
    no_connection = fault.reason is Reason.UNREACHABLE and not fault.again
    return no_connection or fault.reason is Reason.RATE_LIMITED or bool(fault.retry_after)
