"""Fingerprints: copies found, other reports left apart, whatever the order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.text.copies.fingerprint import SIZE, fingerprint, similarity

STORY = (
    "Two shells landed in the village of Tal Amara on Monday morning, a member of the local council said. One farmer "
    "was wounded and taken to the hospital in the nearby town, according to the same source. The council asked both "
    "sides to keep the road to the market open during the harvest. No group has said that it fired the shells."
)
COPY = STORY.replace("Monday morning", "Monday").replace("the same source", "the council")
OTHER = (
    "The council of Tal Amara reported on Monday that shelling had injured a farmer near the market road. Ambulances "
    "drove him to a clinic. It was not known who was behind the attack, and the army gave no comment at first."
)
#: Of the text in the test below.
PINNED = (354207851, 842924921, 921295121)


def test_a_signature_has_its_size_and_is_the_same_every_time() -> None:
    assert len(fingerprint(STORY)) == SIZE
    assert fingerprint(STORY) == fingerprint(STORY)


def test_this_signature_is_stored_and_must_not_change() -> None:
    assert fingerprint("Two shells landed in the village")[:3] == PINNED


def test_an_edited_copy_is_near_and_another_report_is_far() -> None:
    assert similarity(fingerprint(STORY), fingerprint(COPY)) > 0.6
    assert similarity(fingerprint(STORY), fingerprint(OTHER)) < 0.1


def test_signatures_of_different_sizes_do_not_compare() -> None:
    with pytest.raises(ValueError):
        similarity((1, 2), (1,))


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_a_signature_of_32_bit_numbers(text: str) -> None:
    assert all(0 <= value < 2**32 for value in fingerprint(text))
