"""A farm of hosts on loopback: one small asyncio server that answers for them all and keeps a log of what it saw.

    uv run python -m benchmarks.site [--hosts 200] [--page-bytes 40000] [--service 0.0]

As a program it serves news-like pages on so many addresses of 127.0.0.0/8, prints them and its port, and when its
standard input ends prints what it saw. In a process, :class:`Farm` answers as a script says, faults included.

The log is proof of manners without tolerances: a request is stamped as begun when its bytes are there, which is after
the client began, and as ended before the last byte is sent, which is before the client can know. So two requests are
never nearer to each other, and never farther inside one another, than the log says.
"""

import argparse
import asyncio
import contextlib
import gzip
import json
import random
import socket
import struct
import sys
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self, cast

LOOPBACK = "127.0.0.1"
_HEAD_END = b"\r\n\r\n"
_LINGER_ZERO = struct.pack("ii", 1, 0)


class End(StrEnum):
    """What happens once the bytes of a reply are sent."""

    KEEP = "keep"  # the connection stays open, unless the client asked for its end
    CLOSE = "close"
    RESET = "reset"
    HANG = "hang"  # nothing more is said, and nothing closed
    DRIP = "drip"  # the bytes go out one by one


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer, how many seconds after the request, how to end; ``drip`` is the pause between two bytes."""

    data: bytes
    end: End = End.KEEP
    after: float = 0.0
    drip: float = 0.05
    status: int = 200


@dataclass(slots=True)
class Heard:
    """One request. ``begun`` and ``ended`` are monotonic seconds; ``ended`` is infinite while it is under way."""

    host: str
    path: str
    begun: float
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    ended: float = float("inf")


#: Host and path to what to answer.
Script = Callable[[Heard], Reply]


def http(status: int = 200, body: bytes = b"", media: str = "text/html; charset=utf-8", **headers: str) -> bytes:
    """A whole answer. Header names are given with underscores: ``Retry_After="1"``."""
    lines = {"Content-Type": media, "Content-Length": str(len(body))} | headers
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode("latin-1") + body


def say(status: int = 200, body: bytes = b"", **headers: str) -> Reply:
    """A plain reply."""
    return Reply(http(status, body, **headers), status=status)


class Farm:
    """The farm in a thread of its own; a context manager. ``heard`` is its log, in the order of arrival."""

    def __init__(self, script: Script, addresses: Sequence[str] = (LOOPBACK,), keep_log: bool = True) -> None:
        self._script = script
        self._addresses = addresses
        self._keep_log = keep_log
        self.heard: list[Heard] = []
        self.requests = 0
        self.connections = 0
        self.port = 0
        self._open: set[_Visit] = set()

    def __enter__(self) -> Self:
        ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="farm", daemon=True)
        self._thread.start()
        ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _run(self, ready: threading.Event) -> None:
        loop = self._loop
        servers = [loop.run_until_complete(self._listen(address)) for address in self._addresses]
        ready.set()
        loop.run_forever()
        for server in servers:
            server.close()
        for visit in list(self._open):
            visit.drop()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()

    async def _listen(self, address: str) -> asyncio.Server:
        """On the first address any free port, on the others the same one."""
        server = await self._loop.create_server(lambda: _Visit(self, self._loop), address, self.port, backlog=1024)
        self.port = int(server.sockets[0].getsockname()[1])
        return server

    def answer(self, heard: Heard) -> Reply:
        """What the script says, noted in the log."""
        self.requests += 1
        reply = self._script(heard)
        heard.status = reply.status
        if self._keep_log:
            self.heard.append(heard)
        return reply

    def opened(self, visit: "_Visit") -> None:
        """A connection began."""
        self.connections += 1
        self._open.add(visit)

    def closed(self, visit: "_Visit") -> None:
        """A connection is over."""
        self._open.discard(visit)


class _Visit(asyncio.Protocol):
    """One connection."""

    def __init__(self, farm: Farm, loop: asyncio.AbstractEventLoop) -> None:
        self._farm = farm
        self._loop = loop
        self._buffer = b""
        self._now: Heard | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._begun: float | None = time.monotonic()
        self._farm.opened(self)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while _HEAD_END in self._buffer and self._now is None:
            head, _, self._buffer = self._buffer.partition(_HEAD_END)
            heard = _read(head, self._begun or time.monotonic())
            self._begun, self._now = None, heard
            reply = self._farm.answer(heard)
            if reply.after:
                self._loop.call_later(reply.after, self._send, heard, reply)
            else:
                self._send(heard, reply)

    def connection_lost(self, exc: Exception | None) -> None:
        self._farm.closed(self)
        if self._now is not None:  # the client went away first
            self._now.ended = min(self._now.ended, time.monotonic())

    def drop(self) -> None:
        """End it at once."""
        self._transport.abort()

    def _send(self, heard: Heard, reply: Reply) -> None:
        if self._transport.is_closing():
            return
        if reply.end is End.DRIP:
            self._drip(heard, reply, 0)
            return
        if reply.end is End.HANG:
            self._transport.write(reply.data)
            return
        heard.ended, self._now = time.monotonic(), None
        self._transport.write(reply.data)
        if reply.end is End.RESET:
            connection = self._transport.get_extra_info("socket")
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
            self._transport.abort()
        elif reply.end is End.CLOSE or heard.headers.get("connection", "").lower() == "close":
            self._transport.close()

    def _drip(self, heard: Heard, reply: Reply, at: int) -> None:
        if self._transport.is_closing():
            return
        if at == len(reply.data):
            self._transport.close()
            return
        self._transport.write(reply.data[at : at + 1])
        self._loop.call_later(reply.drip, self._drip, heard, reply, at + 1)


def _read(head: bytes, begun: float) -> Heard:
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    return Heard(headers.get("host", "").partition(":")[0], first.split(" ")[1], begun, 0, headers)


def news_pages(size: int, count: int = 16) -> list[bytes]:
    """Pages of about ``size`` bytes that look like a news site's and compress like one's, the same ones every time."""
    chance = random.Random(20240101)
    words = ["".join(chance.choices("etaoinshrdlucmf", k=chance.randint(2, 9))) for _ in range(3000)]
    return [_page(chance, words, size, number) for number in range(count)]


def _page(chance: random.Random, words: list[str], size: int, number: int) -> bytes:
    paragraphs: list[str] = []
    while sum(map(len, paragraphs)) < size - 600:
        paragraphs.append(f'<p class="article__text">{" ".join(chance.choices(words, k=60))}.</p>\n')
    menu = "".join(f'<li class="menu__item"><a href="/section/{n}/">{words[n]}</a></li>' for n in range(10))
    return (
        f"<!doctype html><html lang=en><head><title>Page {number}</title></head><body><ul>{menu}</ul>"
        f"<article>{''.join(paragraphs)}</article></body></html>"
    ).encode()


def page_script(size: int, service: float) -> Script:
    """A news page for every path, gzipped for who takes it, ``service`` seconds after the request; no robots.txt."""
    plain = news_pages(size)
    packed = [http(200, gzip.compress(page, 6), Content_Encoding="gzip") for page in plain]
    whole = [http(200, page) for page in plain]

    def script(heard: Heard) -> Reply:
        if heard.path == "/robots.txt":
            return say(404)
        choice = packed if "gzip" in heard.headers.get("accept-encoding", "") else whole
        return Reply(choice[zlib.crc32(heard.path.encode()) % len(choice)], after=service)

    return script


def loopback_hosts(count: int) -> list[str]:
    """So many addresses of this machine.

    >>> loopback_hosts(2)
    ['127.1.0.1', '127.1.0.2']
    """
    return [f"127.1.{number // 250}.{number % 250 + 1}" for number in range(count)]


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--page-bytes", type=int, default=40_000)
    parser.add_argument("--service", type=float, default=0.0, help="seconds before each answer")
    arguments = parser.parse_args()
    hosts = loopback_hosts(arguments.hosts)
    with Farm(page_script(arguments.page_bytes, arguments.service), hosts, keep_log=False) as farm:
        print(json.dumps({"port": farm.port, "hosts": hosts}), flush=True)
        sys.stdin.read()
        print(json.dumps({"requests": farm.requests, "connections": farm.connections}), flush=True)


if __name__ == "__main__":
    main()
