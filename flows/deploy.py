"""What a Prefect server must know of us: the pool, the watch over heartbeats, the deployments of prefect.yaml."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
from prefect.exceptions import ObjectNotFound
from prefect.workers.utilities import get_default_base_job_template_for_infrastructure_type

from flows.automations import watch_heartbeats
from schemas.errors import ServiceError
from tasks.service.api import POOL

_PROCESS = "process"
PREFECT_FILE = Path(__file__).resolve().parents[1] / "prefect.yaml"


def deploy(pool_type: str = "process") -> list[str]:
    """Register everything with the server of ``PREFECT_API_URL``; the names of the deployments.

    What is there already is brought up to date.

    A pool of processes is closed: a run of it chooses neither command nor folder nor environment. One of another type
    that is there is left as it is: somebody made it. Runs work in the folder this is called from. Raises
    :class:`ServiceError` if Prefect refuses.
    """
    _make_pool(pool_type)
    watch_heartbeats()
    done = subprocess.run(  # noqa: S603 - our own command line, no shell
        [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(PREFECT_FILE)],
        env=os.environ | {"PWD": str(Path.cwd())},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ServiceError(f"`prefect deploy --all` ended with code {done.returncode}:\n{done.stdout}{done.stderr}")
    declared = yaml.safe_load(PREFECT_FILE.read_text(encoding="utf-8"))
    return [str(deployment["name"]) for deployment in declared["deployments"]]


def _make_pool(pool_type: str) -> None:
    with get_client(sync_client=True) as client:
        try:
            there = client.read_work_pool(POOL)
        except ObjectNotFound:
            made = WorkPoolCreate(name=POOL, type=pool_type, base_job_template=_template(pool_type))
            client.create_work_pool(made)
        else:
            if there.type == _PROCESS and there.base_job_template != _template(_PROCESS):
                client.update_work_pool(POOL, WorkPoolUpdate(base_job_template=_template(_PROCESS)))


def _template(pool_type: str) -> dict[str, Any]:
    """What a pool makes of a run. Raises :class:`ServiceError` for a type that Prefect does not know."""
    if pool_type == _PROCESS:
        # No `env`, even a fixed one: Prefect puts a run's own over it. Runs have the worker's environment.
        return {
            "job_configuration": {"working_dir": str(Path.cwd()), "stream_output": True},
            "variables": {"type": "object", "properties": {}, "additionalProperties": False},
        }
    template = asyncio.run(get_default_base_job_template_for_infrastructure_type(pool_type))
    if template is None:
        raise ServiceError(f"Prefect knows no pools of type {pool_type}; install its package, as prefect-docker")
    return template
