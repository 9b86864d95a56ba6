"""The reading of one source has so many seconds a night, and none after the night's end."""

from datetime import UTC, datetime, timedelta

import pytest

from tasks.pool.budget import Budget, budget_for
from tasks.pool.pool import Answered, Failed, FailureKind, Limits, Pool
from tests.unit.pool import work

LIMITS = Limits(5.0, 1 << 30)
NOW = datetime.now(UTC)
AHEAD = NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("budget", "setting"),
    [(Budget(0.01, AHEAD), "FIRSTDRAFT_SOURCE_MINUTES"), (Budget(60.0, NOW), "FIRSTDRAFT_NIGHT_MINUTES")],
)
def test_no_call_is_begun_when_the_time_is_over(budget: Budget, setting: str) -> None:
    budget.spent = 0.02
    (failed,) = Pool(0).map(work.double, [(1,)], LIMITS, budget)
    assert isinstance(failed, Failed)
    assert (failed.fault, setting in failed.detail) == (FailureKind.OVER, True)


def test_what_is_under_way_is_ended_and_counted() -> None:
    budget = Budget(0.05, AHEAD)
    answers = Pool(0).map(work.sleep, [(0.1,), (0.1,)], LIMITS, budget)
    assert isinstance(answers[0], Answered)
    assert isinstance(answers[1], Failed)
    assert budget.spent >= 0.1


def test_a_source_has_one_budget_a_run() -> None:
    one = budget_for("run_1", "north", 1, AHEAD)
    assert budget_for("run_1", "north", 1, AHEAD) is one
    assert budget_for("run_2", "north", 1, AHEAD) is not one
    assert budget_for("run_1", "south", 1, AHEAD) is not one
