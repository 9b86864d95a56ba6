"""The published snapshot for other programs: the application of ``tasks/service/snapshot.py`` over this warehouse."""

import os
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import uvicorn
from fastapi import FastAPI

from schemas.errors import ServiceError
from schemas.settings import Settings
from tasks.reference.seeds.version import code_version
from tasks.service.api import auth_of, is_loopback
from tasks.service.snapshot import snapshot_api
from tasks.warehouse.store.asof import changes_since
from tasks.warehouse.store.connect import open_reader
from tasks.warehouse.store.queries import fetch_rows


def application(settings: Settings, known_as: tuple[str, str] | None = None) -> FastAPI:
    """The application; each answer reads the snapshot as it is published then, and never stops the writer."""

    def ask(name: str, parameters: Mapping[str, object]) -> list[dict[str, Any]]:
        with open_reader(settings) as con:
            return fetch_rows(con, name, parameters)

    def changes(since: str) -> list[dict[str, Any]]:
        with open_reader(settings) as con:
            return [asdict(change) for change in changes_since(con, since)]

    return snapshot_api(ask, changes, known_as, code_version(), settings.api_per_minute)


def serve_api(settings: Settings, host: str, port: int) -> None:
    """Serve it until a signal comes. Raises :class:`ServiceError` if it would be open to the network."""
    known_as = auth_of(dict(os.environ))
    if not is_loopback(host) and known_as is None:
        raise ServiceError(
            f"--host {host} opens the snapshot to the network, texts of publishers and all: "
            "set PREFECT_SERVER_API_AUTH_STRING=user:password first, or leave --host out"
        )
    uvicorn.run(application(settings, known_as), host=host, port=port, log_level="warning")
