"""The built-in reader: it points at the words of every incident a text tells of.

A small encoder of our own training (``seeds/models/reader``, card in its README) reads the text in windows; heads on
its vectors tag the words that tell, join those of one incident, and choose among what the annotators found. It speaks
the protocol of ``docs/llm.md``: what it yields are pointers, values are read by ``tasks/events/coder``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from schemas.llm import Pointed, PointedEvent
from schemas.mention import Status
from tasks.events.document import Document, Facts, PlaceFound
from tasks.events.language.sentences import split_sentences
from tasks.events.language.vocabulary import event_words
from tasks.events.reader.candidates import Candidate, candidates_of
from tasks.events.reader.encoder import encode
from tasks.events.reader.heads import (
    Graph,
    graph_of,
    kinds,
    pointed,
    real,
    role_base,
    role_tags,
    together,
    trigger_tags,
)
from tasks.events.reader.layers import Array
from tasks.events.reader.model import taught
from tasks.events.reader.pieces import Pieces, pieces_of
from tasks.events.reader.tellings import Tagged, clusters, tagged

#: Fields answered by a candidate, and those answered by words of any kind, in the order the model was taught.
CHOSEN = ("date", "place", "killed", "injured", "detained", "displaced")
NAMED = ("initiators", "targets", "claimed_by", "denied_by")
#: Words are looked at again by the graph from here on; a trained number, not a setting.
_FIRST_LOOK = 0.35
#: Sentences from the top that are always read: where and when a text plays stands there.
_LEAD = 2


@dataclass(frozen=True, slots=True)
class _Text:
    """A text with everything that is computed once for all its incidents."""

    facts: Facts
    pieces: Pieces
    candidates: tuple[Candidate, ...]
    vectors: Array
    whole: Array
    graph: Graph
    base: Array


@dataclass(frozen=True, slots=True)
class _Telling:
    """Words that tell, as the graph numbers them."""

    number: int
    tagged: Tagged
    probability: float


@dataclass(frozen=True, slots=True)
class Looked:
    """A text after its first look: vectors, and the words that may tell of an incident (at least one).

    ``worth_reading`` are the sentences the annotators have to read for it.
    """

    pieces: Pieces
    vectors: Array
    whole: Array
    tagged: tuple[Tagged, ...]
    worth_reading: frozenset[int]


def look(document: Document) -> Looked | None:
    """The first look at a document; ``None`` where nothing in it may tell of an incident."""
    sentences = [(sentence.start, sentence.end) for sentence in split_sentences(document.text)]
    pieces = pieces_of(document.text, sentences, document.title, document.published_day)
    if not pieces.ids:
        return None
    vectors, whole = encode(pieces)
    found = tagged(trigger_tags(vectors), 1, _FIRST_LOOK)
    if not found:
        return None
    return Looked(pieces, vectors, whole, found, frozenset(_around(pieces, found, len(sentences))))


def _around(pieces: Pieces, found: Sequence[Tagged], count: int) -> Iterator[int]:
    """The sentences that may tell, their neighbours, and the lead."""
    yield from range(min(_LEAD, count))
    for one in found:
        index = pieces.sentence_of[one.pieces[0]]
        yield from range(max(0, index - 1), min(count, index + 2))


def read_events(facts: Facts, looked: Looked) -> tuple[PointedEvent, ...]:
    """The incidents of a document in text order, each with its pointers and probabilities."""
    candidates = candidates_of(facts, looked.pieces)
    graph = graph_of(looked.pieces, looked.vectors, [one.pieces for one in looked.tagged], candidates)
    base = role_base(looked.vectors)
    text = _Text(facts, looked.pieces, candidates, looked.vectors, looked.whole, graph, base)
    tellings = _tellings(looked.tagged, real(graph))
    if not tellings:
        return ()
    words = [facts.text[slice(*looked.pieces.characters(one.tagged.pieces))] for one in tellings]
    linked = together(graph, [one.number for one in tellings], words)
    groups = clusters(linked, taught().thresholds.together)
    events = [_event(text, [tellings[member] for member in group], number) for number, group in enumerate(groups)]
    return _each_name_to_its_own([event for event in events if event is not None])


#: A name belongs to an incident where it is at least this likely beside the incident it is likeliest of.
_ITS_OWN = 0.8


def _each_name_to_its_own(events: Sequence[PointedEvent]) -> tuple[PointedEvent, ...]:
    """The incidents without names that are far likelier another's: who laid the bomb did not shoot the councillor."""
    best: dict[tuple[str, int], float] = {}
    for event in events:
        for one in event.fields:
            key = (one.field, one.start)
            best[key] = max(best.get(key, 0.0), one.probability or 0.0)
    return tuple(
        replace(event, fields=fields, silent=event.silent | {*NAMED} - {one.field for one in fields})
        for event in events
        for fields in [tuple(one for one in event.fields if not _is_anothers(one, best))]
    )


