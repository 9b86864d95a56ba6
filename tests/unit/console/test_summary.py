"""What people read of a run."""

from datetime import UTC, date, datetime

import pytest

from schemas.run import Run, RunSummary, SourceResult, Window
from tasks.console.summary import change_sentence, days, events_markdown, funnel_rows, sentence, toll

RUN = Run("demo", Window(date(2023, 11, 1), date(2023, 12, 31)), datetime(2024, 1, 1, tzinfo=UTC), "0.1.0")


def summary(**changes: object) -> RunSummary:
    values: dict[str, object] = {
        "run": RUN,
        "finished_at": datetime(2024, 1, 1, 0, 1, tzinfo=UTC),
        "discovered": 5,
        "fetched": 4,
        "outcomes": {"stored": 3, "rejected": 2},
        "reasons": {"rejected:cookie_wall": 1, "rejected:robots": 1},
        "articles": 3,
        "mentions": 4,
        "events": 2,
        "rows": {"articles": {"inserted": 3, "unchanged": 0}, "events": {"inserted": 2}},
        "sources": (SourceResult("a", "A", True, 5, ""), SourceResult("b", "B", False, 0, "unreachable")),
    }
    return RunSummary(**{**values, **changes})  # type: ignore[arg-type]


def test_the_sentence_names_what_was_down() -> None:
    assert sentence(summary()) == ("5 discovered, 3 stored, 2 rejected, 2 events in the warehouse, 1 of 2 sources down")


def test_the_funnel_adds_up() -> None:
    rows = funnel_rows(summary())
    assert rows[0] == {"step": "discovered", "reason": "", "count": 5}
    outcomes = [row for row in rows if row["step"] in ("stored", "rejected") and not row["reason"]]
    assert sum(int(str(row["count"])) for row in outcomes) == 5
    reasons = [row for row in rows if row["step"] == "rejected" and row["reason"]]
    assert sum(int(str(row["count"])) for row in reasons) == 2


def test_a_run_that_changed_nothing_says_so() -> None:
    unchanged = summary(rows={"articles": {"unchanged": 3}})
    assert change_sentence(unchanged) == "No row changed, the run's own and last-seen stamps apart."
    assert change_sentence(summary()) == "5 rows changed: articles 3 inserted, events 2 inserted."


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        (None, None, "undated"),
        (date(2023, 12, 4), None, "2023-12-04"),
        (date(2023, 11, 26), date(2023, 11, 27), "2023-11-26/27"),
        (date(2023, 11, 30), date(2023, 12, 1), "2023-11-30/2023-12-01"),
    ],
)
def test_days(start: date | None, end: date | None, told: str) -> None:
    assert days(start, end) == told


@pytest.mark.parametrize(
    ("low", "best", "high", "told"),
    [(None, None, None, ""), (16, 16, 16, "16"), (14, 14, 16, "14-16"), (None, 8, None, "8"), (0, 0, 0, "0")],
)
def test_tolls(low: int | None, best: int | None, high: int | None, told: str) -> None:
    assert toll(low, best, high) == told


def test_markdown_cells_cannot_break_the_table() -> None:
    event: dict[str, object] = dict.fromkeys(
        (
            "date_start",
            "date_end",
            "admin1",
            "country",
            "killed_low",
            "killed_best",
            "killed_high",
            "injured_low",
            "injured_best",
            "injured_high",
            "initiators",
            "targets",
            "sources",
        ),
    )
    event |= {"place_name": "a|b\nc", "sub_event_type": "Attack", "event_id": "evt_1", "status": "disputed"}
    *_, row = events_markdown([event]).splitlines()
    assert "Attack (disputed)" in row
    assert "a\\|b c" in row
