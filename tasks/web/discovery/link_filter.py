"""The link filter: each entry of an endpoint becomes a link to fetch, or ends with the reason why not."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from urllib.parse import urljoin
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schemas.fetch import Fetch
from schemas.link import FoundIn, Link
from schemas.memory import KnownAddress
from schemas.outcome import Outcome, Reason, Settled, Stage
from schemas.run import Run, Window
from schemas.source import Source
from tasks.reference.machine.failures import in_words
from tasks.web.fetching.session import is_own
from tasks.web.readers.entries import Entry, days_of
from tasks.web.readers.stamps import read_stamp
from tasks.web.urls.canonical import canonical_url, day_in, looks_like_trap

#: Characters kept of what stands where a URL should.
_MAX_NO_URL = 500
#: The day in an address is in a zone nobody names, and may be the one a page was planned for.
_SLACK = timedelta(days=1)
_EPOCH = date(1970, 1, 1).toordinal() * 86_400.0


class Judge:
    """What becomes of the entries of one source in one run."""

    def __init__(self, run: Run, source: Source) -> None:
        self._run = run
        self._source = source
        self._zone = _zone_of(source)

    def judge(self, entry: Entry, found_in: FoundIn, found_at: str, base: str, window: Window) -> Link | Settled:
        """A link to be fetched, or one settled at once; ``base`` resolves relative addresses."""
        key = canonical_url(entry.url, base=base)
        usable = key is not None and not looks_like_trap(key)
        link = Link(
            source_id=self._source.id,
            url=absolute(entry.url, base) if usable else entry.url[:_MAX_NO_URL],
            canonical_url=key if key is not None else entry.url[:_MAX_NO_URL],
            found_in=found_in,
            found_at=found_at,
            title_hint=entry.title,
            published_hint=entry.published.instant,
            published_raw=entry.published.raw,
            modified_raw=entry.modified.raw,
        )
        reason, detail = self._objection(entry, link, usable, window)
        if reason is None:
            return link
        fetch = Fetch(self._run.run_id, link, datetime.now(UTC))
        return Settled(fetch, Stage.DISCOVER, Outcome.REJECTED, reason, detail)

    def unreadable(self, entry: Entry, found_in: FoundIn, found_at: str, error: Exception) -> Settled:
        """The end of an entry that nobody foresaw: counted and named, and the entries beside it are read."""
        words = entry.url[:_MAX_NO_URL]
        link = Link(self._source.id, words, words, found_in, found_at, published_raw=entry.published.raw)
        fetch = Fetch(self._run.run_id, link, datetime.now(UTC))
        return Settled(fetch, Stage.DISCOVER, Outcome.REJECTED, Reason.ENTRY, in_words(error))

    def days_published(self, entry: Entry, key: str | None) -> frozenset[date]:
        """The days it may have been published on: as declared, and as its address says; empty if nothing does.

        Where the two disagree neither outvotes the other: a feed may give one stale date to all its entries, an
        address may name the day something was planned for. The page is asked for if one of them is in the window.
        """
        declared = days_of(entry.published, self._zone)
        named = day_in(key) if key else None
        around = frozenset({named - _SLACK, named, named + _SLACK}) if named else frozenset()
        return declared if declared & around else declared | around

    def newness(self, entry: Entry, key: str, found_in: FoundIn, window: Window) -> float:
        """When it came out or was last changed, in seconds since 1970, as far as anything says; for putting in order.

        What a feed or a section names without a date is news; what a sitemap or a list names may be of any year.
        """
        if entry.published.instant is not None:
            return entry.published.instant.timestamp()
        news = found_in in (FoundIn.FEED, FoundIn.SECTION)
        days = self.days_published(entry, key) or days_of(entry.modified, self._zone) or ({window.end} if news else ())
        return max(days, default=date.min).toordinal() * 86_400.0 - _EPOCH

    def is_older(self, entry: Entry, window: Window) -> bool:
        """Whether it was last changed before the window, hence published before it."""
        days = days_of(entry.modified, self._zone)
        return bool(days) and max(days) < window.start

    def is_before(self, entry: Entry, base: str, window: Window) -> bool:
        """Whether it was published before the window, by what is said of it."""
        days = self.days_published(entry, canonical_url(entry.url, base=base))
        return max(days) < window.start if days else self.is_older(entry, window)

    def _objection(self, entry: Entry, link: Link, usable: bool, window: Window) -> tuple[Reason | None, str]:
        """Why a link is not to be fetched, if it is not."""
        if not usable:
            return Reason.URL, "no address of a page" if entry.url.strip() else "an entry without an address"
        if not is_own(link.canonical_url, self._source):
            return Reason.OFFSITE, f"not on a site of {self._source.id}"
        days = self.days_published(entry, link.canonical_url)
        if days and not any(window.start <= day <= window.end for day in days):
            declared = entry.published.day
            detail = f"published {declared}" if declared else f"its address says {day_in(link.canonical_url)}"
            return Reason.OUT_OF_WINDOW, detail
        if not days and self.is_older(entry, window):
            return Reason.OUT_OF_WINDOW, f"last modified {entry.modified.day}"
        return None, ""


def entries_again(address: KnownAddress) -> tuple[Entry, ...]:
    """What an unchanged address offers still, with the hints it gave."""
    return tuple(
        Entry(link.url, link.title_hint, read_stamp(link.published_raw), read_stamp(link.modified_raw))
        for link in address.offered
    )


def absolute(url: str, base: str) -> str:
    """The address as written, made absolute; raises ``ValueError`` for one with a malformed host."""
    return urljoin(base, url.strip())


def _zone_of(source: Source) -> tzinfo:
    try:
        return ZoneInfo(source.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
