"""A run of a flow: what it was asked for and what became of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from schemas.keys import row_id


@dataclass(frozen=True, slots=True)
class Window:
    """The days, both included, whose articles a run is about."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a window ends before it starts: {self.start} to {self.end}")


def windows_between(whole: Window, days: int) -> Iterator[Window]:
    """A window cut into parts of so many days, oldest first; the last may be shorter.

    >>> whole = Window(date(2023, 12, 1), date(2023, 12, 10))
    >>> [f"{part.start:%d}-{part.end:%d}" for part in windows_between(whole, 7)]
    ['01-07', '08-10']
    """
    if days < 1:
        raise ValueError(f"a window of {days} days")
    start = whole.start
    while start <= whole.end:
        last = min(start + timedelta(days=days - 1), whole.end)
        yield Window(start, last)
        start = last + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it begins. ``origin`` is ``nightly``, ``backfill``, ``reprocess`` or ``demo``.

    ``started_at`` is an aware UTC instant; ``code_version`` names the release and, in a checkout, the commit.
    """

    origin: str
    window: Window
    started_at: datetime
    code_version: str

    @property
    def run_id(self) -> str:
        """Keyed by origin, window and start: a run is the one thing that its clock names."""
        return row_id("run", self.origin, self.window.start, self.window.end, self.started_at.isoformat())

    @property
    def is_night(self) -> bool:
        """Return True if its bounds are those of a night: what is over them has a next night to wait for."""
        return self.origin in {"nightly", "demo"}


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What loading one batch did: rows by table and action, e.g. ``{"articles": {"inserted": 3}}``.

    ``reread`` names link and capture of the pages that another run had kept; ``None`` if the batch stood already.
    """

    source_id: str
    rows: dict[str, dict[str, int]]
    outcomes: dict[str, int]
    reasons: dict[str, int]
    reread: tuple[tuple[str, str], ...] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class SourceResult:
    """How one source fared: ``reached`` is false if none of its feeds, sitemaps or sections could be read.

    ``new`` counts links of the window that no run had met before; ``None`` if nobody counted (a reprocess).
    ``paused`` says that it was left alone after long failure; ``detail`` tells all of it in words.
    """

    source_id: str
    name: str
    reached: bool
    discovered: int
    detail: str
    new: int | None = None
    paused: bool = False


@dataclass(frozen=True, slots=True)
class RunSummary:
    """The end of a run. ``discovered == sum(outcomes.values())``, checked before the run is marked done.

    ``fetched`` counts the links answered with a page. ``reasons`` is keyed ``outcome:reason``; ``rows`` by table and
    action (inserted, updated, unchanged, deleted). ``held`` says why readers did not get what it left, if it was so.
    """

    run: Run
    finished_at: datetime
    discovered: int
    fetched: int
    outcomes: dict[str, int]
    reasons: dict[str, int]
    articles: int
    mentions: int
    events: int
    rows: dict[str, dict[str, int]] = field(default_factory=dict)
    sources: tuple[SourceResult, ...] = ()
    held: tuple[str, ...] = ()

    @property
    def rows_changed(self) -> int:
        """Rows inserted, updated or deleted, the run's own and last-seen stamps apart."""
        actions = (action for table in self.rows.values() for action in table.items())
        return sum(count for action, count in actions if action != "unchanged")

    @property
    def unreached(self) -> tuple[SourceResult, ...]:
        """The sources none of whose addresses could be read."""
        return tuple(source for source in self.sources if not source.reached)

    @property
    def paused(self) -> tuple[SourceResult, ...]:
        """The sources left alone after long failure; they are among the unreached."""
        return tuple(source for source in self.sources if source.paused)

    @property
    def without_news(self) -> tuple[SourceResult, ...]:
        """The sources that were read and had nothing new."""
        return tuple(source for source in self.sources if source.reached and source.new == 0)
