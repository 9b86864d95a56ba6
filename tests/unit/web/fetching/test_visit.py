from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from warcio.archiveiterator import ArchiveIterator

from schemas.fetch import KnownPage
from schemas.keys import sha256_hex
from schemas.link import FoundIn, Link
from schemas.memory import Deferral, Ended, Memory
from schemas.outcome import Batch, Outcome, Reason
from schemas.page import FetchedPage
from schemas.run import Run
from tasks.web.archive.captures import read_body
from tasks.web.fetching import session
from tasks.web.fetching.session import Web, web_for
from tasks.web.fetching.visit import visit_batch
from tasks.web.http.client import Client
from tasks.web.http.request_policy import OpenPolicy
from tasks.web.http.response import FetchError
from tasks.web.http.throttle import Throttle
from tests.unit.web.conftest import MakeSettings, MakeSource
from tests.unit.web.server import Script, Server, answer, gzipped, redirect

FetchPaths = Callable[..., Batch[FetchedPage]]
HOME = "http://news.firstdraft.test"
PAGE = b"<!doctype html><html><body><p>Two soldiers were killed.</p></body></html>"


def link(path: str) -> Link:
    return Link("news-en", f"{HOME}{path}", f"{HOME}{path}", FoundIn.FEED, f"{HOME}/feed/")


def known_page(body: bytes = PAGE, etag: str | None = '"v1"') -> KnownPage:
    return KnownPage(f"{HOME}/a", "cap_1", sha256_hex(body), etag, "Mon, 11 Dec 2023 10:00:00 GMT")


@pytest.fixture
def fetch(make_settings: MakeSettings, make_source: MakeSource, run: Run) -> FetchPaths:
    def visit(*paths: str, known: KnownPage | None = None, **settings: object) -> Batch[FetchedPage]:
        web = Web(make_settings(**settings), throttle=Throttle())
        batch = Batch("news-en", 4, tuple(link(path) for path in paths))
        got = visit_batch(web, run, make_source(), batch, Memory(pages={known.canonical_url: known} if known else {}))
        assert len(got) == len(batch)
        return got

    return visit


def test_a_page_is_fetched_and_kept(server: Server, fetch: FetchPaths, make_settings: MakeSettings, run: Run) -> None:
    headers = {"ETag": '"v1"', "Last-Modified": "Mon, 11 Dec 2023 10:00:00 GMT"}
    server.routes |= {"/a": redirect("/b"), "/b": answer(PAGE, headers=headers), "/c": gzipped(PAGE + b"c")}
    batch = fetch("/a", "/c")
    first = batch.items[0]
    assert (first.fetch.status, first.fetch.final_url) == (200, f"{HOME}/b")
    assert first.fetch.redirects == (f"{HOME}/a",)
    assert (first.fetch.etag, first.fetch.last_modified) == ('"v1"', headers["Last-Modified"])
    assert first.fetch.elapsed_ms < 600
    assert (first.capture.url, first.capture.sha256) == (f"{HOME}/a", sha256_hex(PAGE))
    assert first.capture.run_id == run.run_id
    folder = make_settings().captures_dir
    assert [read_body(folder, page.capture) for page in batch.items] == [PAGE, PAGE + b"c"]


