"""Counts: bounds by modifier, what is no count, and what must hold of any text."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.events.language.numbers import find_numbers, fold_digits

_WORDS = """at least one two hundred and 5 1,200 million dozen dozens of - to between a half up more
than % $ 12-year-old 2016 or"""
_PIECES = st.sampled_from(_WORDS.split())
_TEXTS = st.one_of(st.text(), st.lists(_PIECES, max_size=30).map(" ".join))


@pytest.mark.parametrize(
    ("text", "low", "best", "high", "rule"),
    [
        ("16 men", 16, 16, 16, "exact"),
        ("1,200 men", 1200, 1200, 1200, "exact"),
        ("sixteen men", 16, 16, 16, "exact"),
        ("twenty-five men", 25, 25, 25, "exact"),
        ("two hundred and five men", 205, 205, 205, "exact"),
        ("three thousand four hundred men", 3400, 3400, 3400, "exact"),
        ("2.5 million people", 2_500_000, 2_500_000, 2_500_000, "exact"),
        ("a dozen men", 12, 12, 12, "exact"),
        ("half a dozen men", 6, 6, 6, "exact"),
        ("two dozen men", 24, 24, 24, "exact"),
        ("at least 8 men", 8, 8, None, "at_least"),
        ("no fewer than eight men", 8, 8, None, "at_least"),
        ("five or more men", 5, 5, None, "at_least"),
        ("100+ men", 100, 100, None, "at_least"),
        ("more than 50 men", 50, 50, None, "more_than"),
        ("over a hundred men", 100, 100, None, "more_than"),
        ("up to 20 men", None, 20, 20, "at_most"),
        ("as many as 20 men", None, 20, 20, "at_most"),
        ("fewer than 20 men", None, 20, 20, "fewer_than"),
        ("about 20 men", 20, 20, 20, "about"),
        ("between 5 and 7 men", 5, 5, 7, "range"),
        ("8-10 men", 8, 8, 10, "range"),
        ("three to five men", 3, 3, 5, "range"),
        ("dozens of men", 12, 24, None, "vague"),
        ("scores of men", 20, 40, None, "vague"),
        ("hundreds of men", 100, 200, None, "vague"),
        ("tens of thousands of men", 10_000, 20_000, None, "vague"),
        ("several men", 3, None, None, "vague"),
        ("\u0661\u0662 men", 12, 12, 12, "exact"),
    ],
)
def test_a_count_has_the_bounds_its_words_give(
    text: str, low: int | None, best: int | None, high: int | None, rule: str
) -> None:
    [number] = find_numbers(text)
    assert (number.low, number.best, number.high, number.rule) == (low, best, high, rule)


_NO_COUNTS = """in 2014|a 12-year-old boy|aged 12|at 10:30|$500|5 km away|120 mm shells|T-72 tanks|an F-16 jet|
the 3rd brigade|
20 percent|30 Apr|May 3|for 5 days|Khalid Omar, 25, fled|Resolution 2254|1.5 km|7.62 rounds"""


@pytest.mark.parametrize("text", [text.strip() for text in _NO_COUNTS.split("|")])
def test_what_counts_no_persons_is_left_out(text: str) -> None:
    assert find_numbers(text) == ()


def test_two_figures_joined_by_and_are_two() -> None:
    assert [number.best for number in find_numbers("16 and 27 others")] == [16, 27]


@settings(max_examples=40, deadline=None)
@given(_TEXTS)
def test_spans_quote_the_text_and_bounds_are_ordered(text: str) -> None:
    last = 0
    for number in find_numbers(text):
        assert text[number.start : number.end] == number.quote
        assert last <= number.start <= number.value_start < number.end
        bounds = [bound for bound in (number.low, number.best, number.high) if bound is not None]
        assert bounds == sorted(bounds)
        last = number.end
    assert len(fold_digits(text)) == len(text)


@pytest.mark.parametrize("piece", ["1", "1 ", "one ", "1,", "at least ", "between ", "two hundred and "])
def test_time_is_linear_in_hostile_text(piece: str) -> None:
    # Eight times the text: quadratic time would be sixty-four times as long.
    short, long = (min(_seconds(piece * (size // len(piece))) for _ in range(2)) for size in (400, 3_200))
    assert long < 24 * short + 0.02


def _seconds(text: str) -> float:
    started = time.process_time()
    find_numbers(text)
    return time.process_time() - started
