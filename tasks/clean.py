"""Clean: the pages of one batch, read back from the archive, as articles."""

import logging
from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE

from schemas.article import Article
from schemas.mention import CodedArticle
from schemas.outcome import Batch, Outcome, Reason, Refusal, Settled, Stage
from schemas.page import FetchedPage
from schemas.settings import Settings
from schemas.source import Source
from tasks.pool.budget import budget_for
from tasks.pool.pool import Answered, Failed, page_limits, shared_pool
from tasks.pool.reasons import refusal_of
from tasks.reference.machine.failpoints import Point, failpoint
from tasks.reference.machine.failures import ends_the_run, in_words
from tasks.text.article import read_article
from tasks.text.copies.canonical import with_own_addresses
from tasks.web.archive.captures import Damaged, read_body
from tasks.web.urls.canonical import canonical_url

log = logging.getLogger("firstdraft.clean")


@task(
    name="clean",
    task_run_name="clean {source.id} batch {batch.number}",
    cache_policy=NO_CACHE,
    persist_result=False,
)
def clean(
    source: Source, batch: Batch[FetchedPage], settings: Settings, until: datetime | None = None
) -> Batch[Article]:
    """The articles of a batch, beside the pages that ended here. ``len(batch)`` is conserved.

    ``until`` is the end of the night: what is not read by then, or within the minutes of its source, is deferred.
    """
    pages = len(batch.items)
    log.info("%s batch %d: %d pages", source.id, batch.number, pages, extra={"stage": "clean", "todo": pages})
    failpoint(Point.CLEAN_BEGUN)
    articles: dict[str, Article] = {}
    settled = list(batch.settled)
    for page, result in zip(batch.items, _read_all(source, batch.items, settings, until), strict=True):
        match result:
            case Refusal() as refusal:
                settled.append(_settle(page, refusal))
            case article if article.version_id in articles:
                same = Refusal(Outcome.DUPLICATE, Reason.SAME_TEXT, articles[article.version_id].page.fetch.link.url)
                settled.append(_settle(page, same))
            case article:
                articles[article.version_id] = article
    message = f"{len(articles)} articles of {pages} pages"
    log.info("%s batch %d: %s", source.id, batch.number, message, extra={"stage": "clean", "done": pages})
    return Batch(batch.source_id, batch.number, tuple(articles.values()), tuple(settled))


def _read_all(
    source: Source, pages: tuple[FetchedPage, ...], settings: Settings, until: datetime | None
) -> list[Article | Refusal]:
    """Each page read, come what may: a failure around the children costs the batch its reading tonight, no more."""
    try:
        return _read(source, pages, settings, until)
    except Exception as error:
        if ends_the_run(error):
            raise
        log.exception("%s: a batch of %d pages could not be read", source.id, len(pages))
        return [Refusal(Outcome.QUARANTINED, Reason.EXTRACT_FAILED, in_words(error)) for _ in pages]


def _read(
    source: Source, pages: tuple[FetchedPage, ...], settings: Settings, until: datetime | None
) -> list[Article | Refusal]:
    """Each page read in a child process with limits, come what may: the one place a fault of a parser ends."""
    bodies = [read_body(settings.captures_read_from, page.capture) for page in pages]
    jobs = [
        (page, body, source, canonical_url)
        for page, body in zip(pages, bodies, strict=True)
        if not isinstance(body, Damaged)
    ]
    budget = budget_for(pages[0].fetch.run_id, source.id, settings.source_minutes, until) if pages and until else None
    answers = iter(shared_pool(settings.workers).map(read_article, jobs, page_limits(settings), budget))
    read = [_damaged(body) if isinstance(body, Damaged) else _answer(next(answers)) for body in bodies]
    articles = iter(with_own_addresses([item for item in read if isinstance(item, Article)]))
    return [next(articles) if isinstance(item, Article) else item for item in read]


def _answer(answer: Answered[Article | Refusal] | Failed) -> Article | Refusal:
    return refusal_of(answer, Stage.CLEAN) if isinstance(answer, Failed) else answer.value


def _damaged(body: Damaged) -> Refusal:
    return Refusal(Outcome.QUARANTINED, Reason.CAPTURE_DAMAGED, f"{body.reason}: {body.detail}")


def unread(pages: Batch[FetchedPage], error: Exception) -> Batch[CodedArticle]:
    """A batch whose reading was lost with the process or machine it went on in: each page is kept, and read again by
    the next run. ``len(pages)`` is conserved. Raises the error if it ends the run.
    """
    if ends_the_run(error):
        raise error
    refusal = Refusal(Outcome.QUARANTINED, Reason.EXTRACT_FAILED, in_words(error))
    log.warning("%s batch %d: kept and not read: %s", pages.source_id, pages.number, refusal.detail)
    settled = (*pages.settled, *(_settle(page, refusal) for page in pages.items))
    return Batch(pages.source_id, pages.number, (), settled)


def _settle(page: FetchedPage, refusal: Refusal) -> Settled:
    return Settled(page.fetch, Stage.CLEAN, refusal.outcome, refusal.reason, refusal.detail, page.capture)
