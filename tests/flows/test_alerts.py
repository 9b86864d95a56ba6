"""An alert arrives where it was asked for, with its links, and not twice."""

import json
import queue
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from schemas.alert import Alert
from tests.flows.conftest import Demo


@pytest.fixture
def desk() -> Iterator[tuple[str, "queue.SimpleQueue[dict[str, str]]"]]:
    """An address that takes JSON by POST: where it is, and what came."""
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
        yield f"http://127.0.0.1:{server.server_address[1]}/hook", posted
        server.shutdown()


def test_an_alert_arrives_once(desk: tuple[str, "queue.SimpleQueue[dict[str, str]]"], demo: Demo) -> None:
    from flows.automations import _block_for  # noqa: PLC0415 - the environment comes first
    from tasks.alert import tell  # noqa: PLC0415

    address, posted = desk
    _block_for(address).save("firstdraft-newsroom", overwrite=True)
    alert = Alert(name="killed", about="Persons killed", where="killed_best > 0", to=("newsroom",))
    settings = demo.settings.model_copy(update={"site_url": "https://desk.test/site"})
    told = tell(settings, [alert])
    message = posted.get(timeout=20)
    assert f"({told['killed']})" in message["subject"]
    assert "https://desk.test/site/event/" in message["body"]
    assert tell(settings, [alert]) == {"killed": 0}
    assert posted.empty()


def test_an_address_nobody_keeps_is_told_the_next_time(demo: Demo) -> None:
    from tasks.alert import tell  # noqa: PLC0415

    alert = Alert(name="nobody-there", about="Persons killed", where="killed_best > 0", to=("nowhere",))
    assert tell(demo.settings, [alert]) == {}
    assert tell(demo.settings, [alert]) == {}
