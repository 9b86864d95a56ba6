"""A CDX listing (Wayback CDX server, pywb, Common Crawl's index): what an archive says it holds, and its raw captures.

A listing has a line a capture: urlkey, timestamp, original, mimetype, statuscode, digest, length; as JSON rows under a
header, as JSON lines, or as words. A raw capture is at ``.../<timestamp>id_/<original>``: the bytes without the
archive's own links and banner.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from schemas.apart import Apart, ApartError
from schemas.backfill import ArchiveSurvey, Holding
from schemas.discovery import SourceProbe
from schemas.outcome import Outcome, Reason
from schemas.run import Run, Window
from schemas.source import Source
from tasks.web.fetching.session import Web
from tasks.web.fetching.verdicts import Verdict, judge_fault, judge_page, judge_status
from tasks.web.http.request_policy import RequestPolicy
from tasks.web.http.response import FetchError, Response
from tasks.web.imports.owners import Owners, Taken, archived_link, check_digest, newest_within, surveyed
from tasks.web.urls.canonical import host_of

#: Captures in one answer, and answers to one question: more than a news site gives in a month.
PAGE_ROWS = 5_000
MAX_PAGES = 200
_COLUMNS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
#: What pywb and Common Crawl call the same.
_ALIASES = {"url": "original", "mime": "mimetype", "status": "statuscode"}
_HTML = {"text/html", "application/xhtml+xml"}
_RAW = re.compile(r"/(\d{14})id_/")
NOT_A_LISTING = "not_a_listing"


@dataclass(frozen=True, slots=True)
class Row:
    """One capture. ``stamp`` is its time as written, which is part of its address."""

    stamp: str
    at: datetime
    original: str
    mimetype: str
    status: str
    digest: str


@dataclass(slots=True)
class Listing:
    """One answer of a CDX server. ``resume`` asks for the next one; ``bad`` counts lines that are no capture."""

    rows: list[Row] = field(default_factory=list)
    bad: int = 0
    resume: str | None = None
    error: str | None = None
    detail: str = ""


def read_listing(body: bytes) -> Listing:
    """The captures of a listing in any of its forms.

    >>> read_listing(b"org,e)/a 20240305120000 https://e.org/a text/html 200 ABC 123").rows[0].at.isoformat()
    '2024-03-05T12:00:00+00:00'
    """
    text = body.decode("utf-8", "replace").strip()
    listing = Listing()
    if text[:1] == "<":
        return Listing(error=NOT_A_LISTING, detail=f"begins with {text[:60]!r}")
    for fields in _json_rows(text, listing) if text[:1] == "[" else _line_rows(text, listing):
        row = _row(fields)
        if row is None:
            listing.bad += 1
        else:
            listing.rows.append(row)
    if listing.bad and not listing.rows and not listing.resume:
        return Listing(error=NOT_A_LISTING, detail=f"{listing.bad} lines, none a capture")
    return listing


def _json_rows(text: str, listing: Listing) -> Iterator[Mapping[str, Any]]:
    """Rows under a header; after an empty row, the key to go on from."""
    try:
        rows: list[Any] = json.loads(text)
    except (ValueError, RecursionError):
        listing.bad += 1
        return
    if len(rows) >= 2 and rows[-2] == [] and isinstance(rows[-1], list) and len(rows[-1]) == 1:
        listing.resume = str(rows[-1][0])
        rows = rows[:-2]
    head: tuple[str, ...] = _COLUMNS
    for number, row in enumerate(rows):
        if isinstance(row, dict):
            yield row
        elif number == 0 and isinstance(row, list) and "timestamp" in row:
            head = tuple(str(name) for name in row)
        else:
            yield dict(zip(head, row, strict=False)) if isinstance(row, list) else {}


def _line_rows(text: str, listing: Listing) -> Iterator[Mapping[str, Any]]:
    """Words, JSON, or two words and JSON (CDXJ) a line; after an empty line, the key to go on from."""
    lines = [line.strip() for line in text.splitlines()]
    if len(lines) >= 2 and not lines[-2]:
        listing.resume = lines.pop() or None
    for line in lines:
        if not line or line.startswith(("urlkey ", " CDX", "CDX ")):
            continue
        before, brace, rest = line.partition("{")
        if not brace or (before and len(before.split()) != 2):
            yield dict(zip(_COLUMNS, line.split(), strict=False))
            continue
        try:
            parsed = json.loads(brace + rest)
        except (ValueError, RecursionError):
            parsed = {}
        yield dict(zip(_COLUMNS, before.split(), strict=False)) | (parsed if isinstance(parsed, dict) else {})


def _row(fields: Mapping[str, Any]) -> Row | None:
    named = {_ALIASES.get(key, key): str(value) for key, value in fields.items()}
    at = _instant(named.get("timestamp", ""))
    if at is None or not named.get("original", "").startswith(("http://", "https://")):
        return None
    of = named.get
    return Row(named["timestamp"], at, named["original"], of("mimetype", "-"), of("statuscode", "-"), of("digest", "-"))


def _instant(stamp: str) -> datetime | None:
    try:
        return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC) if len(stamp) == 14 else None
    except ValueError:
        return None


def listing_url(address: str, host: str, window: Window, resume: str | None = None) -> str:
    """The question for the HTML pages of a host in some days, answered with 200.

    >>> from datetime import date
    >>> url = listing_url("https://a.example/cdx", "e.org", Window(date(2024, 3, 5), date(2024, 3, 6)))
    >>> url[:77]
    'https://a.example/cdx?url=e.org&matchType=host&from=20240305&to=20240306&outp'
    """
    query_params = [
        ("url", host),
        ("matchType", "host"),
        ("from", f"{window.start:%Y%m%d}"),
        ("to", f"{window.end:%Y%m%d}"),
        ("output", "json"),
        ("filter", "statuscode:200"),
        ("filter", "mimetype:text/html"),
        ("limit", str(PAGE_ROWS)),
        ("showResumeKey", "true"),
    ]
    return (
        f"{address}{'&' if '?' in address else '?'}{urlencode(query_params + [('resumeKey', resume)] * bool(resume))}"
    )


def raw_url(address: str, row: Row) -> str:
    """Where the bytes of a capture are: under ``/web/`` of the Wayback Machine, beside ``/cdx`` of a pywb collection.

    >>> row = Row("20240305120000", datetime(2024, 3, 5, 12), "https://e.org/a", "text/html", "200", "-")
    >>> raw_url("https://web.archive.org/cdx/search/cdx", row)
    'https://web.archive.org/web/20240305120000id_/https://e.org/a'
    >>> raw_url("http://localhost:8080/mine/cdx", row)
    'http://localhost:8080/mine/20240305120000id_/https://e.org/a'
    """
    parts = urlsplit(address)
    path = parts.path.rstrip("/")
    folder = path.removesuffix("/cdx") if path.endswith("/cdx") and not path.endswith("/search/cdx") else "/web"
    return f"{parts.scheme}://{parts.netloc}{folder}/{row.stamp}id_/{row.original}"


def archive_gate(web: Web, source: Source) -> RequestPolicy:
    """The manners of asking an archive: its own turns and delay; robots.txt is not asked of an API named by hand."""
    return web.feed_gate(source.model_copy(update={"delay_seconds": web.settings.archive_delay_seconds}))


def survey_listing(web: Web, run: Run, source: Source, owners: Owners, address: str) -> ArchiveSurvey:
    """What a CDX server lists of one source in the run's window, the newest capture of each address in batches."""
    asked_at = datetime.now(UTC)
    skipped: Counter[str] = Counter()
    holdings: list[Holding] = []
    listing, status, resume = Listing(), None, None
    for _ in range(MAX_PAGES):
        url = listing_url(address, host_of(source.homepage), run.window, resume)
        answer = web.client.get(url, gate=archive_gate(web, source))
        web.keep(source.id, "cdx", answer)
        status = answer.status if isinstance(answer, Response) else None
        listing = _listing_of(answer, web.apart)
        skipped["bad lines"] += listing.bad
        for row in listing.rows:
            why, holding = _holding(row, source, owners, address)
            skipped[why] += 1
            if holding is not None:
                holdings.append(holding)
        resume = listing.resume
        if listing.error or not resume:
            break
    else:
        listing = Listing(detail=f"cut at {MAX_PAGES} answers of {PAGE_ROWS} captures: take smaller windows")
    newest, older = newest_within(holdings, run.window)
    skipped["older captures of the same address"] = older
    skips = [f"{n} {why}" for why, n in sorted(skipped.items()) if why and n]
    detail = "; ".join(part for part in (", ".join(skips), listing.detail) if part)
    probe = SourceProbe(
        run.run_id, source.id, "cdx", address, asked_at, status, len(newest), listing.error, detail[:500]
    )
    return surveyed(source, newest, [probe], web.settings.batch_size)


