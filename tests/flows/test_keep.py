"""What was kept is whole and makes the warehouse again: the commands, over the demo. Kills: tests/warehouse/proofs."""

import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from flows.cli import care
from schemas.errors import LedgerError
from schemas.ledger import Wrote
from schemas.settings import Settings
from tasks.care.verify import verify
from tasks.ledger.append import ledger_for
from tasks.warehouse.care.checks import state_hash
from tasks.warehouse.store.connect import open_writer
from tests.flows.conftest import Demo


@pytest.fixture
def house(demo: Demo, tmp_path: Path) -> Settings:
    """A copy of the demo's folder."""
    for part in ("captures", "ledger"):
        shutil.copytree(demo.settings.data_dir / part, tmp_path / part)
    shutil.copyfile(demo.settings.warehouse_path, tmp_path / "warehouse.duckdb")
    return demo.settings.model_copy(update={"data_dir": tmp_path})


def state(settings: Settings) -> str:
    with open_writer(settings) as con:
        return state_hash(con)


def runs(settings: Settings) -> int:
    with open_writer(settings) as con:
        return int(con.execute("SELECT count(*) FROM runs").fetchall()[0][0])


def test_the_demo_is_whole(demo: Demo) -> None:
    found = verify(demo.settings)
    assert found.findings == ()
    # Another test may have visited again: what must hold is that every run there was is accounted for.
    assert (found.runs, found.batches) == (runs(demo.settings), 4 * runs(demo.settings))
    app = typer.Typer()
    app.command()(care.verify)
    app.command()(care.rebuild)
    told = CliRunner().invoke(app, ["verify", "--demo", "--json"], env={"FIRSTDRAFT_DATA_DIR": _data_dir(demo)})
    assert told.exit_code == 0, told.output
    assert '"whole": true' in told.output


def test_the_warehouse_is_made_again_in_the_same_state(house: Settings) -> None:
    from flows.rebuild import rebuild_from  # noqa: PLC0415

    before, made = state(house), runs(house)
    house.warehouse_path.write_bytes(b"no database")
    # The first visit's: the later ones met nothing new there, so their files hold feeds and robots.txt only.
    damaged = max(house.captures_dir.rglob("demo-sham-*.warc.gz"), key=lambda file: file.stat().st_size)
    kept = damaged.read_bytes()
    done = rebuild_from(house)
    assert (done.same, done.state_hash, done.findings, done.runs) == (True, before, (), made)
    assert done.kept is not None
    assert done.kept.read_bytes() == b"no database"
    assert verify(house).findings == ()
    assert state(house) == before

    damaged.write_bytes(kept[: len(kept) // 2])
    other = rebuild_from(house, house.data_dir / "other.duckdb")
    lost = [finding for finding in other.findings if finding.what == "capture_damaged"]
    assert lost
    assert all(finding.url and finding.capture_id for finding in lost)
    assert other.same is False
    assert state(house) == before, "the warehouse itself was not touched"


def test_what_a_killed_command_told_the_ledger_only_is_completed_by_the_next_run(house: Settings) -> None:
    from tasks.care.resume import find_interrupted  # noqa: PLC0415

    row: dict[str, object] = {
        "kind": "url",
        "value": "https://e.org/a",
        "reason": "x",
        "suppressed_at": "2024-03-06T12:00Z",
    }
    ledger_for(house).append(Wrote("suppressions", (row,)))
    for _ in range(2):
        assert find_interrupted(house) == ()
        with open_writer(house) as con:
            assert con.execute("SELECT value FROM suppressions").fetchall() == [("https://e.org/a",)]
    ledger_for(house).append(Wrote("suppressions", (row,), removed=True))
    find_interrupted(house)
    with open_writer(house) as con:
        assert con.execute("SELECT value FROM suppressions").fetchall() == []


def test_a_run_on_a_warehouse_older_than_the_ledger_is_refused(house: Settings) -> None:
    from tasks.care.resume import find_interrupted  # noqa: PLC0415

    house.warehouse_path.unlink()
    with pytest.raises(LedgerError, match="firstdraft rebuild"):
        find_interrupted(house)


def _data_dir(demo: Demo) -> str:
    return str(demo.settings.data_dir.parent)
