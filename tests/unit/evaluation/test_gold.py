"""Gold files are read, their format is seen, and what is wrong with one is told by its line."""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import GoldError
from tasks.evaluation.gold import Format, core, format_of, read_gold

EVENTS: dict[Format, dict[str, Any]] = {
    Format.ARTICLES: {"type": ["Battles"], "sub_type": ["Armed clash"], "killed": []},
    Format.SINGLE: {"date": "2024-01-01", "killed": 3, "locations": []},
    Format.LABELS: {"type": "ARREST"},
    Format.LOCATIONS: {"type": None, "trigger": {"start": 0, "end": 1}, "locations": []},
}


@pytest.mark.parametrize("form", EVENTS)
def test_the_format_is_seen(form: Format) -> None:
    rows: list[Any] = [{"id": "a", "text": "", "events": []}, {"id": "b", "text": "", "events": [EVENTS[form]]}]
    assert format_of(rows) is form
    timed: list[Any] = [{"id": "a", "text": "", "events": [], "timexes": []}]
    assert format_of(timed) is Format.DAYS


def test_what_is_no_gold_is_told_by_its_line(tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    good = json.dumps({"id": "a", "text": "x\u2028y", "events": []}, ensure_ascii=False)
    file.write_text(f"{good}\n\n{good}\n", encoding="utf-8")
    assert len(read_gold(file)) == 2
    assert len(read_gold(file, 1)) == 1
    for content, told in (
        (f"{good}\n[1]\n", r"gold.jsonl:2: id, text, events missing"),
        (f"{good}\n{{\n", r"gold.jsonl:2: not JSON"),
        ('{"id": 3, "text": "x", "events": []}', r":1: id missing"),
        ("\n", r"empty"),
    ):
        file.write_text(content, encoding="utf-8")
        with pytest.raises(GoldError, match=told):
            read_gold(file)
    with pytest.raises(GoldError, match="cannot be read"):
        read_gold(tmp_path / "none.jsonl")
    with pytest.raises(GoldError, match="--format"):
        format_of([{"events": [{"what": 1}]}])


def test_where_documents_are_marked_only_those_whose_text_says_it_count() -> None:
    rows: list[Any] = [{"core_stated": True}, {"core_stated": False}]
    assert list(core(rows)) == rows[:1]
    assert list(core([{}, {}])) == [{}, {}]
