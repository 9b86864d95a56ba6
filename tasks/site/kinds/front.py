"""The front page: what happened in the window, where, of what kind, how sure, and which sources are missing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tasks.site import pages
from tasks.site.files.shelf import Options, Row
from tasks.site.kinds.events import badges
from tasks.site.kinds.states import Coverage
from tasks.site.wording import words
from tasks.site.wording.headlines import headline

#: The window is never longer, however much a backfill asked for.
LONGEST_DAYS = 92
#: Characters of embedded data the page may carry; a busier window is made shorter, and says so.
_BUDGET = 340_000
_LISTED = 60
_PLACES = 40
#: The list above all: how many of the gravest, of how many days up to the newest event.
_GRAVEST, _FRESH_DAYS = 5, 7


@dataclass(frozen=True, slots=True)
class Window:
    """The days the front page is about, both included. ``shortened``: they were too many events for one page."""

    start: date
    end: date
    shortened: bool = False

    @property
    def days(self) -> int:
        """How many days."""
        return (self.end - self.start).days + 1

    def has(self, row: Mapping[str, Any]) -> bool:
        """Return True if an event, a row with ``date_start`` and ``date_end``, may have happened in it."""
        start, end = row["date_start"], row["date_end"] or row["date_start"]
        return start is not None and start <= self.end and end >= self.start


def window_of(standing: Mapping[str, Any], least_days: int) -> Window:
    """The days up to the last one any run asked for: at least ``least_days``, or the last run's own window."""
    end: date = standing["last_day"]
    start = min(end - timedelta(days=least_days - 1), standing["window_start"])
    return Window(max(start, end - timedelta(days=LONGEST_DAYS - 1)), end)


def fitting(rows: Sequence[Row], window: Window) -> tuple[Window, list[Row], dict[str, Any]]:
    """The window, its events and their data for the charts, the window made shorter until they fit on a page."""
    inside = [row for row in rows if window.has(row)]
    data = cube(inside, window)
    while (size := len(pages.dumps(data))) > _BUDGET and window.days > 1:
        days = min(window.days - 1, max(1, window.days * _BUDGET // size))
        window = Window(window.end - timedelta(days=days - 1), window.end, shortened=True)
        inside = [row for row in inside if window.has(row)]
        data = cube(inside, window)
    return window, inside, data


def cube(rows: Iterable[Row], window: Window) -> dict[str, Any]:
    """Events counted by place, kind and day, for the map, the timeline and their filters.

    A cell is [place, kind, day, events, killed low, killed high, killed open, events with a count, denied, single].
    Day 0 is the first of the window; an event that began before it counts there.
    """
    places: dict[tuple[Any, ...], int] = {}
    kinds: dict[str, int] = {kind: number for number, kind in enumerate(pages.KINDS)}
    cells: dict[tuple[int, int, int], list[int]] = defaultdict(lambda: [0] * 7)
    for row in rows:
        place = (
            row["place_name"], row["admin1"], row["country"], row["iso_numeric"],
            None if row["latitude"] is None else round(row["latitude"], 3),
            None if row["longitude"] is None else round(row["longitude"], 3),
            row["place_precision"],
        )  # fmt: skip
        at = max(0, (row["date_start"] - window.start).days)
        key = (places.setdefault(place, len(places)), kinds.setdefault(row["event_type"], len(kinds)), at)
        killed = words.toll_sum([row], "killed")
        add = (1, killed.low, killed.high, killed.open, killed.counted, row["disputed"], row["family_count"] <= 1)
        cells[key] = [old + int(new) for old, new in zip(cells[key], add, strict=True)]
    return {
        "start": window.start.isoformat(),
        "days": window.days,
        "kinds": list(kinds),
        "places": [list(place) for place in places],
        "cells": [[*key, *values] for key, values in sorted(cells.items())],
    }


def front_page(
    rows: Sequence[Row],
    window: Window,
    data: dict[str, Any],
    standing: Row,
    coverage: Coverage,
    undated: int,
    options: Options,
) -> str:
    """The HTML of the front page."""
    newest = max((row["date_start"] for row in rows if row["date_start"] <= window.end), default=window.end)
    fresh_from = newest - timedelta(days=_FRESH_DAYS - 1)
    return pages.render(
        "index.html.j2",
        "",
        "index",
        window=window,
        gravest=[listed(row) for row in gravest(rows, fresh_from)],
        gravest_days=words.days(fresh_from, newest),
        window_words=words.days(window.start, window.end),
        standing=standing,
        run_line=pages.run_line(standing),
        data=data,
        total=len(rows),
        killed=words.toll_sum(rows, "killed"),
        injured=words.toll_sum(rows, "injured"),
        denied=sum(1 for row in rows if row["disputed"]),
        differ=sum(1 for row in rows if row["differs"]),
        single=sum(1 for row in rows if row["family_count"] <= 1),
        unplaced=sum(1 for row in rows if row["latitude"] is None and row["iso_numeric"] is None),
        undated=undated,
        kinds=_kinds(rows),
        places=_places(rows)[:_PLACES],
        more_places=max(0, len(_places(rows)) - _PLACES),
        listed=[listed(row) for row in rows[:_LISTED]],
        coverage=coverage,
        precision=words.PLACE_PRECISION,
        **pages.map_values(options),
    )


def gravest(rows: Sequence[Row], fresh_from: date) -> list[Row]:
    """The events since a day of which a count is told, the most killed first, then the most injured."""
    counted = [row for row in rows if row["date_start"] >= fresh_from and (row["killed_best"] or row["injured_best"])]
    counted.sort(key=lambda row: (-(row["killed_best"] or 0), -(row["injured_best"] or 0), row["event_id"]))
    return counted[:_GRAVEST]


def listed(row: Row) -> dict[str, Any]:
    """One event as a list shows it."""
    return {
        "path": pages.event_path(row["event_id"]),
        "row": row,
        "when": words.days(row["date_start"], row["date_end"], row["date_precision"]),
        "where": words.place_line(row["place_name"], row["admin1"], row["country"]),
        "headline": headline(row),
        "own_title": words.plain(row["title"]),
        "outlet": row["source_name"],
        "killed": words.of_event(row, "killed"),
        "injured": words.of_event(row, "injured"),
        "badges": badges(row),
    }


def _kinds(rows: Sequence[Row]) -> list[dict[str, Any]]:
    counted = Counter(row["event_type"] for row in rows)
    order = sorted(counted, key=lambda kind: (pages.kind_number(kind), kind))
    return [
        {"name": kind, "events": counted[kind], "killed": words.toll_sum(_of(rows, kind), "killed")} for kind in order
    ]


def _of(rows: Sequence[Row], kind: str) -> list[Row]:
    return [row for row in rows if row["event_type"] == kind]


def _places(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Counts by country and first-order division, the most events first."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["country"] or "Country not given", row["admin1"] or ""].append(row)
    order = sorted(groups, key=lambda key: (-len(groups[key]), key))
    return [
        {
            "country": country,
            "admin1": admin1,
            "events": len(groups[country, admin1]),
            "kinds": Counter(row["event_type"] for row in groups[country, admin1]),
            "killed": words.toll_sum(groups[country, admin1], "killed"),
            "injured": words.toll_sum(groups[country, admin1], "injured"),
        }
        for country, admin1 in order
    ]
