"""The benchmark's own parts: the gate, MUC-4's scope, the one event of a document."""

from collections.abc import Callable
from datetime import date

import pytest

from benchmarks.casualties import sum_tolls
from benchmarks.event_sets import main_first, set_figures, weighted_f1
from benchmarks.events import fallen
from benchmarks.muc4 import in_scope, scope_features, scope_model, template, templates
from schemas.mention import EventMention
from tasks.events.tolls.casualties import TollKind, find_tolls

Code = Callable[[str], tuple[EventMention, ...]]
PINS = {"one": {"f1": 70.0, "share": 50.0}, "two": {"f1": 60.0}}


def test_the_gate_names_what_fell_and_what_is_missing() -> None:
    assert fallen({"one": {"f1": {"p": 0, "r": 0, "f": 70.0}, "share": 50.0}}, PINS) == []
    assert len(fallen({"one": {"f1": {"p": 0, "r": 0, "f": 65.0}}}, PINS)) == 2


def test_fights_of_armed_sides_and_other_countries_are_out_of_scope(code: Code) -> None:
    (peasants,) = code("Guerrillas killed four peasants in Sonsonate, El Salvador, on Friday.")
    (soldiers,) = code("Guerrillas killed four soldiers in Sonsonate, El Salvador, on Friday.")
    (abroad,) = code("Gunmen killed four farmers in Aleppo, Syria, on Friday.")
    day = date(2023, 12, 11)
    assert [in_scope(m, day) for m in (peasants, soldiers, abroad)] == [True, False, False]
    assert not in_scope(peasants, date(2024, 6, 1))
    told = template(peasants, day)
    assert (told["type"], told["killed"], told["country"]) == ("attack", 4, "El Salvador")
    assert len(templates([peasants], "2023-12-11")) == 1
    likely = [scope_model().probabilities(scope_features([m], 0, day))["event"] for m in (peasants, soldiers)]
    assert likely[0] > 0.7
    assert likely[1] < 0.5


def test_members_are_told_from_their_organisation(code: Code) -> None:
    (mention,) = code("Members of the FMLN killed four peasants in Sonsonate, El Salvador, on Friday.")
    told = template(mention, date(2023, 12, 11))
    assert [filler["any_of"] for filler in told["perpetrators"]] == [["Members"]]
    assert [filler["any_of"][0] for filler in told["perpetrator_organizations"]] == ["FMLN"]


def test_the_one_event_of_a_document_takes_what_its_first_mention_leaves_open(code: Code) -> None:
    mentions = code(
        "Gunmen killed four farmers in Ouallam on Thursday, police said.\n"
        "Separately, a bomb wounded nine people in Diffa on Saturday."
    )
    first = main_first(mentions, "2023-12-11")[0]
    assert (first["killed"], first["injured"], first["date"]) == (4, 9, "2023-12-07")


def test_figures_of_sets_and_labels() -> None:
    figures = set_figures([{"a b"}, set()], [{"a b", "c"}, set()], lambda names: names)
    assert figures == {"p": 50.0, "r": 100.0, "f": 66.7}
    assert weighted_f1({"1": "x", "2": "y"}, {"1": "x", "2": "x"}) == 33.3


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("One soldier was killed and five civilians died.", 6),
        ("Fifty people were killed: 20 soldiers died in the north.", 50),
        ("Seven men were shot dead; the seven men were killed at dawn.", 7),
        ("Five people were killed, including a child.", 5),
        ("They did not kill five men.", None),
        ("She was killed.", 1),
    ],
)
def test_figures_of_a_sentence_are_added_only_where_they_are_apart(text: str, best: int | None) -> None:
    toll = sum_tolls(find_tolls(text), TollKind.KILLED)
    assert (toll.best if toll else None) == best
