"""Runs and batches: every link ends once, and nothing is written twice."""

import shutil
from dataclasses import replace
from datetime import timedelta

import duckdb
import pytest

from schemas.errors import AccountingError
from schemas.outcome import Outcome, Reason, Stage
from schemas.run import Run
from schemas.settings import Settings
from tasks.warehouse.care.checks import accounting, state_hash
from tasks.warehouse.decisions.recall import captures_for, known_pages
from tasks.warehouse.load.loading import load_batch
from tasks.warehouse.publish.diff import versions_of
from tasks.warehouse.runs.run_lifecycle import batches_of_captures, begin, finish, note_discovery
from tasks.warehouse.store.connect import open_writer, transaction
from tests.warehouse.build import (
    NOON,
    WINDOW,
    a_batch,
    a_discovery,
    a_mention,
    a_run,
    a_source,
    an_article,
    coded,
    settled,
)
from tests.warehouse.conftest import fill, one_event
from tests.warehouse.made import save_events, stored_mentions

NORTH = a_source("north")


def outcomes(con: duckdb.DuckDBPyConnection, run: Run) -> list[tuple[object, ...]]:
    found = con.execute(
        "SELECT canonical_url.split('/')[-1], outcome, reason, stage FROM fetches WHERE run_id = ? ORDER BY 1",
        [run.run_id],
    )
    return found.fetchall()


def count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def test_a_whole_run_adds_up_and_says_what_it_did(made: Settings) -> None:
    run = a_run()
    with open_writer(made) as con:
        fill(con, run)
        found = con.execute("SELECT state, discovered, fetched, articles, mentions, events FROM runs").fetchall()
        assert found == [("done", 5, 5, 2, 2, 1)]
        assert count(con, "rejections") == 3


def test_a_second_run_over_the_same_pages_changes_no_row(made: Settings) -> None:
    with open_writer(made) as con:
        fill(con, a_run(0))
        before = state_hash(con)
        fill(con, a_run(1))
        assert state_hash(con) == before
        changed = con.execute(
            "SELECT sum(inserted + updated + deleted) FROM run_changes WHERE run_id = ?", [a_run(1).run_id]
        )
        assert changed.fetchall() == [(0,)]
        assert {row[1:] for row in outcomes(con, a_run(1)) if row[0] in ("first", "second")} == {
            ("unchanged", "same_text", "load")
        }
        stamps = con.execute("SELECT DISTINCT last_seen_at - first_seen_at FROM articles").fetchall()
        assert stamps == [(timedelta(days=1),)]


def test_a_corrected_page_is_a_new_version_and_its_mentions_the_ones_that_count(
    writer: duckdb.DuckDBPyConnection,
) -> None:
    first, second, third = a_run(0), a_run(1), a_run(2)
    begin(writer, first, [NORTH])
    before, after = (
        an_article(first, NORTH, "a"),
        an_article(second, NORTH, "a", "Gunmen killed 6 soldiers. Corrected."),
    )
    load_batch(writer, first, a_batch(NORTH, [coded(before)]))
    report = load_batch(writer, second, a_batch(NORTH, [coded(after, a_mention(after, killed=6))]))
    assert report.outcomes == {"stored": 1}
    assert report.rows["articles"] == {"inserted": 0, "updated": 1, "unchanged": 0, "deleted": 0}
    assert (count(writer, "articles"), count(writer, "article_versions"), count(writer, "mentions")) == (1, 2, 2)
    assert [mention.killed_best for mention in stored_mentions(writer)] == [6]
    again = an_article(third, NORTH, "a")
    assert again.version_id == before.version_id
    assert load_batch(writer, third, a_batch(NORTH, [coded(again)])).outcomes == {"stored": 1}
    assert [mention.killed_best for mention in stored_mentions(writer)] == [4]


