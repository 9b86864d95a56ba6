"""Nights on end, one answer in twenty hostile: every link has its one end each night, and nothing piles up."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

from schemas.settings import Settings
from tasks.warehouse.store.connect import open_writer
from tests.warehouse.proofs.client import Nights, Step, open_nights

HOSTILE_SHARE = 0.05


@pytest.fixture(scope="module")
def hostile_nights() -> Iterator[Nights]:
    with open_nights(HOSTILE_SHARE) as running:
        yield running


@pytest.mark.parametrize("count", [4, pytest.param(24, marks=pytest.mark.long)])
def test_nights_with_hostile_answers_are_accounted_for_and_flat(
    hostile_nights: Nights, tmp_path: Path, count: int
) -> None:
    folder = tmp_path / "house"
    asked: Step = {"folder": str(folder), "threads": 4, "report": True, "impatient": True}
    steps: list[Step] = [asked | {"run": n} for n in range(count)]
    (answer,) = hostile_nights.ask([*steps, {"do": "verify", "folder": str(folder)}])
    assert answer.last["whole"], answer.last
    told = answer.steps[:-1]
    assert [night["end"] for night in told] == ["done"] * count, told
    for night in told:
        assert night["discovered"] == sum(night["outcomes"].values())
        assert night["wal"] == 0
    accounted_for(folder, count)
    flat("descriptors", [night["descriptors"] for night in told], most=4)
    flat("threads", [night["threads"] for night in told], most=4)
    flat("resident", [night["resident"] for night in told], most=0.15 * told[0]["resident"])
    if count > 4:
        grown = [after["warehouse"] - before["warehouse"] for before, after in pairwise(told)]
        assert median(grown[count // 2 :]) <= 1.5 * max(median(grown[: count // 2]), 1 << 18)
        odd = sum(night["outcomes"].get(word, 0) for night in told for word in ("deferred", "rejected", "quarantined"))
        assert odd > 0, "no answer was hostile"


def flat(what: str, values: list[int], most: float) -> None:
    """The last third is not above the first but for ``most``; the first night, which warms up, left out."""
    third = max((len(values) - 1) // 3, 1)
    first, last = median(values[1 : third + 1]), median(values[-third:])
    assert last <= first + most, (what, values)


def accounted_for(folder: Path, count: int) -> None:
    """By the rows themselves: what each source offered is what came to an end, night by night, each link once."""
    with open_writer(Settings(data_dir=folder)) as con:
        wrong = con.execute(
            """SELECT s.run_id, s.source_id, s.discovered, count(f.link_id), count(DISTINCT f.link_id)
               FROM run_sources s LEFT JOIN fetches f USING (run_id, source_id)
               GROUP BY ALL HAVING s.discovered <> count(f.link_id) OR count(f.link_id) <> count(DISTINCT f.link_id)"""
        ).fetchall()
        totals = con.execute("SELECT count(*), count(*) FILTER (state = 'done') FROM runs").fetchall()
    assert wrong == []
    assert totals == [(count, count)]
