"""WARC files of others: what is found in them, and that nothing in them is believed or stops the rest."""

import gzip
import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from schemas.backfill import Holding, WarcFile
from schemas.fetch import Fetch
from schemas.outcome import Outcome, Reason
from schemas.run import Run, Window
from schemas.source import Source
from tasks.web.archive.captures import Archive, read_body
from tasks.web.fetching.verdicts import Verdict
from tasks.web.imports.owners import Owners, Taken, check_digest, first_whole
from tasks.web.imports.warc_index import WarcIndex
from tasks.web.imports.warcs import FileSurvey, find_warcs, survey_file, take_record
from tests.unit.web.conftest import MakeSource
from tests.unit.web.http.test_codings import zstd

NOW = datetime(2026, 1, 2, 3, tzinfo=UTC)
LIMIT = 200_000


@dataclass(frozen=True)
class Page:
    """A response to be written into a WARC file."""

    path: str = "/a"
    body: bytes = b""
    when: str = "2021-03-05T12:00:00Z"
    host: str = "news.firstdraft.test"
    status: str = "200 OK"
    media: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    digest: str | None = None

    @property
    def url(self) -> str:
        return f"http://{self.host}{self.path}"


def body_of(words: str, size: int = 3000) -> bytes:
    """A page that does not compress to nothing: flips must have something to hit."""
    noise = random.Random(words).randbytes(size // 2).hex()
    return f"<!doctype html><html><body><p>{words}</p><!-- {noise} --></body></html>".encode()


def write_warc(path: Path, pages: Iterable[Page], *, gzipped: bool = True) -> bytes:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=gzipped)
    writer.write_record(writer.create_warcinfo_record(path.name, {"software": "somebody else's"}))
    for page in pages:
        headers = [("Content-Type", page.media), *page.headers]
        stated = {"WARC-Date": page.when} | ({"WARC-Payload-Digest": page.digest} if page.digest else {})
        request = StatusAndHeaders(f"GET {page.path} HTTP/1.1", [("Host", page.host)], is_http_request=True)
        response = StatusAndHeaders(page.status, headers, protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record(page.url, "request", http_headers=request))
        writer.write_record(
            writer.create_warc_record(
                page.url,
                "response",
                payload=io.BytesIO(page.body),
                length=len(page.body),
                http_headers=response,
                warc_headers_dict=stated,
            )
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(buffer.getvalue())
    return buffer.getvalue()


@pytest.fixture
def source(make_source: MakeSource) -> Source:
    return make_source()


def survey(path: Path, *sources: Source) -> FileSurvey:
    (file,), failed = find_warcs([path])
    assert failed == []
    return survey_file(file, Owners(sources), frozenset(source.id for source in sources))


def taken(held: Holding) -> Taken | Verdict:
    return take_record(held, LIMIT, NOW)


PAGES = [Page(f"/{number}", body_of(f"story {number}")) for number in range(6)]


@pytest.mark.parametrize("gzipped", [True, False])
def test_a_page_is_taken_with_its_own_time_and_place(tmp_path: Path, source: Source, gzipped: bool) -> None:
    name = "theirs.warc.gz" if gzipped else "theirs.warc"
    write_warc(tmp_path / name, PAGES, gzipped=gzipped)
    found = survey(tmp_path / name, source)
    assert (found.records, found.error, found.skipped) == (6, None, {})
    assert [held.link.canonical_url for held in found.holdings] == [page.url for page in PAGES]
    for held, page in zip(found.holdings, PAGES, strict=True):
        got = taken(held)
        assert isinstance(got, Taken)
        assert (got.answer.body, got.answer.status, got.answer.requested_at) == (page.body, 200, NOW)
        assert got.archived_at == datetime(2021, 3, 5, 12, tzinfo=UTC)
        assert got.answer.request_headers == ()
        assert (held.archive, held.record[:9]) == (name, "<urn:uuid")
        assert got.check.endswith("agrees")


def test_files_are_found_in_folders_below_and_in_wacz(tmp_path: Path, source: Source) -> None:
    write_warc(tmp_path / "2021/03/a.warc.gz", PAGES[:1])
    write_warc(tmp_path / "2021/b.warc", PAGES[1:2], gzipped=False)
    inner = write_warc(tmp_path / "inner.tmp", PAGES[2:4])
    with zipfile.ZipFile(tmp_path / "crawl.wacz", "w") as packed:
        packed.writestr("datapackage.json", "{}")
        packed.writestr("archive/data.warc.gz", inner)
    with zipfile.ZipFile(tmp_path / "deflated.wacz", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("archive/data.warc.gz", inner)
    (tmp_path / "broken.wacz").write_bytes(b"PK no zip")
    files, failed = find_warcs([tmp_path])
    assert [file.name for file in files] == ["a.warc.gz", "b.warc", "crawl.wacz!archive/data.warc.gz"]
    assert [(one.name, one.error) for one in failed] == [("broken.wacz", "unreadable"), ("deflated.wacz", "unreadable")]
    surveys = [survey_file(file, Owners([source]), frozenset([source.id])) for file in files]
    bodies = [got.answer.body for one in surveys for held in one.holdings if isinstance(got := taken(held), Taken)]
    assert bodies == [page.body for page in PAGES[:4]]


SKIPPED = [
    (Page(host="other.test"), "of other hosts"),
    (Page(status="404 Not Found"), "not status 200"),
    (Page(status="301 Moved"), "not status 200"),
    (Page(media="image/png"), "not HTML"),
    (Page(media="application/json"), "not HTML"),
    (Page(when="yesterday"), "damaged"),
    (Page(path="/a/b/a/b/a/b/a/b"), "without a usable address or date"),
]


@pytest.mark.parametrize(("page", "why"), SKIPPED, ids=[why for _, why in SKIPPED])
def test_what_is_no_page_of_ours_is_counted_by_why(tmp_path: Path, source: Source, page: Page, why: str) -> None:
    write_warc(tmp_path / "x.warc.gz", [page, *PAGES[:1]])
    found = survey(tmp_path / "x.warc.gz", source)
    assert len(found.holdings) == 1
    if why != "damaged":
        assert dict(found.skipped) == {why: 1}
    assert sum(found.skipped.values()) == 1


def chunked(body: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:100], body[100:])) + b"0\r\n\r\n"


