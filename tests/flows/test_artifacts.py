"""What a backfill leaves on its page while it works."""

import json
from datetime import date
from pathlib import Path

import pytest

from schemas.settings import DEMO_SOURCES, Settings
from tasks.demo.server import serve_demo


def test_a_backfill_shows_one_bar_that_moves_and_what_each_window_brought(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - the environment comes first

    from flows.backfill import backfill  # noqa: PLC0415

    with serve_demo() as site:
        monkeypatch.setenv("FIRSTDRAFT_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("FIRSTDRAFT_SOURCES_FILE", str(DEMO_SOURCES))
        monkeypatch.setenv("FIRSTDRAFT_ALLOW_LOOPBACK", "true")
        monkeypatch.setenv("FIRSTDRAFT_CONNECT_TO", json.dumps(site.connect_to))
        state = backfill(date(2023, 11, 20), date(2023, 12, 15), ["demo-levant"], 13, return_state=True)
    assert f"{state.name}: {state.message}" == "Completed: 2 windows"
    with get_client(sync_client=True) as client:
        left = client.read_artifacts(limit=200)
    bars = [artifact for artifact in left if artifact.flow_run_id == state.state_details.flow_run_id]
    bars = [artifact for artifact in bars if artifact.key == "backfill-progress"]
    assert [(bar.type, bar.data) for bar in bars] == [("progress", 100.0)]
    assert "window 2 of 2 (2023-12-03 to 2023-12-15)" in str(bars[0].description)
    runs = [str(artifact.flow_run_id) for artifact in left if artifact.key == "funnel"]
    assert len(set(runs)) >= 2, "a window's funnel stands on its own page"
    assert (Settings().metrics_path.read_text()).count('origin="backfill"') > 3