def _sure_beside_the_others(found: Sequence[Pointed]) -> Iterator[Pointed]:
    """Of the names of one part those not far less sure than the surest of them."""
    best = max((one.probability or 0.0 for one in found), default=0.0)
    yield from (one for one in found if (one.probability or 0.0) >= _BESIDE * best)


#: A name is kept where it is at least this sure beside the surest of its part.
_BESIDE = 0.4


def _is_anothers(one: Pointed, best: Mapping[tuple[str, int], float]) -> bool:
    return one.field in NAMED and (one.probability or 0.0) < _ITS_OWN * best[one.field, one.start]


def _tellings(looked: Sequence[Tagged], real_ones: Array) -> list[_Telling]:
    """The words that tell in the eyes of tagger and graph together: the root of their product."""
    both = [
        _Telling(number, one, (one.probability * float(p)) ** 0.5)
        for number, (one, p) in enumerate(zip(looked, real_ones, strict=True))
    ]
    return [one for one in both if one.probability >= taught().thresholds.telling]


def _event(text: _Text, group: Sequence[_Telling], number: int) -> PointedEvent | None:
    """One incident; ``None`` where it is too unlikely to be kept."""
    limits = taught().thresholds
    members = [one.number for one in group]
    incident = text.graph.triggers[members].mean(0)
    types, statuses, total = kinds(incident, text.whole)
    told = max(one.probability for one in group)
    if told < limits.kept:
        return None
    status, aggregate, probability = _standing(told, statuses, total)
    tellings = sorted((_pointed(text, "telling", one.tagged, one.probability) for one in group), key=_by_place)
    main = max(tellings, key=lambda one: (round(one.probability or 0.0, 3), -one.start))
    fields = (*_chosen(text, incident, members), *_named(text, incident, members))
    return PointedEvent(
        number=number,
        sub_event_type=taught().sub_types[int(types.argmax())],
        status=status,
        trigger=Pointed("trigger", main.start, main.end, main.quote, round(float(types.max()), 4)),
        fields=fields,
        silent=frozenset({*CHOSEN, *NAMED} - {one.field for one in fields}),
        tellings=tuple(tellings),
        aggregate=aggregate,
        probability=round(probability, 4),
    )


def _standing(told: float, statuses: Array, total: float) -> tuple[Status, bool, float]:
    """Status, total or not, and how likely this is so: news that happened, wherever it is likely enough to count."""
    limits, names = taught().thresholds, taught().statuses
    happened = told * float(statuses[names.index(Status.HAPPENED)]) * (1.0 - total)
    if happened >= limits.counted:
        return Status.HAPPENED, False, happened
    number, aggregate = int(statuses.argmax()), total > limits.total
    return names[number], aggregate, told * float(statuses[number]) * (total if aggregate else 1.0 - total)


def _by_place(pointed_at: Pointed) -> tuple[int, int]:
    return pointed_at.start, pointed_at.end


def _pointed(text: _Text, field: str, one: Tagged, probability: float) -> Pointed:
    start, end = text.pieces.characters(one.pieces)
    return Pointed(field, start, end, text.facts.text[start:end], round(probability, 4))


