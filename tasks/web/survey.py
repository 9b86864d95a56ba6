"""A survey: what one source offers just now, each address once, and what each place answered."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, tzinfo
from urllib.parse import urljoin
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schemas.discovery import Discovery, SourceProbe
from schemas.fetch import Fetch
from schemas.link import FoundIn, Link
from schemas.memory import Memory
from schemas.outcome import Batch, Outcome, Reason, Settled, Stage
from schemas.run import Run
from schemas.source import Section, Source
from tasks.web.answer import Answer, Fault
from tasks.web.entries import Entry, Reading, days_of
from tasks.web.feeds import read_feed
from tasks.web.listings import read_listing
from tasks.web.session import Web, is_own
from tasks.web.sitemaps import read_sitemap
from tasks.web.urls import canonical_url, looks_like_trap
from tasks.web.verdicts import judge_fault, judge_status

#: Below the sitemap a source names: an index, and the indexes that one names.
MAX_SITEMAP_DEPTH = 2
#: Sitemap files read for one source in one run, newest first.
MAX_SITEMAPS = 50
#: sitemaps.org: no sitemap is larger than 50 MB unpacked.
MAX_SITEMAP_BYTES = 52_428_800
#: Characters kept of what stands where a URL should.
_MAX_NO_URL = 500


class Survey:
    """One source in one run: :meth:`read` goes through its feeds, sitemaps and sections, in that order.

    The first place an address was found in wins, so its hints are those of the feed where a feed has it.
    """

    def __init__(self, web: Web, run: Run, source: Source, memory: Memory) -> None:
        self._web = web
        self._run = run
        self._source = source
        self._memory = memory
        self._zone = _zone_of(source)
        self._probes: list[SourceProbe] = []
        self._found: dict[str, Link | Settled] = {}
        self._visited: set[str] = set()

    def read(self) -> Discovery:
        """Everything the source offers, judged, in batches."""
        for feed in self._source.feeds:
            self._read_feed(feed.url)
        for sitemap in self._source.sitemaps:
            self._read_sitemap(sitemap, 0)
        for section in self._source.sections:
            self._read_section(section)
        return Discovery(self._source, tuple(self._batches()), tuple(self._probes))

    def _read_feed(self, url: str) -> None:
        asked_at = datetime.now(UTC)
        answer = self._web.client.get(url, gate=self._web.feed_gate(self._source))
        reading = _failure(answer) or read_feed(_body(answer), _content_type(answer))
        self._take(FoundIn.FEED, url, asked_at, answer, reading)

    def _read_section(self, section: Section) -> None:
        asked_at = datetime.now(UTC)
        answer = self._web.client.get(section.url, gate=self._web.page_gate(self._source))
        reading = _failure(answer) or read_listing(_body(answer), _final(answer, section.url), section.selector)
        self._take(FoundIn.SECTION, section.url, asked_at, answer, reading)

    def _read_sitemap(self, url: str, depth: int) -> None:
        """A sitemap and what it names, each file once; children older than the window are not asked for."""
        key = canonical_url(url)
        if key is None or key in self._visited or len(self._visited) >= MAX_SITEMAPS:
            return
        self._visited.add(key)
        asked_at = datetime.now(UTC)
        answer = self._web.client.get(url, gate=self._web.feed_gate(self._source))
        reading = _failure(answer) or read_sitemap(_body(answer), MAX_SITEMAP_BYTES)
        self._take(FoundIn.SITEMAP, url, asked_at, answer, reading)
        if depth == MAX_SITEMAP_DEPTH:
            return
        for child in sorted(reading.children, key=lambda entry: entry.modified.day or date.max, reverse=True):
            address = canonical_url(child.url, base=url)
            if address and is_own(address, self._source) and not self._is_older(child):
                self._read_sitemap(_absolute(child.url, url), depth + 1)

    def _take(self, found_in: FoundIn, url: str, asked_at: datetime, answer: Answer | Fault, reading: Reading) -> None:
        """Note what a place answered, and judge what it offers."""
        base, older = _final(answer, url), 0
        for entry in reading.entries:
            if found_in is FoundIn.SITEMAP and not entry.published.day and self._is_older(entry):
                older += 1
            else:
                self._judge(entry, found_in, url, base)
        notes = [reading.detail, f"{older} last modified before the window, left out" if older else ""]
        self._probes.append(
            SourceProbe(
                run_id=self._run.run_id,
                source_id=self._source.id,
                kind=found_in.value,
                url=url,
                requested_at=asked_at,
                status=answer.status if isinstance(answer, Answer) else None,
                entries=len(reading.entries) or len(reading.children),
                error=reading.error,
                detail="; ".join(note for note in notes if note),
            )
        )

    def _judge(self, entry: Entry, found_in: FoundIn, found_at: str, base: str) -> None:
        """Make an entry a link, or settle it, unless its address was found before."""
        key = canonical_url(entry.url, base=base)
        usable = key is not None and not looks_like_trap(key)
        link = Link(
            source_id=self._source.id,
            url=_absolute(entry.url, base) if usable else entry.url[:_MAX_NO_URL],
            canonical_url=key if key is not None else entry.url[:_MAX_NO_URL],
            found_in=found_in,
            found_at=found_at,
            title_hint=entry.title,
            published_hint=entry.published.instant,
            published_raw=entry.published.raw,
        )
        if link.canonical_url not in self._found:
            reason, detail = self._objection(entry, link, usable)
            self._found[link.canonical_url] = self._settled(link, reason, detail) if reason else link

    def _objection(self, entry: Entry, link: Link, usable: bool) -> tuple[Reason | None, str]:
        """Why a link is not to be fetched, if it is not."""
        if not usable:
            return Reason.URL, "no address of a page" if entry.url.strip() else "an entry without an address"
        if not is_own(link.canonical_url, self._source):
            return Reason.OFFSITE, f"not on a site of {self._source.id}"
        days = days_of(entry.published, self._zone)
        if days and not any(self._run.window.start <= day <= self._run.window.end for day in days):
            return Reason.OUT_OF_WINDOW, f"published {min(days)}"
        if not days and self._is_older(entry):
            return Reason.OUT_OF_WINDOW, f"last modified {entry.modified.day}"
        return None, ""

    def _settled(self, link: Link, reason: Reason, detail: str) -> Settled:
        fetch = Fetch(self._run.run_id, link, datetime.now(UTC))
        return Settled(fetch, Stage.DISCOVER, Outcome.REJECTED, reason, detail)

    def _is_older(self, entry: Entry) -> bool:
        """Whether it was last changed before the window, hence published before it."""
        days = days_of(entry.modified, self._zone)
        return bool(days) and max(days) < self._run.window.start

    def _batches(self) -> Iterator[Batch[Link]]:
        """Links in batches, in the order found; those settled at once go with the first."""
        links = [end for end in self._found.values() if isinstance(end, Link)]
        settled = tuple(end for end in self._found.values() if isinstance(end, Settled))
        size = self._web.settings.batch_size
        starts = range(0, len(links), size) if links else range(1 if settled else 0)
        for number, start in enumerate(starts):
            yield Batch(self._source.id, number, tuple(links[start : start + size]), settled if number == 0 else ())


def _failure(answer: Answer | Fault) -> Reading | None:
    """What kept a place from being read at all."""
    verdict = judge_fault(answer) if isinstance(answer, Fault) else judge_status(answer, known=False)
    return Reading(error=verdict[1].value, detail=verdict[2]) if verdict else None


def _body(answer: Answer | Fault) -> bytes:
    return answer.body if isinstance(answer, Answer) else b""


def _content_type(answer: Answer | Fault) -> str | None:
    return answer.header("Content-Type") if isinstance(answer, Answer) else None


def _final(answer: Answer | Fault, url: str) -> str:
    return answer.final_url if isinstance(answer, Answer) else url


def _absolute(url: str, base: str) -> str:
    """The address as found, made absolute."""
    return urljoin(base, url.strip())


def _zone_of(source: Source) -> tzinfo:
    try:
        return ZoneInfo(source.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
