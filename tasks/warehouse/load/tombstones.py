"""Pages we hold that their publisher took away: marked when they are found gone, lifted when they return."""

from collections.abc import Iterable
from datetime import datetime

import duckdb

from schemas.fetch import Fetch
from schemas.mention import CodedArticle
from schemas.outcome import Batch, Outcome, Settled
from schemas.run import Run
from tasks.warehouse.store.queries import fetch_rows
from tasks.warehouse.store.write import Row

_RETURNED = {Outcome.UNCHANGED, Outcome.DUPLICATE}


def tombstone_rows(con: duckdb.DuckDBPyConnection, run: Run, batch: Batch[CodedArticle]) -> list[Row]:
    """The tombstones a batch sets or lifts. What was settled without a request says nothing of a page."""
    gone = [_set(run, item) for item in batch.settled if item.outcome is Outcome.TOMBSTONE and item.fetch.status]
    return [*gone, *_lifted(con, run, _seen_whole(batch))]


def _seen_whole(batch: Batch[CodedArticle]) -> dict[str, datetime]:
    """The canonical URLs that answered with their page, or with 304, and when; rejected pages are none."""
    fetches: Iterable[Fetch] = (
        *(item.article.page.fetch for item in batch.items),
        *(item.fetch for item in batch.settled if item.outcome in _RETURNED),
    )
    return {fetch.link.canonical_url: fetch.requested_at for fetch in fetches if fetch.status is not None}


def _set(run: Run, item: Settled) -> Row:
    at = item.fetch.requested_at
    return {
        "canonical_url": item.fetch.link.canonical_url,
        "source_id": item.fetch.link.source_id,
        "status": item.fetch.status,
        "reason": item.reason.value,
        "standing": True,
        "first_seen_at": at,
        "last_seen_at": at,
        "changed_run_id": run.run_id,
    }


def _lifted(con: duckdb.DuckDBPyConnection, run: Run, seen: dict[str, datetime]) -> list[Row]:
    standing = fetch_rows(con, "standing_tombstones", {"urls": sorted(seen)}) if seen else []
    return [
        {**row, "standing": False, "last_seen_at": seen[row["canonical_url"]], "changed_run_id": run.run_id}
        for row in standing
    ]
