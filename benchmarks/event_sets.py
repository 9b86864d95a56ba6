"""The gold sets the event coder is scored on: how each is read, what of a mention answers it, and its floor."""

import importlib.util
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks import muc4
from benchmarks.casualties import civilian_tolls, sum_tolls
from benchmarks.when import tempeval
from schemas.mention import EventMention, Place, Role, Status
from tasks.evaluation.gold import labels
from tasks.events.coder.asked import linked_places
from tasks.events.coder.code import code_text
from tasks.events.dates.expressions import find_dates
from tasks.events.document import Document, PlaceFound, read_document
from tasks.events.language.sentences import split_sentences
from tasks.events.places.capitals import CAPITAL, CAPITAL_RULE
from tasks.events.reader.model import taught
from tasks.events.tolls.casualties import TollKind, find_tolls
from tasks.reference.distance import km_between
from tasks.reference.places import country_name

Row = dict[str, Any]
#: A measure's figure: a number in per cent, or precision, recall and F1.
Figure = Any
Figures = dict[str, Figure]
Coded = Mapping[str, tuple[EventMention, ...]]

#: A date line stands within these first characters.
_HEAD = 120
#: UCDP's date precision of a week.
_WEEK = 3
#: ACLED's sub-types by the labels of CASE 2021 (``seeds/gold_labels.csv``); its other labels are no conflict events.
_CASE = dict(labels("case2021"))


@dataclass(frozen=True, slots=True)
class Result:
    """One set scored: our figures, the floor's, and how many documents were read."""

    ours: Figures
    floor: Figures
    documents: int


def rows_of(file: Path, limit: int | None = None) -> list[Row]:
    """The records of a gold file. Raises ``FileNotFoundError``."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()][:limit]


def scorer(path: Path) -> ModuleType:
    """The gold folder's own scorer, by path. Raises ``FileNotFoundError`` where it is absent."""
    spec = importlib.util.spec_from_file_location(f"gold_{path.parent.name}_{path.stem}", path)
    if spec is None or spec.loader is None or not path.exists():
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def document(row: Row) -> Document:
    """A gold row as the coder takes it: nothing but text, title and day of publication."""
    day = row.get("publication_date")
    published = date.fromisoformat(str(day)[:10]) if day else None
    return Document(str(row["id"]), str(row["id"]), row.get("title"), row["text"], "en", published)


def titled_document(row: Row) -> Document:
    """The same with its title as the first line, as a page shows it."""
    plain = document(row)
    titled = plain.title and not plain.text.startswith(plain.title)
    return replace(plain, text=f"{plain.title}\n{plain.text}") if titled else plain


def dated_document(row: Row) -> Document:
    """The same, published on the full date its text begins with: where they differ, the annotators used that one."""
    plain = document(row)
    heads = [span for span in find_dates(plain.text[:_HEAD], None) if span.when.start and span.when.precision == 1]
    return replace(plain, published_day=heads[0].when.start) if heads else plain


def plain_figures(scored: Mapping[str, Any]) -> Figures:
    """A scorer's answer as precision, recall and F1 alone."""
    return {name: {part: figure[part] for part in ("p", "r", "f")} for name, figure in scored.items()}


def names_of(mention: EventMention, role: Role) -> list[str]:
    """The actors of a role as the text names them."""
    return [actor.name for actor in mention.actors if actor.role is role]


def _place_name(place: Place) -> str | None:
    """A place as named; of a capital told by its country alone the town's name."""
    return place.gazetteer_name if CAPITAL_RULE in (place.reason or "") else place.name


def field_event(mention: EventMention) -> Row:
    """A mention in the form of ``score_events.py``."""
    return {
        "type": mention.event_type,
        "sub_type": mention.sub_event_type,
        "status": mention.status.value,
        "aggregate": mention.aggregate,
        "date_start": mention.when.start.isoformat() if mention.when.start else None,
        "date_end": mention.when.end.isoformat() if mention.when.end else None,
        # The gold keeps the country apart: a place is what lies below it.
        "place": _place_name(mention.place) if mention.place.precision != 6 else None,
        "country": country_name(mention.place.country),
        "initiators": names_of(mention, Role.INITIATOR),
        "targets": names_of(mention, Role.TARGET),
        "killed": mention.killed.best,
        "injured": mention.injured.best,
        "detained": mention.detained.best,
    }


def counted_rows(mentions: Iterable[EventMention]) -> list[Row]:
    """The mentions in the form of ``score_rows.py``: what falls under the threshold of counting is none."""
    least = taught().thresholds.counted
    return [field_event(m) for m in mentions if m.confidence >= least or m.status is not Status.HAPPENED or m.aggregate]


