"""Extract: the events each article tells of."""

import logging

from prefect import task
from prefect.cache_policies import NO_CACHE

from schemas.article import Article
from schemas.mention import CodedArticle
from schemas.outcome import Batch, Outcome, Reason, Settled, Stage
from schemas.settings import Settings
from schemas.source import Source
from tasks.events.mentions import code_article
from tasks.pool.pool import Failed, Fault, Limits, shared_pool

log = logging.getLogger("firstdraft.extract")

#: The language model itself takes half of what cleaning may use.
_MEMORY_FACTOR = 2
_FAULTS = {
    Fault.TIMEOUT: Reason.CODER_TIMEOUT,
    Fault.MEMORY: Reason.CODER_MEMORY,
    Fault.CRASH: Reason.CODER_FAILED,
    Fault.ERROR: Reason.CODER_FAILED,
}


@task(
    name="extract",
    task_run_name="extract {source.id} batch {batch.number}",
    cache_policy=NO_CACHE,
    persist_result=False,
)
def extract(source: Source, batch: Batch[Article], settings: Settings | None = None) -> Batch[CodedArticle]:
    """The articles of a batch with their event mentions: none is an answer too. ``len(batch)`` is conserved."""
    articles = len(batch.items)
    log.info(
        "%s batch %d: %d articles", source.id, batch.number, articles, extra={"stage": "extract", "todo": articles}
    )
    results = _code(batch.items, source.country, settings or Settings())
    coded = tuple(result for result in results if isinstance(result, CodedArticle))
    failed = tuple(result for result in results if isinstance(result, Settled))
    foreign = sum(1 for item in coded if not item.article.language.startswith("en"))
    told = f"{sum(len(item.mentions) for item in coded)} mentions in {len(coded)} articles"
    if foreign:
        told += f"; {foreign} kept without mentions, for the coder reads English only"
    log.info("%s batch %d: %s", source.id, batch.number, told, extra={"stage": "extract", "done": articles})
    return Batch(batch.source_id, batch.number, coded, (*batch.settled, *failed))


def _code(articles: tuple[Article, ...], country: str, settings: Settings) -> list[CodedArticle | Settled]:
    """Each article coded in a child process with limits, come what may: the one place a fault of the coder ends."""
    limits = Limits(settings.page_cpu_seconds, _MEMORY_FACTOR * settings.page_memory_mb << 20)
    jobs = [(article, country) for article in articles]
    answers = shared_pool(settings.workers).map(code_article, jobs, limits)
    return [
        _failed(article, answer) if isinstance(answer, Failed) else CodedArticle(article, answer.value)
        for article, answer in zip(articles, answers, strict=True)
    ]


def _failed(article: Article, failure: Failed) -> Settled:
    page, reason = article.page, _FAULTS[failure.fault]
    return Settled(page.fetch, Stage.EXTRACT, Outcome.QUARANTINED, reason, failure.detail, page.capture)
