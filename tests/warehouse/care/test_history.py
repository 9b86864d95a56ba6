"""What the warehouse knows of the past: windows done, who read what, archives' times, and what a reprocess changed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest

from schemas.article import Article
from schemas.backfill import Archives
from schemas.errors import UnknownIdError
from schemas.outcome import Outcome, Reason, Settled, Stage
from schemas.run import Run, Window
from schemas.settings import Settings
from tasks.warehouse.care import history
from tasks.warehouse.decisions.recall import captures_for
from tasks.warehouse.load.loading import load_batch
from tasks.warehouse.runs.run_lifecycle import begin, finish, note_discovery
from tasks.warehouse.store.connect import open_writer, transaction
from tests.warehouse.build import DAY, NOON, WINDOW, a_batch, a_discovery, a_mention, a_run, a_source, an_article, coded
from tests.warehouse.conftest import one_event
from tests.warehouse.made import save_events

NORTH = a_source("north")


def load(con: duckdb.DuckDBPyConnection, run: Run, *articles: Article, killed: int = 4) -> None:
    """One whole run of one batch."""
    begin(con, run, [NORTH])
    batch = a_batch(NORTH, [coded(article, a_mention(article, killed=killed)) for article in articles])
    note_discovery(con, run, a_discovery(run, NORTH, batch))
    load_batch(con, run, batch)


def archived(article: Article, at: datetime) -> Article:
    """The same, taken over from somebody's archive."""
    told = {"archive": "x.warc.gz", "archive_record": "<urn:uuid:1>", "archived_at": at, "archive_check": "agrees"}
    capture = replace(article.page.capture, **told)  # type: ignore[arg-type]
    return replace(article, page=replace(article.page, capture=capture))


def test_windows_done_are_told_by_origin_and_source(writer: duckdb.DuckDBPyConnection) -> None:
    south, warc = a_source("south"), Archives(cdx="https://a.example/cdx").origin
    for number, origin in enumerate(("backfill", warc, "nightly")):
        run = a_run(number, origin)
        begin(writer, run, [NORTH, south])
        note_discovery(writer, run, a_discovery(run, NORTH))
        if origin != "nightly":
            finish(writer, run)
    names = ["north", "south"]
    (done,) = history.windows_done(writer, "backfill", names)
    assert (done.source_id, done.window, done.on) == ("north", WINDOW, NOON.date())
    assert len(done.days(growing=True)) == 1, "6 March was not over at noon of 6 March"
    assert len(done.days(growing=False)) == 3
    assert [one.on for one in history.windows_done(writer, warc, names)] == [NOON.date() + timedelta(days=1)]
    assert history.windows_done(writer, "nightly", names) == []


def test_a_backfill_says_what_its_origin_stands_for(writer: duckdb.DuckDBPyConnection) -> None:
    archives = Archives(cdx="https://a.example/cdx")
    for hours in (0, 5):
        history.note_backfill(writer, archives, NOON + timedelta(hours=hours))
    rows = writer.execute("SELECT origin, kind, places, started_at FROM backfills").fetchall()
    assert rows == [(archives.origin, "cdx", ["https://a.example/cdx"], NOON)]


def test_an_old_page_of_an_archive_does_not_displace_what_stands(writer: duckdb.DuckDBPyConnection) -> None:
    first, second = a_run(0), a_run(1, "backfill:warc:1")
    now = an_article(first, NORTH, "a")
    then = archived(
        an_article(second, NORTH, "a", "Gunmen killed 3 soldiers, the first report said."),
        datetime(2021, 3, 5, tzinfo=UTC),
    )
    load(writer, first, now)
    load(writer, second, then)
    row = writer.execute("SELECT current_version_id, first_seen_at, last_seen_at FROM articles").fetchall()
    assert row == [(now.version_id, then.page.capture.seen_at, NOON)]
    kept = writer.execute(
        "SELECT captured_at, archived_at, archive, archive_check FROM captures WHERE archive IS NOT NULL"
    )
    assert kept.fetchall() == [(second.started_at, datetime(2021, 3, 5, tzinfo=UTC), "x.warc.gz", "agrees")]
    days = Window(date(2021, 1, 1), date(2021, 12, 31))
    (page,) = captures_for(writer, "run", "north", days)
    assert page.capture == then.page.capture