def conflict_news(folder: Path, rows: list[Row]) -> Result:
    """Whole articles by the rules of ``score_rows.py``: what a reader of the warehouse sees.

    ``again``, ``background`` and ``nothing`` are shares of the counted rows in per cent: the same incident once more,
    background or totals or plans taken for news, what agrees with nothing. The floor: one event of the commonest type.
    """
    module = scorer(folder.parent / "score_rows.py")
    ours = {row["id"]: counted_rows(code_text(document(row))) for row in rows}
    floor = {row["id"]: [_commonest(rows) | {"date_start": row["publication_date"]}] for row in rows}
    figures = {**plain_figures(module.score(rows, ours)), **row_faults(module, rows, ours)}
    return Result(figures, plain_figures(module.score(rows, floor)), len(rows))


def row_faults(module: ModuleType, rows: Sequence[Row], ours: Mapping[str, Sequence[Row]]) -> Figures:
    """What the counted rows that are no counted event are instead, in per cent of the counted rows."""
    agree = module._events.agree
    found: Counter[str] = Counter()
    for row in rows:
        said = [one for one in ours[row["id"]] if one["status"] == "happened" and not one["aggregate"]]
        found["rows"] += len(said)
        gold = [(event, module.counted(event) != "no") for event in row["events"]]
        pairs = sorted(
            (
                (agree(event, one) + 0.5 * counts, i, j)
                for i, (event, counts) in enumerate(gold)
                for j, one in enumerate(said)
                if agree(event, one)
            ),
            reverse=True,
        )
        mine: dict[int, int] = {}
        for _, i, j in pairs:
            if i not in mine and j not in mine.values():
                mine[i] = j
        used = {j: i for i, j in mine.items()}
        for j, one in enumerate(said):
            if j in used:
                found["background"] += not gold[used[j]][1]
            elif any(agree(event, one) for event, counts in gold if counts):
                found["again"] += 1
            else:
                found["background" if any(agree(event, one) for event, _ in gold) else "nothing"] += 1
    return {name: round(100 * found[name] / max(1, found["rows"]), 1) for name in ("again", "background", "nothing")}


def _commonest(rows: Sequence[Row]) -> Row:
    said = Counter(
        (e["type"][0], e["sub_type"][0]) for row in rows for e in row["events"] if e["type"] and e["sub_type"]
    )
    kind, sub_kind = said.most_common(1)[0][0]
    return {"type": kind, "sub_type": sub_kind, "status": "happened"}


def syria_news(folder: Path, rows: list[Row]) -> Result:
    """Whole articles by the rules of ``score_events.py``; the floor: one event of the commonest type a document."""
    module, counting = scorer(folder.parent / "score_events.py"), scorer(folder.parent / "score_rows.py")
    coded = {row["id"]: code_text(dated_document(row)) for row in rows}
    ours = {key: [field_event(mention) for mention in mentions] for key, mentions in coded.items()}
    counted = {key: counted_rows(mentions) for key, mentions in coded.items()}
    rows_seen = {f"counted_{name}": figure for name, figure in plain_figures(counting.score(rows, counted)).items()}
    floor = {row["id"]: [_commonest(rows) | {"date_start": row["publication_date"]}] for row in rows}
    figures = {**plain_figures(module.score(rows, ours)), **rows_seen}
    return Result(figures, plain_figures(module.score(rows, floor)), len(rows))


def muc4_set(folder: Path, rows: list[Row]) -> Result:
    """Whole articles in capitals by the rules of MUC-4's scorer, under the mapping of ``benchmarks/muc4.py``.

    The floor: one attack a document, in its dateline's place on its dateline's day.
    """
    module = scorer(folder / "score.py")
    ours = {row["id"]: muc4.templates(code_text(document(row)), row["publication_date"]) for row in rows}
    floor = {row["id"]: [_muc4_floor(row)] for row in rows}
    return Result(
        plain_figures(module.score(rows, ours)["all"]), plain_figures(module.score(rows, floor)["all"]), len(rows)
    )


def _muc4_floor(row: Row) -> Row:
    place = (row.get("dateline") or {}).get("place")
    return {"type": "attack", "date": row["publication_date"], "locations": [place] if place else []}


