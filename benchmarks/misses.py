"""Sort the misses of one measure by cause: ``benchmarks.misses --gold DIR --set NAME --field FIELD [--limit 50]``.

Sets of one event a document (``pitf_atrocities``, ``gva_longtail``): ``date`` (within a day), ``place``, ``killed``,
``injured``.
``muc4``: ``event``, ``type``, ``country``, ``place``, ``killed``, ``injured``, and the names ``perpetrators``,
``victims``, ``physical_targets``. ``syria_news``: ``place``. Prints a line a miss (document, cause, what the key has,
what we said) and how many of each cause, of the first ``--limit`` misses in the order of the file.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks import muc4
from benchmarks.casualties import sum_tolls
from benchmarks.event_sets import (
    Row,
    coded_single,
    dated_document,
    document,
    field_event,
    lead_order,
    main_first,
    rows_of,
    scorer,
    single_event,
    titled_document,
)
from schemas.mention import EventMention
from tasks.events.coder.code import code_text
from tasks.events.document import read_document
from tasks.events.language.casing import true_cased
from tasks.events.language.sentences import split_sentences
from tasks.events.tolls.casualties import TollKind, find_tolls


@dataclass(frozen=True, slots=True)
class Miss:
    """One miss: where, why, what the key has and what was said."""

    row_id: str
    cause: str
    wanted: object
    said: object


def of_single(folder: Path, field: str) -> Iterator[Miss]:
    """The misses of a set with one event a document."""
    module = scorer(folder.parent / "score_single.py")
    for row in rows_of(folder / "dev.jsonl"):
        if not row.get("core_stated"):
            continue
        gold = row["events"][0]
        mentions = coded_single(row, civilian=folder.name == "pitf_atrocities")
        ours = main_first(mentions, row["publication_date"])
        scored = module.one(gold, ours[0] if ours else None).get(_measure(field), (1, 0, 0))
        if not scored[0]:
            wanted = gold.get(field) if field != "place" else gold.get("locations")
            yield Miss(
                row["id"], _cause(module, row, field, mentions), wanted, ours[0].get(_said(field)) if ours else None
            )


def _measure(field: str) -> str:
    return {"killed": "killed_accuracy", "injured": "injured_accuracy", "date": "date_1day"}.get(field, field)


def _said(field: str) -> str:
    return "locations" if field == "place" else field


def _cause(module: ModuleType, row: Row, field: str, mentions: tuple[EventMention, ...]) -> str:
    if not mentions:
        return "no event"
    gold, measure = row["events"][0], _measure(field)
    if any(module.one(gold, single_event(m)).get(measure, (0,))[0] for m in sorted(mentions, key=lead_order)):
        return "another mention has it"
    read = titled_document(row)
    if field == "place":
        found = [place.span.text for place in read_document(read).places]
        return (
            "found, not chosen" if any(module.same(w, f) for w in gold["locations"] for f in found) else "never found"
        )
    if field in ("killed", "injured"):
        kind = TollKind(field)
        tolls = [find_tolls(read.text[s.start : s.end], s.start) for s in split_sentences(read.text)]
        figures = {t.best for held in tolls for t in held if t.kind is kind}
        figures |= {total.best for held in tolls if (total := sum_tolls(held, kind))}
        return "the grammar reads it" if gold[field] in figures else "the grammar reads another"
    return "another date chosen"


def of_muc4(folder: Path, field: str) -> Iterator[Miss]:
    """The misses of MUC-4: of events, of their slots, of the names in them."""
    module = scorer(folder / "score.py")
    for row in rows_of(folder / "dev.jsonl"):
        mentions = code_text(document(row))
        typed = [m for m in mentions if m.sub_event_type in muc4.TYPES]
        every = [muc4.template(m, muc4.day_of(row)) for m in typed]
        ours = muc4.templates(mentions, row["publication_date"])
        pairs = dict(module.align(row["events"], ours))
        for index, gold in enumerate(row["events"]):
            if gold["optional"]:
                continue
            if index not in pairs:
                yield Miss(row["id"], _lost(module, gold, every, ours), _wanted(gold, field), None)
            elif field != "event":
                yield from _slot_misses(module, row, gold, ours[pairs[index]], field)


def _wanted(gold: Row, field: str) -> object:
    return (
        gold["type"] if field == "event" else gold["location"]["raw"] if field in ("country", "place") else gold[field]
    )


def _lost(module: ModuleType, gold: Row, every: list[Row], ours: list[Row]) -> str:
    """Why an event of the key was not found."""
    if not every:
        return "event missed: no violent mention"
    if any(module.pairscore(gold, p) > 0 for p in ours):
        return "event missed: its mention answers another event"
    agrees = any(module.pairscore(gold, p) > 0 for p in every)
    return "event missed: its mention is read as out of scope" if agrees else "event missed: no mention agrees"


def _slot_misses(module: ModuleType, row: Row, gold: Row, ours: Row, field: str) -> Iterator[Miss]:
    if field in ("type", "country", "place", "killed", "injured"):
        slot = module.slots(gold, ours)[f"{field}_range" if field in ("killed", "injured") else field]
        if slot[2]:
            said = ours["locations" if field == "place" else field]
            yield Miss(row["id"], f"{field}: {'none' if not said else 'another'} chosen", _wanted(gold, field), said)
        return
    keys = {"perpetrators": ("perpetrators", "perpetrator_organizations")}.get(field, (field,))
    said = [n for key in keys for f in ours["targets" if key == "physical_targets" else key] for n in f["any_of"]]
    names = _actors_named(row)
    for filler in (filler for key in keys for filler in gold[key] if not filler.get("optional")):
        given = module.alts(filler)
        if any(module.smatch(a, b) for a in given for b in said):
            continue
        seen = any(module.smatch(a, b) for a in given for b in names)
        yield Miss(row["id"], "name: found, no part given" if seen else "name: never found", given, said)


def _actors_named(row: Row) -> list[str]:
    text = true_cased(row["text"])
    facts = read_document(document({**row, "text": text}))
    return [actor.text for actor in facts.actors] + [chunk.text for chunk in facts.doc.noun_chunks]


def of_articles(folder: Path, field: str) -> Iterator[Miss]:
    """The misses of a field of whole articles: of events missed, of events found, and what was said too much."""
    module = scorer(folder.parent / "score_events.py")
    for row in rows_of(folder / "dev.jsonl"):
        ours = [field_event(m) for m in code_text(dated_document(row))]
        taken: set[int] = set()
        for gold in row["events"]:
            best = max(
                (i for i in range(len(ours)) if i not in taken), key=lambda i: module.agree(gold, ours[i]), default=None
            )
            if best is None or not module.agree(gold, ours[best]):
                if not gold["optional"]:
                    yield Miss(row["id"], "event missed", gold.get(field), None)
                continue
            taken.add(best)
            has, said, right = module.value(gold, ours[best], field)
            if (has or said) and not right:
                cause = "another chosen" if has and said else "none chosen" if has else "given where the key has none"
                yield Miss(row["id"], cause, gold.get(field), ours[best].get(field))
        yield from (
            Miss(row["id"], "event not in the key", None, o.get(field)) for i, o in enumerate(ours) if i not in taken
        )


SETS: dict[str, Callable[[Path, str], Iterator[Miss]]] = {
    "pitf_atrocities": of_single,
    "gva_longtail": of_single,
    "muc4": of_muc4,
    "syria_news": of_articles,
}


def main(argv: list[str]) -> int:
    """Print the misses and their causes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--gold", type=Path, required=True, help="folder with one folder a set")
    parser.add_argument("--set", required=True, choices=sorted(SETS))
    parser.add_argument("--field", required=True)
    parser.add_argument("--limit", type=int, default=50)
    options = parser.parse_args(argv)
    causes: Counter[str] = Counter()
    for miss in islice(SETS[options.set](options.gold / options.set, options.field), options.limit):
        causes[miss.cause] += 1
        print(f"{miss.row_id}\t{miss.cause}\t{_short(miss.wanted)}\t{_short(miss.said)}")
    for cause, count in causes.most_common():
        print(f"{count:4} {cause}")
    return 0


def _short(value: Any) -> str:
    return str(value)[:110]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
