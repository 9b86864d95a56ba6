"""The archive and the ledger that a made warehouse would have: ``python -m benchmarks.archived DIR``.

Every capture of a warehouse made by ``benchmarks/generate.py`` gets its record in a WARC file of its run and source,
and its line in a ledger with the runs and batches around it, through the product's own ledger and line format. So
``firstdraft verify`` has as many lines, bytes and rows to compare as after so many nights, and finds them whole. The
bodies are a line of text, not pages: ``rebuild`` reads each again as a night did, and would find no article in them.
"""

import argparse
import gzip
import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from benchmarks.generate import OUTLETS, outlet
from schemas.fetch import Fetch
from schemas.keys import sha256_hex
from schemas.ledger import Captured, Closed, Loaded, RunOpened, Stretch
from schemas.link import FoundIn, Link
from schemas.page import Capture, FetchedPage
from schemas.run import Run, Window
from schemas.settings import Settings
from tasks.ledger.append import ledger_for
from tasks.warehouse.care.checks import schema_number, state_hash
from tasks.warehouse.store.connect import open_writer
from tasks.warehouse.store.queries import rows_of

_CAPTURES = """
    SELECT c.source_id, c.url, c.sha256, c.content_type, c.captured_at, c.run_id, c.warc_file, c.etag, c.capture_id,
        f.url AS asked, f.found_in, f.found_at, f.requested_at, f.elapsed_ms, f.status, f.batch
    FROM captures c JOIN fetches f ON f.run_id = c.run_id AND f.capture_id = c.capture_id
    WHERE c.run_id = $run_id AND f.outcome = 'stored' ORDER BY c.source_id, c.captured_at, c.capture_id"""
#: As queries/verify_batches.sql has it.
_BATCHES = """
    SELECT run_id, source_id, batch, count(*) AS links,
        sha256(string_agg(concat_ws('|', fetch_id, outcome, coalesce(reason, ''), coalesce(capture_id, ''),
            coalesce(version_id, '')), chr(10) ORDER BY fetch_id)) AS digest
    FROM fetches GROUP BY ALL"""
_PLACES = pa.schema(
    [("capture_id", pa.string()), ("warc_offset", pa.int64()), ("warc_length", pa.int64()), ("byte_length", pa.int64())]
)


def main() -> None:
    """Write both, and say how large they are."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="data folder of a made warehouse without ledger and captures")
    settings = Settings(data_dir=parser.parse_args().folder)
    started = time.perf_counter()
    pages = write_archive(settings)
    size = sum(file.stat().st_size for file in settings.ledger_dir.glob("*.jsonl"))
    print(f"{pages:,} captures told in {size / 1e9:.2f} GB of ledger, in {time.perf_counter() - started:.0f} s")


def write_archive(settings: Settings) -> int:
    """Archive and ledger of all captures; where their records stand goes into the warehouse. How many there are.

    Raises :class:`FileExistsError` where there is a ledger already.
    """
    if any(settings.ledger_dir.glob("*.jsonl")):
        raise FileExistsError(f"{settings.ledger_dir} tells of something already")
    ledger = ledger_for(settings)
    sources = tuple(outlet(number) for number in range(OUTLETS))
    with open_writer(settings) as con:
        # The generator has links that a night after its last would have found unchanged.
        con.execute("DELETE FROM fetches WHERE run_id NOT IN (SELECT run_id FROM runs)").fetchall()
        batches = _batches(con)
        runs = rows_of(con, "FROM runs ORDER BY started_at")
        places: list[dict[str, Any]] = []
        for row in runs:
            run = Run(
                row["origin"], Window(row["window_start"], row["window_end"]), row["started_at"], row["code_version"]
            )
            ledger.append(RunOpened(run, sources))
            for captured in _kept(rows_of(con, _CAPTURES, {"run_id": run.run_id}), settings.captures_dir):
                ledger.append(captured)
                places.append({name: getattr(captured.page.capture, name) for name in _PLACES.names})
            for loaded in batches.get(run.run_id, ()):
                ledger.append(loaded)
            if row is not runs[-1]:
                ledger.append(Closed(run.run_id, row["finished_at"], row["discovered"], {}, None))
        _put(con, places)
        con.execute("CHECKPOINT").fetchall()
        state, schema = state_hash(con), schema_number(con)
    ledger.append(Closed(run.run_id, row["finished_at"], row["discovered"], {}, state, schema))
    ledger.sync()
    return len(places)


def _batches(con: duckdb.DuckDBPyConnection) -> dict[str, list[Loaded]]:
    found: dict[str, list[Loaded]] = {}
    for row in rows_of(con, f"{_BATCHES} ORDER BY run_id, source_id, batch"):
        found.setdefault(row["run_id"], []).append(Loaded(**row))
    return found


def _kept(rows: Sequence[dict[str, Any]], folder: Path) -> Iterator[Captured]:
    """The captures of a run, their records written one after the other into the files they are said to be in."""
    written: dict[str, bytearray] = {}
    for row in rows:
        body = f"body of {row['url']}".encode()
        data = _record(row, body)
        held = written.setdefault(row["warc_file"], bytearray())
        stretch = Stretch(row["warc_file"], len(held), len(data), sha256_hex(data))
        held += data
        yield Captured(row["batch"], _page(row, body, stretch), stretch)
    for name, held in written.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(held)


def _page(row: dict[str, Any], body: bytes, stretch: Stretch) -> FetchedPage:
    link = Link(row["source_id"], row["asked"], row["url"], FoundIn(row["found_in"]), row["found_at"])
    fetch = Fetch(
        row["run_id"],
        link,
        row["requested_at"],
        row["elapsed_ms"],
        row["status"],
        row["url"],
        (),
        row["content_type"],
        row["etag"],
        tls="verified",
    )
    capture = Capture(
        row["url"],
        sha256_hex(body),
        len(body),
        row["content_type"],
        row["captured_at"],
        row["run_id"],
        stretch.file,
        stretch.offset,
        stretch.length,
    )
    return FetchedPage(fetch, capture)


def _record(row: dict[str, Any], body: bytes) -> bytes:
    """A WARC response in a gzip member of its own."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
    answer += f"Content-Length: {len(body)}\r\n\r\n".encode() + body
    at: datetime | date = row["captured_at"]
    head = (
        "WARC/1.1\r\nWARC-Type: response\r\n"
        f"WARC-Record-ID: <urn:uuid:{row['sha256'][:8]}-{row['sha256'][8:12]}-4{row['sha256'][13:16]}-a"
        f"{row['sha256'][17:20]}-{row['sha256'][20:32]}>\r\n"
        f"WARC-Target-URI: {row['url']}\r\nWARC-Date: {at:%Y-%m-%dT%H:%M:%SZ}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + answer + b"\r\n\r\n", compresslevel=1, mtime=0)


def _put(con: duckdb.DuckDBPyConnection, places: list[dict[str, Any]]) -> None:
    con.register("given", pa.Table.from_pylist(places, schema=_PLACES))
    con.execute(
        """UPDATE captures SET warc_offset = g.warc_offset, warc_length = g.warc_length, byte_length = g.byte_length
           FROM given g WHERE g.capture_id = captures.capture_id"""
    ).fetchall()
    con.unregister("given")


if __name__ == "__main__":
    main()
