"""Past days and stored pages: backfills that go on where they stopped, from sites and archives; reprocessing."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from schemas.backfill import Archives, DatedBy, Holding, WarcFile
from schemas.link import FoundIn, Link
from schemas.settings import DEMO_SOURCES, Settings
from tasks.demo.server import DemoSite, serve_demo
from tasks.warehouse.care.checks import state_hash
from tasks.warehouse.publish.sql import answer
from tasks.warehouse.store.connect import open_reader
from tasks.web.imports.warc_index import WarcIndex
from tasks.web.imports.warcs import FileSurvey

FIRST, LAST = date(2023, 11, 20), date(2023, 12, 15)
SOURCES = ["demo-levant", "demo-north"]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DemoSite]:
    """The demo site, and settings in the environment that reach it, as a worker would have them."""
    with serve_demo() as served:
        monkeypatch.setenv("FIRSTDRAFT_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("FIRSTDRAFT_SOURCES_FILE", str(DEMO_SOURCES))
        monkeypatch.setenv("FIRSTDRAFT_ALLOW_LOOPBACK", "true")
        monkeypatch.setenv("FIRSTDRAFT_CONNECT_TO", json.dumps(served.connect_to))
        yield served


def ask(query: str) -> list[dict[str, object]]:
    with open_reader(Settings()) as con:
        return answer(con, query).records()


def state() -> str:
    with open_reader(Settings()) as con:
        return state_hash(con)


def test_a_backfill_goes_window_by_window_and_does_none_twice(site: DemoSite) -> None:
    from flows.backfill import backfill, plan_backfill  # noqa: PLC0415 - the environment comes first

    plan = plan_backfill(FIRST, LAST, SOURCES, 13, Archives())
    assert [window.links > 0 for window in plan.windows] == [True, True]
    assert not [request for request in site.requests if request.path.startswith("/2023/")], "a plan fetches no page"

    halves = backfill(FIRST, date(2023, 12, 2), SOURCES, 13)
    both = backfill(FIRST, LAST, SOURCES, 13)
    assert [summary.run.window.start for summary in (*halves, *both)] == [FIRST, date(2023, 12, 3)]
    assert all(summary.outcomes["rejected"] for summary in both), "what lies outside the window is accounted for"
    pages = Counter(request.path for request in site.requests if request.path.startswith("/2023/"))
    assert set(pages.values()) == {1}

    asked = len(site.requests)
    assert backfill(FIRST, LAST, SOURCES, 5) == (), "whatever the windows, the days are done"
    assert len(site.requests) == asked
    ours = Settings().captures_dir
    _take_over_what_was_kept(ours)
    _reprocess()
    assert len(site.requests) == asked


def _take_over_what_was_kept(captures: Path) -> None:
    """Our own WARC files as if they were somebody else's, into an empty warehouse: the same articles and events."""
    from flows.backfill import backfill  # noqa: PLC0415

    before = ask("SELECT canonical_url, count(*) AS n FROM articles GROUP BY ALL ORDER BY ALL")
    events = ask("SELECT event_id FROM events ORDER BY ALL")
    day = datetime.now(UTC).date()
    first, last = day - timedelta(days=1), day
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIRSTDRAFT_DATA_DIR", str(captures.parent / "other"))
        (published,) = backfill(FIRST, date(2023, 12, 2), SOURCES, from_warc=[captures], dated_by=DatedBy.PUBLICATION)
        assert published.reasons["rejected:out_of_window"] > 0
        assert published.outcomes["stored"] > 0
        (summary,) = backfill(first, last, SOURCES, from_warc=[captures])
        assert summary.reasons["unchanged:same_bytes"] >= published.outcomes["stored"]
        assert summary.discovered == sum(summary.outcomes.values()) > 10
        assert ask("SELECT canonical_url, count(*) AS n FROM articles GROUP BY ALL ORDER BY ALL") == before
        assert ask("SELECT event_id FROM events ORDER BY ALL") == events
        (row,) = ask(
            """SELECT count(*) AS n, count(archive_record) AS recorded, count_if(archive_check LIKE '%agrees') AS agree,
                count_if(archived_at < captured_at) AS earlier FROM captures"""
        )
        assert row["n"] == row["recorded"] == row["agree"] == row["earlier"]
        assert backfill(first, last, SOURCES, from_warc=[captures]) == ()


