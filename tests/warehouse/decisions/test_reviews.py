"""A verdict overrides what a coder read, holds for later readings of the same words, and can be taken back."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from schemas.article import Article
from schemas.errors import UnknownIdError
from schemas.event import StoredMention
from schemas.ledger import Wrote
from schemas.mention import EventMention, Evidence
from schemas.review import Review, Verdict
from schemas.settings import Settings
from tasks.ledger.append import open_ledger
from tasks.ledger.past import past_runs
from tasks.reviewing.fields import read_correction
from tasks.reviewing.judging import judge
from tasks.warehouse.care import replaying
from tasks.warehouse.decisions.reviews import review_queue, save_review, shown_mention, standing_reviews, undo_review
from tasks.warehouse.load.loading import load_batch
from tasks.warehouse.publish.snapshot import publish
from tasks.warehouse.runs.run_lifecycle import begin
from tasks.warehouse.store.connect import open_reader, open_writer
from tasks.warehouse.store.queries import rows_of
from tests.warehouse.build import NOON, a_batch, a_mention, a_run, a_source, an_article, coded
from tests.warehouse.conftest import fill
from tests.warehouse.made import stored_mentions

Read = Callable[..., str]
TEXT = "Gunmen killed 4 soldiers near Riverton on Monday, a spokesman said."


@pytest.fixture
def read(writer: duckdb.DuckDBPyConnection) -> Read:
    """Reads one article, again at each call: a run of its own, with the mention changed as asked."""
    numbers = iter(range(100))

    def again(text: str = TEXT, mention: Callable[[Article], EventMention] = a_mention) -> str:
        run, source = a_run(next(numbers)), a_source()
        begin(writer, run, [source])
        article = an_article(run, source, "one", text)
        told = mention(article)
        load_batch(writer, run, a_batch(source, [coded(article, told)]))
        return told.mention_id

    return again


def verdict(con: duckdb.DuckDBPyConnection, mention_id: str, which: Verdict, what: str | None = None) -> Review:
    mention = shown_mention(con, mention_id)
    said = read_correction(what, mention) if which is Verdict.CORRECT and what else what
    review = judge(mention, which, said, "the ministry says so", "ada", NOON)
    save_review(con, review)
    return review


def doubtful_toll(article: Article) -> EventMention:
    told = a_mention(article)
    at = article.text.index("4")
    toll = Evidence("killed", at, at + 1, "4", "active:exact", confidence=0.3)
    return replace(told, evidence=(*told.evidence, toll))


def only(con: duckdb.DuckDBPyConnection) -> StoredMention:
    (mention,) = stored_mentions(con)
    return mention


def test_a_correction_takes_the_place_of_the_field_and_of_nothing_else(
    writer: duckdb.DuckDBPyConnection, read: Read
) -> None:
    mention_id = read()
    before = only(writer)
    verdict(writer, mention_id, Verdict.CORRECT, "killed=12-14")
    assert only(writer) == replace(before, killed_low=12, killed_best=12, killed_high=14, confidence=1.0)


def test_not_said_is_a_correction_too(writer: duckdb.DuckDBPyConnection, read: Read) -> None:
    mention_id = read()
    for words in ("killed=none", "date=none", "place=none"):
        verdict(writer, mention_id, Verdict.CORRECT, words)
    mention = only(writer)
    assert (mention.killed_low, mention.killed_best, mention.killed_high) == (None, None, None)
    assert (mention.date_start, mention.date_precision, mention.place_name, mention.country) == (None, None, None, None)


def test_a_side_that_is_settled_has_the_actors_named(writer: duckdb.DuckDBPyConnection, read: Read) -> None:
    mention_id = read()
    targets = only(writer).targets
    verdict(writer, mention_id, Verdict.CORRECT, "initiators=Islamic State; Unheard Of Band")
    known = rows_of(writer, "FROM mention_actors_reviewed WHERE role = 'initiator'")
    assert [row["canonical_name"] is not None for row in known] == [True, False]
    assert only(writer).initiators == tuple(sorted([known[0]["actor_id"], "unheard of band"]))
    assert only(writer).targets == targets
    verdict(writer, mention_id, Verdict.CORRECT, "targets=none")
    assert only(writer).targets == ()


def test_the_actors_of_an_event_are_those_that_people_left(writer: duckdb.DuckDBPyConnection) -> None:
    fill(writer, a_run())
    sides = "SELECT name, mentions FROM event_actors WHERE role = 'initiator' ORDER BY name"
    assert rows_of(writer, sides) == [{"name": "Gunmen", "mentions": 2}]
    first = min(mention.mention_id for mention in stored_mentions(writer))
    verdict(writer, first, Verdict.CORRECT, "initiators=Unheard Of Band")
    assert rows_of(writer, sides) == [{"name": "Gunmen", "mentions": 1}, {"name": "Unheard Of Band", "mentions": 1}]


def test_a_corrected_actor_counts_in_the_reports_by_actor(made: Settings) -> None:
    """In those made when the snapshot is published and in the shapes of others alike; and no more when taken back."""

    def published() -> dict[str, list[dict[str, object]]]:
        publish(made)
        with open_reader(made) as con:
            return {name: rows_of(con, asked) for name, asked in by_actor.items()}

    by_actor = {
        "events_by_actor": "SELECT name, events, killed_best FROM events_by_actor WHERE role = 'initiator'",
        "actor_pairs": "SELECT initiator, initiator_id, target, events FROM actor_pairs",
        "acled": "SELECT actor1, inter1 FROM acled",
        "ucdp_ged": "SELECT [side_a, side_b] AS sides FROM ucdp_ged",
    }
    with open_writer(made) as con:
        fill(con, a_run())
        mentions = [mention.mention_id for mention in stored_mentions(con)]
    before = published()
    assert before["events_by_actor"] == [{"name": "gunmen", "events": 1, "killed_best": 4}]
    with open_writer(made) as con:
        for mention_id in mentions:
            verdict(con, mention_id, Verdict.CORRECT, "initiators=Islamic State")
        ((name, actor_id),) = con.execute(
            "SELECT DISTINCT canonical_name, actor_id FROM mention_actors_reviewed WHERE role = 'initiator'"
        ).fetchall()
    after = published()
    assert after["events_by_actor"] == [{"name": name, "events": 1, "killed_best": 4}]
    (pair,) = after["actor_pairs"]
    assert pair == before["actor_pairs"][0] | {"initiator": name, "initiator_id": actor_id}
    assert after["acled"][0]["actor1"] == name
    assert after["ucdp_ged"] == [{"sides": ["Syrian army", name]}], "a government stands first"
    with open_writer(made) as con:
        for mention_id in mentions:
            undo_review(con, mention_id, None)
    assert published() == before


def test_a_rejected_mention_makes_no_event_and_is_not_shown_again(
    writer: duckdb.DuckDBPyConnection, read: Read
) -> None:
    mention_id = read()
    assert review_queue(writer, 0.8) == [mention_id]
    verdict(writer, mention_id, Verdict.REJECT)
    assert stored_mentions(writer) == []
    assert review_queue(writer, 0.8) == []
    assert rows_of(writer, "SELECT mention_id FROM mentions") == [{"mention_id": mention_id}]


def test_what_was_accepted_stands_when_later_code_reads_otherwise(
    writer: duckdb.DuckDBPyConnection, read: Read
) -> None:
    mention_id = read()
    verdict(writer, mention_id, Verdict.ACCEPT)
    assert read(mention=lambda article: a_mention(article, killed=400)) == mention_id
    assert only(writer).killed_best == 4


def test_a_verdict_on_a_field_goes_before_one_on_the_whole(writer: duckdb.DuckDBPyConnection, read: Read) -> None:
    mention_id = read()
    verdict(writer, mention_id, Verdict.CORRECT, "killed=14")
    verdict(writer, mention_id, Verdict.ACCEPT)
    assert only(writer).killed_best == 14


def test_a_correction_holds_where_the_trigger_is_cut_otherwise(writer: duckdb.DuckDBPyConnection, read: Read) -> None:
    verdict(writer, read(), Verdict.CORRECT, "killed=14")
    read(mention=lambda article: replace(a_mention(article), trigger_end=article.text.index("soldiers") + 8))
    assert only(writer).killed_best == 14
    assert [told.mentions for told in standing_reviews(writer)] == [1]


def test_a_rejection_holds_for_the_kind_that_was_shown_alone(writer: duckdb.DuckDBPyConnection, read: Read) -> None:
    verdict(writer, read(), Verdict.REJECT)
    read(mention=lambda article: a_mention(article, event_type="Riots", sub_event_type="Mob violence"))
    assert only(writer).sub_event_type == "Mob violence"
    assert [told.mentions for told in standing_reviews(writer)] == [0]


@pytest.mark.parametrize(
    ("text", "killed"),
    [
        (f"A first line was added.\n{TEXT}", 14),
        ("Gunmen killed 9 soldiers near Riverton on Monday, a spokesman said.", 9),
    ],
)
def test_a_verdict_follows_its_sentence_into_the_next_version_and_not_into_another_sentence(
    writer: duckdb.DuckDBPyConnection, read: Read, text: str, killed: int
) -> None:
    verdict(writer, read(), Verdict.CORRECT, "killed=14")
    read(text, lambda article: a_mention(article, killed=9))
    assert only(writer).killed_best == killed


def test_undone_is_as_before(writer: duckdb.DuckDBPyConnection, read: Read) -> None:
    mention_id = read()
    before = only(writer)
    verdict(writer, mention_id, Verdict.CORRECT, "killed=14")
    verdict(writer, mention_id, Verdict.CORRECT, "status=denied")
    assert undo_review(writer, mention_id, "status") == [{"mention_id": mention_id, "field": "status"}]
    assert only(writer).killed_best == 14
    undo_review(writer, mention_id, None)
    assert only(writer) == before
    with pytest.raises(UnknownIdError, match="--list"):
        undo_review(writer, mention_id, None)


def test_the_ledger_gives_a_verdict_back_as_it_was(
    writer: duckdb.DuckDBPyConnection, read: Read, tmp_path: Path
) -> None:
    mention_id = read()
    ledger = open_ledger(tmp_path / "ledger", 1 << 20)
    for words in ("date=2024-03-02..2024-03-03", "targets=villagers"):
        review = judge(shown_mention(writer, mention_id), Verdict.CORRECT, read_correction(words), "é", "ada", NOON)
        save_review(writer, review, lambda rows: ledger.append(Wrote("reviews", tuple(rows))))
    ledger.sync()
    before = (only(writer), rows_of(writer, "FROM reviews ORDER BY ALL"))
    writer.execute("DELETE FROM reviews")
    for told in past_runs(ledger.folder):
        assert isinstance(told, Wrote)
        replaying.write_again(writer, told.table, told.rows, removed=told.removed)
    assert (only(writer), rows_of(writer, "FROM reviews ORDER BY ALL")) == before
    replaying.write_again(writer, "reviews", [{"mention_id": mention_id, "field": "date"}], removed=True)
    assert [row["field"] for row in rows_of(writer, "FROM reviews")] == ["targets"]


def test_the_queue_begins_with_the_least_certain_and_knows_fields(
    writer: duckdb.DuckDBPyConnection, read: Read
) -> None:
    mention_id = read(mention=doubtful_toll)
    assert review_queue(writer, 0.75) == []
    assert review_queue(writer, 0.76) == [mention_id]
    assert review_queue(writer, 0.3, "killed") == []
    assert review_queue(writer, 0.31, "killed") == [mention_id], "the toll's own confidence"
    assert review_queue(writer, 0.75, "initiators") == []
    assert review_queue(writer, 0.76, "initiators") == [mention_id], "it has none of its own"
    assert review_queue(writer, 1.0, "injured") == [], "it gives none"
    assert review_queue(writer, 0.76, "status") == [mention_id]
    verdict(writer, mention_id, Verdict.ACCEPT, "killed")
    assert review_queue(writer, 0.76, "killed") == []
    assert review_queue(writer, 0.76, "initiators") == [mention_id]


def test_a_mention_is_shown_with_its_sentence_and_what_it_says(writer: duckdb.DuckDBPyConnection, read: Read) -> None:
    long = "Before it all. " * 60 + TEXT + " After it all." * 60
    mention_id = read(long, lambda a: replace(a_mention(a), sentence_end=a.text.index(TEXT) + len(TEXT)))
    shown = shown_mention(writer, mention_id)
    assert shown.sentence == TEXT
    assert shown.context[shown.sentence_start - shown.context_start :].startswith(TEXT)
    assert len(TEXT) + 500 < len(shown.context) < len(TEXT) + 820
    review = judge(shown, Verdict.REJECT, None, "", "ada", NOON)
    assert json.loads(review.said) == {
        "type": "Armed clash (Battles)",
        "status": "happened",
        "date": "2024-03-04",
        "place": "Riverton, Riverland, SY at 35.5, 40.25",
        "initiators": "Gunmen",
        "targets": "soldiers",
        "killed": "4",
    }
    with pytest.raises(UnknownIdError):
        shown_mention(writer, "men_0")


def test_a_denial_told_in_a_report_takes_nothing_away(read: Read, writer: duckdb.DuckDBPyConnection) -> None:
    mention_id = read()
    verdict(writer, mention_id, Verdict.CORRECT, "status=denied")
    (denied,) = stored_mentions(writer)
    assert (denied.status, denied.contested) == ("denied", False)
    writer.execute("DELETE FROM mention_claims").fetchall()
    for number, (speaker, stance) in enumerate((("a spokesman", "asserts"), ("the army", "denies"))):
        told = (mention_id, number, speaker, None, stance, "event", "words", 0, 1000)
        writer.execute("INSERT INTO mention_claims VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", list(told)).fetchall()
    (told_of,) = stored_mentions(writer)
    assert (told_of.status, told_of.contested, told_of.killed_best) == ("happened", True, 4)
