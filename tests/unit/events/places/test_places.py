"""Places: what a text names, and what of the gazetteer each name means."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.mention import Place
from tasks.events.language.sentences import load_model
from tasks.events.places.resolve import (
    PlaceContext,
    PlaceSpan,
    find_places,
    place_context,
    resolve_place,
    resolve_places,
)

CASES = list(csv.DictReader((Path(__file__).parents[3] / "cases" / "places.csv").open(encoding="utf-8")))
SYRIA = PlaceContext(countries=("SY",))


def _read(text: str) -> list[tuple[PlaceSpan, Place]]:
    spans = find_places(load_model()(text))
    context = place_context(spans)
    return list(zip(spans, resolve_places(spans, context), strict=True))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["phrase"] + " < " + case["text"][:30])
def test_a_place_is_read_as_its_case_says(case: dict[str, str]) -> None:
    text = case["text"]
    [(span, place)] = [pair for pair in _read(text) if pair[0].text == case["phrase"]]
    assert (text[span.start : span.end], text[span.head_start : span.head_end]) == (span.text, span.head)
    within = span.part_of[0] if span.part_of else ""
    said = [place.gazetteer_name, place.admin1, place.country, str(place.precision)]
    wanted = [case[name] or None for name in ("gazetteer_name", "admin1", "country")]
    assert (span.kind, within) == (case["kind"], case["part_of"])
    assert said == [*wanted, case["precision"]]


@pytest.mark.parametrize(
    "text",
    [
        "The ambassador met the homestead owners and the hamlet elders.",
        "Michael Jordan wrote to the Washington Post.",
        "The Raqqa-based council met.",
        "It told us that most of them were nice.",
        "Hayat Tahrir al-Sham and Islamic State of Iraq and Syria fought.",
        "On Monday in March and May the of was said.",
        "Human rights groups blamed the Police Department and the Drug Squad.",
        "Shots were fired on the South Side and at a West Side park.",
        "A SUV with an AR-15 inside was found by the SWAT unit on I-75.",
        "They asked COM and VA for help.",
        "A Tunisian officer said groups across Africa were watched.",
    ],
)
def test_what_is_no_place_is_not_found(text: str) -> None:
    assert _read(text) == []


@given(st.sampled_from(["Homs", "Hama", "Aleppo", "Gaza", "Raqqa"]), st.text("abcdefgh", min_size=1, max_size=4))
@settings(max_examples=25, deadline=None)
def test_a_name_inside_a_word_is_never_found(name: str, rest: str) -> None:
    spans = find_places(load_model()(f"They went with x{name.lower()}{rest} today."))
    assert [span for span in spans if span.head.lower() == name.lower()] == []


def test_the_context_decides_among_places_of_one_name() -> None:
    libya = resolve_place("Tripoli", PlaceContext(countries=("LY",)))
    lebanon = resolve_place("Tripoli", PlaceContext(countries=("LB",)))
    assert (libya.country, lebanon.country) == ("LY", "LB")


def test_the_dateline_weighs_more_than_a_country_named_once() -> None:
    spans = find_places(load_model()("Officials in Turkey spoke of it."))
    assert place_context(spans, dateline="DEIR EZ-ZOR, Syria").countries[0] == "SY"


def test_an_unknown_village_inherits_what_it_lies_in_and_says_so() -> None:
    span = PlaceSpan(0, 9, "Xyzzyabad", "Xyzzyabad", 0, 9, "village", part_of=("Hama",), known=False)
    place = resolve_place(span, SYRIA)
    assert (place.place_id, place.admin1, place.country) == (None, "Hama", "SY")
    assert "not in the gazetteer" in place.reason


def test_a_village_abroad_is_refused_with_a_reason() -> None:
    place = resolve_place("Kafr Zita", PlaceContext(countries=("CO",)))
    assert place.place_id is None
    assert "only abroad" in place.reason


def test_between_two_places_is_near_each() -> None:
    pairs = _read("A bomb exploded between Manbij and Kobani in Syria.")
    assert [(span.head, span.relation, place.precision) for span, place in pairs[:2]] == [
        ("Manbij", "between", 2),
        ("Kobani", "between", 2),
    ]


def test_offsets_of_a_sentence_count_from_the_document() -> None:
    doc = load_model()("Nobody came. Shells hit Aleppo in Syria.")
    span = find_places(doc[3:])[0]
    assert doc.text[span.start : span.end] == span.text == "Aleppo"


def test_a_place_in_capitals_is_found() -> None:
    assert [span.head for span, _ in _read("DAMASCUS, SYRIA, 3 MAY -- A BOMB WENT OFF.")] == ["DAMASCUS", "SYRIA"]


def test_small_words_of_romance_names_carry_them_on() -> None:
    spans = find_places(load_model()("It happened in the village of San Luis de la Reina on Monday, and in San Luis."))
    assert [span.head for span in spans] == ["San Luis de la Reina", "San Luis"]


def test_a_square_of_a_town_s_name_is_not_that_town_abroad() -> None:
    [(span, place)] = _read("The protesters raised a flag in al-Karama Square on Friday.")
    assert (span.text, place.place_id, place.country) == ("al-Karama Square", None, None)
    assert "only abroad" in place.reason


@pytest.mark.parametrize("text", ["They met near Juan Pablo II Boulevard.", "Both were hurt. Mr. Torres was killed."])
def test_a_forename_and_a_name_after_a_title_are_no_places(text: str) -> None:
    assert [span.head for span, place in _read(text) if place.place_id is not None] == []


@pytest.mark.parametrize(
    "text",
    [
        "They spoke of capital punishment and of venture capital in Chad.",
        "They met in the capital of Idlib province in Syria.",
        "They met in the capital Kigali, and in the capital, Kigali.",
        "They met in Kigali, the capital, and in the provincial capital.",
        "They met in Musanze, 60 km (37 miles) northwest of the capital.",
    ],
)
def test_a_capital_that_is_named_or_no_country_s_is_no_place_of_its_own(text: str) -> None:
    assert [span.text for span, _ in _read(text) if span.kind == "capital"] == []


def test_whose_capital_is_told_by_the_town_named_before_else_by_the_document() -> None:
    text = "Chad and Chad again: they left Nyala in Sudan for the capital."
    assert [place.gazetteer_name for span, place in _read(text) if span.kind == "capital"] == ["Khartoum"]
    assert [p.gazetteer_name for s, p in _read("Rebels in Chad shelled the capital.") if s.kind == "capital"] == [
        "N'Djamena"
    ]
    assert [place.place_id for _, place in _read("Rebels shelled the capital.")] == [None]


def test_a_common_word_that_some_spell_a_town_like_is_no_place() -> None:
    assert _read("Human rights groups spoke of killings.") == []
