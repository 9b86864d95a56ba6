"""Of an answer only what stands in the text counts, in the sentence it is said to be of."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.llm import Refused
from tasks.events.coder.again import sentence_spans
from tasks.llm.accept import accepted
from tasks.llm.reply import BadReplyError, answer_schema, sub_event_types
from tests.unit.llm.conftest import TEXT
from tests.unit.llm.server import REPLIES

SPANS = sentence_spans(TEXT)


def reply(name: str) -> str:
    return (REPLIES / f"{name}.json").read_text(encoding="utf-8")


def told(**changes: Any) -> str:
    event = json.loads(reply("mayadin"))["events"][0] | changes
    return json.dumps({"events": [event]})


def test_every_quote_becomes_its_characters() -> None:
    events, refusals = accepted(reply("mayadin"), TEXT, SPANS)
    assert refusals == ()
    for event in events:
        for pointed in (event.trigger, *event.fields):
            assert TEXT[pointed.start : pointed.end] == pointed.quote
    assert [event.trigger.quote for event in events] == ["killed", "shelled"]
    assert events[0].silent == {"detained", "displaced"}
    assert events[1].silent == {"targets", "killed", "injured", "detained", "displaced"}


def test_what_does_not_stand_there_is_refused_and_told() -> None:
    events, refusals = accepted(reply("made_up"), TEXT, SPANS)
    (event,) = events
    assert {(p.field, p.quote) for p in event.fields} == {
        ("initiators", "ISIS gunmen"),
        ("targets", "soldiers"),
        ("injured", "near the town"),
    }
    assert {"date", "place", "killed"}.isdisjoint(event.silent), "refused is not silent"
    said = {(r.event, r.field, r.reason) for r in refusals}
    assert said == {
        (0, "date", Refused.NOT_IN_SENTENCE),
        (0, "place", Refused.NO_SUCH_SENTENCE),
        (0, "initiators", Refused.NOT_IN_SENTENCE),
        (0, "killed", Refused.NOT_IN_SENTENCE),
        (1, "trigger", Refused.NOT_IN_SENTENCE),
        (2, "event", Refused.SCHEMA),
        (3, "event", Refused.SCHEMA),
    }


def test_a_model_that_obeys_the_article_gets_nothing_through() -> None:
    assert accepted(reply("obedient"), TEXT, SPANS)[0] == ()
    without = json.loads(reply("obedient"))
    del without["events"][0]["api_key"]
    (event,), refusals = accepted(json.dumps(without), TEXT, SPANS)
    assert [(p.field, p.quote) for p in event.fields] == [("date", "on Sunday")]
    assert {r.quote for r in refusals} == {"Paris", "nobody at all", "tourists", "999"}


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("14", "14"),
        ("1", None),
        ("4", None),
        ("gun", None),
        ("town of Mayadin", "town of Mayadin"),
        ("Town of Mayadin", None),
        ("  on Sunday ", "on Sunday"),
        (" ", None),
        ("Nine others", None),
    ],
)
def test_a_quote_is_whole_words_of_that_sentence(quote: str, found: str | None) -> None:
    events, _ = accepted(told(killed={"sentence": 1, "quote": quote}), TEXT, SPANS)
    assert [p.quote for p in events[0].fields if p.field == "killed"] == ([found] if found else [])


def test_a_part_of_a_figure_is_no_quote_and_typographic_marks_are_alike() -> None:
    text = "At least 1,400 of the city’s people – and 2.5 million others – fled."
    spans = ((0, len(text)),)
    parts, wholes = ("1", "400", "5 million"), ("1,400", "2.5 million", "city's people -")
    for quote in (*parts, *wholes):
        content = told(trigger={"sentence": 0, "quote": "fled"}, displaced={"sentence": 0, "quote": quote})
        (event,), _ = accepted(content, text, spans)
        written = quote.replace("'", "’").replace("-", "–")
        assert [p.quote for p in event.fields if p.field == "displaced"] == ([written] if quote in wholes else []), (
            quote
        )


@pytest.mark.parametrize(
    "changes",
    [
        {"sub_event_type": "armed clash"},
        {"status": "certain"},
        {"killed": 14},
        {"killed": {"sentence": -2, "quote": "14"}},
        {"killed": {"sentence": 1, "quote": "x" * 301}},
        {"killed": {"sentence": "1; DROP TABLE", "quote": "14"}},
        {"initiators": [{"sentence": 1, "quote": "gunmen"}] * 11},
        {"note": "more"},
    ],
)
def test_an_event_out_of_form_is_refused_and_its_values_are_not_repeated(changes: dict[str, Any]) -> None:
    events, (refusal,) = accepted(told(**changes), TEXT, SPANS)
    assert (events, refusal.reason) == ((), Refused.SCHEMA)
    assert "DROP" not in refusal.detail


def test_the_schema_asks_for_every_field_and_for_known_kinds() -> None:
    event = answer_schema()["$defs"]["ToldEvent"]
    assert set(event["required"]) == set(event["properties"])
    assert event["additionalProperties"] is False
    assert event["properties"]["sub_event_type"]["enum"] == list(sub_event_types())
    assert "Armed clash" in sub_event_types()


@given(st.text(max_size=200) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_no_reply_breaks_the_reader(content: str) -> None:
    try:
        events, refusals = accepted(content, TEXT, SPANS)
    except BadReplyError:
        return
    assert all(TEXT[e.trigger.start : e.trigger.end] == e.trigger.quote for e in events)
    assert isinstance(refusals, tuple)