Wrapped = tuple[Callable[[bytes], bytes], tuple[tuple[str, str], ...]]
WRAPPED: dict[str, Wrapped] = {
    "gzip": (gzip.compress, (("Content-Encoding", "gzip"),)),
    "chunked": (chunked, (("Transfer-Encoding", "chunked"),)),
    "both": (
        lambda body: chunked(gzip.compress(body)),
        (("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")),
    ),
    "said to be gzip": (bytes, (("Content-Encoding", "gzip"),)),
    "said to be chunked": (bytes, (("Transfer-Encoding", "chunked"),)),
    "brotli": (brotli.compress, (("Content-Encoding", "br"),)),
    "brotli said to be chunked": (brotli.compress, (("content-encoding", "br"), ("Transfer-Encoding", "chunked"))),
    "deflate in chunks": (
        lambda body: chunked(zlib.compress(body)),
        (("Content-Encoding", "deflate"), ("Transfer-Encoding", "chunked")),
    ),
    "zstd": (zstd.compress, (("Content-Encoding", "zstd"),)),
    "said to be brotli": (bytes, (("Content-Encoding", "br"),)),
}


@pytest.mark.parametrize("name", WRAPPED)
def test_codings_are_undone_as_each_archive_left_them(tmp_path: Path, source: Source, name: str) -> None:
    wrap, headers = WRAPPED[name]
    body = body_of("a story", 150_000)
    write_warc(tmp_path / "x.warc.gz", [Page(body=wrap(body), headers=headers)])
    (held,) = survey(tmp_path / "x.warc.gz", source).holdings
    got = taken(held)
    assert isinstance(got, Taken), got
    assert got.answer.body == body
    assert _kept_and_read_back(tmp_path, got, held) == body


def _kept_and_read_back(folder: Path, got: Taken, held: Holding) -> object:
    """What our own archive gives back of a page taken from another."""
    run = Run("backfill", Window(date(2021, 3, 5), date(2021, 3, 5)), NOW, "0.1.0")
    with Archive(folder / "captures", run, held.link.source_id) as archive:
        page = archive.keep(0, Fetch(run.run_id, held.link, NOW), got.answer)
    return read_body(folder / "captures", page.capture)


@pytest.mark.parametrize("inside", [10, 300, 700, 1_500])
def test_a_record_that_goes_on_in_the_next_gzip_member_is_read(tmp_path: Path, source: Source, inside: int) -> None:
    plain = write_warc(tmp_path / "plain.warc", PAGES[:3], gzipped=False)
    cut = plain.index(b"story 1") + inside
    ends = [*(found.start() for found in re.finditer(rb"WARC/1\.", plain)), len(plain)]
    parts = sorted({*ends, cut})
    members = (gzip.compress(plain[start:end]) for start, end in pairwise(parts))
    (tmp_path / "split.warc.gz").write_bytes(b"".join(members))
    found = survey(tmp_path / "split.warc.gz", source)
    assert [held.link.canonical_url for held in found.holdings] == [page.url for page in PAGES[:3]]
    bodies = [got.answer.body for held in found.holdings if isinstance(got := taken(held), Taken)]
    assert bodies == [page.body for page in PAGES[:3]]


