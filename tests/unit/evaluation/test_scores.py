"""The rules of each gold format, on events small enough to count by hand."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.mention import EventMention, Place, Status, Toll, When
from tasks.evaluation import articles, parts, single
from tasks.evaluation.gold import labels
from tasks.evaluation.tally import Tally, wilson
from tasks.reviewing.fields import event_types
from tests.warehouse.build import a_mention, a_run, a_source, an_article

GOLD: dict[str, Any] = {
    "type": ["Battles"],
    "sub_type": ["Armed clash", "Attack"],
    "status": ["happened"],
    "date": [["2024-03-03", "2024-03-04"]],
    "place": ["the village of Riverton", None],
    "country": ["Syria"],
    "initiators": ["armed Gunmen"],
    "targets": [],
    "killed": [{"low": 4, "best": 4, "high": 4}, {"low": 5, "best": 5, "high": 5}],
    "injured": [{"low": None, "best": None, "high": None}],
    "optional": False,
}


def mention(**changes: object) -> EventMention:
    return a_mention(an_article(a_run(), a_source(), "one"), **changes)  # type: ignore[arg-type]


def f1(gold: list[dict[str, Any]], *ours: EventMention) -> dict[str, float]:
    answers = {"d": [articles.answer(one) for one in ours]}
    figures = articles.score_articles([{"id": "d", "text": "", "events": gold}], answers).figures
    return {measure: figure["f"] for measure, figure in figures.items()}


def test_any_value_an_annotator_gave_is_right() -> None:
    found = f1([GOLD], mention())
    assert {m: f for m, f in found.items() if f != 100.0} == {"targets": 0.0}
    assert "injured" not in found, "nobody asked, nobody said"
    assert f1([GOLD], mention(killed=5))["killed"] == 100.0
    assert f1([GOLD], mention(killed=6))["killed"] == 0.0


def test_events_are_paired_by_type_and_one_anchor_or_by_two_anchors() -> None:
    elsewhere = Place(None, None, None, None, None, None, None, None, None, "")
    undated = When(None, None, None, None, "")
    other_type = {"event_type": "Riots", "sub_event_type": "Mob violence"}
    assert f1([GOLD], mention(place=elsewhere, when=undated))["event"] == 100.0, "type and toll"
    assert f1([GOLD], mention(place=elsewhere, when=undated, killed=None))["event"] == 0.0, "type alone"
    assert f1([GOLD], mention(**other_type))["event"] == 100.0, "place, day and toll"
    assert f1([GOLD], mention(killed=None, when=undated, **other_type))["event"] == 0.0, "place alone"


def test_an_event_pairs_once_and_an_optional_one_may_be_missed() -> None:
    assert f1([GOLD], mention(), mention())["event"] == pytest.approx(66.7)
    assert f1([GOLD | {"optional": True}, GOLD], mention())["event"] == 100.0
    assert f1([GOLD, GOLD], mention())["event"] == pytest.approx(66.7)
    assert f1([GOLD])["type"] == 0.0


def test_a_gold_event_without_anchors_needs_both_types() -> None:
    bare = GOLD | {"date": [[None, None]], "place": [None], "killed": [None]}
    assert f1([bare], mention())["event"] == 100.0
    assert f1([bare], mention(sub_event_type="Government regains territory"))["event"] == 0.0


def test_a_country_is_no_place() -> None:
    country = Place("Syria", None, "Syria", None, None, "SY", 35.0, 38.0, 6, "")
    assert articles.answer(mention(place=country))["place"] is None


ONE: dict[str, Any] = {
    "date": "2024-03-04", "locations": ["Riverton", "Riverland (state)"], "locality": "Riverton", "killed": 4,
    "injured": 0,
}  # fmt: skip


def scored(event: dict[str, Any], *ours: EventMention, published: str = "2024-03-06") -> dict[str, float]:
    answers = {"d": single.answer(ours, published)}
    figures = single.score_single([{"id": "d", "text": "", "events": [event]}], answers).figures
    return {measure: figure["f"] for measure, figure in figures.items()}


def test_one_event_a_document_is_scored_by_day_place_and_toll() -> None:
    assert set(scored(ONE, mention()).values()) == {100.0}
    assert "injured" not in scored(ONE, mention()), "a right nobody is no answer"
    assert scored(ONE, mention())["injured_accuracy"] == 100.0
    late = mention(when=When(date(2024, 3, 5), date(2024, 3, 5), 1, None, ""))
    assert [scored(ONE, late)[m] for m in ("date", "date_1day", "date_7days")] == [0.0, 100.0, 100.0]
    far = mention(place=Place("Riverland", None, None, None, None, None, None, None, None, ""))
    assert (scored(ONE, far)["place"], scored(ONE, far)["place_fine"]) == (100.0, 0.0)
    assert "injured" not in scored(ONE | {"injured": None}, mention())
    assert scored(ONE | {"injured": 0}, mention(injured=Toll(3, 3, 3)))["injured_accuracy"] == 0.0


def test_the_answer_is_the_first_that_counts_and_takes_from_the_others_what_it_lacks() -> None:
    article = an_article(a_run(), a_source(), "one")
    background = replace(a_mention(article, killed=40), status=Status.BACKGROUND, trigger_start=0)
    quiet = replace(a_mention(article, killed=None), trigger_start=5)
    counting = replace(a_mention(article), trigger_start=9, when=When(None, None, None, None, ""))
    found = single.answer([background, quiet, counting], "2024-03-06")
    assert found is not None
    assert (found["killed"], found["date"]) == (4, "2024-03-04")
    assert single.answer([counting], "2024-03-06") == {**found, "date": "2024-03-06"}
    assert single.answer([], "2024-03-06") is None


def test_labels_are_weighted_by_how_often_the_gold_has_them() -> None:
    gold = {"a": "Attack", "b": "Attack", "c": "Arrests"}
    assert parts.weighted_f1(gold, gold) == 100.0
    assert parts.weighted_f1(gold, dict.fromkeys(gold, "Attack")) == pytest.approx(53.3)
    assert parts.weighted_f1(gold, {}) == 0.0
    happened = mention(sub_event_type="Attack", trigger_start=50)
    planned = mention(status=Status.PLANNED, trigger_start=1)
    assert parts.first_sub_type([planned, happened]) == "Attack"
    assert parts.first_sub_type([]) == ""


def test_labels_are_of_kinds_there_are() -> None:
    known = {sub for _, sub in event_types().values()}
    assert {sub for _, sub in labels("case2021")} <= known
    assert labels("case2021")


def test_places_of_a_verb_are_sets_of_names() -> None:
    rows = [{"id": "a", "events": [{"locations": [{"text": "the Old Town"}, {"text": "Homs"}]}]}]
    figures = parts.score_places(rows, {"a": ["Old town", "Hama"]}).figures
    assert figures["place_set"] == {"p": 50.0, "r": 50.0, "f": 50.0}
    assert figures["place_words"]["f"] == pytest.approx(66.7)


@given(st.integers(0, 400), st.integers(0, 400))
def test_an_interval_holds_the_share_and_narrows(right: int, wrong: int) -> None:
    low, high = wilson(right, right + wrong)
    assert 0.0 <= low <= high <= 1.0
    if right + wrong:
        assert low - 1e-9 <= right / (right + wrong) <= high + 1e-9
        ten_low, ten_high = wilson(10 * right, 10 * (right + wrong))
        assert ten_high - ten_low < high - low + 1e-9


def test_intervals_are_wilsons() -> None:
    # Ten of ten, and half of a hundred, by the formula worked out by hand.
    assert wilson(10, 10)[0] == pytest.approx(0.7225, abs=1e-3)
    assert wilson(50, 100) == pytest.approx((0.4038, 0.5962), abs=1e-3)
    assert Tally(1, 1, 3).figures == {"p": 50.0, "r": 25.0, "f": 33.3}
