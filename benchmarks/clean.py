"""The quality and speed of cleaning on real pages, ours beside other extractors, in one run.

    python -m benchmarks.clean --pages DIR [--set NAME ...] [--tool NAME ...] [--json]
    python -m benchmarks.clean --pages DIR --gate [--pin]
    python -m benchmarks.clean --pages DIR --kept

``DIR`` holds ``<set>/gold.jsonl`` (a record a line: id, url, title, date, authors, text; null where unknown) and
``<set>/pages/<id>.html.gz``. Measures, per set and tool: ``body_f1`` (bags of 4-grams of words, precision and recall
averaged over pages, as the article extraction benchmark does), ``body_f1_page`` (F1 averaged over pages), ``title``,
``date`` and ``author`` (per cent exact among the pages whose gold gives one), ``date_wrong`` (per cent of the dates
given that are not the gold's), ``date_misread`` (ours: the same without those the page itself declares for machines to
be the publication's, where the gold took another, such as that of a change), ``pages_per_cpu_s``; ``speed``: pages per
CPU second against trafilatura with metadata.
Peers that are not installed are named as absent. ``_folds`` behind a measure: its mean over five folds of sites, with
the lowest and the highest in the JSON. After the table stand the pages on which the best peer's body is better by more
than .2.

``--gate`` measures ours alone and compares it with the floor in ``floors.json`` ("clean"); ``--pin`` writes that floor.
``--kept`` reads with trafilatura's defaults too and names the pages of which we keep less than 80 % of what they keep
and the gold confirms; it exits 1 where there is one that ``floors.json`` ("kept") does not name.
Exit codes: 0 measured, 1 below the floor or another corpus than the one pinned, 2 no such folder or nothing in it.
"""

import argparse
import gc
import json
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from trafilatura.meta import reset_caches

from benchmarks.extractors import installed_peers
from benchmarks.floors import below, pin, pinned
from benchmarks.gold import Gold, Reading, corpus_hash, gold_sets
from benchmarks.grams import overlap
from benchmarks.pagewise import Loss, by_folds, losses, worse
from schemas.article import Article, DateOrigin
from schemas.fetch import Fetch
from schemas.link import FoundIn, Link
from schemas.page import Capture, FetchedPage
from schemas.source import Source
from tasks.text.article import read_article

Pages = list[tuple[Gold, bytes]]
Tools = dict[str, Callable[[Gold, bytes], Reading]]
Results = dict[str, dict[str, dict[str, float]]]
#: What the floor holds.
_HELD = ("body_f1", "title", "date", "author", "date_wrong", "date_misread")
#: Stands for "whenever the page was fetched": later than every page of the sets.
_CAPTURED = datetime(2030, 1, 1, tzinfo=UTC)
#: Pages a tool reads before it is the next one's turn.
_TURN = 20


@dataclass(slots=True)
class Tally:
    """Counts of one tool on one set."""

    precision: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    f1: list[float] = field(default_factory=list)
    exact: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    given: int = 0
    wrong: int = 0
    misread: int = 0
    declares: bool = False
    refused: int = 0

    def add(self, gold: Gold, got: Reading) -> None:
        """Count one page."""
        self.refused += got.refused is not None
        if gold.text:
            precision, recall = overlap(gold.text, got.text)
            self.precision.append(precision)
            self.recall.append(recall)
            self.f1.append(2 * precision * recall / (precision + recall) if precision + recall else 0.0)
        self._field("title", gold.title, same_title(gold.title or "", got.title or ""))
        self._field("date", gold.date, gold.date == got.day)
        self._field("author", gold.authors, same_names(gold.authors or (), got.authors))
        if gold.date and got.day:
            self.given += 1
            self.wrong += gold.date != got.day
            self.misread += gold.date != got.day and not got.declared
            self.declares |= got.declared

    def _field(self, name: str, gold: object, exact: bool) -> None:
        if gold:
            self.asked[name] += 1
            self.exact[name] += exact

    def measures(self) -> dict[str, float]:
        """The figures, each only where the set has gold for it."""
        found: dict[str, float] = {"refused": self.refused}
        if self.f1:
            precision, recall = sum(self.precision) / len(self.f1), sum(self.recall) / len(self.f1)
            found["body_f1"] = round(2 * precision * recall / (precision + recall), 4) if precision + recall else 0.0
            found["body_f1_page"] = round(sum(self.f1) / len(self.f1), 4)
        for name, asked in self.asked.items():
            found[name] = round(100 * self.exact[name] / asked, 1)
        if self.given:
            found["date_wrong"] = round(100 * self.wrong / self.given, 1)
        if self.declares:
            found["date_misread"] = round(100 * self.misread / self.given, 1)
        return found