def test_an_older_capture_loaded_later_does_not_replace_what_stands(writer: duckdb.DuckDBPyConnection) -> None:
    newer, older = an_article(a_run(5), NORTH, "a", "Gunmen killed 6 soldiers."), an_article(a_run(1), NORTH, "a")
    load_batch(writer, a_run(5), a_batch(NORTH, [coded(newer, a_mention(newer, killed=6))]))
    load_batch(writer, a_run(6), a_batch(NORTH, [coded(older)]))
    assert [mention.killed_best for mention in stored_mentions(writer)] == [6]
    assert count(writer, "article_versions") == 2


def test_two_links_to_one_article_end_as_one_and_its_duplicate(writer: duckdb.DuckDBPyConnection) -> None:
    run = a_run()
    article = an_article(run, NORTH, "a")
    link = replace(article.page.fetch.link, canonical_url="https://north.test/b")
    twin = replace(article, page=replace(article.page, fetch=replace(article.page.fetch, link=link)))
    load_batch(writer, run, a_batch(NORTH, [coded(article), coded(twin)]))
    assert outcomes(writer, run) == [("a", "stored", None, "load"), ("b", "duplicate", "same_url", "load")]
    assert count(writer, "mentions") == 1


def test_a_page_seen_unchanged_moves_its_stamps(writer: duckdb.DuckDBPyConnection) -> None:
    first, second = a_run(0), a_run(1)
    begin(writer, first, [NORTH])
    load_batch(writer, first, a_batch(NORTH, [coded(an_article(first, NORTH, "a"))]))
    same = settled(second, NORTH, "a", Outcome.UNCHANGED, Reason.NOT_MODIFIED)
    load_batch(writer, second, a_batch(NORTH, ended=[replace(same, fetch=replace(same.fetch, etag='"new"'))]))
    seen = writer.execute("SELECT a.last_seen_at, c.last_seen_at, c.etag FROM articles a, captures c").fetchall()
    assert seen == [(second.started_at, second.started_at, '"new"')]
    linked = writer.execute("SELECT count(DISTINCT capture_id), count(DISTINCT version_id) FROM fetches").fetchall()
    assert linked == [(1, 1)]
    known = known_pages(writer, ["north"])["https://north.test/a"]
    assert known.etag == '"new"'
    assert known_pages(writer, ["south"]) == {}


def test_a_settled_page_whose_bytes_were_kept_is_known(writer: duckdb.DuckDBPyConnection) -> None:
    run = a_run()
    capture = an_article(run, NORTH, "wall").page.capture
    ended = replace(settled(run, NORTH, "wall", reason=Reason.COOKIE_WALL, stage=Stage.CLEAN), capture=capture)
    load_batch(writer, run, a_batch(NORTH, ended=[ended]))
    assert known_pages(writer, ["north"])["https://north.test/wall"].capture_id == capture.capture_id
    assert count(writer, "articles") == 0


def test_mentions_that_todays_code_no_longer_reads_are_deleted_with_their_parts(
    writer: duckdb.DuckDBPyConnection,
) -> None:
    first, second = a_run(0), a_run(1, "reprocess")
    article = an_article(first, NORTH, "a")
    load_batch(writer, first, a_batch(NORTH, [coded(article)]))
    fetch = replace(article.page.fetch, run_id=second.run_id)
    article = replace(article, page=replace(article.page, fetch=fetch))
    other = a_mention(article, sub_event_type="Attack", event_type="Violence against civilians", claims=())
    report = load_batch(writer, second, a_batch(NORTH, [coded(article, other)]))
    assert report.reasons == {"unchanged:same_text": 1}
    assert report.rows["mentions"] == {"inserted": 1, "updated": 0, "unchanged": 0, "deleted": 1}
    assert (count(writer, "mentions"), count(writer, "mention_actors"), count(writer, "mention_claims")) == (1, 2, 0)
    assert count(writer, "mention_evidence") == 2


