"""What the reader may learn from: verdicts of people with the texts they were given on, and a model's replies."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import duckdb

from schemas.article import Dateline
from schemas.lesson import JudgedArticle, JudgedMention
from schemas.review import Verdict
from tasks.warehouse.store.queries import fetch_rows

_Row = Mapping[str, Any]


def judged_articles(con: duckdb.DuckDBPyConnection) -> list[JudgedArticle]:
    """The versions of articles on which people gave verdicts, or retracted events; a verdict goes before the latter."""
    mentions: dict[str, dict[str, JudgedMention]] = {}
    verdicts: dict[tuple[str, str], list[_Row]] = {}
    for row in fetch_rows(con, "verdicts_to_learn"):
        verdicts.setdefault((row["version_id"], row["mention_id"]), []).append(row)
    for (version_id, mention_id), rows in verdicts.items():
        mentions.setdefault(version_id, {})[mention_id] = _judged(rows)
    for row in fetch_rows(con, "retracted_mentions"):
        rejected = JudgedMention(tuple(_tellings(row)), right=False, values={}, sides={})
        mentions.setdefault(row["version_id"], {}).setdefault(row["mention_id"], rejected)
    articles = _versions(con, mentions)
    return [replace(article, mentions=tuple(mentions[article.version_id].values())) for article in articles]


def replies_to_learn(con: duckdb.DuckDBPyConnection, most: int) -> list[tuple[JudgedArticle, str]]:
    """The newest answers of a language model, each with its article of which nobody judged anything, by version id."""
    replies = {row["version_id"]: row["reply"] for row in fetch_rows(con, "newest_replies", {"most": most})}
    return [(article, replies[article.version_id]) for article in _versions(con, replies)]


def _judged(rows: Iterable[_Row]) -> JudgedMention:
    """The verdicts on one mention, that on the whole of it first: one on a field goes before it."""
    values: dict[str, object] = {}
    sides: dict[str, tuple[str, ...]] = {}
    rejected = False
    for row in rows:
        rejected |= row["verdict"] == Verdict.REJECT
        values |= json.loads(row["changes"])
        actors = json.loads(row["actors"] or "{}")
        sides |= {role: tuple(actor["name"] for actor in named) for role, named in actors.items()}
        last = row
    if rejected:
        return JudgedMention(tuple(_tellings(last)), right=False, values={}, sides={})
    return JudgedMention(tuple(_tellings(last)), right=True, values=values, sides=sides, event=last["event_id"])


def _tellings(row: _Row) -> Iterator[tuple[int, int]]:
    yield row["trigger_start"], row["trigger_end"]
    yield from ((start, stop) for start, stop in row["tellings"])


def _versions(con: duckdb.DuckDBPyConnection, version_ids: Iterable[str]) -> Iterator[JudgedArticle]:
    for row in fetch_rows(con, "versions_to_read", {"version_ids": sorted(version_ids)}):
        yield JudgedArticle(
            row["article_id"], row["version_id"], row["title"], row["text"], row["language"], row["published_day"],
            _dateline(row), row["country"],
        )  # fmt: skip


def _dateline(row: _Row) -> Dateline | None:
    place_name = row["dateline_place"]
    return (
        Dateline(place_name, row["dateline_agency"], row["dateline_start"], row["dateline_end"]) if place_name else None
    )
