"""Articles before a model: asked within the budget, side by side, and never twice the same."""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from math import ceil

from schemas.keys import text_sha256
from schemas.llm import LlmReply, Question, Said
from schemas.mention import CodedArticle
from schemas.settings import Settings
from tasks.llm import cache as at_hand
from tasks.llm import ngec
from tasks.llm.accept import accepted
from tasks.llm.budget import Spending, budget_of
from tasks.llm.client import Answer, Asked, host_of, server
from tasks.llm.prompt import messages, prompt_version, response_format
from tasks.llm.reply import BadReplyError
from tasks.reference.words.languages import language_of

log = logging.getLogger("firstdraft.extract")

#: Bytes a token has at least, on average, in the languages of news: what a question is reckoned to need.
_BYTES_A_TOKEN = 2.5
#: Characters kept of a reply that cannot be read.
_MOST_OF_A_BAD_ONE = 2_000


@dataclass(frozen=True, slots=True)
class _Request:
    """A question as it is sent, with the hash it is known by; some models are asked several times about an article."""

    question: Question
    turns: tuple[list[dict[str, str]], ...]
    sha256: str


def is_wanted(coded: CodedArticle, settings: Settings) -> bool:
    """Return True if the model is asked about an article.

    It is asked about all, or if a mention is less certain than ``llm_below``.

    The coder itself reads English only: an article in another language whose quotes are read has no mention to be
    unsure of, so it is asked about wherever the model is on. Of other languages nothing could be read, and models of
    NGEC's kind read English only.
    """
    if settings.llm == "off":
        return False
    if not coded.article.language.startswith("en"):
        return settings.llm_profile == "general" and language_of(coded.article.language) is not None
    return settings.llm == "all" or any(mention.confidence < settings.llm_below for mention in coded.mentions)


def ask_about(questions: Sequence[Question], settings: Settings) -> list[LlmReply]:
    """How each question ended, in order. Raises :class:`~schemas.errors.LlmError` if a setting is wrong."""
    if not questions:
        return []
    requests = [_request(question, settings) for question in questions]
    with server(settings) as model, ThreadPoolExecutor(min(settings.llm_workers, len(requests))) as threads:
        replies = list(threads.map(lambda request: _ended(request, model, settings), requests))
    for reply in replies:
        if reply.outcome != Said.ANSWERED:
            log.warning("%s: the model gave no answer (%s: %s)", reply.version_id, reply.outcome, reply.detail)
    return replies


def _request(question: Question, settings: Settings) -> _Request:
    most = settings.llm_article_chars
    turns = (messages(question, most),) if settings.llm_profile == "general" else ngec.questions(question, most)
    form = (settings.llm_format, str(settings.llm_reply_tokens), repr(sorted(settings.llm_options.items())))
    about = (host_of(settings), settings.llm_model, _version(settings), *form)
    said = (message["content"] for turn in turns for message in turn)
    return _Request(question, turns, text_sha256((*about, *said)))


def _version(settings: Settings) -> str:
    return prompt_version() if settings.llm_profile == "general" else ngec.prompt_version()


def _ended(request: _Request, model: Asked, settings: Settings) -> LlmReply:
    """The reply at hand; else asked, if the budget allows, and kept if it can be read."""
    cached = at_hand.recall(settings.llm_cache_dir, request.sha256)
    if cached is not None:
        answer = Answer(Said.ANSWERED, "", 0, cached.content, cached.input_tokens, cached.output_tokens)
        return _reply(request, answer, Spending(), settings, cached=True)
    with _at_once(settings.llm_workers):
        answer, spent = _asked(request, model, settings)
    if answer.content is not None:
        answer = _readable(request, answer)
    if answer.said is Said.ANSWERED and answer.content is not None:
        reply = at_hand.Kept(answer.content, spent.input_tokens, spent.output_tokens)
        at_hand.keep(settings.llm_cache_dir, request.sha256, reply)
    return _reply(request, answer, spent, settings, cached=False)


def _asked(request: _Request, model: Asked, settings: Settings) -> tuple[Answer, Spending]:
    """The answer to all that is asked about an article, and what it cost; the first fault is the end of it."""
    contents, spent = [], Spending()
    for turn in request.turns:
        answer, cost = _turn(request, turn, model, settings)
        spent = spent.and_also(cost)
        if answer.content is None:
            return replace(answer, attempts=spent.requests), spent
        contents.append(answer.content)
    whole = contents[0] if settings.llm_profile == "general" else ngec.as_reply(contents)
    return replace(answer, content=whole, attempts=spent.requests), spent


def _turn(request: _Request, turn: list[dict[str, str]], model: Asked, settings: Settings) -> tuple[Answer, Spending]:
    budget = budget_of(request.question.run_id, settings)
    form = response_format(settings.llm_format) if settings.llm_profile == "general" else {}
    length = sum(len(message["content"].encode()) for message in turn) + len(repr(form))
    reserved = budget.reserve(ceil(length / _BYTES_A_TOKEN), settings.llm_reply_tokens, 1 + settings.llm_retries)
    if reserved is None:
        return Answer(Said.BUDGET, "the run may spend no more on the model", 0), Spending()
    tries, most = reserved
    # Whatever happens is settled, so that a fault does not eat the budget of the others.
    spent = most
    try:
        answer = model.ask(turn, form, tries)
        spent = _spent(answer, most, budget.price)
    finally:
        budget.settle(most, spent)
    return answer, spent


def _spent(answer: Answer, most: Spending, price: Callable[[int, int], float]) -> Spending:
    """What an answer cost: as the server counts; if it does not, as was reckoned; without an answer nothing."""
    if answer.input_tokens is None and answer.said is not Said.ANSWERED:
        return Spending(answer.attempts)
    read = most.input_tokens if answer.input_tokens is None else answer.input_tokens
    written = ceil(len((answer.content or "").encode()) / _BYTES_A_TOKEN)
    written = written if answer.output_tokens is None else answer.output_tokens
    return Spending(answer.attempts, read, written, price(read, written))


def _readable(request: _Request, answer: Answer) -> Answer:
    """The answer; a fault if it cannot be read at all."""
    question = request.question
    try:
        accepted(answer.content or "", question.text, question.sentences, question.title)
    except BadReplyError as error:
        return Answer(Said.BAD_REPLY, str(error), answer.attempts, (answer.content or "")[:_MOST_OF_A_BAD_ONE])
    return answer


def _reply(request: _Request, answer: Answer, spent: Spending, settings: Settings, *, cached: bool) -> LlmReply:
    return LlmReply(
        run_id=request.question.run_id,
        version_id=request.question.version_id,
        request_sha256=request.sha256,
        host=host_of(settings),
        model=settings.llm_model,
        prompt_version=_version(settings),
        scope=settings.llm,
        below=settings.llm_below,
        outcome=answer.said.value,
        detail=answer.detail,
        cached=cached,
        reply=answer.content,
        attempts=answer.attempts,
        input_tokens=spent.input_tokens,
        output_tokens=spent.output_tokens,
        cost=spent.cost,
        asked_at=datetime.now(UTC),
    )


@cache
def _at_once(workers: int) -> threading.BoundedSemaphore:
    """Batches are read side by side: what limits the questions is one for the process."""
    return threading.BoundedSemaphore(workers)
