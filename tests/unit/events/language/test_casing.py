"""Texts in capitals: read as a reader would, never of another length."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.events.language.casing import is_shouted, true_cased


@pytest.mark.parametrize(
    ("shouted", "cased"),
    [
        (
            "GUNMEN KILLED FOUR PEASANTS IN SONSONATE ON 3 MAY. THE FMLN DENIED IT.",
            "Gunmen killed four peasants in Sonsonate on 3 May. The FMLN denied it.",
        ),
        (
            "THREE MEMBERS OF THE SHINING PATH GROUP WERE SEEN ON A PATH.",
            "Three members of the Shining Path group were seen on a path.",
        ),
        (
            "THE WATCHMEN DEFUSED A BOMB IN THE SUITCASES OF A WITNESS IN COLOMBIA, A SOURCE (XYZ) SAID.",
            "The watchmen defused a bomb in the suitcases of a witness in Colombia, a source (XYZ) said.",
        ),
    ],
)
def test_names_and_openings_are_capital(shouted: str, cased: str) -> None:
    assert true_cased(shouted) == cased


def test_a_text_in_mixed_case_stays_as_it_is() -> None:
    text = "The FMLN denied it. Gunmen killed four peasants in Sonsonate on 3 May."
    assert not is_shouted(text)
    assert true_cased(text) is text


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZÀÉÎÖÜİŞ '.-(", min_size=40, max_size=120))
def test_no_offset_moves(text: str) -> None:
    cased = true_cased(text)
    assert len(cased) == len(text)
    assert [c.isspace() for c in cased] == [c.isspace() for c in text]
