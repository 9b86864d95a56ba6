"""Prefect as its users use it: `firstdraft serve`, a night that comes by its schedule, and somebody who is told."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from schemas.settings import Settings
from tasks.demo.server import serve_demo
from tasks.warehouse.publish.sql import answer
from tasks.warehouse.store.connect import open_reader
from tests.flows.conftest import Mailbox
from tests.flows.serving import (
    PATIENCE,
    Served,
    begun,
    ended,
    environment_of,
    free_port,
    patient_requests,
    patiently,
    serving,
)

#: Set to a folder, the page of the run is photographed into it, where Chromium and Playwright are installed.
PICTURES = "PICTURES_DIR"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Everything up, over the demo site and one outlet that is down."""
    folder = tmp_path_factory.mktemp("served")
    with serve_demo() as site, serving(folder, environment_of(folder, site), free_port()) as found:
        yield found


def test_every_deployment_is_registered_with_its_limit_and_its_help(served: Served) -> None:
    found = {deployment["name"]: deployment for deployment in served.ask("deployments")}
    assert set(found) == {"nightly", "backfill", "reprocess", "report", "verify"}
    for name, deployment in found.items():
        assert deployment["global_concurrency_limit"]["limit"] == 1
        waits = name in ("backfill", "reprocess")
        assert deployment["concurrency_options"]["collision_strategy"] == ("ENQUEUE" if waits else "CANCEL_NEW")
        assert deployment["entrypoint"] == f"flows.{name}.{name}"
        assert (deployment["pull_steps"], deployment["job_variables"]) == ([], {})
        help_texts = deployment["parameter_openapi_schema"]["properties"]
        assert all(parameter["description"] for parameter in help_texts.values()), name
    (pool,) = served.ask("work_pools")
    assert pool["base_job_template"]["job_configuration"]["working_dir"] == str(served.folder)
    names = [automation["name"] for automation in served.ask("automations")]
    assert names == ["firstdraft: a run without a heartbeat has crashed"]


@patiently
def scheduled(served: Served, name: str) -> list[dict[str, Any]]:
    """The runs that the schedule of a deployment has put in the queue."""
    about = {"deployment_id": {"any_": [served.deployment(name)["id"]]}, "state": {"type": {"any_": ["SCHEDULED"]}}}
    runs = served.ask("flow_runs", flow_runs=about)
    assert runs
    return runs


def test_cron_puts_the_nights_in_the_queue_and_doctor_sees_them(served: Served) -> None:
    runs = scheduled(served, "nightly")
    assert all(run["auto_scheduled"] for run in runs)
    first = min(datetime.fromisoformat(run["expected_start_time"]) for run in runs)
    assert first - datetime.now(UTC) < timedelta(days=1, minutes=1)
    told = served.firstdraft("doctor", "--json")
    checks = {check["name"]: check for check in json.loads(told.stdout)}
    assert (told.returncode, checks["schedule"]["level"]) == (0, "ok"), told.stdout
    assert f"{first:%Y-%m-%d %H:%M}" in checks["schedule"]["told"]
    assert "serve.env" in checks["schedule"]["advice"]


def test_a_second_one_is_told_who_serves(served: Served) -> None:
    refused = served.firstdraft("serve", "--port", str(free_port()))
    assert refused.returncode == 1
    assert f"process {served.process.pid} " in refused.stderr


def test_a_page_of_another_origin_and_another_name_are_refused(served: Served) -> None:
    """As a page on the web would ask, by a form or under a name it points here; even if it knew the secret."""
    asked, own = f"{served.api}/deployments/filter", served.api.removesuffix("/api")
    strangers = ({"Origin": "http://evil.test"}, {"Origin": "null"}, {"Origin": f"{own}0"}, {"Host": "evil.test"})
    for headers in strangers:
        told = requests.post(asked, data="{}", headers=headers, timeout=PATIENCE, auth=served.secret)
        assert told.status_code == (400 if "Host" in headers else 403), headers
        assert "access-control-allow-origin" not in told.headers
    told = requests.post(asked, json={}, headers={"Origin": own}, timeout=PATIENCE, auth=served.secret)
    assert (told.status_code, len(told.json())) == (200, 5)
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(f"ws{own[4:]}/api/events/in", origin=Origin("http://evil.test")),
    ):
        pass
    assert refused.value.response.status_code == 403


