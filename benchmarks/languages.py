"""Quotes in other languages than English, the share read right: ``python -m benchmarks.languages --gold DIR [--json]``.

``other_languages/dev.jsonl`` marks the words of each event's fields, as a model would point at them. Measured is what
the product's own readers make of them: the first and last day; killed, injured, detained and displaced as low, best and
high; the place, whose name or first-order unit is right in the right country; the kind of each actor. A field counts
where the set gives it words and a value. The set names no kinds of actors: ``languages_actors.csv`` has them.

``--folds`` gives each figure by thirds of the documents, ``--misses`` what was read wrong. ``--gate`` exits 1 where a
figure lies below its pin (``floors.json``, "languages"); ``--pin`` writes the pin.
"""

import argparse
import csv
import hashlib
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.corpus import require, tell
from benchmarks.floors import below, pin, pinned
from schemas.mention import Place, Toll, When
from tasks.events.coder.quoting import Quotes
from tasks.reference.fold import loose_key, name_key
from tasks.reference.gazetteer import lookup
from tasks.reference.places import admin1_units, countries

Json = dict[str, Any]
Span = tuple[int, int]
SET = "other_languages"
TOLLS = ("killed", "injured", "detained", "displaced")
_FOLDS = 3
_LABELS = Path(__file__).with_name("languages_actors.csv")


def _records(path: Path) -> list[Json]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def fold_of(record: Json) -> int:
    """The third a document is in."""
    return int(hashlib.sha256(record["id"].encode()).hexdigest(), 16) % _FOLDS


def _spans(event: Json, field: str) -> list[Span]:
    return [(start, end) for start, end in event["spans"][field]]


def _quotes(record: Json) -> Quotes:
    published = record["publication_date"]
    return Quotes(
        text=record["text"],
        title=record["title"],
        language=record["language"],
        published=date.fromisoformat(published) if published else None,
        country=None,
    )


def _date_is_right(read: When | None, event: Json) -> bool:
    days = [str(read.start) if read and read.start else None, str(read.end) if read and read.end else None]
    return days in event["date"]


def _toll_is_right(read: Toll | None, gold: list[Json]) -> bool:
    return read is not None and any((read.low, read.best, read.high) == (g["low"], g["best"], g["high"]) for g in gold)


def _country_of(name: str | None) -> str | None:
    wanted = name_key(name or "")
    return next((c.iso2 for c in countries().values() if wanted in {name_key(n) for n in c.names}), None)


def _alike(one: str | None, other: str | None) -> bool:
    one, other = (re.sub(r" (?:Oblast|Province|Governorate|Region)$", "", name or "") for name in (one, other))
    return bool(one and other) and (
        name_key(one or "") == name_key(other or "") or loose_key(one or "") == loose_key(other or "")
    )


def _place_is_right(read: Place | None, event: Json) -> bool:
    """In the right country, and the name or the unit; where the set names only a country, that."""
    country = _country_of(event["country"][0])
    if read is None or read.country != country:
        return False
    names = [name for name in event["place"] if name]
    unit = event["admin1"][0]
    if any(_alike(read.gazetteer_name, name) or read.place_id in {p.id for p in lookup(name)} for name in names):
        return True
    if unit:
        others = [u for u in admin1_units().values() if u.country == country and any(_alike(n, unit) for n in u.names)]
        return _alike(read.admin1, unit) or read.admin1 in {u.name for u in others}
    return not any(name.isascii() for name in names) or (read.precision or 0) >= 5


def _labels() -> dict[tuple[str, str, int, int], frozenset[str]]:
    with _LABELS.open(encoding="utf-8") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {
            (row["id"], row["side"], int(row["start"]), int(row["end"])): frozenset(row["kinds"].split("|"))
            for row in rows
        }


