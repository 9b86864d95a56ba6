"""Everybody a sentence counts."""

import pytest

from tasks.events.tolls.counted import find_counted


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Nine fighters of the Islamic State and three soldiers fell at the bridge.", {9, 3, 12}),
        ("Two soldiers and a village guard were killed.", {2, 1, 3}),
        ("A woman and her four children died.", {1, 4, 5}),
        ("Nobody was hurt.", {0}),
        ("Two men of the al-Noor Front, three clerks and a cook died at the bridge.", {2, 3, 1, 6}),
        ("The minister spoke of peace in the region.", set()),
    ],
)
def test_single_groups_and_the_sums_of_lists(text: str, figures: set[int]) -> None:
    found = find_counted(text, 100)
    assert figures <= {one.best for one in found}
    assert all(text[one.start - 100 : one.end - 100] for one in found)


def test_a_sum_names_its_parts() -> None:
    text = "Four policemen and nine men of the militia died."
    (whole,) = (one for one in find_counted(text) if one.rule == "list")
    assert whole.best == 13
    assert [text[start:end] for start, end in whole.parts] == ["Four policemen", "nine men"]
