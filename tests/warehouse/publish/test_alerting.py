"""Alerts: each new or changed event once, to whoever asked, and never twice."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from schemas.alert import Alert
from schemas.errors import SeedError
from schemas.settings import Settings
from tasks.reference.seeds.alerts import load_alerts
from tasks.warehouse.publish.alerting import found_by, keep_told, last_run, read_told, untold
from tasks.warehouse.store.connect import open_reader
from tests.warehouse.build import NOON

EVENT = "evt_0123456789abcdef0123"
MANY = Alert(name="many", about="Four or more killed", where="killed_best >= 4")


def test_the_alerts_of_the_seed_can_be_asked(filled: Settings) -> None:
    with open_reader(filled) as con:
        found = {alert.name: len(found_by(con, alert)) for alert in load_alerts()}
    assert found == {"many-killed": 0, "children-killed": 0, "disputed": 0}


@pytest.mark.parametrize("where", ["killed_best >=", "1); DROP TABLE events; --", "no_such_column > 1"])
def test_a_condition_that_cannot_be_asked_names_the_alert(filled: Settings, where: str) -> None:
    with open_reader(filled) as con, pytest.raises(SeedError, match="many"):
        found_by(con, MANY.model_copy(update={"where": where}))


def test_an_event_is_told_once_and_again_when_it_changed(filled: Settings, tmp_path: Path) -> None:
    with open_reader(filled) as con:
        rows, run_id = found_by(con, MANY), last_run(con)
    assert [row["event_id"] for row in untold(rows, read_told(tmp_path, MANY), run_id)] == [EVENT]
    keep_told(tmp_path, MANY, rows, NOON)
    told = read_told(tmp_path, MANY)
    assert untold(rows, told, run_id) == []
    later = [row | {"changed_at": NOON + timedelta(days=1)} for row in rows]
    assert [row["event_id"] for row in untold(later, told, run_id)] == [EVENT]


def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    entry = {"name": "a", "about": "b", "where": "true"}
    file = tmp_path / "alerts.yml"
    file.write_text(json.dumps({"alerts": [entry, entry]}))
    with pytest.raises(SeedError, match="stands twice"):
        load_alerts(file)
