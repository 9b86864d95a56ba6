"""Hours, streets and ages are read from a text, and two reports that tell other ones are two events."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.resolution.accounts import agreement
from tasks.resolution.details import Detail, agree, contradict, details_of, of_kind
from tasks.resolution.marks import marks_of
from tasks.resolution.pairs import features, match, veto_of
from tests.unit.resolution.test_identity import told


@pytest.mark.parametrize(
    ("text", "hours", "ages"),
    [
        ("It was 11:16 a.m. on Sunday.", {676}, set()),
        ("shortly after 12 a.m. and again at 9.30 PM", {0, 1290}, set()),
        ("A 7-year-old boy and a woman aged 31 were hit.", set(), {7, 31}),
        ("Two men, ages 25 and 30, died.", set(), {25, 30}),
        ("Omar Haddad, 21, of the old town", set(), {21}),
        ("On March 3, 2024, and on May 12, 2023.", set(), set()),
        ("Some 14 people came at 9.", set(), set()),
    ],
)
def test_hours_and_ages_are_read(text: str, hours: set[int], ages: set[int]) -> None:
    found = details_of(text)
    assert of_kind(found, Detail.HOUR) == hours
    assert of_kind(found, Detail.AGE) == ages


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("in the 4100 block of South Orchard Street", "on Orchard St.", True),
        ("in the 4100 block of South Orchard.", "at a house on Orchard Avenue", True),
        ("near the 700 block of East 31st Street", "on 31st Street", True),
        ("on Elm Drive", "in the 700 block of Oak Lane", False),
        ("on Elm Drive", "by the river", None),
        ("at 11:55 p.m.", "at 12:20 a.m.", True),
        ("at 11 p.m.", "at 1 a.m.", False),
    ],
)
def test_two_texts_agree_contradict_or_leave_it_open(one: str, other: str, same: bool | None) -> None:
    kind = Detail.HOUR if ".m." in one else Detail.STREET
    assert agree(details_of(one), details_of(other), kind) is same


FIRST = details_of("A 7-year-old was shot at 10:40 a.m. on Elm Drive.")
SECOND = details_of("A 9-year-old was shot at 1:16 p.m. on Oak Lane.")


def test_what_two_texts_tell_apart_is_two_events_however_alike() -> None:
    a, b = told("a", details=FIRST), told("b", details=SECOND)
    assert match(a, replace(b, details=())).score > 0.5, "alike in all else"
    assert veto_of(a, b) == "details"
    assert contradict(FIRST, SECOND) == 3
    assert veto_of(replace(a, names=(17,)), replace(b, names=(17,))) is None, "a name in full goes before it"
    assert veto_of(a, replace(b, story_id=a.story_id)) is None, "a copy is a copy"


def test_one_contradiction_speaks_against_a_pair_and_forbids_nothing() -> None:
    a, b = told("a", details=details_of("at 8 a.m.")), told("b", details=details_of("at 8 p.m."))
    assert veto_of(a, b) is None
    assert features(a, b)["hour other"] == 1.0
    assert agreement(a, b, names_apart=False) == agreement(a, replace(b, details=()), names_apart=False) - 1


def test_a_country_is_overruled_by_a_street_and_a_name_that_two_outlets_tell() -> None:
    street = details_of("on Elm Drive")
    a, b = told("a", names=(17,), details=street), told("b", country="IQ", names=(17,), details=street)
    assert a.country
    assert a.country != b.country
    assert veto_of(a, b) != "country"
    for less in (replace(b, names=()), replace(b, details=()), replace(b, source_id="a")):
        assert veto_of(a, less) == "country"
    assert veto_of(a, replace(b, published_day=date(1999, 1, 1))) == "country"


@given(st.text(max_size=200))
def test_details_of_any_text_are_sorted_and_fit_a_column(text: str) -> None:
    found = details_of(text)
    assert list(found) == sorted(set(found))
    assert all(0 <= one < 1 << 32 for one in found)
    assert marks_of(text, 0, len(text)).details == found
