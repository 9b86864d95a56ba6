"""One writer, any number of readers; what readers may do."""

import subprocess
import sys
from pathlib import Path

import pytest

from schemas.errors import FirstdraftError, ReadOnlyError, WarehouseError, WarehouseLockedError
from schemas.settings import Settings
from tasks.warehouse.publish.snapshot import publish
from tasks.warehouse.publish.sql import answer
from tasks.warehouse.store.connect import hold_lock, open_reader, open_writer
from tasks.warehouse.store.lock import lock_path
from tasks.warehouse.store.migrate import our_migrations

ROOT = Path(__file__).resolve().parents[3]
HOLDER = """
import sys
from pathlib import Path
from schemas.settings import Settings
from tasks.warehouse.store.lock import hold_lock
with hold_lock(Settings(data_dir=Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""
READER = """
import sys
from pathlib import Path
from schemas.settings import Settings
from tasks.warehouse.store.connect import open_reader
with open_reader(Settings(data_dir=Path(sys.argv[1]))) as con:
    print(con.execute("SELECT count(*) FROM contents").fetchall()[0][0], flush=True)
    sys.stdin.readline()
    print(con.execute("SELECT count(*) FROM contents").fetchall()[0][0], flush=True)
"""


def other_process(code: str, settings: Settings) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, str(settings.data_dir)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def say(process: subprocess.Popen[str], text: str) -> None:
    assert process.stdin is not None
    process.stdin.write(text)
    process.stdin.flush()


def test_a_second_writer_is_told_who_holds_the_lock_and_gets_it_when_the_holder_dies(settings: Settings) -> None:
    impatient = settings.model_copy(update={"lock_wait_seconds": 0.0})
    with other_process(HOLDER, settings) as holder:
        assert line_of(holder) == "held"
        with (
            pytest.raises(WarehouseLockedError, match=rf"process {holder.pid} \(-c .*\) since 20"),
            hold_lock(impatient),
        ):
            pass
        holder.kill()
        holder.wait()
    with hold_lock(impatient):
        assert "pid" in lock_path(settings).read_text()


def test_the_lock_may_be_taken_again_by_the_process_that_holds_it(made: Settings) -> None:
    with hold_lock(made):
        with open_writer(made) as con, hold_lock(made):
            assert con.execute("SELECT count(*) FROM runs").fetchall() == [(0,)]
        with open_writer(made) as con:
            assert con.execute("SELECT current_setting('TimeZone')").fetchall() == [("UTC",)]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WarehouseError, match="cannot write to"), open_writer(Settings(data_dir=tmp_path / "file")):
        pass


def test_a_file_that_is_no_warehouse_is_refused(settings: Settings) -> None:
    settings.data_dir.mkdir()
    settings.warehouse_path.write_text("<html>not a database</html>" * 1000)
    with pytest.raises(WarehouseError, match=r"warehouse\.duckdb is damaged"), open_writer(settings):
        pass


def test_without_a_warehouse_a_reader_is_told_how_to_make_one(settings: Settings) -> None:
    with pytest.raises(WarehouseError, match="firstdraft demo"), open_reader(settings):
        pass


def test_before_anything_is_published_a_reader_gets_the_warehouse(
    made: Settings,
) -> None:

    with open_reader(made) as con:
        assert con.execute("SELECT count(*) FROM events").fetchall() == [(0,)]


def test_a_reader_neither_blocks_the_writer_nor_sees_half_a_run(
    made: Settings,
) -> None:

    publish(made)
    with other_process(READER, made) as reader:
        assert line_of(reader) == "0"
        with open_writer(made) as con:
            con.execute("INSERT INTO contents VALUES ('x', 'title', 'text')").fetchall()
        publish(made)
        say(reader, "\n")
        assert line_of(reader) == "0"
    with open_reader(made) as con:
        assert con.execute("SELECT count(*) FROM contents").fetchall() == [(1,)]
    assert sorted(file.name for file in made.data_dir.iterdir()) == [
        "published.duckdb",
        "warehouse.duckdb",
        "warehouse.duckdb.lock",
    ]


def test_a_publication_killed_half_way_leaves_nothing_for_long(
    made: Settings,
) -> None:

    left = made.data_dir / ".published.duckdb.123"
    left.write_bytes(b"half")
    publish(made)
    assert not left.exists()


def test_a_warehouse_killed_in_the_midst_of_its_first_migrations_can_be_opened(settings: Settings) -> None:
    """DuckDB 2.0 cannot replay a log with a function in it by opening the file."""
    code = (
        "import sys; from pathlib import Path; from schemas.settings import Settings\n"
        "from tasks.warehouse.store.connect import open_writer\n"
        "open_writer(Settings(data_dir=Path(sys.argv[1]))).__enter__()"
    )
    fault = {"FIRSTDRAFT_FAULT": f"migrate.before_commit:kill:{len(our_migrations())}"}
    command = [sys.executable, "-c", code, str(settings.data_dir)]
    assert subprocess.run(command, cwd=ROOT, env=fault, check=False).returncode == -9
    assert settings.warehouse_path.with_name("warehouse.duckdb.wal").exists()
    with open_writer(settings) as con:
        assert con.execute("SELECT count(*) FROM migrations").fetchall() == [(len(our_migrations()),)]


REFUSED = {
    "INSERT INTO events SELECT * FROM events": "INSERT is not a question",
    "UPDATE events SET disputed = true": "firstdraft reprocess",
    "DELETE FROM events": "DELETE is not a question",
    "DROP TABLE events": "DROP is not a question",
    "CREATE TEMP TABLE t AS SELECT 1": "CREATE is not a question",
    "COPY events TO '/tmp/never.csv'": "exports of `firstdraft report`",
    "EXPORT DATABASE '/tmp/never'": "exports CSV and Parquet",
    "ATTACH '/tmp/never.duckdb'": "duckdb command line",
    "INSTALL spatial": "Extensions are not loaded here",
    "LOAD json": "Extensions are not loaded here",
    "SET threads = 1": "Settings are fixed here",
    "PRAGMA threads = 1": "Settings are fixed here",
    "SET enable_external_access = true": "Settings are fixed here",
    "CHECKPOINT": "is not a question",
    "SELECT * FROM read_text('/etc/hostname')": "see the warehouse's tables and views only",
    "SELECT * FROM read_csv('/etc/passwd')": "see the warehouse's tables and views only",
    "SELECT * FROM glob('/etc/*')": "see the warehouse's tables and views only",
    "SELECT * FROM duckdb_secrets()": "see the warehouse's tables and views only",
    "EXPLAIN ANALYZE DELETE FROM events": "read-only",
}


@pytest.mark.parametrize(("sql", "told"), REFUSED.items())
def test_what_is_no_question_is_refused_with_what_to_do_instead(filled: Settings, sql: str, told: str) -> None:
    with open_reader(filled) as con, pytest.raises(ReadOnlyError, match=told):
        answer(con, sql)


@pytest.mark.parametrize(
    "sql", ["SELEC 1", "SELECT nothing FROM events", "FROM '/etc/passwd'", "", "SELECT 1; SELECT 2"]
)
def test_what_cannot_be_answered_is_told_without_a_stack(filled: Settings, sql: str) -> None:
    with open_reader(filled) as con, pytest.raises(FirstdraftError):
        answer(con, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "FROM acled",
        "WITH x AS (SELECT 1 AS n) SELECT n FROM x",
        "DESCRIBE events",
        "SHOW TABLES",
        "EXPLAIN FROM events",
    ],
)
def test_questions_of_every_form_are_answered(filled: Settings, sql: str) -> None:
    with open_reader(filled) as con:
        found = answer(con, sql)
    assert found.rows
    assert all(len(row) == len(found.columns) for row in found.rows)


def test_exports_may_write_files(filled: Settings, tmp_path: Path) -> None:
    with open_reader(filled, external=True) as con:
        con.execute(f"COPY (FROM acled) TO '{tmp_path / 'a.csv'}'").fetchall()
    assert (tmp_path / "a.csv").exists()