def answers(record: Json, labels: dict[tuple[str, str, int, int], frozenset[str]]) -> Iterator[tuple[str, bool, str]]:
    """Each field of a document that counts: its name, whether it is read right, and what was wrong."""
    quotes = _quotes(record)
    text = record["text"]
    for event in record["events"]:
        if _spans(event, "date") and any(days != [None, None] for days in event["date"]):
            when = quotes.date(_spans(event, "date"))
            told = f"{_words(text, event, 'date')} gold {event['date']} read {when and (when.start, when.end)}"
            yield "date", _date_is_right(when, event), told
        for field in TOLLS:
            if _spans(event, field) and any(gold["best"] is not None for gold in event[field]):
                toll = quotes.toll(_spans(event, field))
                told = f"{field} {_words(text, event, field)} gold {event[field]} read {toll}"
                yield "toll", _toll_is_right(toll, event[field]), told
        place = quotes.place(_spans(event, "place")) if event["spans"]["place"] else None
        if event["spans"]["place"] and event["country"][0]:
            read = place and (place.gazetteer_name, place.admin1, place.country, place.reason)
            told = f"{_words(text, event, 'place')} gold {event['admin1']}, {event['country']} read {read}"
            yield "place", _place_is_right(place, event), told
        yield from _actors(record, event, quotes, labels)


def _actors(
    record: Json, event: Json, quotes: Quotes, labels: dict[tuple[str, str, int, int], frozenset[str]]
) -> Iterator[tuple[str, bool, str]]:
    where = _country_of(event["country"][0])
    for side in ("initiators", "targets"):
        for mentions in event["spans"][side]:
            start, end = mentions[0]
            wanted = labels.get((record["id"], side, start, end))
            if wanted is not None:
                actor = quotes.actor((start, end), where, target=side == "targets")
                told = f"{side} {record['text'][start:end]!r} gold {sorted(wanted)} read {actor.kind}"
                yield "actor", actor.kind in wanted, told


def _words(text: str, event: Json, field: str) -> list[str]:
    return [text[start:end] for start, end in _spans(event, field)]


def measure(records: list[Json]) -> tuple[dict[str, float], dict[int, dict[str, float]], dict[str, int], list[str]]:
    """Per cent right by field, and by language and field; the same by thirds; how many count; and the misses."""
    counts: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    misses: list[str] = []
    labels = _labels()
    for record in records:
        for field, right, told in answers(record, labels):
            for fold in (-1, fold_of(record)):
                for name in (field, f"{record['language']}_{field}"):
                    counts[fold, name][0] += right
                    counts[fold, name][1] += 1
            if not right:
                misses.append(f"{record['language']} {record['id']} {field}: {told}")
    share = {key: round(100 * right / total, 1) for key, (right, total) in counts.items()}
    figures = {name: value for (fold, name), value in sorted(share.items()) if fold == -1}
    folds = {n: {name: value for (fold, name), value in sorted(share.items()) if fold == n} for n in range(_FOLDS)}
    return figures, folds, {name: counts[-1, name][1] for name in figures}, misses


def main() -> int:
    """Print the figures; the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--gold", type=Path, help="folder with one folder a set")
    parser.add_argument("--json", action="store_true", help="print for machines")
    parser.add_argument("--misses", action="store_true", help="print what was read wrong")
    parser.add_argument("--folds", action="store_true", help="print the figures by thirds of the documents")
    parser.add_argument("--gate", action="store_true", help="exit 1 where a figure is below floors.json")
    parser.add_argument("--pin", action="store_true", help="write the figures to floors.json")
    options = parser.parse_args()
    path = require(options.gold, "--gold", "<set>/dev.jsonl") / SET / "dev.jsonl"
    if not path.exists():
        sys.stderr.write(f"no {path}\n")
        return 2
    figures, folds, counted, misses = measure(_records(path))
    shown = {SET: figures}
    if options.folds:
        shown |= {f"{SET} {n}": fold for n, fold in folds.items()}
    if options.json:
        sys.stdout.write(json.dumps({**shown, "counted": counted} if not options.folds else shown) + "\n")
    else:
        tell(shown, misses, options)
    if options.json and options.misses:
        sys.stdout.write("\n".join(misses) + "\n")
    hashes = {SET: hashlib.sha256(path.read_bytes()).hexdigest()}
    if options.pin:
        pin("languages", hashes, {SET: figures})
    faults = below(pinned("languages"), hashes, {SET: figures}) if options.gate else []
    sys.stderr.write("".join(f"{fault}\n" for fault in faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