def _chosen(text: _Text, incident: Array, members: Sequence[int]) -> Iterator[Pointed]:
    """The candidate each field is answered by, where one is likelier than silence."""
    for field in CHOSEN:
        numbers = [n for n, candidate in enumerate(text.candidates) if candidate.may_be(field)]
        shares = pointed(field, text.graph, incident, members, numbers)
        best = _likeliest(text, numbers, shares[1:])
        if best is None or best[1] <= float(shares[0]) * taught().thresholds.silence[field]:
            continue
        candidate = text.candidates[best[0]]
        start, end = candidate.start, candidate.end
        yield Pointed(field, start, end, text.facts.text[start:end], round(best[1], 4))


def _likeliest(text: _Text, numbers: Sequence[int], shares: Array) -> tuple[int, float] | None:
    """The value with the highest sum of probabilities, as its likeliest candidate and that sum."""
    sums: dict[object, tuple[float, float, int]] = {}
    for number, share in zip(numbers, shares.tolist(), strict=True):
        value = text.candidates[number].value
        key = value[-1] if text.candidates[number].kind == "toll" else value
        total, best, held = sums.get(key, (0.0, -1.0, number))
        sums[key] = (total + share, share, number) if share > best else (total + share, best, held)
    if not sums:
        return None
    total, _, number = max(sums.values(), key=lambda one: (round(one[0], 6), -one[2]))
    return number, total


def _named(text: _Text, incident: Array, members: Sequence[int]) -> Iterator[Pointed]:
    """The names of each side and of those who claim or deny it, the surest first."""
    tags = role_tags(text.vectors, text.base, text.graph, incident, members)
    for number, field in enumerate(NAMED):
        found = tagged(tags, 1 + 2 * number, taught().thresholds.actor)
        ranked = sorted(found, key=lambda one: (-round(one.probability, 4), one.pieces))
        named = [_whole_words(text.facts.text, _pointed(text, field, one, one.probability)) for one in ranked]
        names = [one for one in named if _is_a_name(text.facts.text, one)]
        acting = [one for one in names if not _is_related(text.facts.text, one)]
        yield from _sure_beside_the_others(acting or names)


def _whole_words(text: str, one: Pointed) -> Pointed:
    """What is pointed at with the letters its first and last word go on with."""
    start, end = one.start, one.end
    while start and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return replace(one, start=start, end=end, quote=text[start:end])


def _is_a_name(text: str, one: Pointed) -> bool:
    """Return False for the "s" of "Russia's", and for what only describes the next: "Iran-backed militiamen"."""
    described = _AFTER_A_NAME.match(text, one.end)
    return one.end - one.start > 1 and not (described and described[1].lower() in event_words("after_a_name"))


def _is_related(text: str, one: Pointed) -> bool:
    """Return True for whom another name only has to do with: "a group with ties to al-Qaeda"."""
    words = text[: one.start].lower().split()[-3:]
    if words and words[-1] in event_words("determiners"):
        words.pop()
    return " ".join(words[-2:]) in event_words("before_a_name")


_AFTER_A_NAME = re.compile(r"[-\u2010\u2011\u2013](\w+)")


#: A place is one of several of an incident where it is at least this likely beside the likeliest.
_ALSO = 0.3


def places_of(facts: Facts, start: int, end: int) -> tuple[PlaceFound, ...]:
    """The places of whatever some characters tell of, in text order; ``facts`` are of a text read whole."""
    sentences = [(sentence.start, sentence.end) for sentence in facts.sentences]
    pieces = pieces_of(facts.text, sentences, facts.document.title, facts.document.published_day)
    vectors, _ = encode(pieces)
    asked = pieces.span_of(start, end)
    others = [one.pieces for one in tagged(trigger_tags(vectors), 1, _FIRST_LOOK)]
    spans = [asked, *(s for s in others if s[1] <= asked[0] or asked[1] <= s[0])]
    candidates = candidates_of(facts, pieces)
    graph = graph_of(pieces, vectors, spans, candidates)
    numbers = [n for n, candidate in enumerate(candidates) if candidate.may_be("place")]
    shares = pointed("place", graph, graph.triggers[0], [0], numbers)[1:].tolist()
    best = max(shares, default=0.0)
    return tuple(
        found
        for number, share in zip(numbers, shares, strict=True)
        if share >= _ALSO * best and isinstance(found := candidates[number].found, PlaceFound)
    )
