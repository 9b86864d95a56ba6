"""What the stages need back from the warehouse."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

from schemas.fetch import Fetch, KnownPage
from schemas.link import FoundIn, Link
from schemas.memory import Deferral, Ended, Memory
from schemas.outcome import Outcome, Reason
from schemas.page import Capture, FetchedPage
from schemas.run import Run, Window
from tasks.warehouse.decisions.suppressions import suppressions
from tasks.warehouse.load.states import known_addresses, known_states
from tasks.warehouse.store.queries import fetch_rows

#: A night asks for links of its window; a page nobody offered for so long is asked for as if it were new, and is then
#: found unchanged. Without it every page ever kept would be in memory each night.
_REMEMBERED = timedelta(days=180)
_NIGHTLY = "nightly"
#: Readings of a page that fail under one version of the code before it waits for another.
MOST_TRIES = 3
#: How long a link that ended without a page stands behind those that were never asked for.
_REFUSED = timedelta(days=31)


def known_pages(
    con: duckdb.DuckDBPyConnection, source_ids: Sequence[str], since: datetime | None = None
) -> dict[str, KnownPage]:
    """The last capture of each canonical URL of these sources, with its validators; of those seen ``since``.

    A capture's row is written in one transaction with what became of it, so a page known here needs no second reading.
    """
    rows = fetch_rows(con, "known_pages", {"source_ids": list(source_ids), "since": since})
    return {row["canonical_url"]: KnownPage(**row) for row in rows}


def remember(con: duckdb.DuckDBPyConnection, run: Run, source_ids: Sequence[str]) -> Memory:
    """What is remembered of some sources when a run begins."""
    pages = known_pages(con, source_ids, run.started_at - _REMEMBERED if run.origin == _NIGHTLY else None)
    unread, damaged = unread_pages(con, run, source_ids)
    return Memory(
        # Bytes that cannot be read back are bytes we do not hold: they are asked for without any condition.
        pages={key: page for key, page in pages.items() if key not in damaged},
        unread=unread,
        refused=refused_links(con, source_ids, run.started_at - _REFUSED) if run.is_night else frozenset(),
        ended=ended_links(con, run, source_ids),
        suppressed={entry.value: entry.reason for entry in suppressions(con)},
        deferred=deferred_links(con, source_ids, datetime.now(UTC)),
        addresses=known_addresses(con, source_ids),
        states=known_states(con, source_ids),
    )


def ended_links(con: duckdb.DuckDBPyConnection, run: Run, source_ids: Sequence[str]) -> dict[str, Ended]:
    """How links ended in the runs of the same origin and window that were cut off after the last one that was not.

    What was only deferred has not ended, and what could not be read is to be read again.
    """
    window = {"origin": run.origin, "window_start": run.window.start, "window_end": run.window.end}
    rows = fetch_rows(con, "ended_links", {**window, "source_ids": list(source_ids)})
    return {
        row["canonical_url"]: Ended(
            row["run_id"], Outcome(row["outcome"]), Reason(row["reason"]) if row["reason"] else None, row["detail"]
        )
        for row in rows
        if row["outcome"] not in (Outcome.DEFERRED, Outcome.QUARANTINED)
    }


def unread_pages(
    con: duckdb.DuckDBPyConnection, run: Run, source_ids: Sequence[str]
) -> tuple[dict[str, FetchedPage], frozenset[str]]:
    """The pages whose bytes are held and were never read to their end, by canonical URL, as this run reads them; and
    the canonical URLs of those whose bytes cannot be read back.
    """
    query_params = {"source_ids": list(source_ids), "code_version": run.code_version, "most_tries": MOST_TRIES}
    rows = fetch_rows(con, "unread_pages", query_params)
    readable = {row["canonical_url"]: page_of(row, run.run_id) for row in rows if not row["damaged"]}
    return readable, frozenset(row["canonical_url"] for row in rows if row["damaged"])


def refused_links(con: duckdb.DuckDBPyConnection, source_ids: Sequence[str], since: datetime) -> frozenset[str]:
    """The canonical URLs that were asked for since an instant and ended without a page."""
    rows = fetch_rows(con, "refused_links", {"source_ids": list(source_ids), "since": since})
    return frozenset(row["canonical_url"] for row in rows)


def deferred_links(con: duckdb.DuckDBPyConnection, source_ids: Sequence[str], now: datetime) -> dict[str, Deferral]:
    """The links that are not to be asked for before an instant after ``now``."""
    rows = fetch_rows(con, "deferred_links", {"source_ids": list(source_ids), "now": now})
    return {row["canonical_url"]: Deferral(row["deferred_until"], Reason(row["reason"]), row["run_id"]) for row in rows}


def captures_for(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    source_id: str,
    window: Window,
    readers: Sequence[str] | None = None,
    *,
    coders: bool = False,
) -> list[FetchedPage]:
    """The pages of a source that showed the web of a window (UTC days), oldest first, to be read again in a run.

    Each keeps the request, the answer and the hints of the fetch that first brought it. ``readers`` (``name=version``)
    leaves out what others read last; ``coders`` says that they code mentions.
    """
    days = {"start_day": window.start, "end_day": window.end}
    by = {"readers": None if readers is None else list(readers), "coders": coders}
    rows = fetch_rows(con, "captures_between", {"source_id": source_id, **days, **by})
    return [page_of(row, run_id) for row in rows]


def page_of(row: Mapping[str, Any], run_id: str) -> FetchedPage:
    """A stored page as a run reads it again, from a row of fetch and capture."""
    return FetchedPage(_fetch(row, run_id), _capture(row))


def _fetch(row: Mapping[str, Any], run_id: str) -> Fetch:
    link = Link(**{field.name: row[field.name] for field in fields(Link)} | {"found_in": FoundIn(row["found_in"])})
    values = {field.name: row[field.name] for field in fields(Fetch) if field.name != "link"}
    return Fetch(**values | {"link": link, "run_id": run_id, "redirects": tuple(row["redirects"])})


def _capture(row: Mapping[str, Any]) -> Capture:
    apart = {"url": "capture_url", "content_type": "capture_content_type", "run_id": "capture_run_id"}
    return Capture(**{field.name: row[apart.get(field.name, field.name)] for field in fields(Capture)})
