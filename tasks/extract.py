"""Extract: the events each article tells of."""

import logging

from prefect import task
from prefect.cache_policies import NO_CACHE

from schemas.article import Article
from schemas.mention import CodedArticle
from schemas.outcome import Batch, Outcome, Reason, Settled, Stage
from schemas.source import Source
from tasks.events.mentions import code_article

log = logging.getLogger("firstdraft.extract")


@task(
    name="extract",
    task_run_name="extract {source.id} batch {batch.number}",
    cache_policy=NO_CACHE,
    persist_result=False,
)
def extract(source: Source, batch: Batch[Article]) -> Batch[CodedArticle]:
    """The articles of a batch with their event mentions: none is an answer too. ``len(batch)`` is conserved."""
    articles = len(batch.items)
    log.info(
        "%s batch %d: %d articles", source.id, batch.number, articles, extra={"stage": "extract", "todo": articles}
    )
    results = [_code(article, source.country) for article in batch.items]
    coded = tuple(result for result in results if isinstance(result, CodedArticle))
    failed = tuple(result for result in results if isinstance(result, Settled))
    foreign = sum(1 for item in coded if not item.article.language.startswith("en"))
    told = f"{sum(len(item.mentions) for item in coded)} mentions in {len(coded)} articles"
    if foreign:
        told += f"; {foreign} kept without mentions, for the coder reads English only"
    log.info("%s batch %d: %s", source.id, batch.number, told, extra={"stage": "extract", "done": articles})
    return Batch(batch.source_id, batch.number, coded, (*batch.settled, *failed))


def _code(article: Article, country: str | None) -> CodedArticle | Settled:
    """One article, come what may: the one place a fault of the coder ends."""
    try:
        return CodedArticle(article, code_article(article, country))
    except Exception as error:  # noqa: BLE001 - any text may break the coder; the batch goes on, the page is kept
        detail = f"{type(error).__name__}: {error}"[:300]
        page = article.page
        return Settled(page.fetch, Stage.EXTRACT, Outcome.QUARANTINED, Reason.CODER_FAILED, detail, page.capture)
