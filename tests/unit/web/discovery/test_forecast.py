from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from schemas.backfill import Archives, DatedBy, DoneWindow, Plan
from schemas.link import FoundIn, Link
from schemas.outcome import Batch
from schemas.run import Window
from schemas.source import Expected
from tasks.web.discovery.forecast import REQUEST_SECONDS, LinkCount, count_links, forecast, plan_windows
from tests.unit.web.conftest import MakeSource

MARCH = Window(date(2024, 3, 1), date(2024, 3, 31))
SITE = Archives()
WARC = Archives(warcs=(Path("a"),))


def finished(source: str, start: int, end: int, on: date = date(2024, 6, 1)) -> DoneWindow:
    return DoneWindow(source, Window(date(2024, 3, start), date(2024, 3, end)), on)


def todo(plan: Plan) -> list[tuple[int, tuple[str, ...]]]:
    return [(window.window.start.day, window.todo) for window in plan.windows]


def test_a_window_is_done_for_a_source_when_each_of_its_days_was_in_a_finished_one() -> None:
    done = [finished("a", 1, 8), finished("a", 9, 12), finished("b", 1, 6)]
    plan = plan_windows(SITE, MARCH, 10, ["a", "b"], done)
    assert todo(plan) == [(1, ("b",)), (11, ("a", "b")), (21, ("a", "b")), (31, ("a", "b"))]
    assert plan.windows[0].done == ("a",)
    assert todo(plan_windows(SITE, MARCH, 4, ["a"], done))[:4] == [(1, ()), (5, ()), (9, ()), (13, ("a",))]


def test_a_day_that_was_not_over_is_not_done_but_a_file_does_not_grow() -> None:
    done = [finished("a", 1, 31, on=date(2024, 3, 31))]
    assert [window.todo for window in plan_windows(SITE, MARCH, 30, ["a"], done).windows] == [(), ("a",)]
    assert [window.todo for window in plan_windows(WARC, MARCH, 30, ["a"], done).windows] == [(), ()]


def test_what_is_placed_by_publication_is_one_window() -> None:
    plan = plan_windows(replace(WARC, dated_by=DatedBy.PUBLICATION), MARCH, 7, ["a"], [])
    assert [window.window for window in plan.windows] == [MARCH]


def test_origins_tell_places_apart() -> None:
    places = [SITE, WARC, Archives(warcs=(Path("b"),)), Archives(cdx="https://a.example/cdx")]
    places.append(replace(WARC, dated_by=DatedBy.PUBLICATION))
    assert len({place.origin for place in places}) == 5
    assert Archives(warcs=(Path("b"), Path("a"))).origin == Archives(warcs=(Path("a"), Path("b"))).origin
    with pytest.raises(ValueError, match="one archive at a time"):
        Archives((Path("a"),), "https://a.example/cdx")


def link(**told: object) -> Link:
    base = Link("a", "https://e.org/a", "https://e.org/a", FoundIn.SITEMAP, "https://e.org/sitemap.xml")
    return replace(base, **told)  # type: ignore[arg-type]


def test_links_are_counted_by_the_day_they_carry() -> None:
    links = (
        link(published_hint=datetime(2024, 3, 5, 23, tzinfo=UTC), modified_raw="2024-03-09"),
        link(published_raw="2024-03-05"),
        link(modified_raw="2024-03-09T10:00:00Z"),
        link(published_raw="soon"),
    )
    count = count_links("a", [Batch("a", 0, links)])
    assert dict(count.by_day) == {date(2024, 3, 5): 2, date(2024, 3, 9): 1}
    assert count.undated == 1


def planned(
    make_source: MakeSource,
    archives: Archives = SITE,
    by_day: Mapping[date, int] | None = None,
    pace: Mapping[str, float] | None = None,
) -> Plan:
    sources = [
        make_source(id="a", homepage="https://a.test/", delay_seconds=5),
        make_source(id="b", homepage="https://www.a.test/b/", delay_seconds=5, expected=Expected(min=1, max=3)),
        make_source(id="c", homepage="https://c.test/", delay_seconds=1),
    ]
    plan = plan_windows(archives, MARCH, 31, [source.id for source in sources], [])
    counts = [LinkCount("a", by_day or {}, 2, "a note"), LinkCount("b"), LinkCount("c")]
    return forecast(plan, archives, sources, counts, pace or {}, 4.0)


def test_the_time_is_links_by_delay_of_the_slowest_host(make_source: MakeSource) -> None:
    plan = planned(make_source, by_day={date(2024, 3, 5): 10, date(2024, 4, 5): 99}, pace={"c": 2.0})
    (window,) = plan.windows
    assert (dict(window.known), dict(window.expected)) == ({"a": 10}, {"b": 62, "c": 62})
    assert window.seconds == pytest.approx(72 * (5 + REQUEST_SECONDS))
    assert (plan.undated, plan.notes) == (2, ("a: a note",))


def test_an_archive_is_one_host_and_taken_at_its_word(make_source: MakeSource) -> None:
    (window,) = planned(make_source, Archives(cdx="https://x.example/cdx"), {date(2024, 3, 5): 10}, {"c": 2.0}).windows
    assert (dict(window.known), dict(window.expected)) == ({"a": 10}, {})
    assert window.seconds == pytest.approx((10 + 3) * (4 + REQUEST_SECONDS))
