"""Dates: every form by a case, then what must hold of any text."""

import csv
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.events.dates.expressions import DateKind, DateSpan, find_dates

CASES = list(csv.DictReader((Path(__file__).parents[3] / "cases" / "when.csv").open(encoding="utf-8")))
WEDNESDAY = date(2016, 6, 15)

#: Words that make dates when thrown together, beside any text at all.
_WORDS = """Monday Sunday May March Dec. 4 31 29 2016 1999 the last next of and to - , . 12/05/2016 ago two days week
month year early late since in on yesterday overnight Eid al-Adha Feb. 30 9999 0 1st 26-27 summer 99999999 '90
before said until"""
_PIECES = st.sampled_from(_WORDS.split())
_TEXTS = st.one_of(st.text(), st.lists(_PIECES, max_size=30).map(" ".join))
_DAYS = st.one_of(st.none(), st.dates())


def _read(text: str, published: str) -> tuple[DateSpan, ...]:
    return find_dates(text, date.fromisoformat(published) if published else None)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:60])
def test_a_date_is_read_as_its_case_says(case: dict[str, str]) -> None:
    spans = _read(case["text"], case["published"])
    if not case["quote"]:
        assert spans == ()
        return
    [span] = [span for span in spans if span.quote == case["quote"]]
    said = [str(value) if value else "" for value in (span.when.start, span.when.end, span.when.precision)]
    assert [*said, span.when.reason] == [case["start"], case["end"], case["precision"], case["reason"]]


@settings(max_examples=40, deadline=None)
@given(_TEXTS, _DAYS)
def test_spans_quote_the_text_in_order_whatever_it_holds(text: str, published: date | None) -> None:
    last = 0
    for span in find_dates(text, published):
        assert text[span.start : span.end] == span.quote
        assert last <= span.start < span.end
        assert (span.when.start is None) == (span.when.precision is None)
        if span.when.start and span.when.end:
            assert span.when.start <= span.when.end
        last = span.end


@pytest.mark.parametrize("piece", ["1", "1 ", "the ", "May 1, ", "last ", " ", "Sunday and ", "2016-", "in May "])
def test_time_is_linear_in_hostile_text(piece: str) -> None:
    # Eight times the text: quadratic time would be sixty-four times as long.
    short, long = (min(_seconds(piece * (size // len(piece))) for _ in range(2)) for size in (400, 3_200))
    assert long < 24 * short + 0.02


def _seconds(text: str) -> float:
    started = time.process_time()
    find_dates(text, WEDNESDAY)
    return time.process_time() - started


def test_a_full_date_in_the_head_is_the_day_relative_words_count_from() -> None:
    head, yesterday = find_dates("Sunday 12 June 2016 Troops left yesterday.", date(2016, 6, 20))
    assert head.kind is DateKind.DATELINE
    assert yesterday.when.start == date(2016, 6, 11)
