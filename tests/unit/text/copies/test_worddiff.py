"""Word differences: exact, complete, and small where little changed."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.version import EditKind
from tasks.text.copies.worddiff import word_diff

_WORDS = st.lists(st.sampled_from(["shells", "hit", "the", "road", "12", "14", ",", ".", "\n", " "]), max_size=30)


@settings(max_examples=80, deadline=None)
@given(_WORDS.map("".join), _WORDS.map("".join))
def test_edits_make_both_texts(old: str, new: str) -> None:
    edits = word_diff(old, new)
    assert "".join(edit.text for edit in edits if edit.kind is not EditKind.ADDED) == old
    assert "".join(edit.text for edit in edits if edit.kind is not EditKind.REMOVED) == new
    assert all(one.kind != other.kind for one, other in pairwise(edits))


def test_one_number_is_one_edit_in_a_long_text() -> None:
    paragraph = "The council said that the road to the market was open.\n"
    old = paragraph * 50 + "Shelling killed 12 people on Monday.\n" + paragraph * 50
    edits = word_diff(old, old.replace("12", "14"))
    assert [(edit.kind, edit.text) for edit in edits if edit.kind is not EditKind.SAME] == [
        (EditKind.REMOVED, "12"),
        (EditKind.ADDED, "14"),
    ]


def test_equal_texts_have_no_change() -> None:
    assert {edit.kind for edit in word_diff("one two", "one two")} == {EditKind.SAME}
    assert word_diff("", "") == ()
