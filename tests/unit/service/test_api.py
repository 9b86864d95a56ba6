"""What a server's answers are taken for; the real one is asked in tests/flows/test_worker.py."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from schemas.errors import ServiceError
from tasks.service.api import deployment, healthy


class Api(BaseHTTPRequestHandler):
    """Answers by path; asks for a password once there is one."""

    answers: ClassVar[dict[str, Any]] = {}
    password: ClassVar[str] = ""

    def do_GET(self) -> None:
        self.answer(200, {})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.password and self.headers.get("Authorization") != self.password:
            self.answer(401, {"exception_message": "Unauthorized"})
        else:
            found = self.answers.get(self.path.removeprefix("/api/"))
            self.answer(200 if found is not None else 500, found)

    def answer(self, status: int, told: object) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.delenv("PREFECT_API_AUTH_STRING", raising=False)
    monkeypatch.setattr(Api, "answers", {"deployments/filter": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/api"
        server.shutdown()


def test_a_server_without_the_deployment_says_so(api: str) -> None:
    assert healthy(api)
    assert deployment(api, "nightly", "nightly") is None


def test_workers_that_are_offline_do_not_count(api: str) -> None:
    schedules = [{"active": False}, {"active": True}]
    Api.answers |= {
        "deployments/filter": [{"id": "d", "work_pool_name": "firstdraft", "schedules": schedules, "paused": False}],
        "flow_runs/filter": [{"expected_start_time": "2026-03-05T23:15:00Z"}],
        "work_pools/firstdraft/workers/filter": [{"status": "ONLINE"}, {"status": "OFFLINE"}],
    }
    found = deployment(api, "nightly", "nightly")
    assert found is not None
    assert (found.active, found.workers, str(found.next_at)) == (True, 1, "2026-03-05 23:15:00+00:00")


def test_the_password_is_sent_and_a_wrong_one_is_named(api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Api, "password", "Basic ZGVzazpzZWNyZXQ=")
    with pytest.raises(ServiceError, match="PREFECT_API_AUTH_STRING"):
        deployment(api, "nightly", "nightly")
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "desk:secret")
    assert deployment(api, "nightly", "nightly") is None


def test_a_server_that_is_unwell_is_an_error(api: str) -> None:
    del Api.answers["deployments/filter"]
    with pytest.raises(ServiceError, match="HTTP 500 to deployments/filter"):
        deployment(api, "nightly", "nightly")


def test_nobody_there(api: str) -> None:
    assert not healthy("http://127.0.0.1:9/api")
    with pytest.raises(ServiceError, match=r"there is no answer from 127\.0\.0\.1:9 "):
        deployment("http://127.0.0.1:9/api", "nightly", "nightly")
