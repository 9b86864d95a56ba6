"""Whatever bytes stand in any part of a message, the page is kept in those very bytes and the batch goes on."""

import gzip
from pathlib import Path

import pytest

from schemas.fetch import Fetch
from schemas.ledger import Captured, Entry
from schemas.link import FoundIn, Link
from schemas.memory import Memory
from schemas.outcome import Batch, Outcome, Reason
from schemas.page import FetchedPage
from schemas.run import Run
from tasks.web.archive.captures import Archive, read_body
from tasks.web.fetching.session import Web
from tasks.web.fetching.visit import visit_batch
from tasks.web.http.response import Response
from tasks.web.http.throttle import Throttle
from tests.unit.web.conftest import MakeSettings, MakeSource
from tests.unit.web.hostile.case import HOME, PAGE, raw
from tests.unit.web.server import Script, Server, answer

LENGTH = f"Content-Length: {len(PAGE)}"
TYPE = "Content-Type: text/html"
ARABIC = "/\u0623\u062e\u0628\u0627\u0631"
ESCAPED = "/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1"
#: The link, what the server says to which path, and bytes that must stand in the archive as they were sent.
SAID: dict[str, tuple[str, dict[str, Script], bytes]] = {
    "a link beyond ASCII": (ARABIC, {ESCAPED: raw("HTTP/1.1 200 OK", TYPE, LENGTH)}, b"GET /%D8"),
    "a reason phrase in Latin-1": ("/a", {"/a": raw("HTTP/1.1 200 Tr\xe8s bien", TYPE, LENGTH)}, b"200 Tr\xe8s bien"),
    "a reason phrase in UTF-8": ("/a", {"/a": raw("HTTP/1.1 200 \xc3\xa0 vous", TYPE, LENGTH)}, b"200 \xc3\xa0 vous"),
    "a header value in Latin-1": (
        "/a", {"/a": raw("HTTP/1.1 200 OK", TYPE, LENGTH, "X-Ville: Orl\xe9ans")}, b"X-Ville: Orl\xe9ans"
    ),
    "a header value of C1 controls and hard spaces": (
        "/a", {"/a": raw("HTTP/1.1 200 OK", TYPE, LENGTH, "X-A: \xc3\x85\xc2\xa0\x85x")}, b"X-A: \xc3\x85\xc2\xa0\x85x"
    ),
    "a header name beyond ASCII": ("/a", {"/a": raw("HTTP/1.1 200 OK", TYPE, LENGTH, "X-\xe9: 1")}, b"HTTP/1.1 200 OK"),
    "a raw byte in Location": (
        "/a",
        {"/a": raw("HTTP/1.1 302 Found", "Location: /caf\xe9", "Content-Length: 0", body=b""),
         "/caf%C3%A9": raw("HTTP/1.1 200 OK", TYPE, LENGTH)},
        b"Location: /caf\xe9",
    ),
    "UTF-8 with a hard space's byte in Location": (
        "/a",
        {"/a": raw("HTTP/1.1 302 Found", "Location: /\xc3\xa0", "Content-Length: 0", body=b""),
         "/%C3%A0": raw("HTTP/1.1 200 OK", TYPE, LENGTH)},
        b"Location: /\xc3\xa0",
    ),
    "a media type of every byte": (
        "/a",
        {"/a": raw("HTTP/1.1 200 OK", f"{TYPE}; charset={bytes(range(128, 256)).decode('latin-1')}", LENGTH)},
        bytes(range(128, 256)),
    ),
    "a line folded into the next": (
        "/a", {"/a": raw("HTTP/1.1 200 OK", TYPE, LENGTH, "X-A: b\r\n \xe9")}, b"X-A: b \xe9"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_the_page_is_kept_as_it_was_sent(
    name: str, server: Server, make_settings: MakeSettings, make_source: MakeSource, run: Run, tmp_path: Path
) -> None:
    path, routes, kept = SAID[name]
    server.routes |= routes | {"/b": answer(PAGE)}
    server.routes["/robots.txt"] = raw("HTTP/1.1 404 Pas trouv\xe9", "X-\xe9: \xff", body=b"")
    web = Web(make_settings(read_timeout=5, total_timeout=10), throttle=Throttle(), run=run)
    links = tuple(Link("news-en", f"{HOME}{p}", f"{HOME}{p}", FoundIn.FEED, HOME) for p in (path, "/b"))
    got = visit_batch(web, run, make_source(), Batch("news-en", 0, links), Memory())
    assert [page.fetch.link for page in got.items] == list(links), got.settled
    for page in got.items:
        assert read_body(web.settings.captures_dir, page.capture) == PAGE
    data = b"".join(file.read_bytes() for file in (tmp_path / "captures").rglob("news-en*.warc.gz"))
    assert kept in gzip.decompress(data)


def test_a_failure_of_ours_costs_one_link_and_is_named(
    server: Server,
    make_settings: MakeSettings,
    make_source: MakeSource,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep = Archive.keep

    def break_at_first(self: Archive, batch: int, fetch: Fetch, said: Response) -> FetchedPage:
        if said.url.endswith("/a"):
            raise UnicodeEncodeError("ascii", "\xe9", 0, 1, "nobody foresaw this")
        return keep(self, batch, fetch, said)

    monkeypatch.setattr(Archive, "keep", break_at_first)
    server.routes |= {"/a": answer(PAGE), "/b": answer(PAGE)}
    told: list[Entry] = []
    web = Web(make_settings(read_timeout=5, total_timeout=10), throttle=Throttle(), run=run, note=told.append)
    links = tuple(Link("news-en", f"{HOME}{p}", f"{HOME}{p}", FoundIn.FEED, HOME) for p in ("/a", "/b"))
    got = visit_batch(web, run, make_source(), Batch("news-en", 0, links), Memory())
    (page,), (end,) = got.items, got.settled
    assert page.fetch.link.url == f"{HOME}/b"
    assert (end.outcome, end.reason) == (Outcome.DEFERRED, Reason.FETCH_FAILED)
    assert "nobody foresaw this" in end.detail
    assert [entry.page for entry in told if isinstance(entry, Captured)] == [page]


def test_a_disk_that_takes_nothing_ends_the_batch(
    server: Server,
    make_settings: MakeSettings,
    make_source: MakeSource,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> FetchedPage:
        raise PermissionError(13, "no writing here")

    monkeypatch.setattr(Archive, "keep", full)
    server.routes["/a"] = answer(PAGE)
    web = Web(make_settings(read_timeout=5, total_timeout=10), throttle=Throttle(), run=run)
    link = Link("news-en", f"{HOME}/a", f"{HOME}/a", FoundIn.FEED, HOME)
    with pytest.raises(PermissionError):
        visit_batch(web, run, make_source(), Batch("news-en", 0, (link,)), Memory())
