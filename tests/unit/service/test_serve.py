"""The order of things under `firstdraft serve`, with small programs in the place of Prefect's."""

import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import serve as serving
from schemas.errors import ServiceError
from schemas.settings import Settings
from tasks.service.instance import sole_service
from tasks.service.secret import known_secret

STAND_IN = """
import http.server, os, signal, sys
words = sys.argv[1:]
class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/api/health" else 404)
        self.end_headers()
    def log_message(self, *_): pass
if words[:1] == ["flows.server"]:
    assert words[1] == "127.0.0.1" and words[3:] == os.environ.get("NAMES", "").split(), words
    http.server.ThreadingHTTPServer(("127.0.0.1", int(words[2])), Health).serve_forever()
elif words == ["flows.cli", "deploy"]:
    print("to", os.environ["PREFECT_API_URL"], "as", os.environ.get("PREFECT_API_AUTH_STRING"), flush=True)
    sys.exit(int(os.environ.get("DEPLOY_ENDS", 0)))
else:
    assert words == ["prefect", "worker", "start", "--pool", "firstdraft", "--name", "firstdraft"], words
    print("at work", flush=True)
    sys.exit(3) if "WORKER_DIES" in os.environ else signal.pause()
"""


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A free port, the stand-ins in place, and the environment as it was afterwards."""
    program, before = tmp_path / "stand_in.py", dict(os.environ)
    program.write_text(STAND_IN, encoding="utf-8")
    monkeypatch.setattr(serving, "_PYTHON", (sys.executable, str(program)))
    # The whole test run has a password for Prefect's embedded server.
    for name in ("PREFECT_API_AUTH_STRING", "PREFECT_SERVER_API_AUTH_STRING"):
        os.environ.pop(name, None)
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = int(free.getsockname()[1])
    yield number
    os.environ.clear()
    os.environ.update(before)


def test_server_then_deployments_then_worker_until_somebody_says_stop(settings: Settings, port: int) -> None:
    os.environ["PREFECT_SERVER_API_AUTH_STRING"] = "desk:secret"
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if line == "worker | at work":
            os.kill(os.getpid(), signal.SIGTERM)

    assert serving.serve(settings, "127.0.0.1", port, say) == 0
    order = [
        f"deploy | to http://127.0.0.1:{port}/api as desk:secret",
        *("worker | at work", "stopping the worker", "stopping the server"),
    ]
    assert [line for line in said if line in order] == order
    assert any(line.startswith("serving: ") for line in said)
    with sole_service(settings.data_dir, "free again"):
        pass


def test_where_no_password_is_set_one_is_made_and_kept_from_others(settings: Settings, port: int) -> None:
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if line == "worker | at work":
            os.kill(os.getpid(), signal.SIGTERM)

    assert serving.serve(settings.model_copy(update={"serve_names": ("desk.test",)}), "127.0.0.1", port, say) == 1
    os.environ["NAMES"] = "desk.test"
    assert serving.serve(settings.model_copy(update={"serve_names": ("desk.test",)}), "127.0.0.1", port, say) == 0
    secret = known_secret(settings.data_dir)
    assert secret is not None
    assert f"deploy | to http://127.0.0.1:{port}/api as {secret}" in said
    assert (settings.data_dir / "serve.env").stat().st_mode & 0o777 == 0o600


def test_the_server_may_stand_alone(settings: Settings, port: int) -> None:
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if line.startswith("serving: "):
            os.kill(os.getpid(), signal.SIGTERM)

    assert serving.serve(settings, "127.0.0.1", port, say, with_worker=False) == 0
    assert [line for line in said if line.startswith("stopping")] == ["stopping the server"]


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"WORKER_DIES": "1"}, "the worker ended with code 3; stopping the rest"),
        ({"DEPLOY_ENDS": "7"}, "the deploy ended with code 7; stopping the rest"),
    ],
)
def test_the_one_that_dies_is_named_and_the_rest_is_stopped(
    settings: Settings, port: int, environment: dict[str, str], told: str
) -> None:
    os.environ.update(environment)
    said: list[str] = []
    assert serving.serve(settings, "127.0.0.1", port, said.append) == 1
    assert told in said
    assert said[-1] == "stopping the server"


def test_it_does_not_open_the_server_to_the_network_without_a_password(settings: Settings, port: int) -> None:
    with pytest.raises(ServiceError, match="PREFECT_SERVER_API_AUTH_STRING=user:password"):
        serving.serve(settings, "0.0.0.0", port, print)


def test_a_port_with_a_server_behind_it_is_left_alone(settings: Settings, port: int) -> None:
    refused: list[ServiceError] = []

    def say(line: str) -> None:
        if line == "worker | at work":
            with pytest.raises(ServiceError, match=r"answers at .* already.*--port") as caught:
                serving.serve(settings.model_copy(update={"data_dir": Path("other")}), "127.0.0.1", port, print)
            refused.append(caught.value)
            os.kill(os.getpid(), signal.SIGINT)

    assert serving.serve(settings, "127.0.0.1", port, say) == 0
    assert len(refused) == 1
