"""The published snapshot by HTTP: what it answers, what it refuses, and that it keeps to its own description."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from flows.api import application
from schemas.settings import Settings
from tasks.warehouse.publish.snapshot import publish
from tasks.warehouse.store.connect import open_writer

EVENT = "evt_0123456789abcdef0123"


@pytest.fixture
def client(filled: Settings) -> Iterator[TestClient]:
    with TestClient(application(filled)) as asked:
        yield asked


def test_events_mentions_claims_and_sources_are_answered(client: TestClient) -> None:
    told = client.get("/events").json()
    assert [row["event_id"] for row in told["rows"]] == [EVENT]
    assert told["as_of"].startswith("run_")
    one = client.get(f"/events/{EVENT}").json()["rows"][0]
    assert (one["killed_low"], one["killed_high"]) == (4, 6)
    mentions = client.get(f"/events/{EVENT}/mentions").json()["rows"]
    assert len(mentions) == 2
    assert all(row["sentence"] and row["url"] for row in mentions)
    assert client.get(f"/events/{EVENT}/claims").status_code == 200
    assert [row["source_id"] for row in client.get("/sources").json()["rows"]] == ["north", "south"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("killed=5", 0),
        ("killed=4", 1),
        ("disputed=true", 0),
        ("country=ZZ", 0),
        ("until=1990-01-01", 0),
        ("after=evt_z", 0),
    ],
)
def test_events_are_filtered(client: TestClient, query: str, found: int) -> None:
    assert len(client.get(f"/events?{query}").json()["rows"]) == found


def test_pages_follow_one_another(client: TestClient) -> None:
    first = client.get("/sources?limit=1").json()
    assert ([row["source_id"] for row in first["rows"]], first["next"]) == (["north"], "north")
    second = client.get(f"/sources?limit=1&after={first['next']}").json()
    assert [row["source_id"] for row in second["rows"]] == ["south"]


def test_changes_are_told_since_any_day(client: TestClient) -> None:
    assert client.get("/changes?since=1990-01-01").status_code == 200
    assert client.get("/changes?since=run_ffff").status_code == 404
    assert client.get("/changes?since=2024-13-45").status_code in (404, 422)


@pytest.mark.parametrize(
    ("path", "code"),
    [(f"/events/{EVENT[:-1]}f", 404), ("/events/evt_1", 422), ("/events?limit=100000", 422), ("/events?since=x", 422)],
)
def test_what_cannot_be_answered_is_refused(client: TestClient, path: str, code: int) -> None:
    assert client.get(path).status_code == code


def test_nobody_writes_and_nobody_is_let_in_without_the_secret(filled: Settings) -> None:
    with TestClient(application(filled, ("desk", "secret"))) as client:
        assert client.get("/events").status_code == 401
        assert client.get("/events", auth=("desk", "wrong")).status_code == 401
        assert client.get("/events", auth=("desk", "secret")).status_code == 200
        assert client.post("/events", auth=("desk", "secret")).status_code == 405


def test_one_address_asks_so_often_a_minute_and_no_more(filled: Settings) -> None:
    app = application(filled.model_copy(update={"api_per_minute": 2}), ("desk", "secret"))
    with TestClient(app, client=("192.0.2.1", 1)) as client, TestClient(app, client=("192.0.2.2", 1)) as other:
        # A minute may end between two of them: of five, three stand in one.
        answers = [client.get("/health", auth=("desk", "wrong")) for _ in range(5)]
        assert {answer.status_code for answer in answers} == {401, 429}
        waits = [int(answer.headers["Retry-After"]) for answer in answers if answer.status_code == 429]
        assert all(0 < wait <= 60 for wait in waits)
        assert other.get("/health", auth=("desk", "secret")).status_code == 200


def test_a_reader_never_stops_the_writer(made: Settings) -> None:
    with TestClient(application(made)) as client:
        publish(made)
        assert client.get("/health").json() == {"as_of": ""}
        with open_writer(made) as con:
            con.execute("CREATE TABLE proof (n INTEGER)").fetchall()
            assert client.get("/events").json()["rows"] == []


def test_before_anything_is_published_it_says_so(settings: Settings) -> None:
    with TestClient(application(settings)) as client:
        assert client.get("/events").status_code == 503
