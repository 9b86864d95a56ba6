"""Requests and answers as WARC records, a gzip member each.

A message is kept in the bytes it was sent in. HTTP header fields are bytes (RFC 9110 5.5), which http.client reads as
Latin-1, so Latin-1 gives them back; warcio alone would write ASCII, or raise.
"""

import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from requests.utils import requote_uri
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tasks.web.http.response import Headers, Hop, Response

#: Headers that no longer hold once the transfer coding is undone.
_REWRITTEN = {"transfer-encoding", "content-length"}
_ORIGINAL = "X-Archive-Orig-"
_GZIP = b"\x1f\x8b"
#: What may not stand within one line. Bytes from 0x80 on stay: UTF-8, read as Latin-1, is made of them.
_BREAKS = re.compile(r"[\x00-\x20\x7f]+")


class _Message(StatusAndHeaders):  # type: ignore[misc] # warcio has no types
    """The head of a message, written in the bytes it came in."""

    def compute_headers_buffer(self, header_filter: Any = None) -> None:
        """Called by warcio before it measures and writes the head."""
        self.headers_buff = as_sent(self.to_str(header_filter)) + b"\r\n"


class Records:
    """WARC records on their way into a file, a gzip member each."""

    def __init__(self) -> None:
        self._buffer = io.BytesIO()
        self._writer = WARCWriter(self._buffer, gzip=True, warc_version="1.1")

    @property
    def data(self) -> bytes:
        """The members written up to now."""
        return self._buffer.getvalue()

    def add_about(self, name: str, fields: Mapping[str, str]) -> None:
        """Write a ``warcinfo`` record (ISO 28500) of these fields."""
        self._writer.write_record(self._writer.create_warcinfo_record(name, fields))

    def add_hop(self, hop: Hop) -> None:
        """Write a redirect, with an empty body: it was never read."""
        self._add(hop.url, f"{hop.status} {hop.phrase}", hop.headers, b"", hop)

    def add_answer(self, answer: Response) -> int:
        """Write an answer; returns the offset in bytes at which its response record begins."""
        headers, body = _readable(answer)
        return self._add(answer.final_url, f"{answer.status} {answer.phrase}", headers, body, answer)

    def _add(self, url: str, status: str, headers: Headers, raw: bytes, message: Response | Hop) -> int:
        about = {"WARC-Date": _instant(message.requested_at)}
        if message.address:
            about["WARC-IP-Address"] = message.address
        response = self._writer.create_warc_record(
            _target(url),
            "response",
            payload=io.BytesIO(raw),
            length=len(raw),
            http_headers=_Message(_line(status), _as_kept(headers, len(raw)), protocol="HTTP/1.1"),
            warc_headers_dict=about,
        )
        # What was taken over from a WARC file was not asked for: no request is made up for it.
        if message.request_headers:
            self._writer.write_record(self._request(url, message, response.rec_headers.get_header("WARC-Record-ID")))
        begins = self._buffer.tell()
        self._writer.write_record(response)
        return begins

    def _request(self, url: str, message: Response | Hop, response_id: str) -> Any:
        parts = urlsplit(_target(url))
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return self._writer.create_warc_record(
            _target(url),
            "request",
            http_headers=_Message(f"GET {path} HTTP/1.1", list(message.request_headers), is_http_request=True),
            warc_headers_dict={"WARC-Date": _instant(message.requested_at), "WARC-Concurrent-To": response_id},
        )


def _readable(answer: Response) -> tuple[Headers, bytes]:
    """Headers and body as any reader of WARC files can read them: in gzip if the server sent that, else decoded.

    The header of another coding, or of one that the body does not have, is renamed.
    """
    coding = (answer.header("Content-Encoding") or "").strip().lower()
    if coding in {"", "identity"} or (coding in {"gzip", "x-gzip"} and answer.raw.startswith(_GZIP)):
        return answer.headers, answer.raw
    if not answer.body:
        return answer.headers, answer.raw
    renamed = tuple((f"{_ORIGINAL}{k}" if k.lower() == "content-encoding" else k, v) for k, v in answer.headers)
    return renamed, answer.body


def _as_kept(headers: Headers, length: int) -> list[tuple[str, str]]:
    """The headers as they came, but for those that speak of the transfer coding."""
    as_sent = [(name, value) for name, value in headers if name.lower() not in _REWRITTEN]
    renamed = [(f"{_ORIGINAL}{name}", value) for name, value in headers if name.lower() == "transfer-encoding"]
    return [*as_sent, *renamed, ("Content-Length", str(length))]


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _line(words: str) -> str:
    """One header line, whatever a server put into it."""
    return _BREAKS.sub(" ", words).strip(" ")


def _target(url: str) -> str:
    """A URL as it was asked for: requests percent-encodes what no URI may hold (RFC 3986 2.1).

    >>> _target("http://x.example/أخبار?a=é")
    'http://x.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1?a=%C3%A9'
    """
    return _line(requote_uri(url.encode("utf-8", "replace").decode("utf-8"))).replace(" ", "%20")


def as_sent(words: str) -> bytes:
    """The bytes of what http.client read as Latin-1; UTF-8 for what never came over the wire."""
    try:
        return words.encode("latin-1")
    except UnicodeEncodeError:
        return words.encode("utf-8", "replace")
