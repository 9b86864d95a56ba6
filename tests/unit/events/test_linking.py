"""Which place is a verb's: not another verb's, and not that of who spoke."""

import pytest

from tasks.events.document import Document, read_document
from tasks.events.linking import link_model, linked_places
from tasks.events.triggers import trigger_at


@pytest.mark.parametrize(
    ("text", "word", "places"),
    [
        ("Rebels attacked a convoy in Aleppo, a minister said in Moscow.", "attacked", {"Aleppo"}),
        ("Two soldiers were killed near Homs after troops captured Hama.", "killed", {"Homs"}),
        ("Two soldiers were killed near Homs after troops captured Hama.", "captured", {"Hama"}),
        ("Troops shelled Hama and Homs on Friday.", "shelled", {"Hama", "Homs"}),
        ("Protesters marched on Friday.", "marched", set()),
    ],
)
def test_the_places_of_a_verb(text: str, word: str, places: set[str]) -> None:
    facts = read_document(Document("a", "v", None, text, "en", None))
    at = text.index(word)
    found = linked_places(facts, trigger_at(facts.doc, at, at + len(word)))
    assert {place.span.head for place in found} == places


def test_a_probability_is_one() -> None:
    model = link_model()
    assert 0 < model.threshold < 1
    assert 0 < model.probability([]) < 1
    assert model.probability(["owner:this"]) != model.probability(["owner:other"])