def single(folder: Path, rows: list[Row]) -> Result:
    """One-event documents marked ``core_stated``, by the rules of ``score_single.py``; the floor: publication day.

    ``killed_accuracy`` and ``injured_accuracy`` count a right "nobody" as well; the set's own date is exact,
    ``date_1day`` within a day, ``place`` the share with the place named.
    """
    module = scorer(folder.parent / "score_single.py")
    kept = [row for row in rows if row.get("core_stated")]
    atrocities = folder.name == "pitf_atrocities"
    ours = {row["id"]: main_first(coded_single(row, civilian=atrocities), row["publication_date"]) for row in kept}
    floor = {row["id"]: [{"date": row["publication_date"]}] for row in kept}
    figures = plain_figures(module.score(kept, ours))
    if atrocities:
        figures["within_25km"] = _within_25km(kept, ours)
    return Result(figures, plain_figures(module.score(kept, floor)), len(kept))


def coded_single(row: Row, *, civilian: bool) -> tuple[EventMention, ...]:
    """The mentions of a row; ``civilian``: under PITF's codebook, which counts no combatants where others died too."""
    read = document(row)
    mentions = code_text(read)
    return tuple(_of_civilians(read.text, m) for m in mentions) if civilian else mentions


def _of_civilians(text: str, mention: EventMention) -> EventMention:
    """A mention whose toll is the sum of the sentence it was read in, with the combatants taken out of that sum."""
    read = [piece.start for piece in mention.evidence if piece.field == "killed"]
    span = next(((s.start, s.end) for s in split_sentences(text) if read and s.start <= read[0] < s.end), None)
    tolls = find_tolls(text[slice(*span)]) if span else ()
    whole, part = (sum_tolls(t, TollKind.KILLED) for t in (tolls, civilian_tolls(tolls)))
    if whole is None or part is None or whole.best != mention.killed.best:
        return mention
    return replace(mention, killed=replace(mention.killed, low=part.low, best=part.best, high=part.high))


def main_first(mentions: Iterable[EventMention], published: str) -> list[Row]:
    """The one event of a document, which these sets say it has, then its mentions in the order they were tried.

    First comes the first mention in the text that counts somebody and is no total or background; what it leaves open
    is taken from the others, in that order. Killed and injured are those the coder is surest are what the text
    reports. An event the text does not date has the day of publication here.
    """
    ranked = sorted(mentions, key=lead_order)
    said = [single_event(mention) for mention in ranked]
    whole = {field: _first_said(said, field) for field in said[0]} if said else {}
    if whole:
        whole["killed"] = surest_toll(ranked, "killed")
        whole["injured"] = surest_toll(ranked, "injured")
    for row in (whole, *said) if said else ():
        row["date"] = row["date"] or published
    return [whole, *said] if said else []


def surest_toll(ranked: Sequence[EventMention], field: str) -> int | None:
    """The figure of ``killed`` or ``injured`` the reader is surest of.

    What happened goes before what is only feared; of equals the first stands.
    """
    figures = [(m, toll.best) for m in ranked if (toll := m.killed if field == "killed" else m.injured).best]
    figures = [pair for pair in figures if _is_told(pair[0])] or figures
    return max(figures, key=lambda pair: _sureness(pair[0], field))[1] if figures else None


def _sureness(mention: EventMention, field: str) -> float:
    sure = (piece.confidence or 0.0 for piece in mention.evidence if piece.field == field)
    return mention.confidence * max(sure, default=0.0)


def _is_told(mention: EventMention) -> bool:
    return mention.status in (Status.HAPPENED, Status.DENIED)


def lead_order(mention: EventMention) -> tuple[bool, bool, bool, int]:
    """The order in which mentions are tried as the one event of a document."""
    counted = (mention.killed.best or 0) > 0 or (mention.injured.best or 0) > 0
    return not _is_told(mention), mention.aggregate, not counted, mention.trigger_start


def _first_said(rows: list[Row], field: str) -> Any:
    """The first value given; two values for one field are two accounts, and the first told leads."""
    return next((row[field] for row in rows if row[field]), rows[0][field])


def single_event(mention: EventMention) -> Row:
    """A mention in the form of ``score_single.py``."""
    place = mention.place
    # These sets ask for a day: a month or more ("since March 2011") is none.
    day = mention.when.start if (mention.when.precision or 9) <= _WEEK else None
    return {
        "date": day.isoformat() if day else None,
        "locations": [name for name in (place.name, place.admin1, place.gazetteer_name) if name],
        "point": (place.latitude, place.longitude) if place.latitude is not None else None,
        "killed": mention.killed.best,
        "injured": mention.injured.best,
        "perpetrators": names_of(mention, Role.INITIATOR),
    }


def _within_25km(rows: list[Row], ours: Mapping[str, list[Row]]) -> float:
    """Of the documents with coordinates, the share whose place lies within 25 km of them, in per cent."""
    placed = [row for row in rows if row["events"][0].get("lat") is not None]
    near = sum(1 for row in placed if _near(row["events"][0], ours[row["id"]][:1]))
    return round(100 * near / max(1, len(placed)), 1)