def test_other_code_that_reads_the_same_leaves_the_state_and_its_version(writer: duckdb.DuckDBPyConnection) -> None:
    first, second = a_run(0), a_run(1, "reprocess")
    article = an_article(first, NORTH, "a")
    told = a_mention(article)
    pointed = replace(told, evidence=tuple(replace(piece, coder="rules 1") for piece in told.evidence))
    load_batch(writer, first, a_batch(NORTH, [coded(article, pointed)]))
    before = state_hash(writer)
    again = replace(article, page=replace(article.page, fetch=replace(article.page.fetch, run_id=second.run_id)))
    newer = replace(told, coder_version="2", evidence=tuple(replace(p, coder="rules 2") for p in told.evidence))
    report = load_batch(writer, second, a_batch(NORTH, [coded(again, newer)]))
    assert report.rows["mentions"] == {"inserted": 0, "updated": 0, "unchanged": 1, "deleted": 0}
    assert state_hash(writer) == before
    read = writer.execute("SELECT coder_version, coded_run_id FROM mentions").fetchall()
    assert read == [("2", first.run_id)], "who asks for what old code read last is not given it again"
    assert writer.execute("SELECT DISTINCT coder FROM mention_evidence").fetchall() == [("rules 2",)]


def test_a_page_that_todays_code_refuses_has_no_mentions_left(writer: duckdb.DuckDBPyConnection) -> None:
    first, second = a_run(0), a_run(1, "reprocess")
    article, other = an_article(first, NORTH, "a"), an_article(first, NORTH, "b")
    load_batch(writer, first, a_batch(NORTH, [coded(article), coded(other)]))
    again = settled(second, NORTH, "a", reason=Reason.INDEX_PAGE, stage=Stage.CLEAN)
    refused = replace(again, capture=article.page.capture)
    report = load_batch(writer, second, a_batch(NORTH, ended=[refused]))
    assert report.rows["mentions"] == {"inserted": 0, "updated": 0, "unchanged": 0, "deleted": 1}
    assert [mention.version_id for mention in stored_mentions(writer)] == [other.version_id]
    assert count(writer, "article_versions") == 2


def test_a_page_read_otherwise_today_is_one_reading_replaced_not_a_correction(
    writer: duckdb.DuckDBPyConnection,
) -> None:
    first, second = a_run(0), a_run(1, "reprocess")
    article = an_article(first, NORTH, "a")
    load_batch(writer, first, a_batch(NORTH, [coded(article)]))
    page = replace(article.page, fetch=replace(article.page.fetch, run_id=second.run_id))
    otherwise = replace(article, text=article.text + " Read to its end.", page=page)
    load_batch(writer, second, a_batch(NORTH, [coded(otherwise)]))
    versions = versions_of(writer, article.article_id)
    assert {version.version_id: version.superseded for version in versions} == {
        article.version_id: True,
        otherwise.version_id: False,
    }
    assert {mention.version_id for mention in stored_mentions(writer)} == {otherwise.version_id}
    assert count(writer, "mentions") == 1


def test_a_batch_loaded_twice_in_a_run_is_written_once_and_reported_alike(writer: duckdb.DuckDBPyConnection) -> None:
    run = a_run()
    batch = a_batch(NORTH, [coded(an_article(run, NORTH, "a"))], [settled(run, NORTH, "b")])
    assert load_batch(writer, run, batch) == load_batch(writer, run, batch)
    assert outcomes(writer, run) == [("a", "stored", None, "load"), ("b", "rejected", "not_found", "fetch")]


def test_batches_in_any_order_make_the_same_state(made: Settings, empty: duckdb.DuckDBPyConnection) -> None:
    run = a_run()
    states: list[str] = []
    batches = [a_batch(NORTH, [coded(an_article(run, NORTH, f"{n}{i}")) for i in range(2)], number=n) for n in range(2)]
    for order in (batches, batches[::-1]):
        other = made.model_copy(update={"data_dir": made.data_dir / f"order{len(states)}"})
        other.data_dir.mkdir()
        shutil.copyfile(made.warehouse_path, other.warehouse_path)
        with open_writer(other) as con:
            for batch in order:
                load_batch(con, run, batch)
            states.append(state_hash(con))
    assert states[0] == states[1] != state_hash(empty)


