"""A trace: the chain from an event down to the bytes fetched and the characters quoted."""

from dataclasses import dataclass
from datetime import date, datetime

from schemas.event import Event, EventLink
from schemas.mention import Actor, Claim, Evidence
from schemas.page import Capture


@dataclass(frozen=True, slots=True)
class TracedRun:
    """The run that fetched, and the code it ran."""

    run_id: str
    origin: str
    started_at: datetime
    code_version: str


@dataclass(frozen=True, slots=True)
class TracedFetch:
    """The request that brought the bytes."""

    fetch_id: str
    requested_at: datetime
    url: str
    final_url: str | None
    status: int | None
    found_in: str
    found_at: str
    run: TracedRun


@dataclass(frozen=True, slots=True)
class TracedVersion:
    """The article version a mention was read in, with the beginnings of its pages if it is a PDF. ``current`` is
    false if the page has since said something else; ``published_origin`` and ``published_reason`` say where its day was
    read (``time``; ``stands_in:footer``) and what to doubt.
    """

    article_id: str
    version_id: str
    source_id: str
    source_name: str
    family: str
    canonical_url: str
    title: str | None
    published_at: datetime | None
    published_day: date | None
    published_origin: str | None
    published_reason: str | None
    current: bool
    content_sha256: str
    extractor: str
    extractor_version: str
    page_starts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TracedReview:
    """A verdict that holds for a mention. ``field`` is empty for the mention as a whole; ``said`` is JSON by field."""

    field: str
    verdict: str
    said: str
    value: str | None
    note: str
    reviewer: str
    reviewed_at: datetime


@dataclass(frozen=True, slots=True)
class TracedMention:
    """One link of an event followed down. ``sentence`` is ``text[sentence_start:sentence_end]``.

    ``evidence`` and ``claims`` keep offsets into the whole text; subtract ``sentence_start`` to mark them in the
    sentence, and expect some to stand outside it. ``page`` is the page of a PDF it begins on. ``coded_run_id`` is the
    run that wrote this reading.
    """

    link: EventLink
    mention_id: str
    sentence: str
    sentence_start: int
    sentence_end: int
    actors: tuple[Actor, ...]
    evidence: tuple[Evidence, ...]
    claims: tuple[Claim, ...]
    version: TracedVersion
    capture: Capture
    fetch: TracedFetch | None
    coder: str
    coder_version: str
    coded_run_id: str
    reviews: tuple[TracedReview, ...] = ()
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """An event and everything under it. ``asked`` is the id a person gave; ``aliases`` the ids passed on the way."""

    asked: str
    aliases: tuple[str, ...]
    event: Event
    mentions: tuple[TracedMention, ...]
