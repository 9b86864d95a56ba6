"""`firstdraft serve` as its users start it, in a process of its own over the demo site, and ways to ask it."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
import yaml
from requests.adapters import HTTPAdapter
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed
from urllib3.util import Retry

from schemas.settings import DEMO_SOURCES
from tasks.demo.server import DemoSite
from tasks.service.secret import known_secret

FIRSTDRAFT = (sys.executable, "-m", "flows.cli")
#: A machine that is busy with other things.
PATIENCE = 300


@dataclass(frozen=True, slots=True)
class Served:
    """What `firstdraft serve` brought up: its process, its API, and the environment of those who talk to it."""

    process: "subprocess.Popen[str]"
    api: str
    environment: dict[str, str]
    folder: Path
    lines: list[str] = field(default_factory=list)

    @property
    def secret(self) -> tuple[str, str]:
        """User and password, as `serve` keeps them."""
        told = known_secret(self.folder / "data")
        assert told is not None
        user, _, password = told.partition(":")
        return user, password

    def firstdraft(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*FIRSTDRAFT, *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def ask(self, path: str, **query: object) -> list[dict[str, Any]]:
        """The server's own filter."""
        found: list[dict[str, Any]] = self.post(f"{path}/filter", query)
        return found

    def post(self, path: str, query: object) -> Any:
        answered = requests.post(f"{self.api}/{path}", json=query, timeout=PATIENCE, auth=self.secret)
        answered.raise_for_status()
        return answered.json()

    def deployment(self, name: str) -> dict[str, Any]:
        return next(found for found in self.ask("deployments") if found["name"] == name)


def environment_of(folder: Path, site: DemoSite) -> dict[str, str]:
    """Settings over the demo site and one outlet that is down, as a service has them."""
    sources = yaml.safe_load(DEMO_SOURCES.read_text(encoding="utf-8"))
    gone = {"id": "gone-en", "name": "Gone", "family": "gone", "country": "SY", "language": "en", "delay_seconds": 0}
    sources["sources"].append(gone | {"homepage": "http://gone.invalid/", "feeds": [{"url": "http://gone.invalid/f"}]})
    (folder / "sources.yml").write_text(yaml.safe_dump(sources), encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "FIRSTDRAFT_"))}
    return kept | {
        "FIRSTDRAFT_SOURCES_FILE": "sources.yml",  # relative: runs must work in the folder of the service
        "FIRSTDRAFT_ALLOW_LOOPBACK": "true",
        "FIRSTDRAFT_CONNECT_TO": json.dumps(site.connect_to),
        "FIRSTDRAFT_CONTACT_EMAIL": "desk@example.org",
        "FIRSTDRAFT_RETRIES": "0",
        "FIRSTDRAFT_LOG_FORMAT": "json",
        "FIRSTDRAFT_LOG_FILE": "logs/firstdraft.jsonl",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "15",
    }


@contextmanager
def serving(folder: Path, environment: dict[str, str], port: int) -> Iterator[Served]:
    """`firstdraft serve` until the block ends; its worker is at work when it begins."""
    process = subprocess.Popen(
        [*FIRSTDRAFT, "serve", "--port", str(port)],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    found = Served(process, f"http://127.0.0.1:{port}/api", environment, folder)
    up = threading.Event()
    threading.Thread(target=listen, args=(process, found.lines, up), daemon=True).start()
    try:
        assert up.wait(PATIENCE), found.lines
        assert any(line.startswith("serving: ") for line in found.lines), found.lines
        yield found
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(60)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def listen(process: "subprocess.Popen[str]", lines: list[str], up: threading.Event) -> None:
    for line in process.stdout or ():
        lines.append(line.rstrip())
        if line.startswith("worker | ") and "started" in line:
            up.set()
    up.set()


def begun(served: Served, **parameters: object) -> str:
    """A nightly run asked for by hand; its id."""
    given = [f"--param={name}={json.dumps(value)}" for name, value in parameters.items()]
    told = subprocess.run(
        [sys.executable, "-m", "prefect", "deployment", "run", "nightly/nightly", *given],
        env=served.environment | {"PREFECT_API_URL": served.api, "PREFECT_API_AUTH_STRING": ":".join(served.secret)},
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.partition("/flow-run/")[2].split()[0]


patiently = retry(
    stop=stop_after_delay(PATIENCE), wait=wait_fixed(2), retry=retry_if_exception_type(AssertionError), reraise=True
)


def patient_requests() -> requests.Session:
    """Requests asked again while the server is too busy to answer (503), as Prefect's own client does."""
    session = requests.Session()
    again = Retry(total=8, status_forcelist=[503], backoff_factor=0.5, allowed_methods=None, raise_on_status=False)
    session.mount("http://", HTTPAdapter(max_retries=again))
    return session


@patiently
def ended(served: Served, run_id: str) -> dict[str, Any]:
    """A flow run, once it has come to an end."""
    (run,) = served.ask("flow_runs", flow_runs={"id": {"any_": [run_id]}})
    assert run["state_type"] in {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}, run["state_name"]
    return run
