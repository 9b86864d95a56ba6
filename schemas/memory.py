"""What the warehouse remembers of sources and pages when a run begins."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from schemas.fetch import KnownPage
from schemas.link import Link
from schemas.outcome import Outcome, Reason
from schemas.run import Run, Window


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """What is known of one feed, sitemap or section page: the validators of its last whole answer.

    ``offered`` are the links it gave then: an unchanged address still offers them.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    offered: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceState:
    """How a source fared up to now. Instants are aware UTC.

    ``failure_points`` adds up weighted failures since the last success; a source is paused when they reach the limit,
    until ``paused_until``, for ``pause_reason``.
    """

    source_id: str
    last_success_at: datetime | None = None
    last_new_item_at: datetime | None = None
    failure_points: float = 0.0
    paused_until: datetime | None = None
    pause_reason: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a link ended in an earlier run of the same origin and window that was cut off."""

    run_id: str
    outcome: Outcome
    reason: Reason | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Memory:
    """The past, as far as a run needs it.

    ``pages`` and ``ended`` are keyed by canonical URL, ``addresses`` by source id and URL, ``states`` by source id.
    ``suppressed`` holds canonical URLs and SHA-256 of bodies that were erased and must not come back, with the reason.
    """

    pages: Mapping[str, KnownPage] = field(default_factory=dict)
    addresses: Mapping[tuple[str, str], KnownAddress] = field(default_factory=dict)
    states: Mapping[str, SourceState] = field(default_factory=dict)
    ended: Mapping[str, Ended] = field(default_factory=dict)
    suppressed: Mapping[str, str] = field(default_factory=dict)

    def window_for(self, run: Run, source_id: str, longest_days: int) -> Window:
        """The days a run is about for one source: a night after missed nights begins at the source's last success.

        At most ``longest_days`` back from the window's end; of runs other than nightly ones, the window as asked.
        """
        state = self.states.get(source_id)
        if run.origin != "nightly" or state is None or state.last_success_at is None:
            return run.window
        earliest = run.window.end - timedelta(days=longest_days)
        return Window(min(run.window.start, max(state.last_success_at.date(), earliest)), run.window.end)
