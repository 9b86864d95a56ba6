"""What must not stand in rows: secrets of addresses, and the names of private victims outside quotations."""

from dataclasses import replace

import duckdb

from schemas.discovery import AddressRead
from schemas.settings import Settings
from tasks.warehouse.care.forgetting import stale_copies
from tasks.warehouse.load.loading import load_batch
from tasks.warehouse.runs.run_lifecycle import begin, note_discovery
from tests.warehouse.build import a_batch, a_discovery, a_run, a_source, an_article, coded

SECRET = "S3cretS3cretS3cretS3cret"


def every_text(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """All that every column of every table holds, as text, by ``table.column``."""
    columns = con.execute(
        """SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = current_database()
           AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE NOT internal)"""
    ).fetchall()
    return {
        f"{table}.{column}": str(con.execute(f'SELECT list(DISTINCT "{column}"::VARCHAR) FROM "{table}"').fetchall())
        for table, column in columns
    }


def test_no_secret_of_an_address_reaches_any_column(writer: duckdb.DuckDBPyConnection) -> None:
    run = a_run()
    feed = f"https://me:{SECRET}@north.test/feed?apikey={SECRET}"
    source = a_source("north")
    source = source.model_copy(update={"feeds": (source.feeds[0].model_copy(update={"url": feed}),)})
    begin(writer, run, [source])
    article = an_article(run, source, "first")
    fetch = article.page.fetch
    link = replace(fetch.link, url=f"{fetch.link.url}&token={SECRET}", found_at=feed)
    signed = f"https://cdn.test/x?X-Amz-Signature={SECRET}&id=7"
    fetch = replace(fetch, link=link, final_url=signed, redirects=(link.url, signed))
    batch = a_batch(source, [coded(replace(article, page=replace(article.page, fetch=fetch)))])
    discovery = a_discovery(run, source, batch)
    probe = replace(discovery.probes[0], url=feed, error="http_error", detail=f"GET {feed} said 500")
    read = AddressRead(
        source_id=source.id,
        url=feed,
        run_id=run.run_id,
        kind="feed",
        etag=None,
        last_modified=None,
        reader="1",
        read_run_id=run.run_id,
        read_at=run.started_at,
        window_start=run.window.start,
        answered_at=run.started_at,
        link_ids=(),
    )
    note_discovery(writer, run, replace(discovery, probes=(probe,), addresses=(read,)))
    load_batch(writer, run, batch)
    held = {name for name, text in every_text(writer).items() if SECRET in text}
    assert held == set()
    ((final, redirects),) = writer.execute("SELECT final_url, redirects FROM fetches").fetchall()
    assert final.startswith("https://cdn.test/x?X-Amz-Signature=~")
    assert final.endswith("&id=7")
    assert len(redirects) == 2


def test_a_page_whose_text_holds_an_address_keeps_it_letter_by_letter(writer: duckdb.DuckDBPyConnection) -> None:
    run, source = a_run(), a_source("north")
    begin(writer, run, [source])
    text = f"Gunmen killed 4 soldiers, said https://a.org/?token={SECRET} on Monday."
    batch = a_batch(source, [coded(an_article(run, source, "first", text))])
    note_discovery(writer, run, a_discovery(run, source, batch))
    load_batch(writer, run, batch)
    assert writer.execute("SELECT text FROM contents").fetchall() == [(text,)]


def test_what_a_killed_process_had_spilled_to_disk_is_among_the_copies_to_remove(made: Settings) -> None:
    spilled = [made.warehouse_path, made.published_path]
    left = [path.with_name(f"{path.name}.tmp") / "duckdb_temp_storage_DEFAULT-0.tmp" for path in spilled]
    for path in left:
        path.parent.mkdir()
        path.write_bytes(b"rows")
    assert set(left) <= set(stale_copies(made))
