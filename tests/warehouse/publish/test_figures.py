"""What a monitor and the artifacts of a run read from the warehouse."""

from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from schemas.settings import Settings
from tasks.console.summary import new_events_markdown
from tasks.service.metrics import registry_of, write_metrics
from tasks.warehouse.publish.figures import figures_of
from tasks.warehouse.store.connect import open_reader
from tasks.warehouse.store.queries import fetch_rows
from tests.warehouse.build import NOON, a_run


def registry(settings: Settings) -> CollectorRegistry:
    with open_reader(settings) as con:
        return registry_of(figures_of(con, settings))


def test_the_figures_are_those_of_the_last_run(filled: Settings) -> None:
    told = registry(filled)
    with open_reader(filled) as con:
        ((stored,),) = con.execute("SELECT count(*) FROM fetches WHERE outcome = 'stored'").fetchall()
        ((changed,),) = con.execute("SELECT sum(inserted + updated + deleted) FROM run_changes").fetchall()
    ends = {name: told.get_sample_value("firstdraft_runs", {"origin": "nightly", "state": name}) for name in
            ("done", "abandoned", "running")}  # fmt: skip
    assert ends == {"done": 1, "abandoned": 0, "running": 0}
    sums = sum(
        told.get_sample_value("firstdraft_source_links", {"source": name, "outcome": "stored"}) or 0
        for name in ("north", "south")
    )
    assert sums == stored > 0
    nightly = {"origin": "nightly"}
    assert told.get_sample_value("firstdraft_last_start_timestamp_seconds", nightly) == NOON.timestamp()
    assert told.get_sample_value("firstdraft_run_changed_rows", nightly) == changed > 0
    assert told.get_sample_value("firstdraft_run_degraded", nightly) == 0
    assert told.get_sample_value("firstdraft_warehouse_rows", {"table": "events"}) == 1
    assert (told.get_sample_value("firstdraft_warehouse_bytes") or 0) > 100_000


def test_an_empty_warehouse_has_figures_too(template: Settings) -> None:
    told = registry(template)
    assert told.get_sample_value("firstdraft_warehouse_rows", {"table": "events"}) == 0
    assert told.get_sample_value("firstdraft_runs", {"origin": "nightly", "state": "done"}) is None


def test_the_file_can_be_read_by_a_monitor_and_appears_whole(filled: Settings, tmp_path: Path) -> None:
    path = tmp_path / "new" / "metrics.prom"
    for _ in range(2):
        with open_reader(filled) as con:
            write_metrics(figures_of(con, filled), path)
    families = {family.name for family in text_string_to_metric_families(path.read_text())}
    assert {"firstdraft_last_success_timestamp_seconds", "firstdraft_source_state"} <= families
    assert all(name.startswith("firstdraft_") for name in families)
    assert [file.name for file in path.parent.iterdir()] == ["metrics.prom"], "nothing half-written is left"


def test_a_run_names_the_events_it_made_with_the_reports_to_follow(filled: Settings) -> None:
    with open_reader(filled) as con:
        events = fetch_rows(con, "run_events", {"run_id": a_run().run_id})
        others = fetch_rows(con, "run_events", {"run_id": a_run(5).run_id})
    assert [event["new"] for event in events] == [True]
    told = new_events_markdown(events)
    assert "## New: 1" in told
    assert "[The North Post](https://north.test/first)" in told
    assert (others, new_events_markdown(others)) == ([], "No event is new, and none has changed.")


def test_the_health_of_a_run_puts_the_sources_in_trouble_first(filled: Settings) -> None:
    with open_reader(filled) as con:
        rows = fetch_rows(con, "run_health", {"run_id": a_run().run_id})
    assert {row["source"] for row in rows} == {"north", "south"}
    assert all(row["reached"] for row in rows)
