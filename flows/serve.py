"""Server, worker and schedule under one roof: one command, one process to stop. Prefect is only ever a child here."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from flows.environment import prepare
from schemas.errors import ServiceError
from schemas.health import Child
from schemas.settings import Settings
from tasks.service.api import POOL, healthy, is_loopback
from tasks.service.children import Children, Ended, Stopped
from tasks.service.instance import sole_service
from tasks.service.secret import made_secret

#: A server that compiles its bytecode first, on a slow disk, or on a machine that is busy.
START_SECONDS = 300.0
_PYTHON = (sys.executable, "-m")
_ANYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - told apart from names, not bound
#: A killed run is noticed after four missing beats (flows/automations.py). Runs choose no environment of their own.
WORKER = {"PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30"}
News = Ended | Stopped | None


def serve(
    settings: Settings, host: str, port: int, write_line: Callable[[str], None], *, with_worker: bool = True
) -> int:
    """Run until a signal comes or a child dies; the exit code. ``write_line`` gets each line of the children.

    Without a worker the server stands alone. Raises :class:`ServiceError` if somebody serves the folder or the port
    already, or if the server would be open to the network without a password of the user's own.
    """
    reached = "127.0.0.1" if host in _ANYWHERE else host
    api = f"http://{f'[{reached}]' if ':' in reached else reached}:{port}/api"
    _refuse(host, api)
    with sole_service(settings.data_dir, api):
        _surround(settings, api)
        server = (*_PYTHON, "flows.server", host, str(port), *_names(settings, host))
        children = Children(write_line)
        with children.told_by_signals(), children:
            return _said(
                _bring_up(children, server, api, write_line, with_worker=with_worker) or children.wait(), write_line
            )


def _names(settings: Settings, host: str) -> Iterator[str]:
    """The names that a request may call the server by, beside this machine's own."""
    yield from settings.serve_names
    if not is_loopback(host) and host not in _ANYWHERE:
        yield host


def _bring_up(
    children: Children, server: Sequence[str], api: str, write_line: Callable[[str], None], *, with_worker: bool
) -> News:
    """Server, then deployments, then worker; what went wrong on the way, or ``None``."""
    folder = Path.cwd()
    children.start(Child("server", tuple(server), {}, folder))
    if news := _until_healthy(children, api):
        return news
    if with_worker:
        children.start(Child("deploy", (*_PYTHON, "flows.cli", "deploy"), {}, folder))
        news = children.wait()
        if not isinstance(news, Ended) or (news.name, news.code) != ("deploy", 0):
            return news
        children.forget("deploy")
        beats = {name: value for name, value in WORKER.items() if name not in os.environ}
        children.start(
            Child("worker", (*_PYTHON, "prefect", "worker", "start", "--pool", POOL, "--name", POOL), beats, folder)
        )
    write_line(f"serving: {api.removesuffix('/api')} shows the runs, `firstdraft doctor` the rest; Ctrl-C stops")
    return None


def _until_healthy(children: Children, api: str) -> News:
    """Wait for the server; what happened instead. Raises :class:`ServiceError` if it takes too long."""
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
    """Tell why we end; 0 if somebody asked for it."""
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
    os.environ["PREFECT_API_URL"] = api
    prepare()
    folder = settings.data_dir.absolute()
    (folder / "prefect").mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.setdefault("PREFECT_HOME", str(folder / "prefect"))
    os.environ.setdefault("PREFECT_SERVER_CORS_ALLOWED_ORIGINS", api.removesuffix("/api"))
    # A console's lines are ours to pass on, and a service's log wants them all.
    os.environ["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"] = "INFO"
    password = os.environ.get("PREFECT_SERVER_API_AUTH_STRING") or made_secret(folder)
    os.environ["PREFECT_SERVER_API_AUTH_STRING"] = password
    os.environ.setdefault("PREFECT_API_AUTH_STRING", password)
