"""Score events across documents: ``python -m benchmarks.clusters --gold DIR [--coded FILE] [--json] [--gate]``.

``DIR`` holds ``gva_longtail/dev.jsonl`` and ``score_clusters.py``, which is loaded from there. Each text goes the
product's own way into a warehouse of its own: coded, fingerprinted, loaded, resolved. Documents that tell of one
violent event, by whichever of their reports, are a cluster; one without a report is alone. ``--coded`` keeps what
coding gave (minutes of CPU) for the next time. ``--gate`` exits 1 where a figure lies below its pin (``floors.json``,
"clusters").
"""

import argparse
import json
import pickle
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path
from urllib.parse import urlsplit

import duckdb

from benchmarks.corpus import require
from benchmarks.event_sets import Row, rows_of, scorer
from schemas.article import UNDATED, Article, Completeness, DateOrigin, DateReading
from schemas.fetch import Fetch
from schemas.keys import row_id, sha256_hex
from schemas.link import FoundIn, Link
from schemas.mention import CodedArticle, EventMention
from schemas.outcome import Batch
from schemas.page import Capture, FetchedPage
from schemas.run import Run, Window
from schemas.settings import Settings
from schemas.source import Source
from tasks.events.coder.code import code_text
from tasks.events.document import document_of
from tasks.text.copies.fingerprint import fingerprint
from tasks.warehouse.load.loading import load_batch
from tasks.warehouse.runs.run_lifecycle import begin
from tasks.warehouse.store.connect import open_writer, transaction

SET = "gva_longtail"
PINS = Path(__file__).with_name("floors.json")
#: A new version of the language model may move a few documents of 2,777.
SLACK = 0.3
_ADDRESS_NAME = re.compile(r"[A-Z][a-z]{3,}|\d+(?:st|nd|rd|th)")
#: Words of addresses that are no names.
_NO_NAMES = {"North", "South", "East", "West", "Street", "Avenue", "Road", "Drive", "Lane", "Court", "Place", "Block"}
_NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)
RUN = Run("nightly", Window(date(2013, 1, 1), date(2018, 1, 1)), _NOON, "benchmark")


@dataclass(frozen=True, slots=True)
class Merged:
    """Pairs of documents on two incidents of one city and day: all, those that came into one cluster (by whatever chain
    of documents), those that share an event themselves, and of these the ids of those whose texts tell them apart:
    two texts, neither of which names the street of the other's incident.
    """

    pairs: int
    chained: int
    direct: int
    apart: list[tuple[str, str]]


def article_of(row: Row) -> Article:
    """A gold document as if it had been fetched: its source is the host it was printed by."""
    url, body = str(row["url"]), str(row["text"]).encode()
    name = _host(url)
    link = Link(name, url, f"https://{name}.example/{row_id('doc', row['id'])}", FoundIn.LIST, "gold", None, None, None)
    fetch = Fetch(RUN.run_id, link, _NOON, 1, 200, url)
    capture = Capture(link.canonical_url, sha256_hex(body), len(body), None, _NOON, RUN.run_id, "none.warc.gz", 0, 0)
    day = date.fromisoformat(row["publication_date"])
    return Article(
        page=FetchedPage(fetch, capture), source_id=name, canonical_url=link.canonical_url, title=row["title"],
        text=row["text"], language="en", authors=(), publisher=None, section=None,
        published=DateReading(None, day, None, DateOrigin.URL, str(day)), modified=UNDATED, dateline=None,
        completeness=Completeness.FULL, correction_note=None, fingerprint=fingerprint(row["text"]),
        extractor="gold", extractor_version="1",
    )  # fmt: skip


def _host(url: str) -> str:
    """The printing house as a source's id; of an archived page the archived one's."""
    inner = url[url.rfind("http") :]
    host = urlsplit(inner).netloc.split(":")[0].removeprefix("www.").lower()
    return "-".join(part for part in "".join(c if c.isalnum() else " " for c in host).split()) or "unknown"


def source_of(name: str) -> Source:
    """A host as an outlet that is its own family; all of the set's are American."""
    return Source(id=name, name=name, family=name, country="US", language="en", homepage=f"https://{name}.example/")


def code(row: Row) -> tuple[EventMention, ...]:
    """The mentions of a gold document."""
    return code_text(document_of(article_of(row), "US"))


def coded(rows: Sequence[Row], keep: Path | None) -> list[tuple[EventMention, ...]]:
    """The mentions of each document, from ``keep`` where they are kept; two processes code what is not."""
    known: dict[str, tuple[EventMention, ...]] = {}
    if keep is not None and keep.exists():
        # Our own file, written below.
        known = pickle.loads(keep.read_bytes())
    new = [row for row in rows if row["id"] not in known]
    if new:
        with ProcessPoolExecutor(2) as pool:
            known |= dict(zip((row["id"] for row in new), pool.map(code, new, chunksize=20), strict=True))
        if keep is not None:
            keep.write_bytes(pickle.dumps(known))
    return [known[row["id"]] for row in rows]


