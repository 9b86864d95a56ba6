"""The floor of quality: a lower figure, another corpus and an unpinned set are each told."""

import json
from pathlib import Path

import pytest

from benchmarks import floors
from benchmarks.floors import below, pin, pinned

HASHES = {"news": "aa", "blogs": "bb"}
FIGURES = {"news": {"title": 85.1, "date_wrong": 1.0}, "blogs": {"title": 70.0}}


@pytest.fixture(autouse=True)
def _own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floors, "FLOORS", tmp_path / "floors.json")
    floors.FLOORS.write_text(json.dumps({"events": {"syria": {"event": 1.0}}}), encoding="utf-8")
    pin("clean", HASHES, FIGURES)


def told(figures: dict[str, dict[str, float]], hashes: dict[str, str] = HASHES) -> list[str]:
    return below(pinned("clean"), hashes, figures, falling=frozenset(("date_wrong",)))


def test_the_pinned_figures_and_better_ones_pass() -> None:
    assert told(FIGURES) == []
    assert told({"news": {"title": 90.0, "date_wrong": 0.0}}) == []


def test_a_fall_a_rise_of_errors_and_a_missing_figure_are_told() -> None:
    assert told({"news": {"title": 85.0, "date_wrong": 1.0}}) == ["news: title is 85.0, the floor is 85.1"]
    assert told({"news": {"title": 85.1, "date_wrong": 1.1}}) == ["news: date_wrong is 1.1, the floor is 1.0"]
    assert told({"blogs": {}}) == ["blogs: title is None, the floor is 70.0"]


def test_another_corpus_and_an_unpinned_set_are_told() -> None:
    assert "another corpus" in told({"news": FIGURES["news"]}, {"news": "cc"})[0]
    assert told({"wires": {"title": 1.0}}, {"wires": "dd"}) == ["wires: no floor is pinned for it"]


def test_other_benchmarks_keep_their_floors() -> None:
    assert pinned("events") == {"syria": {"event": 1.0}}
