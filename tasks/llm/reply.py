"""The form of an answer, and an answer read: JSON, each event of it checked by itself."""

import json
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from schemas.llm import LlmRefusal, Refused
from schemas.mention import Side, Status
from tasks.reference.seeds import read_csv_seed

#: More is no article's.
_MOST_EVENTS = 30
_MOST_ACTORS = 10
_LONGEST_QUOTE = 300
#: Words of a JSON schema that servers with strict forms refuse, or that only cost tokens.
_LEFT_OUT = frozenset({"title", "description", "default", "minLength", "maxLength", "minimum", "maximum", "maxItems"})
#: The number under which an answer points at the title.
TITLE = -1


class BadReplyError(ValueError):
    """A reply is no JSON object with a list of events."""


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Pointer(_Form):
    """A sentence by number, words of it, and which of them where they occur more than once."""

    sentence: int = Field(ge=TITLE)
    quote: str = Field(min_length=1, max_length=_LONGEST_QUOTE)
    occurrence: int = Field(default=1, ge=1, le=_LONGEST_QUOTE)


class Figure(Pointer):
    """The words of a number of persons, and those that name who gives it."""

    said_by: Pointer | None = None


class Group(Pointer):
    """Some of the persons of a toll: the words that count them, whose they were and of what kind."""

    toll: Literal["killed", "injured", "detained", "displaced"]
    side: Side | None = None
    kind: Literal["civilian", "combatant", "unknown"] = "unknown"


class ToldEvent(_Form):
    """One event of an answer."""

    trigger: Pointer
    tellings: tuple[Pointer, ...] = Field(default=(), max_length=_MOST_EVENTS)
    sub_event_type: str
    status: Status
    total: bool = False
    date: tuple[Pointer, ...] = Field(max_length=_MOST_ACTORS)
    place: tuple[Pointer, ...] = Field(max_length=_MOST_EVENTS)
    initiators: tuple[Pointer, ...] = Field(max_length=_MOST_ACTORS)
    targets: tuple[Pointer, ...] = Field(max_length=_MOST_ACTORS)
    killed: tuple[Figure, ...] = Field(max_length=_MOST_ACTORS)
    injured: tuple[Figure, ...] = Field(max_length=_MOST_ACTORS)
    detained: tuple[Figure, ...] = Field(max_length=_MOST_ACTORS)
    displaced: tuple[Figure, ...] = Field(max_length=_MOST_ACTORS)
    victims: tuple[Group, ...] = Field(default=(), max_length=_MOST_EVENTS)
    claimed_by: tuple[Pointer, ...] = Field(default=(), max_length=_MOST_ACTORS)
    denied_by: tuple[Pointer, ...] = Field(default=(), max_length=_MOST_ACTORS)

    @field_validator("date", "place", "killed", "injured", "detained", "displaced", mode="before")
    @classmethod
    def _as_list(cls, value: object) -> object:
        """Protocol 1 had one pointer or null there: its replies are read again whenever a warehouse is rebuilt."""
        return () if value is None else (value,) if isinstance(value, dict) else value

    @field_validator("sub_event_type")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in sub_event_types():
            raise ValueError("not a sub-event type of ACLED")
        return value


class _Answer(_Form):
    events: tuple[ToldEvent, ...]


class _Outer(_Form):
    events: list[Any] = Field(max_length=_MOST_EVENTS)


class _EventType(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    sub_event_type: str


@cache
def sub_event_types() -> tuple[str, ...]:
    """ACLED's sub-types, as ``seeds/event_types.csv`` has them."""
    return tuple(dict.fromkeys(row.sub_event_type for row in read_csv_seed("event_types.csv", _EventType)))


@cache
def answer_schema() -> dict[str, Any]:
    """The JSON schema of an answer: every field required, nothing beside them."""
    schema = _pruned(_Answer.model_json_schema())
    schema["$defs"]["ToldEvent"]["properties"]["sub_event_type"] = {"type": "string", "enum": list(sub_event_types())}
    for form in (schema, *schema["$defs"].values()):
        if "properties" in form:
            form["required"] = list(form["properties"])
    pruned: dict[str, Any] = schema
    return pruned


def read_answer(content: str) -> tuple[list[tuple[int, ToldEvent]], list[LlmRefusal]]:
    """The events of an answer with their numbers, and those that do not have the form.

    What stands before the first and after the last brace is passed over: models without a JSON mode add words.
    Raises :class:`BadReplyError` if there is no list of events.
    """
    begin, stop = content.find("{"), content.rfind("}")
    try:
        outer = _Outer.model_validate(json.loads(content[begin : stop + 1] if begin >= 0 else content))
    except ValidationError as error:
        raise BadReplyError(faults(error)) from None
    except (ValueError, RecursionError) as error:
        raise BadReplyError(f"not JSON: {type(error).__name__}") from None
    events, refusals = [], []
    for number, raw_event in enumerate(outer.events):
        try:
            events.append((number, ToldEvent.model_validate(raw_event)))
        except ValidationError as error:
            refusals.append(LlmRefusal(number, "event", None, None, Refused.SCHEMA, faults(error)))
    return events, refusals


def faults(error: ValidationError) -> str:
    """What is wrong with an answer: where and of what kind, without the values: they are whatever a model wrote."""
    problems = [f"{'.'.join(str(part)[:40] for part in fault['loc'])}: {fault['type']}" for fault in error.errors()[:5]]
    return "; ".join(problems)


def _pruned(schema: Any) -> Any:
    """A schema without the words left out; names of properties stay."""
    if isinstance(schema, list):
        return [_pruned(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {name: part for name, part in schema.items() if name not in _LEFT_OUT}
    inner = {"properties", "$defs"}
    return {
        name: {key: _pruned(value) for key, value in part.items()} if name in inner else _pruned(part)
        for name, part in parts.items()
    }
