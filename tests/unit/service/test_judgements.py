"""What a doctor thinks, and that everything it complains of comes with what to do next."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from schemas.health import Check, Level, RunFigures
from tasks.service.api import Scheduled, auth_of
from tasks.service.judgements import judge_ledger, judge_lock, judge_runs, judge_schedule
from tasks.service.machine import check_clock, check_disk, check_permissions, check_settings, check_versions

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
API = "http://127.0.0.1:4200/api"
OK, WARNING, FAILED = Level.OK, Level.WARNING, Level.FAILED


def figures(origin: str = "nightly", hours: float | None = 9, down: int = 0) -> RunFigures:
    ended = None if hours is None else (NOW - timedelta(hours=hours)).timestamp()
    return RunFigures(origin, 1, 0, 0, NOW.timestamp(), ended, 60.0, 27, 21, 30, 40, down, 99)


def schedule(**changes: Any) -> Scheduled:
    values: dict[str, Any] = {
        "name": "nightly/nightly",
        "active": True,
        "paused": False,
        "next_at": NOW + timedelta(hours=11),
        "pool": "firstdraft",
        "workers": 1,
    }
    return Scheduled(**values | changes)


def test_a_complaint_without_advice_is_refused() -> None:
    with pytest.raises(ValueError, match="what to do next"):
        Check("disk", FAILED, "full")


@pytest.mark.parametrize(
    ("runs", "level", "told"),
    [
        ((), WARNING, "no run was ever finished"),
        ((figures(hours=None),), WARNING, "no run was ever finished"),
        ((figures(),), OK, "nightly, 9 h ago: 27 links, 21 articles"),
        ((figures(hours=40),), FAILED, "nightly, 40 h ago"),
        ((figures(hours=9, down=2),), WARNING, "2 of 40 sources down"),
        ((figures("backfill", 1), figures(hours=200)), FAILED, "nightly, 8 days ago"),
        ((figures("demo", 200),), OK, "demo, 8 days ago"),
    ],
)
def test_the_last_run(runs: tuple[RunFigures, ...], level: Level, told: str) -> None:
    found = judge_runs(runs, NOW)
    assert (found.level, told in found.told) == (level, True), found


@pytest.mark.parametrize(
    ("found", "level", "told"),
    [
        (None, FAILED, "knows no deployment"),
        (schedule(paused=True), FAILED, "is paused"),
        (schedule(active=False), FAILED, "is paused"),
        (schedule(workers=0), FAILED, "no worker is alive in the pool firstdraft"),
        (schedule(next_at=None), FAILED, "no run ahead"),
        (schedule(next_at=NOW - timedelta(hours=1)), WARNING, "60 min late"),
        (schedule(), OK, "next at 2026-03-05 23:00 UTC, 1 worker(s)"),
    ],
)
def test_the_schedule(found: Scheduled | None, level: Level, told: str) -> None:
    judged = judge_schedule(found, NOW, API)
    assert (judged.level, told in judged.told) == (level, True), judged


@pytest.mark.parametrize(
    ("said", "last", "cut_off", "level", "told"),
    [
        (None, None, False, OK, "nothing was written yet"),
        ((7, "a"), (7, "a"), False, OK, "7 lines"),
        ((7, "a"), (7, "a"), True, WARNING, "cut off after line 7"),
        ((9, "a"), (7, "b"), False, FAILED, "it ends with line 7, its head says line 9"),
        ((7, "a"), (7, "b"), False, FAILED, "of another hash"),
        (None, (7, "b"), False, FAILED, "its head says none"),
        ((7, "a"), None, False, FAILED, "it ends with none"),
    ],
)
def test_the_end_of_the_ledger(said: Any, last: Any, cut_off: bool, level: Level, told: str) -> None:
    judged = judge_ledger(said, last, cut_off=cut_off)
    assert (judged.level, told in judged.told) == (level, True), judged


def test_a_lock_names_its_holder_and_is_no_fault() -> None:
    held = judge_lock({"pid": 12, "command": "firstdraft run", "since": "2026-03-05T11:00:00+00:00"})
    assert (held.level, held.told) == (
        OK,
        "a run is writing: process 12 (firstdraft run) since 2026-03-05T11:00:00+00:00",
    )
    assert judge_lock(None).told == "nobody is writing"
    assert "process unknown" in judge_lock({}).told


@pytest.mark.parametrize(
    ("skews", "complaint", "level", "told"),
    [
        ((), "", OK, "no server has told us"),
        ((0.4, 1.0, 900.0), "", OK, "+1 s against the last 3 servers"),
        ((-300.0, -290.0), "", WARNING, "-295 s"),
        ((4000.0,), "", FAILED, "+4000 s"),
        ((), "this machine's clock says 1970", FAILED, "1970"),
    ],
)
def test_the_clock(skews: tuple[float, ...], complaint: str, level: Level, told: str) -> None:
    found = check_clock(NOW, skews, complaint)
    assert (found.level, told in found.told) == (level, True), found


def test_the_disk_must_hold_the_snapshot_and_a_rebuild(tmp_path: Path) -> None:
    there = tmp_path / "not" / "yet"
    assert check_disk(there, 0).level is OK
    assert check_disk(there, 10**18).level is FAILED
    free = int(check_disk(there, 0).told.split(" GB")[0].replace(".", "")) * 10**8
    assert check_disk(there, (free - 10**9) // 2).level is WARNING


def test_versions_are_those_this_release_was_written_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_versions().level is OK
    monkeypatch.setattr("tasks.service.machine.version", lambda name: "1.4" if name == "duckdb" else "2.31.0")
    found = check_versions()
    assert found.level is FAILED
    assert "duckdb is 1.4, needed is" in found.told
    assert "uv sync" in found.advice


def test_a_folder_of_somebody_else_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "warehouse.duckdb").touch()
    assert check_permissions(tmp_path).level is OK
    # Root may write anywhere, so the system's answer is stood in for.
    monkeypatch.setattr("tasks.service.machine.os.access", lambda path, _: Path(path).name != "warehouse.duckdb")
    found = check_permissions(tmp_path)
    assert (found.level, "warehouse.duckdb" in found.told, "chown" in found.advice) == (FAILED, True, True)


@pytest.mark.parametrize(
    ("environment", "user"),
    [
        ({}, None),
        ({"PREFECT_SERVER_API_AUTH_STRING": "desk:se:cret"}, ("desk", "se:cret")),
        ({"PREFECT_API_AUTH_STRING": "a:b", "PREFECT_SERVER_API_AUTH_STRING": "c:d"}, ("a", "b")),
    ],
)
def test_the_auth_string_is_user_and_password(environment: dict[str, str], user: tuple[str, str] | None) -> None:
    assert auth_of(environment) == user


def test_a_misspelt_setting_is_named_with_the_one_that_is_meant() -> None:
    assert check_settings({"FIRSTDRAFT_DATA_DIR", "FIRSTDRAFT_LLM_KEY", "HOME"}).level is OK
    found = check_settings({"FIRSTDRAFT_DATADIR", "FIRSTDRAFT_NONSENSE_OF_NOBODY"})
    assert found.level is Level.WARNING
    assert "FIRSTDRAFT_DATADIR (is FIRSTDRAFT_DATA_DIR meant?), FIRSTDRAFT_NONSENSE_OF_NOBODY" in found.told