def _reprocess() -> None:
    """Nothing changes where the code is the same; what is not as it was is told."""
    from flows.reprocess import reprocess  # noqa: PLC0415
    from tasks.warehouse.publish.snapshot import publish  # noqa: PLC0415
    from tasks.warehouse.store.connect import open_writer  # noqa: PLC0415

    before, today = state(), datetime.now(UTC).date()
    again = reprocess(today, today, SOURCES)
    assert again.discovered > 10
    assert again.rows_changed == 0
    assert state() == before
    assert ask("FROM reprocess_changes") == []

    with open_writer(Settings()) as con:
        con.execute("UPDATE mentions SET killed_best = 99 WHERE killed_best = 16")
        con.execute("UPDATE article_versions SET authors = ['Somebody Else']")
    publish(Settings())
    told = CliRunner().invoke(app, ["reprocess", "--source", "demo-north", "--source", "demo-levant", "--json"])
    assert told.exit_code == 0, told.output
    changed = json.loads(told.stdout)
    assert changed["changed"]["articles"].keys() == {"authors"}
    tolls = [c for c in changed["changes"] if c["field"] == "killed_best" and c["subject"] == "mention"]
    assert {(toll["old_value"], toll["new_value"]) for toll in tolls} == {("99", "16")}
    assert state() == before
    unknown = CliRunner().invoke(app, ["reprocess", "--version", "nobody=1"])
    assert "trafilatura=" in str(unknown.exception)


@pytest.mark.long
def test_a_backfill_killed_on_the_way_asks_for_no_page_twice(
    site: DemoSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "sources.yml"
    slow.write_text(DEMO_SOURCES.read_text(encoding="utf-8").replace("delay_seconds: 0", "delay_seconds: 0.3"))
    monkeypatch.setenv("FIRSTDRAFT_SOURCES_FILE", str(slow))
    command = [sys.executable, "-m", "flows.cli", "backfill", "--from", str(FIRST), "--to", str(LAST)]
    command += ["--window-days", "13", "--source", "demo-north"]
    home = {"PREFECT_HOME": str(tmp_path / "prefect"), "PREFECT_SERVER_EPHEMERAL_ENABLED": "true"}
    environment = os.environ | home
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert any(b"window 1 of 2" in line for line in process.stderr)
        before = len(pages_of(site))
        while len(pages_of(site)) < before + 2:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.02)
                break
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    first = len(pages_of(site))
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    assert len(pages_of(site)) > first
    assert set(Counter(pages_of(site)).values()) == {1}
    assert [(row["window_start"], row["state"]) for row in ask("FROM runs ORDER BY started_at")] == [
        (FIRST, "done"),
        (date(2023, 12, 3), "abandoned"),
        (date(2023, 12, 3), "done"),
    ]


def pages_of(site: DemoSite) -> list[str]:
    """The articles asked for so far."""
    return [request.path for request in site.requests if request.path.startswith("/2023/")]


def test_a_shelf_of_any_size_fits_what_prefects_server_takes(tmp_path: Path) -> None:
    """The server takes half a megabyte of a run's parameters; the links of a thousand pages are more."""
    from flows.import_archive import import_archive  # noqa: PLC0415 - Prefect takes seconds to import

    link = Link("north", "http://north.test/x", "http://north.test/x", FoundIn.CAPTURE, "pages.warc.gz")
    file, then = WarcFile(tmp_path, 0, 1), datetime(2024, 5, 1, tzinfo=UTC)
    held = [Holding(link, "pages.warc.gz", str(number), then, None, file, number) for number in range(3000)]
    index = WarcIndex([FileSurvey("pages.warc.gz", held)])
    assert len(index) == 3000
    assert import_archive.serialize_parameters({"index": index}) == {"index": "<WarcIndex>"}
