"""From an event down to the bytes: links, mentions, sentences, versions, captures, fetches, runs."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import duckdb

from schemas.article import page_at
from schemas.errors import UnknownIdError
from schemas.event import Event, EventLink, Pick
from schemas.mention import Actor, Claim, Evidence, Role, Stance
from schemas.page import Capture
from schemas.trace import Trace, TracedFetch, TracedMention, TracedReview, TracedRun, TracedVersion
from tasks.warehouse.store.queries import fetch_rows
from tasks.warehouse.store.rows import SPAN


def trace(con: duckdb.DuckDBPyConnection, event_id: str) -> Trace:
    """The whole chain under an event; an id that ended is followed to where it went.

    Raises :class:`UnknownIdError` for an id that never named an event, and for one that was withdrawn.
    """
    passed: list[str] = []
    current = event_id
    while not (rows := fetch_rows(con, "event_by_id", {"event_id": current})):
        passed.append(current)
        current = _next_id(con, current, passed)
    picks = tuple(Pick(**pick | {"others": tuple(pick["others"])}) for pick in rows[0]["picks"] or ())
    event = Event(**{field.name: rows[0][field.name] for field in fields(Event)} | {"picks": picks})
    mentions = fetch_rows(con, "traced_mentions", {"event_id": current})
    return Trace(event_id, tuple(passed), event, tuple(_mention(con, row) for row in mentions))


def _next_id(con: duckdb.DuckDBPyConnection, event_id: str, passed: list[str]) -> str:
    aliases = fetch_rows(con, "event_alias", {"event_id": event_id})
    if not aliases:
        raise UnknownIdError(f"no event has the id {event_id!r}; `firstdraft events` lists them")
    ended = aliases[0]
    target = ended["event_id"]
    if target is None:
        when = f"{ended['ended_at']:%Y-%m-%d %H:%M} UTC in run {ended['run_id']}"
        if ended["why"] == "retracted":
            raise UnknownIdError(f"event {passed[0]} was retracted on {when}: {ended['reason']}")
        raise UnknownIdError(
            f"event {passed[0]} was withdrawn on {when}: no report in the warehouse mentions it any more"
        )
    if target in passed:
        raise UnknownIdError(f"the aliases of {passed[0]} lead in a circle: {' -> '.join([*passed, target])}")
    return str(target)


def _mention(con: duckdb.DuckDBPyConnection, row: Mapping[str, Any]) -> TracedMention:
    query_params = {"mention_id": row["mention_id"]}
    row = {**row, "page_starts": tuple(row["page_starts"] or ())}
    return TracedMention(
        link=EventLink(**{field.name: row[field.name] for field in fields(EventLink)}),
        mention_id=row["mention_id"],
        sentence=row["sentence"],
        sentence_start=row["sentence_start"],
        sentence_end=row["sentence_end"],
        actors=tuple(
            Actor(**_part(Actor, part) | {"role": Role(part["role"])}) for part in _parts(con, "actors", query_params)
        ),
        evidence=tuple(Evidence(**_part(Evidence, part)) for part in _parts(con, "evidence", query_params)),
        claims=tuple(
            Claim(**_part(Claim, part) | {"stance": Stance(part["stance"])})
            for part in _parts(con, "claims", query_params)
        ),
        version=TracedVersion(**{field.name: row[field.name] for field in fields(TracedVersion)}),
        capture=Capture(**{field.name: row[f"capture_{field.name}"] for field in fields(Capture)}),
        fetch=_fetch(row),
        coder=row["coder"],
        coder_version=row["coder_version"],
        coded_run_id=row["coded_run_id"],
        page=page_at(row["page_starts"], row["sentence_start"]),
        reviews=tuple(_review(review) for review in fetch_rows(con, "reviews_of_mention", query_params)),
    )


def _review(row: Mapping[str, Any]) -> TracedReview:
    return TracedReview(**{field.name: row[field.name] for field in fields(TracedReview)})


def _parts(con: duckdb.DuckDBPyConnection, name: str, query_params: Mapping[str, object]) -> list[dict[str, Any]]:
    return fetch_rows(con, f"mention_{name}_of", query_params)


def _part(kind: type[Actor] | type[Evidence] | type[Claim], row: Mapping[str, Any]) -> dict[str, Any]:
    return {field.name: row[SPAN.get(field.name, field.name)] for field in fields(kind)}


def _fetch(row: Mapping[str, Any]) -> TracedFetch | None:
    if row["fetch_id"] is None:
        return None
    run = TracedRun(row["fetch_run_id"], row["run_origin"], row["run_started_at"], row["run_code_version"])
    values = {
        field.name: row[f"fetch_{field.name}"] for field in fields(TracedFetch) if field.name not in ("run", "fetch_id")
    }
    return TracedFetch(fetch_id=row["fetch_id"], run=run, **values)
