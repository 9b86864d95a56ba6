"""How reliable each origin of a date or title is: of those it gives, how many are the gold's, whole and by folds of
sites.

    python -m benchmarks.origins --pages DIR [--titles] [--set NAME ...] [--json]

For every page each origin (JSON-LD, meta, time element, address, text beside the headline) is read alone, and where
two origins are more than a day apart, it is counted which of them has the gold's day. What is measured here is what the
order of belief in ``tasks/text/dates/published.py`` rests on. ``--titles``: the same of titles without the site's name
(``tasks/text/fields/titles.py``), counted against each other where they read differently. Exit code 2: no such folder.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations, permutations
from pathlib import Path

from benchmarks.clean import SOURCE, page_of, same_title
from benchmarks.gold import Gold, gold_sets
from benchmarks.pagewise import FOLDS, fold_of
from schemas.article import DateOrigin
from tasks.text.dates.printed import shown_dates, time_elements
from tasks.text.dates.published import Clock, RawDate, from_url, read
from tasks.text.fields.metadata import declared_dates, read_publisher
from tasks.text.fields.titles import headline, main_heading, without_site
from tasks.text.page.characters import clean_line
from tasks.text.page.declared import read_declared
from tasks.text.page.html import Page, parse_page
from tasks.text.page.jsonld import types


@dataclass(slots=True)
class Count:
    """Days given and days right, by fold."""

    given: list[int] = field(default_factory=lambda: [0] * FOLDS)
    right: list[int] = field(default_factory=lambda: [0] * FOLDS)

    def add(self, fold: int, right: bool) -> None:
        """Count one day."""
        self.given[fold] += 1
        self.right[fold] += right

    def figures(self) -> dict[str, float]:
        """Per cent right, whole and in the worst fold that has ten days or more."""
        folds = [100 * right / given for right, given in zip(self.right, self.given, strict=True) if given >= 10]
        whole = 100 * sum(self.right) / max(1, sum(self.given))
        return {"given": sum(self.given), "right": round(whole, 1), "worst_fold": round(min(folds, default=whole), 1)}


def days_of(gold: Gold, body: bytes) -> dict[DateOrigin, date]:
    """The first day that each origin gives for a page."""
    parsed = parse_page(body, "text/html")
    if not isinstance(parsed, Page):
        return {}
    page = page_of(gold, body)
    clock = Clock(SOURCE.timezone, SOURCE.day_first, page.capture.seen_at)
    found: dict[DateOrigin, date] = {}
    for raw in _every(parsed, gold.url):
        day = read(raw, clock).local_day
        if day is not None:
            found.setdefault(raw.origin, day)
    return found


def _every(parsed: Page, url: str) -> Iterator[RawDate]:
    declared = read_declared(parsed.tree, url)
    heading = headline(parsed.tree, declared)
    yield from declared_dates(declared)
    yield from time_elements(parsed.tree, heading)
    if in_url := from_url(url):
        yield in_url
    beside = shown_dates(parsed.tree, heading, beside_only=True)
    yield from (RawDate(item.raw, DateOrigin.TEXT) for item in beside if not item.changed)


def titles_of(gold: Gold, body: bytes) -> dict[str, str]:
    """The title that each origin gives for a page, without the name of its site."""
    parsed = parse_page(body, "text/html")
    if not isinstance(parsed, Page):
        return {}
    declared = read_declared(parsed.tree, gold.url)
    heading = main_heading(parsed.tree, declared)
    news = any("News" in name for name in types(declared.article))
    offered = {
        "heading": heading,
        "Open Graph": declared.first("og:title"),
        f"JSON-LD ({'news' if news else 'other'})": declared.stated("headline"),
        "document": declared.title,
    }
    site = declared.first("og:site_name") or read_publisher(declared)
    lines = {origin: clean_line(title) for origin, title in offered.items()}
    return {origin: without_site(line, site, heading) for origin, line in lines.items() if line}


def main(arguments: list[str] | None = None) -> int:
    """Count and print. Returns the exit code."""
    parser = argparse.ArgumentParser(description="How often each origin of a date is right.")
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--set", action="append", default=[], dest="sets")
    parser.add_argument("--titles", action="store_true", help="count titles instead of dates")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if not options.pages.is_dir():
        print(f"origins: no folder {options.pages}: nothing counted", file=sys.stderr)
        return 2
    counts: defaultdict[str, Count] = defaultdict(Count)
    for _, pages in gold_sets(options.pages, options.sets):
        for gold, body in pages:
            if options.titles and gold.title:
                _count_titles(counts, gold, titles_of(gold, body))
            elif gold.date and not options.titles:
                _count(counts, gold, days_of(gold, body))
    results = {name: counts[name].figures() for name in sorted(counts)}
    if options.json:
        print(json.dumps(results, indent=2))
    else:
        print(
            "\n".join(f"{name:24} " + "  ".join(f"{k} {v:g}" for k, v in row.items()) for name, row in results.items())
        )
    return 0


def _count(counts: defaultdict[str, Count], gold: Gold, days: dict[DateOrigin, date]) -> None:
    fold = fold_of(gold.url)
    for origin, day in days.items():
        counts[origin].add(fold, day.isoformat() == gold.date)
    for one, other in combinations(sorted(days), 2):
        if abs((days[one] - days[other]).days) > 1:
            counts[f"{one} against {other}"].add(fold, days[one].isoformat() == gold.date)
            counts[f"{other} against {one}"].add(fold, days[other].isoformat() == gold.date)


def _count_titles(counts: defaultdict[str, Count], gold: Gold, titles: dict[str, str]) -> None:
    fold = fold_of(gold.url)
    right = {origin: same_title(gold.title or "", title) for origin, title in titles.items()}
    for origin in titles:
        counts[origin].add(fold, right[origin])
    for one, other in permutations(sorted(titles), 2):
        if not same_title(titles[one].casefold(), titles[other].casefold()):
            counts[f"{one} against {other}"].add(fold, right[one])


if __name__ == "__main__":
    sys.exit(main())
