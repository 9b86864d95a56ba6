"""What is particular in a sentence, as hashes."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.resolution.marks import Marks, commonness, is_name, mark, marks_of, weight

TEXT = "Police said that Amina Qasoumi, 17, was wounded near the Zeytoun market in Farton."


def of(text: str, *known: str) -> Marks:
    return marks_of(text, 0, len(text), known)


def test_names_in_full_and_rare_words_are_marks_and_common_words_are_not() -> None:
    found = of(TEXT)
    assert len(found.names) == 1
    assert mark("qasoumi", 3, name=True) in found.words
    assert commonness("police") == commonness("the") == 0
    assert not {mark("police", kind, name=True) for kind in range(4)} & set(found.words)


def test_what_is_compared_elsewhere_is_left_out() -> None:
    assert mark("farton", 3, name=True) in of(TEXT).words
    assert mark("farton", 3, name=True) not in of(TEXT, "Farton").words


def test_a_name_is_the_same_however_it_stands_in_a_sentence() -> None:
    assert of("It was Amina Qasoumi’s brother.").names == of(TEXT).names


def test_a_mark_tells_its_class_and_whether_it_is_a_name() -> None:
    assert is_name(mark("x", 2, name=True))
    assert not is_name(mark("x", 2, name=False))
    assert weight(mark("x", 3, name=True)) > weight(mark("x", 1, name=True)) > 0


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 300))
def test_any_text_has_sorted_marks_of_32_bits(text: str, start: int, length: int) -> None:
    found = marks_of(text, min(start, len(text)), min(start + length, len(text)))
    assert list(found.words) == sorted(set(found.words))
    assert all(0 <= one < 1 << 32 for one in (*found.words, *found.names))
