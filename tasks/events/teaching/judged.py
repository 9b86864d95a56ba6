"""Examples of what an installation knows: mentions that people judged, and what a language model pointed at.

Of such an article only a part is known, so only that part is asked: words that were judged, fields that were judged.
"""

from collections.abc import Iterator, Mapping, Sequence

from schemas.lesson import JudgedArticle, JudgedMention
from schemas.llm import Pointed, PointedEvent
from schemas.mention import Role
from tasks.events.document import Document
from tasks.events.reader.candidates import Candidate
from tasks.events.reader.model import taught
from tasks.events.reader.pieces import PieceSpan
from tasks.events.reader.read import CHOSEN, NAMED
from tasks.events.teaching.examples import Example, Incident, Seen, made_of, see
from tasks.reference.fold import fold

_TOLLS = ("killed", "injured", "detained", "displaced")
_SIDES = {"initiators": Role.INITIATOR, "targets": Role.TARGET}


def document_of(article: JudgedArticle) -> Document:
    """The article as it is coded."""
    return Document(
        article.article_id, article.version_id, article.title, article.text, article.language, article.published_day,
        article.dateline, article.country,
    )  # fmt: skip


def judged_example(article: JudgedArticle) -> Example | None:
    """An article of which people judged some mentions; ``None`` where it has no words.

    Mentions of one event are one incident. What was rejected tells of nothing, unless another mention says it does.
    """
    seen = see(document_of(article))
    if seen is None:
        return None
    groups: dict[object, list[JudgedMention]] = {}
    for number, mention in enumerate(article.mentions):
        if mention.right:
            groups.setdefault(mention.event or number, []).append(mention)
    incidents = tuple(_incident(seen, group) for group in groups.values())
    spans = {seen.pieces.span_of(*span) for mention in article.mentions for span in mention.tellings}
    return made_of(article.version_id, article.title or article.version_id, seen, incidents, tuple(sorted(spans)))


def pointed_example(article: JudgedArticle, events: Sequence[PointedEvent]) -> Example | None:
    """An article in which a language model pointed at events: what it points at is right, the rest is not known."""
    seen = see(document_of(article))
    if seen is None or not events:
        return None
    incidents = tuple(_pointed_incident(seen, event) for event in events)
    spans = {span for incident in incidents for span in incident.tellings}
    return made_of(article.version_id, article.title or article.version_id, seen, incidents, tuple(sorted(spans)))


def _incident(seen: Seen, group: Sequence[JudgedMention]) -> Incident:
    """The incident of one or more mentions; of two values of a field both are right."""
    tellings = tuple(sorted({seen.pieces.span_of(*span) for mention in group for span in mention.tellings}))
    right, given = {}, {}
    for field in CHOSEN:
        judged_values = [mention.values for mention in group if _column(field) in mention.values]
        given[field] = not judged_values or any(values[_column(field)] is not None for values in judged_values)
        right[field] = tuple(sorted({n for values in judged_values for n in _right(field, values, seen, tellings)}))
    names = {field: tuple(_names(seen, field, group, tellings)) for field in NAMED}
    return Incident(
        tellings,
        tuple(t for t in _told(group, "sub_event_type") if t in taught().sub_types),
        _told(group, "status"),
        None,
        right,
        given,
        names,
        # A thing that was hit is a target of the reader's and no side in a review, so that targets are never complete.
        complete=frozenset({"initiators"} if _all_initiators(seen, group) else ()),
        apart=all(mention.event is not None for mention in group),
    )


def _column(field: str) -> str:
    return {"date": "date_start", "place": "place_name"}.get(field, f"{field}_best")


def _told(group: Sequence[JudgedMention], column: str) -> tuple[str, ...]:
    return tuple(sorted({str(mention.values[column]) for mention in group if mention.values.get(column)}))


