"""The main job, end to end: the bundled site through the real flow into a real warehouse."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from schemas.settings import Settings
from tasks.warehouse.care.checks import state_hash
from tasks.warehouse.publish.sql import answer
from tasks.warehouse.store.connect import open_reader
from tests.flows.conftest import Demo

CASES = Path(__file__).resolve().parents[1] / "cases"
SEED_URL = "%/syrian-government-forces-end%"


def ask(settings: Settings, query: str) -> list[dict[str, object]]:
    """Rows of the published snapshot."""
    with open_reader(settings) as con:
        return answer(con, query).records()


def case_rows(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_link_ends_in_the_outcome_written_down_for_it(demo: Demo) -> None:
    query = f"SELECT canonical_url AS url, outcome, reason FROM fetches WHERE run_id = '{demo.first.run.run_id}'"
    found = {str(row["url"]): (row["outcome"], row["reason"] or "") for row in ask(demo.settings, query)}
    expected = {row["url"]: (row["outcome"], row["reason"]) for row in case_rows("demo_outcomes.csv")}
    assert found == expected


def test_discovered_is_the_sum_of_the_outcomes(demo: Demo) -> None:
    for summary in (demo.first, demo.second):
        assert summary.discovered == sum(summary.outcomes.values()) > 0
        assert sum(summary.reasons.values()) == summary.discovered - summary.outcomes.get("stored", 0)


def test_the_events_are_those_written_down(demo: Demo) -> None:
    found = ask(
        demo.settings,
        """
        SELECT e.event_type, e.sub_event_type, e.date_start, e.date_end, e.place_name, e.killed_best, e.injured_best,
            (SELECT string_agg(DISTINCT s.family, '|' ORDER BY s.family) FROM event_sources s
             WHERE s.event_id = e.event_id AND s.relation = 'reports') AS families
        FROM events e
        """,
    )
    expected = case_rows("demo_events.csv")
    told = ("event_type", "sub_event_type", "date_start", "date_end", "killed_best", "families")
    assert sorted(tuple(shown(event[key]) for key in told) for event in found) == sorted(
        tuple(row[key] for key in told) for row in expected
    )
    for row in expected:
        (event,) = (e for e in found if shown(e["date_start"]) == row["date_start"] and place_fits(e, row["place"]))
        # "Nobody was hurt" may be read as a toll of nought, or as none told.
        assert (shown(event["injured_best"]) or "0") == (row["injured_best"] or "0"), row


def test_violence_against_civilians_targets_civilians_in_the_acled_shape(demo: Demo) -> None:
    rows = ask(
        demo.settings,
        "SELECT inter2, civilian_targeting FROM acled WHERE event_type = 'Violence against civilians'",
    )
    assert [(row["inter2"], row["civilian_targeting"]) for row in rows] == [(7, "Civilian targeting")]


def shown(value: object) -> str:
    return "" if value is None else str(value)


def place_fits(event: dict[str, object], place: str) -> bool:
    """Whether the event's place is the expected one, as named or as a part of it says."""
    return place.casefold() in str(event["place_name"]).casefold()


def test_the_seed_article_gives_its_three_events(demo: Demo) -> None:
    query = f"""
        SELECT m.* FROM mentions m JOIN articles a ON a.current_version_id = m.version_id
        WHERE a.canonical_url LIKE '{SEED_URL}' AND m.status = 'happened' AND NOT m.aggregate
        ORDER BY m.date_start, m.sub_event_type
    """
    battle, launched, ended = ask(demo.settings, query)
    assert (battle["event_type"], battle["sub_event_type"]) == ("Battles", "Armed clash")
    assert (battle["date_start"], battle["date_end"]) == (date(2023, 11, 26), date(2023, 11, 27))
    assert (battle["killed_best"], battle["injured_best"]) == (16, 27)
    assert launched["date_start"] == date(2023, 12, 4)
    assert ended["date_start"] == date(2023, 12, 10)
    assert "losses" in str(ended["cause"])


