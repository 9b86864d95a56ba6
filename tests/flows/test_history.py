"""Past days and stored pages: backfills that go on where they stopped, reprocessing that fetches nothing."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from schemas.settings import DEMO_SOURCES, Settings
from tasks.demo.server import DemoSite, serve_demo
from tasks.warehouse.checks import state_hash
from tasks.warehouse.connect import open_reader

FIRST, LAST = date(2023, 11, 20), date(2023, 12, 15)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DemoSite]:
    """The demo site, and settings in the environment that reach it, as a worker would have them."""
    with serve_demo() as served:
        monkeypatch.setenv("FIRSTDRAFT_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("FIRSTDRAFT_SOURCES_FILE", str(DEMO_SOURCES))
        monkeypatch.setenv("FIRSTDRAFT_ALLOW_LOOPBACK", "true")
        monkeypatch.setenv("FIRSTDRAFT_CONNECT_TO", json.dumps(served.connect_to))
        yield served


def state() -> str:
    with open_reader(Settings()) as con:
        return state_hash(con)


def test_a_backfill_goes_window_by_window_and_does_none_twice(site: DemoSite) -> None:
    from flows.backfill import backfill  # noqa: PLC0415 - the environment comes first
    from flows.reprocess import reprocess  # noqa: PLC0415

    halves = backfill(FIRST, date(2023, 12, 2), ["demo-levant", "demo-north"], 13)
    both = backfill(FIRST, LAST, ["demo-levant", "demo-north"], 13)
    assert [summary.run.window.start for summary in (*halves, *both)] == [FIRST, date(2023, 12, 3)]
    assert all(summary.outcomes["rejected"] for summary in both), "what lies outside the window is accounted for"

    asked, before = len(site.requests), state()
    assert backfill(FIRST, LAST, ["demo-levant", "demo-north"], 13) == ()
    today = datetime.now(UTC).date()
    again = reprocess(today, today, ["demo-levant", "demo-north"])
    assert again.discovered > 10
    assert again.rows_changed == 0
    assert state() == before
    assert len(site.requests) == asked
