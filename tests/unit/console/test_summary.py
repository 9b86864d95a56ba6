"""What people read of a run."""

from datetime import UTC, date, datetime

import pytest

from schemas.run import Run, RunSummary, SourceResult, Window
from tasks.console.summary import (
    as_cells,
    change_sentence,
    days,
    events_markdown,
    funnel_rows,
    new_events_markdown,
    sentence,
    state_message,
    toll,
)

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


def test_a_state_says_first_that_it_is_degraded_and_by_what() -> None:
    assert state_message((summary(),)) == (
        "degraded, 1 of 2 sources down: b; 5 discovered, 3 stored, 2 rejected, 2 events in the warehouse"
    )
    whole = summary(sources=(SourceResult("a", "A", True, 5, "", new=0),))
    assert state_message((whole,)) == "5 discovered, 3 stored, 2 rejected, 2 events in the warehouse, 1 without news"
    many = summary(sources=tuple(SourceResult(f"s{n:02}", "S", n > 11, 0, "") for n in range(40)))
    assert state_message((many,)).startswith("degraded, 12 of 40 sources down: s00, s01, ")
    assert "s09 and 2 more; 5 discovered" in state_message((many,))


def test_a_state_of_many_windows_counts_each_source_once() -> None:
    whole = summary(sources=(SourceResult("a", "A", True, 5, ""), SourceResult("b", "B", True, 0, "")))
    assert state_message((summary(), whole, summary())) == "degraded, 1 of 2 sources down: b; in 2 of 3 windows"
    assert state_message((whole, whole)) == "2 windows"
    assert state_message(()) == "nothing to do: every window was done before"


def test_what_a_night_left_to_the_next_one_is_named_in_its_state() -> None:
    left = {"deferred:over_links": 30, "deferred:over_time": 4, "deferred:timeout": 1}
    assert "34 links left to the next night by the bounds of this one" in state_message([summary(reasons=left)])
    assert "left to the next night" not in state_message([summary(reasons={"deferred:timeout": 1})])


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


def test_names_from_the_web_cannot_break_the_list() -> None:
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


def an_event(number: int, **changes: object) -> dict[str, object]:
    names = ("date_start", "date_end", "admin1", "country", "killed_low", "killed_best", "killed_high", "injured_low",
             "injured_best", "injured_high", "initiators", "targets", "sources", "place_name")  # fmt: skip
    event = dict.fromkeys(names) | {"sub_event_type": "Attack", "event_id": f"evt{number}", "status": "happened"}
    return {**event, "new": True, "links": [], **changes}


def test_reports_can_be_followed_and_nothing_from_the_web_is_markup() -> None:
    links = [
        {"name": "A [b](x) | c", "url": "https://e.org/a (1)|2", "relation": "reports"},
        {"name": "D", "url": "javascript:alert(1)", "relation": "denies"},
    ]
    told = new_events_markdown([an_event(1, links=links), an_event(2, new=False)])
    assert told.index("## New: 1") < told.index("evt1") < told.index("## Changed: 1") < told.index("evt2")
    assert r"[A \[b\](x) \| c](https://e.org/a%20%281%29%7C2), D (denies)" in told
    assert "javascript" not in told


def test_a_long_list_of_events_says_how_many_more_there_are() -> None:
    told = events_markdown([an_event(number) for number in range(203)])
    assert "evt199" in told
    assert "evt200" not in told
    assert told.endswith("... and 3 more: `firstdraft events`")


def test_an_event_is_told_in_a_line_with_its_counts_and_its_id() -> None:
    event = an_event(7, killed_best=4, killed_low=4, killed_high=6, place_name="Idlib", country="Syria", sources="A, B")
    told = events_markdown([event | {"date_start": date(2023, 11, 26), "date_end": date(2023, 11, 27)}])
    assert told.startswith("- **2023-11-26/27** Idlib, Syria: Attack")
    assert told.endswith("4-6 killed. A, B `evt7`")


def test_cells_of_an_artifact_are_what_json_has() -> None:
    row = {"a": None, "b": datetime(2024, 1, 2, 3, 4, tzinfo=UTC), "c": date(2024, 1, 2), "d": 1.5, "e": True}
    assert as_cells([row]) == [{"a": "", "b": "2024-01-02 03:04", "c": "2024-01-02", "d": 1.5, "e": True}]


def test_a_run_whose_figures_are_held_back_is_degraded_and_says_why() -> None:
    told = state_message((summary(held=("articles_stored is 20, 10% of the usual 200",)),))
    assert told.startswith("degraded, readers keep the old snapshot (articles_stored is 20, 10% of the usual 200;")
    assert "--publish-anyway" in told
    assert told.endswith(state_message((summary(),)).removeprefix("degraded, "))
