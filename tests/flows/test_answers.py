"""What the documents show of the demo is what the demo gives; ``python -m benchmarks.answers`` writes it anew."""

import json
from pathlib import Path

import pytest

from benchmarks.answers import ANALYST, README, ROOT, with_answers, with_events
from tasks.warehouse.store.connect import open_reader
from tests.flows.conftest import Demo

NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))


def test_the_answers_of_the_documents_are_those_of_the_demo(demo: Demo) -> None:
    with open_reader(demo.settings) as con:
        for path, made in ((ANALYST, with_answers), (README, with_events)):
            text = path.read_text(encoding="utf-8")
            assert made(text, con) == text, f"{path.name}: run `python -m benchmarks.answers` after `make demo`"


def cells(path: Path) -> list[str]:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def test_there_are_two_notebooks() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["defending-one-number", "week-in-brief"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_of_a_notebook_runs(path: Path, demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTDRAFT_PUBLISHED", str(demo.settings.published_path))
    names: dict[str, object] = {}
    for number, cell in enumerate(cells(path), 1):
        exec(compile(cell, f"{path.name}:{number}", "exec"), names)
    assert names["checked"] is True