def plain(text: str) -> str:
    """A text without differences nobody sees: compatibility forms, soft hyphens, runs of white space."""
    folded = unicodedata.normalize("NFKC", text).translate({0xAD: None, 0x200B: None, 0x2060: None})
    return " ".join(folded.split())


def same_title(gold: str, got: str) -> bool:
    """Whether two titles read the same."""
    return plain(gold) == plain(got)


def same_names(gold: tuple[str, ...], got: tuple[str, ...]) -> bool:
    """Whether two lists name the same authors, in any order and case."""
    return {plain(name).casefold() for name in gold} == {plain(name).casefold() for name in got}


def page_of(gold: Gold, body: bytes) -> FetchedPage:
    """A page as the fetch stage would hand it on, without any hint from a feed; its digest is fetching's cost."""
    link = Link("benchmark", gold.url, gold.url, FoundIn.LIST, "gold.jsonl")
    fetch = Fetch("run", link, _CAPTURED, status=200, final_url=gold.url, content_type="text/html")
    return FetchedPage(fetch, Capture(gold.url, "0" * 64, len(body), "text/html", _CAPTURED, "run", "none", 0, 0))


SOURCE = Source(id="benchmark", name="Benchmark", family="benchmark", country="XX", language="mul", homepage="")


def ours(gold: Gold, body: bytes) -> Reading:
    """What this project reads, with no knowledge of the source."""
    read = read_article(page_of(gold, body), body, SOURCE, lambda url: url)
    if not isinstance(read, Article):
        return Reading(refused=f"{read.reason}: {read.detail}")
    day = read.published.local_day
    declared = read.published.origin in (DateOrigin.JSON_LD, DateOrigin.META)
    return Reading(read.title, day.isoformat() if day else None, read.authors, read.text, declared=declared)


@dataclass(frozen=True, slots=True)
class Measured:
    """One set: the readings of every tool, ``None`` where it broke, and the CPU seconds of each."""

    golds: list[Gold]
    readings: dict[str, list[Reading | None]]
    seconds: dict[str, float]

    def of(self, tool: str) -> list[Reading]:
        """A tool's readings, empty ones where it broke."""
        return [reading or Reading() for reading in self.readings[tool]]

    def worse(self) -> list[Loss]:
        """The pages on which the best peer's body is better than ours by far."""
        peers = {name: self.of(name) for name in self.readings if name not in ("firstdraft", "lxml parse")}
        return worse(self.golds, self.of("firstdraft"), peers) if "firstdraft" in self.readings else []

    def figures(self, tool: str) -> dict[str, float]:
        """A tool's figures: whole, and by folds of sites."""
        readings = self.readings[tool]
        found = _measures(zip(self.golds, self.of(tool), strict=True)) | {
            "pages": len(readings),
            "pages_per_cpu_s": round(len(readings) / self.seconds[tool], 1) if self.seconds[tool] else 0.0,
        }
        for key, (mean, least, most) in by_folds(self.golds, self.of(tool), _measures).items():
            if key in _HELD:
                digits = 4 if key == "body_f1" else 1
                found |= {f"{key}_folds": round(mean, digits), f"{key}_low": least, f"{key}_high": most}
        return found | ({"failed": readings.count(None)} if None in readings else {})


def read_set(tools: Tools, pages: Pages) -> Measured:
    """Every tool on one set, in turns of a few pages: what else the machine does meets them all alike.

    The clock counts CPU seconds of reading only, each turn with cold caches; a page a tool breaks on is an empty
    reading, counted as ``failed``.
    """
    readings: dict[str, list[Reading | None]] = {name: [] for name in tools}
    seconds = dict.fromkeys(tools, 0.0)
    for tool in tools.values():
        _tried(tool, *pages[0])  # what is loaded once a process is not the cost of a page
    gc.collect()
    gc.freeze()  # nor is walking what other tools have loaded
    for first in range(0, len(pages), _TURN):
        for name, tool in tools.items():
            reset_caches()
            begun = time.process_time()
            readings[name] += [_tried(tool, gold, body) for gold, body in pages[first : first + _TURN]]
            seconds[name] += time.process_time() - begun
    return Measured([gold for gold, _ in pages], readings, seconds)


def _measures(readings: Iterable[tuple[Gold, Reading]]) -> dict[str, float]:
    tally = Tally()
    for gold, reading in readings:
        tally.add(gold, reading)
    return tally.measures()


def _tried(tool: Callable[[Gold, bytes], Reading], gold: Gold, body: bytes) -> Reading | None:
    try:
        return tool(gold, body)
    except Exception:  # noqa: BLE001 - a peer may break on any page; that is its figure
        return None


