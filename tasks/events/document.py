"""A document on its way to its events: what is coded, and everything found in it before events are."""

from dataclasses import dataclass, replace
from datetime import date

from spacy.tokens import Doc

from schemas.article import Article, Dateline
from schemas.mention import Place
from tasks.events.actors.resolve import ActorContext, ActorSpan, find_actors
from tasks.events.claims import Statement, find_statements
from tasks.events.dates.expressions import DateSpan, find_dates
from tasks.events.language.sentences import Sentence, parse, split_sentences
from tasks.events.places.resolve import PlaceContext, PlaceSpan, find_places, place_context, resolve_places
from tasks.events.tolls.casualties import TollSpan, find_tolls
from tasks.reference.words.dateline import read_dateline


@dataclass(frozen=True, slots=True)
class Document:
    """A text to be coded. Every offset of its mentions counts the characters of ``text``.

    ``published_day`` is the local day of publication; ``country`` the ISO alpha-2 code of the source's country, a hint.
    """

    article_id: str
    version_id: str
    title: str | None
    text: str
    language: str
    published_day: date | None
    dateline: Dateline | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A place of a text and what the gazetteer makes of it."""

    span: PlaceSpan
    place: Place


@dataclass(frozen=True, slots=True)
class Facts:
    """A parsed document with its dates, places, actors, tolls (by sentence) and statements, all in text order."""

    document: Document
    doc: Doc
    sentences: tuple[Sentence, ...]
    dates: tuple[DateSpan, ...]
    places: tuple[PlaceFound, ...]
    place_context: PlaceContext
    actors: tuple[ActorSpan, ...]
    actor_context: ActorContext
    tolls: tuple[tuple[TollSpan, ...], ...]
    statements: tuple[Statement, ...]

    @property
    def text(self) -> str:
        """The document's text."""
        return self.document.text

    def is_where_said(self, start: int, end: int) -> bool:
        """Return True if characters say where somebody spoke: "he said in London", but not "In Homs, he said, ..."."""
        span = self.doc.char_span(start, end, alignment_mode="expand")
        verbs = {s.verb for s in self.statements if span is not None and span.root.i not in s.tokens}
        at = span.root if span is not None and span.root.dep_ == "pobj" else None
        return at is not None and at.head.dep_ == "prep" and at.head.head.i in verbs and at.i > at.head.head.i

    @property
    def grounds(self) -> frozenset[int]:
        """The tokens that head a name the gazetteer has, countries apart: what can be taken."""
        spans_known = (
            located.span for located in self.places if located.place.place_id and located.place.precision != 6
        )
        spans = (self.doc.char_span(s.head_start, s.head_end, alignment_mode="expand") for s in spans_known)
        return frozenset(span.root.i for span in spans if span is not None)


def document_of(article: Article, source_country: str | None = None) -> Document:
    """What of an article is coded."""
    return Document(
        article_id=article.article_id,
        version_id=article.version_id,
        title=article.title,
        text=article.text,
        language=article.language,
        published_day=article.published.local_day,
        dateline=article.dateline,
        country=source_country,
    )


def read_document(document: Document, wanted: frozenset[int] | None = None) -> Facts:
    """Find what events are made of. Parsed are the sentences ``wanted`` by their numbers, or the whole text."""
    text = document.text
    sentences = split_sentences(text)
    wanted = frozenset(range(len(sentences))) if wanted is None else wanted
    doc = parse(text, sentences, wanted)
    dates = find_dates(text, document.published_day)
    spans = tuple(s for s in find_places(doc, text) if not any(d.start <= s.head_start < d.end for d in dates))
    dateline = document.dateline or read_dateline(text)
    context = place_context(spans, dateline=dateline.place if dateline else None, source_country=document.country)
    places = tuple(PlaceFound(*pair) for pair in zip(spans, resolve_places(spans, context), strict=True))
    actors = find_actors(doc, text)
    country = context.countries[0] if context.countries else None
    return Facts(
        document=document,
        doc=doc,
        sentences=sentences,
        dates=dates,
        places=places,
        place_context=context,
        actors=actors,
        actor_context=replace(ActorContext(), spans=actors, event_country=country),
        tolls=tuple(find_tolls(text[s.start : s.end], s.start) if s.index in wanted else () for s in sentences),
        statements=find_statements(doc),
    )