def test_another_user_of_this_machine_has_no_secret(served: Served, tmp_path: Path) -> None:
    """Neither from the server, nor from the file, nor from the words of a process, which everybody may read."""
    nightly, marker = served.deployment("nightly")["id"], tmp_path / "marker"
    wanted = {"state": {"type": "SCHEDULED"}, "job_variables": {"command": f"touch {marker}"}}
    for auth in (None, ("firstdraft", ""), ("firstdraft", "guess")):
        told = requests.post(
            f"{served.api}/deployments/{nightly}/create_flow_run", json=wanted, timeout=PATIENCE, auth=auth
        )
        assert told.status_code == 401
    kept = served.folder / "data" / "serve.env"
    assert kept.stat().st_mode & 0o777 == 0o600
    if os.getuid() == 0:
        opened = subprocess.run(
            ["/bin/cat", "serve.env"],
            check=False,
            cwd=kept.parent,
            user=65534,
            group=65534,
            extra_groups=[],
            capture_output=True,
        )
        assert (opened.returncode, opened.stdout) == (1, b"")
    words = words_of_all()
    assert b"flows.server" in words
    assert served.secret[1].encode() not in words
    assert served.secret[1] not in "".join(served.lines)


def words_of_all() -> bytes:
    """The command lines of every process there is."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # one that has just ended
            found.append(path.read_bytes())
    return b"".join(found)


def test_a_run_chooses_no_command_no_folder_and_no_environment(served: Served, tmp_path: Path) -> None:
    """Even with the secret: refused, or left out of account where the server does not look."""
    report, marker = served.deployment("report")["id"], tmp_path / "marker"
    harm, server = f"touch {marker}", patient_requests()
    for chosen in ({"command": harm}, {"working_dir": "/"}, {"env": {"BASH_ENV": "x"}}, {"env.LD_PRELOAD": "x.so"}):
        wanted, auth = {"job_variables": chosen}, served.secret
        where = f"{served.api}/deployments/{report}"
        made = server.post(f"{where}/create_flow_run", json=wanted, timeout=PATIENCE, auth=auth)
        assert made.status_code == 422, (chosen, made.text)
        # Prefect takes it into a deployment unseen, and then refuses each run of that deployment.
        changed = server.patch(where, json=wanted, timeout=PATIENCE, auth=auth)
        assert changed.ok, (chosen, changed.text)
        made = server.post(f"{where}/create_flow_run", json={}, timeout=PATIENCE, auth=auth)
        assert made.status_code == 422, (chosen, made.text)
    restored = server.patch(where, json={"job_variables": {}}, timeout=PATIENCE, auth=auth)
    assert restored.ok, restored.text
    flow = served.deployment("report")["flow_id"]
    direct = {
        "flow_id": flow,
        "deployment_id": report,
        "state": {"type": "SCHEDULED"},
        "job_variables": {"command": harm, "working_dir": "/", "env": {"FIRSTDRAFT_DATA_DIR": "/elsewhere"}},
        "work_pool_name": "firstdraft",
    }
    told = server.post(f"{served.api}/flow_runs/", json=direct, timeout=PATIENCE, auth=served.secret)
    if told.ok:
        ended(served, told.json()["id"])
    assert not marker.exists()
    assert not Path("/elsewhere").exists()


@pytest.fixture(scope="module")
def night(served: Served, mailbox: tuple[str, Any]) -> dict[str, Any]:
    """A nightly run that a schedule began and the worker ran, to its end; somebody had asked to be told."""
    made = served.firstdraft("notify", mailbox[0], "--name", "newsroom")
    assert made.returncode == 0, made.stderr
    nightly = served.deployment("nightly")["id"]
    soon = datetime.now(UTC) + timedelta(seconds=20)
    asked = begun_by(served, nightly, {"interval": 150, "anchor_date": soon.isoformat()})
    runs = [run for run in scheduled_with(served, nightly) if run["parameters"].get("days") == 10_000]
    first = min(runs, key=lambda run: str(run["expected_start_time"]))
    assert first["auto_scheduled"]
    done = ended(served, first["id"])
    given_up(served, nightly, asked)  # one such night is enough
    return done


@patiently
def begun_by(served: Served, deployment: str, schedule: dict[str, object]) -> str:
    """A schedule added to a deployment; its id. Prefect's SQLite answers 503 while others write: asked again."""
    wanted = {"active": True, "schedule": schedule, "parameters": {"days": 10_000}}
    asked = requests.post(
        f"{served.api}/deployments/{deployment}/schedules", json=[wanted], timeout=PATIENCE, auth=served.secret
    )
    assert asked.ok, asked.text
    return str(asked.json()[0]["id"])


@patiently
def given_up(served: Served, deployment: str, schedule: str) -> None:
    """A schedule taken away; asked again like its making, when it may be gone already."""
    where = f"{served.api}/deployments/{deployment}/schedules/{schedule}"
    asked = requests.delete(where, timeout=PATIENCE, auth=served.secret)
    assert asked.ok or asked.status_code == requests.codes.not_found, asked.text


