"""What a feed, a sitemap or a section page offers, before anybody judges it."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from tasks.web.readers.stamps import NO_STAMP, Stamp


@dataclass(frozen=True, slots=True)
class Entry:
    """One address as offered: ``url`` as written, perhaps relative, perhaps no URL at all.

    ``published`` is when it came out, as declared; ``modified`` only bounds that from above.
    """

    url: str
    title: str | None = None
    published: Stamp = NO_STAMP
    modified: Stamp = NO_STAMP


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one document gave. ``error`` is a reason word where it was not what it should be.

    ``partial`` says that a part was lost (cut off, broken, above a limit); ``detail`` says which, for people.
    ``children`` are further sitemaps, where an index names some; ``following`` is the token of the next page.
    """

    entries: tuple[Entry, ...] = ()
    error: str | None = None
    detail: str = ""
    partial: bool = False
    children: tuple[Entry, ...] = ()
    following: str = ""

    def noting(self, *notes: str, partial: bool = False) -> "Reading":
        """The same with something more to tell."""
        told = "; ".join(note for note in (self.detail, *notes) if note)
        return replace(self, detail=told, partial=self.partial or partial)


def days_of(stamp: Stamp, zone: tzinfo) -> frozenset[date]:
    """The days a stamp may mean: as written, in its own zone, and in the source's. Empty where there is none.

    At the ends of the calendar (9999-12-31 means "never" to many systems) the source's zone may have no such day.

    >>> from zoneinfo import ZoneInfo
    >>> from tasks.web.readers.stamps import read_stamp
    >>> sorted(map(str, days_of(read_stamp("Sun, 10 Dec 2023 22:30:00 GMT"), ZoneInfo("Asia/Damascus"))))
    ['2023-12-10', '2023-12-11']
    """
    days = {stamp.day} if stamp.day else set()
    if isinstance(stamp.instant, datetime):
        with suppress(OverflowError):
            days.add(stamp.instant.astimezone(zone).date())
    return frozenset(days)