def _right(field: str, values: Mapping[str, object], seen: Seen, tellings: Sequence[PieceSpan]) -> Iterator[int]:
    """The candidates that say a value: of tolls those in a sentence that tells of it, else all of that kind."""
    fitting = [(n, candidate) for n, candidate in enumerate(seen.candidates) if candidate.may_be(field)]
    agreeing = [n for n, candidate in fitting if _READ[candidate.kind](field, values, candidate)]
    if field in _TOLLS:
        told_in = {seen.pieces.sentence_of[first] for first, _ in tellings}
        beside = [n for n in agreeing if seen.pieces.sentence_of[seen.candidates[n].pieces[0]] in told_in]
        agreeing = beside or [n for n in agreeing if seen.candidates[n].value[1] == field]
    yield from agreeing


def _same_days(field: str, values: Mapping[str, object], candidate: Candidate) -> bool:
    start, last = candidate.when.start, candidate.when.end
    days = (start and start.isoformat(), last and last.isoformat())
    return days == (values[_column(field)], values.get("date_end") or values[_column(field)])


def _same_place(field: str, values: Mapping[str, object], candidate: Candidate) -> bool:
    if values.get("place_id") and candidate.place.place_id:
        return values["place_id"] == candidate.place.place_id
    names = {fold(name) for name in (candidate.place.name, candidate.place.gazetteer_name) if name}
    return fold(str(values[_column(field)])) in names


def _same_figure(field: str, values: Mapping[str, object], candidate: Candidate) -> bool:
    return candidate.value[2] == values[_column(field)]


_READ = {"date": _same_days, "place": _same_place, "toll": _same_figure}


def _names(
    seen: Seen, field: str, group: Sequence[JudgedMention], tellings: Sequence[PieceSpan]
) -> Iterator[PieceSpan]:
    """The pieces of a side's names: where they stand in sentences that tell, else where they stand first."""
    if field not in _SIDES:
        return
    told_in = {seen.pieces.sentence_of[first] for first, _ in tellings}
    for name in _side(group, field):
        spans = [seen.pieces.span_of(at, at + len(name)) for at in _places_of(name, seen.text)]
        yield from [span for span in spans if seen.pieces.sentence_of[span[0]] in told_in] or spans[:1]


def _side(group: Sequence[JudgedMention], field: str) -> tuple[str, ...]:
    role = _SIDES[field].value
    return tuple(dict.fromkeys(name for mention in group for name in mention.sides.get(role, ())))


def _all_initiators(seen: Seen, group: Sequence[JudgedMention]) -> bool:
    """Whether the initiators were judged, and each of them stands in the text."""
    judged = any(Role.INITIATOR.value in mention.sides for mention in group)
    return judged and all(_places_of(name, seen.text) for name in _side(group, "initiators"))


def _places_of(name: str, text: str) -> list[int]:
    """Where a name begins, in any case of letters."""
    positions, low, at = [], text.lower(), 0
    wanted = name.lower()
    while wanted and (at := low.find(wanted, at)) >= 0:
        positions.append(at)
        at += len(wanted)
    return positions


def _pointed_incident(seen: Seen, event: PointedEvent) -> Incident:
    pieces = seen.pieces
    pointers = event.tellings or (event.trigger,)
    right = {field: tuple(_pointed_at(seen, field, event)) for field in CHOSEN}
    names = {
        field: tuple(pieces.span_of(pointer.start, pointer.end) for pointer in event.fields if pointer.field == field)
        for field in NAMED
    }  # fmt: skip
    return Incident(
        tuple(sorted({pieces.span_of(pointer.start, pointer.end) for pointer in pointers})),
        (event.sub_event_type,) if event.sub_event_type in taught().sub_types else (),
        (event.status.value,),
        None,
        right,
        {field: field not in event.silent for field in CHOSEN},
        names,
        complete=frozenset(field for field in NAMED if names[field] or field in event.silent),
    )


def _pointed_at(seen: Seen, field: str, event: PointedEvent) -> list[int]:
    """The candidates within what is pointed at for a field, and those that say the same."""
    pointed = [one for one in event.fields if one.field == field]
    own = [n for n, one in enumerate(seen.candidates) if one.may_be(field) and any(_meets(one, p) for p in pointed)]
    values = {seen.candidates[n].value for n in own}
    return [n for n, one in enumerate(seen.candidates) if one.may_be(field) and one.value in values]


def _meets(candidate: Candidate, pointed: Pointed) -> bool:
    return candidate.start < pointed.end and pointed.start < candidate.end
