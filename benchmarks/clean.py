"""The quality and speed of cleaning on real pages, ours beside bare trafilatura with metadata.

    python -m benchmarks.clean --pages DIR [--set NAME ...] [--json]

``DIR`` holds ``<set>/gold.jsonl`` (a record a line: id, url, title, date, authors, text; null where unknown) and
``<set>/pages/<id>.html.gz``. Measures, per set and tool: ``body_f1`` (bags of 4-grams of words, precision and recall
averaged over pages, as the article extraction benchmark does), ``body_f1_page`` (F1 averaged over pages), ``title``,
``date`` and ``author`` (per cent exact among the pages whose gold gives one), ``date_wrong`` (per cent of the dates
given that are not the gold's), ``pages_per_cpu_s``. Exit codes: 0 measured, 2 no such folder or nothing in it.
"""

import argparse
import gzip
import json
import re
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from trafilatura import bare_extraction
from trafilatura.meta import reset_caches
from trafilatura.metadata import Document

from schemas.article import Article
from schemas.fetch import Fetch
from schemas.keys import sha256_hex
from schemas.link import FoundIn, Link
from schemas.page import Capture, FetchedPage
from schemas.source import Source
from tasks.text.article import read_article

#: Stands for "whenever the page was fetched": later than every page of the sets.
_CAPTURED = datetime(2030, 1, 1, tzinfo=UTC)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Gold:
    """One labelled page."""

    id: str
    url: str
    title: str | None
    date: str | None
    authors: tuple[str, ...] | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a tool made of a page; ``refused`` names the gate that turned it away."""

    title: str | None = None
    day: str | None = None
    authors: tuple[str, ...] = ()
    text: str = ""
    refused: str | None = None


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

    def _field(self, name: str, gold: object, exact: bool) -> None:
        if gold:
            self.asked[name] += 1
            self.exact[name] += exact

    def measures(self, pages: int, seconds: float) -> dict[str, float]:
        """The figures, each only where the set has gold for it."""
        found: dict[str, float] = {"pages": pages, "refused": self.refused}
        if self.f1:
            precision, recall = sum(self.precision) / len(self.f1), sum(self.recall) / len(self.f1)
            found["body_f1"] = round(2 * precision * recall / (precision + recall), 4) if precision + recall else 0.0
            found["body_f1_page"] = round(sum(self.f1) / len(self.f1), 4)
        for name, asked in self.asked.items():
            found[name] = round(100 * self.exact[name] / asked, 1)
        if self.given:
            found["date_wrong"] = round(100 * self.wrong / self.given, 1)
        found["pages_per_cpu_s"] = round(pages / seconds, 1) if seconds else 0.0
        return found


def grams(text: str, size: int = 4) -> Counter[tuple[str, ...]]:
    """The bag of word ``size``-grams of a text; a shorter text is one gram."""
    words = _WORD.findall(unicodedata.normalize("NFC", text))
    if len(words) < size:
        return Counter([tuple(words)]) if words else Counter()
    return Counter(zip(*(words[i:] for i in range(size)), strict=False))


def overlap(gold: str, got: str) -> tuple[float, float]:
    """Precision and recall of one text against another, as bags of 4-grams."""
    wanted, found = grams(gold), grams(got)
    common = (wanted & found).total()
    return (common / found.total() if found else 0.0), (common / wanted.total() if wanted else 1.0)


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
    """A page as the fetch stage would hand it on, without any hint from a feed."""
    link = Link("benchmark", gold.url, gold.url, FoundIn.LIST, "gold.jsonl")
    fetch = Fetch("run", link, _CAPTURED, status=200, final_url=gold.url, content_type="text/html")
    digest = sha256_hex(body)
    return FetchedPage(fetch, Capture(gold.url, digest, len(body), "text/html", _CAPTURED, "run", "none", 0, 0))


SOURCE = Source(id="benchmark", name="Benchmark", family="benchmark", country="XX", language="mul", homepage="")


def ours(gold: Gold, body: bytes) -> Reading:
    """What this project reads, with no knowledge of the source."""
    read = read_article(page_of(gold, body), body, SOURCE, lambda url: url)
    if not isinstance(read, Article):
        return Reading(refused=f"{read.reason}: {read.detail}")
    day = read.published.local_day
    return Reading(read.title, day.isoformat() if day else None, read.authors, read.text)


def bare_trafilatura(gold: Gold, body: bytes) -> Reading:
    """What trafilatura reads with its defaults and metadata, comments left out."""
    found = bare_extraction(body, url=gold.url, with_metadata=True, include_comments=False)
    if not isinstance(found, Document):
        return Reading()
    authors = tuple(name.strip() for name in (found.author or "").split(";") if name.strip())
    return Reading(found.title, found.date, authors, found.text or "")


TOOLS: dict[str, Callable[[Gold, bytes], Reading]] = {"firstdraft": ours, "trafilatura": bare_trafilatura}


def gold_sets(folder: Path, names: list[str]) -> Iterator[tuple[str, list[tuple[Gold, bytes]]]]:
    """Each set of a folder with its pages read into memory, by name."""
    for path in sorted(folder.glob("*/gold.jsonl")):
        if not names or path.parent.name in names:
            yield path.parent.name, list(labelled_pages(path))


def labelled_pages(path: Path) -> Iterator[tuple[Gold, bytes]]:
    """The labelled pages of one set whose file exists."""
    for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n"):
        record = json.loads(line)
        page = path.parent / "pages" / f"{record['id']}.html.gz"
        if page.is_file():
            authors = record.get("authors")
            gold = Gold(
                record["id"],
                record["url"],
                string(record.get("title")),
                string(record.get("date")),
                tuple(authors) if isinstance(authors, list) and authors else None,
                string(record.get("text")),
            )
            yield gold, gzip.decompress(page.read_bytes())


def string(value: object) -> str | None:
    """A label that is text; sets write missing ones as null, as NaN or as nothing."""
    return value if isinstance(value, str) and value else None


def measure(tool: Callable[[Gold, bytes], Reading], pages: list[tuple[Gold, bytes]]) -> dict[str, float]:
    """One tool on one set. The clock counts CPU seconds of reading only, with cold caches."""
    tool(*pages[0])  # what is loaded once a process is not the cost of a page
    reset_caches()
    begun = time.process_time()
    readings = [tool(gold, body) for gold, body in pages]
    seconds = time.process_time() - begun
    tally = Tally()
    for (gold, _), reading in zip(pages, readings, strict=True):
        tally.add(gold, reading)
    return tally.measures(len(pages), seconds)


def table(results: dict[str, dict[str, dict[str, float]]]) -> str:
    """The figures for people: a line a tool and set."""
    lines = []
    for name, tools in results.items():
        for tool, found in tools.items():
            lines.append(f"{name:16} {tool:12} " + "  ".join(f"{key} {value:g}" for key, value in found.items()))
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print. Returns the exit code."""
    parser = argparse.ArgumentParser(description="Quality and speed of cleaning on labelled pages.")
    parser.add_argument("--pages", type=Path, required=True, help="folder of <set>/gold.jsonl and <set>/pages/")
    parser.add_argument("--set", action="append", default=[], dest="sets", help="only this set; may be repeated")
    parser.add_argument("--tool", action="append", default=[], choices=sorted(TOOLS), dest="tools")
    parser.add_argument("--json", action="store_true", help="print {set: {tool: {measure: number}}}")
    options = parser.parse_args(arguments)
    if not options.pages.is_dir():
        print(f"clean: no folder {options.pages}: nothing measured", file=sys.stderr)
        return 2
    results = {
        name: {tool: measure(read, pages) for tool, read in TOOLS.items() if not options.tools or tool in options.tools}
        for name, pages in gold_sets(options.pages, options.sets)
        if pages
    }
    if not results:
        print(f"clean: {options.pages} holds no <set>/gold.jsonl with pages: nothing measured", file=sys.stderr)
        return 2
    print(json.dumps(results, indent=2) if options.json else table(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
