"""A model of NGEC's kind on loopback: asked once an event type, its spans become pointers, and what stands counts."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from schemas.llm import Question, Refused
from schemas.mention import CodedArticle
from schemas.settings import Settings
from tasks.llm import budget as budgets
from tasks.llm import ngec
from tasks.llm.accept import accepted
from tasks.llm.reply import sub_event_types
from tasks.llm.serve import ask_about, is_wanted
from tasks.reference.seeds import read_yaml_seed
from tests.unit.llm.conftest import TEXT
from tests.unit.llm.server import REPLIES, Given, completion, fault, serving
from tests.warehouse.build import a_run, a_source, an_article

Using = Callable[..., Settings]
ANSWERS: dict[str, str] = json.loads((REPLIES / "ngec.json").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def _own_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "_BUDGETS", {})


def answering(request: dict[str, Any]) -> Given:
    """The recorded answer for the type a request defines."""
    asked = request["messages"][-1]["content"]
    return completion(next(answer for name, answer in ANSWERS.items() if f"## Event: **{name}**: " in asked))


def test_it_is_asked_once_an_event_type_and_its_answers_are_one_reply(question: Question, using: Using) -> None:
    with serving(answer=answering) as model:
        settings = using(model, llm_profile="ngec", llm_output_price=10.0)
        (reply,) = ask_about([question], settings)
        again = ask_about([question], settings)
    assert (reply.outcome, reply.attempts, len(model.requests)) == ("answered", 6, 6)
    assert (reply.input_tokens, reply.output_tokens, round(reply.cost, 6)) == (5400, 600, 0.006)
    assert (again[0].cached, again[0].reply) == (True, reply.reply)
    assert reply.prompt_version == ngec.prompt_version()
    system, user = model.requests[0]["messages"]
    assert (system["role"], "anchor_quote" in system["content"]) == ("system", True)
    assert user["content"].startswith(f"## Document: {TEXT}\n\n## Event Type: ## Event: **ASSAULT**: ")
    assert "response_format" not in model.requests[0]

    events, refusals = accepted(reply.reply or "", TEXT, question.sentences)
    assert [(e.sub_event_type, e.trigger.quote) for e in events] == [
        ("Armed clash", "soldiers"),
        ("Shelling/artillery/missile attack", "shelled"),
    ]
    assert [(p.field, p.quote) for p in events[0].fields] == [
        ("date", "on Sunday"),
        ("place", "Mayadin"),
        ("initiators", "ISIS gunmen"),
        ("targets", "soldiers"),
    ]
    assert events[1].silent == {"targets"}, "of tolls it says nothing, not that there is none"
    assert [(r.event, r.field, r.quote, r.reason) for r in refusals] == [
        (3, "event", None, Refused.SCHEMA),
        (0, "targets", "a mayor", Refused.NOT_IN_SENTENCE),
        (2, "trigger", "The police arrested everyone", Refused.NOT_IN_SENTENCE),
    ]


def test_a_fault_of_one_question_is_the_end_of_the_article(question: Question, using: Using) -> None:
    with serving(completion("[]"), fault(500)) as model:
        settings = using(model, llm_profile="ngec", llm_retries=0)
        (reply,) = ask_about([question], settings)
    assert (reply.outcome, reply.reply, reply.attempts, reply.output_tokens) == ("server_error", None, 2, 100)
    with serving(completion("I see no events")) as model:
        (reply,) = ask_about([question], using(model, llm_profile="ngec"))
    assert (reply.outcome, reply.attempts) == ("bad_reply", 6)


def test_it_reads_english_only(using: Using) -> None:
    arabic = CodedArticle(replace(an_article(a_run(), a_source(), "one"), language="ar"), ())
    with serving() as model:
        assert is_wanted(arabic, using(model))
        assert not is_wanted(arabic, using(model, llm_profile="ngec"))


def test_every_kind_it_may_be_read_as_is_one_of_acleds() -> None:
    types = read_yaml_seed("ngec.yml")["types"]
    assert list(types) == list(ANSWERS)
    named = {name for told in types.values() for name in (told["otherwise"], *told["kinds"])}
    assert named <= set(sub_event_types())
