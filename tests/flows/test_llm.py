"""A model reads stored pages again: its values are named, its key is nowhere, and a rebuild asks nobody."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from schemas.settings import Settings
from tasks.warehouse.care.checks import state_hash
from tasks.warehouse.store.connect import open_writer
from tasks.warehouse.store.queries import rows_of
from tests.flows.conftest import Demo
from tests.unit.llm.server import SECRET, Given, completion, serving


def killings(request: dict[str, Any]) -> Given:
    """An event for the first sentence with "killed" in it, and one in a place no sentence names."""
    article = json.loads(request["messages"][-1]["content"])
    told = next((s for s in article["sentences"] if " killed " in s["text"]), None)
    if told is None:
        return completion('{"events": []}')
    event: dict[str, Any] = dict.fromkeys(("date", "place", "killed", "injured", "detained", "displaced"))
    at = {"sentence": told["sentence"], "quote": "killed"}
    event |= {"trigger": at, "sub_event_type": "Attack", "status": "happened", "initiators": [], "targets": []}
    event["place"] = {"sentence": told["sentence"], "quote": "Atlantis"}
    return completion(json.dumps({"events": [event]}))


@pytest.fixture
def house(demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy of the demo's folder, and an environment that names it."""
    for part in ("captures", "ledger"):
        shutil.copytree(demo.settings.data_dir / part, tmp_path / part)
    shutil.copyfile(demo.settings.warehouse_path, tmp_path / "warehouse.duckdb")
    settings = demo.settings.model_copy(update={"data_dir": tmp_path})
    monkeypatch.setenv("FIRSTDRAFT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("FIRSTDRAFT_SOURCES_FILE", str(settings.sources_file))
    monkeypatch.setenv("FIRSTDRAFT_LLM_KEY", SECRET)
    return settings


def mentions(house: Settings) -> list[dict[str, Any]]:
    asked = """SELECT coder, trigger_start, evidence
        FROM articles a JOIN mentions m ON m.version_id = a.current_version_id,
        LATERAL (SELECT list(e.field || ' ' || e.coder ORDER BY number) AS evidence
                 FROM mention_evidence e WHERE e.mention_id = m.mention_id) ORDER BY m.mention_id"""
    with open_writer(house) as con:
        return rows_of(con, asked)


def test_replies_are_replayed_by_reprocess_and_rebuild(
    house: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from flows.rebuild import rebuild_from  # noqa: PLC0415
    from flows.reprocess import reprocess  # noqa: PLC0415

    before = mentions(house)
    with serving(answer=killings) as model:
        for name, value in {"LLM": "all", "LLM_URL": model.url, "LLM_MODEL": "a-model"}.items():
            monkeypatch.setenv(f"FIRSTDRAFT_{name}", value)
        reprocess()
        asked = len(model.requests)
        with open_writer(house) as con:
            replies = rows_of(con, "FROM llm_replies WHERE model = 'a-model'")
            refusals = rows_of(con, "FROM llm_refusals")
    after = mentions(house)
    assert asked > 5
    assert {row["outcome"] for row in replies} == {"answered"}
    assert {row["coder"] for row in after} == {"llm:a-model"}
    assert after != before
    assert {(row["field"], row["quote"], row["reason"]) for row in refusals} == {
        ("place", "Atlantis", "not_in_sentence")
    }
    # The server is gone: what it said is at hand.
    reprocess()
    assert mentions(house) == after
    with open_writer(house) as con:
        assert con.execute("SELECT bool_and(cached) FROM llm_replies WHERE attempts = 0").fetchall() == [(True,)]
        state = state_hash(con)

    shutil.rmtree(house.llm_cache_dir)
    monkeypatch.setenv("FIRSTDRAFT_LLM", "off")
    house.warehouse_path.unlink()
    rebuilt = rebuild_from(house)
    assert mentions(house) == after
    assert (rebuilt.same, rebuilt.state_hash) == (True, state)
    # Neither the folder nor Prefect's own database has the key.
    homes = [house.data_dir, tmp_path_factory.getbasetemp()]
    files = {file for home in homes for file in home.rglob("*") if file.is_file()}
    assert [str(file) for file in files if SECRET.encode() in file.read_bytes()] == []
