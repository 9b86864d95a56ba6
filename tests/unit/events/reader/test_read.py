"""The shipped reader on plain news: incidents, pointers that stand, silence where there is nothing."""

from datetime import date

import pytest

from schemas.llm import POINTED_FIELDS, PointedEvent
from tasks.events.document import Document, read_document
from tasks.events.reader.folder import model_hash
from tasks.events.reader.read import look, places_of, read_events

DAY = date(2024, 6, 7)  # a Friday
TWO = (
    "Gunmen on motorcycles shot dead four farmers in the village of Ouallam on Wednesday, police said. The attackers "
    "fled towards the border, a resident told reporters.\n\n"
    "Some 900 kilometres to the east, a roadside bomb wounded nine soldiers near Diffa on Thursday, the army said."
)


def events(text: str, title: str | None = None) -> tuple[PointedEvent, ...]:
    document = Document("art", "ver", title, text, "en", DAY)
    looked = look(document)
    return () if looked is None else read_events(read_document(document, looked.worth_reading), looked)


def test_every_pointer_stands_in_the_text() -> None:
    for event in events(TWO):
        for pointed in (event.trigger, *event.tellings, *event.fields):
            assert TWO[pointed.start : pointed.end] == pointed.quote
            assert pointed.probability is not None
            assert 0 <= pointed.probability <= 1
        assert {pointed.field for pointed in event.fields} | event.silent == set(POINTED_FIELDS)


@pytest.mark.parametrize("text", [" ", ""])
def test_no_text_has_no_incident(text: str) -> None:
    assert events(text) == ()


def test_the_same_text_is_read_the_same_again() -> None:
    assert events(TWO, "Attacks") == events(TWO, "Attacks")


def test_the_place_of_a_verb() -> None:
    text = "Gunmen killed four farmers in Ouallam, the governor said in Niamey."
    facts = read_document(Document("art", "ver", None, text, "en", None))
    start = text.index("killed")
    assert [found.span.head for found in places_of(facts, start, start + len("killed"))] == ["Ouallam"]


def test_the_model_has_a_name_of_its_own() -> None:
    assert len(model_hash()) == 12
