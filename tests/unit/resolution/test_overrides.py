"""What people decided: the later of two decisions on a pair holds, and order says nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.event import Decision, Override
from tasks.resolution.overrides import forced_by
from tests.unit.resolution.test_identity import BASE, told
from tests.unit.resolution.whole import resolve_events

NOON = datetime(2024, 3, 6, 12, tzinfo=UTC)
FAR = told("b", latitude=33.0, place_id="plc_x", place_name="Elsewhere", place_precision=1, killed_best=40)
OWN, OTHER = BASE.own_event_id, FAR.own_event_id


def decided(decision: Decision, hour: int, *, undone: bool = False) -> Override:
    right = () if decision is Decision.RETRACT else (OTHER,)
    return Override(f"ovr_{hour}", decision, OWN, None, (OWN,), right, "why", NOON + timedelta(hours=hour), undone)


def count(*overrides: Override) -> int:
    return len(resolve_events([BASE, FAR], forced_by(overrides)).events)


def test_a_merge_joins_what_is_forbidden_and_a_later_split_parts_it() -> None:
    assert count() == 2
    assert count(decided(Decision.MERGE, 1)) == 1
    assert count(decided(Decision.MERGE, 1), decided(Decision.SPLIT, 2)) == 2
    assert count(decided(Decision.SPLIT, 1), decided(Decision.MERGE, 2)) == 1


def test_what_is_undone_does_not_count() -> None:
    assert count(decided(Decision.MERGE, 1, undone=True)) == 2


def test_a_split_keeps_apart_what_would_join() -> None:
    near = told("b", killed_best=15)
    apart = replace(decided(Decision.SPLIT, 1), right=(near.own_event_id,))
    assert len(resolve_events([BASE, near]).events) == 1
    assert len(resolve_events([BASE, near], forced_by([apart])).events) == 2


def test_a_retraction_takes_the_whole_cluster_and_gives_its_reason() -> None:
    found = resolve_events([BASE, told("b")], forced_by([decided(Decision.RETRACT, 1)]))
    assert (found.events, found.links) == ((), ())
    ((_, decision),) = found.retracted
    assert decision.reason == "why"


@settings(max_examples=25, deadline=None)
@given(st.permutations([decided(d, h) for h, d in enumerate([Decision.MERGE, Decision.SPLIT, Decision.MERGE])]))
def test_decisions_hold_in_whatever_order_they_are_read(order: list[Override]) -> None:
    assert forced_by(order) == forced_by(sorted(order, key=lambda one: one.made_at))
