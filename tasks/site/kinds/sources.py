"""Pages about sources: health, volume, delays, and where they differ from others."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tasks.site import pages
from tasks.site.files.shelf import Row, Shelf
from tasks.site.kinds import states
from tasks.site.wording import words

#: Days of volume a page shows.
_DAYS = 366


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of all sources, by source id."""

    days: dict[str, list[Row]] = field(default_factory=dict)
    runs: dict[str, list[Row]] = field(default_factory=dict)
    addresses: dict[str, list[Row]] = field(default_factory=dict)
    delays: dict[str, Row] = field(default_factory=dict)
    shares: dict[str, Row] = field(default_factory=dict)
    differences: dict[str, list[Row]] = field(default_factory=dict)


def figures(shelf: Shelf) -> Figures:
    """Ask for them all."""
    return Figures(
        days=_grouped(shelf.ask("site_source_days")),
        runs=_grouped(shelf.ask("site_source_runs")),
        addresses=_grouped(shelf.ask("site_source_addresses")),
        delays={row["source_id"]: row for row in shelf.ask("site_source_delays")},
        shares={row["source_id"]: row for row in shelf.ask("site_source_shares")},
        differences=_grouped(shelf.ask("site_source_differences")),
    )


def source_pages(sources: Sequence[Row], figures: Figures, standing: Row) -> Iterator[tuple[str, str]]:
    """The list of sources and a page for each that a run ever asked, or that is in use."""
    shown = [states.told(source) for source in sources if source["enabled"] or source["runs"]]
    rows = [source | {"share": figures.shares.get(source["source_id"])} for source in shown]
    yield (
        "sources.html",
        pages.render("sources.html.j2", "", "sources", sources=rows, run_line=pages.run_line(standing)),
    )
    for source in shown:
        yield source["path"], _page(source, figures, standing)


def _page(source: Row, figures: Figures, standing: Row) -> str:
    source_id = source["source_id"]
    last: date = standing["last_day"]
    series = [row for row in figures.days.get(source_id, []) if last - timedelta(days=_DAYS) < row["day"] <= last]
    return pages.render(
        "source.html.j2",
        "../",
        "sources",
        source=source,
        run_line=pages.run_line(standing),
        runs=figures.runs.get(source_id, []),
        addresses=figures.addresses.get(source_id, []),
        delay=figures.delays.get(source_id),
        delay_words=_delay(figures.delays.get(source_id)),
        share=figures.shares.get(source_id),
        differences=[_difference(row) for row in figures.differences.get(source_id, [])],
        series=[[row["day"].isoformat(), row["articles"], row["telling"]] for row in series],
        months=_months(series),
        web=words.web_link(source["homepage"]),
    )


def _difference(row: Row) -> dict[str, Any]:
    return row | {
        "path": pages.event_path(row["event_id"]),
        "other_path": pages.source_path(row["other_id"]),
        "when": words.days(row["date_start"], row["date_end"], row["date_precision"]),
        "where": words.place_line(row["place_name"], row["admin1"], row["country"]),
        "own_toll": words.toll(row["killed_low"], row["killed_best"], row["killed_high"]),
        "other_toll": words.toll(row["other_low"], row["other_best"], row["other_high"]),
    }


def _delay(row: Row | None) -> str:
    """The usual wait in words; empty where no page could be timed."""
    if row is None or not row["timed"]:
        return ""
    return f"half within {_hours(row['median_hours'])}, nine in ten within {_hours(row['p90_hours'])}"


def _hours(hours: float) -> str:
    """Hours in words.

    >>> _hours(0.4), _hours(5.2), _hours(75.0)
    ('24 minutes', '5 hours', '3 days')
    """
    if hours < 1:
        return words.count(max(1, round(hours * 60)), "minute")
    return words.count(round(hours), "hour") if hours < 48 else words.count(round(hours / 24), "day")


def _months(series: Sequence[Row]) -> list[tuple[str, int, int]]:
    counted: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in series:
        month = counted[f"{row['day']:%Y-%m}"]
        month[0] += row["articles"]
        month[1] += row["telling"]
    return [(month, articles, telling) for month, (articles, telling) in sorted(counted.items(), reverse=True)]


def _grouped(rows: Sequence[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["source_id"]].append(row)
    return dict(groups)
