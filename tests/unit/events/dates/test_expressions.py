"""Dates: every form by a case, then what must hold of any text."""

import csv
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.events.dates.expressions import DateChoice, DateKind, DateSpan, choose_date, find_dates, later_date

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


@settings(max_examples=40, deadline=None)
@given(_TEXTS, _DAYS, st.integers(0, 200), st.integers(0, 200))
def test_a_choice_never_raises_and_quotes_the_text(text: str, published: date | None, at: int, to: int) -> None:
    spans = find_dates(text, published)
    choice = choose_date(text, spans, (0, len(text)), (min(at, to), max(at, to)), published=published)
    if choice.evidence:
        assert text[choice.evidence.start : choice.evidence.end] == choice.evidence.quote


@pytest.mark.parametrize("piece", ["1", "1 ", "the ", "May 1, ", "last ", " ", "Sunday and ", "2016-", "in May "])
def test_time_is_linear_in_hostile_text(piece: str) -> None:
    # Eight times the text: quadratic time would be sixty-four times as long.
    short, long = (min(_seconds(piece * (size // len(piece))) for _ in range(2)) for size in (400, 3_200))
    assert long < 24 * short + 0.02


def _seconds(text: str) -> float:
    started = time.process_time()
    find_dates(text, WEDNESDAY)
    return time.process_time() - started


def _choose(text: str, trigger: str, **options: bool) -> DateChoice:
    """The date of a trigger in the last sentence of a text; sentences end with a full stop and a blank."""
    starts = [0, *(i + 2 for i in range(len(text) - 2) if text[i : i + 2] == ". ")]
    sentences = list(zip(starts, [*starts[1:], len(text)], strict=True))
    at = text.index(trigger)
    own = next(s for s in sentences if s[0] <= at < s[1])
    spans = find_dates(text, WEDNESDAY)
    earlier = [s for s in reversed(sentences) if s[0] < own[0]]
    return choose_date(text, spans, own, (at, at + len(trigger)), earlier=earlier, published=WEDNESDAY, **options)


@pytest.mark.parametrize(
    ("text", "trigger", "day", "reason"),
    [
        ("Five were killed on Saturday, police said.", "killed", "2016-06-11", "weekday"),
        ("Police said on Monday five were killed on Saturday.", "killed", "2016-06-11", "weekday"),
        ("Five were killed on Saturday, police said on Monday.", "killed", "2016-06-11", "weekday"),
        ("Rebels on Monday accused troops of killing five on June 3.", "killing", "2016-06-03", "month_day"),
        ("Five were killed, police said on Monday.", "killed", None, "only_a_reporting_day"),
        ("Five were killed in the raid.", "killed", None, "no_date_given"),
        ("Jets struck the town on Friday. Five were killed.", "killed", "2016-06-10", "weekday:carried_over"),
        ("Jets struck on Friday. Last week five were killed.", "killed", "2016-06-10", "weekday:narrowed"),
        ("Five were killed on Friday after a raid on Thursday.", "killed", "2016-06-10", "weekday"),
    ],
)
def test_an_event_gets_the_date_of_its_clause(text: str, trigger: str, day: str | None, reason: str) -> None:
    choice = _choose(text, trigger)
    assert (choice.when.start and choice.when.start.isoformat(), choice.when.reason) == (day, reason)


@pytest.mark.parametrize(
    ("later", "day"),
    [
        ("The incident occurred Tuesday as troops pursued rebels.", "2016-06-14"),
        ("It happened on Saturday.", "2016-06-11"),
        ("A truce was signed on Saturday.", None),
        ("The deadly raid took place last month.", None),
    ],
)
def test_a_later_sentence_dates_what_it_points_back_to(later: str, day: str | None) -> None:
    choice = later_date(later, find_dates(later, WEDNESDAY), [(0, len(later))])
    assert (choice and choice.when.start and choice.when.start.isoformat()) == day


def test_the_day_of_reporting_or_publication_is_used_only_when_asked_and_named() -> None:
    reporting = _choose("Five were killed, police said on Monday.", "killed", reporting_day=True)
    assert (reporting.when.start, reporting.when.reason) == (date(2016, 6, 13), "weekday:reporting_day")
    published = _choose("Five were killed in the raid.", "killed", publication_day=True)
    assert (published.when.start, published.when.precision, published.when.reason) == (WEDNESDAY, 2, "publication_day")
    assert published.evidence is None


def test_a_full_date_in_the_head_is_the_day_relative_words_count_from() -> None:
    head, yesterday = find_dates("Sunday 12 June 2016 Troops left yesterday.", date(2016, 6, 20))
    assert head.kind is DateKind.DATELINE
    assert yesterday.when.start == date(2016, 6, 11)
