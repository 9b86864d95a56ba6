"""A server on loopback that speaks the protocol of chat completions, with what it is to answer written beforehand."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

REPLIES = Path(__file__).parent / "replies"
SECRET = "sk-not-for-anybody-0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Given:
    """One answer: a status, headers, and a body; ``slowly`` waits for the test's leave after the first byte."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    slowly: bool = False


@dataclass(slots=True)
class Model:
    """What the server gives, in turn (the last one for ever), and what it was asked."""

    given: list[Given]
    answer: Callable[[dict[str, Any]], Given] | None = None
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    most_at_once: int = 0
    leave: threading.Event = field(default_factory=threading.Event)
    url: str = ""
    _now: int = 0
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def _turn(self) -> int:
        return min(len(self.requests), len(self.given)) - 1

    @contextmanager
    def asked(self, body: bytes, key: str | None) -> Iterator[Given]:
        with self._guard:
            self.requests.append(json.loads(body))
            self.keys.append(key)
            given = self.answer(self.requests[-1]) if self.answer else self.given[self._turn()]
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            yield given
        finally:
            with self._guard:
                self._now -= 1


def completion(content: str | None, finish: str = "stop", usage: bool = True) -> Given:
    """An answer in the form of the protocol."""
    told: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "a-model",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish}],
    }
    if usage:
        told["usage"] = {"prompt_tokens": 900, "completion_tokens": 100, "total_tokens": 1000}
    return Given(200, json.dumps(told).encode(), (("Content-Type", "application/json"),))


def recorded(name: str) -> Given:
    """An answer of ``replies/``, written by hand."""
    return completion((REPLIES / f"{name}.json").read_text(encoding="utf-8"))


def fault(status: int, **headers: str) -> Given:
    """A refusal that repeats the key it was sent, as servers do; it may be tried again at once."""
    told = {"error": {"message": f"Incorrect API key provided: {SECRET}", "type": "x", "code": "y"}}
    named = {"Content-Type": "application/json", "retry-after-ms": "1", **headers}
    return Given(status, json.dumps(told).encode(), tuple(named.items()))


@contextmanager
def serving(*given: Given, answer: Callable[[dict[str, Any]], Given] | None = None) -> Iterator[Model]:
    """The server, on a port of its own; ``answer`` makes each answer of the request instead."""
    model = Model(list(given), answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(model))
    model.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield model
    finally:
        model.leave.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(model: Model) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with model.asked(body, self.headers["Authorization"]) as given:
                self._give(given)

        def _give(self, given: Given) -> None:
            self.send_response(given.status)
            for name, value in given.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(given.body)))
            self.end_headers()
            if given.slowly:
                self.wfile.write(given.body[:1])
                self.wfile.flush()
                model.leave.wait(30)
                self.close_connection = True
                return
            self.wfile.write(given.body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    return Handler