def test_captures_are_chosen_by_who_read_them(writer: duckdb.DuckDBPyConnection) -> None:
    run = a_run()
    old = replace(an_article(run, NORTH, "old"), extractor_version="2.3.0")
    load(writer, run, old, an_article(run, NORTH, "new"))
    assert history.readers_up_to(writer, "trafilatura=2.3.0") == ("trafilatura=2.3.0",)
    assert len(history.readers_up_to(writer, "trafilatura=2.10")) == 2
    assert history.is_coder(writer, history.readers_up_to(writer, "rules=1"))
    with pytest.raises(UnknownIdError, match=r"rules=1, trafilatura=2\.3\.0"):
        history.readers_up_to(writer, "nobody=1")
    days = Window(DAY, DAY + timedelta(days=9))
    chosen = captures_for(writer, "again", "north", days, ["trafilatura=2.3.0"])
    assert [page.capture for page in chosen] == [old.page.capture]
    assert len(captures_for(writer, "again", "north", days, ["rules=1"], coders=True)) == 2


@pytest.fixture
def before(made: Settings) -> Settings:
    """A warehouse of two pages and one event, and its copy."""
    with open_writer(made) as con:
        run = a_run()
        load(con, run, an_article(run, NORTH, "a"), an_article(run, NORTH, "b"))
        with transaction(con):
            save_events(con, run, *one_event(con))
        finish(con, run)
    history.keep_before(made)
    return made


def told(settings: Settings, run: Run) -> list[tuple[str, str, str, str | None, str | None]]:
    with open_writer(settings) as con:
        history.compare(con, run, settings)
        changes = history.changes_of_reprocess(con, run.run_id)
    return [(one.subject, one.field, str(one.action), one.old_value, one.new_value) for one in changes]


def again(run: Run, slug: str, **changes: object) -> Article:
    """A page of the first run, read in another."""
    article = an_article(a_run(), NORTH, slug)
    page = replace(article.page, fetch=replace(article.page.fetch, run_id=run.run_id))
    return replace(article, page=page, **changes)  # type: ignore[arg-type]


def test_what_reads_the_same_is_no_change(before: Settings) -> None:
    run = a_run(1, "reprocess")
    with open_writer(before) as con:
        load(con, run, again(run, "a"), again(run, "b"))
    assert told(before, run) == []


def test_each_field_that_changed_is_told_once(before: Settings) -> None:
    run = a_run(1, "reprocess")
    text = "RIVERTON, Norland (Post) –\nGunmen killed 4 soldiers near Riverton on Monday, b said.\nA line more."
    with open_writer(before) as con:
        changed = {"title": "Another title", "authors": ("C. Writer",)}
        load(con, run, again(run, "a", **changed), again(run, "b", text=text), killed=5)
    changes = told(before, run)
    assert ("article", "title", "changed", "Attack, a", "Another title") in changes
    assert ("article", "authors", "changed", '["A. Writer", "B. Writer"]', '["C. Writer"]') in changes
    assert {(subject, name) for subject, name, *_ in changes} >= {("article", "text"), ("mention", "killed_best")}
    assert ("mention", "killed_best", "changed", "4", "5") in changes
    assert len(changes) == len(set(changes))


def test_mentions_and_events_come_and_go(before: Settings) -> None:
    run = a_run(1, "reprocess")
    article = again(run, "a")
    with open_writer(before) as con:
        begin(con, run, [NORTH])
        other = a_mention(article, sub_event_type="Attack")
        batch = a_batch(NORTH, [coded(article, other)])
        note_discovery(con, run, a_discovery(run, NORTH, batch))
        load_batch(con, run, batch)
        with transaction(con):
            save_events(con, run, *one_event(con, "evt_00000000000000000000"))
    changes = [(subject, name, action) for subject, name, action, _, _ in told(before, run)]
    assert {(thing, "", act) for thing in ("mention", "event") for act in ("added", "removed")} <= set(changes)
    merged = [new for subject, _, action, _, new in told(before, run) if (subject, action) == ("event", "removed")]
    assert merged == ["merged into evt_00000000000000000000"]


def test_a_page_that_is_no_article_any_more_is_told(before: Settings) -> None:
    run = a_run(1, "reprocess")
    page = again(run, "a").page
    with open_writer(before) as con:
        begin(con, run, [NORTH])
        ended = Settled(page.fetch, Stage.CLEAN, Outcome.REJECTED, Reason.SOFT_404, "title", page.capture)
        batch = a_batch(NORTH, [], [ended])
        note_discovery(con, run, a_discovery(run, NORTH, batch))
        load_batch(con, run, batch)
    assert ("outcome", "outcome", "changed", "stored", "rejected: soft_404") in told(before, run)