ENDS: list[tuple[str, Script, bool, Outcome, Reason]] = [
    ("404 unknown", answer(status=404), False, Outcome.REJECTED, Reason.NOT_FOUND),
    ("404 known", answer(status=404), True, Outcome.TOMBSTONE, Reason.NOT_FOUND),
    ("410 unknown", answer(status=410), False, Outcome.REJECTED, Reason.GONE),
    ("410 known", answer(status=410), True, Outcome.TOMBSTONE, Reason.GONE),
    ("451 known", answer(status=451), True, Outcome.TOMBSTONE, Reason.LEGAL),
    ("401", answer(status=401), False, Outcome.REJECTED, Reason.BLOCKED),
    ("403 known", answer(status=403), True, Outcome.REJECTED, Reason.BLOCKED),
    ("429", answer(status=429), False, Outcome.DEFERRED, Reason.RATE_LIMITED),
    ("500", answer(status=500), False, Outcome.DEFERRED, Reason.SERVER_ERROR),
    ("503 known", answer(status=503), True, Outcome.DEFERRED, Reason.SERVER_ERROR),
    ("522", answer(status=522), False, Outcome.DEFERRED, Reason.SERVER_ERROR),
    ("204", answer(status=204), False, Outcome.REJECTED, Reason.EMPTY),
    ("206", answer(PAGE, status=206), False, Outcome.REJECTED, Reason.HTTP_STATUS),
    ("999", answer(PAGE, status=999), False, Outcome.REJECTED, Reason.HTTP_STATUS),
    ("300 without Location", answer(PAGE, status=300), False, Outcome.REJECTED, Reason.HTTP_STATUS),
    ("304 unasked", answer(status=304), False, Outcome.REJECTED, Reason.EMPTY),
    ("304", answer(status=304), True, Outcome.UNCHANGED, Reason.NOT_MODIFIED),
    ("same bytes", answer(PAGE), True, Outcome.UNCHANGED, Reason.SAME_BYTES),
    ("same bytes, gzipped", gzipped(PAGE), True, Outcome.UNCHANGED, Reason.SAME_BYTES),
    ("empty", answer(b" \n"), False, Outcome.REJECTED, Reason.EMPTY),
    ("JSON", answer(b"{}", media="application/json"), False, Outcome.REJECTED, Reason.MEDIA_TYPE),
    ("too large", answer(b"x" * 100_001), False, Outcome.REJECTED, Reason.TOO_LARGE),
    ("cut gzip", gzipped(PAGE * 50, cut=40), False, Outcome.DEFERRED, Reason.TRUNCATED),
    ("to another site", redirect("http://elsewhere.example/a"), False, Outcome.REJECTED, Reason.OFFSITE),
    ("to a file", redirect("file:///etc/passwd"), False, Outcome.REJECTED, Reason.SCHEME),
    ("to a private address", redirect("http://10.0.0.1/"), False, Outcome.REJECTED, Reason.OFFSITE),
    ("in a circle", redirect("/a"), False, Outcome.REJECTED, Reason.REDIRECTS),
    ("to what robots.txt disallows", redirect("/private/a"), False, Outcome.REJECTED, Reason.ROBOTS),
    ("closed", b"", False, Outcome.DEFERRED, Reason.UNREACHABLE),
    ("no HTTP", b"hello\r\n\r\n", False, Outcome.REJECTED, Reason.PROTOCOL),
]


@pytest.mark.parametrize(("script", "known", "outcome", "reason"), [end[1:] for end in ENDS], ids=[e[0] for e in ENDS])
def test_every_answer_has_its_one_end(
    server: Server,
    fetch: FetchPaths,
    tmp_path: Path,
    script: Script,
    known: bool,
    outcome: Outcome,
    reason: Reason,
) -> None:
    server.routes |= {"/a": script, "/robots.txt": answer(b"User-agent: *\nDisallow: /private\n")}
    (end,) = fetch("/a", known=known_page() if known else None).settled
    assert (end.outcome, end.reason) == (outcome, reason)
    assert end.detail
    assert not list(tmp_path.rglob("*.warc.gz*"))


def test_what_robots_disallows_is_never_asked_for(server: Server, fetch: FetchPaths) -> None:
    server.routes |= {"/robots.txt": answer(b"User-agent: *\nDisallow: /private\n"), "/a": answer(PAGE)}
    batch = fetch("/private/a", "/a", "/private/b")
    assert server.paths == ["/robots.txt", "/a", "/.well-known/tdmrep.json"]
    assert [(end.outcome, end.reason) for end in batch.settled] == [(Outcome.REJECTED, Reason.ROBOTS)] * 2


