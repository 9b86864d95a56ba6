from pathlib import Path

import duckdb
import pytest

from schemas.errors import MigrationError
from tasks.warehouse.store.migrate import migrate, read_migrations
from tasks.warehouse.store.queries import SQL_DIR


def a_folder(tmp_path: Path, **files: str) -> Path:
    for name, sql in files.items():
        (tmp_path / f"{name}.sql").write_text(sql)
    return tmp_path


def test_migrations_are_applied_in_order_and_once(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, _0002_b="INSERT INTO a VALUES (2);", _0001_a="CREATE TABLE a (n INTEGER);")
    for file in folder.glob("_*.sql"):
        file.rename(file.with_name(file.name[1:]))
    con = duckdb.connect()
    assert migrate(con, read_migrations(folder)) == ["0001_a.sql", "0002_b.sql"]
    assert migrate(con, read_migrations(folder)) == []
    assert con.execute("SELECT n FROM a").fetchall() == [(2,)]
    applied = con.execute("SELECT number, name, length(sha256), applied_at IS NOT NULL FROM migrations").fetchall()
    assert applied == [(1, "0001_a.sql", 64, True), (2, "0002_b.sql", 64, True)]


def test_a_changed_migration_is_refused(tmp_path: Path) -> None:
    con = duckdb.connect()
    file = tmp_path / "0001_a.sql"
    file.write_text("CREATE TABLE a (n INTEGER);")
    migrate(con, read_migrations(tmp_path))
    file.write_text("CREATE TABLE a (n INTEGER, m INTEGER);")
    with pytest.raises(MigrationError, match=r"0001_a\.sql differs from the file"):
        migrate(con, read_migrations(tmp_path))


def test_a_warehouse_of_newer_code_is_refused(tmp_path: Path) -> None:
    con = duckdb.connect()
    for number in (1, 2):
        (tmp_path / f"000{number}_a.sql").write_text("SELECT 1;")
    migrate(con, read_migrations(tmp_path))
    (tmp_path / "0002_a.sql").unlink()
    with pytest.raises(MigrationError, match=r"newer code \(it has 0002_a\.sql\)"):
        migrate(con, read_migrations(tmp_path))


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    con = duckdb.connect()
    (tmp_path / "0001_a.sql").write_text("CREATE TABLE a (n INTEGER);")
    (tmp_path / "0002_b.sql").write_text("CREATE TABLE b (n INTEGER); INSERT INTO a VALUES (1); SELECT * FROM nothing;")
    with pytest.raises(MigrationError, match=r"0002_b\.sql failed and was rolled back"):
        migrate(con, read_migrations(tmp_path))
    assert con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY 1").fetchall() == [
        ("a",),
        ("migrations",),
    ]
    assert con.execute("SELECT count(*) FROM a").fetchall() == [(0,)]
    (tmp_path / "0002_b.sql").write_text("CREATE TABLE b (n INTEGER);")
    assert migrate(con, read_migrations(tmp_path)) == ["0002_b.sql"]


@pytest.mark.parametrize("names", [["0001_a", "0003_b"], ["0001_a", "0001_b"], ["1_a"], ["0001_A"]])
def test_gaps_twins_and_odd_names_are_refused(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / f"{name}.sql").write_text("SELECT 1;")
    with pytest.raises(MigrationError):
        read_migrations(tmp_path)


def test_no_table_of_ours_has_an_index() -> None:
    # An index over millions of rows multiplies the file; keys are declared in table_keys.
    con = duckdb.connect()
    migrate(con, read_migrations(SQL_DIR / "migrations"))
    assert con.execute("SELECT count(*) FROM duckdb_indexes()").fetchall() == [(0,)]
    constraints = con.execute("SELECT DISTINCT constraint_type FROM duckdb_constraints()").fetchall()
    assert constraints == [("NOT NULL",)]
