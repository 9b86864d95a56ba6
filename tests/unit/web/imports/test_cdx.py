"""CDX listings and raw captures, from a loopback archive."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.backfill import ArchiveSurvey, Holding
from schemas.memory import Memory
from schemas.outcome import Outcome, Reason, Settled
from schemas.page import Capture
from schemas.run import Run
from schemas.source import Source
from tasks.web.fetching.session import Web
from tasks.web.fetching.verdicts import Verdict
from tasks.web.http.throttle import Throttle
from tasks.web.imports.cdx import read_listing, survey_listing, take_capture
from tasks.web.imports.owners import Owners, Taken, judge_taken, with_provenance
from tests.unit.web.conftest import MakeSettings, MakeSource
from tests.unit.web.server import Script, Server, answer, redirect

HOST = "archive.firstdraft.test"
ADDRESS = f"http://{HOST}/cdx/search/cdx"
PAGE = b"<!doctype html><html><body><p>Two soldiers were killed.</p></body></html>"
HEAD = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
MEMENTO = {"Memento-Datetime": "Sun, 10 Dec 2023 10:00:00 GMT"}


def digest(body: bytes) -> str:
    return base64.b32encode(hashlib.sha1(body).digest()).decode()


def row(path: str, stamp: str = "20231210100000", status: str = "200", media: str = "text/html") -> list[str]:
    url = f"http://news.firstdraft.test{path}"
    return [f"test,firstdraft,news){path}", stamp, url, media, status, digest(PAGE), "999"]


ROWS = [row("/a"), row("/b")]
FORMS = {
    "json rows": json.dumps([HEAD, *ROWS]),
    "json rows without a header": json.dumps(ROWS),
    "words": "\n".join(" ".join(line) for line in ROWS),
    "words under a header": "\n".join([" CDX N b a m s k S", *(" ".join(line) for line in ROWS)]),
    "json lines": "\n".join(json.dumps(dict(zip(HEAD, line, strict=True))) for line in ROWS),
    "cdxj": "\n".join(
        f"{line[0]} {line[1]} " + json.dumps({"url": line[2], "mime": line[3], "status": line[4], "digest": line[5]})
        for line in ROWS
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_listing_is_read_in_each_form(form: str) -> None:
    listing = read_listing(FORMS[form].encode())
    told = [(one.stamp, one.original, one.mimetype, one.status, one.digest) for one in listing.rows]
    assert told == [(line[1], line[2], line[3], line[4], line[5]) for line in ROWS]
    assert (listing.bad, listing.error, listing.resume) == (0, None, None)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", None),
        (b"[]", None),
        (b"<html>503</html>", "not_a_listing"),
        (b"[[[[", "not_a_listing"),
        (b'[1, null, "x", {}]', "not_a_listing"),
        (b"a b c", "not_a_listing"),
        (b"org,e)/ 20239999999999 http://e.org/ text/html 200 A 1", "not_a_listing"),
        (b"org,e)/ 20231210100000 javascript:x text/html 200 A 1", "not_a_listing"),
    ],
)
def test_what_is_no_listing_is_told(body: bytes, error: str | None) -> None:
    listing = read_listing(body)
    assert (listing.rows, listing.error) == ([], error)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    for start in (b"", b"[", b"{", b'[["timestamp"],'):
        read_listing(start + body)


Survey = Callable[..., tuple[ArchiveSurvey, Web]]


class Listed(dict[str, Script]):
    """Routes that give the listing's answers in turn, whatever the question."""

    def __init__(self, answers: Iterable[bytes]) -> None:
        super().__init__()
        self._answers = iter(answers)

    def get(self, path: str, default: object = None) -> object:  # type: ignore[override]
        return next(self._answers) if path.startswith("/cdx/search/cdx?") else super().get(path, default)


@pytest.fixture
def source(make_source: MakeSource) -> Source:
    return make_source()


@pytest.fixture
def listed(server: Server, make_settings: MakeSettings, source: Source, run: Run) -> Survey:
    def survey(*answers: bytes, **changes: object) -> tuple[ArchiveSurvey, Web]:
        server.routes = Listed(answers)
        hosts = {HOST: f"127.0.0.1:{server.port}"}
        web = Web(make_settings(connect_to=hosts, archive_delay_seconds=0, **changes), throttle=Throttle())
        return survey_listing(web, run, source, Owners([source]), ADDRESS), web

    return survey


def listing(*rows: list[str], resume: str | None = None) -> bytes:
    tail = [[], [resume]] if resume else []
    return answer(json.dumps([HEAD, *rows, *tail]).encode(), media="application/json")


