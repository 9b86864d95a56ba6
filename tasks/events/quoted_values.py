"""One event a language model pointed out in another language than English, made into a mention.

The coder itself reads English only: nothing but what is pointed at is known of such an event; ``quoting.py`` reads it.
"""

from collections.abc import Sequence

from spacy.tokens import Doc
from spacy.vocab import Vocab

from schemas.llm import Pointed, PointedEvent
from schemas.mention import Actor, Place, Role, Toll, When
from tasks.events.actors.resolve import ActorContext
from tasks.events.document import Document, Facts
from tasks.events.language.sentences import Sentence
from tasks.events.places.resolve import place_context
from tasks.events.pointed_values import Maker
from tasks.events.quoting import Quotes, quoted_sentences


def quoted_facts(document: Document) -> Facts:
    """A document of which nothing is known but its sentences."""
    spans = enumerate(quoted_sentences(document.text))
    sentences = tuple(Sentence(start, end, number) for number, (start, end) in spans)
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

    def _date(self, pointed: Pointed) -> When | None:
        when = self._quotes.date(self._spans(pointed.field))
        if when is not None:
            self._note_all(pointed.field, when.reason)
        return when

    def _place(self, pointed: Pointed) -> Place | None:
        found = self._quotes.place_at(self._spans(pointed.field))
        if found is None:
            return None
        number, place = found
        self._note(self._all(pointed.field)[number], *self._spans(pointed.field)[number], place.reason)
        return place

    def _toll(self, pointed: Pointed) -> Toll | None:
        toll = self._quotes.toll(self._spans(pointed.field))
        if toll is not None:
            self._note_all(pointed.field, "counted")
        return toll

    def _actor(self, pointed: Pointed, role: Role) -> Actor:
        place = self._quotes.place(self._spans("place"))
        country = place.country if place else None
        who = self._quotes.actor((pointed.start, pointed.end), country, target=role is Role.TARGET)
        self._note(pointed, pointed.start, pointed.end, who.reason)
        return Actor(role, pointed.quote, who.actor_id, who.canonical_name, who.kind, who.country)

    def _all(self, field: str) -> Sequence[Pointed]:
        return [pointed for pointed in self.event.fields if pointed.field == field]

    def _spans(self, field: str) -> list[tuple[int, int]]:
        return [(pointed.start, pointed.end) for pointed in self._all(field)]

    def _note_all(self, field: str, rule: str) -> None:
        for pointed in self._all(field):
            self._note(pointed, pointed.start, pointed.end, rule)
