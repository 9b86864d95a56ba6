"""Backfills from archives that are not whole: what is damaged gives way, what does not answer is asked again."""

import json
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from schemas.settings import Settings
from tasks.warehouse.store.connect import open_reader
from tests.unit.web.imports.test_cdx import ADDRESS, HEAD, HOST, MEMENTO, Listed
from tests.unit.web.imports.test_warcs import Page, write_warc
from tests.unit.web.server import Server, answer
from tests.warehouse.proofs.newsroom import page

HOME = "north.test"
DAYS = ("backfill", "--from", "2024-03-05", "--to", "2024-03-09")
#: The same page as people come to it, and the one key it has.
FORMS = (
    "/news/8?utm_source=rss&fbclid=1", "/news/8?gclid=2#comments", "/x/../news/8", "/news/8;jsessionid=AB12",
    "/news/8?amp=1",
)  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A CDX server, and a house with one source whose pages it may hold."""
    source = {
        "id": "north", "name": "The North Post", "family": "north press", "country": "SY", "language": "en",
        "homepage": f"http://{HOME}/", "timezone": "Asia/Damascus", "delay_seconds": 0,
        "feeds": [{"url": f"http://{HOME}/feed"}],
    }  # fmt: skip
    (tmp_path / "sources.yml").write_text(yaml.safe_dump({"sources": [source]}), encoding="utf-8")
    with Server() as server:
        said = {
            "DATA_DIR": tmp_path / "data", "SOURCES_FILE": tmp_path / "sources.yml", "ALLOW_LOOPBACK": "true",
            "RETRIES": "0", "WORKERS": "0", "ARCHIVE_DELAY_SECONDS": "0",
            "CONNECT_TO": json.dumps({HOST: f"127.0.0.1:{server.port}"}),
        }  # fmt: skip
        for name, value in said.items():
            monkeypatch.setenv(f"FIRSTDRAFT_{name}", str(value))
        yield server


def backfilled(*words: str) -> Result:
    from flows.cli import app  # noqa: PLC0415 - the environment comes first

    return CliRunner().invoke(app, [*DAYS, *words, "--json"])


def rows(sql: str) -> list[tuple[object, ...]]:
    with open_reader(Settings()) as con:
        return con.execute(sql).fetchall()


def test_an_older_whole_capture_is_taken_and_one_page_is_one_article(archive: Server, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    older = Page("/news/7", page("north", 7), "2024-03-06T08:00:00Z", HOME)
    forms = [Page(form, page("north", 8), f"2024-03-06T0{hour}:30:00Z", HOME) for hour, form in enumerate(FORMS)]
    write_warc(shelf / "old.warc", [older, *forms], gzipped=False)
    newer = Page("/news/7", page("north", 7, version=1), "2024-03-07T08:00:00Z", HOME)
    whole = write_warc(shelf / "new.warc", [newer], gzipped=False)
    (shelf / "new.warc").write_bytes(whole[:-900])
    done = backfilled("--from-warc", str(shelf))
    assert done.exit_code == 0, done.output
    assert rows("SELECT canonical_url FROM articles ORDER BY 1") == [
        (f"http://{HOME}/news/7",),
        (f"http://{HOME}/news/8",),
    ]
    ((day, check),) = rows("SELECT archived_at::DATE::VARCHAR, archive_check FROM captures WHERE url LIKE '%/7'")
    assert day == "2024-03-06"
    assert "passed over the capture of 2024-03-07 08:00:00: capture_damaged" in str(check)
    assert archive.heard == [], "an archive on disk asks nobody"
    assert json.loads(backfilled("--from-warc", str(shelf)).stdout)["runs"] == [], "the window is done"


def test_a_listing_that_is_an_error_leaves_its_window_to_be_done(archive: Server) -> None:
    error = answer(
        b"java.io.IOException: the index host did not accept the connection within 2000 ms", media="text/plain"
    )
    archive.routes = Listed(repeat(error))
    failed = backfilled("--from-cdx", ADDRESS)
    assert failed.exit_code == 1
    assert "no source could be read in 2024-03-05 to 2024-03-09; not done, run the same command again" in failed.stderr
    assert rows("SELECT source_id, error FROM probes") == [("north", "not_a_listing")]

    url = f"http://{HOME}/news/7"
    line = ["test,north)/news/7", "20240306080000", url, "text/html", "200", "-", "999"]
    archive.routes = Listed(repeat(answer(json.dumps([HEAD, line]).encode(), media="application/json")))
    archive.routes[f"/web/20240306080000id_/{url}"] = answer(page("north", 7), headers=MEMENTO)
    done = backfilled("--from-cdx", ADDRESS)
    assert done.exit_code == 0, done.output
    assert rows("SELECT canonical_url FROM articles") == [(url,)]
