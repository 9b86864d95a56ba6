"""An event mention: what one version of one article says of one event (a *report* row).

Every value stands in the text: an :class:`Evidence` gives the characters of each field, and
``text[start:end] == quote`` is checked when the mention is made.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from schemas.article import Article
from schemas.keys import row_id


class Status(StrEnum):
    """What the article says of whether it happened: PLOVER's auxiliary modes, with ``denied`` and ``planned``."""

    HAPPENED = "happened"
    DENIED = "denied"
    PLANNED = "planned"
    THREATENED = "threatened"
    HYPOTHETICAL = "hypothetical"
    BACKGROUND = "background"


class Role(StrEnum):
    """The part an actor plays. ACLED's actor order implies none; this does."""

    INITIATOR = "initiator"
    TARGET = "target"
    SUPPORTER = "supporter"
    #: What was hit and is nobody: a building, a vehicle, an installation. Its actor's kind is ``property``.
    OBJECT = "object"


class Stance(StrEnum):
    """What somebody does to a statement."""

    ASSERTS = "asserts"
    DENIES = "denies"
    CLAIMS_RESPONSIBILITY = "claims_responsibility"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The characters one field was read from. ``rule`` names how a derived value came from its quote.

    ``coder`` names who chose them, with the version, if it is not the coder of the mention; else it is empty.
    ``confidence`` is how likely the field is right, calibrated; ``None`` if no model was trained for it.
    """

    field: str
    start: int
    end: int
    quote: str
    rule: str
    coder: str = ""
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class When:
    """The day or days of an event. ``precision`` is UCDP's date_prec: 1 day, 2 2-6 days, 3 week,
    4 month, 5 more than a month. Without a date, ``reason`` says why.
    """

    start: date | None
    end: date | None
    precision: int | None
    raw: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where it happened. ``name`` is as named; ``precision`` is UCDP's where_prec: 1 exact, 2 near (25 km),
    3 ADM2, 4 ADM1, 5 a feature or fuzzy region, 6 country, 7 sea or air. Coordinates are WGS 84 degrees.
    ``reason`` says how it was resolved, or why not.
    """

    name: str | None
    place_id: str | None
    gazetteer_name: str | None
    admin1: str | None
    admin2: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    precision: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Actor:
    """A side of an event: as named, and resolved if ``seeds/actors.csv`` knows it.

    ``kind`` is one of the words of ``seeds/actor_kinds.csv`` (ACLED's inter codes, soldiers apart from civilians).
    """

    role: Role
    name: str
    actor_id: str | None
    canonical_name: str | None
    kind: str
    country: str | None


@dataclass(frozen=True, slots=True)
class Toll:
    """Persons, as low, best and high. All ``None``: not said. ``0`` only if the text says nobody."""

    low: int | None = None
    best: int | None = None
    high: int | None = None
    who: str | None = None


class Side(StrEnum):
    """Whose the persons of a toll were, as the text tells."""

    INITIATOR = "initiator"
    TARGET = "target"
    #: Neither side: bystanders, a third party.
    OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Victims:
    """Some of the persons of a toll, as the text counts them apart: "five children" of eight killed.

    ``toll`` is ``killed``, ``injured``, ``detained`` or ``displaced``; ``side`` is ``None`` if the text leaves it
    open; ``kind`` is ``civilian``, ``combatant`` or ``unknown``; ``subgroup`` ``women``, ``children``, ``men``,
    ``medical``, ``press``, ``aid`` or ``prisoners``, if told. ``within`` is the place (from 0) of the part these
    are among ("20 people, including 5 children"): they are not added to it. ``high`` is ``None`` if it is open.
    ``adds_up`` says whether the parts of that toll come to the toll of the mention. ``start`` to ``end`` are the
    characters of ``quote``; ``confidence`` is how sure ``side`` and ``kind`` are, by the rule that read them.
    """

    toll: str
    side: Side | None
    kind: str
    subgroup: str | None
    within: int | None
    low: int | None
    best: int | None
    high: int | None
    adds_up: bool
    start: int
    end: int
    quote: str
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Claim:
    """Who asserts or denies what. ``about`` is ``event``, ``cause``, ``responsibility`` or ``toll``; ``start`` and
    ``end`` span the statement's words (``quote``) in the text.
    """

    speaker: str
    speaker_id: str | None
    stance: Stance
    about: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class EventMention:
    """One event as one article version tells it.

    ``trigger_number`` tells events of one sub-type apart that the same words tell of ("attacks in Homs and Hama").
    ``language`` is that of the text it was read in; where that is a translation, ``translation_engine`` and
    ``translation_version`` say whose.
    """

    article_id: str
    version_id: str
    sentence_start: int
    sentence_end: int
    trigger_start: int
    trigger_end: int
    event_type: str
    sub_event_type: str
    plover_type: str
    plover_mode: str | None
    status: Status
    aggregate: bool
    when: When
    place: Place
    actors: tuple[Actor, ...]
    weapon: str | None
    cause: str | None
    killed: Toll
    injured: Toll
    detained: Toll
    displaced: Toll
    claims: tuple[Claim, ...]
    evidence: tuple[Evidence, ...]
    confidence: float
    coder: str
    coder_version: str
    victims: tuple[Victims, ...] = ()
    trigger_number: int = 0
    language: str = "en"
    translation_engine: str | None = None
    translation_version: str | None = None

    @property
    def mention_id(self) -> str:
        """Keyed by version, trigger and sub-type, and by the number of an event that is not the first of these."""
        again = (self.trigger_number,) if self.trigger_number else ()
        return row_id("men", self.version_id, self.trigger_start, self.trigger_end, self.sub_event_type, *again)


@dataclass(frozen=True, slots=True)
class CodedArticle:
    """An article and the events it tells of: none is an answer too."""

    article: Article
    mentions: tuple[EventMention, ...]