def test_a_site_whose_robots_cannot_be_read_is_left_for_another_day(server: Server, fetch: FetchPaths) -> None:
    server.routes |= {"/robots.txt": answer(status=503), "/a": answer(PAGE)}
    batch = fetch("/a", "/b")
    assert server.paths == ["/robots.txt"]
    assert {(end.outcome, end.reason) for end in batch.settled} == {(Outcome.DEFERRED, Reason.ROBOTS_UNREACHABLE)}


def test_what_is_known_is_asked_for_conditionally(server: Server, fetch: FetchPaths) -> None:
    server.routes["/a"] = answer(PAGE + b"changed")
    batch = fetch("/a", known=known_page())
    assert len(batch.items) == 1
    heard = server.heard[server.paths.index("/a")].headers
    assert (heard["if-none-match"], heard["if-modified-since"]) == ('"v1"', "Mon, 11 Dec 2023 10:00:00 GMT")


@pytest.mark.parametrize(
    ("last_modified", "kept"),
    [
        ("Sun, 10 Dec 2023 10:00:00 GMT", True),
        ("Sat, 05 Jan 2193 10:00:00 GMT", False),  # it would be "not modified" for all our lives
        ("Sat, 05 Jan 9999 10:00:00 GMT", False),
        ("soon", False),
        ("0", False),
    ],
)
def test_a_last_modified_that_has_not_come_is_never_sent_back(
    server: Server, fetch: FetchPaths, last_modified: str, kept: bool
) -> None:
    server.routes["/a"] = answer(PAGE, headers={"Last-Modified": last_modified, "ETag": '"v1"'})
    (page,) = fetch("/a").items
    assert (page.fetch.etag, page.fetch.last_modified) == ('"v1"', last_modified if kept else None)


def test_nor_is_one_kept_before_we_knew(server: Server, fetch: FetchPaths) -> None:
    server.routes["/a"] = answer(PAGE)
    known = replace(known_page(b"other"), last_modified="Sat, 05 Jan 2193 10:00:00 GMT")
    fetch("/a", known=known)
    heard = server.heard[server.paths.index("/a")].headers
    assert ("if-none-match" in heard, "if-modified-since" in heard) == (True, False)


def test_a_page_without_a_media_type_is_looked_at(server: Server, fetch: FetchPaths) -> None:
    server.routes["/a"] = b"HTTP/1.1 200 OK\r\n\r\n" + PAGE
    server.routes["/b"] = b"HTTP/1.1 200 OK\r\n\r\nPK\x03\x04"
    batch = fetch("/a", "/b")
    assert [page.fetch.link.url for page in batch.items] == [f"{HOME}/a"]
    assert [end.reason for end in batch.settled] == [Reason.MEDIA_TYPE]


def test_a_run_shares_one_web_and_the_next_run_has_its_own(make_settings: MakeSettings, run: Run) -> None:
    other = Run("backfill", run.window, run.started_at, "0.1.0")
    assert web_for(run, make_settings()) is web_for(run, make_settings())
    assert web_for(run, make_settings()) is not web_for(other, make_settings())
    assert web_for(run, make_settings()) is not web_for(run, make_settings(retries=7))


# Remembered -------------------------------------------------------------------------------------------------------

LATER = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=3)


@pytest.fixture
def recall(make_settings: MakeSettings, make_source: MakeSource, run: Run) -> FetchPaths:
    """Visits ``/a`` with what is remembered."""

    def visit(memory: Memory, origin: str = "nightly", **settings: object) -> Batch[FetchedPage]:
        web = Web(make_settings(**settings), throttle=Throttle())
        return visit_batch(web, replace(run, origin=origin), make_source(), Batch("news-en", 0, (link("/a"),)), memory)

    return visit


def test_a_suppressed_address_is_not_asked_for(server: Server, recall: FetchPaths) -> None:
    (end,) = recall(Memory(suppressed={f"{HOME}/a": "order of a court"})).settled
    assert (end.outcome, end.reason, end.detail) == (Outcome.REJECTED, Reason.SUPPRESSED, "order of a court")
    assert server.connections == 0


