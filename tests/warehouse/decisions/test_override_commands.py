"""The commands that decide about events: kept in table and ledger, listed, taken back, there again after a rebuild."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from flows.cli.read import events_app
from schemas.errors import UnknownIdError
from schemas.ledger import Wrote
from schemas.settings import Settings
from tasks.ledger.append import ledger_for
from tasks.ledger.past import past_runs
from tasks.warehouse.care import replaying
from tasks.warehouse.resolve import matching
from tasks.warehouse.store.connect import open_writer
from tests.warehouse.resolve.test_resolve import HERE, THERE, events, night


@pytest.fixture
def of_two(made: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A warehouse of two events, which the commands look into."""
    monkeypatch.setenv("FIRSTDRAFT_DATA_DIR", str(made.data_dir))
    with open_writer(made) as con:
        night(con, 0, [HERE, THERE])
    return made


def run(*words: str) -> str:
    found = CliRunner().invoke(events_app, list(words), catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return str(found.stdout)


def test_a_decision_is_kept_listed_told_to_the_ledger_and_taken_back(of_two: Settings) -> None:
    with open_writer(of_two) as con:
        one, other = events(con)
    told = json.loads(run("merge", one, other, "--reason", "one raid", "--later", "--json"))
    (listed,) = json.loads(run("overrides", "--json"))
    assert (told["override_id"], told["run_id"]) == (listed["override_id"], None)
    assert (listed["decision"], listed["reason"], listed["undone"]) == ("merge", "one raid", False)
    with open_writer(of_two) as con:
        night(con, 1, [])
        assert len(events(con)) == 1
    run("undo", listed["override_id"], "--later")
    with open_writer(of_two) as con:
        night(con, 2, [])
        assert set(events(con)) == {one, other}
        told = [past for past in past_runs(ledger_for(of_two).folder) if isinstance(past, Wrote)]
        assert [past.table for past in told] == ["event_overrides"] * 2
        before = matching.overrides(con)
        con.execute("DELETE FROM event_overrides").fetchall()
        for past in told:
            replaying.write_again(con, past.table, past.rows, removed=past.removed)
        assert matching.overrides(con) == before


def test_a_decision_needs_a_reason_and_an_event_that_stands(of_two: Settings) -> None:
    refused = CliRunner().invoke(events_app, ["retract", "evt_x", "--later"])
    assert refused.exit_code == 2
    with pytest.raises(UnknownIdError):
        CliRunner().invoke(events_app, ["retract", "evt_x", "--reason", "x", "--later"], catch_exceptions=False)


def test_what_was_decided_is_said_so_that_nobody_reads_its_opposite(of_two: Settings) -> None:
    with open_writer(of_two) as con:
        one, other = events(con)
    of_two.exports_dir.mkdir(parents=True)
    found = CliRunner().invoke(events_app, ["retract", one, "--reason", "a drill", "--later"], catch_exceptions=False)
    override = found.stdout.split()[-1]
    assert found.stdout == f"{one} is retracted; to take it back: firstdraft events undo {override}\n"
    assert "exports and site show it after the next run, or `firstdraft report` now" in found.stderr
    assert run("undo", override, "--later") == f"taken back ({override}): {one} is retracted\n"
    assert f"{one} and {other} are one event" in run("merge", one, other, "--reason", "one raid", "--later")


_DECIDING = """
import json, sys
from typer.testing import CliRunner
from flows.cli import app

def run(*words):
    done = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)

one, other, mention, page = sys.argv[1:]
run("events", "undo", run("events", "merge", one, other, "--reason", "one raid")["override_id"])
run("events", "retract", other, "--reason", "a drill")
CliRunner().invoke(app, ["suppress", page, "--reason", "an order"], catch_exceptions=False)
CliRunner().invoke(app, ["review", mention, "--accept", "--by", "ada"], catch_exceptions=False)
print([name for name in ("prefect", "spacy", "scipy") if name in sys.modules])
"""


def test_who_decides_waits_for_no_import_of_prefect_or_of_the_readers(of_two: Settings) -> None:
    with open_writer(of_two) as con:
        one, other = events(con)
        ((mention,),) = con.execute("SELECT mention_id FROM event_links WHERE event_id = ?", [one]).fetchall()
    words = [sys.executable, "-c", _DECIDING, one, other, mention, "https://north.test/a"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stderr[-2000:]
    with open_writer(of_two) as con:
        assert events(con).keys() == {one}
        kept = con.execute("SELECT (SELECT count(*) FROM suppressions), (SELECT count(*) FROM reviews)").fetchall()
    assert kept == [(1, 1)]
