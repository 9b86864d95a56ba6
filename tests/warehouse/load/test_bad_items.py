"""An item that the warehouse does not take costs itself: the others of its batch are stored, and it is named."""

from dataclasses import replace

import pytest

from schemas.outcome import Outcome
from schemas.settings import Settings
from tasks.load import load
from tasks.warehouse.decisions.recall import remember
from tasks.warehouse.runs.run_lifecycle import begin, finish, note_discovery
from tasks.warehouse.store.connect import open_writer
from tests.warehouse.build import a_batch, a_discovery, a_run, a_source, an_article, coded, settled

NORTH = a_source("north")
#: More than the column holds: no server says so, but nobody need foresee why a row is refused.
TOO_MUCH = 2**40


@pytest.mark.parametrize("where", ["article", "settled", "both", "none"])
def test_the_sound_items_are_stored_and_the_bad_ones_are_named(made: Settings, where: str) -> None:
    run = a_run()
    bad, good = an_article(run, NORTH, "bad"), an_article(run, NORTH, "good")
    gone, lost = settled(run, NORTH, "gone"), settled(run, NORTH, "lost")
    if where in ("article", "both"):
        bad = replace(bad, page=replace(bad.page, fetch=replace(bad.page.fetch, elapsed_ms=TOO_MUCH)))
    if where in ("settled", "both"):
        lost = replace(lost, fetch=replace(lost.fetch, status=TOO_MUCH))
    batch = a_batch(NORTH, [coded(bad), coded(good)], [gone, lost])
    with open_writer(made) as con:
        begin(con, run, [NORTH])
        note_discovery(con, run, a_discovery(run, NORTH, batch))
    report = load(run, batch, made)
    spoilt = where in ("article", "both")
    expected = {Outcome.STORED: 1, Outcome.QUARANTINED: 1} if spoilt else {Outcome.STORED: 2}
    assert report.outcomes == expected | {Outcome.REJECTED: 2}
    assert report.reasons.get("quarantined:load_failed", 0) == spoilt
    assert report.reasons.get("rejected:load_failed", 0) == (where in ("settled", "both"))
    with open_writer(made) as con:
        finish(con, run)
        (detail,) = con.execute("SELECT coalesce(max(detail), '') FROM fetches WHERE reason = 'load_failed'").fetchall()
        assert (str(TOO_MUCH) in detail[0]) == (where != "none")
        assert set(remember(con, a_run(1), ["north"]).unread) == ({"https://north.test/bad"} if spoilt else set())
