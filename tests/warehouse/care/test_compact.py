"""The warehouse written anew: smaller, the same, and never half."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from schemas.errors import WarehouseError, WarehouseLockedError
from schemas.settings import Settings
from tasks.warehouse.care.checks import state_hash
from tasks.warehouse.care.compact import _differing, compact, write_copy
from tasks.warehouse.publish import snapshot
from tasks.warehouse.publish.snapshot import publish
from tasks.warehouse.store.connect import open_writer
from tests.warehouse.store.test_connect import HOLDER, ROOT, line_of, other_process

PHRASE = "a phrase that stands in no other file"
ALL_COMMENTS = "SELECT table_name, column_name, comment FROM duckdb_columns() ORDER BY ALL"
DYING = """
import os, signal, sys
from pathlib import Path
from schemas.settings import Settings
from tasks.warehouse.care import compact
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
setattr(compact, sys.argv[2], die)
compact.compact(Settings(data_dir=Path(sys.argv[1])))
"""


def state(settings: Settings) -> str:
    with open_writer(settings) as con:
        return state_hash(con)


@pytest.fixture
def loose(made: Settings) -> Settings:
    """A warehouse of which most was deleted."""
    with open_writer(made) as con:
        con.execute("INSERT INTO contents SELECT sha256(n::VARCHAR), sha256('t' || n), '' FROM range(50000) r(n)")
        con.execute("INSERT INTO contents VALUES ('sha 7', 'title', 'stays')").fetchall()
        con.execute("CHECKPOINT").fetchall()
        con.execute("DELETE FROM contents WHERE content_sha256 <> 'sha 7'").fetchall()
    return made


def test_it_shrinks_and_holds_the_same(loose: Settings) -> None:
    before = state(loose)
    with open_writer(loose) as con:
        told = con.execute(ALL_COMMENTS).fetchall()
    found = compact(loose)
    assert found.after == loose.warehouse_path.stat().st_size < found.before / 2
    assert state(loose) == before
    with open_writer(loose) as con:
        assert (
            con.execute("SELECT table_name, column_name, comment FROM duckdb_columns() ORDER BY ALL").fetchall() == told
        )
        assert con.execute("FROM events_as_of('x')").fetchall() == []
    assert sorted(path.name for path in loose.data_dir.iterdir()) == ["warehouse.duckdb", "warehouse.duckdb.lock"]
    assert compact(loose).after == pytest.approx(found.after, rel=0.2), "there is no more to give back"


def test_what_was_deleted_is_gone_from_the_file(made: Settings) -> None:
    with open_writer(made) as con:
        con.execute("INSERT INTO contents VALUES ('x', 'title', ?)", [PHRASE]).fetchall()
    with open_writer(made) as con:
        con.execute("DELETE FROM contents").fetchall()
    assert PHRASE.encode() in made.warehouse_path.read_bytes(), "deleting leaves the bytes"
    compact(made)
    assert PHRASE.encode() not in made.warehouse_path.read_bytes()


@pytest.mark.parametrize("step", ["_copy", "sync_path", "swap"])
def test_killed_on_the_way_the_old_file_stays(loose: Settings, step: str) -> None:
    before = state(loose)
    killed = subprocess.run([sys.executable, "-c", DYING, str(loose.data_dir), step], cwd=ROOT, check=False)
    assert killed.returncode == -9
    assert state(loose) == before
    compact(loose)
    assert state(loose) == before
    assert len(list(loose.data_dir.iterdir())) == 2, "nothing is left of the attempt"


def test_a_copy_that_is_not_the_same_is_not_taken(loose: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    before = loose.warehouse_path.read_bytes()
    monkeypatch.setattr("tasks.warehouse.care.compact._differing", lambda _: ["contents"])
    with pytest.raises(WarehouseError, match="table contents differs from"):
        compact(loose)
    assert loose.warehouse_path.read_bytes() == before
    assert len(list(loose.data_dir.iterdir())) == 2


def test_it_is_a_writer_and_waits_for_the_lock(loose: Settings) -> None:
    with other_process(HOLDER, loose) as holder:
        assert line_of(holder) == "held"
        with pytest.raises(WarehouseLockedError, match=str(holder.pid)):
            compact(loose.model_copy(update={"lock_wait_seconds": 0.0}))
        holder.kill()


def test_it_refuses_while_the_warehouse_is_open_here(loose: Settings) -> None:
    with open_writer(loose), pytest.raises(WarehouseError, match="already attached"):
        compact(loose)


def test_a_changed_copy_keeps_nothing_of_what_it_was(made: Settings, tmp_path: Path) -> None:
    def change(con: duckdb.DuckDBPyConnection) -> None:
        con.execute("UPDATE contents SET text = 'nothing'").fetchall()

    with open_writer(made) as con:
        con.execute("INSERT INTO contents VALUES ('x', 'title', ?)", [PHRASE]).fetchall()
    write_copy(made.warehouse_path, tmp_path / "copy.duckdb", change)
    assert PHRASE.encode() in made.warehouse_path.read_bytes()
    assert PHRASE.encode() not in (tmp_path / "copy.duckdb").read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"copy.duckdb", "data"}


def test_what_differs_is_found(loose: Settings, tmp_path: Path) -> None:
    other = tmp_path / "other.duckdb"
    write_copy(loose.warehouse_path, other)
    with duckdb.connect(str(other)) as con:
        con.execute("UPDATE contents SET title = 'another'; DROP VIEW acled; CREATE TABLE mine (x INT)").fetchall()
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{loose.warehouse_path}' AS original; ATTACH '{other}' AS copied")
        assert _differing(con) == ["main.contents", "main.mine", "view acled"]


@pytest.fixture
def hollow(made: Settings) -> Settings:
    """A warehouse most blocks of which are free."""
    with open_writer(made) as con:
        con.execute("CREATE TABLE passing AS SELECT sha256(n::VARCHAR) AS word FROM range(200000) r(n)").fetchall()
        con.execute("CHECKPOINT").fetchall()
        con.execute("CREATE TABLE staying AS SELECT 1 AS one").fetchall()
        con.execute("CHECKPOINT").fetchall()
        con.execute("DROP TABLE passing").fetchall()
    return made


def test_publishing_writes_a_file_anew_of_which_much_lies_free(hollow: Settings) -> None:
    before, large = state(hollow), hollow.warehouse_path.stat().st_size
    publish(hollow)
    assert hollow.warehouse_path.stat().st_size < large / 2
    assert state(hollow) == before
    written = hollow.warehouse_path.stat().st_ino
    publish(hollow)
    assert hollow.warehouse_path.stat().st_ino == written, "there is nothing to give back, so it is left alone"


def test_a_file_that_cannot_be_written_anew_is_published_all_the_same(
    hollow: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Settings) -> None:
        raise WarehouseError("no space")

    monkeypatch.setattr(snapshot, "compact", refuse)
    assert publish(hollow).held == ()
    assert hollow.published_path.exists()