def _near(gold: Row, said: Sequence[Row]) -> bool:
    if not said or said[0]["point"] is None:
        return False
    return km_between(tuple(said[0]["point"]), (gold["lat"], gold["lon"])) <= 25


def case2021(folder: Path, rows: list[Row]) -> Result:
    """Snippets with one sub-type each: weighted F1 over ACLED's sub-types; the floor says the commonest one."""
    gold = {row["id"]: label for row in rows if (label := _CASE.get(str(row["events"][0]["type"])))}
    texts = {row["id"]: row for row in rows}
    ours = {key: _first_subtype(code_text(document(texts[key]))) for key in gold}
    commonest = Counter(gold.values()).most_common(1)[0][0]
    floor = {"weighted_f1": weighted_f1(gold, dict.fromkeys(gold, commonest))}
    return Result({"weighted_f1": weighted_f1(gold, ours)}, floor, len(gold))


def _first_subtype(mentions: Iterable[EventMention]) -> str:
    ranked = sorted(mentions, key=lambda m: (m.status is not Status.HAPPENED, m.trigger_start))
    return ranked[0].sub_event_type if ranked else ""


def weighted_f1(gold: dict[str, str], ours: dict[str, str]) -> float:
    """F1 of each label weighted by how often the gold has it, in per cent."""
    total = 0.0
    for label, count in Counter(gold.values()).items():
        right = sum(1 for key, true in gold.items() if true == label == ours.get(key))
        said = sum(1 for value in ours.values() if value == label)
        total += count * (2 * right / (said + count) if said + count else 0.0)
    return round(100 * total / max(1, len(gold)), 1)


def event_location(folder: Path, rows: list[Row]) -> Result:
    """The places of one verb, adjudicated rows: sets of names (``place_set``) and of their words (``place_words``).

    The floor: every place the gold names anywhere in the sentence, that is all of those found.
    """
    kept = [row for row in rows if row["gold"]]
    answers = [_located(row) for row in kept]
    gold = [{_bare(place["text"]) for place in row["events"][0]["locations"]} for row in kept]
    ours, every = [linked for linked, _ in answers], [found for _, found in answers]
    measures = {"place_set": _as_is, "place_words": _words}
    return Result(
        {name: set_figures(gold, ours, read) for name, read in measures.items()},
        {name: set_figures(gold, every, read) for name, read in measures.items()},
        len(kept),
    )


def _located(row: Row) -> tuple[set[str], set[str]]:
    """The places linked to a row's verb, and all the sentence names."""
    read = Document(row["id"], row["id"], None, row["text"], "en", None)
    facts, span = read_document(read), row["events"][0]["trigger"]
    linked = linked_places(facts, span["start"], span["end"])
    return _names(linked), _names(facts.places)


def _names(places: Iterable[PlaceFound]) -> set[str]:
    """The names of places; a capital told by its country alone ("the Haitian capital") is none the set marks."""
    return {_bare(found.span.head) for found in places if found.span.kind != CAPITAL}


def _bare(name: str) -> str:
    return " ".join(name.lower().removeprefix("the ").split())


def _as_is(names: set[str]) -> set[str]:
    return names


def _words(names: set[str]) -> set[str]:
    return {word for name in names for word in name.split()}


def set_figures(gold: list[set[str]], ours: list[set[str]], read: Callable[[set[str]], set[str]]) -> Figures:
    """Precision, recall and F1 of sets, in per cent."""
    right = sum(len(read(g) & read(o)) for g, o in zip(gold, ours, strict=True))
    said, true = sum(len(read(o)) for o in ours), sum(len(read(g)) for g in gold)
    parts = {"p": right / max(1, said), "r": right / max(1, true), "f": 2 * right / max(1, said + true)}
    return {name: round(100 * part, 1) for name, part in parts.items()}


def tempeval3(folder: Path, rows: list[Row]) -> Result:
    """Whole days among annotated time expressions: the share resolved right; the floor: the day of publication."""
    days = [
        (t["day"], row["publication_date"]) for row in rows for t in row["timexes"]
        if t["type"] in ("DATE", "TIME") and t.get("day")
    ]  # fmt: skip
    floor = round(100 * sum(day == published for day, published in days) / max(1, len(days)), 1)
    return Result(tempeval(rows), {"day": floor}, len(rows))


SETS: dict[str, Callable[[Path, list[Row]], Result]] = {
    "conflict_news": conflict_news,
    "syria_news": syria_news,
    "muc4": muc4_set,
    "pitf_atrocities": single,
    "gva_longtail": single,
    "case2021_task2": case2021,
    "event_location": event_location,
    "tempeval3": tempeval3,
}
