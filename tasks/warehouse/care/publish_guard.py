"""The publish guard: what a run left is compared with what runs usually leave, before readers get it.

What is measured, against what, and how far it may stray is data: ``seeds/publish_guard.csv``. A night is compared with
the median of the nights before it, of the same weekday if there are enough; the warehouse with what was published
last. Young and small warehouses are not judged: five nights and thirty rows say what is usual, fewer do not.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from statistics import median
from typing import Any, Literal

import duckdb
from pydantic import BaseModel, ConfigDict, Field

from schemas.run import Run
from tasks.reference.seeds import read_csv_seed
from tasks.warehouse.store.connect import transaction
from tasks.warehouse.store.queries import fetch_rows, rows_of
from tasks.warehouse.store.write import upsert

#: Days back that earlier runs are compared with: eight of each weekday.
_DAYS = 56

Row = Mapping[str, Any]


class Rule(BaseModel):
    """A row of ``seeds/publish_guard.csv``: between which multiples of the usual value a measure may lie.

    ``against`` is the median of earlier runs of the same origin, or the last run of any. A rule is not applied if
    fewer than ``least_runs`` are known, or if a value was taken on fewer than ``least_size`` rows.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    measure: str
    origins: str
    against: Literal["median", "last"]
    low: float | None = Field(default=None, gt=0, le=1)
    high: float | None = Field(default=None, gt=1)
    least_runs: int = Field(gt=0)
    least_size: int = Field(ge=0)
    meaning: str


def note_measures(con: duckdb.DuckDBPyConnection, run: Run) -> None:
    """Keep what the publication after a run is judged by; in the caller's transaction."""
    upsert(con, "run_measures", [{"run_id": run.run_id, **row} for row in fetch_rows(con, "run_measures", _of(run))])


def judge(con: duckdb.DuckDBPyConnection, now: datetime) -> tuple[str, ...]:
    """Why what the last finished run left should not be published, in words; judged once, and kept.

    Empty if nothing is out of the ordinary, if a person accepted it, and if no run was finished yet. A run
    that is not closed is no reason to keep: it is asked again.
    """
    cut_off = con.execute("SELECT run_id FROM runs WHERE state = 'running'").fetchall()
    if cut_off:
        return (f"run {cut_off[0][0]} is not closed: readers see whole runs; the next run takes up what it left",)
    last = fetch_rows(con, "last_done_run")
    if not last:
        return ()
    query = "SELECT state, reason FROM publications WHERE run_id = $run_id"
    about = {"run_id": last[0]["run_id"]}
    verdicts = rows_of(con, query, about)
    if verdicts:
        return tuple(verdicts[0]["reason"].split("; ")) if verdicts[0]["state"] == "held" else ()
    wrong = tuple(strays(last[0], _measured(con, about), fetch_rows(con, "earlier_measures", about | {"days": _DAYS})))
    state = {"state": "held" if wrong else "published", "reason": "; ".join(wrong)}
    with transaction(con):
        upsert(con, "publications", [about | state | {"judged_at": now, "accepted_at": None}])
    return wrong


def accept(con: duckdb.DuckDBPyConnection, now: datetime) -> None:
    """A person takes what the last run left as it is: it is published, and later runs are compared with it too."""
    judge(con, now)
    last = fetch_rows(con, "last_done_run")
    with transaction(con):
        con.execute(
            "UPDATE publications SET state = 'accepted', accepted_at = ? WHERE run_id = ? AND state = 'held'",
            [now, last[0]["run_id"] if last else None],
        ).fetchall()


def strays(run: Row, measured: Mapping[str, Row], earlier: Sequence[Row]) -> Iterator[str]:
    """What is out of the ordinary, in words."""
    for rule in rules():
        now = measured.get(rule.measure)
        if now is None or run["origin"].split("-")[0] not in rule.origins.split("|"):
            continue
        usual = _usual(rule, run, [row for row in earlier if row["measure"] == rule.measure])
        if usual is None or (now["size"] < rule.least_size and rule.measure not in _COUNTS):
            continue
        share = (now["value"] or 0.0) / usual
        if (rule.low is not None and share < rule.low) or (rule.high is not None and share > rule.high):
            than = f"{_number(usual)} last published" if rule.against == "last" else f"the usual {_number(usual)}"
            yield f"{rule.measure} is {_number(now['value'])}, {share:.0%} of {than} ({rule.meaning})"


#: Measures whose smallness is the news.
_COUNTS = {"articles_stored", "articles", "events"}


def _usual(rule: Rule, run: Row, earlier: Sequence[Row]) -> float | None:
    """What a measure usually is; ``None`` if too little is known."""
    comparable = [row for row in earlier if row["size"] >= rule.least_size]
    if rule.against == "median":
        comparable = [row for row in comparable if row["origin"] == run["origin"]]
        same = [row for row in comparable if row["started_at"].weekday() == run["started_at"].weekday()]
        comparable = same if len(same) >= rule.least_runs else comparable
    if len(comparable) < rule.least_runs:
        return None
    value = comparable[0]["value"] if rule.against == "last" else median(row["value"] for row in comparable)
    return float(value) or None


def _measured(con: duckdb.DuckDBPyConnection, about: Mapping[str, object]) -> dict[str, Row]:
    return {row["measure"]: row for row in rows_of(con, "FROM run_measures WHERE run_id = $run_id", about)}


def _of(run: Run) -> dict[str, object]:
    return {"run_id": run.run_id}


def _number(value: float | None) -> str:
    return "nothing" if value is None else f"{value:.3g}" if value < 1000 else f"{value:.0f}"


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of ``seeds/publish_guard.csv``, in order."""
    return tuple(read_csv_seed("publish_guard.csv", Rule))
