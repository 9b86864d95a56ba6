"""Prefect as its users use it: a server, a pool, `prefect deploy --all`, a worker that runs the nightly deployment."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from tenacity import retry, stop_after_delay, wait_fixed

from schemas.settings import DEMO_SOURCES, Settings
from tasks.demo.server import serve_demo
from tasks.warehouse.connect import open_reader
from tasks.warehouse.sql import answer

ROOT = Path(__file__).resolve().parents[2]
PREFECT = str(Path(sys.executable).with_name("prefect"))


@dataclass(frozen=True, slots=True)
class Server:
    """A running Prefect server and the environment that reaches it."""

    api: str
    environment: dict[str, str]

    def prefect(self, *arguments: str, timeout: float = 120) -> str:
        """Run a prefect command in the checkout; its output."""
        done = subprocess.run(
            [PREFECT, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def runs(self, **query: object) -> list[dict[str, object]]:
        """Flow runs by the server's own filter."""
        answered = requests.post(f"{self.api}/flow_runs/filter", json=query, timeout=20)
        answered.raise_for_status()
        found: list[dict[str, object]] = answered.json()
        return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("server")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    api = f"http://127.0.0.1:{port}/api"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "FIRSTDRAFT_"))}
    environment = kept | {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_CLI_COLORS": "false",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}",
    }
    log = (home / "server.log").open("w")
    process = subprocess.Popen(
        [PREFECT, "server", "start", "--no-ui", "--host", "127.0.0.1", "--port", str(port)],
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        _healthy(api)
        yield Server(api, environment)
    finally:
        process.terminate()
        process.wait(30)
        log.close()


@retry(stop=stop_after_delay(90), wait=wait_fixed(0.3))
def _healthy(api: str) -> None:
    requests.get(f"{api}/health", timeout=2).raise_for_status()


@retry(stop=stop_after_delay(60), wait=wait_fixed(0.5))
def _scheduled(server: Server) -> list[dict[str, object]]:
    runs = server.runs(flow_runs={"state": {"type": {"any_": ["SCHEDULED"]}}})
    assert runs
    return runs


@pytest.fixture(scope="module")
def deployed(server: Server) -> Server:
    server.prefect("work-pool", "create", "firstdraft", "--type", "process")
    server.prefect("--no-prompt", "deploy", "--all")
    return server


def test_all_deployments_register_with_their_limits(deployed: Server) -> None:
    found = requests.post(f"{deployed.api}/deployments/filter", json={}, timeout=20).json()
    assert {d["name"] for d in found} == {"nightly", "backfill", "reprocess", "report", "verify"}
    for deployment in found:
        assert deployment["global_concurrency_limit"]["limit"] == 1
        assert deployment["entrypoint"] == f"flows.{deployment['name']}.{deployment['name']}"


def test_the_cron_schedule_puts_runs_in_the_queue(deployed: Server) -> None:
    runs = _scheduled(deployed)
    assert all(run["auto_scheduled"] for run in runs)


def test_a_worker_runs_the_nightly_deployment(deployed: Server, tmp_path: Path) -> None:
    with serve_demo() as site:
        ours = {
            "FIRSTDRAFT_DATA_DIR": str(tmp_path / "data"),
            "FIRSTDRAFT_SOURCES_FILE": str(DEMO_SOURCES),
            "FIRSTDRAFT_ALLOW_LOOPBACK": "true",
            "FIRSTDRAFT_CONNECT_TO": json.dumps(site.connect_to),
        }
        worker = Server(deployed.api, deployed.environment | ours)
        worker.prefect("deployment", "run", "nightly/nightly", "--param", "days=10000")
        worker.prefect("worker", "start", "--pool", "firstdraft", "--run-once", timeout=240)
    done = deployed.runs(flow_runs={"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}}})
    assert {run["state_name"] for run in done} == {"Completed"}, done
    artifacts = requests.post(f"{deployed.api}/artifacts/filter", json={}, timeout=20).json()
    assert {artifact["key"] for artifact in artifacts} >= {"funnel", "events"}
    with open_reader(Settings(data_dir=tmp_path / "data")) as con:
        ((stored,),) = answer(con, "SELECT count(*) FROM articles").rows
    assert stored > 10
