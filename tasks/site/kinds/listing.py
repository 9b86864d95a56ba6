"""All events as short rows in files of one month or less: what the search, the list and the maps read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tasks.site import pages
from tasks.site.files.shelf import Row
from tasks.site.wording.headlines import headline

#: Events in one file: about 350 kB.
PART_ROWS = 1_500
#: The columns of a row, in the order ``static/events.js`` reads them.
COLUMNS = (
    "id", "start", "end", "days", "place", "admin1", "country", "lat", "lon", "precision", "kind", "sub", "by",
    "against",
    "killed", "injured", "flags", "families", "sources", "head",
)  # fmt: skip
DENIED, DIFFER, NEW, CHANGED = 1, 2, 4, 8


@dataclass(slots=True)
class Index:
    """The words rows refer to by number, and the files there are."""

    kinds: list[str] = field(default_factory=lambda: list(pages.KINDS))
    subs: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    countries: list[tuple[str, int | None]] = field(default_factory=list)
    parts: list[dict[str, Any]] = field(default_factory=list)
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def number(self, kind: str, word: str | None) -> int:
        """The number of a word in one of the lists; -1 for none."""
        if not word:
            return -1
        key = (kind, word)
        if key not in self._numbers:
            numbers = getattr(self, kind)
            if word not in numbers:
                numbers.append(word)
            self._numbers[key] = numbers.index(word)
        return self._numbers[key]

    def country(self, row: Mapping[str, Any]) -> int:
        """The number of a row's country, kept with its numeric ISO code for the outline."""
        name = row["country"]
        if not name:
            return -1
        key = ("countries", name)
        if key not in self._numbers:
            self._numbers[key] = len(self.countries)
            self.countries.append((name, row["iso_numeric"]))
        return self._numbers[key]


def parts(rows: Sequence[Row], index: Index, run_id: str) -> Iterator[tuple[str, str]]:
    """The files, as path and text; ``rows`` come latest first, as ``site_events`` gives them."""
    for month, of_month in _by_month(rows):
        for number, start in enumerate(range(0, len(of_month), PART_ROWS)):
            some = of_month[start : start + PART_ROWS]
            name = f"{month}-{number}"
            short = [short_row(row, index, run_id) for row in some]
            index.parts.append(
                {
                    "name": name,
                    "n": len(some),
                    "first": _iso(min((row["date_start"] for row in some if row["date_start"]), default=None)),
                    "last": _iso(
                        max((row["date_end"] or row["date_start"] for row in some if row["date_start"]), default=None)
                    ),
                    "kinds": sorted({row[10] for row in short}),
                    "countries": sorted({row[6] for row in short}),
                }
            )
            yield f"data/events-{name}.js", pages.script("part", name, short)


def short_row(row: Row, index: Index, run_id: str) -> list[Any]:
    """One event as :data:`COLUMNS`: words as numbers, 0 for "the same" and for none, tolls as
    [low, best, high] and a 1 where there may be more.
    """
    first, last = row["date_start"], row["date_end"]
    return [
        pages.short(row["event_id"]),
        _iso(first),
        _iso(last) if last and last != first else 0,
        row["date_precision"] or 0,
        row["place_name"] or 0,
        row["admin1"] or 0,
        index.country(row),
        *_position(row),
        row["place_precision"] or 0,
        index.number("kinds", row["event_type"]),
        index.number("subs", row["sub_event_type"]),
        row["initiators"] or 0,
        row["targets"] or 0,
        _toll(row, "killed"),
        _toll(row, "injured"),
        flags(row, run_id),
        row["family_count"],
        [index.number("sources", source) for source in row["source_ids"] or ()],
        headline(row),
    ]


def flags(row: Mapping[str, Any], run_id: str) -> int:
    """Denied, differing, new or changed in the last run, as bits."""
    new = row["created_run_id"] == run_id
    changed = row["changed_run_id"] == run_id and not new
    return DENIED * bool(row["disputed"]) + DIFFER * bool(row["differs"]) + NEW * bool(new) + CHANGED * bool(changed)


def _position(row: Row) -> tuple[float | int, float | int]:
    if row["latitude"] is None or row["longitude"] is None:
        return 0, 0
    return round(row["latitude"], 3), round(row["longitude"], 3)


def _toll(row: Row, what: str) -> list[int | None] | int:
    figures = [row[f"{what}_low"], row[f"{what}_best"], row[f"{what}_high"]]
    return 0 if figures == [None, None, None] else [*figures, 1] if row[f"{what}_open"] else figures


def _by_month(rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    months: dict[str, list[Row]] = {}
    for row in rows:
        start = row["date_start"]
        months.setdefault(f"{start:%Y-%m}" if start else "undated", []).append(row)
    yield from months.items()


def _iso(value: date | None) -> str | int:
    return value.isoformat() if value else 0