def test_nor_does_a_redirect_lead_to_it(server: Server, recall: FetchPaths, tmp_path: Path) -> None:
    server.routes |= {"/a": redirect("/b?utm_source=x"), "/b?utm_source=x": answer(PAGE)}
    (end,) = recall(Memory(suppressed={f"{HOME}/b": "order of a court"})).settled
    assert (end.reason, end.fetch.redirects) == (Reason.SUPPRESSED, (f"{HOME}/a",))
    assert server.paths == ["/robots.txt", "/a"]
    assert not list(tmp_path.rglob("*.warc.gz*"))


def test_suppressed_bytes_are_never_kept(server: Server, recall: FetchPaths, tmp_path: Path) -> None:
    server.routes["/a"] = gzipped(PAGE)
    (end,) = recall(Memory(suppressed={sha256_hex(PAGE): "a minor is named"})).settled
    assert (end.outcome, end.reason, end.fetch.status) == (Outcome.REJECTED, Reason.SUPPRESSED, 200)
    assert not list(tmp_path.rglob("*.warc.gz*"))


@pytest.mark.parametrize(
    ("ended", "outcome", "reason"),
    [
        (Ended("run_1", Outcome.REJECTED, Reason.SOFT_404, "not found"), Outcome.REJECTED, Reason.SOFT_404),
        (Ended("run_1", Outcome.UNCHANGED, Reason.SAME_TEXT), Outcome.UNCHANGED, Reason.SAME_TEXT),
        (Ended("run_1", Outcome.STORED, None), Outcome.UNCHANGED, Reason.HELD),
    ],
)
def test_what_ended_in_a_run_cut_off_is_not_asked_again(
    server: Server, recall: FetchPaths, ended: Ended, outcome: Outcome, reason: Reason
) -> None:
    (end,) = recall(Memory(ended={f"{HOME}/a": ended})).settled
    assert (end.outcome, end.reason) == (outcome, reason)
    assert "run_1" in end.detail
    assert server.connections == 0


@pytest.mark.parametrize(
    ("origin", "refetch", "asked"), [("backfill", False, 0), ("backfill", True, 2), ("nightly", False, 2)]
)
def test_a_backfill_does_not_ask_for_what_is_held(
    server: Server, recall: FetchPaths, origin: str, refetch: bool, asked: int
) -> None:
    server.routes["/a"] = answer(status=304)
    (end,) = recall(Memory(pages={f"{HOME}/a": known_page()}), origin, refetch=refetch).settled
    assert (end.outcome, end.reason) == (Outcome.UNCHANGED, Reason.NOT_MODIFIED if asked else Reason.HELD)
    assert server.connections == asked


def test_a_link_put_off_is_not_asked_earlier(server: Server, recall: FetchPaths) -> None:
    deferral = Deferral(LATER, Reason.RATE_LIMITED, "run_1")
    (end,) = recall(Memory(deferred={f"{HOME}/a": deferral})).settled
    assert (end.outcome, end.reason, end.fetch.deferred_until) == (Outcome.DEFERRED, Reason.RATE_LIMITED, LATER)
    assert "run_1" in end.detail
    assert server.connections == 0


def test_but_it_is_when_its_time_has_come(server: Server, recall: FetchPaths) -> None:
    server.routes["/a"] = answer(PAGE)
    past = Deferral(datetime.now(UTC) - timedelta(seconds=1), Reason.RATE_LIMITED, "run_1")
    assert len(recall(Memory(deferred={f"{HOME}/a": past})).items) == 1


def test_a_304_without_validators_says_nothing(server: Server, fetch: FetchPaths) -> None:
    server.routes["/a"] = answer(status=304)
    known = replace(known_page(etag=None), last_modified=None)
    (end,) = fetch("/a", known=known).settled
    assert (end.outcome, end.reason) == (Outcome.REJECTED, Reason.EMPTY)


