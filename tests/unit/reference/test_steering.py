"""What would show another text is seen, and all else stays as it is."""

import doctest
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from tasks.reference.machine import steering
from tasks.reference.machine.steering import shown


def test_the_examples_hold() -> None:
    assert doctest.testmod(steering).failed == 0


@given(st.text())
def test_nothing_turns_a_text_around_or_moves_a_cursor(text: str) -> None:
    told = shown(text)
    turning = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    assert not {unicodedata.bidirectional(c) for c in told} & turning
    assert not {c for c in told if unicodedata.category(c) == "Cc"} - set("\t\n\r")
    assert shown(told) == told


def test_marks_that_arabic_and_hebrew_need_stay() -> None:
    text = "\u0642\u062a\u0644 3\u200f \u200e(\u061c5)\u200d"
    assert shown(text) == text
