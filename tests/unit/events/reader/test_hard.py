"""Kinds of mistakes, each by small texts the reader was never trained on: ``tests/cases/hard``."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from benchmarks.hard import CASES, is_right, shares
from schemas.mention import EventMention

#: What is asked of the event of a text.
RIGHT = {
    "killed": 4, "injured": None, "place": "Ouallam", "day": date(2023, 12, 6), "initiators": ["JNIM"],
    "never": ["boko haram"],
}  # fmt: skip


def test_no_kind_of_mistake_is_commoner_than_it_was() -> None:
    found = shares()
    assert len(found) == len(list(CASES.glob("*.yml"))) == 12
    fallen = [name for name, kind in found.items() if kind.share < kind.least]
    assert not fallen, "\n".join(f"{name}: {kind}" for name, kind in found.items())


@pytest.mark.parametrize(
    ("changed", "right"),
    [
        ({}, True), ({"killed": 5}, False), ({"injured": 4}, False), ({"place": "Niamey"}, False),
        ({"day": date(2023, 12, 7)}, False), ({"day": None}, False), ({"initiators": ["ISWAP"]}, False),
        ({"never": ["jnim"]}, False),
    ],
)  # fmt: skip
def test_a_text_is_right_when_all_that_is_asked_of_it_is(
    code: Callable[[str], tuple[EventMention, ...]], changed: dict[str, Any], right: bool
) -> None:
    said = list(code("JNIM fighters killed four farmers in Ouallam in Niger on Wednesday, police said."))
    assert is_right([RIGHT | changed], said) is right
    assert not is_right([], said)
    assert not is_right([RIGHT, RIGHT], said)