def measure_all(tools: Tools, sets: list[tuple[str, Pages]]) -> tuple[Results, dict[str, list[Loss]]]:
    """Every tool on every set, its speed against trafilatura's, and the pages on which we are far worse."""
    results: Results = {}
    lost: dict[str, list[Loss]] = {}
    for name, pages in sets:
        measured = read_set(tools, pages)
        found = {tool: measured.figures(tool) for tool in tools}
        if base := found.get("trafilatura", {}).get("pages_per_cpu_s"):
            for figures in found.values():
                figures["speed"] = round(figures["pages_per_cpu_s"] / base, 2)
        results[name], lost[name] = found, measured.worse()
    return results, lost


def table(results: Results, lost: dict[str, list[Loss]]) -> str:
    """The figures for people: a line a tool and set; then a line a page on which a peer is far better."""
    lines = []
    for name, tools in results.items():
        for tool, found in tools.items():
            told = (f"{key} {value:g}" for key, value in found.items() if not key.endswith(("_low", "_high")))
            lines.append(f"{name:16} {tool:16} " + "  ".join(told))
    return "\n".join([*lines, *_told(lost)])


def _told(lost: dict[str, list[Loss]]) -> list[str]:
    return [
        f"{name:16} {loss.page}: ours {loss.ours:.2f}, {loss.tool} {loss.theirs:.2f}, kept {loss.kept:.0%}"
        for name, found in lost.items()
        for loss in found
    ]


def kept(sets: list[tuple[str, Pages]], tools: Tools) -> int:
    """Name the pages of which we keep too little of what the library keeps. Returns the exit code."""
    lost = {}
    for name, pages in sets:
        measured = read_set(tools, pages)
        lost[name] = losses(measured.golds, measured.of("firstdraft"), measured.of("trafilatura"))
    known = pinned("kept")
    new = [
        f"{name} {loss.page}" for name, found in lost.items() for loss in found if loss.page not in known.get(name, [])
    ]
    print("\n".join(_told(lost)) or "clean: no page keeps less than 80 % of what the library's defaults keep")
    return 1 if new else 0


def gate(sets: list[tuple[str, Pages]], write: bool) -> int:
    """Compare with the floor, or write it. Returns the exit code."""
    hashes = {name: corpus_hash(pages) for name, pages in sets}
    results, _ = measure_all({"firstdraft": ours}, sets)
    figures = {
        name: {key: tools["firstdraft"][key] for key in _HELD if key in tools["firstdraft"]}
        for name, tools in results.items()
    }
    if write:
        pin("clean", hashes, figures)
        return 0
    faults = below(pinned("clean"), hashes, figures, falling=frozenset(("date_wrong", "date_misread")))
    print("\n".join(faults) or f"clean: at or above the floor on {', '.join(hashes)}")
    return 1 if faults else 0


def main(arguments: list[str] | None = None) -> int:
    """Measure and print. Returns the exit code."""
    peers, absent = installed_peers()
    tools = {"firstdraft": ours, **peers}
    options = _options(arguments, sorted(tools))
    if not options.pages.is_dir():
        print(f"clean: no folder {options.pages}: nothing measured", file=sys.stderr)
        return 2
    sets = [(name, pages) for name, pages in gold_sets(options.pages, options.sets) if pages]
    if not sets:
        print(f"clean: {options.pages} holds no <set>/gold.jsonl with pages: nothing measured", file=sys.stderr)
        return 2
    if options.gate or options.pin:
        return gate(sets, options.pin)
    if options.kept:
        return kept(sets, {name: tools[name] for name in ("firstdraft", "trafilatura")})
    chosen = {name: tools[name] for name in tools if not options.tools or name in options.tools}
    results, lost = measure_all(chosen, sets)
    print(json.dumps(results, indent=2) if options.json else table(results, lost))
    if absent and not options.tools:
        print(f"absent, not installed: {', '.join(absent)}", file=sys.stderr)
    return 0


def _options(arguments: list[str] | None, tools: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Quality and speed of cleaning on labelled pages.")
    parser.add_argument("--pages", type=Path, required=True, help="folder of <set>/gold.jsonl and <set>/pages/")
    parser.add_argument("--set", action="append", default=[], dest="sets", help="only this set; may be repeated")
    parser.add_argument("--tool", action="append", default=[], choices=tools, dest="tools")
    parser.add_argument("--json", action="store_true", help="print {set: {tool: {measure: number}}}")
    parser.add_argument("--gate", action="store_true", help="exit 1 below benchmarks/floors.json")
    parser.add_argument("--kept", action="store_true", help="name pages that keep less than the library's defaults")
    parser.add_argument("--pin", action="store_true", help="write what is measured as the floor")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
