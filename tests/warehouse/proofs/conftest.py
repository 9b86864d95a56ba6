"""The newsroom and the nights of a session, and what comes of them where nothing goes wrong."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.warehouse.proofs.client import Nights, Reference, copied, open_nights

HERE = Path(__file__).parent
#: What `make test` runs of all this.
PLAIN = {"test_killed_at_a_point_and_run_again[load.committed]"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is here is a proof that CI runs beside `make test`, where it is not marked as one for releases (`long`)."""
    for item in items:
        if HERE in item.path.parents and item.name not in PLAIN and not item.get_closest_marker("long"):
            item.add_marker(pytest.mark.long)
            item.add_marker(pytest.mark.proof)


@pytest.fixture(scope="session")
def nights() -> Iterator[Nights]:
    """Nights in processes of their own."""
    with open_nights() as running:
        yield running


@pytest.fixture(scope="session")
def reference(nights: Nights, tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """Two nights, never killed; the first stays as it was to be copied."""
    folder = tmp_path_factory.mktemp("reference")
    first = nights.night(folder / "first", 0, report=True).last
    counted = nights.night(copied(folder / "first", folder / "counted"), 1, report=True).last
    timed = nights.night(copied(folder / "first", folder / "timed"), 1)
    assert timed.last["state"] == counted["state"]
    return Reference(
        folder / "first",
        first["state"],
        counted["state"],
        Counter(counted["passes"]),
        Counter(timed.last["passes"]),
        Counter(first["passes"]),
        timed.last["cpu_inside"],
        timed.last["seconds_inside"],
    )
