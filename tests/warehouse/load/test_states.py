"""What is remembered of sources from run to run: their addresses, how they fare, when they are left alone."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import pytest

from schemas.discovery import AddressRead, Discovery, SourceProbe
from schemas.link import FoundIn, Link
from schemas.memory import KnownAddress, Memory, SourceState
from schemas.outcome import Batch, Outcome, Reason, Settled, Stage
from schemas.run import Run, RunSummary, Window
from schemas.source import Expected, Source
from tasks.reference.seeds import seed_path
from tasks.warehouse.load.loading import load_batch
from tasks.warehouse.load.states import MAX_PAUSE_DAYS, PAUSE_POINTS, moved, points_of
from tasks.warehouse.publish.reports import view
from tasks.warehouse.runs.run_lifecycle import begin, finish, note_discovery
from tests.warehouse.build import a_batch, a_fetch, a_source

NORTH = a_source("north")
FEED, OTHER = "https://north.test/feed", "https://north.test/other"
FIRST = datetime(2024, 3, 6, 2, tzinfo=UTC)


def night(number: int = 0, origin: str = "nightly") -> Run:
    at = FIRST + timedelta(days=number)
    return Run(origin, Window(at.date() - timedelta(days=3), at.date()), at, "0.1.0")


def link(slug: str, **changes: Any) -> Link:
    values = {"source_id": "north", "url": f"https://north.test/{slug}", "canonical_url": f"https://north.test/{slug}"}
    return Link(**values | {"found_in": FoundIn.FEED, "found_at": FEED} | changes)


def read_of(run: Run, url: str, links: Sequence[Link], **changes: Any) -> AddressRead:
    ids = tuple(one.link_id for one in links)
    read = AddressRead(
        "north", url, run.run_id, "feed", '"v1"', None, "0.1.0", run.run_id, run.started_at, run.window.start,
        run.started_at, ids,
    )  # fmt: skip
    return replace(read, **changes)


def ended(run: Run, one: Link, outcome: Outcome, reason: Reason) -> Settled:
    return Settled(replace(a_fetch(run, NORTH, "x"), link=one), Stage.FETCH, outcome, reason, "seen")


@pytest.fixture
def go(writer: duckdb.DuckDBPyConnection) -> Callable[..., RunSummary]:
    """One whole run over one source: what it found, what its addresses answered."""

    def run_once(
        run: Run,
        links: Sequence[Link] = (),
        addresses: Sequence[AddressRead] = (),
        errors: Sequence[str | None] = (None,),
        reason: Reason = Reason.SERVER_ERROR,
        source: Source = NORTH,
        pause_points: float = PAUSE_POINTS,
    ) -> RunSummary:
        begin(writer, run, [source])
        probes = tuple(
            SourceProbe(run.run_id, source.id, "feed", f"{FEED}{n or ''}", run.started_at, 200, len(links), error, "x")
            for n, error in enumerate(errors)
        )
        batch = Batch(source.id, 0, tuple(links))
        note_discovery(writer, run, Discovery(source, (batch,) if links else (), probes, tuple(addresses)))
        if links:
            load_batch(writer, run, a_batch(source, ended=[ended(run, one, Outcome.DEFERRED, reason) for one in links]))
        return finish(writer, run, pause_points)

    return run_once


def remembered(writer: duckdb.DuckDBPyConnection, run: Run) -> Memory:
    return begin(writer, run, [NORTH])


def health(writer: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    (row,) = view(writer, "source_health").records()
    return row


def test_an_address_still_offers_what_it_gave(writer: duckdb.DuckDBPyConnection, go: Callable[..., RunSummary]) -> None:
    run = night()
    links = [
        link("b", title_hint="B", published_raw="Wed, 06 Mar 2024 01:00:00 GMT", published_hint=FIRST),
        link("a", modified_raw="2024-03-05"),
    ]
    other = read_of(run, OTHER, [links[1], links[0]], etag=None, last_modified="Wed, 06 Mar 2024 01:00:00 GMT")
    go(run, links, [read_of(run, FEED, links), other])
    memory = remembered(writer, night(1))
    assert memory.addresses["north", FEED].offered == tuple(links)
    known = memory.addresses["north", OTHER]
    assert [(one.canonical_url[-1], one.found_at) for one in known.offered] == [("a", OTHER), ("b", OTHER)]
    assert (known.etag, known.answered_at, known.window_start) == (None, run.started_at, run.window.start)
    assert begin(writer, night(2), [a_source("south")]).addresses == {}


def test_a_run_that_was_cut_off_vouches_for_nothing(
    writer: duckdb.DuckDBPyConnection, go: Callable[..., RunSummary]
) -> None:
    go(night(), [link("a")], [read_of(night(), FEED, [link("a")])])
    lost = night(1)
    begin(writer, lost, [NORTH])
    batch = Batch("north", 0, (link("b"),))
    probe = SourceProbe(lost.run_id, "north", "feed", FEED, lost.started_at, 200, 1, None)
    note_discovery(writer, lost, Discovery(NORTH, (batch,), (probe,), (read_of(lost, FEED, [link("b")], etag='"v2"'),)))
    known = remembered(writer, night(2))
    assert known.addresses["north", FEED].etag == '"v1"'
    assert known.addresses["north", FEED].offered == (link("a"),)
    assert known.states["north"].last_success_at == night().started_at
    assert writer.execute("SELECT count(*) FROM addresses").fetchall() == [(1,)]


def test_what_a_run_that_was_cut_off_had_met_is_still_new(
    writer: duckdb.DuckDBPyConnection, go: Callable[..., RunSummary]
) -> None:
    lost = night()
    begin(writer, lost, [NORTH])
    ends = [ended(lost, link("a"), Outcome.DEFERRED, Reason.TIMEOUT)]
    load_batch(writer, lost, a_batch(NORTH, ended=ends))
    assert go(night(1), [link("a")]).sources[0].new == 1


def test_the_newest_answer_stands_alone(writer: duckdb.DuckDBPyConnection, go: Callable[..., RunSummary]) -> None:
    go(night(), [link("a")], [read_of(night(), FEED, [link("a")]), read_of(night(), OTHER, [])])
    go(night(1), [link("b")], [read_of(night(1), FEED, [link("b")], etag=None)])
    rows = writer.execute("SELECT url, run_id FROM addresses ORDER BY url").fetchall()
    assert rows == [(FEED, night(1).run_id), (OTHER, night().run_id)]
    known = remembered(writer, night(2)).addresses["north", FEED]
    assert (known.etag, known.offered) == (None, ())
    assert known.answered_at == night(1).started_at


def test_failures_add_up_to_a_pause_that_grows_and_a_success_ends_it() -> None:
    state, spans = SourceState("north", last_success_at=FIRST), []
    row = {"reached": False, "errors": ["gone"], "detail": "feed: gone"}
    for number in range(1, 40):
        state = moved(state, night(number), row, 0, 5)
        if state.paused_until:
            spans.append((state.paused_until - night(number).started_at) // timedelta(days=1))
    assert spans[:7] == [1, 2, 4, 8, 16, MAX_PAUSE_DAYS, MAX_PAUSE_DAYS]
    assert len(spans) == 35
    assert "39 failure points since 2024-03-06" in state.pause_reason
    better = moved(state, night(40), {"reached": True, "errors": ["gone"], "detail": ""}, 2, 5)
    assert better == SourceState("north", last_success_at=night(40).started_at, last_new_item_at=night(40).started_at)


def test_a_night_counts_as_its_mildest_failure() -> None:
    assert [points_of(words) for words in (["not_a_feed"], ["not_a_feed", "timeout"], ["robots_unreachable"], [])] == [
        1.0, 0.5, 0.25, 1.0,
    ]  # fmt: skip
    listed = {
        line.split(",")[0] for line in seed_path("failure_points.csv").read_text().splitlines() if line[:1] != "#"
    }
    assert listed - {"reason", "failed", "too_slow"} <= set(Reason)


def test_a_paused_source_rests_for_as_many_nights_and_is_asked_again() -> None:
    until = FIRST + timedelta(days=1, hours=12)
    memory = Memory(states={"north": SourceState("north", None, None, 15, until, "15 failure points; gone", 1)})
    assert [bool(memory.pause_of(night(number), "north")) for number in (0, 1, 2)] == [True, True, False]
    assert memory.pause_of(night(1), "north") == "paused until 2024-03-07 14:00 UTC: 15 failure points; gone"
    assert memory.pause_of(night(1, "backfill"), "north") == ""
    assert memory.pause_of(night(), "south") == ""


def test_a_pause_is_named_and_is_no_silence(writer: duckdb.DuckDBPyConnection, go: Callable[..., RunSummary]) -> None:
    for number in range(3):
        go(night(number), errors=["not_a_feed"], pause_points=3)
    last = night(3)
    memory = remembered(writer, last)
    note_discovery(writer, last, Discovery(NORTH, (), (), paused=memory.pause_of(last, "north")))
    summary = finish(writer, last)
    (fared,) = summary.sources
    assert (fared.reached, fared.paused, summary.paused) == (False, True, (fared,))
    assert fared.detail.startswith("not asked, paused until 2024-03-09")
    assert "not_a_feed" in fared.detail
    row = health(writer)
    assert (row["state"], row["failure_points"]) == ("paused", 3)
    assert "3 failure points and never a success" in row["pause_reason"]
    go(night(4), [link("a")])
    assert (health(writer)["state"], health(writer)["failure_points"]) == ("ok", 0)


def test_new_is_what_no_finished_run_had_met(go: Callable[..., RunSummary]) -> None:
    def fared(number: int, *slugs: str, reason: Reason = Reason.SERVER_ERROR) -> tuple[int | None, str]:
        (source,) = go(night(number), [link(slug) for slug in slugs], reason=reason).sources
        return source.new, source.detail

    assert fared(0, "a", "b") == (2, "1 of 1 addresses read; 2 new")
    assert fared(1, "a", "b") == (0, "1 of 1 addresses read; no news: none of its 2 links is new")
    assert fared(2, "later", reason=Reason.OUT_OF_WINDOW)[0] == 0
    assert fared(3, "later", "a")[0] == 1
    assert fared(4, "javascript", reason=Reason.URL)[0] == 0
    assert fared(5)[1].endswith("no news: none of its 0 links is new")


def test_a_backfill_says_nothing_of_how_a_source_fares_today(
    writer: duckdb.DuckDBPyConnection, go: Callable[..., RunSummary]
) -> None:
    go(night(0, "backfill"), [link("a")])
    go(night(1, "backfill"), errors=["gone"])
    assert remembered(writer, night(2)).states == {}
    assert health(writer)["state"] == "never_asked"


def test_the_window_begins_where_the_address_was_last_heard() -> None:
    state = SourceState("north", last_success_at=FIRST - timedelta(days=10))
    known = KnownAddress(OTHER, answered_at=FIRST - timedelta(days=20))
    memory = Memory(states={"north": state}, addresses={("north", OTHER): known})
    starts = {
        (origin, url, longest): memory.window_for(night(0, origin), "north", longest, url).start
        for origin in ("nightly", "backfill")
        for url in (FEED, OTHER)
        for longest in (31, 15)
    }
    assert starts["nightly", FEED, 31] == date(2024, 2, 25)
    assert starts["nightly", OTHER, 31] == date(2024, 2, 15)
    assert starts["nightly", OTHER, 15] == date(2024, 2, 20)
    assert starts["backfill", OTHER, 31] == night().window.start
    assert Memory().window_for(night(), "north", 31) == night().window
    assert memory.window_for(night(), "north", 1) == night().window


def slugs(number: int, count: int) -> list[Link]:
    return [link(f"{number}-{n}") for n in range(count)]


@pytest.mark.parametrize(
    ("nights", "changes", "state"),
    [
        ({0: (3, [None])}, {}, "ok"),
        ({0: (3, [None]), 1: (0, [None])}, {}, "no_news"),
        ({0: (3, [None, "gone"])}, {}, "degraded"),
        ({0: (3, [None]), 1: (0, ["not_a_feed"])}, {}, "down"),
        ({0: (1, [None]), 9: (13, [None])}, {"expected": Expected(min=2)}, "below_expectation"),
        ({0: (1, [None]), 9: (14, [None])}, {"expected": Expected(min=2)}, "ok"),
        ({0: (1, [None]), 9: (15, [None])}, {"expected": Expected(max=2)}, "above_expectation"),
        ({0: (99, [None])}, {"expected": Expected(max=2)}, "ok"),
        ({0: (3, [None]), 5: (0, [None])}, {"max_age_days": 4}, "silent"),
        ({0: (3, [None]), 4: (0, [None])}, {"max_age_days": 4}, "no_news"),
    ],
)
def test_each_state_has_its_word(
    writer: duckdb.DuckDBPyConnection,
    go: Callable[..., RunSummary],
    nights: dict[int, tuple[int, list[str | None]]],
    changes: dict[str, Any],
    state: str,
) -> None:
    for number, (count, errors) in nights.items():
        links = [link(f"{number}-{n}") for n in range(count)]
        go(night(number), links, errors=errors, source=NORTH.model_copy(update=changes))
    row = health(writer)
    assert row["state"] == state
    news = max(number for number, (count, _) in nights.items() if count)
    assert row["days_since_new_item"] == max(nights) - news
    assert row["addresses_down"] == sum(error is not None for error in nights[max(nights)][1])


def test_a_source_nobody_asked(writer: duckdb.DuckDBPyConnection) -> None:
    begin(writer, night(), [NORTH])
    assert health(writer)["state"] == "never_asked"
