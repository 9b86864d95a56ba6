"""Clean: the pages of one batch, read back from the archive, as articles."""

import logging

from prefect import task
from prefect.cache_policies import NO_CACHE

from schemas.article import Article
from schemas.outcome import Batch, Outcome, Reason, Refusal, Settled, Stage
from schemas.page import FetchedPage
from schemas.settings import Settings
from schemas.source import Source
from tasks.text.article import read_article
from tasks.web.archives import Damaged, read_body
from tasks.web.urls import canonical_url

log = logging.getLogger("firstdraft.clean")


@task(
    name="clean",
    task_run_name="clean {source.id} batch {batch.number}",
    cache_policy=NO_CACHE,
    persist_result=False,
)
def clean(source: Source, batch: Batch[FetchedPage], settings: Settings) -> Batch[Article]:
    """The articles of a batch, beside the pages that ended here. ``len(batch)`` is conserved."""
    pages = len(batch.items)
    log.info("%s batch %d: %d pages", source.id, batch.number, pages, extra={"stage": "clean", "todo": pages})
    articles: dict[str, Article] = {}
    settled = list(batch.settled)
    for page in batch.items:
        match _read(source, page, settings):
            case Refusal() as refusal:
                settled.append(_settle(page, refusal))
            case article if article.version_id in articles:
                same = Refusal(Outcome.DUPLICATE, Reason.SAME_TEXT, articles[article.version_id].page.fetch.link.url)
                settled.append(_settle(page, same))
            case article:
                articles[article.version_id] = article
    told = f"{len(articles)} articles of {pages} pages"
    log.info("%s batch %d: %s", source.id, batch.number, told, extra={"stage": "clean", "done": pages})
    return Batch(batch.source_id, batch.number, tuple(articles.values()), tuple(settled))


def _read(source: Source, page: FetchedPage, settings: Settings) -> Article | Refusal:
    """One page, come what may: the one place a fault of a parser ends. A child process with limits would stand here."""
    body = read_body(settings.captures_dir, page.capture)
    if isinstance(body, Damaged):
        return Refusal(Outcome.QUARANTINED, Reason.CAPTURE_DAMAGED, f"{body.reason}: {body.detail}")
    try:
        return read_article(page, body, source, canonical_url)
    except Exception as error:  # noqa: BLE001 - any page may break any parser; the batch goes on, the raw bytes are kept
        return Refusal(Outcome.QUARANTINED, Reason.EXTRACT_FAILED, f"{type(error).__name__}: {error}"[:300])


def _settle(page: FetchedPage, refusal: Refusal) -> Settled:
    return Settled(page.fetch, Stage.CLEAN, refusal.outcome, refusal.reason, refusal.detail, page.capture)
