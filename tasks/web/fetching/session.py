"""What the requests of one run share: the client, the turns of the hosts, robots.txt, and who is out."""

import logging
import threading
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from schemas.apart import Apart, here
from schemas.ledger import Note, note_nothing
from schemas.outcome import Reason
from schemas.run import Run
from schemas.settings import Settings
from schemas.source import Source
from tasks.web.archive.captures import Archive
from tasks.web.fetching.bounds import Bounds
from tasks.web.fetching.reservations import Reservations, Rule
from tasks.web.fetching.robots import Robots
from tasks.web.http.address import Resolver, system_resolver
from tasks.web.http.client import Client, place_of
from tasks.web.http.request_policy import Over, Permit, PolitePolicy, RequestPolicy, never_over
from tasks.web.http.response import FetchError, Response
from tasks.web.http.throttle import Outages, Throttle
from tasks.web.urls.canonical import canonical_url, same_site

log = logging.getLogger("firstdraft.web")
NOTHING: Mapping[str, str] = {}
#: Whose archive holds the robots.txt and tdmrep.json of all hosts; no source has such an id.
_ROBOTS = "_robots"

#: Turns are shared by the whole process: two runs at once are still one visitor to a host.
_THROTTLE = Throttle()


class Web:
    """The web as one run sees it. Safe to share by threads.

    ``apart`` reads the documents that sources send; the default does it in this process, without limits.
    """

    def __init__(
        self,
        settings: Settings,
        resolve: Resolver = system_resolver,
        throttle: Throttle | None = None,
        *,
        run: Run | None = None,
        note: Note = note_nothing,
        apart: Apart = here,
    ) -> None:
        self.settings = settings
        self.apart = apart
        self.bounds = Bounds(run, settings)
        self.client = Client(settings, resolve)
        self.robots = Robots(self.client, settings, keep=lambda answer: self.keep(_ROBOTS, "robots", answer))
        self.reservations = Reservations(self.client, keep=lambda answer: self.keep(_ROBOTS, "tdmrep", answer))
        self._throttle = throttle or _THROTTLE
        self._outages = Outages()
        self._run = run
        self._note = note
        self._archives: dict[tuple[str, str], Archive] = {}
        self._guard = threading.Lock()

    def archive(self, run: Run, source_id: str) -> Archive:
        """The one archive of a source in a run, to be entered by whoever keeps something there."""
        with self._guard:
            place = (run.run_id, source_id)
            if place not in self._archives:
                at = (self.settings.captures_dir, run, source_id, self._note, self.settings.warc_bytes)
                self._archives[place] = Archive(*at)
            return self._archives[place]

    def keep(self, source_id: str, what: str, answer: Response | FetchError) -> None:
        """Keep what a feed, a sitemap, a section or a robots.txt answered; nothing for a client without a run.

        Raises ``OSError`` where the disk does not take it.
        """
        if self._run is not None and isinstance(answer, Response):
            with self.archive(self._run, source_id) as archive:
                archive.keep_other(what, answer)

    def feed_gate(self, source: Source) -> RequestPolicy:
        """For feeds and sitemaps, which an operator named in the source and which are published for machines to read.

        robots.txt is not asked: it speaks to crawlers that find their own way (RFC 9309 1), and many sites disallow
        ``/feed/`` only to keep it out of search results. Turns and delays are kept all the same.
        """
        return self._gate(source, None, self._over(source))

    def page_gate(self, source: Source, suppressed: Mapping[str, str] = NOTHING) -> RequestPolicy:
        """For section pages and articles: robots.txt is obeyed, on every hop, and no hop leaves the site.

        Nor does one lead to a canonical URL that is ``suppressed`` (with the reason, in words).
        """
        plain = self._gate(source, None)

        def permit(url: str) -> float | FetchError:
            if not can_be_asked(url):
                return 0.0  # the client says why, and asks nobody
            key = canonical_url(url)
            if key is not None and key in suppressed:
                return FetchError(Reason.SUPPRESSED, suppressed[key])
            if not is_own(url, source):
                return FetchError(Reason.OFFSITE, f"{url} is not on a site of {source.id}")
            return self.robots.permit(url, plain)

        return self._gate(source, permit, self._over(source))

    def odd_robots(self, source: Source, urls: Iterable[str]) -> dict[str, str]:
        """What stands in the place of robots.txt on the hosts of some pages of a source, by its address."""
        plain = self._gate(source, None)
        for url in {urlsplit(url)[:2]: url for url in urls}.values():
            if self.bounds.over(source.id) is None:
                self.robots.permit(url, plain)
        return {url: odd for url, odd in self.robots.oddities().items() if odd and is_own(url, source)}

    def site_rule(self, url: str, source: Source) -> Rule | None:
        """What the site of a page reserves, as far as its robots.txt lets us ask."""
        plain = self._gate(source, None)
        return self.reservations.of(url, self._gate(source, lambda asked: self.robots.permit(asked, plain)))

    def _over(self, source: Source) -> Over:
        return lambda: self.bounds.over(source.id)

    def _gate(self, source: Source, permit: Permit | None, over: Over = never_over) -> RequestPolicy:
        longest = self.settings.max_delay_seconds
        gate = _SourceGate(self._throttle, self._outages, source.delay_seconds, longest, permit, over)
        gate.source = source
        return gate


class _SourceGate(PolitePolicy):
    """A gate that knows whose certificates are not checked."""

    source: Source

    def verifies(self, url: str) -> bool:
        """All but those of a source that says so, and of no other site even then."""
        return self.source.tls == "verify" or not is_own(url, self.source)


def can_be_asked(url: str) -> bool:
    """Whether a client would connect for a URL at all. Some that it would have no canonical form, such as hosts without
    a dot; they are bound by robots.txt and the site like any other.
    """
    return not isinstance(place_of(url), FetchError)


def is_own(url: str, source: Source) -> bool:
    """Whether a URL is on a site of the source: its homepage's, or one that serves its feeds, sitemaps or sections."""
    named = (source.homepage, *source.addresses)
    return any(same_site(url, own) for own in named)


_WEBS: dict[tuple[str, str], Web] = {}
_WEBS_KEPT = 8
_GUARD = threading.Lock()


def web_for(run: Run, settings: Settings, note: Note = note_nothing, apart: Apart = here) -> Web:
    """The one :class:`Web` of a run in this process; the next run starts with fresh robots.txt and no host out.

    ``note`` takes down what is kept, ``apart`` reads documents; both are the first caller's.
    """
    key = (run.run_id, settings.model_dump_json())
    with _GUARD:
        web = _WEBS.pop(key, None) or Web(settings, run=run, note=note, apart=apart)
        _introduce(settings)
        _WEBS[key] = web
        while len(_WEBS) > _WEBS_KEPT:
            del _WEBS[next(iter(_WEBS))]
        return web


_NAMELESS: set[str] = set()


def _introduce(settings: Settings) -> None:
    """Say once in a process that nobody can tell who asks; at the level a terminal shows, for sites will block it."""
    agent = settings.user_agent
    if settings.contact_url or settings.contact_email or settings.allow_loopback or agent in _NAMELESS:
        return
    _NAMELESS.add(agent)
    log.error(
        "the User-Agent is %r and names nobody to write to: sites may block it, and should. "
        "Set FIRSTDRAFT_CONTACT_URL and FIRSTDRAFT_CONTACT_EMAIL in the environment or .env",
        agent,
        extra={"stage": "fetch"},
    )
