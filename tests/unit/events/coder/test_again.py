"""What a model points at is read by our readers; what they cannot read is refused, and the other coder's stands."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from schemas.article import Article, DateOrigin, DateReading
from schemas.llm import Refused
from schemas.mention import EventMention, Role, Status, Toll
from tasks.events.coder.again import ReadAgain, read_again, sentence_spans
from tasks.events.coder.code import code_article, code_with
from tasks.events.coder.making import Pointer
from tasks.llm.accept import accepted
from tests.unit.llm.conftest import PUBLISHED, TEXT
from tests.unit.llm.server import REPLIES
from tests.warehouse.build import a_run, a_source, an_article

MODEL = Pointer("llm:a-model", "1.abcdef12; rules 0.1.0", None)
Read = Callable[..., ReadAgain]


@pytest.fixture(scope="module")
def article() -> Article:
    told = an_article(a_run(), a_source(), "one", TEXT, PUBLISHED)
    return replace(told, published=DateReading(None, PUBLISHED, None, DateOrigin.TEXT, None))


#: Another coder, whose mentions a model is asked about.
BASE = Pointer("reader", "0.1.0")


@pytest.fixture(scope="module")
def rules(article: Article) -> tuple[EventMention, ...]:
    """The mentions of the other coder: two, read from what was pointed at."""
    events, _ = accepted(recorded("mayadin"), TEXT, sentence_spans(TEXT))
    return read_again(article, "SY", (), events, BASE).mentions


@pytest.fixture
def read(article: Article, rules: tuple[EventMention, ...]) -> Read:
    """Reads the article again after a reply."""

    def again(reply: str, pointer: Pointer = MODEL, mentions: tuple[EventMention, ...] = rules) -> ReadAgain:
        events, _ = accepted(reply, TEXT, sentence_spans(TEXT))
        return read_again(article, "SY", mentions, events, pointer)

    return again


def recorded(name: str) -> str:
    return (REPLIES / f"{name}.json").read_text(encoding="utf-8")


def told(**changes: Any) -> str:
    return json.dumps({"events": [json.loads(recorded("mayadin"))["events"][0] | changes]})


def at(sentence: int, quote: str) -> dict[str, object]:
    return {"sentence": sentence, "quote": quote}


def test_the_rules_read_what_the_model_points_at(read: Read) -> None:
    killing, shelling = read(recorded("mayadin")).mentions
    assert (killing.sub_event_type, killing.status) == ("Armed clash", Status.HAPPENED)
    assert (killing.when.start, killing.when.precision) == (date(2023, 12, 10), 1)
    assert (killing.place.name, killing.place.country) == ("town of Mayadin", "SY")
    assert killing.place.latitude == pytest.approx(35.0, abs=0.2)
    assert (killing.killed.low, killing.killed.best, killing.killed.high) == (14, 14, None)
    assert killing.injured.best == 9
    initiators = [actor for actor in killing.actors if actor.role is Role.INITIATOR]
    assert [(actor.kind, actor.actor_id is not None) for actor in initiators] == [("rebel", True)]
    assert (shelling.when.start, shelling.event_type) == (date(2023, 12, 11), "Explosions/Remote violence")
    assert shelling.killed == Toll()
    for mention in (killing, shelling):
        assert (mention.coder, mention.coder_version) == ("llm:a-model", "1.abcdef12; rules 0.1.0")
        assert all(TEXT[e.start : e.end] == e.quote for e in mention.evidence)
        pointed = {e.field for e in mention.evidence if not e.coder}
        assert {"trigger", "date", "place", "initiator"} <= pointed


def test_what_a_model_made_up_changes_nothing_and_what_stands_is_named_by_its_coder(
    read: Read, rules: tuple[EventMention, ...]
) -> None:
    before = next(m for m in rules if m.killed.best)
    (mention,) = read(recorded("made_up")).mentions
    assert (mention.when, mention.place, mention.killed) == (before.when, before.place, before.killed)
    stands = {e.field: e.coder for e in mention.evidence if e.coder}
    assert {"date", "place", "killed"} <= stands.keys()
    assert set(stands.values()) == {f"{before.coder} {before.coder_version}"}


def test_a_model_that_obeys_the_article_changes_no_value(read: Read, rules: tuple[EventMention, ...]) -> None:
    obedient = json.loads(recorded("obedient"))
    assert read(json.dumps(obedient), replace(MODEL, below=1.01)).mentions == rules, "out of form: refused as a whole"
    del obedient["events"][0]["api_key"]
    before = next(m for m in rules if m.killed.best)
    (mention,) = read(json.dumps(obedient)).mentions
    assert (mention.killed, mention.place, mention.actors) == (before.killed, before.place, before.actors)
    assert not {"Paris", "999", "tourists"} & {e.quote for e in mention.evidence}


def test_words_no_rule_reads_are_refused(read: Read) -> None:
    again = read(told(date=at(1, "near the town"), injured=at(1, "the town"), place=at(1, "the town")))
    assert {(r.field, r.quote, r.reason) for r in again.refusals} == {
        ("date", "near the town", Refused.UNREAD),
        ("injured", "the town", Refused.UNREAD),
    }


def test_not_said_takes_a_value_away_and_its_evidence(read: Read) -> None:
    (mention,) = read(told(killed=None, date=None, targets=[])).mentions
    assert (mention.killed, mention.when.start) == (Toll(), None)
    assert [a for a in mention.actors if a.role is Role.TARGET] == []
    assert {"killed", "date", "target"}.isdisjoint({e.field for e in mention.evidence})


def test_only_unsure_mentions_are_read_again(read: Read, rules: tuple[EventMention, ...]) -> None:
    doubtful = tuple(replace(m, confidence=0.2 if m.killed.best else 0.9) for m in rules)
    unsure = replace(MODEL, below=0.5)
    again = read(told(killed=at(2, "Nine"), sub_event_type="Attack"), unsure, doubtful)
    changed = [m for m in again.mentions if m.coder == "llm:a-model"]
    assert [(m.sub_event_type, m.killed.best) for m in changed] == [("Attack", 9)]
    assert {m.mention_id for m in doubtful if m.confidence > 0.5} <= {m.mention_id for m in again.mentions}
    assert len(again.mentions) == len(doubtful)
    # Nothing unsure: nothing changes, whatever the model says.
    sure = tuple(replace(m, confidence=0.9) for m in rules)
    assert read(recorded("mayadin"), unsure, sure).mentions == tuple(sorted(sure, key=lambda m: m.trigger_start))
    # Nothing said: nothing changes.
    assert set(read('{"events": []}', unsure, doubtful).mentions) == set(doubtful)
    assert read('{"events": []}', MODEL, doubtful).mentions == ()


def test_one_event_told_twice_is_one_mention(read: Read) -> None:
    event = json.loads(recorded("mayadin"))["events"][0]
    again = read(json.dumps({"events": [event, event]}))
    assert len(again.mentions) == 1
    assert [r.reason for r in again.refusals] == [Refused.DUPLICATE]


def test_an_event_the_rules_do_not_see_is_made_from_nothing(read: Read) -> None:
    quiet: dict[str, object] = {"killed": None, "injured": None, "targets": []}
    reply = told(trigger=at(1, "said"), sub_event_type="Agreement", place=at(1, "commander"), **quiet)
    (mention,) = read(reply, MODEL, ()).mentions
    assert (mention.sub_event_type, mention.event_type) == ("Agreement", "Strategic developments")
    assert 0.3 <= mention.confidence <= 0.8
    assert all(e.coder == "" for e in mention.evidence)


def test_a_text_in_capitals_is_read_and_quoted_as_it_is_written(article: Article) -> None:
    text = TEXT.upper() + " " + "THE RESIDENTS OF THE TOWN SPOKE OF A LONG NIGHT AND OF ROADS THAT WERE CLOSED." * 3
    shouted = replace(article, text=text)
    reply = told(
        trigger=at(1, "KILLED"), date=at(1, "ON SUNDAY"), place=at(1, "MAYADIN"), initiators=[at(1, "ISIS GUNMEN")],
        targets=[at(1, "SOLDIERS")], killed=at(1, "14 SOLDIERS"), injured=None,
    )  # fmt: skip
    events, _ = accepted(reply, text, sentence_spans(text))
    (mention,) = read_again(shouted, "SY", (), events, MODEL).mentions
    assert all(text[e.start : e.end] == e.quote for e in mention.evidence)
    assert (mention.killed.best, mention.when.start) == (14, date(2023, 12, 10))


def test_without_gazetteers_the_reader_is_as_it_is(article: Article) -> None:
    assert code_with(article, "SY", ()) == code_article(article, "SY")
