"""Stored articles, looked up before a batch is written: their story, and the addresses that brought them."""

from collections.abc import Iterable

import duckdb

from schemas.version import StandingStory
from tasks.warehouse.store.filters import maybe_held
from tasks.warehouse.store.queries import fetch_rows


def standing_stories(con: duckdb.DuckDBPyConnection, article_ids: Iterable[str]) -> dict[str, StandingStory]:
    """The story of each article that is stored, by the article's id; articles that are not stored are left out."""
    candidates = maybe_held(con, "articles", "article_id", article_ids)
    rows = fetch_rows(con, "standing_stories", {"article_ids": sorted(candidates)}) if candidates else []
    return {
        row["article_id"]: StandingStory(
            row["title"], row["published_day"], row["completeness"], tuple(row["fingerprint"])
        )
        for row in rows
    }


def pages_of(con: duckdb.DuckDBPyConnection, article_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """The canonical addresses of the pages of each article, by the article's id."""
    rows = fetch_rows(con, "pages_of_articles", {"article_ids": sorted(article_ids)})
    return {row["article_id"]: frozenset(row["urls"]) for row in rows}
