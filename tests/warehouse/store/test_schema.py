"""The schema, its comments, the dictionary and the dataclasses say the same."""

from dataclasses import fields
from pathlib import Path

import duckdb
import pytest

from schemas.article import Article, Dateline, DateReading
from schemas.discovery import SourceProbe
from schemas.event import Event, EventLink
from schemas.fetch import Fetch
from schemas.link import Link
from schemas.mention import Actor, Claim, EventMention, Evidence, Place, Toll, Victims, When
from schemas.page import Capture
from schemas.source import Source
from tasks.warehouse.publish.dictionary import data_dictionary
from tasks.warehouse.store.rows import DATE_READING, PLACE, SPAN, WHEN
from tasks.warehouse.store.write import table_specs

ROOT = Path(__file__).resolve().parents[3]


def test_every_table_view_and_column_says_what_it_is(empty: duckdb.DuckDBPyConnection) -> None:
    silent = empty.execute(
        """SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL
           UNION ALL SELECT table_name FROM duckdb_tables() WHERE NOT internal AND comment IS NULL
           UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NULL"""
    ).fetchall()
    assert silent == []


def test_the_data_dictionary_is_what_the_catalogue_says(empty: duckdb.DuckDBPyConnection) -> None:
    committed = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert committed == data_dictionary(empty), "run: python -m tasks.warehouse.publish.dictionary"


def test_every_table_but_the_list_of_migrations_declares_its_key(empty: duckdb.DuckDBPyConnection) -> None:
    specs = table_specs(empty)
    tables = {name for (name,) in empty.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal").fetchall()}
    assert tables - specs.keys() == {"migrations"}
    for spec in specs.values():
        declared = {*spec.key, *spec.first, *spec.last, *spec.made, *spec.kept, spec.order} - {None}
        assert declared <= set(spec.columns), spec.name
        assert spec.key, spec.name


def named(
    kind: type, rename: dict[str, str] | None = None, prefix: str = "", without: tuple[str, ...] = ()
) -> set[str]:
    names = (field.name for field in fields(kind) if field.name not in without)
    return {prefix + (rename or {}).get(name, name) for name in names}


TOLLS = ("killed", "injured", "detained", "displaced")
#: Per table: the columns that its dataclasses give, and those the warehouse adds.
GIVEN: dict[str, tuple[set[str], set[str]]] = {
    "probes": (named(SourceProbe), {"probe_id"}),
    "fetches": (
        named(Fetch, without=("link",)) | named(Link),
        {"fetch_id", "link_id", "batch", "stage", "outcome", "reason", "detail", "capture_id", "version_id"},
    ),
    "captures": (
        named(Capture),
        {"capture_id", "source_id", "version_id", "etag", "last_modified", "last_seen_at"},
    ),
    "article_versions": (
        named(
            Article,
            without=("page", "source_id", "canonical_url", "title", "text", "published", "modified", "dateline"),
        )
        | named(DateReading, DATE_READING, "published_")
        | named(DateReading, DATE_READING, "modified_")
        | named(Dateline, prefix="dateline_"),
        {"version_id", "article_id", "content_sha256", "capture_id", "first_seen_at", "read_run_id"},
    ),
    "articles": (
        {"source_id", "canonical_url"},
        {"article_id", "current_version_id", "changed_run_id", "first_seen_at", "last_seen_at"},
    ),
    "contents": ({"title", "text"}, {"content_sha256"}),
    "mentions": (
        named(EventMention, without=("when", "place", "actors", "claims", "evidence", "victims", *TOLLS))
        | named(When, WHEN)
        | named(Place, PLACE)
        | {column for toll in TOLLS for column in named(Toll, prefix=f"{toll}_")},
        {"mention_id", "coded_run_id"},
    ),
    "mention_actors": (named(Actor), {"mention_id", "number"}),
    "mention_claims": (named(Claim, SPAN), {"mention_id", "number"}),
    "mention_evidence": (named(Evidence, SPAN), {"mention_id", "number"}),
    "mention_victims": (named(Victims, SPAN), {"mention_id", "number"}),
    "events": (named(Event), {"created_at", "created_run_id", "changed_at", "changed_run_id"}),
    "event_links": (named(EventLink), set()),
    "sources": ((set(Source.model_fields) - {"id"}) | {"source_id"}, {"changed_run_id"}),
}


@pytest.mark.parametrize("table", GIVEN)
def test_tables_and_dataclasses_have_not_drifted(empty: duckdb.DuckDBPyConnection, table: str) -> None:
    given, added = GIVEN[table]
    assert not given & added
    assert set(table_specs(empty)[table].columns) == given | added
