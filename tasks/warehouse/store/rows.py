"""What the stages pass, as rows. A field added to a dataclass becomes a column here by itself, and the writer then
refuses the row until a migration adds the column to the table: neither side can drift alone.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from schemas.article import Article, DateReading
from schemas.discovery import SourceProbe
from schemas.event import Event, EventLink
from schemas.fetch import Fetch
from schemas.mention import EventMention, Place, Toll, When
from schemas.outcome import Outcome, Settled
from schemas.page import Capture
from schemas.run import Run
from schemas.source import Source

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Row = dict[str, object]
#: Takes rows down, or keys that go, before they stand: what a process that is killed in between leaves undone, the
#: next one completes from there.
Tell: TypeAlias = Callable[[Sequence[Row]], object]

#: ``start`` and ``end`` of spans: the latter is a word of SQL.
SPAN = {"start": "span_start", "end": "span_end"}
DATE_READING = {"instant": "at", "local_day": "day"}
WHEN = {
    "start": "date_start",
    "end": "date_end",
    "precision": "date_precision",
    "raw": "date_raw",
    "reason": "date_reason",
}
PLACE = {"name": "place_name", "precision": "place_precision", "reason": "place_reason"}


def tell_nobody(_: Sequence[Row]) -> None:
    """Where nothing is taken down: what a ledger told is written again, and tests."""


def run_row(run: Run) -> Row:
    """A run as it begins."""
    ends = dict.fromkeys(("finished_at", "discovered", "fetched", "articles", "mentions", "events"))
    window: Row = {"window_start": run.window.start, "window_end": run.window.end}
    return {"run_id": run.run_id, **_flat(run, without=("window",)), **window, "state": "running", **ends}


def source_row(source: Source, run_id: str) -> Row:
    """A source as it is configured in this run."""
    row: Row = source.model_dump()
    row["source_id"] = row.pop("id")
    return {name: _plain(value) for name, value in row.items()} | {"changed_run_id": run_id}


def probe_row(probe: SourceProbe) -> Row:
    """What an address of a source answered."""
    return {"probe_id": probe.probe_id, **_flat(probe)}


def settled_row(settled: Settled, batch: int) -> Row:
    """A link that ended before the load stage."""
    ending: Row = {
        "stage": settled.stage,
        "outcome": settled.outcome,
        "reason": settled.reason,
        "detail": settled.detail,
    }
    capture_id = settled.capture.capture_id if settled.capture else None
    return {**_fetch(settled.fetch, batch), **_plain_row(ending), "capture_id": capture_id, "version_id": None}


def article_fetch_row(article: Article, batch: int, outcome: Outcome, reason: str | None) -> Row:
    """A link that was read as an article."""
    ending: Row = {"stage": "load", "outcome": str(outcome), "reason": reason, "detail": ""}
    ids: Row = {"capture_id": article.page.capture.capture_id, "version_id": article.version_id}
    return {**_fetch(article.page.fetch, batch), **ending, **ids}


def capture_row(capture: Capture, fetch: Fetch, version_id: str | None) -> Row:
    """Kept bytes, and the version read from them."""
    seen: Row = {"etag": fetch.etag, "last_modified": fetch.last_modified, "last_seen_at": capture.seen_at}
    ids: Row = {"capture_id": capture.capture_id, "source_id": fetch.link.source_id, "version_id": version_id}
    return {**ids, **_flat(capture), **seen}


def article_row(article: Article, run_id: str, last_seen_at: datetime) -> Row:
    """An article whose standing version this is, if no later sighting says otherwise."""
    return {
        "article_id": article.article_id,
        "source_id": article.source_id,
        "canonical_url": article.canonical_url,
        "current_version_id": article.version_id,
        "changed_run_id": run_id,
        "first_seen_at": article.page.capture.seen_at,
        "last_seen_at": last_seen_at,
    }


def version_row(article: Article, run_id: str) -> Row:
    """A version without its text."""
    apart = ("page", "source_id", "canonical_url", "title", "text", "published", "modified", "dateline")
    dateline = article.dateline
    return {
        "version_id": article.version_id,
        "article_id": article.article_id,
        "content_sha256": article.content_sha256,
        **_flat(article, without=apart),
        **_reading("published", article.published),
        **_reading("modified", article.modified),
        "dateline_place": dateline.place if dateline else None,
        "dateline_agency": dateline.agency if dateline else None,
        "dateline_start": dateline.start if dateline else None,
        "dateline_end": dateline.end if dateline else None,
        "capture_id": article.page.capture.capture_id,
        "first_seen_at": article.page.capture.seen_at,
        "read_run_id": run_id,
    }


def content_row(article: Article) -> Row:
    """The text."""
    return {"content_sha256": article.content_sha256, "title": article.title, "text": article.text}


def mention_row(mention: EventMention, run_id: str) -> Row:
    """A mention without its actors, claims and evidence."""
    apart = ("when", "place", "actors", "claims", "evidence", "victims", "killed", "injured", "detained", "displaced")
    return {
        "mention_id": mention.mention_id,
        **_flat(mention, without=apart),
        **_flat(mention.when, rename=WHEN),
        **_flat(mention.place, rename=PLACE),
        **_toll("killed", mention.killed),
        **_toll("injured", mention.injured),
        **_toll("detained", mention.detained),
        **_toll("displaced", mention.displaced),
        "coded_run_id": run_id,
    }


def actor_rows(mention: EventMention) -> list[Row]:
    """The actors of a mention, numbered."""
    return [_numbered(mention, number, actor) for number, actor in enumerate(mention.actors)]


def claim_rows(mention: EventMention) -> list[Row]:
    """The claims of a mention, numbered."""
    return [_numbered(mention, number, claim) for number, claim in enumerate(mention.claims)]


def victim_rows(mention: EventMention) -> list[Row]:
    """The parts of a mention's tolls, numbered."""
    return [_numbered(mention, number, part) for number, part in enumerate(mention.victims)]