def test_a_run_that_does_not_add_up_is_not_done(writer: duckdb.DuckDBPyConnection) -> None:
    run = a_run()
    batch = a_batch(NORTH, ended=[settled(run, NORTH, "a"), settled(run, NORTH, "b")])
    begin(writer, run, [NORTH])
    note_discovery(writer, run, a_discovery(run, NORTH, batch))
    load_batch(writer, run, replace(batch, settled=batch.settled[:1]))
    with pytest.raises(AccountingError, match="north: 2 discovered, 1 ended"):
        finish(writer, run)
    assert writer.execute("SELECT state FROM runs").fetchall() == [("running",)]
    begin(writer, a_run(1), [NORTH])
    assert writer.execute("SELECT state FROM runs ORDER BY started_at").fetchall() == [("abandoned",), ("running",)]


def test_links_of_a_source_the_run_never_asked_do_not_add_up_either(writer: duckdb.DuckDBPyConnection) -> None:
    run = a_run()
    begin(writer, run, [NORTH])
    load_batch(writer, run, a_batch(a_source("south"), ended=[settled(run, a_source("south"), "a")]))
    with pytest.raises(AccountingError, match="south: 0 discovered, 1 ended"):
        accounting(writer, run.run_id)


def test_stored_captures_come_back_as_they_were_fetched(writer: duckdb.DuckDBPyConnection) -> None:
    first = a_run(0)
    begin(writer, first, [NORTH])
    pages = [an_article(first, NORTH, slug) for slug in ("a", "b", "c")]
    load_batch(writer, first, a_batch(NORTH, [coded(page) for page in pages]))
    second = a_run(1, "reprocess")
    begin(writer, second, [NORTH])
    back = captures_for(writer, second.run_id, "north", WINDOW)
    assert {page.capture for page in back} == {page.page.capture for page in pages}
    assert {replace(page.fetch, run_id=first.run_id) for page in back} == {page.page.fetch for page in pages}
    batches = batches_of_captures(writer, second, NORTH, 2)
    assert [len(batch) for batch in batches] == [2, 1]
    for batch in batches:
        items = [
            coded(replace(page, page=item))
            for item in batch.items
            for page in pages
            if page.page.capture == item.capture
        ]
        load_batch(writer, second, a_batch(NORTH, items, number=batch.number))
    assert finish(writer, second).reasons == {"unchanged:same_text": 3}


def test_an_event_that_vanished_leads_to_where_its_mentions_went(writer: duckdb.DuckDBPyConnection) -> None:
    def save(run: Run, event_id: str) -> None:
        with transaction(writer):
            save_events(writer, run, *one_event(writer, event_id))

    def aliases() -> list[tuple[object, ...]]:
        return writer.execute("SELECT old_event_id, event_id, why FROM event_aliases ORDER BY 1").fetchall()

    run = a_run()
    begin(writer, run, [NORTH])
    load_batch(writer, run, a_batch(NORTH, [coded(an_article(run, NORTH, "a"))]))
    save(run, "evt_1")
    save(a_run(1), "evt_2")
    assert aliases() == [("evt_1", "evt_2", "merged")]
    stamps = writer.execute("SELECT created_at, changed_run_id FROM events").fetchall()
    assert stamps == [(NOON + timedelta(days=1), a_run(1).run_id)]
    save(a_run(2), "evt_1")
    assert aliases() == [("evt_2", "evt_1", "merged")]
    with transaction(writer):
        save_events(writer, a_run(3), [], [])
    assert aliases() == [("evt_1", None, "withdrawn"), ("evt_2", "evt_1", "merged")]
    assert count(writer, "event_links") == 0
