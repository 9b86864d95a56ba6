"""prefect.yaml names flows there are, with parameters that explain themselves; no server is needed to see that."""

import importlib
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DECLARED = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
DEPLOYMENTS: dict[str, dict[str, Any]] = {found["name"]: found for found in DECLARED["deployments"]}


def flow_of(name: str) -> Any:
    module, _, attribute = DEPLOYMENTS[name]["entrypoint"].rpartition(".")
    return getattr(importlib.import_module(module), attribute)


def schema_of(name: str) -> dict[str, Any]:
    from prefect.utilities.callables import parameter_schema  # noqa: PLC0415 - the environment comes first

    return parameter_schema(flow_of(name)).model_dump()


def test_the_deployments_are_these() -> None:
    assert set(DEPLOYMENTS) == {"nightly", "backfill", "reprocess", "report", "verify"}
    assert DECLARED["pull"] == [], "the code is installed: a run clones nothing"


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_a_deployment_says_what_it_is_and_may_not_collide(name: str) -> None:
    declared = DEPLOYMENTS[name]
    assert len(declared["description"]) > 40
    assert declared["description"].startswith(flow_of(name).__doc__.split()[0].rstrip(",."))
    assert "firstdraft" in declared["tags"], "the watch over heartbeats goes by this tag"
    assert declared["enforce_parameter_schema"] is True
    limit = declared["concurrency_limit"]
    said = {"CANCEL_NEW": "is cancelled", "ENQUEUE": "waits"}[limit["collision_strategy"]]
    assert limit["limit"] == 1
    assert (
        f"One at a time: {'a run that would collide' if said == 'is cancelled' else 'a second one'} {said}"
        in (declared["description"])
    )
    assert flow_of(name).name == name, "notifications go by the flow's name"


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_every_parameter_has_a_type_and_help_in_the_form(name: str) -> None:
    schema = schema_of(name)
    for parameter, told in schema["properties"].items():
        assert told.get("type") or told.get("anyOf") or told.get("$ref"), parameter
        assert len(told["description"]) > 10, parameter
    given = set(DEPLOYMENTS[name].get("parameters") or {})
    assert given <= set(schema["properties"])
    if DEPLOYMENTS[name].get("schedules"):
        assert set(schema.get("required", ())) <= given, "a schedule can fill it in"


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_the_documents_name_its_parameters(name: str) -> None:
    (row,) = re.findall(rf"^\| `{name}/{name}` \|(.*)$", (ROOT / "docs" / "deploy.md").read_text(), re.MULTILINE)
    assert re.findall(r"`(\w+)`", row.split("|")[2]) == list(schema_of(name)["properties"])


@pytest.mark.parametrize("name", [name for name, found in DEPLOYMENTS.items() if found.get("schedules")])
def test_a_schedule_is_cron_in_a_zone_there_is(name: str) -> None:
    from prefect.client.schemas.schedules import CronSchedule  # noqa: PLC0415

    for schedule in DEPLOYMENTS[name]["schedules"]:
        assert ZoneInfo(schedule["timezone"])
        assert CronSchedule(cron=schedule["cron"], timezone=schedule["timezone"])
        assert schedule["active"] is True
        assert schedule["slug"]


def test_the_heartbeat_is_four_times_as_fast_as_the_watch() -> None:
    from flows.automations import SILENCE  # noqa: PLC0415
    from flows.serve import WORKER  # noqa: PLC0415

    name = "PREFECT_FLOWS_HEARTBEAT_FREQUENCY"
    beats = [WORKER[name]]
    for page in ("deploy.md", "deploy/compose.yaml", "deploy/firstdraft-worker.service"):
        told = re.findall(rf"{name}[=:] ?\"?(\d+)", (ROOT / "docs" / page).read_text(encoding="utf-8"))
        assert told, f"a worker started as {page} says must beat"
        beats += told
    assert {SILENCE.total_seconds()} == {4 * int(beat) for beat in beats}


def test_an_automation_that_is_as_it_should_be_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from prefect.automations import Automation  # noqa: PLC0415

    from flows.automations import HEARTBEAT, notify, watch_heartbeats  # noqa: PLC0415

    first = watch_heartbeats()
    with monkeypatch.context() as patched:
        patched.setattr(Automation, "update", lambda _: pytest.fail("an update forgets the runs that are watched"))
        again = watch_heartbeats()
    kept = Automation.read(name=HEARTBEAT)
    assert isinstance(kept, Automation)
    assert first.id == again.id == kept.id
    assert again.trigger == kept.trigger
    slower = watch_heartbeats(timedelta(minutes=5))
    assert slower.id == first.id
    changed = Automation.read(name=HEARTBEAT)
    assert isinstance(changed, Automation)
    assert changed.trigger == slower.trigger != first.trigger
    assert [made.id for made in notify("http://127.0.0.1:9/a", "desk")] == [
        made.id for made in notify("http://127.0.0.1:9/b", "desk")
    ]
