"""What a model is told and asked: the task, examples, the form of the answer, and the article as numbered sentences.

The article is data: it stands as JSON in a message of its own, after instructions that say so. Nothing rests on the
model keeping to that: what it answers counts only if the text itself holds it (``accept.py``).
"""

import json
from datetime import date
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict

from schemas.keys import sha256_hex
from schemas.llm import Question
from tasks.llm.reply import ToldEvent, answer_schema
from tasks.reference.seeds import read_yaml_as

#: The protocol: raised if the form or the reading of a reply changes. Words and form are hashed beside it.
PROTOCOL = 2


class _Article(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    published: date
    title: str
    sentences: tuple[str, ...]


class Example(BaseModel):
    """An article of our own making, and the events of the answer to it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    article: _Article
    answer: tuple[dict[str, Any], ...]

    @property
    def reply(self) -> str:
        """The answer in its whole form."""
        empty = dict.fromkeys(ToldEvent.model_fields, ())
        events = [ToldEvent.model_validate(empty | {"total": False} | event) for event in self.answer]
        return json.dumps({"events": [event.model_dump(mode="json") for event in events]}, ensure_ascii=False)


class Told(BaseModel):
    """``seeds/llm.yml``: the task, and examples."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    task: str
    examples: tuple[Example, ...]


@cache
def told() -> Told:
    """What a model is told. Raises :class:`SeedError`."""
    return read_yaml_as("llm.yml", Told)


@cache
def prompt_version() -> str:
    """The version of all that decides what a model is asked: the protocol's number, and a hash of words and form."""
    content = told().task + "".join(text for turn in _shown() for text in turn.values())
    return f"{PROTOCOL}.{sha256_hex((content + json.dumps(answer_schema(), sort_keys=True)).encode())[:8]}"


def messages(question: Question, most_chars: int) -> list[dict[str, str]]:
    """The messages of a request, the article last, without its sentences behind the first ``most_chars`` characters."""
    asked = {"role": "user", "content": _article(question, most_chars)}
    return [{"role": "system", "content": told().task}, *_shown(), asked]


def response_format(kind: str) -> dict[str, Any]:
    """The form asked for, as the protocol has it: a JSON schema, JSON of any kind, or nothing."""
    if kind == "json_schema":
        fields = {"name": "events", "strict": True, "schema": answer_schema()}
        return {"response_format": {"type": "json_schema", "json_schema": fields}}
    return {"response_format": {"type": "json_object"}} if kind == "json_object" else {}


@cache
def _shown() -> tuple[dict[str, str], ...]:
    turns = []
    for one in told().examples:
        article = one.article
        asked = _as_json(article.published, article.title, article.sentences)
        turns += [{"role": "user", "content": asked}, {"role": "assistant", "content": one.reply}]
    return tuple(turns)


def _article(question: Question, most_chars: int) -> str:
    sent = [(start, stop) for start, stop in question.sentences if stop <= most_chars] or list(question.sentences[:1])
    return _as_json(question.published_day, question.title, [question.text[a:b][:most_chars] for a, b in sent])


def _as_json(published: date | None, title: str | None, sentences: "tuple[str, ...] | list[str]") -> str:
    fields = {
        "published": published.isoformat() if published else None,
        "title": title,
        "sentences": [{"sentence": number, "text": text} for number, text in enumerate(sentences)],
    }
    return json.dumps(fields, ensure_ascii=False)
