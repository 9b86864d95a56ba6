"""What a language model is asked about an article, what it says, and what of it stands in the text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from schemas.mention import Side, Status


class Said(StrEnum):
    """What became of a question. But for ``answered`` the default coder's result stands."""

    ANSWERED = "answered"
    BUDGET = "budget"
    TIMEOUT = "timeout"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    UNREACHABLE = "unreachable"
    UNAUTHORIZED = "unauthorized"
    REFUSED = "refused"
    TOO_LONG = "too_long"
    BAD_REPLY = "bad_reply"


class Refused(StrEnum):
    """Why nothing was made of a value a model gave."""

    SCHEMA = "schema"
    NO_SUCH_SENTENCE = "no_such_sentence"
    NOT_IN_SENTENCE = "not_in_sentence"
    ONLY_IN_TITLE = "only_in_title"
    UNREAD = "unread"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Question:
    """An article version before a model. ``sentences`` are spans of ``text``, in order; their places are numbers."""

    run_id: str
    version_id: str
    title: str | None
    published_day: date | None
    text: str
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class LlmReply:
    """A question and its end: a row of ``llm_replies``, whose comments say what each field holds."""

    run_id: str
    version_id: str
    request_sha256: str
    host: str
    model: str
    prompt_version: str
    scope: str
    below: float
    outcome: str
    detail: str
    cached: bool
    reply: str | None
    attempts: int
    input_tokens: int
    output_tokens: int
    cost: float
    asked_at: datetime

    @property
    def coder(self) -> str:
        """The name under which its values stand in the warehouse."""
        return f"llm:{self.model}"


@dataclass(frozen=True, slots=True)
class Pointed:
    """Characters a model pointed at for a field, found where it said: ``text[start:end] == quote``.

    ``field`` is one of ``POINTED_FIELDS``, ``trigger`` or ``telling``; a field may be pointed at more than once, the
    surest first. ``probability`` is how sure the model is, ``None`` if it does not say. ``said_by`` is who gives a
    figure, if that is pointed at too.
    """

    field: str
    start: int
    end: int
    quote: str
    probability: float | None = None
    said_by: "Pointed | None" = None


@dataclass(frozen=True, slots=True)
class PointedGroup:
    """Some of the persons of a toll, whose they were and of what kind, as :class:`~schemas.mention.Victims` has it."""

    words: Pointed
    side: Side | None
    kind: str


#: What a model points at beside the words that tell of the event.
POINTED_FIELDS = (
    "date", "place", "initiators", "targets", "killed", "injured", "detained", "displaced", "claimed_by", "denied_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PointedEvent:
    """An event as a model points it out. ``silent`` are the fields of which it says that the text gives none.

    ``trigger`` is the word that says most plainly what happened, ``tellings`` are all that tell of it, one a sentence.
    ``aggregate`` marks a total over several events; ``victims`` are groups of its tolls. ``probability`` is how likely
    it is told at all and of that status, a total or none as said; ``None`` if the model does not say. ``offered`` is
    how many fields were pointed at, those among them that do not stand in the text too.
    """

    number: int
    sub_event_type: str
    status: Status
    trigger: Pointed
    fields: tuple[Pointed, ...]
    silent: frozenset[str]
    tellings: tuple[Pointed, ...] = ()
    aggregate: bool = False
    probability: float | None = None
    victims: tuple[PointedGroup, ...] = ()
    offered: int = 0


@dataclass(frozen=True, slots=True)
class LlmRefusal:
    """A value of a reply that nothing was made of. ``event`` and ``sentence`` count from 0."""

    event: int
    field: str
    sentence: int | None
    quote: str | None
    reason: Refused
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """With what a past run read its pages: a model's replies by version id, and the indexes of added gazetteers."""

    replies: Mapping[str, LlmReply] = field(default_factory=dict)
    gazetteers: tuple[str, ...] = ()
