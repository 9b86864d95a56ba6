"""A person corrects a toll on the command line: the event changes, trace tells who, and a rebuild keeps it."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from schemas.settings import Settings
from tasks.warehouse.care.checks import state_hash
from tasks.warehouse.store.connect import open_writer
from tasks.warehouse.store.queries import rows_of
from tests.flows.conftest import Demo


@pytest.fixture
def house(demo: Demo, tmp_path: Path) -> Settings:
    """A copy of the demo's folder."""
    folder = tmp_path / "demo"
    for part in ("captures", "ledger"):
        shutil.copytree(demo.settings.data_dir / part, folder / part)
    shutil.copyfile(demo.settings.warehouse_path, folder / "warehouse.duckdb")
    return demo.settings.model_copy(update={"data_dir": folder})


def firstdraft(house: Settings, *words: str, answers: str = "") -> Result:
    """The command line over that folder."""
    from flows.cli import app  # noqa: PLC0415

    environment = {"FIRSTDRAFT_DATA_DIR": str(house.data_dir.parent)}
    done = CliRunner().invoke(app, [*words, "--demo"], env=environment, input=answers, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def event_of(house: Settings) -> dict[str, object]:
    """An event with a toll that one mention alone tells of, and that mention."""
    with open_writer(house) as con:
        rows = rows_of(
            con,
            """SELECT e.event_id, e.killed_best, any_value(l.mention_id) AS mention_id
               FROM events e JOIN event_links l USING (event_id)
               WHERE e.killed_best > 0 AND e.killed_low = e.killed_high
               GROUP BY ALL HAVING count(*) = 1 ORDER BY e.event_id LIMIT 1""",
        )
    return dict(rows[0])


def killed(house: Settings, event_id: object) -> tuple[object, ...]:
    with open_writer(house) as con:
        rows = con.execute("SELECT killed_low, killed_best, killed_high FROM events WHERE event_id = ?", [event_id])
        return tuple(rows.fetchall()[0])


def test_a_verdict_reaches_event_trace_evaluation_and_rebuild(house: Settings) -> None:
    from flows.rebuild import rebuild_from  # noqa: PLC0415

    event = event_of(house)
    event_id, mention_id = str(event["event_id"]), str(event["mention_id"])
    shown = firstdraft(house, "review", mention_id).output
    assert ">> " in shown
    assert f"killed     {event['killed_best']}" in shown
    done = firstdraft(house, "review", mention_id, "--set", "killed=41", "--note", "seen twice", "--by", "ada")
    assert "killed: 41" in done.output
    assert killed(house, event_id) == (41, 41, 41)
    told = firstdraft(house, "trace", event_id).output
    assert f"correct (killed: 41, was {event['killed_best']}) by ada on" in told
    assert ": seen twice" in told
    listed = json.loads(firstdraft(house, "review", "--list", "--json").output)
    assert [(r["mention_id"], r["field"], r["value"], r["mentions"]) for r in listed] == [
        (mention_id, "killed", "41", 1)
    ]

    with open_writer(house) as con:
        before = state_hash(con)
    house.warehouse_path.unlink()
    rebuilt = rebuild_from(house)
    assert (rebuilt.same, rebuilt.state_hash, rebuilt.findings) == (True, before, ())
    assert killed(house, event_id) == (41, 41, 41)

    firstdraft(house, "review", mention_id, "--undo")
    assert killed(house, event_id)[1] == event["killed_best"]


def test_mentions_are_judged_one_by_one(house: Settings) -> None:
    answers = "\n".join(["c", "killed=many", "killed=7", "", "n", "s", "r", "an exercise", "x", "a", "q"]) + "\n"
    done = firstdraft(house, "review", "--below", "1.01", "--limit", "5", "--by", "ada", "--later", answers=answers)
    assert "5 of 5" in done.output
    listed = json.loads(firstdraft(house, "review", "--list", "--json").output)
    assert sorted((r["field"], r["verdict"], r["note"]) for r in listed) == [
        ("", "accept", ""),
        ("", "reject", "an exercise"),
        ("killed", "correct", ""),
    ]
    waiting = json.loads(firstdraft(house, "review", "--below", "1.01", "--limit", "100", "--json").output)
    judged = {r["mention_id"] for r in listed}
    assert judged.isdisjoint(w["mention_id"] for w in waiting if w["mention_id"] not in judged)
    assert not {r["mention_id"] for r in listed if not r["field"]} & {w["mention_id"] for w in waiting}
