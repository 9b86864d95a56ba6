import io
import json
import logging
from datetime import UTC, date, datetime, timedelta

import pytest
from rich.console import Console

from schemas.backfill import Plan, WindowPlan
from schemas.change import Action, Change
from schemas.run import Run, RunSummary, Window
from tasks.console.plan import (
    change_counts,
    duration,
    plan_json,
    plan_rows,
    plan_sentence,
    show_changes,
    show_plan,
    window_sentence,
)
from tasks.console.progress import pace_of, stage_bars

FIRST = Window(date(2024, 3, 1), date(2024, 3, 7))
SECOND = Window(date(2024, 3, 8), date(2024, 3, 14))
PLAN = Plan(
    "backfill",
    (WindowPlan(FIRST, (), ("a", "b")), WindowPlan(SECOND, ("a",), ("b",), {"a": 40}, {"a": 2}, 600.0)),
    undated=3,
    notes=("a: not counted: sections",),
)


def shown(width: int = 120) -> tuple[Console, io.StringIO]:
    buffer = io.StringIO()
    return Console(file=buffer, width=width), buffer


def test_a_plan_is_a_table_a_sentence_and_json() -> None:
    console, buffer = shown()
    show_plan(console, PLAN)
    told = buffer.getvalue()
    for words in ("2024-03-08 to 2024-03-14", "to do, 1 sources done", "10 min", "3 links carry no date", "sections"):
        assert words in told
    assert plan_sentence(PLAN) == "1 of 2 windows to do, 40 links known and 2 expected, about 10 min"
    assert "every window was done" in plan_sentence(Plan("backfill", PLAN.windows[:1]))
    assert json.loads(json.dumps(plan_json(PLAN), default=str))["windows"][1]["known"] == {"a": 40}


def test_a_long_backfill_says_how_far_it_is() -> None:
    run = Run("backfill", FIRST, datetime(2024, 6, 1, tzinfo=UTC), "0")
    summary = RunSummary(run, run.started_at + timedelta(seconds=60), 120, 100, {"stored": 90}, {}, 0, 0, 0)
    told = window_sentence(summary, 3, 12, 900)
    assert told == "window 3 of 12 (2024-03-01 to 2024-03-07): 120 links, 90 stored, 2.0 links/s; about 45 min left"
    assert window_sentence(summary, 12, 12, 900).endswith("; done")


def test_without_a_terminal_each_window_is_a_line_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    console, _ = shown()
    with stage_bars(console):
        log = logging.getLogger("firstdraft.plan")
        log.info("window 1 of 2", extra={"stage": "windows", "done": 1})
        log.info("a batch", extra={"stage": "fetch", "done": 1})
    assert capsys.readouterr().err == "window 1 of 2\n"


def test_a_terminal_shows_time_left_and_pace() -> None:
    buffer = io.StringIO()
    with stage_bars(Console(file=buffer, force_terminal=True, width=120)):
        log = logging.getLogger("firstdraft.plan")
        log.info("", extra={"stage": "windows", "todo": 4})
        log.info("", extra={"stage": "windows", "done": 1})
    assert "windows" in buffer.getvalue()
    assert pace_of("windows", 1, 4, 3600 * 4) == "12 h 0 min left"
    assert pace_of("scan", 1, 2, 10) == "10 s left"
    assert duration(119) == "119 s"


def change(subject: str, name: str = "", action: Action = Action.CHANGED, number: int = 0) -> Change:
    return Change("run", subject, f"id{number}", name, action, "old words", "new words", "a", "https://e.org/a")


CHANGES = [
    change("article", "title"),
    change("article", "text"),
    change("article", "title", number=1),
    change("mention", "killed_best"),
    change("mention", "status"),
    change("mention", action=Action.ADDED, number=1),
    change("event", action=Action.REMOVED),
    change("outcome", "outcome"),
]


def test_changes_are_counted_things_once_and_fields_of_articles_each() -> None:
    assert change_counts(CHANGES) == {
        "articles": {"text": 1, "title": 2},
        "outcomes": {"old words -> new words": 1},
        "mentions": {"added": 1, "changed": 1},
        "events": {"removed": 1},
    }


def test_changes_are_shown_with_both_values_where_asked() -> None:
    console, buffer = shown()
    show_changes(console, CHANGES, details=False)
    assert "1 added, 1 changed" in buffer.getvalue()
    assert "- old words" not in buffer.getvalue()
    show_changes(console, CHANGES, details=True)
    assert buffer.getvalue().count("- old words") == len(CHANGES)
    console, buffer = shown()
    show_changes(console, [], details=True)
    assert "Nothing reads otherwise" in buffer.getvalue()


def test_what_could_not_be_read_is_not_counted_and_not_nothing() -> None:
    window = WindowPlan(FIRST, ("a",), (), uncounted=("a",))
    (row,) = plan_rows(Plan("backfill", (window,)))
    assert (row["expected"], row["time"]) == ("not counted", "not known")
    assert plan_sentence(Plan("backfill", (window,))) == "1 of 1 windows to do, not counted: a could not be read"
    mixed = WindowPlan(SECOND, ("a", "b"), (), {"b": 40}, {}, 600.0, ("a",))
    told = plan_sentence(Plan("backfill", (mixed,)))
    assert told.endswith("about 10 min; not counted: a, which could not be read")
