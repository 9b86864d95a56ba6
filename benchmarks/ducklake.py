"""The published snapshot as a DuckLake with a PostgreSQL catalogue, which readers on many machines attach.

    uv run --no-project --with duckdb==1.5.5 --with duckdb-extensions --with duckdb-extension-ducklake \
        --with duckdb-extension-postgres-scanner python benchmarks/ducklake.py publish SNAPSHOT \
        --catalogue "host=127.0.0.1 dbname=lake" --data /srv/lake
    ... python benchmarks/ducklake.py prove SNAPSHOT --catalogue "..." [--readers 2]

It stands alone, imports nothing of the project and runs on DuckDB 1.5.5: the extensions it needs are not built for 2.0.
``publish`` replaces every table of the lake in one transaction, so a reader sees one night or the next, never both.
``prove`` starts readers, each a process that attaches the lake by itself, and compares what they count, and the sum of
the hashes of each table's rows, with the snapshot. DuckLake has no keys: nobody but ``publish`` may write.
"""

import argparse
import json
import subprocess
import sys
import time

import duckdb

NOW = "snapshot"


def main() -> None:
    """Publish, read or prove. Exit code 1 where a reader sees something else than the snapshot holds."""
    arguments = _arguments()
    started = time.perf_counter()
    if arguments.what == "publish":
        written = publish(arguments.snapshot, arguments.catalogue, arguments.data)
        print(f"{len(written)} tables, {sum(written.values()):,} rows in {time.perf_counter() - started:.1f} s")
    elif arguments.what == "read":
        sys.stdout.write(json.dumps(told(lake(arguments.catalogue, read_only=True), "lake")))
    else:
        prove(arguments.snapshot, arguments.catalogue, arguments.readers)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=("publish", "prove", "read"))
    parser.add_argument("snapshot", nargs="?", default="", help="the published file, as data/published.duckdb")
    parser.add_argument("--catalogue", required=True, help="PostgreSQL, as in: host=127.0.0.1 dbname=lake user=desk")
    parser.add_argument("--data", default="", help="folder or s3://bucket/prefix of the Parquet files, once")
    parser.add_argument("--readers", type=int, default=2)
    return parser.parse_args()


def lake(catalogue: str, data: str = "", *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection with the lake attached. Extensions come from packages where there are some, else are downloaded."""
    con = duckdb.connect()
    try:
        from duckdb_extensions import import_extension  # type: ignore[import-not-found]  # noqa: PLC0415
    except ImportError:
        con.execute("INSTALL ducklake; INSTALL postgres")
    else:
        import_extension("ducklake", con=con)
        import_extension("postgres_scanner", con=con)
    con.execute("LOAD ducklake; LOAD postgres_scanner")
    options = [f"DATA_PATH {_quoted(data)}"] if data else []
    options += ["READ_ONLY"] if read_only else []
    con.execute(f"ATTACH {_quoted(f'ducklake:postgres:{catalogue}')} AS lake{_bracketed(options)}")
    return con


def publish(snapshot: str, catalogue: str, data: str) -> dict[str, int]:
    """Replace the lake's tables by the snapshot's; rows written a table."""
    con = lake(catalogue, data)
    con.execute(f"ATTACH {_quoted(snapshot)} AS {NOW} (READ_ONLY)")
    con.execute("BEGIN")
    written = {}
    for table in tables(con, NOW):
        con.execute(f'CREATE OR REPLACE TABLE lake.main."{table}" AS FROM {NOW}.main."{table}"')
        written[table] = int(con.execute(f'SELECT count(*) FROM lake.main."{table}"').fetchall()[0][0])
    for gone in set(tables(con, "lake")) - set(written):
        con.execute(f'DROP TABLE lake.main."{gone}"')
    con.execute("COMMIT")
    return written


def prove(snapshot: str, catalogue: str, readers: int) -> None:
    """Start readers at once, and compare what each sees with the snapshot."""
    con = duckdb.connect()
    con.execute(f"ATTACH {_quoted(snapshot)} AS {NOW} (READ_ONLY)")
    held = told(con, NOW)
    command = [sys.executable, __file__, "read", "--catalogue", catalogue]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(readers)]
    failed = False
    for number, reader in enumerate(started, 1):
        seen = json.loads(reader.communicate()[0] or "{}")
        other = sorted(table for table in held if seen.get(table) != held[table])
        failed = failed or bool(other) or seen.keys() != held.keys()
        counted = sum(rows for rows, _ in seen.values())
        print(
            f"reader {number}: {len(seen)} tables, {counted:,} rows, {'other: ' + str(other) if other else 'the same'}"
        )
    raise SystemExit(failed)


def told(con: duckdb.DuckDBPyConnection, where: str) -> dict[str, list[int]]:
    """Rows of each table and the sum of the hashes of their text."""
    found = {}
    for table in tables(con, where):
        asked = f'SELECT count(*), coalesce(sum(hash(t::VARCHAR)), 0)::VARCHAR FROM {where}.main."{table}" t'
        found[table] = list(con.execute(asked).fetchall()[0])
    return found


def tables(con: duckdb.DuckDBPyConnection, where: str) -> list[str]:
    """The names of a database's tables."""
    asked = "SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name = 'main' ORDER BY ALL"
    return [str(name) for (name,) in con.execute(asked, [where]).fetchall()]


def _quoted(text: str) -> str:
    escaped = text.replace("'", "''")
    return f"'{escaped}'"


def _bracketed(options: list[str]) -> str:
    return f" ({', '.join(options)})" if options else ""


if __name__ == "__main__":
    main()
