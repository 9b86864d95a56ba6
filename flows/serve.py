"""Server, worker and schedule under one roof: one command, one process to stop. Prefect is only ever a child here."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from flows.environment import prepare
from schemas.errors import ServiceError
from schemas.health import Child
from schemas.settings import Settings
from tasks.service.api import POOL, healthy, is_loopback
from tasks.service.children import Children, Ended, Stopped
from tasks.service.instance import sole_service

#: A server that compiles its bytecode first, on a slow disk.
START_SECONDS = 180.0
_PYTHON = (sys.executable, "-m")
#: SQLite takes one writer: task runs are recorded in batches, and whoever waits for it waits longer.
_SERVER = {
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_DATABASE_TIMEOUT": "60",
    "PREFECT_SERVER_DATABASE_CONNECTION_TIMEOUT": "60",
}
News = Ended | Stopped | None


def serve(settings: Settings, host: str, port: int, write_line: Callable[[str], None]) -> int:
    """Run until a signal comes or a child dies; the exit code. ``write_line`` gets each line of the children.

    Raises :class:`ServiceError` where somebody serves the folder or the port already, or where the server would be
    open to the network without a password.
    """
    api = f"http://{f'[{host}]' if ':' in host else host}:{port}/api"
    _refuse(host, api)
    _surround(settings, api)
    children = Children(write_line)
    with sole_service(settings.data_dir, api), children.told_by_signals(), children:
        return _said(_bring_up(children, host, port, api, write_line) or children.wait(), write_line)


def _bring_up(children: Children, host: str, port: int, api: str, write_line: Callable[[str], None]) -> News:
    """Server, then deployments, then worker; what went wrong on the way, or ``None``."""
    folder = Path.cwd()
    server = (*_PYTHON, "prefect", "server", "start", "--host", host, "--port", str(port))
    ours = {name: value for name, value in _SERVER.items() if name not in os.environ}
    children.start(Child("server", server, ours, folder))
    if news := _until_healthy(children, api):
        return news
    children.start(Child("deploy", (*_PYTHON, "flows.cli", "deploy"), {}, folder))
    news = children.wait()
    if not isinstance(news, Ended) or (news.name, news.code) != ("deploy", 0):
        return news
    children.forget("deploy")
    children.start(Child("worker", (*_PYTHON, "prefect", "worker", "start", "--pool", POOL), {}, folder))
    write_line(f"serving: {api.removesuffix('/api')} shows the runs, `firstdraft doctor` the rest; Ctrl-C stops")
    return None


def _until_healthy(children: Children, api: str) -> News:
    """Wait for the server; what happened instead. Raises :class:`ServiceError` where it takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while not healthy(api):
        if news := children.wait(0.3):
            return news
        if time.monotonic() > deadline:
            raise ServiceError(
                f"the server did not answer at {api} within {START_SECONDS:.0f} s; its log lines above say why"
            )
    return None


def _said(news: News, write_line: Callable[[str], None]) -> int:
    """Tell why we end; 0 where somebody asked for it."""
    if not isinstance(news, Ended):
        return 0
    for line in news.tail:
        write_line(f"  {line}")
    write_line(f"{news}; stopping the rest")
    return 1


def _refuse(host: str, api: str) -> None:
    """Do not begin what cannot go well."""
    if not is_loopback(host) and not os.environ.get("PREFECT_SERVER_API_AUTH_STRING"):
        raise ServiceError(
            f"--host {host} opens the server to the network, and everybody who reaches it can run code: "
            "set PREFECT_SERVER_API_AUTH_STRING=user:password first, or leave --host out"
        )
    if healthy(api):
        raise ServiceError(
            f"a Prefect server answers at {api} already: stop it, choose another --port, or use it with "
            f"`PREFECT_API_URL={api} firstdraft deploy` and `prefect worker start --pool {POOL}`"
        )


def _surround(settings: Settings, api: str) -> None:
    """What all children find in their environment; what the user set stays."""
    prepare()
    folder = settings.data_dir.absolute()
    (folder / "prefect").mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("PREFECT_HOME", str(folder / "prefect"))
    os.environ["PREFECT_API_URL"] = api
    # A console's lines are ours to pass on, and a service's log wants them all.
    os.environ["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"] = "INFO"
    if auth := os.environ.get("PREFECT_SERVER_API_AUTH_STRING"):
        os.environ.setdefault("PREFECT_API_AUTH_STRING", auth)
