"""Requests and answers as WARC records, a gzip member each."""

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tasks.web.http.answer import Answer, Headers, Hop

#: Headers that no longer hold once the transfer coding is undone.
_REWRITTEN = {"transfer-encoding", "content-length"}


class Records:
    """WARC records on their way into a file, a gzip member each."""

    def __init__(self) -> None:
        self._buffer = io.BytesIO()
        self._writer = WARCWriter(self._buffer, gzip=True, warc_version="1.1")

    @property
    def data(self) -> bytes:
        """The members written up to now."""
        return self._buffer.getvalue()

    def add_about(self, name: str, told: Mapping[str, str]) -> None:
        """A ``warcinfo`` record."""
        self._writer.write_record(self._writer.create_warcinfo_record(name, told))

    def add_hop(self, hop: Hop) -> None:
        """A redirect: its body was never read."""
        self._add(hop.url, f"{hop.status} {hop.phrase}", hop.headers, b"", hop)

    def add_answer(self, answer: Answer) -> int:
        """An answer; where its response begins."""
        return self._add(answer.final_url, f"{answer.status} {answer.phrase}", answer.headers, answer.raw, answer)

    def _add(self, url: str, status: str, headers: Headers, raw: bytes, asked: Answer | Hop) -> int:
        about = {"WARC-Date": _instant(asked.requested_at)}
        if asked.address:
            about["WARC-IP-Address"] = asked.address
        response = self._writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(raw),
            length=len(raw),
            http_headers=StatusAndHeaders(_line(status), _as_kept(headers, len(raw)), protocol="HTTP/1.1"),
            warc_headers_dict=about,
        )
        # What was taken over from a WARC file was not asked for: no request is made up for it.
        if asked.request_headers:
            self._writer.write_record(self._request(url, asked, response.rec_headers.get_header("WARC-Record-ID")))
        begins = self._buffer.tell()
        self._writer.write_record(response)
        return begins

    def _request(self, url: str, asked: Answer | Hop, response_id: str) -> Any:
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return self._writer.create_warc_record(
            url,
            "request",
            http_headers=StatusAndHeaders(
                f"GET {_line(path)} HTTP/1.1", list(asked.request_headers), is_http_request=True
            ),
            warc_headers_dict={"WARC-Date": _instant(asked.requested_at), "WARC-Concurrent-To": response_id},
        )


def _as_kept(headers: Headers, length: int) -> list[tuple[str, str]]:
    """The headers as they came, but for those that speak of the transfer coding."""
    kept = [(name, value) for name, value in headers if name.lower() not in _REWRITTEN]
    renamed = [(f"X-Archive-Orig-{name}", value) for name, value in headers if name.lower() == "transfer-encoding"]
    return [*kept, *renamed, ("Content-Length", str(length))]


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _line(words: str) -> str:
    """One header line, whatever a server put into it."""
    return " ".join(words.split())
