"""The versions of an article and what changed, as asked for by id and by address."""

import io
import json

import duckdb
import pytest
from rich.console import Console

from schemas.errors import UnknownIdError
from schemas.mention import CodedArticle
from schemas.outcome import Batch
from tasks.console.diff import diff_json, show_versions
from tasks.text.copies.worddiff import differences
from tasks.warehouse.load.loading import load_batch
from tasks.warehouse.publish.diff import versions_of
from tests.warehouse.build import a_run, a_source, an_article

TEXT = "RIVERTON, Norland (Post) –\nShelling killed {toll} people near Riverton on Monday, the council said."


def told(con: duckdb.DuckDBPyConnection, run: int, toll: int, source: str = "north") -> str:
    article = an_article(a_run(run), a_source(source), "first", TEXT.format(toll=toll))
    load_batch(con, a_run(run), Batch(source, 0, (CodedArticle(article, ()),)))
    return article.article_id


def test_a_changed_toll_is_two_versions_and_one_edit(writer: duckdb.DuckDBPyConnection) -> None:
    article_id = told(writer, 0, 12)
    assert told(writer, 1, 14) == article_id
    versions = versions_of(writer, article_id)
    assert [version.current for version in versions] == [False, True]
    assert [version.first_seen_at for version in versions] == [a_run(0).started_at, a_run(1).started_at]
    (change,) = differences(versions)
    assert [edit.text for edit in change.text if edit.kind != "same"] == ["12", "14"]
    for asked in (versions[0].version_id, "https://north.test/first", "https://north.test/first?utm_source=x"):
        assert versions_of(writer, asked) == versions


def test_it_is_readable_and_machines_get_every_edit(writer: duckdb.DuckDBPyConnection) -> None:
    versions = versions_of(writer, told(writer, 0, 12))
    buffer = io.StringIO()
    show_versions(Console(file=buffer, width=200), versions, differences(versions))
    assert "nothing has changed" in buffer.getvalue()
    versions = versions_of(writer, told(writer, 1, 14))
    changes = differences(versions)
    show_versions(Console(file=buffer, width=200), versions, changes)
    assert "Shelling killed [-12-]{+14+} people near Riverton" in buffer.getvalue()
    found = json.loads(json.dumps(diff_json(versions, changes), default=str))
    assert found["differences"][0]["words_added"] == 1
    assert [edit["text"] for edit in found["differences"][0]["text"] if edit["kind"] == "removed"] == ["12"]


def test_an_address_nobody_has_is_told(writer: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(UnknownIdError, match="no article has the id or address 'art_x'"):
        versions_of(writer, "art_x")
