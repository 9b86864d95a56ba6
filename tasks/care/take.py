"""Take: pages over from somebody else's archive into ours, on their way to be cleaned."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

from prefect import task
from prefect.cache_policies import NO_CACHE

from schemas.article import Article
from schemas.backfill import Holding
from schemas.fetch import Fetch
from schemas.memory import Memory
from schemas.outcome import Batch, Outcome, Reason, Settled
from schemas.page import FetchedPage
from schemas.run import Run, Window
from schemas.settings import Settings
from schemas.source import Source
from tasks.ledger.append import open_ledger
from tasks.pool.pool import Answered, documents_apart, page_limits, shared_pool
from tasks.reference.machine.failures import ends_the_run, in_words
from tasks.text.article import read_article
from tasks.warehouse.store.connect import hold_lock
from tasks.web.archive.captures import Archive
from tasks.web.fetching.session import Web, web_for
from tasks.web.fetching.unasked import judge_unasked
from tasks.web.fetching.verdicts import Verdict
from tasks.web.fetching.visit import failed
from tasks.web.imports.cdx import take_capture
from tasks.web.imports.owners import Taken, first_whole, judge_taken, provisional, settled, with_provenance
from tasks.web.imports.warcs import take_record
from tasks.web.urls.canonical import canonical_url

log = logging.getLogger("firstdraft.take")

#: Pages in memory at a time, for each batch under way, if they are read before they are kept.
_AT_ONCE = 10

Ready = tuple[Holding, Fetch, Taken]


@task(
    name="take",
    task_run_name="take {source.id} batch {batch.number}",
    cache_policy=NO_CACHE,
    persist_result=False,
)
def take(
    run: Run, source: Source, batch: Batch[Holding], memory: Memory, settings: Settings, within: Window | None = None
) -> Batch[FetchedPage]:
    """The pages of a batch, kept in our archive with where they come from. ``len(batch)`` is conserved.

    ``within`` leaves out, before anything is kept, what was published outside a window; a page without a date counts by
    the day of its capture.
    """
    count = len(batch.items)
    log.info("%s batch %d: %d to take", source.id, batch.number, count, extra={"stage": "fetch", "todo": count})
    pages: list[FetchedPage] = []
    ended: list[Settled] = list(batch.settled)
    with hold_lock(settings):
        ledger = open_ledger(settings.ledger_dir, settings.ledger_bytes)
        web = web_for(run, settings, ledger.append, documents_apart(settings))
        with web.archive(run, source.id) as archive:
            for start in range(0, count, _AT_ONCE):
                for outcome in _ends(web, run, source, batch.items[start : start + _AT_ONCE], memory, within):
                    _keep(archive, batch.number, outcome, pages, ended)
        ledger.sync()
    message = f"{len(pages)} pages taken of {count}"
    log.info("%s batch %d: %s", source.id, batch.number, message, extra={"stage": "fetch", "done": count})
    return Batch(batch.source_id, batch.number, tuple(pages), tuple(ended))


def _keep(
    archive: Archive, batch: int, ending: Ready | Settled, pages: list[FetchedPage], ended: list[Settled]
) -> None:
    if isinstance(ending, Settled):
        archive.tell(batch, ending)
        ended.append(ending)
        return
    holding, fetch, capture = ending
    try:
        pages.append(archive.keep(batch, fetch, capture.answer, partial(with_provenance, holding, capture)))
    except Exception as error:
        if ends_the_run(error) or isinstance(error, OSError):
            raise
        _keep(archive, batch, settled(fetch, (Outcome.DEFERRED, Reason.FETCH_FAILED, in_words(error))), pages, ended)


def _ends(
    web: Web, run: Run, source: Source, some: Sequence[Holding], memory: Memory, within: Window | None
) -> Iterator[Ready | Settled]:
    captures = (_take(web, run, source, holding, memory) for holding in some)
    if within is None:
        yield from captures
        return
    ends = list(captures)
    ready = [outcome for outcome in ends if not isinstance(outcome, Settled)]
    days = iter(_days(ready, source, web.settings))
    for outcome in ends:
        day = None if isinstance(outcome, Settled) else next(days)
        if isinstance(outcome, Settled) or day is None or within.start <= day <= within.end:
            yield outcome
        else:
            detail = f"published, or without a date captured, on {day}"
            yield settled(outcome[1], (Outcome.REJECTED, Reason.OUT_OF_WINDOW, detail))


def _days(ready: Sequence[Ready], source: Source, settings: Settings) -> list[date | None]:
    """When each page was published; ``None`` if it holds no article, which is for the next stage to settle."""
    jobs = [
        (FetchedPage(fetch, provisional(holding, capture)), capture.answer.body, source, canonical_url)
        for holding, fetch, capture in ready
    ]
    read = shared_pool(settings.workers).map(read_article, jobs, page_limits(settings))
    articles = [article.value if isinstance(article, Answered) else None for article in read]
    return [
        (article.published.local_day or article.page.capture.seen_at.date()) if isinstance(article, Article) else None
        for article in articles
    ]


def _take(web: Web, run: Run, source: Source, holding: Holding, memory: Memory) -> Ready | Settled:
    """One page of the archive, come what may: to be kept, or the end it came to."""
    try:
        return _taken(web, run, source, holding, memory)
    except Exception as error:
        if ends_the_run(error):
            raise
        log.warning("%s in %s: deferred, for taking it failed: %s", holding.link.url, holding.archive, in_words(error))
        return failed(run, holding.link, error)


def _taken(web: Web, run: Run, source: Source, holding: Holding, memory: Memory) -> Ready | Settled:
    now = datetime.now(UTC)
    # What its own host asks us to wait for does not concern an archive.
    apart = replace(memory, deferred={})
    outcome = judge_unasked(run, holding.link, apart, now, refetch=web.settings.refetch)
    if outcome is not None:
        return settled(Fetch(run.run_id, holding.link, now), outcome)
    holding, capture = first_whole(holding, lambda candidate: _read_one(web, source, candidate, now))
    if not isinstance(capture, Taken):
        return settled(Fetch(run.run_id, holding.link, now), capture)
    judged = judge_taken(run, source, holding, capture, memory)
    return judged if isinstance(judged, Settled) else (holding, judged, capture)


def _read_one(web: Web, source: Source, holding: Holding, now: datetime) -> Taken | Verdict:
    if holding.file is not None:
        return take_record(holding, web.settings.max_body_bytes, now)
    return take_capture(web, source, holding)
