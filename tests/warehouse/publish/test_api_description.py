"""Whatever its description allows, and what it does not, the API answers as it describes itself."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from flows.api import application
from schemas.settings import Settings

schemathesis = pytest.importorskip("schemathesis")


def test_the_api_keeps_to_its_description(filled: Settings) -> None:
    described = schemathesis.openapi.from_asgi("/openapi.json", application(filled))
    operations = [found.ok() for found in described.get_all_operations()]
    assert {one.path for one in operations} >= {"/events", "/events/{event_id}", "/changes", "/sources"}
    for one in operations:

        @given(case=one.as_strategy())
        @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
        def holds(case: Any) -> None:
            case.call_and_validate(timeout=300)  # where the machine is busy

        holds()
