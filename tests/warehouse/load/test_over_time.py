"""Articles that a night has no time to code are kept and deferred, and the next run reads them."""

from datetime import UTC, datetime

from schemas.outcome import Batch, Outcome, Reason
from schemas.settings import Settings
from tasks.extract import extract
from tests.warehouse.build import a_run, a_source, an_article

NORTH = a_source("north")


def test_what_there_is_no_time_for_is_deferred_with_its_capture(made: Settings) -> None:
    article = an_article(a_run(), NORTH, "a")
    ended = extract.fn(NORTH, Batch("north", 0, (article,)), made, until=datetime.now(UTC))
    (end,) = ended.settled
    assert (end.outcome, end.reason, end.capture) == (Outcome.DEFERRED, Reason.OVER_TIME, article.page.capture)
    assert "FIRSTDRAFT_NIGHT_MINUTES" in end.detail


def test_an_article_that_cannot_be_finished_costs_itself(made: Settings) -> None:
    run = a_run()
    bad, good = an_article(run, NORTH, "bad"), an_article(run, NORTH, "good")
    object.__setattr__(bad, "language", None)
    ended = extract.fn(NORTH, Batch("north", 0, (bad, good)), made)
    assert [item.article.canonical_url for item in ended.items] == [good.canonical_url]
    assert [(end.outcome, end.reason) for end in ended.settled] == [(Outcome.QUARANTINED, Reason.CODER_FAILED)]
