"""What an installation teaches its reader: what people found of mentions, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from schemas.article import Dateline


@dataclass(frozen=True, slots=True)
class JudgedMention:
    """What is known of one mention. Spans count characters of the text.

    ``tellings`` are the words that tell of it, the trigger first; ``right`` says whether there is such an event.
    ``values`` holds the right values of the fields that were judged, by the column of ``mentions``, days in ISO form;
    ``sides`` the names of initiators and targets by role. ``event`` is the same for mentions of one event; ``None``
    if nobody knows.
    """

    tellings: tuple[tuple[int, int], ...]
    right: bool
    values: Mapping[str, object]
    sides: Mapping[str, tuple[str, ...]]
    event: str | None = None


@dataclass(frozen=True, slots=True)
class JudgedArticle:
    """A version of an article with what is known of some of its mentions; the others are not known."""

    article_id: str
    version_id: str
    title: str | None
    text: str
    language: str
    published_day: date | None
    dateline: Dateline | None
    country: str | None
    mentions: tuple[JudgedMention, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """How often a model was right in one part of what people judged, before and after it was taught."""

    part: str
    judged: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was taught and what came of it. ``was`` and ``model`` are hashes; ``folder`` is where the new model lies.

    ``learnt`` and ``held_back`` count judged articles, ``silver`` those a language model pointed at, ``replayed`` our
    own. ``taken`` says whether the new model is in use now.
    """

    was: str
    model: str
    folder: Path | None
    learnt: int
    held_back: int
    silver: int
    replayed: int
    measured: tuple[Measured, ...]
    taken: bool

    @property
    def change(self) -> int:
        """How many judged values more are right than before."""
        return sum(part.after - part.before for part in self.measured)
