"""What servers said the time was, read back from the pages that were kept."""

import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator


def server_skews(folder: Path, captures: Iterable[Mapping[str, Any]]) -> list[float]:
    """Seconds by which our clock was ahead of each server's ``Date``, for the captures that can be read and have one.

    ``captures`` carry ``warc_file``, ``warc_offset``, ``warc_length`` and ``captured_at``, an aware instant.
    """
    skews = (_served_at(folder, capture) for capture in captures)
    return [skew for skew in skews if skew is not None]


def _served_at(folder: Path, capture: Mapping[str, Any]) -> float | None:
    try:
        with (folder / capture["warc_file"]).open("rb") as file:
            file.seek(capture["warc_offset"])
            member = file.read(capture["warc_length"])
        record = next(iter(ArchiveIterator(io.BytesIO(member))))
        captured: datetime = capture["captured_at"]
        return (captured - parsedate_to_datetime(record.http_headers.get_header("Date"))).total_seconds()
    # On bytes that are no record warcio raises whatever its parsers happen to; `firstdraft verify` names the damage.
    except Exception:  # noqa: BLE001
        return None