@contextmanager
def resolved(rows: Sequence[Row], mentions: Sequence[tuple[EventMention, ...]]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse that holds the documents, loaded and resolved as a night's run does it."""
    from tasks.resolve import resolve_changes  # noqa: PLC0415 - takes Prefect along

    items = [CodedArticle(article_of(row), told) for row, told in zip(rows, mentions, strict=True)]
    names = sorted({item.article.source_id for item in items})
    with tempfile.TemporaryDirectory() as folder, open_writer(Settings(data_dir=Path(folder))) as con:
        begin(con, RUN, [source_of(name) for name in names])
        load_batch(con, RUN, Batch("all", 0, tuple(items), ()))
        with transaction(con):
            resolve_changes(con, RUN)
        yield con


def told_in(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Which article tells of which violent event, by ids."""
    return con.execute(
        """SELECT m.article_id, l.event_id FROM event_links l JOIN mentions m ON m.mention_id = l.mention_id
           JOIN event_groups g ON g.event_type = m.event_type AND g.type_group = 'violence'
           WHERE l.relation <> 'denies' ORDER BY ALL"""
    ).fetchall()


def documents(rows: Sequence[Row], told: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The cluster of each document, from the events its article tells of; what tells of none is alone."""
    leader: dict[str, str] = {}

    def root(one: str) -> str:
        while leader.setdefault(one, one) != one:
            one = leader[one]
        return one

    for article, event in told:
        leader[root(article)] = root(event)
    return {row["id"]: root(article_of(row).article_id) for row in rows}


def figures(gold: Path, rows: Sequence[Row], said: dict[str, str]) -> dict[str, dict[str, float]]:
    """B-cubed and pairwise precision, recall and F1 in per cent, by the gold's own scorer, and those of the floors."""
    judge = scorer(gold / "score_clusters.py")
    truth = {row["id"]: row["incident_id"] for row in rows}
    told = {
        "ours": said,
        "alone": {name: name for name in truth},
        "day and city": {row["id"]: _day_and_city(row) for row in rows},
    }
    return {name: _percent(*judge.bcubed(truth, labels)) for name, labels in told.items()} | {
        "ours, pairs": _percent(*judge.pairwise(truth, told["ours"]))
    }


def _day_and_city(row: Row) -> str:
    return f"{row['publication_date']} {row['events'][0].get('city_or_county')}"


def _percent(precision: float, recall: float) -> dict[str, float]:
    f = 2 * precision * recall / max(1e-9, precision + recall)
    return {name: round(100 * value, 1) for name, value in (("p", precision), ("r", recall), ("f", f))}


def lookalikes(rows: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Pairs of documents on two incidents of one city and day."""
    by_place: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        event = row["events"][0]
        by_place.setdefault((str(event.get("city_or_county")), str(event["date"])), []).append(row)
    return [
        (a, b) for group in by_place.values() for a, b in combinations(group, 2) if a["incident_id"] != b["incident_id"]
    ]


def merged(pairs: Sequence[tuple[Row, Row]], said: dict[str, str], told: Iterable[tuple[str, str]]) -> Merged:
    """What became of lookalikes, from the cluster of each document and the events its article tells of."""
    events: dict[str, set[str]] = {}
    for article, event in told:
        events.setdefault(article, set()).add(event)
    chained = [(a, b) for a, b in pairs if said[a["id"]] == said[b["id"]]]
    of = {row["id"]: events.get(article_of(row).article_id, set()) for both in chained for row in both}
    direct = [(a, b) for a, b in chained if of[a["id"]] & of[b["id"]]]
    apart = [(a, b) for a, b in direct if not (a["text"] == b["text"] or _tells_of(a, b) or _tells_of(b, a))]
    return Merged(len(pairs), len(chained), len(direct), [(str(a["id"]), str(b["id"])) for a, b in apart])


def _tells_of(row: Row, other: Row) -> bool:
    """Whether a document names the street or the corner where the other's incident was: then it tells of both."""
    address, *_ = [*map(str, other["events"][0].get("locations", ())), ""]
    named = set(_ADDRESS_NAME.findall(address)) - _NO_NAMES
    return any(re.search(rf"\b{name}\b", row["text"]) for name in named)


def main(argv: list[str]) -> int:
    """Resolve and score; exit 2 where the gold is absent, 1 where the gate is asked for and closes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--gold", type=Path, help="folder with one folder a set")
    parser.add_argument("--split", default="dev", help="which <split>.jsonl to read")
    parser.add_argument("--coded", type=Path, help="file that keeps coded mentions between runs")
    parser.add_argument("--json", action="store_true", help="print for machines")
    parser.add_argument("--gate", action="store_true", help="exit 1 where a figure is below floors.json")
    options = parser.parse_args(argv)
    gold = require(options.gold, "--gold", f"{SET}/dev.jsonl and score_clusters.py")
    rows = rows_of(gold / SET / f"{options.split}.jsonl")
    with resolved(rows, coded(rows, options.coded)) as con:
        told = told_in(con)
    said = documents(rows, told)
    found = figures(gold, rows, said)
    alike = merged(lookalikes(rows), said, told)
    if options.json:
        print(json.dumps({"clusters": found, "lookalikes": asdict(alike)}))
    else:
        for name, one in found.items():
            print(f"{name:<14} P {one['p']:5.1f}  R {one['r']:5.1f}  F {one['f']:5.1f}")
        print(f"lookalikes (two incidents of one city and day): {alike.pairs} pairs of documents")
        print(f"  in one cluster {alike.chained}, in one event {alike.direct}, of two streets {len(alike.apart)}")
        print(*(f"    {one} {other}" for one, other in alike.apart), sep="\n")
    below = fallen(found["ours"], alike) if options.gate else []
    print(*below, sep="\n", file=sys.stderr, end="\n" if below else "")
    return 1 if below else 0


def fallen(ours: dict[str, float], alike: Merged) -> list[str]:
    """What lies below its pin, and lookalikes merged above theirs."""
    pins = json.loads(PINS.read_text(encoding="utf-8"))["clusters"][SET]
    below = [
        f"{SET} B-cubed {name}: {ours[name]} is below its floor of {pin}"
        for name, pin in pins.items()
        if name in ours and ours[name] < pin - SLACK
    ]
    most = pins.get("lookalikes", len(alike.apart))
    return below + [f"{SET}: {len(alike.apart)} lookalikes merged, at most {most} are"] * (len(alike.apart) > most)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
