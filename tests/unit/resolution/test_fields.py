"""Which value an event takes where its reports differ, and who counts as a report."""

from dataclasses import replace
from datetime import date

import pytest

from schemas.event import StoredMention
from tasks.resolution.fields import FIELDS, Rule, independent, pick, rules
from tests.unit.resolution.test_identity import BASE, told

EARLY = told("a", published_day=date(2023, 11, 27), killed_best=14, killed_low=14, killed_high=14)
LATE = told("b", published_day=date(2023, 11, 30), killed_best=16, killed_low=15, killed_high=18)
AGAIN = told("c", published_day=date(2023, 11, 29), killed_best=16, killed_low=16, killed_high=16, place_precision=2)


@pytest.mark.parametrize(
    ("field", "rule", "value", "others"),
    [
        ("killed", Rule.MOST_CONSERVATIVE, "14", ("16",)),
        ("killed", Rule.MAJORITY, "16", ("14",)),
        ("killed", Rule.LATEST, "16", ("14",)),
        ("killed", Rule.EARLIEST, "14", ("16",)),
        ("killed", Rule.BEST_PRECISION, "14", ("16",)),
        ("date", Rule.BEST_PRECISION, "2023-11-26 to 2023-11-27", ()),
        ("initiators", Rule.MAJORITY, "isis", ()),
    ],
)
def test_a_rule_picks_a_value_and_tells_the_others(field: str, rule: Rule, value: str, others: tuple[str, ...]) -> None:
    chosen, told_of = pick(field, [EARLY, LATE, AGAIN], rule)
    assert chosen is not None
    assert (told_of.value, told_of.others, told_of.rule) == (value, others, str(rule))
    assert told_of.mention_id == chosen.mention_id


def test_the_best_known_place_is_taken_and_the_coarsest_is_the_conservative_one() -> None:
    assert pick("place", [EARLY, AGAIN], Rule.BEST_PRECISION)[0] is AGAIN
    assert pick("place", [EARLY, AGAIN], Rule.MOST_CONSERVATIVE)[0] is EARLY


def test_a_field_nobody_tells_of_has_no_value() -> None:
    silent = replace(BASE, killed_best=None)
    assert pick("killed", [silent], Rule.MAJORITY)[0] is None


def test_every_field_has_one_rule() -> None:
    assert rules().keys() == FIELDS.keys()


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({"story_id": EARLY.story_id}, False),
        ({"story_id": EARLY.story_id, "killed_best": 15}, True),
        ({"story_id": EARLY.story_id, "killed_best": None}, False),
        ({"origin": "agency x"}, True),
        ({}, True),
    ],
)
def test_a_copy_counts_only_where_it_tells_other_figures(changes: dict[str, object], counts: bool) -> None:
    other = told("d", **{"killed_best": 14, "killed_low": 14, "killed_high": 14, **changes})
    assert (other in independent([EARLY, other])) is counts


def test_two_reports_credited_to_one_agency_are_one_source() -> None:
    one: StoredMention = replace(EARLY, origin="agency x")
    other = told("d", killed_best=14, origin="agency x")
    assert independent([other, one]) == [one]
