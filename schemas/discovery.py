"""A discovery: what one source offered in one run, and what each of its addresses answered."""

from dataclasses import dataclass
from datetime import date, datetime

from schemas.keys import row_id
from schemas.link import Link
from schemas.outcome import Batch
from schemas.source import Source


@dataclass(frozen=True, slots=True)
class SourceProbe:
    """What one feed, sitemap or section page answered: the row behind source health.

    ``error`` is ``None`` when it was read, else a reason word; ``entries`` counts what it offered.
    """

    run_id: str
    source_id: str
    kind: str
    url: str
    requested_at: datetime
    status: int | None
    entries: int
    error: str | None
    detail: str = ""

    @property
    def probe_id(self) -> str:
        """Keyed by run, source and address."""
        return row_id("prb", self.run_id, self.source_id, self.url)


@dataclass(frozen=True, slots=True)
class AddressRead:
    """An address that answered whole and was read well, or said "not modified": what the next request builds on.

    ``run_id`` and ``answered_at`` are of the answer, ``read_run_id`` and ``read_at`` of the last one with a body.
    ``link_ids`` are all links it gave then, also those that another address of the source had given before.
    ``reader`` and ``window_start`` say how it was read (:class:`~schemas.memory.KnownAddress`).
    """

    source_id: str
    url: str
    run_id: str
    kind: str
    etag: str | None
    last_modified: str | None
    reader: str
    read_run_id: str
    read_at: datetime
    window_start: date
    answered_at: datetime
    link_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Discovery:
    """The links of one source in batches, items and those settled at once (outside the window, not a URL).

    Links are unique by canonical URL; the first place they were found in wins (feed, sitemap, section). ``paused`` says
    why the source was not asked at all.
    """

    source: Source
    batches: tuple[Batch[Link], ...]
    probes: tuple[SourceProbe, ...]
    addresses: tuple[AddressRead, ...] = ()
    paused: str = ""

    @property
    def reached(self) -> bool:
        """Return True if any address of the source could be read."""
        return any(probe.error is None for probe in self.probes)

    def __len__(self) -> int:
        return sum(len(batch) for batch in self.batches)
