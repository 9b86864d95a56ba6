"""A person's SQL reaches the warehouse's rows and nothing else: no file, no network, no setting, no extension."""

from pathlib import Path

import pyarrow as pa
import pytest

from schemas.errors import FirstdraftError, ReadOnlyError
from schemas.settings import Settings
from tasks.warehouse.publish.sql import answer
from tasks.warehouse.store.asof import go_back
from tasks.warehouse.store.connect import open_reader
from tests.warehouse.build import a_run

#: What would read files, each of which exists; ``{file}`` is one.
READING = [
    "FROM '{file}'",
    "FROM read_csv('{file}')",
    "FROM read_csv_auto('{file}')",
    "FROM read_text('{file}')",
    "FROM read_blob('{file}')",
    "FROM read_json('{file}')",
    "FROM read_ndjson_objects('{file}')",
    "FROM read_parquet('{file}')",
    "FROM parquet_metadata('{file}')",
    "FROM parquet_file_metadata('{file}')",
    "FROM read_duckdb('{file}')",
    "FROM sniff_csv('{file}')",
    "FROM glob('{file}')",
    "FROM query('FROM read_text(''{file}'')')",
    "FROM query_table('{file}')",
    "SELECT (SELECT content FROM read_text('{file}'))",
    "WITH x AS (FROM read_text('{file}')) FROM x",
    "FROM json_execute_serialized_sql(json_serialize_sql('FROM read_text(''{file}'')'))",
    "EXPLAIN ANALYZE FROM read_text('{file}')",
    "DESCRIBE FROM read_csv('{file}')",
    "SUMMARIZE FROM '{file}'",
    "SELECT getenv('HOME')",
    "FROM 'https://example.org/a.parquet'",
    "FROM read_csv('s3://bucket/a.csv')",
    "FROM duckdb_secrets()",
    "FROM which_secret('s3://bucket/a', 's3')",
]
#: What would write files or rows; ``{new}`` is a file that must not be there afterwards.
WRITING = [
    "COPY events TO '{new}'",
    "COPY (FROM events) TO '{new}' (FORMAT parquet)",
    "COPY events FROM '{file}'",
    "COPY FROM DATABASE published TO memory",
    "EXPLAIN ANALYZE COPY events TO '{new}'",
    "EXPLAIN COPY events TO '{new}'",
    "EXPORT DATABASE '{new}'",
    "IMPORT DATABASE '{file}'",
    "ATTACH '{new}' AS other",
    "ATTACH ':memory:' AS other",
    "DETACH published",
    "FROM query('COPY events TO ''{new}''')",
    "CREATE TABLE x AS SELECT 1",
    "CREATE TEMP TABLE x AS SELECT 1",
    "CREATE TEMP VIEW events AS SELECT 1",
    "CREATE OR REPLACE MACRO abs(x) AS 1",
    "CREATE SECRET x (TYPE s3)",
    "EXPLAIN ANALYZE CREATE TABLE x AS SELECT 1",
    "INSERT INTO events FROM events",
    "WITH x AS (INSERT INTO contents FROM contents RETURNING *) FROM x",
    "UPDATE events SET disputed = true",
    "DELETE FROM events",
    "TRUNCATE events",
    "MERGE INTO events USING events e ON false WHEN MATCHED THEN DELETE",
    "ALTER TABLE events ADD COLUMN x INT",
    "DROP VIEW acled",
    "COMMENT ON TABLE events IS 'x'",
    "CHECKPOINT",
    "FORCE CHECKPOINT",
    "VACUUM",
    "ANALYZE",
]
#: What would change how the engine behaves, or bring code into it.
SETTING = [
    "SET threads = 1",
    "SET GLOBAL enable_external_access = true",
    "SET lock_configuration = false",
    "RESET lock_configuration",
    "RESET enable_external_access",
    "SET temp_directory = '{new}'",
    "SET VARIABLE a = 1",
    "PRAGMA enable_external_access = true",
    "PRAGMA threads = 1",
    "PRAGMA enable_profiling = 'json'",
    "CALL enable_profiling()",
    "CALL enable_logging(storage = 'file')",
    "FROM enable_logging()",
    "USE temp",
    "INSTALL httpfs",
    "INSTALL spatial FROM community",
    "LOAD json",
    "FORCE INSTALL json",
    "UPDATE EXTENSIONS",
    "PREPARE x AS SELECT 1",
    "EXECUTE x",
    "BEGIN",
    "SELECT 1; SET threads = 1",
    "SELECT 1; COPY events TO '{new}'",
]


@pytest.mark.parametrize("sql", [*READING, *WRITING, *SETTING])
def test_what_reaches_outside_is_refused(filled: Settings, tmp_path: Path, sql: str) -> None:
    held, new = tmp_path / "held.csv", tmp_path / "new"
    held.write_text("secret,1\n")
    with open_reader(filled) as con:
        before = con.execute("FROM duckdb_settings() ORDER BY name").fetchall()
        with pytest.raises(FirstdraftError) as refused:
            answer(con, sql.format(file=held, new=new))
        assert "secret,1" not in str(refused.value)
        assert con.execute("FROM duckdb_settings() ORDER BY name").fetchall() == before
        assert con.execute("SELECT count(*) FROM events").fetchall() == [(1,)]
    assert [path.name for path in tmp_path.iterdir()] == ["held.csv"]


def test_an_object_of_the_process_is_no_table(filled: Settings) -> None:
    hidden = pa.table({"secret": [1]})
    with open_reader(filled) as con:
        with pytest.raises(FirstdraftError, match="hidden does not exist"):
            answer(con, "FROM hidden")
        assert hidden.num_rows == 1


def test_an_insert_in_a_question_changes_nothing(filled: Settings) -> None:
    with open_reader(filled) as con, pytest.raises((ReadOnlyError, FirstdraftError)):
        answer(con, "WITH x AS (INSERT INTO runs FROM runs RETURNING *) FROM x")


@pytest.mark.parametrize(
    "sql",
    [
        "PIVOT events ON event_type IN ('Battles') USING count(*)",
        "FROM query_table('events')",
        "SUMMARIZE events",
        "SHOW ALL TABLES",
        "SELECT event_id, unnest(string_split(rules, ';')) FROM events",
    ],
)
def test_questions_are_answered(filled: Settings, sql: str) -> None:
    with open_reader(filled) as con:
        assert answer(con, sql).rows


def test_as_of_a_run_the_events_are_those_of_then_and_nothing_more_is_allowed(filled: Settings) -> None:
    with open_reader(filled) as con:
        assert go_back(con, a_run().run_id) == a_run().run_id
        assert answer(con, "SELECT count(*) FROM events").rows == [(1,)]
        with pytest.raises(ReadOnlyError):
            answer(con, "FROM read_text('/etc/hostname')")