HOSTILE = {
    "another digest": (Page(body=body_of("x"), digest="sha1:" + "A" * 32), Reason.CAPTURE_DAMAGED),
    "huge": (Page(body=b"<html>" + b"x" * (LIMIT + (2 << 20))), Reason.TOO_LARGE),
    "a bomb": (
        Page(body=gzip.compress(b"<html>" + b"x" * 50_000_000), headers=(("Content-Encoding", "gzip"),)),
        Reason.TOO_LARGE,
    ),
    "no brotli": (Page(body=b"\xff" * 9, headers=(("Content-Encoding", "br"),)), Reason.ENCODING),
    "half a gzip": (
        Page(body=gzip.compress(body_of("x"))[:900], headers=(("Content-Encoding", "gzip"),)),
        Reason.TRUNCATED,
    ),
    "empty": (Page(body=b"  "), Reason.EMPTY),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_record_ends_with_its_reason(tmp_path: Path, source: Source, name: str) -> None:
    page, reason = HOSTILE[name]
    write_warc(tmp_path / "x.warc.gz", [page, *PAGES[:1]])
    first, second = survey(tmp_path / "x.warc.gz", source).holdings
    got = taken(first)
    assert not isinstance(got, Taken)
    assert got[1] is reason
    assert isinstance(taken(second), Taken)


def read_through(path: Path, source: Source) -> tuple[FileSurvey, dict[str, bytes]]:
    """Everything a file gives, and the pages that were believed."""
    found = survey(path, source)
    believed = {}
    for held in found.holdings:
        got = taken(held)
        if isinstance(got, Taken):
            believed[held.link.canonical_url] = got.answer.body
        else:
            assert got[0] in (Outcome.QUARANTINED, Outcome.REJECTED)
    return found, believed


def test_one_flipped_bit_costs_one_record_and_is_noticed(tmp_path: Path, source: Source) -> None:
    path, bodies = tmp_path / "x.warc.gz", {page.url: page.body for page in PAGES}
    whole = write_warc(path, PAGES)
    chance = random.Random(7)
    for _ in range(120):
        at = chance.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :])
        found, believed = read_through(path, source)
        assert believed.items() <= bodies.items()
        assert len(believed) >= len(PAGES) - 1, (at, found)


def test_a_cut_file_gives_what_is_whole_and_no_half_page(tmp_path: Path, source: Source) -> None:
    path, bodies = tmp_path / "x.warc.gz", {page.url: page.body for page in PAGES}
    whole = write_warc(path, PAGES)
    for end in range(0, len(whole), len(whole) // 60):
        path.write_bytes(whole[:end])
        _, believed = read_through(path, source)
        assert believed.items() <= bodies.items()
        assert len(believed) >= int(end / len(whole) * len(PAGES)) - 1


@settings(max_examples=60, deadline=None)
@given(noise=st.binary(max_size=400), gzipped=st.booleans())
def test_no_bytes_at_all_stop_a_scan(noise: bytes, gzipped: bool, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("noise") / ("x.warc.gz" if gzipped else "x.warc")
    whole = write_warc(path, PAGES[:2], gzipped=gzipped)
    path.write_bytes(whole + noise + whole)
    source = Source(id="n", name="n", family="n", country="SY", language="en", homepage="http://news.firstdraft.test/")
    found, believed = read_through(path, source)
    assert believed == {page.url: page.body for page in PAGES[:2]}, found


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "empty"),
        (b"<html>no archive</html>" * 50, "not_a_warc"),
        (gzip.compress(b"<html>no archive</html>" * 50, mtime=0), "not_a_warc"),
    ],
)
def test_what_is_no_warc_is_told(tmp_path: Path, source: Source, data: bytes, error: str | None) -> None:
    (tmp_path / "x.warc.gz").write_bytes(data)
    found = survey(tmp_path / "x.warc.gz", source)
    assert (found.error, found.holdings) == (error, [])


def test_one_gzip_stream_over_all_records_is_refused_with_advice(tmp_path: Path, source: Source) -> None:
    plain = write_warc(tmp_path / "x.warc", PAGES, gzipped=False)
    (tmp_path / "y.warc.gz").write_bytes(gzip.compress(plain))
    found = survey(tmp_path / "y.warc.gz", source)
    assert (found.error, found.holdings) == ("one_gzip_stream", [])
    assert "warcio recompress" in found.detail


