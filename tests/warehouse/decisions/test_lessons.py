"""What the reader may learn from: verdicts with their texts, retracted events, replies of a model."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import duckdb
import pytest

from schemas.keys import sha256_hex
from schemas.lesson import JudgedMention
from schemas.llm import LlmReply
from schemas.mention import Evidence
from schemas.review import Verdict
from schemas.run import Run
from tasks.resolve import resolve_changes
from tasks.reviewing.fields import read_correction
from tasks.reviewing.judging import judge
from tasks.warehouse.decisions import overriding
from tasks.warehouse.decisions.lessons import judged_articles, replies_to_learn
from tasks.warehouse.decisions.llm import save_replies
from tasks.warehouse.decisions.reviews import save_review, shown_mention
from tasks.warehouse.load.loading import load_batch
from tasks.warehouse.runs.run_lifecycle import begin
from tasks.warehouse.store.connect import transaction
from tests.warehouse.build import NOON, a_batch, a_mention, a_run, a_source, an_article, coded

Judge = Callable[..., None]


@pytest.fixture
def told(writer: duckdb.DuckDBPyConnection) -> str:
    """An article with a mention that more words tell of; the mention's id."""
    run, source = a_run(), a_source()
    begin(writer, run, [source])
    article = an_article(run, source, "one")
    mention = a_mention(article)
    said = article.text.index("said")
    mention = replace(mention, evidence=(*mention.evidence, Evidence("telling", said, said + 4, "said", "too")))
    load_batch(writer, run, a_batch(source, [coded(article, mention)]))
    resolved(writer, run)
    return mention.mention_id


def resolved(con: duckdb.DuckDBPyConnection, run: Run) -> None:
    with transaction(con):
        resolve_changes(con, run)


def verdict(con: duckdb.DuckDBPyConnection, mention_id: str, which: Verdict, what: str | None = None) -> None:
    mention = shown_mention(con, mention_id)
    said = read_correction(what, mention) if which is Verdict.CORRECT and what else what
    save_review(con, judge(mention, which, said, "so it was", "ada", NOON))


def only(con: duckdb.DuckDBPyConnection) -> JudgedMention:
    (article,) = judged_articles(con)
    (mention,) = article.mentions
    return mention


def test_nothing_is_known_of_what_nobody_judged(writer: duckdb.DuckDBPyConnection, told: str) -> None:
    assert judged_articles(writer) == []


def test_an_accepted_mention_has_all_its_values_and_words(writer: duckdb.DuckDBPyConnection, told: str) -> None:
    verdict(writer, told, Verdict.ACCEPT)
    (article,) = judged_articles(writer)
    assert (article.title, article.country, article.language) == ("Attack, one", "SY", "en")
    assert article.dateline is not None
    assert article.dateline.place == "RIVERTON, Norland"
    mention = only(writer)
    assert [article.text[start:end] for start, end in mention.tellings] == ["killed", "said"]
    assert (mention.right, mention.event is None) == (True, False)
    assert mention.values["sub_event_type"] == "Armed clash"
    assert (mention.values["killed_best"], mention.values["injured_best"]) == (4, None)
    assert mention.sides == {"initiator": ("Gunmen",), "target": ("soldiers",)}


def test_a_corrected_field_goes_before_the_accepted_whole_and_alone_it_is_all_that_is_known(
    writer: duckdb.DuckDBPyConnection, told: str
) -> None:
    verdict(writer, told, Verdict.CORRECT, "killed=7")
    assert only(writer).values == {"killed_low": 7, "killed_best": 7, "killed_high": 7}
    verdict(writer, told, Verdict.ACCEPT)
    assert (only(writer).values["killed_best"], only(writer).values["status"]) == (7, "happened")
    verdict(writer, told, Verdict.CORRECT, "initiators=none")
    assert only(writer).sides == {"initiator": (), "target": ("soldiers",)}


def test_a_rejected_mention_is_none_whatever_was_corrected(writer: duckdb.DuckDBPyConnection, told: str) -> None:
    verdict(writer, told, Verdict.CORRECT, "killed=7")
    verdict(writer, told, Verdict.REJECT)
    assert (only(writer).right, only(writer).values) == (False, {})


def test_the_reports_of_a_retracted_event_are_rejected_until_it_is_undone_or_somebody_judged_them(
    writer: duckdb.DuckDBPyConnection, told: str
) -> None:
    ((event_id,),) = writer.execute("SELECT event_id FROM events").fetchall()
    retracted = overriding.retract(writer, event_id, "an exercise", NOON)
    resolved(writer, a_run(1))
    mention = only(writer)
    assert (mention.right, len(mention.tellings)) == (False, 2)
    verdict(writer, told, Verdict.ACCEPT)
    assert only(writer).right
    overriding.undo(writer, retracted.override_id, NOON)
    writer.execute("DELETE FROM reviews").fetchall()
    assert judged_articles(writer) == []


def test_of_the_replies_of_a_model_the_newest_answer_of_each_version_is_taken(
    writer: duckdb.DuckDBPyConnection, told: str
) -> None:
    ((version_id,),) = writer.execute("SELECT version_id FROM article_versions").fetchall()

    def reply(number: int, outcome: str, said: str | None) -> LlmReply:
        run = a_run(number)
        return LlmReply(
            run.run_id, version_id, sha256_hex(b"x"), "host", "model", "1", "all", 0.5, outcome, "", False, said, 1, 1,
            1, 0.0, NOON + timedelta(days=number),
        )  # fmt: skip

    save_replies(writer, [reply(0, "answered", "old"), reply(1, "answered", "new"), reply(2, "timeout", None)], {})
    ((article, said),) = replies_to_learn(writer, 10)
    assert (article.version_id, article.text.startswith("RIVERTON"), said) == (version_id, True, "new")
    assert replies_to_learn(writer, 0) == []