@pytest.mark.parametrize(
    ("day", "role", "actor"),
    [
        ("2023-11-26", "initiator", "islamic state"),
        ("2023-12-04", "initiator", "russia"),
        ("2023-12-04", "target", "islamic state"),
        ("2023-12-10", "target", "islamic state"),
        ("2023-12-10", "initiator", "iran"),
        ("2023-12-10", "initiator", "syria"),
    ],
)
def test_the_seed_article_names_who_did_it(demo: Demo, day: str, role: str, actor: str) -> None:
    query = f"""
        SELECT lower(coalesce(x.actor_id, '') || ' ' || coalesce(x.canonical_name, '') || ' ' || x.name) AS actor
        FROM mention_actors x JOIN mentions m USING (mention_id)
        JOIN articles a ON a.current_version_id = m.version_id
        WHERE a.canonical_url LIKE '{SEED_URL}' AND m.status = 'happened' AND NOT m.aggregate
          AND m.date_start = DATE '{day}' AND x.role = '{role}'
    """
    assert any(actor in str(row["actor"]) for row in ask(demo.settings, query))


def test_the_governments_reason_is_kept_as_a_claim_that_the_source_denies(demo: Demo) -> None:
    query = f"""
        SELECT c.speaker, c.stance, c.about, c.quote FROM mention_claims c JOIN mentions m USING (mention_id)
        JOIN articles a ON a.current_version_id = m.version_id
        WHERE a.canonical_url LIKE '{SEED_URL}' AND m.date_start = DATE '2023-12-10'
    """
    claims = ask(demo.settings, query)
    weather = [claim for claim in claims if "weather" in str(claim["quote"])]
    assert {claim["stance"] for claim in weather} == {"asserts", "denies"}


def test_every_quote_stands_where_its_row_says(demo: Demo) -> None:
    for table in ("mention_evidence", "mention_claims"):
        query = f"""
            SELECT count(*) AS n,
              count(*) FILTER (substr(c.text, x.span_start + 1, x.span_end - x.span_start) <> x.quote) AS wrong
            FROM {table} x JOIN mentions m USING (mention_id) JOIN article_versions v USING (version_id)
            JOIN contents c USING (content_sha256)
        """
        (row,) = ask(demo.settings, query)
        assert int(str(row["n"])) > 10, table
        assert row["wrong"] == 0, table


def test_the_second_visit_meets_one_correction_and_nothing_else(demo: Demo) -> None:
    changed = {
        (table, action): n
        for table, actions in demo.second.rows.items()
        for action, n in actions.items()
        if n and action != "unchanged"
    }
    assert changed["article_versions", "inserted"] == 1
    versions = ask(
        demo.settings,
        "SELECT article_id, count(*) AS n FROM article_versions GROUP BY ALL HAVING count(*) > 1",
    )
    assert [row["n"] for row in versions] == [2]
    assert demo.first.events == demo.second.events


def test_a_further_run_changes_no_row(demo: Demo) -> None:
    from flows.demo import run_demo  # noqa: PLC0415

    def state() -> str:
        with open_reader(demo.settings) as con:
            return state_hash(con)

    before = state()
    again = run_demo(demo.settings.model_copy(update={"data_dir": demo.settings.data_dir.parent}))
    assert [summary.rows_changed for summary in again] == [0, 0]
    assert state() == before


def test_a_trace_leads_from_the_event_to_the_bytes(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTDRAFT_DATA_DIR", str(demo.settings.data_dir.parent))
    (event, *_) = ask(demo.settings, "SELECT event_id FROM events WHERE killed_high = 16")
    traced = CliRunner().invoke(app, ["trace", str(event["event_id"]), "--demo"])
    assert traced.exit_code == 0, traced.output
    for word in ("sentence", "|killed]", "version", "sha256", "fetch", "capture", ".warc.gz", "run", "coded by"):
        assert word in traced.output


def test_sql_answers_and_refuses_to_write(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTDRAFT_DATA_DIR", str(demo.settings.data_dir.parent))
    asked = CliRunner().invoke(app, ["sql", "SELECT count(*) AS n FROM acled", "--json", "--demo"])
    assert json.loads(asked.output)[0]["n"] == demo.second.events
    refused = CliRunner().invoke(app, ["sql", "DELETE FROM events", "--demo"])
    assert refused.exit_code != 0


def test_the_exports_are_written(demo: Demo) -> None:
    manifest = json.loads((demo.settings.exports_dir / "manifest.json").read_text(encoding="utf-8"))
    assert {Path(file["path"]).suffix for file in manifest["files"]} == {".csv", ".parquet", ".jsonl", ".geojson"}
    with open_reader(demo.settings) as con:
        ((last,),) = answer(con, "SELECT run_id FROM runs ORDER BY finished_at DESC LIMIT 1").rows
    assert manifest["run"]["run_id"] == last
