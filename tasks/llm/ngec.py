"""A model of NGEC's kind: asked about one event type of PLOVER's at a time, it answers with a quote and short spans.

Its answers are made into pointers like those of any other model, so that only what stands in the text counts.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.keys import sha256_hex
from schemas.llm import LlmRefusal, Question, Refused
from schemas.mention import Status
from tasks.llm.reply import BadReplyError, Pointer, ToldEvent, faults
from tasks.reference.seeds import read_yaml_as

#: Raised if the reading of an answer changes; the words asked in are hashed beside it.
_NUMBER = 1
#: The key under which the answers to all questions about an article are kept as one reply.
_ANSWERS = "ngec_answers"
_FIELDS = {"date": "date", "location": "place", "actor": "initiators", "recipient": "targets"}
_TOLLS = ("killed", "injured")
#: What such a model is asked for. Of all else it says nothing, not even that the text gives none.
ASKED = frozenset(_FIELDS.values())


class _Type(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    definition: str
    notes: str = ""
    otherwise: str
    kinds: dict[str, tuple[str, ...]]


class _Words(BaseModel):
    """``seeds/ngec.yml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    system: str
    types: dict[str, _Type]


class _Told(BaseModel):
    """One event of an answer; several spans of a field are a list, or one text with semicolons."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    anchor_quote: str
    actor: str | tuple[str, ...] = ()
    recipient: str | tuple[str, ...] = ()
    date: str | tuple[str, ...] = ()
    location: str | tuple[str, ...] = ()
    killed: str | tuple[str, ...] = ()
    injured: str | tuple[str, ...] = ()


@cache
def _words() -> _Words:
    return read_yaml_as("ngec.yml", _Words)


@cache
def prompt_version() -> str:
    """The version of all that decides what such a model is asked."""
    return f"ngec-{_NUMBER}.{sha256_hex(_words().model_dump_json().encode())[:8]}"


def questions(question: Question, most_chars: int) -> tuple[list[dict[str, str]], ...]:
    """The messages of each question about an article: one for each event type."""
    system = {"role": "system", "content": _words().system}
    document = question.text[:most_chars]
    messages = []
    for name, kind in _words().types.items():
        notes = f" ## Special Instructions: {kind.notes}" if kind.notes else ""
        content = f"## Document: {document}\n\n## Event Type: ## Event: **{name}**: {kind.definition}{notes}"
        messages.append([system, {"role": "user", "content": content}])
    return tuple(messages)


def as_reply(answers: Sequence[str]) -> str:
    """The answers to all questions about an article as one reply."""
    return json.dumps({_ANSWERS: dict(zip(_words().types, answers, strict=True))}, ensure_ascii=False)


def answers_of(content: str) -> dict[str, str] | None:
    """The answers in a reply by event type; ``None`` if it is a reply of another kind."""
    if not content.startswith(f'{{"{_ANSWERS}"'):
        return None
    answers: Mapping[str, object] = json.loads(content)[_ANSWERS]
    return {name: str(answer) for name, answer in answers.items()}


def told_events(
    answers: Mapping[str, str], text: str, sentences: Sequence[tuple[int, int]]
) -> tuple[list[tuple[int, ToldEvent]], list[LlmRefusal]]:
    """The events of the answers as pointers, with their numbers, and what does not have the form.

    Raises :class:`BadReplyError` for an answer that is no list.
    """
    events: list[tuple[int, ToldEvent]] = []
    refusals: list[LlmRefusal] = []
    spans = [text[start:stop] for start, stop in sentences]
    answers_by_type = [(_words().types[name], answer) for name, answer in answers.items() if name in _words().types]
    for number, (kind, raw) in enumerate((kind, raw) for kind, answer in answers_by_type for raw in _listed(answer)):
        try:
            events.append((number, _event(_Told.model_validate(raw), kind, spans)))
        except ValidationError as error:
            refusals.append(LlmRefusal(number, "event", None, None, Refused.SCHEMA, faults(error)))
    return events, refusals


def _listed(answer: str) -> list[Any]:
    """The list of an answer, without the thinking some models write before it."""
    answer = re.sub(r"<think>.*?</think>", "", answer, flags=re.DOTALL)
    begin, stop = answer.find("["), answer.rfind("]")
    try:
        listed = json.loads(answer[begin : stop + 1] if begin >= 0 else answer)
    except (ValueError, RecursionError) as error:
        raise BadReplyError(f"not JSON: {type(error).__name__}") from None
    if not isinstance(listed, list):
        raise BadReplyError("not a list of events")
    return listed[:30]


def _event(answer: _Told, kind: _Type, sentences: Sequence[str]) -> ToldEvent:
    """The event: its quote in its sentence, and each span in the sentence nearest to it."""
    anchor = answer.anchor_quote.strip()[:300] or "?"
    home = next((number for number, sentence in enumerate(sentences) if anchor in sentence), 0)
    sub_type, words = _kind(anchor, kind)
    fields: dict[str, Any] = {
        ours: tuple(_nearest(span, home, sentences) for span in _spans(getattr(answer, theirs)))
        for theirs, ours in (*_FIELDS.items(), *zip(_TOLLS, _TOLLS, strict=True))
    }
    return ToldEvent(
        trigger=Pointer(sentence=home, quote=words if anchor in sentences[home] else anchor),
        sub_event_type=sub_type, status=Status.HAPPENED, detained=(), displaced=(), **fields,
    )  # fmt: skip


def _kind(anchor: str, kind: _Type) -> tuple[str, str]:
    """The sub-type a quote tells of, and the word that tells it; the usual one and the whole quote if none does."""
    for name, words in kind.kinds.items():
        for word in words:
            if match := re.search(rf"(?<!\w){re.escape(word)}(?!\w)", anchor, re.IGNORECASE):
                return name, match.group()
    return kind.otherwise, anchor


def _spans(words: str | tuple[str, ...]) -> Iterator[str]:
    for span in words.split(";") if isinstance(words, str) else words:
        if span.strip() and span.strip().upper() not in {"N/A", "NA", "NONE"}:
            yield span.strip()[:300]


def _nearest(span: str, home: int, sentences: Sequence[str]) -> dict[str, Any]:
    holding = [number for number, sentence in enumerate(sentences) if span in sentence]
    nearest = min(holding, key=lambda number: (abs(number - home), number), default=home)
    return {"sentence": nearest, "quote": span}
