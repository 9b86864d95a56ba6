"""Entries for tests: a source, its pages, a run."""

from datetime import UTC, date, datetime, timedelta

from schemas.discovery import Discovery, SourceProbe
from schemas.fetch import Fetch
from schemas.ledger import Captured, Closed, Ended, Loaded, RunOpened, Stretch, Surveyed
from schemas.link import FoundIn, Link
from schemas.outcome import Outcome, Reason, Settled, Stage
from schemas.page import Capture, FetchedPage
from schemas.run import Run, Window
from schemas.source import Feed, Source

NOON = datetime(2024, 3, 6, 12, tzinfo=UTC)


def a_run(number: int = 0) -> Run:
    """A run; a later number started later."""
    return Run("nightly", Window(date(2024, 3, 4), date(2024, 3, 6)), NOON + timedelta(days=number), "0.1.0")


def a_source() -> Source:
    return Source(
        id="north",
        name="North",
        family="north",
        country="SY",
        language="en",
        homepage="https://north.test/",
        feeds=(Feed(url="https://north.test/feed", verified_on=date(2024, 1, 1)),),
    )


def a_fetch(slug: int, run: Run | None = None) -> Fetch:
    url = f"https://north.test/{slug}"
    link = Link("north", url + "?utm_source=x", url, FoundIn.FEED, "https://north.test/feed", "Title", NOON, "Wed")
    return Fetch((run or a_run()).run_id, link, NOON, 12, 200, url, (link.url,), "text/html", '"e"', None)


def a_run_opened(number: int = 0) -> RunOpened:
    return RunOpened(a_run(number), (a_source(),))


def a_captured(slug: int, batch: int = 0, run: Run | None = None) -> Captured:
    fetch, run = a_fetch(slug, run), run or a_run()
    capture = Capture(
        fetch.link.canonical_url, f"{slug:064x}", 100, "text/html", NOON, run.run_id, f"{run.run_id}/n.warc.gz", slug, 9
    )
    stretch = Stretch(capture.warc_file, slug * 100, 100, "0" * 64)
    return Captured(batch, FetchedPage(fetch, capture), stretch)


def an_ended(slug: int, batch: int = 0, run: Run | None = None) -> Ended:
    return Ended(batch, Settled(a_fetch(slug, run), Stage.FETCH, Outcome.REJECTED, Reason.NOT_FOUND, "HTTP 404"))


def a_survey(run: Run | None = None) -> Surveyed:
    run = run or a_run()
    probe = SourceProbe(run.run_id, "north", "feed", "https://north.test/feed", NOON, 200, 2, None)
    return Surveyed(run.run_id, 2, Discovery(a_source(), (), (probe,)))


def a_loaded(run: Run | None = None, batch: int = 0) -> Loaded:
    rows = {"articles": {"inserted": 1}}
    return Loaded(
        (run or a_run()).run_id, "north", batch, 2, "d" * 64, {"stored": 1, "rejected": 1}, rows, (("l", "c"),)
    )


def a_closed(run: Run | None = None) -> Closed:
    return Closed((run or a_run()).run_id, NOON, 2, {"stored": 1, "rejected": 1}, "5" * 64)
