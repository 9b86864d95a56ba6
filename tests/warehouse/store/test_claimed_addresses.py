"""Whose an address is, night after night: what a page claims is looked up in the warehouse before it is believed."""

from dataclasses import replace
from functools import partial

import duckdb
import pytest

from schemas.article import Article
from tasks.text.copies.canonical import settle_addresses
from tasks.text.copies.fingerprint import fingerprint
from tasks.warehouse.load.loading import load_batch
from tasks.warehouse.runs.run_lifecycle import begin, finish, note_discovery
from tasks.warehouse.store.standing import pages_of, standing_stories
from tests.warehouse.build import a_batch, a_discovery, a_run, a_source, an_article, coded

SOURCE = a_source()
WORDS = "one two three four five six seven eight nine ten"
SECTION = "https://north.test/all-about-the-river"


def _night(
    con: duckdb.DuckDBPyConnection, number: int, slug: str, claims: str | None = None, told: str | None = None
) -> Article:
    """A night with one page: at ``slug``, with ``claims`` as its canonical address; the article as it was loaded."""
    run = a_run(number)
    begin(con, run, [SOURCE])
    text = f"Gunmen killed 4 soldiers, the {told or slug} said. " + WORDS.replace(" ", f" {told or slug} ")
    made = an_article(run, SOURCE, slug, text)
    made = replace(made, fingerprint=fingerprint(text), canonical_url=claims or made.canonical_url)
    batch = a_batch(SOURCE, [coded(made)])
    batch = settle_addresses(batch, partial(standing_stories, con), partial(pages_of, con))
    note_discovery(con, run, a_discovery(run, SOURCE, batch))
    load_batch(con, run, batch)
    finish(con, run)
    (item,) = batch.items
    assert {mention.version_id for mention in item.mentions} == {item.article.version_id}
    return item.article


def _articles(con: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    return con.execute(
        """SELECT a.canonical_url, count(*) FROM articles a JOIN article_versions v USING (article_id)
        GROUP BY a.article_id, a.canonical_url ORDER BY ALL"""
    ).fetchall()


def test_pages_that_name_one_address_on_three_nights_stay_three(writer: duckdb.DuckDBPyConnection) -> None:
    for number, slug in enumerate(("mill", "bridge", "school")):
        _night(writer, number, slug, claims=SECTION)
    own = [(f"https://north.test/{slug}", 1) for slug in ("bridge", "school")]
    assert _articles(writer) == [(SECTION, 1), *own]
    assert writer.execute("SELECT count(*) FROM mentions").fetchall() == [(3,)]


def test_a_copy_keeps_the_address_of_what_it_copies(writer: duckdb.DuckDBPyConnection) -> None:
    first = _night(writer, 0, "mill")
    again = _night(writer, 1, "print/mill", claims=first.canonical_url, told="mill")
    assert again.article_id == first.article_id
    assert _articles(writer) == [(first.canonical_url, 2)]  # another title


def test_a_page_may_change_under_the_address_it_brought(writer: duckdb.DuckDBPyConnection) -> None:
    first = _night(writer, 0, "mill", claims=SECTION)
    again = _night(writer, 1, "mill", claims=SECTION, told="bakery")
    assert again.article_id == first.article_id
    assert _articles(writer) == [(SECTION, 2)]


@pytest.mark.parametrize("nights", [2, 3])
def test_a_page_whose_address_another_claimed_is_an_article_of_its_own_each_night(
    writer: duckdb.DuckDBPyConnection, nights: int
) -> None:
    false = _night(writer, 0, "mill", claims="https://north.test/bridge")
    ids = {_night(writer, number, "bridge").article_id for number in range(1, nights)}
    assert len(ids) == 1
    assert false.article_id not in ids
    assert _articles(writer) == [("https://north.test/bridge", 1)] * 2
