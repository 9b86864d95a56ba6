"""Articles with annotated incidents as examples to train the reader on: pieces, candidates, and which are right.

Read is the layout of the gold set ``conflict_news``: a line an article with ``id, title, publication_date, text`` and
``events``, each field a list of the values annotators gave, with ``spans`` of characters. Our own invented articles
(``seeds/models/reader/articles``) are kept in a compact form, which ``from_compact`` brings into that layout; what we
annotated in texts of others (``seeds/models/reader/annotations``) has characters and values only, and ``annotated``
brings it together with the texts.
"""

import json
import pickle
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from zlib import crc32

from tasks.events.document import Document, read_document
from tasks.events.language.casing import is_shouted, true_cased
from tasks.events.language.vocabulary import acts_by_subtype
from tasks.events.reader.candidates import Candidate, candidates_of
from tasks.events.reader.folder import SHIPPED
from tasks.events.reader.pieces import Pieces, PieceSpan, pieces_of
from tasks.events.reader.read import CHOSEN, NAMED
from tasks.events.tolls.casualties import TollSpan

Row = dict[str, Any]
ARTICLES = SHIPPED / "articles"
ANNOTATIONS = SHIPPED / "annotations"
#: Words that say nothing of which place is meant.
_SMALL_WORDS = frozenset({
    "the", "of", "in", "al", "city", "province", "town", "village", "countryside", "area", "governorate", "district",
    "near", "outside", "s",
})  # fmt: skip
#: One invented article in so many is never trained on: it answers for the kinds of mistakes it was written for.
HELD_BACK = 8
_TOLLS = ("killed", "injured", "detained", "displaced")


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident as annotated. ``right`` holds the numbers of the right candidates of a field; ``given`` says whether
    the text gives the field; ``names`` are the pieces of each side's names. ``asked`` are the questions its annotators
    answered (``sub_type`` and fields), ``None`` for all; where they did not say which words tell of it, ``tellings`` is
    empty.

    Nor is anything asked of what is not known: no sub-type or status, a field that is given and has no right candidate,
    the sides not in ``complete`` (a piece no name is known for may be one of theirs), and with ``apart`` false whether
    another incident of the article is the same one.
    """

    tellings: tuple[PieceSpan, ...]
    sub_types: tuple[str, ...]
    statuses: tuple[str, ...]
    aggregate: bool | None
    right: Mapping[str, tuple[int, ...]]
    given: Mapping[str, bool]
    names: Mapping[str, tuple[PieceSpan, ...]]
    asked: frozenset[str] | None = None
    complete: frozenset[str] = frozenset(NAMED)
    apart: bool = True


@dataclass(frozen=True, slots=True)
class Example:
    """An article. ``fields`` holds for each chosen field the numbers of the candidates that may answer it.

    ``judged`` are the pieces of which it is known whether they tell of an incident; ``None``: all of them.
    """

    id: str
    story: str
    text: str
    pieces: Pieces
    features: tuple[tuple[int, ...], ...]
    at: tuple[PieceSpan, ...]
    values: tuple[tuple[object, ...], ...]
    fields: Mapping[str, tuple[int, ...]]
    incidents: tuple[Incident, ...]
    judged: tuple[PieceSpan, ...] | None = None

    @property
    def rejected(self) -> tuple[PieceSpan, ...]:
        """Of the judged pieces those that tell of nothing."""
        told = [span for incident in self.incidents for span in incident.tellings]
        return tuple(s for s in self.judged or () if not any(s[0] < last and first < s[1] for first, last in told))


@dataclass(frozen=True, slots=True)
class Seen:
    """A document as the reader sees it before it decides anything: its text in a reader's case, pieces, candidates."""

    text: str
    pieces: Pieces
    candidates: tuple[Candidate, ...]


def see(document: Document) -> Seen | None:
    """The pieces and candidates of a document read whole; ``None`` where it has no words."""
    read = replace(document, text=true_cased(document.text)) if is_shouted(document.text) else document
    facts = read_document(read)
    sentences = [(sentence.start, sentence.end) for sentence in facts.sentences]
    pieces = pieces_of(read.text, sentences, read.title, read.published_day)
    return Seen(read.text, pieces, candidates_of(facts, pieces)) if pieces.ids else None


def fold_of(title: str, folds: int) -> int:
    """The fold of a story: articles of one title are never in two."""
    return crc32(title.strip().lower().encode()) % folds


def is_held_back(invented_id: str) -> bool:
    """Whether an invented article is kept out of training; those of the demo never are, it shows what it was taught."""
    return not invented_id.startswith("inv-demo") and crc32(invented_id.encode()) % HELD_BACK == 0


