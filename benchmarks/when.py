"""Dates of ``tempeval3``: of the annotated days, those a span over the same words resolves to.

A range over two annotated days counts for its first and its last; "since X" for X.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from tasks.events.dates.expressions import DateKind, DateSpan, find_dates
from tasks.events.dates.spans import SINCE

Json = dict[str, Any]


def _names(span: DateSpan, words: str, day: date) -> bool:
    first, last = span.when.start, span.when.end
    if first == day and (last == day or span.rule == SINCE):
        return True
    return span.kind is DateKind.RANGE and len(span.quote) > len(words) + 3 and day in (first, last)


def tempeval(records: Iterable[Json]) -> dict[str, float]:
    """Whole days right, in per cent: of all (``day``), and of names of weekdays (``weekday``)."""
    right: dict[str, list[bool]] = {"day": [], "weekday": []}
    for record in records:
        spans = find_dates(record["text"], date.fromisoformat(record["publication_date"]))
        for timex in record["timexes"]:
            if timex["type"] not in ("DATE", "TIME") or not timex.get("day"):
                continue
            over = [s for s in spans if s.start < timex["end"] and timex["start"] < s.end]
            is_right = any(_names(s, timex["text"], date.fromisoformat(timex["day"])) for s in over)
            for name in ("day", "weekday") if re.search(r"[A-Z][a-z]+day\b", timex["text"]) else ("day",):
                right[name].append(is_right)
    return {name: round(100 * sum(marks) / max(1, len(marks)), 1) for name, marks in right.items()}
