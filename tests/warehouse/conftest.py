"""A warehouse with a little in it, made once; tests that write have their own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from schemas.event import Event, EventLink
from schemas.outcome import Outcome, Reason
from schemas.review import Review, Verdict
from schemas.run import Run
from schemas.settings import Settings
from tasks.reviewing.judging import judge
from tasks.warehouse.decisions.reviews import save_review, shown_mention
from tasks.warehouse.load.loading import load_batch
from tasks.warehouse.load.tombstones import tombstone_rows
from tasks.warehouse.runs.run_lifecycle import begin, finish, note_discovery
from tasks.warehouse.store.connect import open_reader, open_writer, transaction
from tasks.warehouse.store.write import upsert
from tests.warehouse.build import a_batch, a_discovery, a_mention, a_run, a_source, an_article, coded, settled
from tests.warehouse.made import save_events, save_stories, stored_mentions


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of an empty warehouse, to be copied."""
    settings = Settings(data_dir=Path(tmp_path_factory.mktemp("template")))
    with open_writer(settings):
        pass
    return settings


@pytest.fixture
def made(settings: Settings, template: Settings) -> Settings:
    """The settings of an empty warehouse of one's own."""
    settings.data_dir.mkdir(parents=True)
    shutil.copyfile(template.warehouse_path, settings.warehouse_path)
    return settings


@pytest.fixture
def writer(made: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty warehouse of one's own, open for writing."""
    with open_writer(made) as con:
        yield con


@pytest.fixture(scope="session")
def empty(template: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty warehouse that nobody writes to."""
    with open_reader(template) as con:
        yield con


@pytest.fixture(scope="session")
def filled(template: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a warehouse after one run: two outlets on one event, a denial, and a rejected page."""
    settings = Settings(data_dir=Path(tmp_path_factory.mktemp("filled")))
    shutil.copyfile(template.warehouse_path, settings.warehouse_path)
    with open_writer(settings) as con:
        fill(con, a_run())
        taken_away = settled(a_run(), a_source("south"), "second", Outcome.TOMBSTONE, Reason.GONE)
        upsert(con, "tombstones", tombstone_rows(con, a_run(), a_batch(a_source("south"), (), [taken_away])))
        save_review(con, a_review(con))
        con.execute(A_TOTAL)
    return settings


#: What a mention of a month's toll beside the first mention looks like.
A_TOTAL = """INSERT INTO mentions SELECT * REPLACE (
    'men_total' AS mention_id, true AS aggregate, DATE '2024-03-01' AS date_start, DATE '2024-03-31' AS date_end,
    4 AS date_precision, 6 AS place_precision, 9 AS killed_low, 9 AS killed_best, 9 AS killed_high)
FROM mentions ORDER BY mention_id LIMIT 1"""


def a_review(con: duckdb.DuckDBPyConnection) -> Review:
    """Somebody accepted the mention whose id comes first."""
    mention = shown_mention(con, min(stored.mention_id for stored in stored_mentions(con)))
    return judge(mention, Verdict.ACCEPT, None, "as it says", "a tester", a_run().started_at)


def fill(con: duckdb.DuckDBPyConnection, run: Run) -> None:
    """One whole run."""
    north, south = a_source("north"), a_source("south")
    begin(con, run, [north, south])
    here, there = an_article(run, north, "first"), an_article(run, south, "second")
    batches = (
        a_batch(north, [coded(here)], [settled(run, north, "gone"), settled(run, north, "later", Outcome.DEFERRED)]),
        a_batch(
            south, [coded(there, a_mention(there, killed=6))], [settled(run, south, "wall", reason=Reason.COOKIE_WALL)]
        ),
    )
    for source, batch in zip((north, south), batches, strict=True):
        note_discovery(con, run, a_discovery(run, source, batch))
        load_batch(con, run, batch)
    with transaction(con):
        save_stories(con, {article.version_id: f"sty_{article.source_id}" for article in (here, there)})
        save_events(con, run, *one_event(con))
    finish(con, run)


def one_event(
    con: duckdb.DuckDBPyConnection, event_id: str = "evt_0123456789abcdef0123"
) -> tuple[list[Event], list[EventLink]]:
    """All stored mentions as one event, the first of them its anchor."""
    first, *others = sorted(stored_mentions(con), key=lambda m: m.source_id)
    best = [m.killed_best for m in (first, *others) if m.killed_best is not None]
    shared = {name: getattr(first, name) for name in Event.__dataclass_fields__ if hasattr(first, name)}
    event = Event(
        **shared
        | {
            "event_id": event_id,
            "anchor_mention_id": first.mention_id,
            "killed_low": min(best),
            "killed_best": min(best),
            "killed_high": max(best),
            "mention_count": 1 + len(others),
            "article_count": 1 + len(others),
            "source_count": 1 + len(others),
            "family_count": 1 + len(others),
            "disputed": False,
            "differs": "killed 4 | 6",
            "rules": "tolls=most_conservative",
        }
    )
    links = [EventLink(event_id, first.mention_id, "reports", 1.0, "anchor")]
    links += [EventLink(event_id, other.mention_id, "reports", 4.5, "date+2 place+2") for other in others]
    return [event], links
