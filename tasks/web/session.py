"""What the requests of one run share: the client, the turns of the hosts, robots.txt, and who is out."""

import threading

from schemas.outcome import Reason
from schemas.run import Run
from schemas.settings import Settings
from schemas.source import Source
from tasks.web.address import Resolver, system_resolver
from tasks.web.answer import Fault
from tasks.web.client import Client
from tasks.web.gate import Gate, Permit, PoliteGate
from tasks.web.robots import Robots
from tasks.web.throttle import Outages, Throttle
from tasks.web.urls import canonical_url, same_site

#: Turns are shared by the whole process: two runs at once are still one visitor to a host.
_THROTTLE = Throttle()


class Web:
    """The web as one run sees it. Safe to share by threads."""

    def __init__(
        self, settings: Settings, resolve: Resolver = system_resolver, throttle: Throttle | None = None
    ) -> None:
        self.settings = settings
        self.client = Client(settings, resolve)
        self.robots = Robots(self.client, settings)
        self._throttle = throttle or _THROTTLE
        self._outages = Outages()

    def feed_gate(self, source: Source) -> Gate:
        """For feeds and sitemaps, which an operator named in the source and which are published for machines to read.

        robots.txt is not asked: it speaks to crawlers that find their own way (RFC 9309 1), and many sites disallow
        ``/feed/`` only to keep it out of search results. Turns and delays are kept all the same.
        """
        return self._gate(source, None)

    def page_gate(self, source: Source) -> Gate:
        """For section pages and articles: robots.txt is obeyed, on every hop, and no hop leaves the site."""
        plain = self._gate(source, None)

        def permit(url: str) -> float | Fault:
            if canonical_url(url) is None:
                return 0.0  # no URL of a page: the client says why, and asks nobody
            if not is_own(url, source):
                return Fault(Reason.OFFSITE, f"{url} is not on a site of {source.id}")
            return self.robots.permit(url, plain)

        return self._gate(source, permit)

    def _gate(self, source: Source, permit: Permit | None) -> Gate:
        return PoliteGate(self._throttle, self._outages, source.delay_seconds, self.settings.max_delay_seconds, permit)


def is_own(url: str, source: Source) -> bool:
    """Whether a URL is on a site of the source: its homepage's, or one that serves its feeds, sitemaps or sections."""
    named = (source.homepage, *(f.url for f in source.feeds), *source.sitemaps, *(s.url for s in source.sections))
    return any(same_site(url, own) for own in named)


_WEBS: dict[tuple[str, str], Web] = {}
_WEBS_KEPT = 8
_GUARD = threading.Lock()


def web_for(run: Run, settings: Settings) -> Web:
    """The one :class:`Web` of a run in this process; the next run starts with fresh robots.txt and no host out."""
    key = (run.run_id, settings.model_dump_json())
    with _GUARD:
        web = _WEBS.pop(key, None) or Web(settings)
        _WEBS[key] = web
        while len(_WEBS) > _WEBS_KEPT:
            del _WEBS[next(iter(_WEBS))]
        return web
