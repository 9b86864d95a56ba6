"""The two-minute soak of continuous integration; the release checklist has an hour's (docs/release.md)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.soak import Record, judge

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.long
def test_nothing_piles_up_in_two_minutes() -> None:
    command = [sys.executable, "-m", "benchmarks.soak", "--minutes", "2", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert json.loads(done.stdout)["soak"]["links"] > 5_000


def test_the_judge_sees_what_piles_up() -> None:
    steady = [100] * 10
    good = Record(rounds=10, links=1, descriptors=steady, threads=steady, resident=[100.0] * 10)
    assert judge(good)[1] == []
    growing = [100 + number for number in range(10)]
    bad = Record(descriptors=growing, threads=growing, resident=[100.0 * 1.03**n for n in range(10)], left=["x.open"])
    told = "\n".join(judge(bad)[1])
    assert all(word in told for word in ("descriptors", "threads", "resident", "x.open"))
