"""Which place of a text an incident happened at: its own sentences', one around them, or none."""

import pytest

from schemas.mention import EventMention
from tasks.events.datelines import is_dateline, is_desk
from tasks.events.document import Document, read_document
from tasks.events.mentions import code_text
from tasks.events.place_choice import choice_model


def _first(text: str) -> EventMention:
    return min(code_text(Document("a", "v", None, text, "en", None)), key=lambda mention: mention.trigger_start)


def _rule(mention: EventMention) -> str:
    return next(piece.rule for piece in mention.evidence if piece.field == "place")


def test_a_wide_place_gives_way_to_the_town_the_next_sentence_names() -> None:
    text = (
        "Five people died on Monday when jets struck a hamlet in southern Lebanon. "
        "The raid near Nabatieh left two houses in ruins and killed the five."
    )
    mention = _first(text)
    assert (mention.place.gazetteer_name, mention.place.country) == ("Nabatieh", "LB")


def test_an_exact_place_of_its_own_sentence_stays() -> None:
    text = "A car bomb killed nine people in Homs on Friday. Aleppo, in northern Syria, was quiet."
    mention = _first(text)
    assert (mention.place.gazetteer_name, _rule(mention).split(";")[0]) == ("Homs", "own sentence")


def test_what_lies_in_a_town_says_more_than_the_town() -> None:
    text = (
        "Blast in Damascus. On Friday a car bomb killed four people in the Sumra area, in the Syrian capital Damascus."
    )
    mention = _first(text)
    assert (mention.place.name, mention.place.country) == ("Sumra area", "SY")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("A visit to Moscow was called off. Jets launched an attack on a Syrian air base, killing two.", None),
        ("Troops advanced in Homs. Soldiers killed 20 fighters in clashes across the country.", None),
        ("Troops advanced in Homs. Soldiers killed 20 fighters in clashes.", "Homs"),
    ],
)
def test_a_place_is_carried_over_only_where_it_can_be_meant(text: str, place: str | None) -> None:
    mentions = code_text(Document("a", "v", None, text, "en", None))
    assert mentions[-1].place.gazetteer_name == place


def test_a_capital_that_stands_for_its_rulers_is_no_place() -> None:
    text = "Nine civilians were killed in Sudan when the Khartoum government bombed a town."
    assert _first(text).place.gazetteer_name != "Khartoum"


def test_a_desk_abroad_is_no_place_of_events() -> None:
    text = "WASHINGTON (Sputnik) Air strikes killed 20 fighters in Raqqa. Others fled to Aleppo in Syria."
    facts = read_document(Document("a", "v", None, text, "en", None))
    desks = {place.span.head: (is_dateline(facts, place), is_desk(facts, place)) for place in facts.places}
    assert desks == {
        "WASHINGTON": (True, True),
        "Raqqa": (False, False),
        "Aleppo": (False, False),
        "Syria": (False, False),
    }


def test_the_shipped_model_knows_its_class_and_threshold() -> None:
    model = choice_model()
    assert model.classes == ("none", "place")
    assert 0 < model.thresholds["place"] < 1
