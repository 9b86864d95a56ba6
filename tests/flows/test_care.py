"""The commands that take care of the warehouse, typed as a person types them, over a copy of the demo's."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from schemas.settings import Settings
from tasks.warehouse.store.connect import open_reader, open_writer
from tests.flows.conftest import Demo


@pytest.fixture
def house(demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy of the demo's warehouse as that of the machine."""
    for part in ("ledger", "captures"):
        shutil.copytree(demo.settings.data_dir / part, tmp_path / part)
    for part in ("warehouse.duckdb", "published.duckdb"):
        shutil.copyfile(demo.settings.data_dir / part, tmp_path / part)
    monkeypatch.setenv("FIRSTDRAFT_DATA_DIR", str(tmp_path))
    return Settings(data_dir=tmp_path)


def typed(*words: str) -> str:
    shown = CliRunner().invoke(app, list(words))
    assert shown.exit_code == 0, (shown.output, shown.exception)
    return shown.output


def test_changes_since_the_first_visit_are_those_of_the_correction(house: Settings) -> None:
    with open_reader(house) as con:
        first, last = (run for (run,) in con.execute("SELECT run_id FROM runs ORDER BY started_at LIMIT 2").fetchall())
    (change,) = json.loads(typed("changes", "--since", first, "--json"))
    assert (change["change"], change["run_id"]) == ("changed", last)
    assert "corrected" in change["why"]
    assert "killed_best" in change["fields"]
    assert typed("changes", "--since", first, "--csv").splitlines()[0].startswith("event_id,change,why")
    assert json.loads(typed("changes", "--since", last, "--json")) == []
    # What the words on standard error say is for people.
    shown = CliRunner().invoke(app, ["sql", "SELECT sum(killed_best) AS n FROM events", "--as-of", first, "--json"])
    then = json.loads(shown.stdout)
    now = json.loads(typed("sql", "SELECT sum(killed_best) AS n FROM events", "--json"))
    assert then[0]["n"] == now[0]["n"] - 2, "12 dead became 14"


def test_compact_says_what_it_gave_back(house: Settings) -> None:
    with open_writer(house) as con:
        con.execute("CREATE TABLE room AS SELECT sha256(n::VARCHAR) AS x FROM range(200000) r(n)").fetchall()
        con.execute("CHECKPOINT").fetchall()
        con.execute("DROP TABLE room").fetchall()
    done = json.loads(typed("compact", "--json"))
    assert done["after"] == house.warehouse_path.stat().st_size < done["before"] - 4_000_000
    assert house.published_path.stat().st_size < done["before"], "readers have it too"


def test_what_is_held_back_is_said_and_can_be_accepted(house: Settings) -> None:
    with open_writer(house) as con:
        con.execute(
            "UPDATE publications SET state = 'held', reason = 'events is 3, 1% of 300 last published'"
        ).fetchall()
    before = house.published_path.stat().st_ino
    assert "readers keep the old snapshot: events is 3" in typed("report")
    assert house.published_path.stat().st_ino == before
    assert "readers keep" not in typed("report", "--publish-anyway")
    assert house.published_path.stat().st_ino != before
    with open_reader(house) as con:
        states = con.execute(
            "SELECT p.state FROM publications p JOIN runs r USING (run_id) ORDER BY r.started_at DESC"
        ).fetchall()
    assert states[0] == ("accepted",)


def test_suppressing_reaches_readers_at_once(house: Settings) -> None:
    typed("suppress", "https://north.firstdraft.test/2023/12/x/", "--reason", "an order")
    with open_reader(house) as con:
        assert con.execute("SELECT reason FROM suppressions").fetchall() == [("an order",)]


def test_of_many_events_the_latest_are_listed_and_it_says_so(house: Settings) -> None:
    asked = CliRunner().invoke(app, ["events", "--limit", "1", "--json"])
    with open_reader(house) as con:
        (latest, there), *_ = con.execute(
            "SELECT event_id, count(*) OVER () FROM events ORDER BY date_start DESC NULLS LAST, event_id"
        ).fetchall()
    assert [event["event_id"] for event in json.loads(asked.stdout)] == [latest]
    assert f"the latest 1 of {there} events" in asked.stderr
    assert len(json.loads(typed("events", "--limit", "0", "--json"))) == there > 1


def test_no_site_is_begun_where_none_is_wanted(house: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTDRAFT_SITE", "false")
    files = json.loads(typed("report", "--json"))["files"]
    assert any(path.endswith("manifest.json") for path in files)
    assert not house.site_dir.exists()
    house.site_dir.mkdir()
    assert json.loads(typed("report", "--json"))["files"][-1].endswith("index.html"), "one that is there is kept up"


def test_people_decide_about_events_and_take_it_back(house: Settings) -> None:
    def standing() -> set[str]:
        with open_writer(house) as con:
            return {event_id for (event_id,) in con.execute("SELECT event_id FROM events").fetchall()}

    before = standing()
    one, other, third = sorted(before)[:3]
    merged = json.loads(typed("events", "merge", one, other, "--reason", "one raid", "--later", "--json"))
    json.loads(typed("events", "retract", third, "--reason", "a drill", "--json"))
    after = standing()
    assert third not in after
    assert len(after & {one, other}) == 1
    typed("events", "undo", merged["override_id"])
    assert standing() == before - {third}
    assert {row["decision"] for row in json.loads(typed("events", "overrides", "--json"))} == {"merge", "retract"}
