"""Codings nobody asked for, one upon the other or none at all, and never more unpacked than the limit."""

import gzip
import sys
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.outcome import Reason
from tasks.web.http.client import Client
from tasks.web.http.codings import read_coded
from tasks.web.http.decode import Body
from tasks.web.http.response import FetchError, Response
from tests.unit.web.conftest import MakeSettings
from tests.unit.web.server import Server, Talk, answer

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["zstd"]

PAGE = "<!doctype html><p>Réunion à Alep</p>".encode() * 40


def _bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


CODED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstd.compress),
    "zstd in two frames": ("zstd", lambda data: zstd.compress(data[:9]) + zstd.compress(data[9:])),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("Deflate", _bare_deflate),
    "gzip": ("x-gzip", gzip.compress),
    "gzip of br": ("br, gzip", lambda data: gzip.compress(brotli.compress(data))),
    "gzip twice": ("gzip, gzip", lambda data: gzip.compress(gzip.compress(data))),
    "said to be br": ("br", bytes),
    "said to be gzip": ("gzip", bytes),
    "said to be zstd": ("zstd", bytes),
    "said to be something": ("x-unknown", bytes),
    "said to be text": ("UTF-8", bytes),
    "said to be twice": ("br, gzip", gzip.compress),
    "none": ("", bytes),
}


@pytest.mark.parametrize("name", CODED)
def test_a_coding_is_undone(name: str) -> None:
    header, coded = CODED[name]
    raw = coded(PAGE)
    assert read_coded([raw[:7], raw[7:]], header, 10_000) == Body(raw, PAGE)


@pytest.mark.parametrize("name", ["br", "zstd", "deflate", "bare deflate", "gzip of br"])
def test_a_bomb_in_any_coding_stops_at_the_limit(name: str) -> None:
    header, coded = CODED[name]
    bomb = coded(bytes(30_000_000))
    tracemalloc.start()
    try:
        result = read_coded([bomb], header, 100_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(result, FetchError)
    assert result.reason is Reason.TOO_LARGE
    assert peak < 3_000_000
    cut = read_coded([bomb], header, 100_000, may_cut=True)
    assert isinstance(cut, Body)
    assert (len(cut.decoded), cut.cut) == (100_000, True)


@pytest.mark.parametrize("name", ["br", "zstd", "deflate", "gzip"])
def test_what_ends_early_is_no_whole(name: str) -> None:
    header, coded = CODED[name]
    result = read_coded([coded(PAGE)[:-3]], header, 10_000)
    assert isinstance(result, FetchError)
    assert result.reason is Reason.TRUNCATED


@settings(max_examples=100)
@given(st.binary(max_size=200), st.sampled_from(["br", "zstd", "deflate", "gzip", "br, zstd", "gzip," * 9, "x"]))
def test_no_bytes_raise(data: bytes, header: str) -> None:
    assert isinstance(read_coded([data], header, 1_000), Body | FetchError)


@pytest.mark.parametrize("listens", [True, False])
@pytest.mark.parametrize("header", ["br", "zstd", "gzip"])
def test_an_answer_in_a_coding_we_did_not_ask_for_is_asked_for_once_more(
    server: Server, make_settings: MakeSettings, header: str, listens: bool
) -> None:
    coded = PAGE if header == "gzip" else CODED[header][1](PAGE)  # not gzip, though said to be

    def say(talk: Talk) -> None:
        plain = listens and talk.request.headers["accept-encoding"] == "identity"
        talk.say(answer(PAGE) if plain else answer(coded, headers={"Content-Encoding": header}))

    server.routes["/"] = say
    got = Client(make_settings()).get(server.url())
    assert isinstance(got, Response)
    assert got.body == PAGE
    assert [request.headers["accept-encoding"] for request in server.heard] == ["gzip", "identity"]


def test_a_coding_nobody_knows_is_asked_for_twice_and_refused(server: Server, make_settings: MakeSettings) -> None:
    server.routes["/"] = answer(b"\x01\x02", headers={"Content-Encoding": "compress"})
    got = Client(make_settings()).get(server.url())
    assert isinstance(got, FetchError)
    assert got.reason is Reason.ENCODING
    assert len(server.heard) == 2
