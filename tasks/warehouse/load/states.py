"""How sources fare from run to run: what they answered, when they last had news, and when they are left alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from functools import cache
from typing import Any

import duckdb
from pydantic import BaseModel, ConfigDict, Field

from schemas.discovery import AddressRead
from schemas.link import FoundIn, Link
from schemas.memory import KnownAddress, SourceState
from schemas.run import Run
from tasks.reference.seeds import read_csv_seed
from tasks.warehouse.store.queries import fetch_rows, query
from tasks.warehouse.store.write import Row, upsert

#: The default of FIRSTDRAFT_PAUSE_POINTS; where it comes from: ``seeds/failure_points.csv``.
PAUSE_POINTS = 15.0
#: The longest pause; the first is one day, each further one twice the last.
MAX_PAUSE_DAYS = 30
#: The runs that tell how a source fares today: a backfill asks for the past, a reprocess asks nobody.
_TELLING = {"nightly", "demo"}
#: A pause of n days ends between two nights, so that exactly n nights pass.
_BETWEEN_NIGHTS = timedelta(hours=12)


def forget_unfinished(con: duckdb.DuckDBPyConnection) -> None:
    """Drop what unfinished runs heard of addresses: not all of the links they gave were kept."""
    con.execute(query("forget_unfinished_addresses")).fetchall()


def note_addresses(con: duckdb.DuckDBPyConnection, addresses: Iterable[AddressRead]) -> None:
    """Keep what addresses answered, beside what they answered before: it counts once the run is done."""
    upsert(con, "addresses", [asdict(address) | {"link_ids": list(address.link_ids)} for address in addresses])


def settle_sources(con: duckdb.DuckDBPyConnection, run: Run, limit: float) -> None:
    """At the end of a run: count what was new, move the states of the sources asked, let its addresses stand.

    ``limit`` is the number of failure points at which a source is paused.
    """
    new = {row["source_id"]: int(row["new"]) for row in fetch_rows(con, "new_links", {"run_id": run.run_id})}
    answers = fetch_rows(con, "run_answers", {"run_id": run.run_id})
    over = {row["source_id"]: row for row in fetch_rows(con, "over_bounds", {"run_id": run.run_id})}
    before = known_states(con, [row["source_id"] for row in answers])
    states, fared = [], []
    for row in answers:
        name, count = row["source_id"], new.get(row["source_id"], 0)
        state = before.get(name, SourceState(name))
        if run.origin in _TELLING:
            state = moved(state, run, row, count, limit)
            states.append(asdict(state) | {"last_asked_at": run.started_at})
        fared.append(_fared(run, row | {"over": over.get(name)}, count, state))
    upsert(con, "source_states", states)
    upsert(con, "run_sources", fared)
    con.execute(query("replace_addresses"), {"run_id": run.run_id}).fetchall()


def moved(state: SourceState, run: Run, row: Mapping[str, Any], new: int, limit: float) -> SourceState:
    """A source's state after a run that asked it: cleared by a success, nearer to a pause after a failure.

    ``row`` holds ``reached``, ``errors`` (reason words) and ``detail``.
    """
    if row["reached"]:
        at = run.started_at if new else state.last_new_item_at
        return SourceState(state.source_id, last_success_at=run.started_at, last_new_item_at=at)
    weighed = replace(state, failure_points=state.failure_points + points_of(row["errors"]), paused_until=None)
    if weighed.failure_points < limit:
        return replace(weighed, pause_reason="")
    days = min(2 ** min(state.pauses, 10), MAX_PAUSE_DAYS)
    since = f"since {state.last_success_at:%Y-%m-%d}" if state.last_success_at else "and never a success"
    return replace(
        weighed,
        paused_until=run.started_at + timedelta(days=days) + _BETWEEN_NIGHTS,
        pause_reason=f"{weighed.failure_points:g} failure points {since}; {row['detail']}"[:500],
        pauses=state.pauses + 1,
    )


def points_of(errors: Sequence[str]) -> float:
    """What a night counts on which a source could not be read: the mildest of its failures.

    As long as one address may come back by itself the source is not lost.

    >>> points_of(["gone"]), points_of(["not_found", "not_a_feed"]), points_of(["never heard of"])
    (1.0, 0.5, 1.0)
    """
    return min((_points().get(error, 1.0) for error in errors), default=1.0)


def known_states(con: duckdb.DuckDBPyConnection, source_ids: Sequence[str]) -> dict[str, SourceState]:
    """How some sources fared up to now; those never asked are left out."""
    rows = fetch_rows(con, "source_states", {"source_ids": list(source_ids)})
    return {row["source_id"]: SourceState(**row) for row in rows}


def known_addresses(con: duckdb.DuckDBPyConnection, source_ids: Sequence[str]) -> dict[tuple[str, str], KnownAddress]:
    """The last good answer of each address of some sources, with the links it gave if it can be asked again."""
    query_params = {"source_ids": list(source_ids)}
    offered: dict[tuple[str, str], list[Link]] = {}
    for row in fetch_rows(con, "offered_links", query_params):
        key = (row["source_id"], row.pop("address"))
        offered.setdefault(key, []).append(Link(**row | {"found_in": FoundIn(row["found_in"])}))
    addresses = {}
    for row in fetch_rows(con, "known_addresses", query_params):
        key = (row.pop("source_id"), row["url"])
        addresses[key] = KnownAddress(**row, offered=tuple(offered.get(key, ())))
    return addresses


def _fared(run: Run, row: Mapping[str, Any], new: int, state: SourceState) -> Row:
    """How a source fared, in words: what is no news is told apart from what is no feed."""
    parts = [row["detail"]]
    if row["reached"]:
        parts.append(f"{new} new" if new else f"no news: none of its {row['discovered']} links is new")
    if row["over"]:
        parts += _over(row["over"])
    if state.paused_until is not None:
        parts.append(f"paused until {state.paused_until:%Y-%m-%d} after long failure")
    ended = {name: row[name] for name in ("source_id", "reached", "discovered")}
    return ended | {"run_id": run.run_id, "detail": "; ".join(parts), "new": new, "paused": False}


def _over(row: Mapping[str, Any]) -> list[str]:
    """What a night left to the next one because of its bounds, in words."""
    links, late = row["links"], row["late"]
    return [
        *([f"{links} links deferred: more than a night asks one source for"] if links else []),
        *([f"{late} links deferred: no time was left"] if late else []),
    ]


class _Points(BaseModel):
    """A row of ``seeds/failure_points.csv``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: str
    points: float = Field(gt=0, le=1)


@cache
def _points() -> dict[str, float]:
    return {row.reason: row.points for row in read_csv_seed("failure_points.csv", _Points)}
