"""Request policies: the client asks one before every request whether, and when, a URL may be requested."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Protocol

from tasks.web.http.response import FetchError
from tasks.web.http.throttle import Outages, Throttle
from tasks.web.urls.canonical import host_of

#: Returns the error that ends all requests of a run, or None as long as there is time.
Over = Callable[[], FetchError | None]
#: Maps a URL to the seconds its host wants between two requests, or to the reason why it may not be requested.
Permit = Callable[[str], float | FetchError]


def never_over() -> FetchError | None:
    """Return None: there is no limit of time."""
    return None


class RequestPolicy(Protocol):
    """Is asked before every request, also for each redirect and each retry."""

    def turn(self, url: str) -> AbstractContextManager[FetchError | None]:
        """Wait for the host's turn and keep it during the request. Yields an error if it must not be made."""
        ...

    def pause(self, url: str, attempt: int, fault: FetchError) -> bool:
        """Delay the host before retry ``attempt + 1``. Returns False if that would take too long."""
        ...

    def settle(self, url: str, fault: FetchError | None) -> None:
        """Record how the request ended, after the last retry."""
        ...

    def verifies(self, url: str) -> bool:
        """Whether the certificate of the URL's host is checked."""
        ...


class OpenPolicy:
    """Allows every request at once: for tests, and for requesting one URL by hand."""

    @contextmanager
    def turn(self, url: str) -> Iterator[FetchError | None]:
        """Never wait."""
        yield None

    def pause(self, url: str, attempt: int, fault: FetchError) -> bool:
        """Never pause."""
        return True

    def settle(self, url: str, fault: FetchError | None) -> None:
        """Do nothing."""

    def verifies(self, url: str) -> bool:
        """Return True."""
        return True


class PolitePolicy:
    """One request at a time for each host, ``delay`` seconds apart; no request to a host that is out.

    ``permit`` (usually robots.txt) is asked for each URL. It can lengthen the delay, but not shorten it. The pause
    before a retry is 2, 4, 8 times the delay, or what the host asked for, and at most ``longest`` seconds. ``over`` is
    asked before and after the wait if there is any time left.
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
    def turn(self, url: str) -> Iterator[FetchError | None]:
        """Wait for the turn of the host. Yields an error if the request must not be made."""
        host = host_of(url)
        delay = self._over() or self._outages.of(host) or (self._permit(url) if self._permit else 0.0)
        if isinstance(delay, FetchError):
            yield replace(delay, again=False)
            return
        # Asked again after the wait: the request before this one may have been refused.
        objection = lambda: self._over() or self._outages.of(host)  # noqa: E731 - asked once, below
        with self._throttle.turn(host, max(delay, self._delay), objection) as out:
            yield replace(out, again=False) if out else None

    def pause(self, url: str, attempt: int, fault: FetchError) -> bool:
        """Delay the host. Returns False if it asked for a longer pause than allowed, or if there is no time left."""
        if self._over() is not None:
            return False
        seconds = max(self._delay * 2 ** (attempt + 1), fault.retry_after or 0.0)
        if seconds > self._longest and fault.retry_after:
            return False
        self._throttle.hold(host_of(url), min(seconds, self._longest))
        return True

    def settle(self, url: str, fault: FetchError | None) -> None:
        """Count an error towards the outage of the host; a success clears it."""
        if fault is None:
            self._outages.clear(host_of(url))
        else:
            self._outages.count(host_of(url), fault)

    def verifies(self, url: str) -> bool:
        """Return True; the policy of a source may differ."""
        return True
