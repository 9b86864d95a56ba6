"""Examples of what people judged: what is known is asked, and nothing else."""

from datetime import date
from typing import Any

import pytest

from schemas.lesson import JudgedArticle, JudgedMention
from schemas.llm import Pointed, PointedEvent
from schemas.mention import Status
from tasks.events.teaching.examples import Example, Incident
from tasks.events.teaching.judged import judged_example, pointed_example

TEXT = (
    "Gunmen killed four farmers in the village of Ouallam on Wednesday, police said.\n\n"
    "In a separate incident, a roadside bomb wounded nine soldiers near Diffa on Thursday. "
    "The blast hit a convoy. Ministers will discuss the killings next week."
)


def span(words: str, start: int = 0) -> tuple[int, int]:
    at = TEXT.index(words, start)
    return at, at + len(words)


def judged(*mentions: JudgedMention) -> JudgedArticle:
    return JudgedArticle("art", "ver", "Attacks", TEXT, "en", date(2024, 6, 7), None, "NE", mentions)


def right(*tellings: str, event: str | None = None, sides: Any = None, **values: object) -> JudgedMention:
    return JudgedMention(tuple(map(span, tellings)), True, values, sides or {}, event)


def wrong(words: str) -> JudgedMention:
    return JudgedMention((span(words),), False, {}, {})


def made(*mentions: JudgedMention) -> Example:
    example = judged_example(judged(*mentions))
    assert example is not None
    return example


def words_of(example: Example, incident: Incident) -> list[str]:
    return [TEXT[slice(*example.pieces.characters(told))] for told in incident.tellings]


def answers(example: Example, incident: Incident, field: str) -> set[object]:
    return {example.values[n] for n in incident.right[field]}


def test_what_was_accepted_is_an_incident_with_its_values() -> None:
    example = made(
        right(
            "killed", sub_event_type="Attack", status="happened", date_start="2024-06-05", date_end="2024-06-05",
            place_name="village of Ouallam", place_id=None, killed_best=4, injured_best=None,
        )
    )  # fmt: skip
    (incident,) = example.incidents
    assert words_of(example, incident) == ["killed"]
    assert (incident.sub_types, incident.statuses, incident.aggregate) == (("Attack",), ("happened",), None)
    assert answers(example, incident, "date") == {("date", date(2024, 6, 5), date(2024, 6, 5))}
    assert answers(example, incident, "killed") == {("toll", "killed", 4)}
    assert len(incident.right["place"]) == 1
    assert (incident.given["injured"], incident.right["injured"]) == (False, ()), "silence is the answer"
    assert (incident.given["detained"], incident.right["detained"]) == (True, ()), "nobody judged it"


def test_a_corrected_figure_that_stands_elsewhere_is_found_and_one_that_stands_nowhere_is_not_asked() -> None:
    (corrected,) = made(right("killed", injured_best=9)).incidents
    assert (corrected.given["injured"], len(corrected.right["injured"])) == (True, 1)
    (nowhere,) = made(right("killed", killed_best=77)).incidents
    assert (nowhere.given["killed"], nowhere.right["killed"]) == (True, ())


def test_only_judged_words_are_asked_and_rejected_ones_tell_of_nothing() -> None:
    example = made(right("killed"), wrong("killings"))
    assert example.judged is not None
    assert [TEXT[slice(*example.pieces.characters(one))] for one in example.judged] == ["killed", "killings"]
    assert [TEXT[slice(*example.pieces.characters(one))] for one in example.rejected] == ["killings"]
    (incident,) = example.incidents
    assert (incident.sub_types, incident.statuses) == ((), ())


def test_words_that_were_rejected_and_accepted_tell() -> None:
    assert made(right("killed"), wrong("killed")).rejected == ()


def test_mentions_of_one_event_are_one_incident_and_others_are_not_known_to_be_apart() -> None:
    example = made(right("wounded", event="e1"), right("blast", event="e1", injured_best=9), right("killed"))
    assert [words_of(example, one) for one in example.incidents] == [["wounded", "blast"], ["killed"]]
    assert [one.apart for one in example.incidents] == [True, False]


@pytest.mark.parametrize(
    ("sides", "names", "complete"),
    [
        ({"initiator": ("Gunmen",)}, ["Gunmen"], {"initiators"}),
        ({"initiator": ()}, [], {"initiators"}),
        ({"initiator": ("The Unheard",)}, [], set()),
        ({"target": ("four farmers",)}, ["four farmers"], set()),
        ({}, [], set()),
    ],
)
def test_sides_are_known_where_they_were_judged(sides: Any, names: list[str], complete: set[str]) -> None:
    example = made(right("killed", sides=sides))
    (incident,) = example.incidents
    found = [one for field in ("initiators", "targets") for one in incident.names[field]]
    assert [TEXT[slice(*example.pieces.characters(one))] for one in found] == names
    assert incident.complete == complete


def test_what_a_model_points_at_is_right_and_the_rest_is_not_known() -> None:
    def pointed(field: str, words: str) -> Pointed:
        return Pointed(field, *span(words), words)

    event = PointedEvent(
        0, "Remote explosive/landmine/IED", Status.HAPPENED, pointed("trigger", "wounded"),
        (pointed("date", "Thursday"), pointed("injured", "nine soldiers"), pointed("targets", "soldiers")),
        frozenset({"killed", "initiators"}),
    )  # fmt: skip
    example = pointed_example(judged(), (event,))
    assert example is not None
    (incident,) = example.incidents
    assert example.judged == incident.tellings
    assert answers(example, incident, "date") == {("date", date(2024, 6, 6), date(2024, 6, 6))}
    assert {value[2] for value in answers(example, incident, "injured")} == {9}  # type: ignore[index]
    assert (incident.given["killed"], incident.given["place"], incident.right["place"]) == (False, True, ())
    assert incident.complete == {"initiators", "targets"}
    assert pointed_example(judged(), ()) is None
