"""What Prefect's API says of our deployments, asked by plain HTTP: Prefect itself takes seconds to import."""

import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from schemas.errors import ServiceError

#: The work pool of prefect.yaml.
POOL = "firstdraft"
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_TIMEOUT = 5.0


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A deployment as its server has it: ``next_at`` is its next run, ``workers`` are those alive in its pool."""

    name: str
    active: bool
    paused: bool
    next_at: datetime | None
    pool: str | None
    workers: int


def auth_of(environment: dict[str, str], secret: str | None = None) -> tuple[str, str] | None:
    """User and password of ``PREFECT_API_AUTH_STRING``, or of the server's own ``PREFECT_SERVER_API_AUTH_STRING``.

    ``secret`` is what `firstdraft serve` made, for where neither is set.
    """
    auth = environment.get("PREFECT_API_AUTH_STRING") or environment.get("PREFECT_SERVER_API_AUTH_STRING") or secret
    if not auth:
        return None
    user, _, password = auth.partition(":")
    return user, password


def is_loopback(host: str) -> bool:
    """Return True if only this machine can reach it.

    >>> is_loopback("127.0.0.1"), is_loopback("0.0.0.0")
    (True, False)
    """
    return host in _LOOPBACK


def healthy(api: str) -> bool:
    """Return True if a Prefect server answers there."""
    try:
        return requests.get(f"{api}/health", timeout=_TIMEOUT, auth=auth_of(dict(os.environ))).ok
    except requests.RequestException:
        return False


def deployment(api: str, flow: str, name: str, secret: str | None = None) -> Scheduled | None:
    """A deployment; ``None`` if the server has none of that name. ``secret`` is sent if the environment has none.

    Raises :class:`ServiceError` if nobody answers, or answers no.
    """
    named = {"deployments": {"name": {"any_": [name]}}, "flows": {"name": {"any_": [flow]}}}
    deployments = _asked(api, "deployments/filter", named, secret)
    if not deployments:
        return None
    entry = deployments[0]
    pool = entry.get("work_pool_name")
    due = {
        "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}, "deployment_id": {"any_": [entry["id"]]}},
        "sort": "EXPECTED_START_TIME_ASC",
        "limit": 1,
    }
    runs = _asked(api, "flow_runs/filter", due, secret)
    alive = [w for w in _asked(api, f"work_pools/{pool}/workers/filter", {}, secret) if w.get("status") == "ONLINE"]
    return Scheduled(
        name=f"{flow}/{name}",
        active=any(schedule["active"] for schedule in entry["schedules"]),
        paused=bool(entry["paused"]),
        next_at=datetime.fromisoformat(runs[0]["expected_start_time"]) if runs else None,
        pool=pool,
        workers=len(alive),
    )


def _asked(api: str, path: str, query: dict[str, Any], secret: str | None) -> list[dict[str, Any]]:
    where = urlsplit(api).netloc
    try:
        answer = requests.post(f"{api}/{path}", json=query, timeout=_TIMEOUT, auth=auth_of(dict(os.environ), secret))
    except requests.RequestException as error:
        raise ServiceError(f"there is no answer from {where} ({type(error).__name__})") from error
    if answer.status_code in (401, 403):
        raise ServiceError(f"{where} refuses this PREFECT_API_AUTH_STRING (HTTP {answer.status_code})")
    if not answer.ok:
        raise ServiceError(f"{where} answers HTTP {answer.status_code} to {path}")
    data = answer.json()
    return data if isinstance(data, list) else []
