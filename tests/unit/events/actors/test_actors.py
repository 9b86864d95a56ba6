"""Actors: what a text names or describes, and who each is within its document."""

import csv
from pathlib import Path

import pytest

from tasks.events.actors.resolve import ActorContext, ResolvedActor, find_actors, is_armed, kind_of, resolve_actor
from tasks.events.language.sentences import load_model
from tasks.events.places.resolve import find_places, place_context

CASES = list(csv.DictReader((Path(__file__).parents[3] / "cases" / "actors.csv").open(encoding="utf-8")))


def _resolved(text: str, country: str | None = None) -> dict[str, ResolvedActor]:
    doc = load_model()(text)
    spans = find_actors(doc)
    heard = place_context(find_places(doc)).countries
    context = ActorContext(spans, country or (heard[0] if heard else None))
    return {span.text: resolve_actor(span, context) for span in spans}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["phrase"] + " < " + case["text"][:30])
def test_an_actor_is_read_as_its_case_says(case: dict[str, str]) -> None:
    text = case["text"]
    doc = load_model()(text)
    [span] = [span for span in find_actors(doc) if span.text == case["phrase"] and span.count == case["count"]]
    found = _resolved(text)[case["phrase"]]
    assert text[span.start : span.end] == span.text
    assert span.text in doc[span.token_start : span.token_end].text
    assert [found.actor_id, found.kind, found.country] == [
        case["actor_id"] or None,
        case["kind"],
        case["country"] or None,
    ]


def test_the_radical_group_is_the_last_group_named() -> None:
    found = _resolved("The SDF fought ISIS in Syria. Later the radical group withdrew, and the government forces came.")
    assert found["radical group"].actor_id == "is"
    assert found["government forces"].actor_id == "sy-military"


def test_forces_at_home_are_state_forces_and_abroad_external() -> None:
    assert _resolved("Turkish soldiers fired.", "TR")["Turkish soldiers"].kind == "state_forces"
    assert _resolved("Turkish soldiers fired.", "SY")["Turkish soldiers"].kind == "external_forces"


def test_a_state_named_alone_stands_for_its_forces() -> None:
    assert _resolved("Israel bombed the camp.", "SY")["Israel"].actor_id == "il-military"


@pytest.mark.parametrize(
    "text", ["This is the most of it.", "The classification of assadite ore isisted.", "He may act."]
)
def test_no_actor_stands_inside_a_word(text: str) -> None:
    assert find_actors(load_model()(text)) == ()


@pytest.mark.parametrize(
    ("noun", "kind"),
    [
        ("soldiers", "state_forces"),
        ("truffle hunters", "civilians"),
        ("rebel fighters", "rebel"),
        ("riot police", "police"),
        ("journalists", "journalists"),
        ("armed men", "unidentified_armed"),
        ("bicycles", None),
    ],
)
def test_a_noun_gives_its_kind(noun: str, kind: str | None) -> None:
    assert kind_of(noun) == kind


def test_soldiers_are_armed_and_shepherds_are_not() -> None:
    assert is_armed("state_forces")
    assert not is_armed("civilians")
    assert not is_armed("no such kind")
