"""The ledger: what was done and kept, one entry a line, outside the database and enough to make it again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, TypeAlias

from schemas.discovery import Discovery
from schemas.outcome import Batch, Settled
from schemas.page import FetchedPage
from schemas.run import Run
from schemas.source import Source


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes of one WARC file that were written at once: whole gzip members. ``sha256`` is of them as they are on disk.

    ``file`` is relative to the captures folder; ``offset`` and ``length`` are in bytes.
    """

    file: str
    offset: int
    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class RunOpened:
    """A run began, with its sources as they were configured."""

    kind: ClassVar[str] = "run_opened"
    run: Run
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Sources that came to a run while it was under way: outlets that searches found."""

    kind: ClassVar[str] = "sources_joined"
    run_id: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that is no page was kept: ``what`` is ``feed``, ``sitemap``, ``section``, ``robots`` or such a word."""

    kind: ClassVar[str] = "kept"
    run_id: str
    source_id: str
    what: str
    url: str
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class Captured:
    """A page of a batch was kept: with its request, the redirects that led to it, and the answer."""

    kind: ClassVar[str] = "capture"
    batch: int
    page: FetchedPage
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class Ended:
    """A link of a batch ended before anything was kept of it: at discovery, or when it was asked for."""

    kind: ClassVar[str] = "ending"
    batch: int
    settled: Settled


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What a source answered, its links apart: those are told one by one. ``links`` counts them."""

    kind: ClassVar[str] = "survey"
    run_id: str
    links: int
    discovery: Discovery


@dataclass(frozen=True, slots=True)
class Loaded:
    """A batch stands in the warehouse.

    ``digest`` is the SHA-256 over the ends of its links as the warehouse has them, ``rows`` what it changed by table
    and action. ``reread`` names link and capture of the pages that another run had kept.
    """

    kind: ClassVar[str] = "batch"
    run_id: str
    source_id: str
    batch: int
    links: int
    digest: str
    outcomes: dict[str, int] = field(default_factory=dict)
    rows: dict[str, dict[str, int]] = field(default_factory=dict)
    reread: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Closed:
    """A run was finished and accounted for. ``state_hash`` is the warehouse's (``None``: too large to be worth it).

    ``schema`` is the number of migrations under which it was taken: under another number it would be another hash.
    Lines of a time when there were no more than 17 do not say so.
    """

    kind: ClassVar[str] = "run_closed"
    run_id: str
    finished_at: datetime
    discovered: int
    outcomes: dict[str, int]
    state_hash: str | None
    schema: int = 17


@dataclass(frozen=True, slots=True)
class Abandoned:
    """A run that was cut off was found by a later one, and what it had kept was loaded.

    ``resolved`` says whether it had come as far as making events; ``adopted`` counts the pages loaded after its end.
    """

    kind: ClassVar[str] = "run_abandoned"
    run_id: str
    resolved: bool
    adopted: int


@dataclass(frozen=True, slots=True)
class Strayed:
    """Bytes in a WARC file that no entry tells of, for the process died before it could; ``url`` of their records."""

    kind: ClassVar[str] = "stray"
    run_id: str
    stretch: Stretch
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """A page that was taken down, but whose bytes never reached the disk: what a power cut leaves. Asked for again."""

    kind: ClassVar[str] = "lost"
    run_id: str
    capture_id: str
    url: str
    stretch: Stretch
    detail: str


@dataclass(frozen=True, slots=True)
class Wrote:
    """Rows written to the warehouse outside any run: suppressions, overrides, and whatever else people decide.

    ``removed`` says that the rows with these keys were deleted.
    """

    kind: ClassVar[str] = "rows"
    table: str
    rows: tuple[dict[str, object], ...]
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Erased:
    """The bytes of a capture were overwritten on purpose; ``stretch`` is what stands there now."""

    kind: ClassVar[str] = "erased"
    capture_id: str
    stretch: Stretch
    reason: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """Words of an earlier line were blanked on purpose: it keeps its place, its length, and the hash it had.

    ``now`` is the hash that its bytes have since.
    """

    kind: ClassVar[str] = "redacted"
    seq: int
    sha256: str
    now: str
    reason: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """The end of the ledger was torn: ``cut`` bytes were set aside as ``saved_as``, and ``lost`` lines are missing."""

    kind: ClassVar[str] = "repaired"
    cut: int
    lost: int
    saved_as: str | None
    detail: str


#: Tables written outside runs that are notes beside the state of the warehouse: its hash does not speak of them.
NOTES = frozenset({"backfills", "reprocess_changes"})

Entry: TypeAlias = (
    RunOpened
    | Joined
    | Kept
    | Captured
    | Ended
    | Surveyed
    | Loaded
    | Closed
    | Abandoned
    | Strayed
    | Lost
    | Wrote
    | Erased
    | Redacted
    | Repaired
)
#: What takes entries down, and returns when they are with the operating system.
Note: TypeAlias = Callable[[Entry], object]


def note_nothing(_: Entry) -> None:
    """Where nothing is taken down: tests, and probes that keep nothing."""


@dataclass(slots=True)
class PastRun:
    """A run as the ledger tells it. ``pages`` and ``ends`` are keyed by source id and batch, then by link id."""

    run: Run
    sources: tuple[Source, ...]
    surveys: list[Surveyed] = field(default_factory=list)
    pages: dict[tuple[str, int], dict[str, Captured]] = field(default_factory=dict)
    ends: dict[tuple[str, int], dict[str, Settled]] = field(default_factory=dict)
    loaded: dict[tuple[str, int], Loaded] = field(default_factory=dict)
    stretches: list[Stretch] = field(default_factory=list)
    closed: Closed | None = None
    abandoned: Abandoned | None = None

    @property
    def resolved(self) -> bool:
        """Return True if it had come as far as making events."""
        return self.closed is not None or (self.abandoned is not None and self.abandoned.resolved)

    def source(self, source_id: str) -> Source:
        """One of its sources. Raises ``KeyError``."""
        match = next((source for source in self.sources if source.id == source_id), None)
        if match is None:
            raise KeyError(source_id)
        return match

    def batch_of(self, source_id: str, number: int) -> Batch[FetchedPage]:
        """What was kept and what had ended of one batch, as fetching left it."""
        key = (source_id, number)
        pages = tuple(captured.page for captured in self.pages.get(key, {}).values())
        return Batch(source_id, number, pages, tuple(self.ends.get(key, {}).values()))

    def unloaded(self) -> list[tuple[str, int]]:
        """The batches of which something was fetched, and nothing loaded."""
        return sorted((self.pages.keys() | self.ends.keys()) - self.loaded.keys())
