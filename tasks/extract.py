"""Extract: the events each article tells of."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from schemas.article import Article
from schemas.llm import Circumstances, LlmRefusal, LlmReply, Question, Said
from schemas.mention import CodedArticle, EventMention
from schemas.outcome import Batch, Settled, Stage
from schemas.settings import Settings
from schemas.source import Source
from tasks.events.actors.privacy import without_private_names
from tasks.events.coder.again import read_again, sentence_spans
from tasks.events.coder.code import code_with
from tasks.events.coder.making import Pointer
from tasks.events.own_types import with_own_types
from tasks.events.reader.installed import model_in_use
from tasks.events.tolls.victims import with_victims
from tasks.ledger.append import ledger_for
from tasks.llm.accept import accepted
from tasks.llm.serve import ask_about, is_wanted
from tasks.pool.budget import budget_for
from tasks.pool.pool import Failed, FailureKind, Limits, shared_pool
from tasks.pool.reasons import refusal_of
from tasks.reference.gazetteer import gazetteer_file
from tasks.reference.gazetteer.dumps import active_dumps, version_with
from tasks.reference.gazetteer.scripts import scripts_file
from tasks.reference.machine.failpoints import Point, failpoint
from tasks.reference.machine.failures import ends_the_run, in_words
from tasks.reference.seeds.version import code_version
from tasks.reference.words.languages import language_of
from tasks.warehouse.decisions.llm import save_replies
from tasks.warehouse.store.connect import open_writer

log = logging.getLogger("firstdraft.extract")

#: The language model itself takes half of what cleaning may use.
_MEMORY_FACTOR = 2
#: Seconds of CPU to build an index of the gazetteer: 15 on two slow cores.
_BUILD_SECONDS = 600.0
_built: set[Callable[[], Path]] = set()
_building = threading.Lock()


@task(
    name="extract",
    task_run_name="extract {source.id} batch {batch.number}",
    cache_policy=NO_CACHE,
    persist_result=False,
)
def extract(
    source: Source,
    batch: Batch[Article],
    settings: Settings | None = None,
    past: Circumstances | None = None,
    until: datetime | None = None,
) -> Batch[CodedArticle]:
    """The articles of a batch with their event mentions: none is an answer too. ``len(batch)`` is conserved.

    ``past`` is for a past run read again: with the gazetteers and the replies of a model that it had, and no others.
    ``until`` is the end of the night: what is not coded by then is deferred.
    """
    settings = settings or Settings()
    articles = len(batch.items)
    log.info(
        "%s batch %d: %d articles", source.id, batch.number, articles, extra={"stage": "extract", "todo": articles}
    )
    failpoint(Point.EXTRACT_BEGUN)
    results = _code_all(source, batch.items, settings, past, until)
    coded = tuple(result for result in results if isinstance(result, CodedArticle))
    failed = tuple(result for result in results if isinstance(result, Settled))
    foreign = sum(1 for item in coded if not item.mentions and not item.article.language.startswith("en"))
    message = f"{sum(len(item.mentions) for item in coded)} mentions in {len(coded)} articles"
    if foreign:
        message += f"; {foreign} kept without mentions, for no model read them and the coder reads English only"
    log.info("%s batch %d: %s", source.id, batch.number, message, extra={"stage": "extract", "done": articles})
    return Batch(batch.source_id, batch.number, coded, (*batch.settled, *failed))


def _code_all(
    source: Source,
    articles: tuple[Article, ...],
    settings: Settings,
    past: Circumstances | None,
    until: datetime | None,
) -> list[CodedArticle | Settled]:
    """Each article coded, come what may: a failure around the children costs the batch its coding tonight, no more."""
    try:
        dumps = _gazetteers(settings, past)
        results = _code(source, articles, dumps, settings, until)
        replies = _replies([item for item in results if isinstance(item, CodedArticle)], settings, past)
        if replies:
            results = _read_again(results, source.country, dumps, replies, settings, told=past is not None)
        return [_finished(item) for item in results]
    except Exception as error:
        if ends_the_run(error):
            raise
        log.exception("%s: a batch of %d articles could not be coded", source.id, len(articles))
        return [_failed(article, Failed(FailureKind.ERROR, in_words(error))) for article in articles]


def _finished(item: CodedArticle | Settled) -> CodedArticle | Settled:
    """An article's mentions with their victims told apart, refined by one's own types, and without private names."""
    if isinstance(item, Settled):
        return item
    try:
        return without_private_names(with_own_types(with_victims(item)))
    except Exception as error:
        if ends_the_run(error):
            raise
        log.exception("%s: its mentions could not be finished", item.article.page.fetch.link.url)
        return _failed(item.article, Failed(FailureKind.ERROR, in_words(error)))


def _code(
    source: Source,
    articles: tuple[Article, ...],
    dumps: tuple[Path, ...],
    settings: Settings,
    until: datetime | None,
) -> list[CodedArticle | Settled]:
    """Each article coded in a child process with limits, come what may: the one place a fault of the coder ends."""
    model = model_in_use(settings.reader_dir)
    jobs = [(article, source.country, dumps, model) for article in articles]
    run_id = articles[0].page.fetch.run_id if articles else ""
    budget = budget_for(run_id, source.id, settings.source_minutes, until) if until else None
    _build(gazetteer_file, settings)
    answers = shared_pool(settings.workers).map(code_with, jobs, _limits(settings), budget)
    return [
        _failed(article, answer) if isinstance(answer, Failed) else CodedArticle(article, answer.value)
        for article, answer in zip(articles, answers, strict=True)
    ]


def _build(index: Callable[[], Path], settings: Settings) -> None:
    """Build an index of the gazetteer, once a machine: in a child, but on no page's account, which would use it up.

    If it fails, the first page that needs it tries again.
    """
    with _building:
        if index in _built:
            return
        limits = Limits(_BUILD_SECONDS, _limits(settings).memory)
        answer = shared_pool(settings.workers).call(index, (), limits)
        if isinstance(answer, Failed):
            log.warning("the gazetteer could not be made ready: %s", answer.detail)
        else:
            _built.add(index)


def _failed(article: Article, failure: Failed) -> Settled:
    page, why = article.page, refusal_of(failure, Stage.EXTRACT)
    return Settled(page.fetch, Stage.EXTRACT, why.outcome, why.reason, why.detail, page.capture)


def _limits(settings: Settings) -> Limits:
    return Limits(settings.page_cpu_seconds, _MEMORY_FACTOR * settings.page_memory_mb << 20)


def _gazetteers(settings: Settings, past: Circumstances | None) -> tuple[Path, ...]:
    """The indexes to look places up in beside our own; of a past run those that are still there."""
    if past is None:
        return active_dumps(settings.gazetteers_dir)
    files = [settings.gazetteers_dir / name for name in past.gazetteers]
    for gone in (file for file in files if not file.exists()):
        log.warning("%s is gone: what was read with it is read without", gone)
    return tuple(file for file in files if file.exists())


def _replies(coded: Sequence[CodedArticle], settings: Settings, past: Circumstances | None) -> dict[str, LlmReply]:
    """What a language model says of the articles it is asked about, by version; of a past run what it said then."""
    if past is not None:
        versions = [item.article.version_id for item in coded]
        return {version_id: past.replies[version_id] for version_id in versions if version_id in past.replies}
    wanted = {item.article.version_id: item.article for item in coded if is_wanted(item, settings)}
    replies = ask_about([_question(article) for article in wanted.values()], settings)
    return {reply.version_id: reply for reply in replies}


def _question(article: Article) -> Question:
    return Question(
        run_id=article.page.fetch.run_id,
        version_id=article.version_id,
        title=article.title,
        published_day=article.published.local_day,
        text=article.text,
        sentences=sentence_spans(article.text, article.language),
    )


def _read_again(
    results: Sequence[CodedArticle | Settled],
    country: str,
    dumps: tuple[Path, ...],
    replies: Mapping[str, LlmReply],
    settings: Settings,
    *,
    told: bool,
) -> list[CodedArticle | Settled]:
    """The articles with what the model points out in them; if it said nothing of use, as they were.

    Questions, replies and refusals are written to warehouse and ledger, unless they were ``told`` before.
    """
    refused: dict[str, tuple[LlmRefusal, ...]] = {}
    jobs = {}
    for item in results:
        reply = replies.get(item.article.version_id) if isinstance(item, CodedArticle) else None
        if isinstance(item, CodedArticle) and reply is not None and reply.outcome == Said.ANSWERED:
            article = item.article
            spans = sentence_spans(article.text, article.language)
            events, refused[article.version_id] = accepted(reply.reply or "", article.text, spans, article.title)
            jobs[article.version_id] = (article, country, item.mentions, events, _pointer(reply, dumps), dumps)
    if any(language_of(job[0].language) is not None for job in jobs.values()):
        _build(scripts_file, settings)
    answers = shared_pool(settings.workers).map(read_again, list(jobs.values()), _limits(settings))
    read: dict[str, tuple[EventMention, ...]] = {}
    failed: dict[str, Failed] = {}
    for version_id, answer in zip(jobs, answers, strict=True):
        if isinstance(answer, Failed):
            log.warning("%s: nothing was made of the model's reply: %s", version_id, answer.detail)
            failed[version_id] = answer
        else:
            read[version_id] = answer.value.mentions
            refused[version_id] += answer.value.refusals
    if not told:
        _tell(replies, refused, settings)
    return [_with(item, read, failed) if isinstance(item, CodedArticle) else item for item in results]


def _with(
    item: CodedArticle, read: Mapping[str, tuple[EventMention, ...]], failed: Mapping[str, Failed]
) -> CodedArticle | Settled:
    """An article with what the model pointed out. If that failed it has its own mentions; without any it is read again
    by the next run, from the same reply.
    """
    failure = failed.get(item.article.version_id)
    if failure is not None and not item.mentions:
        return _failed(item.article, failure)
    return CodedArticle(item.article, read.get(item.article.version_id, item.mentions))


def _pointer(reply: LlmReply, dumps: tuple[Path, ...]) -> Pointer:
    version = f"{reply.prompt_version}; rules {version_with(code_version(), dumps)}"
    return Pointer(reply.coder, version, reply.below if reply.scope == "unsure" else None)


def _tell(replies: Mapping[str, LlmReply], refused: Mapping[str, Sequence[LlmRefusal]], settings: Settings) -> None:
    """Write what the model was asked and said: a rebuild has it from the ledger and asks nobody."""
    with open_writer(settings) as con:
        ledger = ledger_for(settings)
        for record in save_replies(con, list(replies.values()), refused):
            ledger.append(record)
        ledger.sync()
