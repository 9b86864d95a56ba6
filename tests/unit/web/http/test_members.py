"""Gzip of very many members: read in time that grows with its length, or given up."""

import gzip
import time

import pytest

from schemas.outcome import Reason
from tasks.web.http.decode import gunzip, read_body
from tasks.web.http.response import FetchError

EMPTY = gzip.compress(b"", mtime=0)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_flood_of_empty_members_is_given_up_at_once(chunked: bool) -> None:
    data = EMPTY * 500_000  # 10 MB: every member used to copy all that follows it
    chunks = [data[start : start + 65_536] for start in range(0, len(data), 65_536)] if chunked else [data]
    begun = time.process_time()
    body = read_body(chunks, "gzip", 20 << 20)
    assert isinstance(body, FetchError)
    assert (body.reason, "more than 10000 gzip members" in body.detail) == (Reason.ENCODING, True)
    assert time.process_time() - begun < 3


def test_honest_members_are_read_and_padding_is_not() -> None:
    parts = [bytes([number % 256]) * 1000 for number in range(5_000)]
    data = b"".join(gzip.compress(part) for part in parts)
    assert gunzip(data, 10 << 20) == b"".join(parts)
    padded = data + bytes(9_000) + gzip.compress(b"behind the padding")
    assert gunzip(padded, 10 << 20) == b"".join(parts)
