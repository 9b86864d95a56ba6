"""Whatever bytes a server sends, a link comes to one end: no class of exception leaves the fetch."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.fetch import KnownPage
from schemas.link import FoundIn, Link
from schemas.memory import Memory
from schemas.outcome import Batch
from schemas.run import Run, Window
from schemas.settings import Settings
from schemas.source import Source
from tasks.web.fetching.session import Web
from tasks.web.fetching.visit import visit_batch
from tasks.web.http.request_policy import OpenPolicy
from tasks.web.http.response import FetchError, Response
from tasks.web.http.throttle import Throttle
from tests.unit.web.hostile.case import HOME, PAGE
from tests.unit.web.server import Server

RUN = Run("nightly", Window(date(2023, 12, 9), date(2023, 12, 11)), datetime(2023, 12, 11, 22, tzinfo=UTC), "0.1.0")
SOURCE = Source(
    id="news-en", name="N", family="n", country="SY", language="en", homepage=f"{HOME}/", delay_seconds=0, tdm="note"
)

_NAMES = st.sampled_from(
    ["Content-Length", "Content-Encoding", "Content-Type", "Transfer-Encoding", "Location", "Retry-After", "ETag",
     "Last-Modified", "X-Robots-Tag", "tdm-reservation", "Set-Cookie", "cf-mitigated", "Connection", "", "A B", "\xff"]
)  # fmt: skip
_VALUES = st.one_of(
    st.sampled_from(
        ["0", "5", "-1", "9" * 25, "gzip", "br", "chunked", "text/html", "text/html; charset=\x00", "/a", "http://[",
         "//", "120", "Mon, 01 Jan 2024 00:00:00 GMT", "Mon, 99 Jan 99999 00:00:00 +9999", "1", ";,:=", "\xd0\xbd", '"']
    ),
    st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=30),
)  # fmt: skip
_STATUS = st.one_of(
    st.sampled_from(["HTTP/1.1 200 OK", "HTTP/1.0 200", "HTTP/1.1 302 Found", "HTTP/1.1 304 X", "HTTP/1.1 503 X"]),
    st.integers(-5, 1200).map(lambda status: f"HTTP/1.1 {status} Said"),
    st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=20),
)
_CHUNK = st.tuples(st.sampled_from(["0", "1", "5", "ff", "-1", "x", "", "5;ext", "0" * 50]), st.binary(max_size=20))
_BODY = st.one_of(
    st.sampled_from([PAGE, b"", b"\x1f\x8b\x08", bytes(50), b"<meta name=robots content=>"]),
    st.binary(max_size=100),
    st.lists(_CHUNK, max_size=4).map(lambda chunks: b"".join(f"{s}\r\n".encode() + d + b"\r\n" for s, d in chunks)),
)


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    """A status line, header lines and a body, each perhaps none."""
    headers = draw(st.lists(st.tuples(_NAMES, _VALUES), max_size=5))
    lines = [draw(_STATUS), *(f"{name}: {value}" for name, value in headers)]
    end = draw(st.sampled_from(["\r\n", "\n", "\r"]))
    return (end.join(lines) + end * 2).encode("latin-1") + draw(_BODY)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture(scope="module")
def web(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Web:
    here = Settings(
        data_dir=Path(tmp_path_factory.mktemp("fuzz")),
        allow_loopback=True,
        connect_to={"news.firstdraft.test": f"127.0.0.1:{server.port}"},
        read_timeout=0.5,
        total_timeout=2,
        max_redirects=2,
        retries=0,
    )
    return Web(here, lambda host, _port: ["127.0.0.1"] if host == "127.0.0.1" else [], Throttle())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers() | st.binary(max_size=200), st.booleans())
def test_any_bytes_come_to_one_end(server: Server, web: Web, said: bytes, known: bool) -> None:
    server.routes["/a"] = said
    result = web.client.get(f"{HOME}/a", gate=OpenPolicy())
    assert isinstance(result, Response | FetchError)
    link = Link("news-en", f"{HOME}/a", f"{HOME}/a", FoundIn.FEED, f"{HOME}/feed/")
    pages = {link.canonical_url: KnownPage(link.canonical_url, "cap_1", "0" * 64, '"v1"', None)} if known else {}
    web._outages.clear("news.firstdraft.test")
    got = visit_batch(web, RUN, SOURCE, Batch("news-en", 0, (link,)), Memory(pages=pages))
    assert len(got.items) + len(got.settled) == 1
    assert not got.settled or got.settled[0].detail


@settings(max_examples=300, deadline=None)
@given(url=st.text(max_size=60) | st.text(max_size=40).map(lambda rest: f"http://{rest}"))
def test_any_words_for_a_url_are_an_end(web: Web, url: str) -> None:
    result = web.client.get(url)
    assert isinstance(result, Response | FetchError)
