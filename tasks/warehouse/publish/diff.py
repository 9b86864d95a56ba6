"""The versions of an article, for those who ask what changed."""

from dataclasses import fields

import duckdb

from schemas.errors import UnknownIdError
from schemas.version import StoredVersion
from tasks.warehouse.store.queries import fetch_rows


def versions_of(con: duckdb.DuckDBPyConnection, target: str, canonical: str | None = None) -> list[StoredVersion]:
    """The versions of the article with this id or address, first seen first; ``canonical`` is the address as a key.

    An address that several sources have is refused with their ids. Raises :class:`UnknownIdError` then, and if no
    article has it.
    """
    rows = fetch_rows(con, "article_versions_of", {"asked": target, "canonical": canonical or target})
    names = [field.name for field in fields(StoredVersion)]
    versions = [StoredVersion(**{name: row[name] for name in names}) for row in rows]
    ids = sorted({version.article_id for version in versions})
    if not ids:
        lists = '`firstdraft sql "SELECT article_id, canonical_url FROM articles"` lists them'
        raise UnknownIdError(f"no article has the id or address {target!r}; {lists}")
    if len(ids) > 1:
        raise UnknownIdError(f"{target} is the address of several articles; ask for one: {', '.join(ids)}")
    return versions
