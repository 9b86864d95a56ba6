"""Word pieces and windows: every piece in one window, and back to its characters."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.events.language.sentences import split_sentences
from tasks.events.reader.pieces import WINDOW, Pieces, head_of, pieces_of

DAY = date(2024, 6, 7)
_SOME = ["Gunmen", "killed", "al-Bukamal", "réfugiés", "12", "حلب", "(RSF)", "in", "."]
WORDS = st.lists(st.sampled_from(_SOME), min_size=1, max_size=900)


def made(text: str, title: str | None = "A title") -> Pieces:
    return pieces_of(text, [(s.start, s.end) for s in split_sentences(text)], title, DAY)


@settings(deadline=None)
@given(WORDS)
def test_windows_hold_every_piece_once_and_fit(words: list[str]) -> None:
    pieces = made(" ".join(words))
    held = [n for first, last in pieces.windows for n in range(first, last)]
    assert held == list(range(len(pieces.ids)))
    assert all(last - first + len(pieces.head) + 3 <= WINDOW for first, last in pieces.windows)


@settings(deadline=None)
@given(WORDS, st.data())
def test_characters_lead_to_the_pieces_that_hold_them(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    pieces = made(text)
    if not pieces.ids:
        return
    number = data.draw(st.integers(0, len(pieces.ids) - 1))
    start, end = pieces.offsets[number]
    first, last = pieces.span_of(start, end)
    assert first <= number < last
    assert pieces.characters((first, last))[0] <= start < end <= pieces.characters((first, last))[1]


def test_a_window_ends_with_a_sentence() -> None:
    text = "Gunmen killed two farmers near the town on Monday. " * 60
    pieces = made(text)
    assert len(pieces.windows) > 1
    for first, last in pieces.windows[:-1]:
        assert pieces.sentence_of[last - 1] != pieces.sentence_of[last], (first, last)


@pytest.mark.parametrize(
    ("title", "day", "head"),
    [
        ("Clashes", DAY, "Friday 7 June 2024. Clashes"),
        (None, DAY, "Friday 7 June 2024. "),
        ("Clashes", None, "Clashes"),
        (None, None, ""),
    ],
)
def test_day_and_title_stand_before_a_window(title: str | None, day: date | None, head: str) -> None:
    assert head_of(title, day) == head


def test_a_text_without_words_has_no_pieces() -> None:
    assert made(" \n ").windows == ()
