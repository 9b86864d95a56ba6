"""A run of a flow: what it was asked for and what became of it."""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Window:
    """The days, both included, whose articles a run is about."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a window ends before it starts: {self.start} to {self.end}")


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it begins. ``origin`` is ``nightly``, ``backfill``, ``reprocess`` or ``demo``."""

    run_id: str
    origin: str
    window: Window
    started_at: datetime
    code_version: str


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What loading one batch did: rows by table and action, e.g. ``{"articles": {"inserted": 3}}``."""

    source_id: str
    rows: dict[str, dict[str, int]]
    outcomes: dict[str, int]
    reasons: dict[str, int]


@dataclass(frozen=True, slots=True)
class SourceResult:
    """How one source fared: ``reached`` is false where none of its feeds, sitemaps or sections could be read."""

    source_id: str
    name: str
    reached: bool
    discovered: int
    detail: str


@dataclass(frozen=True, slots=True)
class RunSummary:
    """The end of a run. ``discovered == sum(outcomes.values())``, checked before the run is marked done."""

    run: Run
    finished_at: datetime
    discovered: int
    outcomes: dict[str, int]
    reasons: dict[str, int]
    articles: int
    mentions: int
    events: int
    rows: dict[str, dict[str, int]] = field(default_factory=dict)
    sources: tuple[SourceResult, ...] = ()
