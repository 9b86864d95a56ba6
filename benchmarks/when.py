"""Dates: the share read right. ``python -m benchmarks.when --gold DIR [--json] [--misses]``.

``tempeval3``: of the annotated days, those a span over the same words resolves to (a range over two annotated days
counts for its first and its last; "since X" for X). ``pitf_atrocities``: the date a simple document rule picks, scored
with ``score_single.py`` beside the sets, and its floor, the publication date.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.corpus import gold_arguments, tell
from tasks.events.dates.expressions import DateKind, DateSpan, choose_date, find_dates
from tasks.events.dates.spans import SINCE

Json = dict[str, Any]


def _records(path: Path) -> Iterator[Json]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _names(span: DateSpan, words: str, day: date) -> bool:
    first, last = span.when.start, span.when.end
    if first == day and (last == day or span.rule == SINCE):
        return True
    return span.kind is DateKind.RANGE and len(span.quote) > len(words) + 3 and day in (first, last)


def tempeval(records: Iterable[Json]) -> tuple[Json, list[str]]:
    """Whole days right, in per cent, overall and of weekday names; and the misses."""
    counts = {"all": [0, 0], "weekday": [0, 0]}
    misses: list[str] = []
    for record in records:
        spans = find_dates(record["text"], date.fromisoformat(record["publication_date"]))
        for timex in record["timexes"]:
            if timex["type"] not in ("DATE", "TIME") or not timex.get("day"):
                continue
            over = [s for s in spans if s.start < timex["end"] and timex["start"] < s.end]
            right = any(_names(s, timex["text"], date.fromisoformat(timex["day"])) for s in over)
            for name in ("all", "weekday") if re.search(r"[A-Z][a-z]+day\b", timex["text"]) else ("all",):
                counts[name][0] += right
                counts[name][1] += 1
            if not right:
                said = [(s.quote, str(s.when.start), s.when.reason) for s in over]
                misses.append(
                    f"{record['id']} {record['publication_date']} {timex['text']!r} gold {timex['day']} said {said}"
                )
    return {name: round(100 * right / max(1, n), 1) for name, (right, n) in counts.items()}, misses


def sentences(text: str) -> list[tuple[int, int]]:
    """Rough sentence spans, for the benchmark only."""
    cuts = [
        m.end()
        for m in re.finditer(
            r"(?<!\b[A-Z])(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{2})[.!?][\"\u201d']?\s+(?=[A-Z\"\u201c])", text
        )
    ]
    edges = [0, *cuts, len(text)]
    return list(pairwise(edges))


_TRIGGER = re.compile(
    r"(?i)\b(?:kill|massacre|murder|execut|behead|slaughter|bomb|attack|shot|shell|explo|blast|died|dead|death|burn|stabb|behead|raid)\w*"
)


def document_date(text: str, published: date | None) -> str | None:
    """The date of a one-event document: that of its first sentence with a trigger, then the rest, then publication."""
    spans = find_dates(text, published)
    parts = sentences(text)
    triggers = [(s, m.span()) for s in parts for m in [_TRIGGER.search(text, *s)] if m]
    for sentence, trigger in triggers or [(parts[0], parts[0])]:
        earlier = [s for s in parts if s[0] > sentence[0]] + [s for s in reversed(parts) if s[0] < sentence[0]]
        choice = choose_date(
            text,
            spans,
            sentence,
            trigger,
            earlier=earlier,
            published=published,
            reporting_day=True,
            publication_day=True,
        )
        return choice.when.start.isoformat() if choice.when.start else None
    return None


def pitf(folder: Path, gold: Path) -> Json:
    """Exact, within a day and within a week, F1 on ``core_stated``."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as out:
        for record in _records(gold):
            published = record["publication_date"]
            day = document_date(record["text"], date.fromisoformat(published) if published else None)
            out.write(json.dumps({"id": record["id"], "events": [{"date": day}]}) + "\n")
        out.flush()
        command = [sys.executable, str(folder / "score_single.py"), str(gold), "--only", "core_stated", "--json"]
        said = json.loads(
            subprocess.run([*command[:3], out.name, *command[3:]], check=True, capture_output=True, text=True).stdout
        )
        floor = json.loads(
            subprocess.run([*command, "--baseline", "pubdate"], check=True, capture_output=True, text=True).stdout
        )
    names = ("date", "date_1day", "date_7days")
    return {name: said[name]["f"] for name in names} | {f"floor_{name}": floor[name]["f"] for name in names}


def main() -> int:
    """Print the figures of the sets that are there."""
    options = gold_arguments(__doc__)
    result: Json = {}
    misses: list[str] = []
    if (path := options.gold / "tempeval3" / "dev.jsonl").exists():
        result["tempeval3"], misses = tempeval(_records(path))
    if (path := options.gold / "pitf_atrocities" / "dev.jsonl").exists():
        result["pitf_atrocities"] = pitf(options.gold, path)
    return tell(result, misses, options)


if __name__ == "__main__":
    sys.exit(main())
