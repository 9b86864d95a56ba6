"""A loopback server that says exactly the bytes a test wants said: frameworks are too kind."""

import contextlib
import gzip
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]


@dataclass
class Talk:
    """One connection: the request heard, and the means to answer it."""

    request: Request
    connection: socket.socket
    stopped: threading.Event

    def say(self, data: bytes) -> None:
        self.connection.sendall(data)

    def dribble(self, data: bytes, pause: float = 0.02) -> None:
        """A byte at a time until the other side has had enough."""
        for number in range(len(data)):
            self.say(data[number : number + 1])
            if self.stopped.wait(pause):
                return

    def reset(self) -> None:
        """Tear the connection down without a goodbye."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def wait(self) -> None:
        """Say nothing until the test ends or the other side goes away."""
        while not self.stopped.is_set() and self.connection.recv(1):
            pass


Script = bytes | Callable[[Talk], None]


def answer(
    body: bytes = b"", status: int = 200, headers: Mapping[str, str] | None = None, media: str = "text/html"
) -> bytes:
    """A whole HTTP answer with an honest Content-Length."""
    lines = {"Content-Type": media, "Content-Length": str(len(body)), "Connection": "close", **(headers or {})}
    head = f"HTTP/1.1 {status} Said\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return head.encode("latin-1") + b"\r\n" + body


def redirect(location: str, status: int = 302) -> bytes:
    return answer(status=status, headers={"Location": location})


def gzipped(body: bytes, cut: int | None = None) -> bytes:
    return answer(gzip.compress(body)[:cut], headers={"Content-Encoding": "gzip"})


@dataclass
class Server:
    """Answers by path; ``routes`` may change while it runs. ``heard`` are the requests, in order.

    ``mute``: it takes the connection and what is said to it, and says nothing, not even a handshake; ``hang_up``: it
    hears the first words and closes.
    """

    routes: dict[str, Script] = field(default_factory=dict)
    heard: list[Request] = field(default_factory=list)
    connections: int = 0
    tls: ssl.SSLContext | None = None
    mute: bool = False
    hang_up: bool = False

    def __enter__(self) -> Self:
        self._stopped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._threads: list[threading.Thread] = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(2)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.heard]

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            connection.settimeout(2)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _secured(self, connection: socket.socket) -> socket.socket:
        return self.tls.wrap_socket(connection, server_side=True) if self.tls else connection

    def _serve(self, plain: socket.socket) -> None:
        with plain, contextlib.suppress(OSError), self._secured(plain) as connection:
            if self.hang_up:
                connection.recv(4096)
                return
            while self.mute and connection.recv(4096):
                pass
            request = _read_request(connection)
            if request is None:
                return
            self.heard.append(request)
            script = self.routes.get(request.path, answer(b"nothing here", status=404))
            if isinstance(script, bytes):
                connection.sendall(script)
            else:
                script(Talk(request, connection, self._stopped))


def _read_request(connection: socket.socket) -> Request | None:
    data = b""
    while b"\r\n\r\n" not in data:
        block = connection.recv(65_536)
        if not block:
            return None
        data += block
    first, *lines = data.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return Request(first.split(" ")[1], {name.lower(): value.strip() for name, _, value in pairs})
