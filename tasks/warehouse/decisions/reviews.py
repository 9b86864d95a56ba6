"""The verdicts of people: what waits for one, what was found, and what holds for which mention."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

import duckdb

from schemas.errors import UnknownIdError
from schemas.mention import Actor, Evidence, Role
from schemas.review import Review, ShownMention, StandingReview
from tasks.warehouse.store.connect import transaction
from tasks.warehouse.store.queries import fetch_rows
from tasks.warehouse.store.rows import SPAN, Row, Tell, tell_nobody
from tasks.warehouse.store.write import table_spec, upsert

#: Characters shown on either side of the sentence, to the next space.
_AROUND = 400


def review_queue(con: duckdb.DuckDBPyConnection, below: float, field: str = "", most: int = 1000) -> list[str]:
    """The mentions below a confidence that nobody judged, the least certain first; of a field, those that give it."""
    query_params = {"below": below, "field": field, "most": most}
    return [row["mention_id"] for row in fetch_rows(con, "review_queue", query_params)]


def shown_mention(con: duckdb.DuckDBPyConnection, mention_id: str) -> ShownMention:
    """A mention as it is shown to a person, as its coder read it. Raises :class:`UnknownIdError`."""
    rows = fetch_rows(con, "shown_mention", {"mention_id": mention_id})
    if not rows:
        raise UnknownIdError(f"no mention has the id {mention_id!r}; `firstdraft trace` shows those of an event")
    row, query_params = rows[0], {"mention_id": mention_id}
    text = row.pop("text")
    begin, stop = _around(text, row["sentence_start"], row["sentence_end"])
    alike = {field.name: row[field.name] for field in fields(ShownMention) if field.name in row}
    return ShownMention(
        **alike,
        sentence=text[row["sentence_start"] : row["sentence_end"]],
        context=text[begin:stop],
        context_start=begin,
        trigger=text[row["trigger_start"] : row["trigger_end"]],
        values=row,
        actors=tuple(_actor(part) for part in fetch_rows(con, "mention_actors_of", query_params)),
        evidence=tuple(_evidence(part) for part in fetch_rows(con, "mention_evidence_of", query_params)),
    )


def save_review(con: duckdb.DuckDBPyConnection, review: Review, notify: Tell = tell_nobody) -> None:
    """Write a verdict over the one there was on that mention and field; its row is told before it stands."""
    row: Row = asdict(review)
    with transaction(con):
        upsert(con, "reviews", [row])
        notify([row])


def undo_review(
    con: duckdb.DuckDBPyConnection, mention_id: str, field: str | None, notify: Tell = tell_nobody
) -> list[Row]:
    """Take the verdict on a field back (``None``: all of that mention); the keys taken away, told before they are.

    Raises :class:`UnknownIdError` if there is none.
    """
    key = table_spec(con, "reviews").key
    with transaction(con):
        gone = con.execute(
            "DELETE FROM reviews WHERE mention_id = $1 AND coalesce(field = $2, true) RETURNING mention_id, field",
            [mention_id, field],
        ).fetchall()
        if not gone:
            raise UnknownIdError(
                f"there is no such verdict on {mention_id}; `firstdraft review --list` shows the verdicts"
            )
        keys: list[Row] = [dict(zip(key, row, strict=True)) for row in sorted(gone)]
        notify(keys)
    return keys


def standing_reviews(con: duckdb.DuckDBPyConnection) -> list[StandingReview]:
    """Every verdict, newest first, with the number of mentions it holds for."""
    rows = fetch_rows(con, "standing_reviews")
    return [StandingReview(_review(row), row["mentions"]) for row in rows]


def _review(row: Mapping[str, Any]) -> Review:
    return Review(**{field.name: row[field.name] for field in fields(Review)})


def _actor(row: Mapping[str, Any]) -> Actor:
    return Actor(**{field.name: row[field.name] for field in fields(Actor)} | {"role": Role(row["role"])})


def _evidence(row: Mapping[str, Any]) -> Evidence:
    return Evidence(**{field.name: row[SPAN.get(field.name, field.name)] for field in fields(Evidence)})


def _around(text: str, sentence_start: int, sentence_end: int) -> tuple[int, int]:
    """Where the text around a sentence begins and ends: at a space, or where the text does."""
    begin = text.find(" ", sentence_start - _AROUND) + 1 if sentence_start > _AROUND else 0
    stop = text.rfind(" ", sentence_end, sentence_end + _AROUND) if sentence_end + _AROUND < len(text) else len(text)
    return min(begin, sentence_start), max(stop, sentence_end)