def evidence_rows(mention: EventMention) -> list[Row]:
    """The evidence of a mention, numbered."""
    return [_numbered(mention, number, evidence) for number, evidence in enumerate(mention.evidence)]


def event_row(event: Event, run: Run) -> Row:
    """An event as this run resolved it."""
    by: Row = {"created_at": run.started_at, "created_run_id": run.run_id}
    picks: Row = {"picks": [_flat(pick) for pick in event.picks]}
    return {**_flat(event), **picks, **by, "changed_at": run.started_at, "changed_run_id": run.run_id}


def link_row(link: EventLink) -> Row:
    """A mention's part in an event."""
    return _flat(link)


def _fetch(fetch: Fetch, batch: int) -> Row:
    ids: Row = {"fetch_id": fetch.fetch_id, "link_id": fetch.link.link_id, "batch": batch}
    return {**ids, **_flat(fetch, without=("link",)), **_flat(fetch.link)}


def _reading(name: str, reading: DateReading) -> Row:
    return {f"{name}_{DATE_READING.get(key, key)}": value for key, value in _flat(reading).items()}


def _toll(name: str, toll: Toll) -> Row:
    return {f"{name}_{key}": value for key, value in _flat(toll).items()}


def _numbered(mention: EventMention, number: int, part: "DataclassInstance") -> Row:
    return {"mention_id": mention.mention_id, "number": number, **_flat(part, rename=SPAN)}


def _flat(
    datum: "DataclassInstance | When | Place", without: Collection[str] = (), rename: Mapping[str, str] | None = None
) -> Row:
    names = [field.name for field in fields(datum) if field.name not in without]
    return {(rename or {}).get(name, name): _plain(getattr(datum, name)) for name in names}


def _plain_row(row: Row) -> Row:
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: object) -> object:
    if isinstance(value, StrEnum):
        return str(value)
    return list(value) if isinstance(value, tuple) else value
