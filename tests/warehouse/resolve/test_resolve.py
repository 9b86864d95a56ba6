"""Resolution in blocks: any order, any split into nights, comes to what looking at all pairs at once does."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.article import Article
from schemas.errors import UnknownIdError
from schemas.mention import Actor, CodedArticle, EventMention, Place, Role, Status, Toll, When
from schemas.run import Run
from schemas.settings import Settings
from tasks.resolution.overrides import forced_by
from tasks.resolve import resolve_changes
from tasks.text.copies.fingerprint import SCHEME, fingerprint
from tasks.warehouse.care.checks import state_hash
from tasks.warehouse.decisions import overriding
from tasks.warehouse.load.loading import load_batch
from tasks.warehouse.publish.trace import trace
from tasks.warehouse.resolve import matching
from tasks.warehouse.runs.run_lifecycle import begin
from tasks.warehouse.store.connect import open_writer, transaction
from tasks.warehouse.store.queries import rows_of
from tests.unit.resolution.whole import resolve_events
from tests.warehouse.build import DAY, NOON, a_batch, a_mention, a_run, a_source, an_article

SOURCES = tuple(a_source(name) for name in ("north", "south", "west"))
#: Names in full, villages with coordinates, and two texts that more than one outlet prints.
NAMES = ("Amina Qasoumi", "Bilal Zerhouni", "")
PLACES = (
    Place("Riverton", "p1", "Riverton", "Riverland", None, "SY", 35.5, 40.25, 1, "gazetteer"),
    Place("Overton", "p2", "Overton", "Riverland", None, "SY", 35.52, 40.27, 1, "gazetteer"),
    Place("Farton", "p3", "Farton", "Farland", None, "SY", 36.9, 41.2, 1, "gazetteer"),
    Place("Riverland", "p4", "Riverland", "Riverland", None, "SY", 35.6, 40.3, 4, "gazetteer"),
    Place(None, None, None, None, None, None, None, None, None, "none named"),
    Place("Elsewhere", "p5", "Elsewhere", None, None, "IQ", 35.4, 41.0, 1, "gazetteer"),
)
COPIED = (
    "Gunmen killed several people on the road between the two villages, the council of the district said in a note "
    "that it sent to reporters, and added that the road was closed until the police had looked at the place of it."
)


@dataclass(frozen=True, slots=True)
class Told:
    """What one version of an article tells, in small numbers."""

    source: int
    slug: int
    version: int
    published: int
    happened: tuple[int | None, ...]
    place: int
    killed: int | None
    name: int
    copied: bool
    denies: bool


TOLD = st.builds(
    Told,
    source=st.integers(0, 2),
    slug=st.integers(0, 3),
    version=st.integers(0, 1),
    published=st.integers(0, 9),
    happened=st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=1, max_size=2).map(tuple),
    place=st.integers(0, len(PLACES) - 1),
    killed=st.sampled_from([None, 3, 4, 12]),
    name=st.integers(0, 2),
    copied=st.booleans(),
    denies=st.booleans(),
)


def article(run: Run, told: Told) -> Article:
    body = COPIED if told.copied else f"The post of {told.source} and {told.slug}: Gunmen killed some people."
    text = f"{body} {NAMES[told.name]} was there.{' Corrected.' * told.version}"
    found = an_article(run, SOURCES[told.source], f"a{told.slug}", text, DAY + timedelta(days=told.published))
    return replace(found, fingerprint=fingerprint(text))


def coded(run: Run, told: Told) -> CodedArticle:
    """An article with a mention for each day it tells of."""
    of = article(run, told)
    return CodedArticle(of, tuple(mention(of, told, number, day) for number, day in enumerate(told.happened)))


def mention(of: Article, told: Told, number: int, day: int | None) -> EventMention:
    on = None if day is None else date(2024, 3, 1) + timedelta(days=day)
    toll = Toll() if told.killed is None else Toll(told.killed, told.killed, told.killed + number)
    found = a_mention(
        of,
        when=When(on, on, 1 if on else None, None, "test"),
        place=PLACES[(told.place + number) % len(PLACES)],
        killed=None,
        status=Status.DENIED if told.denies and number == 0 else Status.HAPPENED,
        actors=(Actor(Role.INITIATOR, "Gunmen", "gunmen" if told.killed else None, None, "rebel", None),),
    )
    # Another mention of an article begins elsewhere in it.
    return replace(found, killed=toll, trigger_start=found.trigger_start + number, evidence=(), claims=())


@contextmanager
def warehouse(template: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with tempfile.TemporaryDirectory() as folder:
        own = Settings(data_dir=Path(folder))
        shutil.copyfile(template.warehouse_path, own.warehouse_path)
        with open_writer(own) as con:
            yield con


def bring(con: duckdb.DuckDBPyConnection, run: Run, told: Sequence[Told]) -> None:
    """Load some articles."""
    begin(con, run, SOURCES)
    for at, source in enumerate(SOURCES):
        load_batch(con, run, a_batch(source, [coded(run, one) for one in told if one.source == at]))


def resolve_in(con: duckdb.DuckDBPyConnection, run: Run, size: int = 4000) -> dict[str, dict[str, int]]:
    with transaction(con):
        return resolve_changes(con, run, size)


def night(con: duckdb.DuckDBPyConnection, number: int, told: Sequence[Told], size: int = 4000) -> None:
    """A run that brings some articles, and resolves."""
    bring(con, a_run(number), told)
    resolve_in(con, a_run(number), size)


def stands(con: duckdb.DuckDBPyConnection) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    events = con.execute("SELECT * EXCLUDE (created_at, created_run_id, changed_at, changed_run_id) FROM events")
    told = events.fetchall()
    links = con.execute("SELECT * FROM event_links ORDER BY ALL").fetchall()
    return sorted(told, key=str), links


def all_at_once(con: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """The reports of each event, as they come out where every pair is looked at."""
    rows = rows_of(con, "SELECT * FROM resolved_mentions ORDER BY mention_id")
    found = resolve_events([matching.mention_of(row) for row in rows], forced_by(matching.overrides(con)))
    return grouped((link.event_id, link.mention_id, link.relation) for link in found.links)


def in_blocks(con: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    return grouped(con.execute("SELECT event_id, mention_id, relation FROM event_links").fetchall())


def grouped(links: Iterator[tuple[str, str, str]] | list[tuple[str, str, str]]) -> dict[str, set[str]]:
    events: dict[str, set[str]] = {}
    for event_id, mention_id, relation in links:
        events.setdefault(event_id, set()).add(f"{relation} {mention_id}")
    return events


def latest(told: Sequence[Told]) -> list[Told]:
    """What of some readings is the last of each address."""
    return list({(one.source, one.slug): one for one in told}.values())


@pytest.mark.long
@given(
    told=st.lists(TOLD, min_size=2, max_size=9),
    cuts=st.sets(st.integers(1, 8), max_size=2),
    size=st.integers(1, 9),
    backwards=st.booleans(),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_split_into_nights_comes_to_the_same(
    template: Settings, told: list[Told], cuts: set[int], size: int, backwards: bool
) -> None:
    edges = [0, *sorted(cut for cut in cuts if cut < len(told)), len(told)]
    nights = [latest(told[low:high]) for low, high in itertools.pairwise(edges)]
    with warehouse(template) as con:
        for number, items in enumerate(nights):
            night(con, number, items[::-1] if backwards else items, size)
            assert in_blocks(con) == all_at_once(con)
        by_night = state_hash(con)
    with warehouse(template) as con:
        for number, items in enumerate(nights):
            bring(con, a_run(number), items)
        resolve_in(con, a_run(len(nights) - 1))
        assert state_hash(con) == by_night


HERE = Told(0, 0, 0, 0, (0,), 0, 4, 0, False, False)
THERE = replace(HERE, source=1, place=2, killed=12, name=1)
ALIKE = replace(HERE, source=2)


def events(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return dict(con.execute("SELECT event_id, mention_count FROM events ORDER BY 1").fetchall())


def test_a_second_look_changes_nothing(writer: duckdb.DuckDBPyConnection) -> None:
    night(writer, 0, [HERE, THERE, ALIKE])
    before = stands(writer)
    run = a_run(1)
    begin(writer, run, SOURCES)
    assert resolve_in(writer, run)["events"] == {"inserted": 0, "updated": 0, "unchanged": 0, "deleted": 0}
    assert stands(writer) == before
    assert sorted(events(writer).values()) == [1, 2]


def test_a_corrected_article_changes_its_event_in_the_same_run(writer: duckdb.DuckDBPyConnection) -> None:
    night(writer, 0, [HERE, THERE])
    night(writer, 1, [replace(HERE, version=1, killed=3)])
    assert sorted(writer.execute("SELECT killed_best FROM events").fetchall()) == [(3,), (12,)]
    assert writer.execute("SELECT count(*) FROM event_aliases").fetchall() == [(0,)], "a correction keeps the id"


def test_another_actor_alone_is_noticed(writer: duckdb.DuckDBPyConnection) -> None:
    night(writer, 0, [HERE])
    run = a_run(1)
    begin(writer, run, SOURCES)
    of = coded(run, HERE)
    other = Actor(Role.INITIATOR, "Raiders", None, None, "rebel", None)
    again = CodedArticle(of.article, tuple(replace(one, actors=(other,)) for one in of.mentions))
    load_batch(writer, run, a_batch(SOURCES[0], [again]))
    assert writer.execute("SELECT DISTINCT coded_run_id FROM mentions").fetchall() == [(run.run_id,)]
    assert resolve_in(writer, run)["events"]["updated"] == 1
    assert writer.execute("SELECT initiators FROM resolved_mentions").fetchall() == [(["raiders"],)]


def test_an_article_that_stands_no_more_takes_its_event_with_it(writer: duckdb.DuckDBPyConnection) -> None:
    night(writer, 0, [HERE, THERE])
    writer.execute("DELETE FROM articles WHERE source_id = 'north'").fetchall()
    run = a_run(1)
    begin(writer, run, SOURCES)
    resolve_in(writer, run)
    assert len(events(writer)) == 1
    assert writer.execute("SELECT why, event_id FROM event_aliases").fetchall() == [("withdrawn", None)]


def test_an_earlier_report_takes_the_event_over_and_the_old_id_leads_to_it(writer: duckdb.DuckDBPyConnection) -> None:
    night(writer, 0, [replace(ALIKE, published=3)])
    (old,) = events(writer)
    night(writer, 1, [HERE])
    (new,) = events(writer)
    assert old != new
    assert overriding.living(writer, old) == new


def test_a_merge_outlives_runs_and_corrections_and_can_be_undone(writer: duckdb.DuckDBPyConnection) -> None:
    night(writer, 0, [HERE, THERE])
    one, other = events(writer)
    made = overriding.merge(writer, one, other, "one raid", NOON)
    night(writer, 1, [])
    (merged,) = events(writer)
    assert {overriding.living(writer, one), overriding.living(writer, other)} == {merged}
    night(writer, 2, [replace(THERE, version=1, killed=3)])
    assert events(writer) == {merged: 2}
    assert in_blocks(writer) == all_at_once(writer)
    overriding.undo(writer, made.override_id, NOON)
    night(writer, 3, [])
    assert set(events(writer)) == {one, other}
    assert writer.execute("SELECT count(*) FROM event_aliases").fetchall() == [(0,)]
    with pytest.raises(UnknownIdError):
        overriding.undo(writer, made.override_id, NOON)


def test_a_split_holds_and_a_third_report_joins_one_side_only(writer: duckdb.DuckDBPyConnection) -> None:
    night(writer, 0, [HERE, ALIKE])
    (whole,) = events(writer)
    reports = [found for (found,) in writer.execute("SELECT mention_id FROM event_links ORDER BY 1").fetchall()]
    overriding.split(writer, whole, reports[:1], "two raids", NOON)
    night(writer, 1, [])
    assert sorted(events(writer).values()) == [1, 1]
    night(writer, 2, [replace(HERE, source=1)])
    assert sorted(events(writer).values()) == [1, 2]
    with pytest.raises(UnknownIdError):
        overriding.split(writer, whole, ["men_no"], "x", NOON)


def test_a_retracted_event_is_a_tombstone_with_its_reason(writer: duckdb.DuckDBPyConnection) -> None:
    night(writer, 0, [HERE, THERE])
    gone, kept = events(writer)
    made = overriding.retract(writer, gone, "a drill", NOON)
    night(writer, 1, [])
    told = writer.execute("SELECT old_event_id, event_id, why, reason FROM event_aliases").fetchall()
    assert told == [(gone, None, "retracted", "a drill")]
    with pytest.raises(UnknownIdError, match=r"retracted on .*: a drill"):
        trace(writer, gone)
    assert set(events(writer)) == {kept}
    night(writer, 2, [replace(HERE, version=1), replace(THERE, version=1)])
    assert set(events(writer)) == {kept}, "what is retracted stays so when its article changes"
    overriding.undo(writer, made.override_id, NOON)
    night(writer, 3, [])
    assert set(events(writer)) == {gone, kept}


def test_each_field_tells_its_rule_and_what_others_say(writer: duckdb.DuckDBPyConnection) -> None:
    night(writer, 0, [HERE, replace(ALIKE, killed=3)])
    ((best, low, high, picks),) = writer.execute(
        "SELECT killed_best, killed_low, killed_high, picks FROM events"
    ).fetchall()
    assert (low, best, high) == (3, 3, 4)
    (event_id,) = events(writer)
    assert [pick.field for pick in trace(writer, event_id).event.picks] == [pick["field"] for pick in picks]
    killed = next(pick for pick in picks if pick["field"] == "killed")
    assert (killed["rule"], killed["value"], killed["others"]) == ("most_conservative", "3", ["4"])


def test_a_generated_warehouse_can_be_taken_as_it_stands(writer: duckdb.DuckDBPyConnection) -> None:
    night(writer, 0, [HERE, THERE, ALIKE])
    read = (
        "SELECT mention_id, read_hash, own_event_id, cluster_id, first_day, last_day FROM resolved_mentions ORDER BY 1"
    )
    before = writer.execute(read).fetchall()
    matching.adopt(writer, SCHEME)
    assert writer.execute(read).fetchall() == before


@pytest.mark.parametrize(("actor_id", "marked"), [("the-front", False), (None, True)])
def test_a_known_actor_leaves_no_mark(writer: duckdb.DuckDBPyConnection, actor_id: str | None, marked: bool) -> None:
    """A group's name is in every report of a war: sharing it must not make two attacks far apart one."""
    begin(writer, a_run(0), SOURCES)
    of = article(a_run(0), HERE)
    actors = (Actor(Role.INITIATOR, NAMES[HERE.name], actor_id, None, "rebel", None),)
    told = replace(mention(of, HERE, 0, 0), actors=actors)
    load_batch(writer, a_run(0), a_batch(SOURCES[HERE.source], [CodedArticle(of, (told,))]))
    resolve_in(writer, a_run(0))
    ((names,),) = writer.execute("SELECT names FROM resolved_mentions").fetchall()
    assert bool(names) is marked