def test_the_rest_of_a_batch_waits_for_a_host_that_asked_for_time(server: Server, fetch: FetchPaths) -> None:
    server.routes["/a"] = answer(status=503, headers={"Retry-After": "90"})
    first, second = fetch("/a", "/b").settled
    assert (first.reason, second.reason) == (Reason.SERVER_ERROR, Reason.SERVER_ERROR)
    assert first.fetch.deferred_until is not None
    assert second.fetch.deferred_until is not None
    assert abs(second.fetch.deferred_until - first.fetch.deferred_until) < timedelta(seconds=10)
    assert server.paths == ["/robots.txt", "/a"]


def test_every_hop_is_in_the_archive(server: Server, fetch: FetchPaths, make_settings: MakeSettings) -> None:
    server.routes |= {"/a": redirect("/b", 301), "/b": redirect("/c"), "/c": answer(PAGE)}
    (page,) = fetch("/a").items
    with (make_settings().captures_dir / page.capture.warc_file).open("rb") as file:
        kept = [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), record.http_headers.get_statuscode())
            for record in ArchiveIterator(file)
            if record.rec_type == "response"
        ]
    assert kept == [
        ("response", f"{HOME}{path}", status) for path, status in (("/a", "301"), ("/b", "302"), ("/c", "200"))
    ]


def test_a_host_that_turns_us_away_is_asked_more_slowly(server: Server, make_settings: MakeSettings) -> None:
    class Noting(OpenPolicy):
        held: ClassVar[list[Reason]] = []

        def pause(self, url: str, attempt: int, fault: FetchError) -> bool:
            self.held.append(fault.reason)
            return True

    server.routes["/"] = answer(status=403)
    Client(make_settings()).get(server.url(), gate=Noting())
    assert Noting.held == [Reason.BLOCKED]


def test_a_visitor_without_a_name_is_told_so_once(
    make_settings: MakeSettings, run: Run, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "_NAMELESS", set())
    for number in range(2):
        web_for(replace(run, code_version=str(number)), make_settings(allow_loopback=False))
    web_for(run, make_settings(allow_loopback=False, contact_email="desk@example.org"))
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "FIRSTDRAFT_CONTACT_URL" in caplog.text


RESERVED = b'[{"location": "/", "tdm-reservation": 1}, {"location": "/press/*", "tdm-reservation": 0}]'


def test_what_a_site_reserves_is_asked_once_and_respected(server: Server, fetch: FetchPaths) -> None:
    server.routes |= {
        "/a": answer(PAGE),
        "/press/b": answer(PAGE + b"<!-- b -->"),
        "/c": answer(PAGE, headers={"tdm-reservation": "0"}),
    }
    server.routes["/.well-known/tdmrep.json"] = answer(RESERVED, media="application/json")
    batch = fetch("/a", "/press/b", "/c")
    (end,) = batch.settled
    assert (end.reason, end.fetch.tdm_reservation) == (Reason.RESERVED, "1 (tdmrep.json: /)")
    assert {page.fetch.link.url.removeprefix(HOME): page.fetch.tdm_reservation for page in batch.items} == {
        "/press/b": "0 (tdmrep.json: /press/*)",
        "/c": "0",
    }
    assert server.paths.count("/.well-known/tdmrep.json") == 1


@pytest.mark.parametrize(
    "script",
    [
        answer(status=500),
        answer(b"<html>"),
        answer(b"{}"),
        answer(b"[1, null, {}]"),
        answer(b"[" * 100_000),
        redirect("/"),
    ],
    ids=["broken", "html", "empty", "no rules", "deep", "moved"],
)
def test_a_file_that_is_none_reserves_nothing(server: Server, fetch: FetchPaths, script: Script) -> None:
    server.routes |= {"/a": answer(PAGE), "/.well-known/tdmrep.json": script}
    assert len(fetch("/a").items) == 1


def test_a_file_that_robots_disallows_is_not_asked_for(server: Server, fetch: FetchPaths) -> None:
    server.routes |= {"/robots.txt": answer(b"User-agent: *\nDisallow: /.well-known/\n"), "/a": answer(PAGE)}
    assert len(fetch("/a").items) == 1
    assert server.paths == ["/robots.txt", "/a"]
