"""What flow tests share: the demo, run once."""

import json
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import pytest

from schemas.run import RunSummary
from schemas.settings import Settings


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo after its first invocation: both visits, and where its warehouse is."""

    settings: Settings
    first: RunSummary
    second: RunSummary


class Mailbox(NamedTuple):
    """Where a webhook listens, and the JSON that was posted to it."""

    address: str
    posted: "queue.SimpleQueue[dict[str, str]]"


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    """A webhook on loopback, and what was posted to it."""
    posted: queue.SimpleQueue[dict[str, str]] = queue.SimpleQueue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Mailbox(f"http://127.0.0.1:{server.server_address[1]}/hook", posted)
        server.shutdown()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The real flow over the real demo site, once."""
    from flows.demo import run_demo  # noqa: PLC0415 - the environment comes first

    settings = Settings(data_dir=tmp_path_factory.mktemp("demo"))
    first, second = run_demo(settings)
    return Demo(settings.for_demo(), first, second)
