"""A server with an auth string refuses who does not give it, and its own worker gives it."""

import pytest
import requests

from tasks.demo.server import serve_demo
from tests.flows.serving import PATIENCE, environment_of, free_port, serving

pytestmark = pytest.mark.long


def test_only_who_has_the_auth_string_is_answered(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("guarded")
    with serve_demo() as site:
        environment = environment_of(folder, site) | {"PREFECT_SERVER_API_AUTH_STRING": "desk:secret"}
        with serving(folder, environment, free_port()) as served:  # returns when the worker is at work
            asked = f"{served.api}/deployments/filter"
            for stranger in (None, ("desk", "wrong")):
                assert requests.post(asked, json={}, auth=stranger, timeout=PATIENCE).status_code == 401
            known = requests.post(asked, json={}, auth=("desk", "secret"), timeout=PATIENCE)
            assert {found["name"] for found in known.json()} >= {"nightly", "verify"}
            pools = requests.post(
                f"{served.api}/work_pools/filter", json={}, auth=("desk", "secret"), timeout=PATIENCE
            ).json()
            assert [pool["status"] for pool in pools] == ["READY"], "a worker polls it"
            assert "secret" not in "".join(served.lines)
