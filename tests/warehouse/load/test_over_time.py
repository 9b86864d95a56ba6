"""Articles that a night has no time to code are kept and deferred, and the next run reads them."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.outcome import Batch, Outcome, Reason
from schemas.settings import Settings
from tasks import extract as extracting
from tasks.extract import extract
from tasks.reference.seeds import SEEDS_DIR
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


@pytest.mark.thorough
def test_the_gazetteer_is_built_on_no_pages_account(
    made: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "new machine"))
    monkeypatch.setattr(extracting, "_built", set())
    # Three children are nobody else's pool: they are started in these surroundings.
    hurried = made.model_copy(update={"page_cpu_seconds": 0.05, "workers": 3})
    ended = extract.fn(NORTH, Batch("north", 0, (an_article(a_run(), NORTH, "a"),)), hurried)
    assert [end.reason for end in ended.settled] == [Reason.CODER_TIMEOUT]
    assert [*(tmp_path / "new machine" / "firstdraft").glob("gazetteer-*.sqlite")]


def test_a_foreign_article_whose_reply_could_not_be_read_is_read_again(
    made: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file,) = (SEEDS_DIR / "demo" / "replies").glob("*.json")
    title = json.loads(file.read_text(encoding="utf-8"))["title"]
    told = {"llm": "unsure", "llm_url": file.parent.as_uri(), "llm_model": "recorded", "workers": 0}
    article = replace(an_article(a_run(), NORTH, "a"), title=title, language="ar")
    monkeypatch.setattr(extracting, "read_again", lambda *_: 1 / 0)
    ended = extract.fn(NORTH, Batch("north", 0, (article,)), made.model_copy(update=told))
    assert [(end.outcome, end.reason) for end in ended.settled] == [(Outcome.QUARANTINED, Reason.CODER_FAILED)]