def invented(*, held_back: bool) -> list[Row]:
    """Our own articles in the gold layout: those kept out of training, or the others."""
    lines = [line for file in sorted(ARTICLES.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    return [from_compact(row) for row in map(json.loads, lines) if is_held_back(row["id"]) is held_back]


def annotated(gold: Path) -> list[Row]:
    """Articles of other gold sets below ``gold`` that we annotated whole, in the gold layout, sorted by set and id.

    Raises ``KeyError`` where a set has no article of an annotated id.
    """
    articles = []
    for file in sorted(ANNOTATIONS.glob("*.jsonl")):
        texts = _texts(gold / file.stem)
        for row in map(json.loads, file.read_text("utf-8").splitlines()):
            article = texts[row["id"]]
            events = [_event(event, event["spans"], article["text"]) for event in row["events"]]
            values = {"id": f"{file.stem} {row['id']}", "publication_date": row["published"], "events": events}
            articles.append({**article, **values})
    return articles


def _texts(folder: Path) -> dict[str, Row]:
    """Title and text of each article of a set by its id."""
    lines = [line for file in sorted(folder.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    return {row["id"]: {"title": row.get("title") or "", "text": row["text"]} for row in map(json.loads, lines)}


def from_compact(row: Row) -> Row:
    """An article in the compact form as one in the gold layout. Raises ``ValueError`` where a quote does not stand."""
    text, starts = "", []
    for number, sentence in enumerate(row["sentences"]):
        text += "" if not number else " " if number % 3 else "\n\n"
        starts.append(len(text))
        text += sentence["text"]
    sentences = [sentence["text"] for sentence in row["sentences"]]

    def spans(pointers: Iterable[Any]) -> list[list[int]]:
        positions = []
        for number, words in pointers:
            begin = starts[number] + sentences[number].index(words)
            positions.append([begin, begin + len(words)])
        return positions

    def event(compact: Row) -> Row:
        pointed = {name: spans(compact[name]) for name in ("t", "d", "p", "cl", "dn")}
        sides = {name: [spans(actor) for actor in compact[name]] for name in ("i", "o")}
        tolls = {name: spans((compact[name] or {}).get("q", [])) for name in _SHORT.values()}
        figures = {name: (compact[name] or {}).get("n") for name in _SHORT.values()}
        return _event({**compact, **figures}, {**pointed, **sides, **tolls}, text)

    return {
        "id": row["id"],
        "title": row["title"],
        "publication_date": row["published"],
        "text": text,
        "kinds": row.get("kinds", []),
        "events": [event(compact_event) for compact_event in row["events"]],
    }


#: Fields by their keys in the compact form.
_SHORT = {"killed": "kl", "injured": "in", "detained": "de", "displaced": "dp"}
_SIDES = {"initiators": "i", "targets": "o"}
_CLAIMS = {"claimed_by": "cl", "denied_by": "dn"}


def _event(event: Row, spans: Row, text: str) -> Row:
    """An event of the compact form, its ``spans`` in ``text`` by the compact keys, in the gold layout."""

    def words(pointers: Iterable[Sequence[int]]) -> list[str]:
        return [text[start:end] for start, end in pointers]

    named = words(spans["p"][:1])
    return {
        "type": [acts_by_subtype()[event["k"]].event_type], "sub_type": [event["k"]], "status": [event["st"]],
        "aggregate": bool(event["sum"]), "date": [[event["d0"], event["d1"]]],
        "place": [event["pn"], *named] if event["pn"] else named or [None],
        "admin1": [event["a1"]], "country": [event["c"]],
        **{side: [name for actor in spans[key] for name in words(actor)] for side, key in _SIDES.items()},
        **{field: [_toll(event[key])] for field, key in _SHORT.items()},
        **{field: words(spans[key]) for field, key in _CLAIMS.items()},
        "optional": False,
        "spans": {
            "tellings": spans["t"], "date": spans["d"], "place": spans["p"],
            **{field: spans[key] for field, key in {**_SIDES, **_SHORT, **_CLAIMS}.items()},
        },
    }  # fmt: skip


def _toll(figures: Sequence[int | None] | None) -> Row:
    low, best, high = figures or (None, None, None)
    return {"low": low, "best": best, "high": high}


def examples(rows: Sequence[Row], cache: Path | None = None) -> list[Example]:
    """The examples of some rows; what the annotators find is kept in ``cache``, for it takes longest."""
    if cache is not None and cache.exists():
        ids, stored = pickle.loads(cache.read_bytes())  # noqa: S301 - a file of our own
        if ids == [row["id"] for row in rows]:
            loaded: list[Example] = stored
            return loaded
    made = [example for row in rows if (example := example_of(row)) is not None]
    if cache is not None:
        cache.write_bytes(pickle.dumps(([row["id"] for row in rows], made)))
    return made


def example_of(row: Row) -> Example | None:
    """One article; ``None`` where it has no words."""
    published = _day(str(row["publication_date"])[:10]) if row.get("publication_date") else None
    seen = see(Document(row["id"], row["id"], row.get("title"), row["text"], "en", published))
    if seen is None:
        return None
    events = [event for event in row["events"] if event["spans"]["tellings"] or event.get("asked")]
    incidents = tuple(_incident(event, seen.pieces, seen.candidates) for event in events)
    return made_of(row["id"], row.get("title") or row["id"], seen, incidents)


def made_of(
    name: str, story: str, seen: Seen, incidents: tuple[Incident, ...], judged: tuple[PieceSpan, ...] | None = None
) -> Example:
    """An example of what was seen of an article and what is known of it."""
    candidates = seen.candidates
    return Example(
        id=name,
        story=story,
        text=seen.text,
        pieces=seen.pieces,
        features=tuple(candidate.features for candidate in candidates),
        at=tuple(candidate.pieces for candidate in candidates),
        values=tuple(candidate.value for candidate in candidates),
        fields={field: tuple(n for n, c in enumerate(candidates) if c.may_be(field)) for field in CHOSEN},
        incidents=incidents,
        judged=judged,
    )


def with_one_event(row: Row, asked: frozenset[str]) -> Row:
    """An article whose annotators say what one event it tells of, but not in which words, in the gold layout.

    ``row`` has the key ``events`` with one event: ``sub_type``, or ``date`` (a day), ``locations`` (names), ``killed``
    and ``injured`` (persons). Only what is ``asked`` is answered.
    """
    event = row["events"][0]
    day = event.get("date")
    told: Row = {
        "sub_type": [event["sub_type"]] if event.get("sub_type") else [],
        "status": ["happened"], "aggregate": None,
        "date": [[day, day]], "place": [place for place in event.get("locations", []) if place] or [None],
        "initiators": [], "targets": [], "claimed_by": [], "denied_by": [],
        **{field: [{"low": None, "best": event.get(field) or None, "high": None}] for field in _TOLLS},
        "asked": sorted(asked),
        "spans": {name: [] for name in ("tellings", "date", "place", *NAMED, *_TOLLS)},
    }  # fmt: skip
    return {**row, "events": [told]}


def _incident(event: Row, pieces: Pieces, candidates: Sequence[Candidate]) -> Incident:
    spans = event["spans"]
    tellings = tuple(sorted({pieces.span_of(*span) for span in spans["tellings"]}))
    told_in = {pieces.sentence_of[first] for first, _ in tellings}
    right: dict[str, tuple[int, ...]] = {
        "date": tuple(_right_dates(event, candidates)),
        "place": tuple(_right_places(event, candidates)),
    }
    given = {"date": any(day[0] for day in event["date"]), "place": any(event["place"])}
    for field in _TOLLS:
        figures = _figures(event[field])
        given[field] = bool(figures)
        right[field] = tuple(_right_tolls(field, figures, spans[field], pieces, candidates, told_in))
    names = {
        **{field: tuple(pieces.span_of(*s) for actor in spans[field] for s in actor) for field in NAMED[:2]},
        **{field: tuple(pieces.span_of(*s) for s in spans[field]) for field in NAMED[2:]},
    }
    asked = frozenset(event["asked"]) if event.get("asked") else None
    return Incident(
        tellings, tuple(event["sub_type"]), tuple(event["status"]), event["aggregate"], right, given, names, asked
    )


def _right_dates(event: Row, candidates: Sequence[Candidate]) -> list[int]:
    """The dates whose days are the annotators'; failing that, those that begin within theirs."""
    days = [(_day(first), _day(last) or _day(first)) for first, last in event["date"] if first]
    dates = [(n, candidate.when) for n, candidate in enumerate(candidates) if candidate.kind == "date"]
    exact = [n for n, when in dates if (when.start, when.end) in days]
    return exact or [n for n, when in dates if when.start and any(a and b and a <= when.start <= b for a, b in days)]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _right_places(event: Row, candidates: Sequence[Candidate]) -> list[int]:
    """The places whose name has all the words of an annotator's, or the other way round."""
    names = [words for name in event["place"] if name and (words := _words(name))]
    places = [
        (n, _words(candidate.place.name or "")) for n, candidate in enumerate(candidates) if candidate.kind == "place"
    ]
    return [n for n, words in places if words and any(words <= name or name <= words for name in names)]


def _words(name: str) -> frozenset[str]:
    plain = re.sub(r"[^\w ]", " ", name.lower().replace("-", " ").replace("'", ""))
    return frozenset(plain.split()) - _SMALL_WORDS


def _figures(values: Iterable[Row | None]) -> set[int]:
    """The best figures any annotator gave; the lower end where it has no best."""
    rows = [value for value in values if value]
    figures = {value["best"] if value["best"] is not None else value["low"] for value in rows}
    return figures - {None}


def _right_tolls(
    field: str, figures: set[int], spans: Sequence[Sequence[int]], pieces: Pieces, candidates: Sequence[Candidate],
    told_in: set[int],
) -> Iterator[int]:  # fmt: skip
    """The counts with a right figure that stand where the annotators point, or beside words that tell of it."""
    for number, candidate in enumerate(candidates):
        if candidate.kind != "toll" or candidate.value[2] not in figures:
            continue
        extent = [(candidate.start, candidate.end)]
        if isinstance(candidate.found, TollSpan):
            extent.append((candidate.found.start, candidate.found.end))
        points = any(first < stop and start < last for first, last in extent for start, stop in spans)
        same_kind = candidate.value[1] == field
        beside = same_kind and pieces.sentence_of[candidate.pieces[0]] in told_in
        if points or beside or (same_kind and not spans):
            yield number
