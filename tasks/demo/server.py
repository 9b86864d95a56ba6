"""The demo site on 127.0.0.1: one small threaded server, its virtual hosts told apart by the Host header.

The server keeps no state about who asked what. A page in two versions shows the first to a client that brings no
validator, the second to one that brings the validator of the first (it was here before), and 304 after that: so a
second visit sees the correction, a third nothing new, whatever else was asked in between.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from tasks.demo.content import load_site
from tasks.demo.render import Rendered, Resources, render_site

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the server saw it. ``path`` is as asked for, query included; headers not sent are empty."""

    host: str
    method: str
    path: str
    status: int
    user_agent: str
    if_none_match: str
    if_modified_since: str


class DemoSite:
    """The running site, as its users see it."""

    def __init__(self, hosts: tuple[str, ...], port: int, log: list[Request], lock: threading.Lock) -> None:
        self.hosts = hosts
        self.port = port
        self._log = log
        self._lock = lock

    @property
    def connect_to(self) -> dict[str, str]:
        """Host name to ``127.0.0.1:port``, in the form of ``Settings.connect_to``."""
        return dict.fromkeys(self.hosts, f"{LOOPBACK}:{self.port}")

    @property
    def requests(self) -> tuple[Request, ...]:
        """What was asked so far, in the order it was answered."""
        with self._lock:
            return tuple(self._log)


@contextmanager
def serve_demo() -> Iterator[DemoSite]:
    """Serve the bundled site on a free port of 127.0.0.1 until the block ends.

    Raises :class:`schemas.errors.SeedError` for a malformed seed and :class:`OSError` if no port can be bound.
    """
    server = _Server(_resources())
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="demo-site", daemon=True
    )
    thread.start()
    try:
        yield DemoSite(server.hosts, server.server_port, server.log, server.lock)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@lru_cache(maxsize=1)
def _resources() -> Resources:
    return render_site(load_site())


def choose(versions: tuple[Rendered, ...], headers: Mapping[str, str] | Message) -> tuple[Rendered, bool]:
    """Which version a client gets, and whether it holds it already (304).

    If-None-Match counts before If-Modified-Since (RFC 9110, 13.2.2). One validator of an earlier version is enough to
    get the latest one; a validator of neither, or none, gets the first.
    """
    first, latest = versions[0], versions[-1]
    etag = headers.get("If-None-Match")
    if etag is not None:
        tags = {tag.strip().removeprefix("W/") for tag in etag.split(",")}
        here_before, current = first.etag in tags, bool(tags & {latest.etag, "*"})
    else:
        since = _instant(headers.get("If-Modified-Since"))
        here_before, current = (
            since is not None and since >= first.modified,
            since is not None and since >= latest.modified,
        )
    return (latest if here_before or current else first), current


def _instant(value: str | None) -> datetime | None:
    try:
        instant = parsedate_to_datetime(value or "")
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Threads end with their connection; waiting for idle keep-alive connections would hang the end of the block.
    block_on_close = False
    request_queue_size = 128

    def __init__(self, resources: Resources) -> None:
        self.resources = resources
        self.hosts = tuple(sorted({host for host, _ in resources}))
        self.log: list[Request] = []
        self.lock = threading.Lock()
        super().__init__((LOOPBACK, 0), _Handler)

    def server_bind(self) -> None:
        """Without HTTPServer's reverse look-up of the address, which may wait for a name server."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is its own affair."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "demo"
    sys_version = ""
    # Head and body leave in one packet: two would wait for each other's acknowledgement (40 ms a page).
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer with a version of the page, 304, or a plain error."""
        host = (self.headers.get("Host") or "").partition(":")[0].lower()
        versions = self.server.resources.get((host, unquote(urlsplit(self.path).path)))
        if versions is None:
            self._missing(host)
            return
        version, client_has_it = choose(versions, self.headers)
        if client_has_it and version.status == HTTPStatus.OK:
            self._send(host, HTTPStatus.NOT_MODIFIED, {}, b"", version)
            return
        self._send(host, version.status, {"Content-Type": version.media_type}, version.body, version)

    do_HEAD = do_GET  # noqa: N815 - the name http.server asks for

    def log_message(self, *_: Any) -> None:
        """No noise on the console: the request log is for whoever wants to know."""

    def _missing(self, host: str) -> None:
        is_known = host in self.server.hosts
        status = HTTPStatus.NOT_FOUND if is_known else HTTPStatus.MISDIRECTED_REQUEST
        text = "There is no such page here.\n" if is_known else "There is no such outlet here.\n"
        self._send(host, status, {"Content-Type": "text/plain; charset=utf-8"}, text.encode(), None)

    def _send(self, host: str, status: int, fields: dict[str, str], body: bytes, version: Rendered | None) -> None:
        self._record(host, status)
        self.send_response(status)
        for name, value in (fields | _validators(version)).items():
            self.send_header(name, value)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _record(self, host: str, status: int) -> None:
        sent = (self.headers.get(name, "") for name in ("User-Agent", "If-None-Match", "If-Modified-Since"))
        request = Request(host, self.command, self.path, int(status), *sent)
        with self.server.lock:
            self.server.log.append(request)


def _validators(version: Rendered | None) -> dict[str, str]:
    if version is None or version.status != HTTPStatus.OK:
        return {}
    modified = format_datetime(version.modified.astimezone(UTC), usegmt=True)
    return {"ETag": version.etag, "Last-Modified": modified, "Cache-Control": "no-cache"}
