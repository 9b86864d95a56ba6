# ruff: noqa: E501 - a case is a line
"""Hostile answers to a link. A new one is one line here.

The first field is the group the case belongs to; what the others mean, :class:`PageCase` says.
"""

import gzip
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from schemas.outcome import Reason
from tests.unit.web.hostile.case import (
    DEFERRED,
    DRIP,
    HOME,
    KEPT,
    PAGE,
    REJECTED,
    SILENCE,
    TOMBSTONE,
    UNCHANGED,
    PageCase,
    chunked,
    dripped,
    endless,
    in_turn,
    page,
    raw,
    reset_after,
    silent_after,
)
from tests.unit.web.server import Script, Talk, answer, gzipped, redirect

_OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
_BOMB = gzip.compress(bytes(5_000_000))
_HTML = "Content-Type: text/html"
_LENGTH = f"Content-Length: {len(PAGE)}"
_FALLEN = gzip.compress(PAGE * 20)
_WRONG_CRC = _FALLEN[:-8] + bytes(8)

TIME = [
    PageCase("time", "dripped body", dripped(_OK + b"\r\n"), DEFERRED, Reason.TOTAL_TIMEOUT, settings=DRIP, told="FIRSTDRAFT_TOTAL_TIMEOUT"),
    PageCase("time", "dripped body of a length", dripped(_OK + b"Content-Length: 9000\r\n\r\n"), DEFERRED, Reason.TOTAL_TIMEOUT, settings=DRIP),
    PageCase("time", "dripped chunks", dripped(_OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"), DEFERRED, Reason.TOTAL_TIMEOUT, settings=DRIP),
    PageCase("time", "dripped chunk size", dripped(_OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0"), DEFERRED, Reason.TOTAL_TIMEOUT, settings=DRIP),
    PageCase("time", "dripped gzip", dripped(_OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(PAGE)[:12], b"\0"), DEFERRED, Reason.TOTAL_TIMEOUT, settings=DRIP),
    PageCase("time", "dripped header", dripped(_OK + b"X: "), DEFERRED, Reason.TOTAL_TIMEOUT, settings=DRIP),
    PageCase("time", "dripped header lines", dripped(_OK, b"X: y\r\n"), DEFERRED, Reason.TOTAL_TIMEOUT, settings=DRIP),
    PageCase("time", "dripped status line", dripped(b"", b"HTTP/1.1 200 "), DEFERRED, Reason.TOTAL_TIMEOUT, settings=DRIP),
    PageCase("time", "100 without end", dripped(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), DEFERRED, Reason.TOTAL_TIMEOUT, settings=DRIP),
    PageCase("time", "103 without end", dripped(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"), DEFERRED, Reason.TOTAL_TIMEOUT, settings=DRIP),
    PageCase("time", "dripped redirects", dripped(b"", redirect("/a")), DEFERRED, Reason.TOTAL_TIMEOUT, settings=DRIP),
    PageCase("time", "silence", silent_after(b""), DEFERRED, Reason.TIMEOUT, settings=SILENCE, told="FIRSTDRAFT_READ_TIMEOUT"),
    PageCase("time", "silence after the head", silent_after(_OK + b"\r\n"), DEFERRED, Reason.TIMEOUT, settings=SILENCE),
    PageCase("time", "silence in the body", silent_after(_OK + b"Content-Length: 500\r\n\r\n<html>"), DEFERRED, Reason.TIMEOUT, settings=SILENCE),
    PageCase("time", "silence in a chunk", silent_after(_OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\n<html>"), DEFERRED, Reason.TIMEOUT, settings=SILENCE),
]  # fmt: skip

CONNECTION = [
    PageCase("connection", "closed at once", b"", DEFERRED, Reason.UNREACHABLE),
    PageCase("connection", "reset at once", reset_after(b""), DEFERRED, Reason.UNREACHABLE),
    PageCase("connection", "reset in the head", reset_after(b"HTTP/1.1 200 OK\r\nX: "), DEFERRED, Reason.UNREACHABLE),
    PageCase("connection", "reset in the body", reset_after(_OK + b"Content-Length: 500\r\n\r\n<html>"), DEFERRED, Reason.UNREACHABLE),
    PageCase("connection", "no such name", redirect("http://gone.firstdraft.test/"), DEFERRED, Reason.ROBOTS_UNREACHABLE, told="does not resolve"),
    PageCase("connection", "a name without address", redirect("http://void.firstdraft.test/"), REJECTED, Reason.ADDRESS, resolves={"void.firstdraft.test": []}),
    PageCase("connection", "a resolver that hangs", redirect("http://slow.firstdraft.test/"), DEFERRED, Reason.ROBOTS_UNREACHABLE, settings={"connect_timeout": 0.1}, told="FIRSTDRAFT_CONNECT_TIMEOUT", resolves={"slow.firstdraft.test": ["hang"]}),
    PageCase("connection", "a resolver that breaks", redirect("http://odd.firstdraft.test/"), DEFERRED, Reason.ROBOTS_UNREACHABLE, resolves={"odd.firstdraft.test": ["break"]}),
    PageCase("connection", "refused", redirect("http://shut.firstdraft.test/"), DEFERRED, Reason.ROBOTS_UNREACHABLE, settings={"connect_to": {"news.firstdraft.test": "SERVER", "shut.firstdraft.test": "127.0.0.1:1"}}),
    PageCase("connection", "a private address of our site", redirect("http://inner.firstdraft.test/"), REJECTED, Reason.ADDRESS, resolves={"inner.firstdraft.test": ["10.0.0.1"]}, told="http://inner.firstdraft.test/"),
    PageCase("connection", "one private address of several", redirect("http://inner.firstdraft.test/"), REJECTED, Reason.ADDRESS, resolves={"inner.firstdraft.test": ["10.0.0.1", "fd00::1", "169.254.169.254"]}),
    PageCase("connection", "port of a shell", redirect("http://inner.firstdraft.test:22/"), REJECTED, Reason.PORT, told="FIRSTDRAFT_ALLOWED_PORTS"),
    PageCase("connection", "port of a cache", redirect("http://inner.firstdraft.test:6379/"), REJECTED, Reason.PORT),
]  # fmt: skip

REDIRECTS = [
    *(
        PageCase("redirect", f"to {location.partition(':')[0]}", redirect(location), REJECTED, Reason.SCHEME)
        for location in (
            "file:///etc/passwd", "ftp://news.firstdraft.test/x", "javascript:alert(1)", "data:text/html,x",
            "gopher://127.0.0.1:6379/_x", "about:blank", "mailto:a@example.org", "ws://news.firstdraft.test/",
        )
    ),
    *(
        PageCase("redirect", f"to no URL, {name}", redirect(location), REJECTED, Reason.PROTOCOL)
        for name, location in (
            ("open bracket", "http://[::1"), ("leading dot", "http://.example.com"),
            ("blank in host", "http://a b.org/"), ("port too big", "http://news.firstdraft.test:99999/"),
            ("port no number", "http://news.firstdraft.test:x/"), ("credentials", "http://me:secret@news.firstdraft.test/"),
            ("over-long", "/" + "x" * 5000), ("brackets in host", "http://[news]/"), ("percent host", "http://%zz/"),
        )
    ),
    PageCase("redirect", "to itself", redirect("/a"), REJECTED, Reason.REDIRECTS, told="FIRSTDRAFT_MAX_REDIRECTS"),
    PageCase("redirect", "to nothing", redirect(""), REJECTED, Reason.REDIRECTS),
    PageCase("redirect", "to a fragment", redirect("#top"), REJECTED, Reason.REDIRECTS),
    PageCase("redirect", "there and back", {"/a": redirect("/b"), "/b": redirect("/a")}, REJECTED, Reason.REDIRECTS),
    PageCase("redirect", "one too many", {"/a": redirect("/b"), "/b": redirect("/c"), "/c": redirect("/d"), "/d": page()}, REJECTED, Reason.REDIRECTS, settings={"max_redirects": 2}),
    PageCase("redirect", "just enough", {"/a": redirect("/b"), "/b": redirect("/c"), "/c": page()}, KEPT, settings={"max_redirects": 2}, flags={"redirects": (f"{HOME}/a", f"{HOME}/b"), "final_url": f"{HOME}/c"}),
    PageCase("redirect", "growing for ever", {"/a": redirect("a/a"), "/a/a": redirect("a/a"), "/a/a/a": redirect("/a")}, REJECTED, Reason.REDIRECTS),
    PageCase("redirect", "to a URL without its host", redirect("http:///x"), REJECTED, Reason.NOT_FOUND),
    PageCase("redirect", "without Location", answer(status=302), REJECTED, Reason.HTTP_STATUS),
    PageCase("redirect", "300 with choices", answer(PAGE, status=300), REJECTED, Reason.HTTP_STATUS),
    PageCase("redirect", "to another site", redirect("http://elsewhere.example/a"), REJECTED, Reason.OFFSITE),
    PageCase("redirect", "to a look-alike", redirect("http://xn--80ak6aa92e.com/"), REJECTED, Reason.OFFSITE, told="xn--80ak6aa92e.com"),
    PageCase("redirect", "to the cloud's own host", redirect("http://169.254.169.254/latest/meta-data"), REJECTED, Reason.OFFSITE),
    PageCase("redirect", "to what robots.txt disallows", {"/a": redirect("/x/a"), "/robots.txt": answer(b"User-agent: *\nDisallow: /x\n")}, REJECTED, Reason.ROBOTS),
    PageCase("redirect", "with a bomb for a body", {"/a": answer(_BOMB, 302, {"Location": "/b", "Content-Encoding": "gzip"}), "/b": page()}, KEPT),
    PageCase("redirect", "whose body never comes", {"/a": silent_after(b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 9\r\n\r\n"), "/b": page()}, KEPT),
    PageCase("redirect", "for good", {"/a": redirect("/b", 301), "/b": page()}, KEPT, flags={"redirects": (f"{HOME}/a",), "final_url": f"{HOME}/b"}),
    PageCase("redirect", "308", {"/a": redirect("/b", 308), "/b": page()}, KEPT),
    PageCase("redirect", "with a session in it", {"/a": redirect("/b?PHPSESSID=0f"), "/b?PHPSESSID=0f": page()}, KEPT, flags={"final_url": f"{HOME}/b?PHPSESSID=0f"}),
    PageCase("redirect", "round a cookie wall", {"/a": answer(b"", 302, {"Location": "/a?c=1", "Set-Cookie": "c=1"}), "/a?c=1": redirect("/a")}, REJECTED, Reason.REDIRECTS),
    PageCase("redirect", "by Refresh only", answer(PAGE, headers={"Refresh": "0; url=http://127.0.0.1:22/"}), KEPT),
]  # fmt: skip

BODIES = [
    PageCase("body", "gzip bomb", gzipped(bytes(5_000_000)), REJECTED, Reason.TOO_LARGE, told="FIRSTDRAFT_MAX_BODY_BYTES"),
    PageCase("body", "gzip bomb in members", answer(gzip.compress(bytes(50_000)) * 9, headers={"Content-Encoding": "gzip"}), REJECTED, Reason.TOO_LARGE),
    PageCase("body", "gzip bomb in chunks", chunked(_BOMB, head="Content-Encoding: gzip\r\n"), REJECTED, Reason.TOO_LARGE),
    PageCase("body", "deflate bomb", answer(zlib.compress(bytes(5_000_000)), headers={"Content-Encoding": "deflate"}), REJECTED, Reason.TOO_LARGE),
    *(
        PageCase("body", f"{coding}, unasked", answer(b"\x0b\x02\x80", headers={"Content-Encoding": coding}), REJECTED, Reason.ENCODING, told=coding.partition(",")[0])
        for coding in ("zstd", "compress", "x-unknown", "gzip, gzip")
    ),
    PageCase("body", "br cut short, unasked", answer(b"\x0b\x02\x80", headers={"Content-Encoding": "br"}), DEFERRED, Reason.TRUNCATED, told="br"),
    PageCase("body", "twenty codings", answer(b"\x0b\x02\x80", headers={"Content-Encoding": ", ".join(["gzip"] * 20)}), REJECTED, Reason.ENCODING, told="more than 3 codings"),
    PageCase("body", "gzip cut short", gzipped(PAGE * 50, cut=40), DEFERRED, Reason.TRUNCATED),
    PageCase("body", "gzip without its end", gzipped(PAGE * 50, cut=-1), DEFERRED, Reason.TRUNCATED),
    PageCase("body", "gzip of which only the magic came", answer(b"\x1f\x8b", headers={"Content-Encoding": "gzip"}), DEFERRED, Reason.TRUNCATED),
    PageCase("body", "gzip with a wrong checksum", answer(_WRONG_CRC, headers={"Content-Encoding": "gzip"}), REJECTED, Reason.ENCODING),
    PageCase("body", "not gzip, though said", page(Content_Encoding="gzip"), KEPT),
    PageCase("body", "gzip, though not said", answer(gzip.compress(PAGE)), REJECTED, Reason.MEDIA_TYPE, told="gzip"),
    PageCase("body", "shorter than announced", page(Content_Length="1000"), DEFERRED, Reason.TRUNCATED),
    PageCase("body", "chunks cut short", chunked(PAGE, end=b"ff\r\nmore"), DEFERRED, Reason.TRUNCATED),
    PageCase("body", "no last chunk", chunked(PAGE, end=b""), DEFERRED, Reason.TRUNCATED),
    PageCase("body", "chunk size no number", chunked(PAGE, end=b"zz\r\nmore\r\n"), DEFERRED, Reason.TRUNCATED),
    PageCase("body", "chunk size below zero", chunked(PAGE, end=b"-5\r\nmore\r\n"), REJECTED, Reason.PROTOCOL),
    PageCase("body", "chunk size without end", endless(_OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0" * 65_536), REJECTED, Reason.PROTOCOL),
    PageCase("body", "trailers without end", endless(chunked(PAGE, end=b"0\r\n"), b"X: y\r\n" * 10_000), REJECTED, Reason.TOO_LARGE),
    PageCase("body", "announced too large", page(Content_Length="100001"), REJECTED, Reason.TOO_LARGE),
    PageCase("body", "announced beyond all numbers", page(Content_Length="9" * 30), REJECTED, Reason.TOO_LARGE),
    PageCase("body", "too large, unannounced", raw("HTTP/1.1 200 OK", _HTML, body=b"x" * 100_001), REJECTED, Reason.TOO_LARGE),
    PageCase("body", "without end", endless(_OK + b"\r\n", b"x" * 65_536), REJECTED, Reason.TOO_LARGE),
    PageCase("body", "without a length, closed early", raw("HTTP/1.1 200 OK", _HTML, body=PAGE[:40]), KEPT, flags={"maybe_truncated": True}),
    PageCase("body", "without a length, whole", raw("HTTP/1.1 200 OK", _HTML), KEPT, flags={"maybe_truncated": False}),
    PageCase("body", "of a length, without its end tag", page(PAGE[:40]), KEPT, flags={"maybe_truncated": False}),
    PageCase("body", "empty", page(b""), REJECTED, Reason.EMPTY),
    PageCase("body", "blank", page(b" \r\n\t"), REJECTED, Reason.EMPTY),
    PageCase("body", "JSON", answer(b"{}", media="application/json"), REJECTED, Reason.MEDIA_TYPE),
    PageCase("body", "a picture", answer(b"\x89PNG", media="image/png"), REJECTED, Reason.MEDIA_TYPE),
    PageCase("body", "plain text", answer(PAGE, media="text/plain"), REJECTED, Reason.MEDIA_TYPE),
    PageCase("body", "a zip of no type", raw("HTTP/1.1 200 OK", body=b"PK\x03\x04"), REJECTED, Reason.MEDIA_TYPE),
    PageCase("body", "HTML of no type", raw("HTTP/1.1 200 OK"), KEPT),
    PageCase("body", "an odd type", answer(PAGE, media="TEXT/HTML;;charset=\"utf-9"), KEPT),
    PageCase("body", "nothing but NULs", page(bytes(500)), KEPT),
    PageCase("body", "a path in Content-Disposition", page(Content_Disposition="attachment; filename=../../../etc/cron.d/x"), KEPT),
]  # fmt: skip

PROTOCOL = [
    PageCase("protocol", "150 header lines", raw("HTTP/1.1 200 OK", *["A: b"] * 150), REJECTED, Reason.PROTOCOL),
    PageCase("protocol", "a header of 100 KB", raw("HTTP/1.1 200 OK", "A: " + "b" * 100_000), REJECTED, Reason.PROTOCOL),
    PageCase("protocol", "a status line without end", endless(b"", b"HTTP/1.1 200 " * 5000), REJECTED, Reason.PROTOCOL),
    PageCase("protocol", "two lengths", raw("HTTP/1.1 200 OK", _HTML, "Content-Length: 1", "Content-Length: 2"), REJECTED, Reason.PROTOCOL),
    PageCase("protocol", "one length twice", raw("HTTP/1.1 200 OK", _HTML, _LENGTH, _LENGTH), KEPT),
    PageCase("protocol", "length below zero", raw("HTTP/1.1 200 OK", _HTML, "Content-Length: -5"), REJECTED, Reason.PROTOCOL, told="-5"),
    PageCase("protocol", "length no number", raw("HTTP/1.1 200 OK", _HTML, "Content-Length: much"), REJECTED, Reason.PROTOCOL),
    PageCase("protocol", "length in other digits", raw("HTTP/1.1 200 OK", _HTML, "Content-Length: \xb2"), REJECTED, Reason.PROTOCOL),
    PageCase("protocol", "unknown transfer coding", raw("HTTP/1.1 200 OK", _HTML, "Transfer-Encoding: gzip, chunked"), REJECTED, Reason.PROTOCOL),
    PageCase("protocol", "HTTP/0.9", PAGE, REJECTED, Reason.PROTOCOL),
    PageCase("protocol", "HTTP/2 in plain text", raw("HTTP/2 200"), REJECTED, Reason.PROTOCOL),
    PageCase("protocol", "another protocol", b"SSH-2.0-OpenSSH_9.7\r\n", REJECTED, Reason.PROTOCOL),
    PageCase("protocol", "status no number", raw("HTTP/1.1 ok OK"), REJECTED, Reason.PROTOCOL),
    PageCase("protocol", "status 000", raw("HTTP/1.1 000 OK"), REJECTED, Reason.PROTOCOL),
    PageCase("protocol", "status 1000", raw("HTTP/1.1 1000 OK"), REJECTED, Reason.PROTOCOL),
    PageCase("protocol", "NUL in the status line", raw("HTTP/1.1 200 O\0K", _HTML, _LENGTH), KEPT),
    PageCase("protocol", "controls in a header", raw("HTTP/1.1 200 OK", _HTML, _LENGTH, "ETag: \"\x00\x1b[31m\""), KEPT, flags={"etag": '" [31m"'}),
    PageCase("protocol", "a header line without colon", raw("HTTP/1.1 200 OK", _HTML, _LENGTH, "nonsense"), KEPT),
    PageCase("protocol", "103 before the answer", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + page(), KEPT),
    PageCase("protocol", "100 and 102 before the answer", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + page(), KEPT),
    PageCase("protocol", "103 and nothing more", b"HTTP/1.1 103 Early Hints\r\n\r\n", DEFERRED, Reason.UNREACHABLE),
    PageCase("protocol", "101", raw("HTTP/1.1 101 Switching Protocols", "Upgrade: h2c"), REJECTED, Reason.HTTP_STATUS),
    PageCase("protocol", "cookies for all of .test", page(Set_Cookie="id=1; Domain=test"), KEPT),
]  # fmt: skip


def later(status: int) -> Script:
    """Two hours from now, as an HTTP date."""

    def script(talk: Talk) -> None:
        until = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
        talk.say(answer(status=status, headers={"Retry-After": until}))

    return script


STATUSES = [
    PageCase("later", "429, until a date", later(429), DEFERRED, Reason.RATE_LIMITED, wait=7200.0),
    PageCase("later", "503, until a date", later(503), DEFERRED, Reason.SERVER_ERROR, wait=7200.0),
    *(
        PageCase("status", str(status), answer(PAGE, status=status), REJECTED, reason)
        for status, reason in (
            (201, Reason.HTTP_STATUS), (202, Reason.HTTP_STATUS), (206, Reason.HTTP_STATUS), (226, Reason.HTTP_STATUS),
            (400, Reason.HTTP_STATUS), (405, Reason.HTTP_STATUS), (418, Reason.HTTP_STATUS), (999, Reason.HTTP_STATUS),
            (401, Reason.BLOCKED), (402, Reason.BLOCKED), (403, Reason.BLOCKED), (407, Reason.BLOCKED),
            (404, Reason.NOT_FOUND), (410, Reason.GONE), (451, Reason.LEGAL),
        )
    ),
    *(PageCase("status", f"{status}", answer(status=status), REJECTED, Reason.EMPTY) for status in (204, 205)),
    *(
        PageCase("status", f"{status} of a page we hold", answer(status=status), TOMBSTONE, reason, known=True, told=str(status))
        for status, reason in ((404, Reason.NOT_FOUND), (410, Reason.GONE), (451, Reason.LEGAL))
    ),
    *(
        PageCase("status", str(status), answer(status=status), DEFERRED, Reason.SERVER_ERROR)
        for status in (408, 500, 501, 502, 503, 504, 520, 522, 524)
    ),
    PageCase("status", "503, then a page", {"/a": in_turn(answer(status=503), page())}, KEPT, settings={"retries": 1}),
    PageCase("status", "closed, then a page", {"/a": in_turn(b"", page())}, KEPT, settings={"retries": 1}),
    PageCase("status", "304 unasked", answer(status=304), REJECTED, Reason.EMPTY),
    PageCase("status", "304 of a page we hold", answer(status=304), UNCHANGED, Reason.NOT_MODIFIED, known=True),
    PageCase("status", "the same bytes", page(), UNCHANGED, Reason.SAME_BYTES, known=True),
    PageCase("status", "challenge with 403", answer(PAGE, 403, {"cf-mitigated": "challenge"}), REJECTED, Reason.BLOCKED, told="challenge"),
    PageCase("status", "challenge with 503", answer(PAGE, 503, {"cf-mitigated": "challenge"}), REJECTED, Reason.BLOCKED),
    PageCase("status", "challenge with 200", page(cf_mitigated="challenge"), REJECTED, Reason.BLOCKED),
    PageCase("status", "403 of a page we hold", answer(status=403), REJECTED, Reason.BLOCKED, known=True),
    PageCase("status", "500 of a page we hold", answer(status=500), DEFERRED, Reason.SERVER_ERROR, known=True),
    *(
        PageCase("later", f"{status}, Retry-After {value}", answer(status=status, headers={"Retry-After": value}), DEFERRED, reason, wait=wait)
        for status, reason in ((429, Reason.RATE_LIMITED), (503, Reason.SERVER_ERROR))
        for value, wait in (
            ("120", 120.0), ("-5", None), ("99999999", 86_400.0), ("soon", None), ("1e9", None),
            ("nan", None), ("Mon, 01 Jan 1990 00:00:00 GMT", None), ("Fri, 99 Foo 9999 99:99:99 GMT", None),
        )
    ),
]  # fmt: skip

_LONG = b"User-agent: *\nDisallow: /a\n" + b"# filler\n" * 200_000
_LATE = b"# filler\n" * 60_000 + b"User-agent: *\nDisallow: /a\n"
_NO = b"User-agent: *\nDisallow: /a\n"

ROBOTS = [
    *(
        PageCase("robots", str(status), {"/a": page(), "/robots.txt": answer(_NO, status=status)}, KEPT)
        for status in (400, 401, 403, 404, 410)
    ),
    *(
        PageCase("robots", str(status), {"/a": page(), "/robots.txt": answer(status=status)}, DEFERRED, Reason.ROBOTS_UNREACHABLE)
        for status in (408, 429, 500, 502, 503, 504, 599)
    ),
    PageCase("robots", "429 with a time", {"/a": page(), "/robots.txt": answer(status=429, headers={"Retry-After": "60"})}, DEFERRED, Reason.ROBOTS_UNREACHABLE, wait=60.0),
    PageCase("robots", "closed", {"/a": page(), "/robots.txt": b""}, DEFERRED, Reason.ROBOTS_UNREACHABLE),
    PageCase("robots", "reset", {"/a": page(), "/robots.txt": reset_after(b"")}, DEFERRED, Reason.ROBOTS_UNREACHABLE),
    PageCase("robots", "silence", {"/a": page(), "/robots.txt": silent_after(b"")}, DEFERRED, Reason.ROBOTS_UNREACHABLE, settings=SILENCE),
    PageCase("robots", "dripped", {"/a": page(), "/robots.txt": dripped(_OK + b"\r\n")}, DEFERRED, Reason.ROBOTS_UNREACHABLE, settings=DRIP),
    PageCase("robots", "disallowed", {"/a": page(), "/robots.txt": answer(_NO)}, REJECTED, Reason.ROBOTS),
    PageCase("robots", "disallowed since we hold it", {"/a": page(), "/robots.txt": answer(_NO)}, REJECTED, Reason.ROBOTS, known=True),
    PageCase("robots", "byte order mark", {"/a": page(), "/robots.txt": answer(b"\xef\xbb\xbf" + _NO)}, REJECTED, Reason.ROBOTS),
    PageCase("robots", "NULs", {"/a": page(), "/robots.txt": answer(b"\0" + _NO.replace(b":", b":\0"))}, REJECTED, Reason.ROBOTS),
    PageCase("robots", "carriage returns", {"/a": page(), "/robots.txt": answer(_NO.replace(b"\n", b"\r"))}, REJECTED, Reason.ROBOTS),
    PageCase("robots", "1.8 MB", {"/a": page(), "/robots.txt": answer(_LONG)}, REJECTED, Reason.ROBOTS),
    PageCase("robots", "a rule beyond 500 KiB", {"/a": page(), "/robots.txt": answer(_LATE)}, KEPT),
    PageCase("robots", "gzip bomb", {"/a": page(), "/robots.txt": gzipped(bytes(5_000_000))}, KEPT),
    PageCase("robots", "HTML for all", {"/a": page(), "/robots.txt": page()}, KEPT),
    PageCase("robots", "five redirects", {"/a": page(), "/robots.txt": redirect("/1"), "/1": redirect("/2"), "/2": redirect("/3"), "/3": redirect("/4"), "/4": redirect("/5"), "/5": answer(_NO)}, REJECTED, Reason.ROBOTS, settings={"max_redirects": 5}),
    PageCase("robots", "in a circle", {"/a": page(), "/robots.txt": redirect("/robots.txt")}, KEPT),
    PageCase("robots", "redirected to a private address", {"/a": page(), "/robots.txt": redirect("http://10.0.0.1/")}, REJECTED, Reason.ADDRESS),
    *(
        PageCase("robots", f"Crawl-delay {delay}", {"/a": page(), "/robots.txt": answer(f"User-agent: *\nCrawl-delay: {delay}\n".encode())}, KEPT)
        for delay in ("-5", "nan", "inf", "soon", "0.01")
    ),
    *(
        PageCase("robots", f"Crawl-delay {delay}", {"/a": page(), "/robots.txt": answer(f"User-agent: *\nCrawl-delay: {delay}\n".encode())}, DEFERRED, Reason.RATE_LIMITED, told="FIRSTDRAFT_MAX_DELAY_SECONDS")
        for delay in ("86400", "1e9")
    ),
]  # fmt: skip

_NOTE = {"tdm": "note"}
_META = b'<!doctype html><html><head><meta charset=utf-8><meta name="%s" content="%s"></head><body>x</body></html>'

RIGHTS = [
    PageCase("rights", "noarchive", page(X_Robots_Tag="noarchive"), REJECTED, Reason.RESERVED, told="noarchive", flags={"robots_tag": "noarchive"}),
    PageCase("rights", "noindex in many words", page(X_Robots_Tag="max-snippet: 5, NoIndex"), REJECTED, Reason.RESERVED),
    PageCase("rights", "none", page(X_Robots_Tag="none"), REJECTED, Reason.RESERVED),
    PageCase("rights", "to our name", page(X_Robots_Tag="firstdraft: noindex"), REJECTED, Reason.RESERVED),
    PageCase("rights", "to another's name", page(X_Robots_Tag="otherbot: noindex, noarchive"), KEPT, flags={"robots_tag": "otherbot: noindex, noarchive"}),
    PageCase("rights", "nothing against keeping", page(X_Robots_Tag="nofollow, max-image-preview: large"), KEPT),
    PageCase("rights", "until a day", page(X_Robots_Tag="unavailable_after: 25 Jun 2030 15:00:00 GMT"), KEPT),
    PageCase("rights", "tdm-reservation: 1", page(tdm_reservation="1"), REJECTED, Reason.RESERVED, flags={"tdm_reservation": "1"}),
    PageCase("rights", "tdm-reservation: 0", page(tdm_reservation="0"), KEPT, flags={"tdm_reservation": "0"}),
    PageCase("rights", "meta robots", page(_META % (b"robots", b"noarchive")), REJECTED, Reason.RESERVED),
    PageCase("rights", "meta robots, as on a wall", page(_META % (b"robots", b"noindex,nofollow")), KEPT, flags={"robots_tag": "noindex,nofollow"}),
    PageCase("rights", "meta tdm-reservation", page(_META % (b"tdm-reservation", b"1")), REJECTED, Reason.RESERVED),
    PageCase("rights", "meta robots, harmless", page(_META % (b"robots", b"index, follow")), KEPT, flags={"robots_tag": "index, follow"}),
    PageCase("rights", "meta in a comment", page(b"<!-- " + _META % (b"robots", b"noarchive") + b" -->" + PAGE), KEPT),
    PageCase("rights", "noted only", page(_META % (b"robots", b"noarchive"), tdm_reservation="1"), KEPT, source=_NOTE, flags={"robots_tag": "noarchive", "tdm_reservation": "1"}),
    PageCase("rights", "since we hold it", page(X_Robots_Tag="noindex"), REJECTED, Reason.RESERVED, known=True),
]  # fmt: skip

PAGES = [*TIME, *CONNECTION, *REDIRECTS, *BODIES, *PROTOCOL, *STATUSES, *ROBOTS, *RIGHTS]
