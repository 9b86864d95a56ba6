"""Dates: read strictly, never invented, each with its origin, zone and doubts."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import UNDATED, DateOrigin
from tasks.reference.words.daytext import DayText, month_names, read_day
from tasks.text.dates.published import Clock, RawDate, choose, from_hint, from_url, read
from tests.unit.text.build import article, html

CLOCK = Clock("Asia/Damascus", None, datetime(2024, 5, 1, tzinfo=UTC))
CASES = Path(__file__).parents[3] / "cases" / "dates.csv"


def cases() -> list[dict[str, str]]:
    lines = [line for line in CASES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["raw"] or "empty")
def test_a_declared_date(case: dict[str, str]) -> None:
    first = {"true": True, "false": False, "": None}[case["day_first"]]
    got = read_day(case["raw"], first)
    if case["reason"]:
        assert got == case["reason"]
        return
    assert isinstance(got, DayText), got
    clock = "{:02}:{:02}:{:02}".format(*got.clock) if got.clock else ""
    assert (got.day.isoformat(), clock, got.zone or "") == (case["day"], case["clock"], case["zone"].upper())


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60))
def test_any_words_give_a_day_or_a_reason(raw: str) -> None:
    got = read_day(raw, None)
    assert got.day.year >= 1990 if isinstance(got, DayText) else got


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.sampled_from(sorted(month_names())))
def test_every_month_name_is_read(day: date, name: str) -> None:
    named = day.replace(month=month_names()[name], day=min(day.day, 28))
    got = read_day(f"{named.day} {name} {named.year}", None)
    assert isinstance(got, DayText)
    assert got.day == named


def test_an_offset_is_kept_beside_the_instant_and_the_day_the_reader_saw() -> None:
    got = read(RawDate("2023-12-10T23:30:00-05:00", DateOrigin.JSON_LD), CLOCK)
    assert got.instant == datetime(2023, 12, 11, 4, 30, tzinfo=UTC)
    assert (got.local_day, got.zone, got.origin) == (date(2023, 12, 10), "-05:00", DateOrigin.JSON_LD)


def test_without_a_zone_the_outlets_is_assumed_and_said() -> None:
    got = read(RawDate("2023-12-11 10:20", DateOrigin.META), CLOCK)
    assert got.instant == datetime(2023, 12, 11, 7, 20, tzinfo=UTC)
    assert got.reason == "zone_assumed:Asia/Damascus"


def test_a_machines_utc_stamp_has_the_day_of_the_outlet() -> None:
    got = read(RawDate("2023-12-10T22:30:00Z", DateOrigin.META), CLOCK)
    assert got.local_day == date(2023, 12, 11)
    assert got.reason == "day_in_zone:Asia/Damascus"


@pytest.mark.parametrize(
    ("raw", "flag"), [("2024-03-31 03:30", "in_a_clock_gap"), ("2023-10-29 03:30", "in_a_clock_fold")]
)
def test_hours_that_clocks_skip_or_repeat_are_flagged(raw: str, flag: str) -> None:
    kyiv = Clock("Europe/Kyiv", None, CLOCK.captured_at)
    got = read(RawDate(raw, DateOrigin.META), kyiv)
    assert flag in (got.reason or "")


def test_an_impossible_offset_gives_no_instant() -> None:
    got = read(RawDate("2023-12-11T10:00:00+25:00", DateOrigin.META), CLOCK)
    assert (got.instant, got.local_day) == (None, date(2023, 12, 11))
    assert (got.reason or "").startswith("zone_invalid")


def test_a_date_in_the_future_is_no_date_but_kept_raw() -> None:
    got = read(RawDate("2024-06-01", DateOrigin.META), CLOCK)
    assert (got.local_day, got.raw, got.reason) == (None, "2024-06-01", "in_the_future")


def test_the_better_origin_wins_and_the_other_is_named() -> None:
    found = [RawDate("2023-11-07", DateOrigin.URL), RawDate("2024-03-05T10:00:00Z", DateOrigin.META)]
    got = choose(found, CLOCK)
    assert (got.origin, got.local_day) == (DateOrigin.META, date(2024, 3, 5))
    assert "conflict:url=2023-11-07" in (got.reason or "")


def test_a_stamp_of_the_same_origin_sharpens_a_bare_day() -> None:
    found = [RawDate("2023-12-11", DateOrigin.META), RawDate("2023-12-11T10:00:00+03:00", DateOrigin.META)]
    assert choose(found, CLOCK).instant == datetime(2023, 12, 11, 7, tzinfo=UTC)


def test_nothing_declared_is_undated() -> None:
    assert choose([], CLOCK) == UNDATED


def test_an_unreadable_date_says_why() -> None:
    got = choose([RawDate("03/04/2024", DateOrigin.META)], CLOCK)
    assert (got.local_day, got.raw, got.reason) == (None, "03/04/2024", "ambiguous")


def test_the_outlets_habit_settles_the_ambiguous() -> None:
    clock = Clock("UTC", True, CLOCK.captured_at)
    assert choose([RawDate("03/04/2024", DateOrigin.META)], clock).local_day == date(2024, 4, 3)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/2023/12/11/story", "2023-12-11"),
        ("https://a.example/world/2023/dec/11/story", "2023-12-11"),
        ("https://a.example/story-20231211.html", "2023-12-11"),
        ("https://a.example/story-2023-12-11", "2023-12-11"),
        ("https://a.example/story?day=2023-12-11", None),
        ("https://a.example/2023/13/11/story", None),
        ("https://a.example/120231211999", None),
    ],
)
def test_the_day_in_an_address(url: str, day: str | None) -> None:
    found = from_url(url)
    assert (found.raw if found else None) == day


def test_the_feeds_date_stands_in_with_its_words() -> None:
    got = from_hint(datetime(2023, 12, 11, 7, tzinfo=UTC), "Mon, 11 Dec 2023 10:00:00 +0300", CLOCK)
    assert got is not None
    assert (got.origin, got.zone, got.raw) == (DateOrigin.FEED, "+03:00", "Mon, 11 Dec 2023 10:00:00 +0300")


class TestOnAPage:
    def test_published_and_modified_stay_apart(self) -> None:
        head = """<meta property="article:published_time" content="2023-12-11T10:00:00+03:00">
        <meta property="article:modified_time" content="2023-12-15T10:00:00+03:00">"""
        got = article(html(head))
        assert (got.published.local_day, got.modified.local_day) == (date(2023, 12, 11), date(2023, 12, 15))

    def test_a_footers_year_and_a_date_in_the_story_are_no_publication(self) -> None:
        page = html(body="<p>The bridge was built on 12 May 1998, before the war, and stands to this day.</p>")
        got = article(page.replace("</body>", "<footer class='date'>© 2019 Outlet, 1 January 2019</footer></body>"))
        assert got.published == UNDATED

    def test_a_date_printed_under_the_headline_is_read_with_its_words(self) -> None:
        got = article(html(body="<span class='post-date'>11 كانون الأول 2023</span>"))
        assert (got.published.local_day, got.published.origin) == (date(2023, 12, 11), DateOrigin.TEXT)
        assert got.published.raw == "11 كانون الأول 2023"

    @pytest.mark.parametrize(
        ("shown", "reason"), [("11 December", None), ("12 December", None), ("4 November", "conflict:text=2023-11-04")]
    )
    def test_a_printed_day_that_is_not_the_declared_one_is_kept_as_a_conflict(
        self, shown: str, reason: str | None
    ) -> None:
        head = '<meta property="article:published_time" content="2023-12-11T10:00:00+03:00">'
        got = article(html(head, body=f"<span class='post-date'>{shown} 2023</span>"))
        assert (got.published.local_day, got.published.reason) == (date(2023, 12, 11), reason)

    def test_a_day_believed_from_another_box_says_where_it_stands(self) -> None:
        box = "<div class='widget'><time class='published' datetime='2023-12-11T10:00:00+03:00'>11 Dec</time></div>"
        got = article(html().replace("</article>", f"</article>{box}"))
        assert (got.published.local_day, got.published.reason) == (date(2023, 12, 11), "stands_in:others")

    def test_the_day_in_the_masthead_is_the_readers_today_not_the_articles(self) -> None:
        page = html().replace(
            "<body>", "<body><div class='block'><p id='todays-date'>Tuesday, December 19, 2023</p></div>"
        )
        assert article(page).published == UNDATED

    def test_the_dates_of_cards_below_the_story_are_theirs(self) -> None:
        cards = "".join(
            f"<div class='tile'><div class='tile-date'>December {day}, 2023</div><b>Other {day}</b></div>"
            for day in range(1, 6)
        )
        rest = "<i></i>" * 120
        assert article(html().replace("</body>", f"{rest}{cards}</body>")).published == UNDATED

    def test_the_time_element_of_the_article_not_of_its_neighbours(self) -> None:
        aside = "<aside><time datetime='2020-01-01'>1 January 2020</time></aside>"
        got = article(html(body=aside + "<time datetime='2023-12-11T10:00:00+03:00'>11 Dec</time>"))
        assert (got.published.local_day, got.published.origin) == (date(2023, 12, 11), DateOrigin.TIME_ELEMENT)

    def test_the_feed_dates_a_page_that_does_not(self) -> None:
        got = article(html(), published_raw="Mon, 11 Dec 2023 10:00:00 +0300")
        assert (got.published.local_day, got.published.origin) == (date(2023, 12, 11), DateOrigin.FEED)


def test_the_date_of_another_articles_card_is_not_the_articles() -> None:
    card = '<a href="/other"><h3>Another story</h3><time datetime="2023-12-01">1 December</time></a>'
    own = '<div class="c-layout-sidebar-left"><div><time datetime="2023-12-11">11 December</time></div></div>'
    assert article(html(body=card)).published.local_day is None
    assert article(html(body=card + own)).published.local_day == date(2023, 12, 11)
    linked = '<a href="/2023/12"><time datetime="2023-12-11">11 December</time></a>'
    assert article(html(body=linked)).published.local_day == date(2023, 12, 11)


def test_a_time_of_change_that_also_shows_the_publication() -> None:
    shown = "27/11/2023 01:57 | Actualizado a 29/11/2023 19:20"
    got = article(html(body=f'<time itemprop="dateModified" datetime="2023-11-29T19:20:45+01:00">{shown}</time>'))
    assert (got.published.local_day, got.modified.local_day) == (date(2023, 11, 27), date(2023, 11, 29))


def test_a_change_above_and_the_publication_below() -> None:
    page = html(body="<p class='stamp'>Last updated: Monday, December 18, 2023 | 11:44 am PST</p>")
    page = page.replace("</article>", "<p class='posted'>First published: Monday December 11, 2023</p></article>")
    got = article(page)
    assert (got.published.local_day, got.modified.local_day) == (date(2023, 12, 11), date(2023, 12, 18))


def test_a_day_behind_an_icon_is_read() -> None:
    icon = '<svg><use href="#calendar"></use></svg>'
    assert article(html(body=f"<div class='row'>{icon} Dec 11, 2023</div>")).published.local_day == date(2023, 12, 11)
