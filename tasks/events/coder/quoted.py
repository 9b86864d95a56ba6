"""One event a language model pointed out in another language than English, made into a mention.

The built-in reader reads English only: nothing but what is pointed at is known of such an event, and ``quoting.py``
reads it.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar, cast

from spacy.tokens import Doc
from spacy.vocab import Vocab

from schemas.llm import Pointed, PointedEvent, Refused
from schemas.mention import Actor, EventMention, Place, Role, Toll
from tasks.events.actors.resolve import ActorContext
from tasks.events.coder.making import Maker, refusal
from tasks.events.coder.quoting import Quotes, quoted_sentences
from tasks.events.coder.readings import Reading
from tasks.events.document import Document, Facts
from tasks.events.language.sentences import Sentence
from tasks.events.language.vocabulary import Act
from tasks.events.places.resolve import place_context

Value = TypeVar("Value")


def quoted_facts(document: Document) -> Facts:
    """A document of which nothing is known but its sentences."""
    spans = enumerate(quoted_sentences(document.text))
    sentences = tuple(Sentence(start, stop, number) for number, (start, stop) in spans)
    return Facts(
        document=document, doc=Doc(Vocab(), words=[]), sentences=sentences, dates=(), places=(),
        place_context=place_context((), dateline=None, source_country=document.country), actors=(),
        actor_context=ActorContext(), tolls=(), statements=(),
    )  # fmt: skip


class QuotedMaker(Maker):
    """An event on its way to a mention; several quotes of one field are read together."""

    def __init__(self, facts: Facts, document: Document, event: PointedEvent) -> None:
        super().__init__(facts, document, event, None)
        self._quotes = Quotes(
            document.text, document.title, document.language, document.published_day, document.country
        )

    def _readings(
        self, field: str, reader: Callable[[Facts, Pointed], Reading[Value] | None]
    ) -> list[tuple[Pointed, Reading[Value]]]:
        """The one value of all quotes of a field, at the quote it was read in first, then at the others."""
        pointed = self._pointed(field)
        reading = self._together(field) if pointed else None
        if reading is None:
            self.refusals += [refusal(self.event, quote, Refused.UNREAD) for quote in pointed[:1]]
            return []
        self._read.add(field)
        number, value, rule = reading
        first = [*pointed[number : number + 1], *pointed[:number], *pointed[number + 1 :]]
        # The value is of the field's own type: what reads it is chosen by the field, as the reader handed in was.
        return [(quote, Reading(cast("Value", value), quote.start, quote.end, rule)) for quote in first]

    def _together(self, field: str) -> tuple[int, object, str] | None:
        """The number of the quote a field's value was read in, the value, and the rule."""
        spans = self._spans(field)
        if field == "date":
            when = self._quotes.date(spans)
            return (0, when, when.reason) if when is not None else None
        if field == "place":
            location = self._quotes.place_at(spans)
            return (*location, location[1].reason) if location is not None else None
        sayers = [pointed.said_by.quote if pointed.said_by else None for pointed in self._pointed(field)]
        toll = self._quotes.toll(spans, sayers)
        return (0, toll, "counted") if toll is not None else None

    def _toll_at(self, pointed: Pointed) -> Reading[Toll] | None:
        toll = self._quotes.toll([(pointed.start, pointed.end)])
        return Reading(toll, pointed.start, pointed.end, "counted") if toll is not None else None

    def _actor_at(self, pointed: Pointed, role: Role) -> Reading[Actor] | None:
        location = self._quotes.place(self._spans("place"))
        country = location.country if location else None
        who = self._quotes.actor((pointed.start, pointed.end), country, target=role is Role.TARGET)
        actor = Actor(role, pointed.quote, who.actor_id, who.canonical_name, who.kind, who.country)
        return Reading(actor, pointed.start, pointed.end, who.reason)

    def _placed(self, location: Place) -> Place:
        return location

    def _with_means(self, mention: EventMention, act: Act) -> EventMention:
        return mention

    def _spans(self, field: str) -> Sequence[tuple[int, int]]:
        return [(pointed.start, pointed.end) for pointed in self._pointed(field)]
