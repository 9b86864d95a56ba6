"""Tolls: every construction by a case, then what must hold of any text."""

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.events.tolls.casualties import TollSpan, find_tolls

CASES = list(csv.DictReader((Path(__file__).parents[3] / "cases" / "casualties.csv").open(encoding="utf-8")))
_FLAGS = ("negated", "hypothetical", "subset", "cumulative", "open")
_WORDS = """killed were was 5 two soldiers a woman and , . her including dead wounded died the of to deaths toll
at least not would
 himself along with no one casualties shot people " others injuring family Omar 12 left among them"""
_PIECES = st.sampled_from(_WORDS.split())
_TEXTS = st.one_of(st.text(), st.lists(_PIECES, max_size=40).map(" ".join))


def _row(toll: TollSpan) -> dict[str, str]:
    bounds = {name: "" if (value := getattr(toll, name)) is None else str(value) for name in ("low", "best", "high")}
    flags = " ".join(name for name in _FLAGS if getattr(toll, name))
    return {"kind": str(toll.kind), **bounds, "who": toll.who or "", "flags": flags}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']}-{case['text'][:60]}")
def test_a_toll_is_read_as_its_case_says(case: dict[str, str]) -> None:
    rows = [_row(toll) for toll in find_tolls(case["text"])]
    want = {name: value for name, value in case.items() if name != "text"}
    if case["kind"]:
        assert want in rows
    else:
        assert not [row for row in rows if row["low"] or row["best"]]


@settings(max_examples=40, deadline=None)
@given(_TEXTS, st.integers(0, 1000))
def test_tolls_quote_the_text_at_document_offsets(text: str, offset: int) -> None:
    for toll in find_tolls(text, offset):
        assert text[toll.start - offset : toll.end - offset] == toll.quote
        assert toll.start <= toll.verb[0] < toll.verb[1] <= toll.end or toll.subset
        if toll.number:
            assert toll.start <= toll.number[0] < toll.number[1] <= toll.end
        if toll.who_span:
            assert text[toll.who_span[0] - offset : toll.who_span[1] - offset] == toll.who
        bounds = [bound for bound in (toll.low, toll.best, toll.high) if bound is not None]
        assert bounds == sorted(bounds)


_HOSTILE = ["1 ", "killed 5 ", "a man ", "and 5 men, ", "including ", "her ", "were killed and ", "no "]


@pytest.mark.parametrize("piece", _HOSTILE)
def test_time_is_linear_in_hostile_text(piece: str) -> None:
    # Eight times the text: quadratic time would be sixty-four times as long.
    short, long = (min(_seconds(piece * (size // len(piece))) for _ in range(2)) for size in (400, 3_200))
    assert long < 24 * short + 0.02


def _seconds(text: str) -> float:
    started = time.process_time()
    find_tolls(text)
    return time.process_time() - started


def test_a_sum_keeps_the_figures_it_was_made_of() -> None:
    text = "The shell killed two women and a boy."
    [toll] = find_tolls(text)
    assert [text[slice(*part)] for part in toll.parts] == ["two", "a"]
    assert str(toll.rule) == "active:sum"
