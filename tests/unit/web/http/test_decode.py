import gzip
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.outcome import Reason
from tasks.web.http.decode import Body, gunzip, read_body
from tasks.web.http.response import FetchError


@pytest.mark.parametrize("members", [1, 40])
def test_a_bomb_takes_no_more_memory_than_the_limit(members: int) -> None:
    """20 MB in 20 kB, in one chunk: what is unpacked stops at the limit, it is not measured afterwards."""
    bomb = gzip.compress(bytes(20_000_000 // members)) * members
    tracemalloc.start()
    try:
        result = gunzip(bomb, 100_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(result, FetchError)
    assert result.reason is Reason.TOO_LARGE
    assert peak < 1_000_000


@settings(max_examples=60)
@given(st.binary(max_size=300), st.integers(1, 40), st.booleans())
def test_any_chunking_gives_the_same_body(body: bytes, size: int, compressed: bool) -> None:
    raw = gzip.compress(body) if compressed else body
    chunks = [raw[start : start + size] for start in range(0, len(raw), size)]
    assert read_body(chunks, "gzip" if compressed else None, 300) == Body(raw, body)


@settings(max_examples=60)
@given(st.binary(max_size=300), st.data())
def test_no_cut_passes_for_a_whole(body: bytes, data: st.DataObject) -> None:
    raw = gzip.compress(body)
    end = data.draw(st.integers(1, len(raw) - 1))
    result = read_body([raw[:end]], "gzip", 1000)
    assert isinstance(result, FetchError)
    assert result.reason is Reason.TRUNCATED
