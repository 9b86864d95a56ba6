"""The doctor over a warehouse there is: it names what is wrong, changes nothing, and ends with the right code."""

import json
import shutil
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from flows.cli import app
from schemas.errors import SeedError, ServiceError, WarehouseDamagedError
from schemas.health import Check, Level
from schemas.ledger import RunOpened
from schemas.settings import Settings
from tasks.care.doctor import examine
from tasks.ledger.append import Ledger
from tasks.service.instance import sole_service
from tasks.warehouse.store.connect import hold_lock, open_reader, open_writer
from tests.warehouse.build import a_run, a_source

#: The run of the warehouse was closed when it was made, a moment ago.
NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def _no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)


@pytest.fixture
def house(filled: Settings, tmp_path: Path) -> Settings:
    """A folder of one's own with a warehouse in it, and a ledger of one line."""
    settings = Settings(data_dir=tmp_path / "data", contact_email="desk@example.org")
    settings.data_dir.mkdir()
    for path in (settings.warehouse_path, settings.published_path):
        shutil.copyfile(filled.warehouse_path, path)
    return settings


def looked(settings: Settings, now: datetime = NOW) -> dict[str, Check]:
    return {check.name: check for check in examine(settings, now)}


def test_all_that_is_looked_at_is_named_and_nothing_is_written(house: Settings) -> None:
    before = sorted(path.name for path in house.data_dir.iterdir())
    found = looked(house)
    assert list(found) == [
        *("versions", "settings", "permissions", "disk", "clock", "contact", "sources", "reader"),
        *("lock", "warehouse", "ledger", "last run", "unread pages", "schedule"),
    ]
    assert {check.level for check in found.values()} <= {Level.OK, Level.WARNING}
    assert found["last run"].told.startswith("nightly, ")
    assert found["schedule"].level is Level.WARNING
    assert sorted(path.name for path in house.data_dir.iterdir()) == before


def test_a_damaged_warehouse_is_named_with_the_way_back(house: Settings) -> None:
    assert looked(house)["warehouse"].told == "every row of it and of its snapshot can be read"
    flip(house.published_path)
    found = looked(house)["warehouse"]
    assert (found.level, "published.duckdb is damaged" in found.told) == (Level.FAILED, True)
    assert "firstdraft report" in found.advice
    flip(house.warehouse_path)
    found = looked(house)["warehouse"]
    assert (found.level, "warehouse.duckdb is damaged" in found.told) == (Level.FAILED, True)
    assert "firstdraft rebuild" in found.advice


def flip(file: Path) -> None:
    """Bytes changed all through the file, its head left alone."""
    raw = bytearray(file.read_bytes())
    for place in range(20_000, len(raw), 30_000):
        raw[place] ^= 0xFF
    file.write_bytes(raw)


def test_a_damaged_warehouse_is_told_in_a_sentence_by_whoever_opens_it(house: Settings) -> None:
    flip(house.warehouse_path)
    with pytest.raises(
        WarehouseDamagedError, match=r"warehouse\.duckdb is damaged \(.*\): .*firstdraft rebuild"
    ) as told:
        read_all(open_writer(house))
    assert "\n" not in str(told.value)
    flip(house.published_path)
    with pytest.raises(WarehouseDamagedError, match=r"published\.duckdb is damaged .*firstdraft report"):
        read_all(open_reader(house))