def test_a_listing_is_followed_to_its_end_and_filtered(server: Server, listed: Survey) -> None:
    found, _ = listed(
        listing(row("/a"), row("/a", "20231210110000"), row("/gone", status="404"), resume="more"),
        listing(row("/b"), row("/p.png", media="image/png"), row("/old", "20200101000000")),
        batch_size=1,
    )
    held = [(one.link.canonical_url, one.archived_at.hour) for batch in found.batches for one in batch.items]
    assert held == [("http://news.firstdraft.test/a", 11), ("http://news.firstdraft.test/b", 10)]
    assert [len(batch) for batch in found.discovery.batches] == [1, 1]
    (probe,) = found.discovery.probes
    assert (probe.entries, probe.error, probe.kind) == (2, None, "cdx")
    assert probe.detail == "1 not HTML, 1 not status 200, 1 older captures of the same address"
    first, second = server.heard
    assert "from=20231209&to=20231211" in first.path
    assert "url=news.firstdraft.test&matchType=host" in first.path
    assert "resumeKey=more" in second.path


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (answer(b"<html>busy</html>"), "not_a_listing"),
        (answer(status=503), "server_error"),
        (answer(status=403), "blocked"),
    ],
)
def test_an_archive_that_does_not_answer_is_told(listed: Survey, said: bytes, error: str) -> None:
    found, _ = listed(said)
    (probe,) = found.discovery.probes
    assert (probe.error, len(found.discovery), found.discovery.reached) == (error, 0, False)


Take = Callable[..., tuple[Taken | Verdict, Holding]]
RAW = "/web/20231210100000id_/http://news.firstdraft.test/a"


@pytest.fixture
def take(server: Server, listed: Survey, source: Source) -> Take:
    def taken(said: Script, **others: Script) -> tuple[Taken | Verdict, Holding]:
        found, web = listed(listing(row("/a")))
        server.routes |= {RAW: said, **others}
        ((held,),) = (batch.items for batch in found.batches)
        return take_capture(web, source, held), held

    return taken


def test_a_raw_capture_is_taken_with_the_archives_time(take: Take, source: Source, run: Run) -> None:
    got, held = take(answer(PAGE, headers=MEMENTO))
    assert isinstance(got, Taken)
    assert got.archived_at == datetime(2023, 12, 10, 10, tzinfo=UTC)
    assert (got.answer.body, got.check) == (PAGE, f"{digest(PAGE)} agrees")
    assert held.record == f"http://{HOST}{RAW}"
    fetch = judge_taken(run, source, held, got, Memory())
    assert not isinstance(fetch, Settled)
    assert (fetch.final_url, fetch.status) == ("http://news.firstdraft.test/a", 200)


def test_another_digest_is_told_and_refused_only_where_nothing_vouches_for_the_bytes(take: Take) -> None:
    other = PAGE + b"<!-- replayed -->"
    got, _ = take(answer(other, headers=MEMENTO))
    assert isinstance(got, Taken)
    assert got.check == f"{digest(PAGE)} differs: these bytes have {digest(other)}"
    refused, _ = take(answer(other))
    assert not isinstance(refused, Taken)
    assert refused[:2] == (Outcome.QUARANTINED, Reason.CAPTURE_DAMAGED)


def test_a_replay_of_another_time_gives_that_time(take: Take) -> None:
    other = "/web/20231209080000id_/http://news.firstdraft.test/a"
    got, _ = take(redirect(other), **{other: answer(PAGE, headers=MEMENTO)})
    assert isinstance(got, Taken)
    assert got.archived_at == datetime(2023, 12, 9, 8, tzinfo=UTC)
    assert "instead" in got.check


@pytest.mark.parametrize(
    ("said", "outcome", "reason"),
    [
        (answer(status=429, headers={"Retry-After": "600"}), Outcome.DEFERRED, Reason.RATE_LIMITED),
        (answer(status=404), Outcome.REJECTED, Reason.NOT_FOUND),
        (answer(b"GIF89a", media="image/gif"), Outcome.REJECTED, Reason.MEDIA_TYPE),
        (answer(PAGE * 2000), Outcome.REJECTED, Reason.TOO_LARGE),
    ],
)
def test_a_capture_that_cannot_be_had_ends_with_its_reason(
    take: Take, said: bytes, outcome: Outcome, reason: Reason
) -> None:
    got, _ = take(said)
    assert not isinstance(got, Taken)
    assert got[:2] == (outcome, reason)


def test_provenance_stands_apart_from_ours(take: Take) -> None:
    got, held = take(answer(PAGE, headers=MEMENTO))
    assert isinstance(got, Taken)
    now = datetime(2026, 1, 2, tzinfo=UTC)
    ours = Capture(held.link.canonical_url, "0" * 64, len(PAGE), "text/html", now, "run", "a.warc.gz", 9, 99)
    capture = with_provenance(held, got, ours)
    assert replace(capture, archive=None, archive_record=None, archived_at=None, archive_check=None) == ours
    assert (capture.archive, capture.archive_record) == (ADDRESS, held.record)
    assert (capture.seen_at, ours.seen_at) == (got.archived_at, ours.captured_at)