@patiently
def scheduled_with(served: Served, deployment: str) -> list[dict[str, Any]]:
    runs = served.ask("flow_runs", flow_runs={"deployment_id": {"any_": [deployment]}})
    assert any(run["parameters"].get("days") == 10_000 for run in runs)
    return runs


def test_the_night_that_comes_by_schedule_is_completed_and_says_it_is_degraded(
    served: Served, night: dict[str, Any]
) -> None:
    told = f"{night['state_name']}: {night['state']['message']}"
    assert told.startswith("Completed: degraded, 1 of 5 sources down: gone-en; "), told
    with open_reader(Settings(data_dir=served.folder / "data")) as con:
        ((stored,),) = answer(con, "SELECT count(*) FROM articles").rows
    assert stored > 10


def test_the_run_leaves_what_people_and_monitors_look_at(served: Served, night: dict[str, Any]) -> None:
    on_its_page = served.ask("artifacts", artifacts={"flow_run_id": {"any_": [night["id"]]}})
    artifacts = {artifact["key"]: artifact for artifact in on_its_page}
    assert set(artifacts) >= {"funnel", "events", "source-health"}
    assert "](http://north.firstdraft.test/" in artifacts["events"]["data"]
    health = json.loads(artifacts["source-health"]["data"])
    assert (health[0]["source"], health[0]["reached"]) == ("gone-en", False)
    metrics = (served.folder / "data" / "metrics.prom").read_text()
    assert 'firstdraft_run_degraded{origin="nightly"} 1.0' in metrics
    photograph(served, night)


def test_log_lines_name_run_source_and_stage(served: Served, night: dict[str, Any]) -> None:
    with open_reader(Settings(data_dir=served.folder / "data")) as con:
        ((run_id,), *_) = answer(con, "SELECT run_id FROM runs ORDER BY started_at").rows
    lines = [json.loads(line) for line in (served.folder / "logs" / "firstdraft.jsonl").read_text().splitlines()]
    stages = {line["stage"] for line in lines if line["source"] == "demo-north" and line["run"] == run_id}
    assert stages >= {"discover", "fetch", "clean", "extract", "load"}
    assert any("gone.invalid" in line["message"] and line["level"] == "warning" for line in lines)


def test_somebody_is_told_of_a_degraded_run(served: Served, night: dict[str, Any], mailbox: Mailbox) -> None:
    # Not of the night itself: Prefect takes up to 15 minutes to believe the events of a run that was put on the
    # schedule less than five minutes before it began, as no real night is.
    told = ended(served, begun(served, days=1, sources=["gone-en"]))
    posted = {"body": ""}
    while f"/flow-run/{told['id']}" not in posted["body"]:
        posted = mailbox[1].get(timeout=PATIENCE)
        assert posted["subject"] == "firstdraft"
        assert "degraded, 1 of " in posted["body"]
    assert "nightly / " in posted["body"]
    assert "Completed\ndegraded, 1 of 1 sources down: gone-en" in posted["body"]


def photograph(served: Served, night: dict[str, Any]) -> None:
    """The page of the run as an operator sees it, where somebody asked for the picture."""
    if not (folder := os.environ.get(PICTURES)) or shutil.which("chromium") is None:
        return
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where a picture is taken

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.goto(f"{served.api.removesuffix('/api')}/runs/flow-run/{night['id']}")
        page.get_by_text("Finished in state").last.wait_for()
        page.wait_for_load_state("networkidle")
        page.screenshot(path=str(Path(folder) / "prefect-run.png"))
        page.get_by_text("Artifacts", exact=True).last.click()
        page.get_by_text("source-health").first.wait_for()
        page.wait_for_load_state("networkidle")
        page.screenshot(path=str(Path(folder) / "prefect-artifacts.png"))
        left = served.ask("artifacts", artifacts={"flow_run_id": {"any_": [night["id"]]}, "key": {"any_": ["events"]}})
        page.goto(f"{served.api.removesuffix('/api')}/artifacts/artifact/{left[0]['id']}")
        page.get_by_text("north.firstdraft.test").first.or_(page.get_by_text("North Ledger").first).first.wait_for()
        page.wait_for_load_state("networkidle")
        page.screenshot(path=str(Path(folder) / "prefect-events.png"))
        browser.close()


def test_it_stops_when_it_is_asked_to_and_leaves_nobody(served: Served) -> None:
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(60) == 0, served.lines[-10:]
    assert served.lines.index("stopping the worker") < served.lines.index("stopping the server")
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{served.api}/health", timeout=2)