def read_all(opened: AbstractContextManager[duckdb.DuckDBPyConnection]) -> None:
    with opened as con:
        for (name,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal").fetchall():
            con.execute(f'SELECT bit_xor(hash(t)) FROM "{name}" t').fetchall()


def test_what_a_quick_look_did_not_look_at_is_said(house: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTDRAFT_DATA_DIR", str(house.data_dir))
    quick = CliRunner().invoke(app, ["verify", "--quick"]).output
    assert "Not looked at: the bytes of pages" in quick
    assert not quick.rstrip().endswith(": whole")
    assert "Not looked at" not in CliRunner().invoke(app, ["verify"]).output


def test_commands_refuse_at_once_what_cannot_go_well(house: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before Prefect is imported."""
    monkeypatch.setenv("FIRSTDRAFT_DATA_DIR", str(house.data_dir))
    for words in (["run"], ["reprocess", "--from", "2023-11-01", "--to", "2023-11-02"]):
        with pytest.raises(SeedError, match="no source nope"):
            CliRunner().invoke(app, [*words, "--source", "nope"], catch_exceptions=False)
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    with pytest.raises(ServiceError, match=r"no Prefect server answers at .*unset PREFECT_API_URL"):
        CliRunner().invoke(app, ["run"], catch_exceptions=False)


def test_a_night_that_did_not_come_is_a_failure(house: Settings) -> None:
    found = looked(house, NOW + timedelta(days=3, hours=1))
    assert (found["last run"].level, "3 days ago" in found["last run"].told) == (Level.FAILED, True)


def test_a_clock_before_the_last_run_is_a_failure(house: Settings) -> None:
    found = looked(house, NOW - timedelta(days=3))["clock"]
    assert (found.level, "ended at" in found.told) == (Level.FAILED, True)


def test_whoever_writes_is_named(house: Settings) -> None:
    with hold_lock(house):
        found = looked(house)
    assert "process" in found["lock"].told
    assert found["ledger"].told == "a run is writing it"


def test_a_ledger_that_lost_its_end_is_a_failure(house: Settings) -> None:
    ledger = Ledger(house.ledger_dir, 1 << 20)
    for number in range(2):
        ledger.append(RunOpened(a_run(number), (a_source(),)))
    ledger.sync()
    ledger.close()
    assert looked(house)["ledger"].level is Level.WARNING, "a run without an end"
    file = house.ledger_dir / "000001.jsonl"
    file.write_bytes(file.read_bytes().splitlines(keepends=True)[0])
    found = looked(house)["ledger"]
    assert (found.level, "line 2" in found.told, "verify" in found.advice) == (Level.FAILED, True, True)


def test_a_server_that_nobody_reaches_is_told_kindly(house: Settings) -> None:
    with sole_service(house.data_dir, "http://127.0.0.1:9/api"):
        found = looked(house)["schedule"]
    assert found.level is Level.FAILED
    assert found.told == "there is no answer from 127.0.0.1:9 (ConnectionError)"
    assert "firstdraft serve" in found.advice


def test_sources_that_cannot_be_read_fail_one_check_and_no_more(house: Settings) -> None:
    found = looked(house.model_copy(update={"sources_file": house.data_dir / "none.yml"}))
    assert found["sources"].level is Level.FAILED
    assert len(found) == 14


def test_a_model_is_looked_at_where_one_is_asked(house: Settings) -> None:
    asked = house.model_copy(update={"llm": "all", "llm_model": "qwen3"})
    found = looked(asked)["model"]
    assert (found.level, "FIRSTDRAFT_LLM_URL" in found.told) == (Level.FAILED, True)
    pytest.importorskip("openai", reason="an extra")
    near = asked.model_copy(update={"llm_url": "http://127.0.0.1:9/v1"})
    assert looked(near)["model"].level is Level.OK, "it is looked at, and not asked"


@pytest.mark.parametrize(("days", "code"), [(0, 0), (400, 1)])
def test_the_command_ends_with_the_right_code(
    house: Settings, days: int, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return NOW + timedelta(days=days)

    monkeypatch.setattr("tasks.care.doctor.datetime", Later)
    monkeypatch.setenv("FIRSTDRAFT_DATA_DIR", str(house.data_dir))
    told = CliRunner().invoke(app, ["doctor", "--json"])
    checks = json.loads(told.stdout)
    assert told.exit_code == code, told.stdout
    assert all(check["advice"] for check in checks if check["level"] != "ok")
    shown = CliRunner().invoke(app, ["doctor"])
    assert shown.exit_code == code
    assert "14 checks: " in shown.stdout
