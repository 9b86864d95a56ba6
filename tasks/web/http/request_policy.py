"""What stands between the client and a host: somebody who says whether, and when, a URL may be asked for."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Protocol

from tasks.web.http.answer import Fault
from tasks.web.http.throttle import Outages, Throttle
from tasks.web.urls.canonical import host_of

#: Why nothing more may be asked, if it is so: the time for it is over.
Over = Callable[[], Fault | None]
#: A URL to the seconds its host asks for between two requests, or to why it may not be asked for.
Permit = Callable[[str], float | Fault]


def never_over() -> Fault | None:
    """There is time without end."""
    return None


class Gate(Protocol):
    """Asked before every single request: each hop of a redirect, each further try."""

    def turn(self, url: str) -> AbstractContextManager[Fault | None]:
        """Held while the request is under way; a fault says that it may not be made."""
        ...

    def pause(self, url: str, attempt: int, fault: Fault) -> bool:
        """Make the host wait before try ``attempt + 1``; ``False`` where that would take too long."""
        ...

    def settle(self, url: str, fault: Fault | None) -> None:
        """Hear how it ended, when no further try follows."""
        ...

    def verifies(self, url: str) -> bool:
        """Whether the certificate of the URL's host is checked."""
        ...


class OpenGate:
    """A gate that lets everything through at once: for tests, and for probing one URL by hand."""

    @contextmanager
    def turn(self, url: str) -> Iterator[Fault | None]:
        """Always at once."""
        yield None

    def pause(self, url: str, attempt: int, fault: Fault) -> bool:
        """No pause."""
        return True

    def settle(self, url: str, fault: Fault | None) -> None:
        """Of no consequence."""

    def verifies(self, url: str) -> bool:
        """Always."""
        return True


class PoliteGate:
    """One request at a time and ``delay`` seconds apart for each host; nothing to a host that is out.

    ``permit`` (robots.txt, as a rule) is asked for each URL and may lengthen the delay, never shorten it. Waits before
    a further try grow from the delay: 2, 4, 8 times, or as long as the host asked for, up to ``longest`` seconds.
    ``over`` says, before the wait and after it, whether there is time left to ask at all.
    """

    def __init__(
        self,
        throttle: Throttle,
        outages: Outages,
        delay: float,
        longest: float,
        permit: Permit | None = None,
        over: Over = never_over,
    ) -> None:
        self._throttle = throttle
        self._outages = outages
        self._delay = delay
        self._longest = longest
        self._permit = permit
        self._over = over

    @contextmanager
    def turn(self, url: str) -> Iterator[Fault | None]:
        """Wait for the host's turn, unless the request may not be made at all."""
        host = host_of(url)
        delay = self._over() or self._outages.of(host) or (self._permit(url) if self._permit else 0.0)
        if isinstance(delay, Fault):
            yield replace(delay, again=False)
            return
        # Asked again after the wait: whoever had the turn before may have been told to stay away.
        objection = lambda: self._over() or self._outages.of(host)  # noqa: E731 - asked once, below
        with self._throttle.turn(host, max(delay, self._delay), objection) as out:
            yield replace(out, again=False) if out else None

    def pause(self, url: str, attempt: int, fault: Fault) -> bool:
        """Hold the host back; ``False`` if it asked for longer than anybody here waits, or the time is over."""
        if self._over() is not None:
            return False
        seconds = max(self._delay * 2 ** (attempt + 1), fault.retry_after or 0.0)
        if seconds > self._longest and fault.retry_after:
            return False
        self._throttle.hold(host_of(url), min(seconds, self._longest))
        return True

    def settle(self, url: str, fault: Fault | None) -> None:
        """Count towards the host's outage, or clear it."""
        if fault is None:
            self._outages.clear(host_of(url))
        else:
            self._outages.count(host_of(url), fault)

    def verifies(self, url: str) -> bool:
        """Always; the gate of a source may know better."""
        return True
