"""A backfill before it runs: its windows, what is known of each; and pages that lie in somebody else's archive."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from schemas.discovery import Discovery
from schemas.keys import text_sha256
from schemas.link import Link
from schemas.outcome import Batch
from schemas.run import Window

#: The origin of backfills from the sites themselves; others add the archive they read.
SITE_ORIGIN = "backfill"
_DIGITS = 12


class DatedBy(StrEnum):
    """What places an archived page in time: the day the archive captured it, or the day its article came out."""

    CAPTURE = "capture"
    PUBLICATION = "publication"


@dataclass(frozen=True, slots=True)
class WarcFile:
    """A WARC file of somebody else, or one inside a ``.wacz``: ``size`` bytes from ``base`` on, where offsets begin."""

    path: Path
    base: int
    size: int
    inner: str | None = None

    @property
    def name(self) -> str:
        """What provenance calls it: the file's name, and the one inside."""
        return f"{self.path.name}!{self.inner}" if self.inner else self.path.name


@dataclass(frozen=True, slots=True)
class Holding:
    """One page in somebody else's archive: where it is, and what the archive says of it.

    ``archived_at`` is the archive's own capture time (aware UTC). ``digest`` is as the archive states it. A page of a
    WARC file is at ``offset`` of ``file``; one of a CDX listing at the address ``record``. ``older`` are further
    captures of the same address, newest first, for the case that this one is damaged.
    """

    link: Link
    archive: str
    record: str
    archived_at: datetime
    digest: str | None = None
    file: WarcFile | None = None
    offset: int = 0
    older: tuple["Holding", ...] = ()


@dataclass(frozen=True, slots=True)
class ArchiveSurvey:
    """What an archive holds of one source in one window. ``batches`` are those of the discovery, link by link."""

    discovery: Discovery
    batches: tuple[Batch[Holding], ...]


@dataclass(frozen=True, slots=True)
class Archives:
    """Where a backfill reads from if not from the sites: WARC files and folders, or the address of a CDX server."""

    warcs: tuple[Path, ...] = ()
    cdx: str | None = None
    dated_by: DatedBy = DatedBy.CAPTURE

    def __post_init__(self) -> None:
        if self.warcs and self.cdx:
            raise ValueError("one archive at a time: WARC files or a CDX listing, not both")

    @property
    def is_site(self) -> bool:
        """Return True if the sites themselves are asked."""
        return not self.warcs and not self.cdx

    @property
    def by_publication(self) -> bool:
        """Return True if pages are placed in time only when they have been read: the whole is then one window."""
        return bool(self.warcs) and self.dated_by is DatedBy.PUBLICATION

    @property
    def origin(self) -> str:
        """The origin of the runs: what was done is only skipped if it was done from the same archive.

        >>> Archives().origin, Archives(cdx="https://archive.example/cdx").origin
        ('backfill', 'backfill:cdx:b82a8f6ed0dd')
        """
        if self.cdx:
            return f"{SITE_ORIGIN}:cdx:{text_sha256([self.cdx])[:_DIGITS]}"
        if self.warcs:
            places = sorted(str(path.resolve()) for path in self.warcs)
            return f"{SITE_ORIGIN}:warc:{text_sha256([*places, self.dated_by])[:_DIGITS]}"
        return SITE_ORIGIN


@dataclass(frozen=True, slots=True)
class WindowPlan:
    """One window: who is still to be asked, who was done before, and how many links to reckon with, by source.

    ``known`` counts links that somebody dated within the window; ``expected`` is reckoned from the source's usual pace
    if nothing is known; ``uncounted`` are sources of which neither is known, for none of their addresses answered.
    ``seconds`` is what politeness makes of it: links times delay, hosts side by side.
    """

    window: Window
    todo: tuple[str, ...]
    done: tuple[str, ...]
    known: Mapping[str, int] = field(default_factory=dict)
    expected: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    uncounted: tuple[str, ...] = ()

    @property
    def links(self) -> int:
        """Links to reckon with."""
        return sum(self.known.values()) + sum(self.expected.values())


@dataclass(frozen=True, slots=True)
class Plan:
    """The windows of a backfill, oldest first. ``undated`` counts links nobody dated: they may belong to any window.

    ``notes`` say what the plan could not see, for people.
    """

    origin: str
    windows: tuple[WindowPlan, ...]
    undated: int = 0
    notes: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """The time of all windows, one after another."""
        return sum(window.seconds for window in self.windows)


@dataclass(frozen=True, slots=True)
class DoneWindow:
    """A window that an earlier run finished for a source, and the day (UTC) on which that run began."""

    source_id: str
    window: Window
    on: date

    def days(self, *, growing: bool) -> frozenset[date]:
        """The days that are done with; if the origin still grows, only those that were over when the run began."""
        last = min(self.window.end, self.on - timedelta(days=1)) if growing else self.window.end
        count = (last - self.window.start).days + 1
        return frozenset(self.window.start + timedelta(days=number) for number in range(count))