def _listing_of(answer: Response | FetchError, apart: Apart) -> Listing:
    verdict = judge_fault(answer) if isinstance(answer, FetchError) else judge_status(answer, known=False)
    if verdict is not None or isinstance(answer, FetchError):
        return Listing(error=verdict[1].value, detail=verdict[2]) if verdict else Listing()
    try:
        return apart(read_listing, answer.body)
    except ApartError as error:
        return Listing(error=error.word, detail=f"its reader gave up: {error}")


def _holding(row: Row, source: Source, owners: Owners, address: str) -> tuple[str, Holding | None]:
    if row.status != "200":
        return "not status 200", None
    if row.mimetype.lower() not in _HTML:
        return "not HTML", None
    owner = owners.of(row.original)
    if owner is None or owner.id != source.id:
        return "of other sources", None
    link = archived_link(source, row.original, address)
    if link is None:
        return "without a usable address", None
    return "", Holding(link, address, raw_url(address, row), row.at, row.digest)


def take_capture(web: Web, source: Source, holding: Holding) -> Taken | Verdict:
    """The raw capture of a holding, or why there is none.

    A replay that redirects to another capture gives that one's time. A digest that differs is told and no refusal:
    archives replay what they decoded. But what neither is called a memento nor has the digest is not the capture.
    """
    answer = web.client.get(holding.record, gate=archive_gate(web, source))
    if isinstance(answer, FetchError):
        return judge_fault(answer)
    refusal = judge_status(answer, known=False) or judge_page(answer)
    if refusal is not None:
        return refusal
    agrees, check = check_digest(holding.digest, answer.raw, answer.body)
    if agrees is False and answer.header("Memento-Datetime") is None:
        return Outcome.QUARANTINED, Reason.CAPTURE_DAMAGED, f"{holding.record}: no memento, and its digest {check}"
    moved = _RAW.search(answer.final_url)
    at = _instant(moved[1]) if moved else None
    if at is not None and at != holding.archived_at:
        check = f"{check}; the archive gave the capture of {at:%Y-%m-%d %H:%M:%S} instead"
    return Taken(answer, at or holding.archived_at, check)
