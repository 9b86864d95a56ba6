"""Evaluate: the coder's answers to a gold file, scored; and what people's verdicts say of it."""

import logging
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

from schemas.evaluation import Evaluation
from schemas.mention import EventMention
from schemas.settings import Settings
from tasks.evaluation import articles, parts, single
from tasks.evaluation.gold import Format, Row, core
from tasks.evaluation.tally import Sheet
from tasks.evaluation.verdicts import Precision, precision
from tasks.events.coder.asked import days_at, mentions_in, places_at
from tasks.events.reader.installed import model_in_use
from tasks.pool.pool import Answered, Failed, Limits, shared_pool
from tasks.warehouse.decisions.reviews import standing_reviews
from tasks.warehouse.store.connect import open_writer

T = TypeVar("T")

log = logging.getLogger("firstdraft.evaluate")

#: Documents between two words about progress.
_AT_ONCE = 32


def evaluate(rows: Sequence[Row], form: Format, settings: Settings) -> Evaluation:
    """The figures of a gold set in per cent: by measure precision, recall and F1, or one number.

    A document that breaks the coder has no answer, and is counted in ``failed``.
    """
    return _SCORERS[form](list(core(list(rows))), settings)


def evaluate_reviews(settings: Settings) -> list[Precision]:
    """How often each coder was right in each field, by the verdicts of people."""
    with open_writer(settings) as con:
        return precision(record.review for record in standing_reviews(con))


def _articles(rows: list[Row], settings: Settings) -> Evaluation:
    answered = _mentions(rows, settings, by_dateline=True)
    answers = {key: [articles.answer(mention) for mention in mentions or ()] for key, mentions in answered.items()}
    return _evaluation(articles.score_articles(rows, answers), rows, answered)


def _single(rows: list[Row], settings: Settings) -> Evaluation:
    answered = _mentions(rows, settings, by_dateline=False)
    answers = {row["id"]: single.answer(answered[row["id"]] or (), row.get("publication_date")) for row in rows}
    return _evaluation(single.score_single(rows, answers), rows, answered)


def _labels(rows: list[Row], settings: Settings) -> Evaluation:
    gold = parts.gold_sub_types(rows)
    labelled = [row for row in rows if row["id"] in gold]
    answered = _mentions(labelled, settings, by_dateline=False)
    answers = {key: parts.first_sub_type(mentions or ()) for key, mentions in answered.items()}
    return Evaluation({"weighted_f1": parts.weighted_f1(gold, answers)}, len(labelled), _failed(answered))


def _locations(rows: list[Row], settings: Settings) -> Evaluation:
    spans = [row["events"][0]["trigger"] for row in rows]
    model = model_in_use(settings.reader_dir)
    jobs = [(row["text"], span["start"], span["end"], model) for row, span in zip(rows, spans, strict=True)]
    answers = _answers(places_at, rows, jobs, settings)
    return _evaluation(parts.score_places(rows, {key: places or () for key, places in answers.items()}), rows, answers)


def _days(rows: list[Row], settings: Settings) -> Evaluation:
    questions = {row["id"]: parts.day_questions(row) for row in rows}
    jobs = [
        (row["text"], date.fromisoformat(row["publication_date"]), tuple((a, b) for a, b, _, _ in questions[row["id"]]))
        for row in rows
    ]
    answers = _answers(days_at, rows, jobs, settings)
    sheet = Sheet()
    for row in rows:
        result = answers[row["id"]] or [frozenset[str]()] * len(questions[row["id"]])
        for (_, _, day, weekday), days in zip(questions[row["id"]], result, strict=True):
            for measure in ("day", "weekday") if weekday else ("day",):
                sheet.add(measure, day in days, day not in days, day not in days)
    figures: dict[str, Any] = {measure: figure["p"] for measure, figure in sheet.figures.items()}
    return Evaluation(figures, len(rows), _failed(answers))


_SCORERS: dict[Format, Callable[[list[Row], Settings], Evaluation]] = {
    Format.ARTICLES: _articles,
    Format.SINGLE: _single,
    Format.LABELS: _labels,
    Format.LOCATIONS: _locations,
    Format.DAYS: _days,
}


def _mentions(rows: list[Row], settings: Settings, *, by_dateline: bool) -> dict[str, tuple[EventMention, ...] | None]:
    model = model_in_use(settings.reader_dir)
    jobs = [(row["text"], row.get("title"), _published(row), by_dateline, model) for row in rows]
    return _answers(mentions_in, rows, jobs, settings)


def _published(row: Row) -> date | None:
    day = row.get("publication_date")
    return date.fromisoformat(str(day)[:10]) if day else None


def _answers(
    function: Callable[..., T], rows: list[Row], jobs: Sequence[tuple[Any, ...]], settings: Settings
) -> dict[str, T | None]:
    """An answer to each row by its id; ``None`` if the coder broke."""
    limits = Limits(settings.page_cpu_seconds, 2 * settings.page_memory_mb << 20)
    log.info("%d documents", len(jobs), extra={"stage": "evaluate", "todo": len(jobs)})
    answers: list[Answered[T] | Failed] = []
    for at in range(0, len(jobs), _AT_ONCE):
        answers += shared_pool(settings.workers).map(function, jobs[at : at + _AT_ONCE], limits)
        done = len(jobs[at : at + _AT_ONCE])
        log.info("%d of %d documents", len(answers), len(jobs), extra={"stage": "evaluate", "done": done})
    for row, answer in zip(rows, answers, strict=True):
        if isinstance(answer, Failed):
            log.warning("%s broke the coder: %s", row["id"], answer.detail)
    values = [None if isinstance(answer, Failed) else answer.value for answer in answers]
    return dict(zip((row["id"] for row in rows), values, strict=True))


def _evaluation(sheet: Sheet, rows: Sequence[Row], answers: dict[str, Any]) -> Evaluation:
    return Evaluation(sheet.figures, len(rows), _failed(answers))


def _failed(answers: dict[str, Any]) -> int:
    return sum(answer is None for answer in answers.values())
