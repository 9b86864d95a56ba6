"""What the warehouse remembers of sources and pages when a run begins."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from schemas.fetch import KnownPage
from schemas.link import Link
from schemas.outcome import Outcome, Reason
from schemas.page import FetchedPage
from schemas.run import Run, Window


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """What is known of one feed, sitemap or section page: the validators of its last whole answer, read well.

    ``offered`` are the links it gave then, in order: an unchanged address still offers them. They were chosen for a
    window that began on ``window_start``, by ``reader`` (code version and selector), in run ``read_run_id`` at
    ``read_at``. ``answered_at`` is when it last said anything of use, "not modified" included. Instants are aware UTC.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    offered: tuple[Link, ...] = ()
    reader: str = ""
    read_run_id: str = ""
    read_at: datetime | None = None
    window_start: date | None = None
    answered_at: datetime | None = None

    def holds_for(self, run: Run, window: Window, reader: str, longest_days: int) -> bool:
        """Return True if a request may be made conditional on it.

        Not if the answer would now be read otherwise (other code, another selector, an earlier window), nor if it
        is older than ``longest_days``: servers that say "not modified" for ever exist.
        """
        if not (self.etag or self.last_modified) or self.read_at is None or self.window_start is None:
            return False
        fresh = timedelta(0) <= run.started_at - self.read_at <= timedelta(days=longest_days)
        return fresh and self.reader == reader and self.window_start <= window.start


@dataclass(frozen=True, slots=True)
class SourceState:
    """How a source fared up to now. Instants are aware UTC.

    ``failure_points`` adds up weighted failures since the last success; a source is paused when they reach the limit,
    until ``paused_until``, for ``pause_reason``; ``pauses`` counts the pauses since that success.
    """

    source_id: str
    last_success_at: datetime | None = None
    last_new_item_at: datetime | None = None
    failure_points: float = 0.0
    paused_until: datetime | None = None
    pause_reason: str = ""
    pauses: int = 0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a link ended in an earlier run of the same origin and window that was cut off."""

    run_id: str
    outcome: Outcome
    reason: Reason | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Deferral:
    """Until when a link is not to be asked for (aware UTC), and why."""

    until: datetime
    reason: Reason
    run_id: str


@dataclass(frozen=True, slots=True)
class Memory:
    """The past, as far as a run needs it.

    ``pages``, ``ended`` and ``deferred`` are keyed by canonical URL, ``addresses`` by source id and URL, ``states`` by
    source id.
    ``unread`` are pages, by canonical URL, whose bytes are kept and were never read to their end; ``refused`` the
    canonical URLs that ended lately without a page.
    ``suppressed`` holds canonical URLs and SHA-256 of bodies that were erased and must not come back, with the reason.
    """

    pages: Mapping[str, KnownPage] = field(default_factory=dict)
    addresses: Mapping[tuple[str, str], KnownAddress] = field(default_factory=dict)
    states: Mapping[str, SourceState] = field(default_factory=dict)
    ended: Mapping[str, Ended] = field(default_factory=dict)
    suppressed: Mapping[str, str] = field(default_factory=dict)
    deferred: Mapping[str, Deferral] = field(default_factory=dict)
    unread: Mapping[str, FetchedPage] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()

    def window_for(self, run: Run, source_id: str, longest_days: int, url: str | None = None) -> Window:
        """The days a run is about for one source: a night after missed nights begins at the source's last success.

        For one address of the source (``url``), at the last answer of that address, if that was earlier: a feed may
        be down while the others of its source are well. At most ``longest_days`` back from the window's end; of runs
        other than nightly ones, the window as asked.
        """
        if run.origin != "nightly":
            return run.window
        state, address = self.states.get(source_id), self.addresses.get((source_id, url or ""))
        times = (state.last_success_at if state else None, address.answered_at if address else None)
        days = [instant.date() for instant in times if instant is not None]
        earliest = run.window.end - timedelta(days=longest_days)
        return Window(min(run.window.start, max(min(days), earliest)) if days else run.window.start, run.window.end)

    def pause_of(self, run: Run, source_id: str) -> str:
        """Why a nightly run leaves a source alone, for people; empty if it does not."""
        state = self.states.get(source_id)
        if run.origin != "nightly" or state is None or state.paused_until is None:
            return ""
        if run.started_at >= state.paused_until:
            return ""
        return f"paused until {state.paused_until:%Y-%m-%d %H:%M} UTC: {state.pause_reason}"
