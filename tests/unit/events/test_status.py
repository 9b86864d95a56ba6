"""Happened, planned, threatened, hypothetical, denied, background: by the words around a trigger."""

from collections.abc import Callable

import pytest
from spacy.tokens import Doc

from tasks.events.status import read_status
from tasks.events.triggers import find_triggers


@pytest.mark.parametrize(
    ("text", "word", "status"),
    [
        ("The rebels attacked the base.", "attacked", "happened"),
        ("The army managed to repel the attack.", "repel", "happened"),
        ("The army said the rebels had attacked the base.", "attacked", "happened"),
        ("A source claimed responsibility for the attack that killed nine.", "killed", "happened"),
        ("The army will attack the base.", "attack", "planned"),
        ("The rebels vowed to attack the base.", "attack", "planned"),
        ("The army prepared an offensive for May.", "offensive", "planned"),
        ("The rebels threatened to attack the base.", "attack", "threatened"),
        ("They spoke of threats of attacks against the base.", "attacks", "threatened"),
        ("The rebels could attack the base.", "attack", "hypothetical"),
        ("If the rebels attack the base, it falls.", "attack", "hypothetical"),
        ("Troops gathered at dawn to attack the base.", "attack", "hypothetical"),
        ("The guards prevented an attack on the base.", "attack", "hypothetical"),
        ("The army denied that it had shelled the village.", "shelled", "denied"),
        ("The army denied shelling the village.", "shelling", "denied"),
        ("The army did not attack the village.", "attack", "denied"),
        ("For years, the army has shelled the villages.", "shelled", "background"),
        ("The militia often attacked the convoys.", "attacked", "background"),
        ("Thousands were killed during the war.", "killed", "background"),
        ("The drought coincided with attacks by rebels.", "attacks", "background"),
    ],
)
def test_the_nearest_cue_decides(text: str, word: str, status: str, parsed: Callable[[str], Doc]) -> None:
    doc = parsed(text)
    readings = {text[t.start : t.end]: read_status(doc, t) for t in find_triggers(doc)}
    assert readings[word].status.value == status


def test_the_cue_stands_in_the_text(parsed: Callable[[str], Doc]) -> None:
    text = "The rebels threatened to attack the base."
    (trigger,) = find_triggers(parsed(text))
    cue = read_status(parsed(text), trigger).cue
    assert cue is not None
    assert text[cue[0] : cue[1]] == "threatened"
