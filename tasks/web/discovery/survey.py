"""A survey: what one source offers now; each address is requested once, and what each endpoint returned."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

from schemas.discovery import AddressRead, Discovery, SourceProbe
from schemas.fetch import Fetch
from schemas.link import FoundIn, Link
from schemas.memory import KnownAddress, Memory
from schemas.outcome import Batch, Outcome, Reason, Settled, Stage
from schemas.run import Run, Window
from schemas.source import Section, Source
from tasks.reference.machine.failures import ends_the_run, in_words
from tasks.web.discovery.endpoints import Endpoint, failure_of, final_url, moved_to, read_again, read_answer
from tasks.web.discovery.link_filter import Judge, absolute
from tasks.web.fetching.session import Web, is_own
from tasks.web.http.failures import above
from tasks.web.http.response import FetchError, Response
from tasks.web.http.validators import etag_of, last_modified_of
from tasks.web.readers.entries import Entry, Reading
from tasks.web.readers.feeds import read_feed
from tasks.web.readers.listings import MAX_ARCHIVE_PAGES, archive_pages, read_listing
from tasks.web.readers.sitemaps import read_sitemap
from tasks.web.readers.urllists import MAX_BYTES as MAX_LIST_BYTES
from tasks.web.readers.urllists import is_file, read_url_file, read_url_list
from tasks.web.readers.wordpress import read_wordpress
from tasks.web.urls.canonical import canonical_url

#: The error word of an address whose reading failed in a way nobody foresaw.
FAILED = "failed"
#: The error word of a robots.txt in whose place something else stands: it forbids nothing.
NOT_ROBOTS = "not_robots_txt"
#: Below the sitemap a source names: an index, and the indexes that one names.
MAX_SITEMAP_DEPTH = 2
#: Sitemap files read for one source in one run, newest first.
MAX_SITEMAPS = 50
#: sitemaps.org: no sitemap is larger than 50 MB unpacked.
MAX_SITEMAP_BYTES = 52_428_800
#: Days after which an address is read anew though it says "not modified": some servers say so for ever.
MAX_UNREAD_DAYS = 7
#: Places that name a whole site, years of it: what is old there is left out rather than settled link by link.
_LONG = {FoundIn.SITEMAP, FoundIn.LIST}


class Survey:
    """One source in one run: :meth:`read` goes through its feeds, sitemaps and sections, in that order.

    The first place an address was found in wins, so its hints are those of the feed where a feed has it. A place that
    says "not modified" offers what it gave when it was last read.
    """

    def __init__(self, web: Web, run: Run, source: Source, memory: Memory) -> None:
        self._web = web
        self._run = run
        self._source = source
        self._memory = memory
        self._judge = Judge(run, source)
        self._probes: list[SourceProbe] = []
        self._addresses: dict[str, AddressRead] = {}
        self._found: dict[str, Link | Settled] = {}
        self._newness: dict[str, float] = {}
        self._visited: set[str] = set()
        self._unread = 0

    def read(self) -> Discovery:
        """Everything the source offers, judged, in batches."""
        for feed in self._source.feeds:
            self._read_feed(feed.url)
        whole = self._source.archive_sitemaps if self._run.origin == "backfill" else ()
        for sitemap in dict.fromkeys((*self._source.sitemaps, *whole)):
            with self._boundary(FoundIn.SITEMAP, sitemap):
                self._read_sitemap(sitemap, 0)
        self._tell_unread()
        for section in self._source.sections:
            with self._boundary(FoundIn.SECTION, section.url):
                self._read_section(section)
        with self._boundary(FoundIn.LIST, self._source.wordpress or ""):
            self._read_wordpress()
        for endpoint in self._source.url_lists:
            with self._boundary(FoundIn.LIST, endpoint):
                self._read_list(endpoint)
        self._add_unread()
        batches, addresses = tuple(self._batches()), tuple(self._addresses.values())
        return Discovery(self._source, batches, tuple(self._probes), addresses)

    @contextmanager
    def _boundary(self, found_in: FoundIn, url: str) -> Iterator[None]:
        """One address, come what may: what nobody foresaw costs this address and is named in its probe."""
        try:
            yield
        except Exception as error:
            if ends_the_run(error):
                raise
            self._note(Endpoint(found_in, url), datetime.now(UTC), None, Reading(error=FAILED, detail=in_words(error)))

    def _add_unread(self) -> None:
        """Pages kept by an earlier night that nobody could read to their end: asked for again though nobody offers."""
        if not self._run.is_night:
            return
        for key, page in self._memory.unread.items():
            if page.fetch.link.source_id == self._source.id:
                self._found.setdefault(key, page.fetch.link)

    def _read_feed(self, url: str) -> None:
        limit = self._web.settings.max_body_bytes
        gate = self._web.feed_gate(self._source)
        read = lambda a: self._web.apart(read_feed, a.body, a.header("Content-Type"))  # noqa: E731 - of this endpoint
        with self._boundary(FoundIn.FEED, url):
            self._ask(Endpoint(FoundIn.FEED, url, gate, read, limit))

    def _read_section(self, section: Section) -> None:
        """A section page; in a backfill the pages of its archive instead, until they are older than the window."""
        if self._run.origin != "backfill" or section.archive is None:
            self._read_listing(section.url, section.selector)
            return
        for pages in archive_pages(section, self._run.window):
            met: set[str] = set()
            for url in pages:
                reading = self._read_listing(url, section.selector)
                offered = {key for entry in reading.entries if (key := canonical_url(entry.url, base=url))}
                old = all(self._is_before(entry, url) for entry in reading.entries)
                if reading.error or offered <= met or (old and not section.by_day):
                    break
                met |= offered
            else:
                self._tell(f"stopped after {MAX_ARCHIVE_PAGES} pages" if section.by_page else "")

    def with_robots(self, discovery: Discovery) -> Discovery:
        """The same with a probe for each robots.txt of the site in whose place something else stands.

        Those of the links to be fetched are asked for here; their fetch would ask for them first in any case.
        """
        links = [link.canonical_url for batch in discovery.batches for link in batch.items]
        for url, odd in sorted(self._web.odd_robots(self._source, links).items()):
            reading = Reading(error=NOT_ROBOTS, detail=odd)
            self._note(Endpoint(FoundIn.LIST, url, kind="robots"), datetime.now(UTC), None, reading)
        return replace(discovery, probes=tuple(self._probes))

    def _is_before(self, entry: Entry, base: str) -> bool:
        """Whether an entry is older than the run's window; one that cannot be judged is not."""
        try:
            return self._judge.is_before(entry, base, self._run.window)
        except (ValueError, OverflowError):
            return False

    def _read_wordpress(self) -> None:
        """The posts of the window by the site's own API. Its addresses carry the window, so none is asked twice."""
        api, gate = self._source.wordpress, self._web.feed_gate(self._source)
        if api is None:
            return
        endpoint = Endpoint(FoundIn.LIST, api, gate, kind="wordpress")
        window, asked_at = self._window(api), datetime.now(UTC)
        for page in read_wordpress(lambda url: self._web.client.get(url, gate=gate), api, window, self._web.apart):
            self._web.keep(self._source.id, endpoint.kind, page.answer)
            reading = failure_of(page.answer) or page.reading
            base = final_url(page.answer, page.url)
            self._take(reading, endpoint, base, window)
            self._note(replace(endpoint, url=page.url), asked_at, page.answer, reading)
            asked_at = datetime.now(UTC)

    def _read_list(self, endpoint: str) -> None:
        """A plain list of addresses, on the web or in a file."""
        if is_file(endpoint):
            asked, reading = Endpoint(FoundIn.LIST, endpoint), read_url_file(endpoint)
            _, left = self._take(reading, asked, endpoint, self._window(endpoint))
            self._note(asked, datetime.now(UTC), None, reading.noting(left))
            return
        gate = self._web.feed_gate(self._source)
        read = lambda a: self._web.apart(read_url_list, a.body)  # noqa: E731 - the reader of this endpoint
        self._ask(Endpoint(FoundIn.LIST, endpoint, gate, read, MAX_LIST_BYTES))

    def _read_listing(self, url: str, selector: str) -> Reading:
        gate = self._web.page_gate(self._source)
        read = lambda a: self._web.apart(read_listing, a.body, a.final_url, selector)  # noqa: E731 - of this endpoint
        return self._ask(Endpoint(FoundIn.SECTION, url, gate, read, selector=selector))

    def _read_sitemap(self, url: str, depth: int) -> None:
        """A sitemap and what it names, each file once; children older than the window are not asked for."""
        key = canonical_url(url)
        if key is None or key in self._visited:
            return
        if len(self._visited) >= MAX_SITEMAPS:
            self._unread += 1
            return
        self._visited.add(key)
        gate = self._web.feed_gate(self._source)
        read = lambda a: self._web.apart(read_sitemap, a.body, MAX_SITEMAP_BYTES)  # noqa: E731 - of this endpoint
        reading = self._ask(Endpoint(FoundIn.SITEMAP, url, gate, read, MAX_SITEMAP_BYTES))
        if reading.children and depth < MAX_SITEMAP_DEPTH:
            for child in self._children(reading, url):
                with self._boundary(FoundIn.SITEMAP, child.url):
                    self._read_sitemap(absolute(child.url, url), depth + 1)

    def _children(self, reading: Reading, url: str) -> list[Entry]:
        """The sitemaps of an index that are to be read, newest first; how many are not is told."""
        window = self._window(url)
        own = [c for c in reading.children if (key := canonical_url(c.url, base=url)) and is_own(key, self._source)]
        new = [child for child in own if not self._judge.is_older(child, window)]
        foreign, older = len(reading.children) - len(own), len(own) - len(new)
        self._tell(f"{foreign} sitemaps on other hosts refused" if foreign else "")
        self._tell(f"{older} sitemaps older than the window left out" if older else "")
        return sorted(new, key=lambda entry: entry.modified.day or date.max, reverse=True)

    def _tell(self, note: str) -> None:
        """Add to what the last probe says."""
        if note and self._probes:
            told = "; ".join(part for part in (self._probes[-1].detail, note) if part)
            self._probes[-1] = replace(self._probes[-1], detail=told)

    def _tell_unread(self) -> None:
        self._tell(f"{self._unread} further sitemaps not read: {MAX_SITEMAPS} a run" if self._unread else "")

    def _window(self, url: str) -> Window:
        return self._memory.window_for(self._run, self._source.id, self._web.settings.catch_up_days, url)

    def _ask(self, endpoint: Endpoint) -> Reading:
        """Ask one address, note what it answered, and judge what it offers."""
        window, reader = self._window(endpoint.url), f"{self._run.code_version} {endpoint.selector}".strip()
        held = self._memory.addresses.get((self._source.id, endpoint.url))
        known = held if held and held.holds_for(self._run, window, reader, MAX_UNREAD_DAYS) else None
        asked_at = datetime.now(UTC)
        answer = self._web.client.get(
            endpoint.url,
            etag=known.etag if known else None,
            last_modified=known.last_modified if known else None,
            gate=endpoint.gate,
            cut_at=endpoint.cut_at,
        )
        self._web.keep(self._source.id, endpoint.found_in.value, answer)
        again = known if isinstance(answer, Response) and answer.status == 304 else None
        reading = read_again(again) if again else read_answer(answer, endpoint)
        link_ids, left = self._take(reading, endpoint, final_url(answer, endpoint.url), window)
        self._note(endpoint, asked_at, answer, reading.noting(left))
        if again:
            link_ids = tuple(link.link_id for link in again.offered)
            self._addresses[endpoint.url] = self._answered(endpoint, again, link_ids)
        elif isinstance(answer, Response) and reading.error is None and not reading.partial:
            now = self._read_now(answer, reader, window, keep=not reading.children)
            self._addresses[endpoint.url] = self._answered(endpoint, now, link_ids)
        return reading

    def _take(self, reading: Reading, endpoint: Endpoint, base: str, window: Window) -> tuple[tuple[str, ...], str]:
        """Judge what an endpoint offers, entry by entry; the ids of its links, and what was left out of a sitemap."""
        ids: dict[str, None] = {}
        left: Counter[str] = Counter()
        for entry in reading.entries:
            try:
                end = self._end_of(entry, endpoint, base, window)
            except Exception as error:
                if ends_the_run(error):
                    raise
                left["entries could not be judged"] += 1
                end = self._judge.unreadable(entry, endpoint.found_in, endpoint.url, error)
            if isinstance(end, str):
                left[end] += 1
                continue
            link = end if isinstance(end, Link) else end.fetch.link
            ids[link.link_id] = None
            self._found.setdefault(link.canonical_url, end)
        return tuple(ids), "; ".join(f"{count} {why}" for why, count in sorted(left.items()))

    def _end_of(self, entry: Entry, endpoint: Endpoint, base: str, window: Window) -> Link | Settled | str:
        """A link, one settled at once, or why an entry of a place that names a whole site is left out."""
        if endpoint.found_in in _LONG and not entry.published.day:
            if self._judge.is_before(entry, base, window):
                return "older than the window left out"
            if not entry.modified.day and canonical_url(entry.url, base=base) in self._memory.pages:
                return "undated pages held already left out"
        end = self._judge.judge(entry, endpoint.found_in, endpoint.url, base, window)
        if isinstance(end, Link):
            newness = self._judge.newness(entry, end.canonical_url, endpoint.found_in, window)
            self._newness.setdefault(end.canonical_url, newness)
        return end

    def _note(
        self, endpoint: Endpoint, asked_at: datetime, answer: Response | FetchError | None, reading: Reading
    ) -> None:
        self._probes.append(
            SourceProbe(
                run_id=self._run.run_id,
                source_id=self._source.id,
                kind=endpoint.kind or endpoint.found_in.value,
                url=endpoint.url,
                requested_at=asked_at,
                status=answer.status if isinstance(answer, Response) else None,
                entries=len(reading.entries) or len(reading.children),
                error=reading.error,
                detail=reading.noting(moved_to(answer)).detail,
            )
        )

    def _answered(self, endpoint: Endpoint, known: KnownAddress, link_ids: tuple[str, ...]) -> AddressRead:
        """What the next run is to know of an address that answered well."""
        return AddressRead(
            source_id=self._source.id,
            url=endpoint.url,
            run_id=self._run.run_id,
            kind=endpoint.found_in.value,
            etag=known.etag,
            last_modified=known.last_modified,
            reader=known.reader,
            read_run_id=known.read_run_id,
            read_at=known.read_at or self._run.started_at,
            window_start=known.window_start or self._run.window.start,
            answered_at=self._run.started_at,
            link_ids=link_ids,
        )

    def _read_now(self, answer: Response, reader: str, window: Window, *, keep: bool) -> KnownAddress:
        """An answer read whole and well. An index keeps no validators: what it names changes though it does not."""
        return KnownAddress(
            url=answer.url,
            etag=etag_of(answer) if keep else None,
            last_modified=last_modified_of(answer) if keep else None,
            reader=reader,
            read_run_id=self._run.run_id,
            read_at=self._run.started_at,
            window_start=window.start,
        )

    def _batches(self) -> Iterator[Batch[Link]]:
        """Links in batches, the newest first; those settled at once go with the first.

        A night's links are dealt to its batches like cards, for batches are worked on side by side: if the time runs
        out, it is the oldest that are left. What is above the number of a night is settled as deferred.
        """
        links = [end for end in self._found.values() if isinstance(end, Link)]
        settled = [end for end in self._found.values() if isinstance(end, Settled)]
        if self._run.is_night:
            links.sort(key=self._rank)
            most = self._web.settings.source_links
            settled += self._over_links(links[most:])
            links = links[:most]
        size = self._web.settings.batch_size
        count = -(-len(links) // size) or (1 if settled else 0)
        for number in range(count):
            part = links[number::count] if self._run.is_night else links[number * size : (number + 1) * size]
            yield Batch(self._source.id, number, tuple(part), tuple(settled) if number == 0 else ())

    def _rank(self, link: Link) -> tuple[int, float]:
        """What a night asks for first: what was never asked for or never read to its end, then what is held, then what
        was refused lately; in each the newest first. Otherwise pages that are always refused would keep others waiting
        night after night.
        """
        key, memory = link.canonical_url, self._memory
        seen = 0 if key in memory.unread else 2 if key in memory.refused else 1 if key in memory.pages else 0
        return seen, -self._newness.get(key, 0.0)

    def _over_links(self, links: Sequence[Link]) -> list[Settled]:
        """What a night leaves for another because there is too much of it; the last probe names it, too."""
        if not links:
            return []
        most = self._web.settings.source_links
        detail = above("source_links", most, "the newest are asked for first, these by a later night")
        self._tell(f"{len(links)} links deferred: {detail}")
        now = datetime.now(UTC)
        why = Outcome.DEFERRED, Reason.OVER_LINKS, detail
        return [Settled(Fetch(self._run.run_id, link, now), Stage.DISCOVER, *why) for link in links]
