"""The time as servers told it, read back from what was kept."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tasks.service.served import server_skews

AT = datetime(2026, 3, 5, 12, tzinfo=UTC)


def kept(folder: Path, name: str, date: str | None) -> dict[str, Any]:
    """A page in a file of its own, captured at noon."""
    told = [("Content-Type", "text/html")] + ([("Date", date)] if date else [])
    with (folder / name).open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        headers = StatusAndHeaders("200 OK", told, protocol="HTTP/1.1")
        record = writer.create_warc_record("http://e.test/", "response", payload=io.BytesIO(b"x"), http_headers=headers)
        writer.write_record(record)
    length = (folder / name).stat().st_size
    return {"warc_file": name, "warc_offset": 0, "warc_length": length, "captured_at": AT}


def test_we_are_ahead_of_a_server_that_says_less(tmp_path: Path) -> None:
    captures = [
        kept(tmp_path, "behind", "Thu, 05 Mar 2026 11:59:30 GMT"),
        kept(tmp_path, "ahead", "Thu, 05 Mar 2026 14:00:10 +0200"),
    ]
    assert server_skews(tmp_path, captures) == [30.0, -10.0]


def test_what_tells_no_time_is_left_out(tmp_path: Path) -> None:
    damaged = kept(tmp_path, "damaged", "Thu, 05 Mar 2026 11:59:30 GMT")
    (tmp_path / "damaged").write_bytes(b"\x1f\x8bno gzip member")
    gone = damaged | {"warc_file": "gone"}
    captures = [kept(tmp_path, "silent", None), kept(tmp_path, "odd", "yesterday"), damaged, gone]
    assert server_skews(tmp_path, captures) == []


def test_a_zone_is_no_skew(tmp_path: Path) -> None:
    here = AT.astimezone(tz=None)
    assert here == AT
    capture = kept(tmp_path, "a", "Thu, 05 Mar 2026 12:00:00 GMT") | {"captured_at": here + timedelta(seconds=2)}
    assert server_skews(tmp_path, [capture]) == [2.0]
