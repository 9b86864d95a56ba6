"""Events from mentions: what joins, what stays apart, and that order does not matter."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.event import StoredMention
from tasks.resolution.pairs import match
from tests.unit.resolution.whole import resolve_events

BASE = StoredMention(
    mention_id="men_a",
    article_id="art_a",
    version_id="ver_a",
    source_id="one",
    family="one",
    story_id="sto_a",
    published_day=date(2023, 11, 28),
    trigger_start=10,
    event_type="Battles",
    sub_event_type="Armed clash",
    status="happened",
    aggregate=False,
    date_start=date(2023, 11, 26),
    date_end=date(2023, 11, 27),
    date_precision=2,
    place_name="Deir ez-Zor desert",
    place_id="plc_desert",
    admin1="Deir ez-Zor",
    admin2=None,
    country="SY",
    latitude=35.0,
    longitude=39.8,
    place_precision=5,
    initiators=("isis",),
    targets=("syrian-government",),
    killed_low=16,
    killed_best=16,
    killed_high=16,
    injured_low=27,
    injured_best=27,
    injured_high=27,
    confidence=0.9,
    origin="one",
    type_group="violence",
)


def told(name: str, **changes: object) -> StoredMention:
    """The base mention as another article of another outlet tells it."""
    own = {f"{kind}_id": f"{kind[:3]}_{name}" for kind in ("mention", "article", "version", "story")}
    return replace(BASE, **{**own, "source_id": name, "family": name, "origin": name, **changes})  # type: ignore[arg-type]


def test_another_toll_is_the_same_event_told_as_a_range() -> None:
    other = told("b", killed_low=14, killed_best=14, killed_high=14, injured_best=22, injured_low=22)
    (event,) = resolve_events([BASE, other]).events
    assert (event.killed_low, event.killed_best, event.killed_high) == (14, 14, 16)
    assert event.family_count == 2
    assert event.differs == "killed 14 | 16; injured 22 | 27"


def test_a_syndicated_copy_is_no_second_source() -> None:
    copy = told("b", story_id=BASE.story_id)
    resolution = resolve_events([BASE, copy])
    (event,) = resolution.events
    assert (event.article_count, event.family_count) == (2, 1)
    assert sorted(link.relation for link in resolution.links) == ["repeats", "reports"]


PROTEST = {
    "event_type": "Protests", "sub_event_type": "Peaceful protest", "type_group": "protest", "targets": (),
    "date_start": date(2023, 12, 1), "date_end": date(2023, 12, 1), "date_precision": 1, "place_name": "As-Suwayda",
    "place_id": "plc_s", "place_precision": 1, "initiators": ("hundreds of people",),
    **dict.fromkeys(("killed_low", "killed_best", "killed_high", "injured_low", "injured_best", "injured_high")),
}  # fmt: skip
IN_ARABIC = {"place_name": "مدينة السويداء", "initiators": ("مئات المحتجين",)}


@pytest.mark.parametrize(
    ("ours", "changes", "events"),
    [
        ({}, IN_ARABIC, 1),
        ({}, {**IN_ARABIC, "place_name": "As-Suwayda"}, 1),
        ({}, {**IN_ARABIC, "date_start": date(2023, 12, 8), "date_end": date(2023, 12, 8)}, 2),
        ({"initiators": ("sy-military",)}, {**IN_ARABIC, "initiators": ("il-military",)}, 2),
        ({}, {"initiators": ("the tribes of the east",)}, 2),
    ],
)
def test_names_in_another_script_do_not_keep_reports_apart(
    ours: dict[str, object], changes: dict[str, object], events: int
) -> None:
    pair = [told(name, **{**PROTEST, **more}) for name, more in (("b", ours), ("c", changes))]
    assert len(resolve_events(pair).events) == events


NEAR_QAMISHLI = {"latitude": 37.05, "longitude": 41.22, "place_id": "plc_q", "place_precision": 1, "place_name": "Q"}
NEAR_AMUDA = {"latitude": 37.10, "longitude": 40.93, "place_id": "plc_m", "place_precision": 1, "place_name": "A"}


def test_two_incidents_on_one_day_in_neighbouring_places_stay_two() -> None:
    assert len(resolve_events([told("a", **NEAR_QAMISHLI), told("b", **NEAR_AMUDA)]).events) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"event_type": "Protests", "sub_event_type": "Peaceful protest", "type_group": "demonstration"},
        {"country": "IQ"},
        {"date_start": date(2023, 12, 19), "date_end": date(2023, 12, 19), "date_precision": 1},
        {"article_id": BASE.article_id},
    ],
)
def test_what_differs_in_kind_country_or_day_or_stands_in_one_article_never_joins(changes: dict[str, object]) -> None:
    other = told("b", **changes)
    assert match(BASE, other).veto is not None
    assert len(resolve_events([BASE, other]).events) == 2


def test_a_chain_cannot_join_what_is_forbidden_pairwise() -> None:
    vague = told("c", latitude=37.07, longitude=41.0, place_precision=4, place_id="plc_hasakah", place_name="H")
    events = resolve_events([told("a", **NEAR_QAMISHLI), told("b", **NEAR_AMUDA), vague]).events
    assert len(events) == 2


def test_a_denial_is_linked_and_makes_no_event() -> None:
    denial = told("b", status="denied", killed_best=None, killed_low=None, killed_high=None, date_precision=1)
    resolution = resolve_events([BASE, denial])
    (event,) = resolution.events
    assert event.disputed
    assert event.status == "disputed"
    assert {link.relation for link in resolution.links} == {"reports", "denies"}
    assert resolve_events([denial]).events == ()


@pytest.mark.parametrize("changes", [{"status": "background"}, {"status": "planned"}, {"aggregate": True}])
def test_background_plans_and_totals_make_no_event(changes: dict[str, object]) -> None:
    assert resolve_events([told("b", **changes)]).events == ()


def test_a_corrected_toll_keeps_the_id() -> None:
    before = resolve_events([BASE]).events[0]
    corrected = replace(BASE, mention_id="men_z", version_id="ver_z", killed_best=14, killed_low=14, trigger_start=44)
    after = resolve_events([corrected]).events[0]
    assert before.event_id == after.event_id
    assert after.killed_best == 14


def test_two_alike_events_of_one_article_have_two_ids() -> None:
    second = replace(BASE, mention_id="men_b", trigger_start=90, number=1)
    events = resolve_events([BASE, second]).events
    assert len({event.event_id for event in events}) == 2


@st.composite
def crowds(draw: st.DrawFn) -> list[StoredMention]:
    """Up to a dozen mentions that differ a little: some join, some may not, some could go with either of two."""
    size = draw(st.integers(1, 12))
    return [
        told(
            f"{number:02}",
            family=draw(st.sampled_from(["x", "y", "z"])),
            date_start=(day := date(2023, 11, 26) + timedelta(days=draw(st.integers(0, 2)))),
            date_end=day,
            latitude=35 + (north := draw(st.sampled_from([0.0, 0.02, 0.3]))),
            place_id=f"plc_{north}",
            place_precision=draw(st.sampled_from([1, 2, 5])),
            killed_best=draw(st.sampled_from([None, 3, 14, 16])),
        )
        for number in range(size)
    ]


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_the_order_of_arrival_changes_nothing(data: st.DataObject) -> None:
    mentions = data.draw(crowds())
    assert resolve_events(data.draw(st.permutations(mentions))) == resolve_events(mentions)


def test_one_that_fits_two_goes_to_the_same_whoever_comes_first() -> None:
    here = told("a", latitude=35.0, place_id="plc_a", place_precision=1)
    there = told("b", latitude=35.3, place_id="plc_b", place_precision=1, place_name="Another")
    either = told("c", latitude=35.02, place_id="plc_c", place_precision=5)
    found = {resolve_events(order) for order in permutations([here, there, either])}
    assert len(found) == 1
    assert len(found.pop().events) == 2


@given(crowds())
@settings(max_examples=30, deadline=None)
def test_every_report_is_in_exactly_one_event(mentions: list[StoredMention]) -> None:
    linked = [link.mention_id for link in resolve_events(mentions).links]
    assert sorted(linked) == sorted(mention.mention_id for mention in mentions)


@given(crowds())
@settings(max_examples=30, deadline=None)
def test_no_event_holds_a_forbidden_pair(mentions: list[StoredMention]) -> None:
    by_id = {mention.mention_id: mention for mention in mentions}
    resolution = resolve_events(mentions)
    for event in resolution.events:
        members = [by_id[link.mention_id] for link in resolution.links if link.event_id == event.event_id]
        assert all(match(a, b).veto is None for a in members for b in members if a is not b)


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ((), (16, 16, 16, True)),
        (((25, 25, 25),), (16, 16, 25, False)),
        (((16, 16, 16),), (16, 16, 16, True)),
    ],
)
def test_at_least_stays_open_until_a_report_gives_more(
    others: tuple[tuple[int, int, int], ...], told: tuple[int, int, int, bool]
) -> None:
    reports = [replace(BASE, killed_low=16, killed_best=16, killed_high=None)]
    for number, (low, best, high) in enumerate(others):
        own = {f"{kind}_id": f"{kind[:3]}_{number}" for kind in ("mention", "article", "version", "story")}
        names = {"source_id": f"s{number}", "family": f"s{number}", "origin": f"s{number}"}
        reports.append(replace(BASE, **own, **names, killed_low=low, killed_best=best, killed_high=high))  # type: ignore[arg-type]
    (event,) = resolve_events(reports).events
    assert (event.killed_low, event.killed_best, event.killed_high, event.killed_open) == told


def test_a_report_that_tells_of_a_denial_stays_and_is_disputed() -> None:
    (event,) = resolve_events([replace(BASE, contested=True)]).events
    assert (event.status, event.disputed, event.killed_best) == ("disputed", True, BASE.killed_best)


def test_detained_and_displaced_reach_the_event() -> None:
    tolls = {"detained_low": 3, "detained_best": 3, "detained_high": 3, "displaced_low": 40, "displaced_best": 40}
    (event,) = resolve_events([replace(BASE, **tolls)]).events  # type: ignore[arg-type]
    assert (event.detained_best, event.detained_open, event.displaced_best, event.displaced_open) == (
        3,
        False,
        40,
        True,
    )