def test_a_window_takes_the_newest_capture_of_each_address(tmp_path: Path, source: Source, run: Run) -> None:
    days = ("2021-03-01", "2021-03-05", "2021-03-06", "2021-04-01")
    pages = [Page("/a", body_of(day), f"{day}T10:00:00Z") for day in days]
    write_warc(tmp_path / "x.warc.gz", [*pages, Page("/b", body_of("b"), "2021-03-02T10:00:00Z")])
    index = WarcIndex([survey(tmp_path / "x.warc.gz", source)])
    found = index.survey(run, source, Window(date(2021, 3, 1), date(2021, 3, 31)), 1, NOW)
    assert [held.archived_at.day for batch in found.batches for held in batch.items] == [6, 2]
    assert len(found.discovery) == 2
    (probe,) = found.discovery.probes
    assert (probe.entries, probe.error) == (2, None)
    assert "2 older captures of the same address, 1 outside the window" in probe.detail


def test_a_damaged_capture_gives_way_to_the_next_older_one(tmp_path: Path, source: Source, run: Run) -> None:
    """The newest is cut, the one before it is empty: the third is taken, and both are named."""
    write_warc(tmp_path / "1.warc", [Page(body=body_of("first"), when="2023-12-09T08:00:00Z")], gzipped=False)
    write_warc(tmp_path / "2.warc", [Page(body=b" ", when="2023-12-10T08:00:00Z")], gzipped=False)
    whole = write_warc(tmp_path / "3.warc", [Page(body=body_of("third"), when="2023-12-11T08:00:00Z")], gzipped=False)
    (tmp_path / "3.warc").write_bytes(whole[:-900])
    surveys = [survey(tmp_path / f"{number}.warc", source) for number in (1, 2, 3)]
    found = WarcIndex(surveys).survey(run, source, run.window, 10, NOW)
    ((held,),) = (batch.items for batch in found.batches)
    assert (held.archive, [one.archive for one in held.older]) == ("3.warc", ["2.warc", "1.warc"])
    one, got = first_whole(held, taken)
    assert isinstance(got, Taken)
    assert (one.archive, got.answer.body, got.archived_at.day) == ("1.warc", body_of("first"), 9)
    assert "passed over the capture of 2023-12-11 08:00:00: capture_damaged" in got.check
    assert "passed over the capture of 2023-12-10 08:00:00: empty" in got.check


def test_where_no_capture_is_whole_the_end_is_the_newest_ones(tmp_path: Path, source: Source) -> None:
    write_warc(tmp_path / "x.warc.gz", [Page(body=b" "), Page(body=body_of("x"), digest="sha1:" + "A" * 32)])
    empty, other = survey(tmp_path / "x.warc.gz", source).holdings
    assert first_whole(replace(other, older=(empty,)), taken)[1][1] is Reason.CAPTURE_DAMAGED  # type: ignore[index]
    away = (Outcome.DEFERRED, Reason.TIMEOUT, "away")
    asked: list[str] = []

    def ask(one: Holding) -> Verdict:
        asked.append(one.record)
        return away

    assert first_whole(replace(other, older=(empty,)), ask)[1] == away
    assert asked == [other.record]


def test_a_page_belongs_to_the_nearest_source_of_its_site(make_source: MakeSource) -> None:
    home = "https://outlet.test"
    english, kurdish = make_source(id="o-en", homepage=f"{home}/"), make_source(id="o-ku", homepage=f"{home}/ku/")
    arabic = make_source(id="o-ar", homepage="https://arabic.outlet.test/")
    owners = Owners([kurdish, arabic, english])
    for url, owner in (
        (f"{home}/2021/a", english),
        (f"{home}/ku/2021/a", kurdish),
        ("https://www.outlet.test/kurds", english),
        ("https://arabic.outlet.test/x", arabic),
    ):
        assert owners.of(url) is owner, url
    assert owners.of("https://elsewhere.test/") is None
    assert owners.of("no url") is None


def test_digests_are_compared_in_every_spelling() -> None:
    data = b"hello world"
    for stated in (
        "sha1:FKXGYNOJJ7H3IFO35FPUBC445EPOQRXN",
        "sha1:2aae6c35c94fcfb415dbe95f408b9ce91ee846ed",
        "SHA-256:b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9",
        "md5:5eb63bbbe01eeed093cb22bb8f5acdc3",
    ):
        assert check_digest(stated, b"other", data)[0] is True, stated
        assert check_digest(stated, b"other")[0] is False, stated
    assert {check_digest(none, data)[0] for none in (None, "", "-", "crc:12", "sha1:!!")} == {None}


def test_a_record_that_is_another_by_now_is_not_believed(tmp_path: Path, source: Source) -> None:
    path = tmp_path / "x.warc.gz"
    write_warc(path, PAGES[:1])
    (held,) = survey(path, source).holdings
    write_warc(path, [Page("/0", body_of("another"))])
    got = taken(held)
    assert not isinstance(got, Taken)
    gone = take_record(Holding(held.link, "x", "r", NOW, None, WarcFile(tmp_path / "none", 0, 9), 0), LIMIT, NOW)
    assert not isinstance(gone, Taken)
    assert gone[1] is Reason.CAPTURE_DAMAGED
