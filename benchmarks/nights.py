"""A night of the made-up warehouse (benchmarks/generate.py) as the stages would hand it to the load: not as rows."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import duckdb

from benchmarks.generate import OUTLETS, PER_NIGHT, SQL, outlet, prepare
from schemas.article import UNDATED, Article, Completeness, DateOrigin, DateReading
from schemas.discovery import Discovery, SourceProbe
from schemas.fetch import Fetch
from schemas.link import FoundIn, Link
from schemas.mention import Actor, Claim, CodedArticle, EventMention, Evidence, Place, Role, Stance, Status, Toll, When
from schemas.outcome import Batch, Outcome, Reason, Settled, Stage
from schemas.page import Capture, FetchedPage
from schemas.run import Run, Window
from tasks.warehouse.store.queries import rows_of

_ROLES = {0: Role.INITIATOR, 1: Role.TARGET}


@dataclass(frozen=True, slots=True)
class Night:
    """One run's worth: what its sources offered, and the batches that reach the load."""

    run: Run
    discoveries: tuple[Discovery, ...]
    batches: tuple[Batch[CodedArticle], ...]

    @property
    def articles(self) -> int:
        """How many pages were read as articles."""
        return sum(len(batch.items) for batch in self.batches)

    @property
    def mentions(self) -> int:
        """How many mentions they hold."""
        return sum(len(item.mentions) for batch in self.batches for item in batch.items)


def make_nights(first: int, articles: int, size: int = PER_NIGHT, outlets: int = OUTLETS) -> Iterator[Night]:
    """Nights that follow ``first`` articles: so many ``articles`` in all, ``size`` a night, told by so many outlets.

    Beside each ten articles a night has seven pages of the night before that are unchanged, and three rejected ones.
    """
    with _made(first - size if first else 0, first + articles) as con:
        rows = {row["n"]: row for row in rows_of(con, "FROM made_articles ORDER BY n")}
        told = defaultdict(list)
        for row in rows_of(con, "FROM keyed_mentions ORDER BY article, place_in_text"):
            told[row["article"]].append(row)
        for low in range(first, first + articles, size):
            yield _night(low, size, outlets, rows, told)


@contextmanager
def _made(low: int, high: int) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        prepare(con)
        given = {"low": low, "high": high, "per_night": PER_NIGHT, "last": True}
        for statement in SQL.read_text(encoding="utf-8").split("\n----\n"):
            if "INSERT INTO" not in statement and "held_mentions" not in statement:
                used = {name: value for name, value in given.items() if f"${name}" in statement}
                con.execute(statement, used) if used else con.execute(statement)
        yield con


def _night(low: int, size: int, outlets: int, rows: dict[int, Any], told: dict[int, Any]) -> Night:
    day = rows[low]["day"]
    started = rows[low]["seen_at"] + timedelta(seconds=low // size)
    run = Run("nightly", Window(day, day), started, "made")
    batches = []
    for name, numbers in _by_outlet(range(low, low + size), outlets).items():
        own = {n: rows[n] | {"source_id": name} for n in (*numbers, *(n - size for n in numbers)) if n in rows}
        items = tuple(_coded(run, own[n], told[n]) for n in numbers)
        again = [_unchanged(run, own[n - size]) for n in numbers if n - size in own and n % 10 < 7]
        ended = [_rejected(run, own[n]) for n in numbers if n % 10 >= 7]
        batches.append(Batch(name, 0, items, (*again, *ended)))
    return Night(run, tuple(_discovery(run, batch) for batch in batches), tuple(batches))


def _by_outlet(numbers: range, outlets: int) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for n in numbers:
        found[f"outlet-{n % 100 % outlets:03d}"].append(n)
    return dict(found)


def _discovery(run: Run, batch: Batch[CodedArticle]) -> Discovery:
    source = outlet(int(batch.source_id[-3:]))
    links = tuple(item.article.page.fetch.link for item in batch.items) + tuple(s.fetch.link for s in batch.settled)
    probe = SourceProbe(run.run_id, source.id, "feed", f"{source.homepage}feed", run.started_at, 200, len(links), None)
    return Discovery(source, (Batch(source.id, 0, links),), (probe,))


def _fetch(run: Run, row: dict[str, Any], status: int = 200, more: str = "") -> Fetch:
    url = row["url"] + more
    link = Link(row["source_id"], url + "?utm_source=rss", url, FoundIn.FEED, f"https://{row['source_id']}.test/feed")
    return Fetch(
        run.run_id, link, run.started_at, 100, status, url, (), "text/html; charset=utf-8", _etag(row), None, "verified"
    )


def _etag(row: dict[str, Any]) -> str:
    return f'"{row["body_sha256"][:16]}"'


def _unchanged(run: Run, row: dict[str, Any]) -> Settled:
    return Settled(_fetch(run, row, 304), Stage.FETCH, Outcome.UNCHANGED, Reason.NOT_MODIFIED)


def _rejected(run: Run, row: dict[str, Any]) -> Settled:
    return Settled(_fetch(run, row, 200, "/print"), Stage.CLEAN, Outcome.REJECTED, Reason.INDEX_PAGE)


def _coded(run: Run, row: dict[str, Any], told: list[dict[str, Any]]) -> CodedArticle:
    fetch = _fetch(run, row)
    kept = f"{run.run_id}/{row['source_id']}-00001.warc.gz"
    capture = Capture(
        row["url"], row["body_sha256"], 40_000, fetch.content_type, run.started_at, run.run_id, kept, 891, 11_000
    )
    article = Article(
        page=FetchedPage(fetch, capture),
        source_id=row["source_id"],
        canonical_url=row["url"],
        title=row["title"],
        text=row["text"],
        language="en",
        authors=("A. Writer",),
        publisher=row["source_id"],
        section=None,
        published=DateReading(run.started_at, row["day"], "+00:00", DateOrigin.JSON_LD, str(row["day"])),
        modified=UNDATED,
        dateline=None,
        completeness=Completeness.FULL,
        correction_note=None,
        fingerprint=_signature(row["n"]),
        extractor="trafilatura",
        extractor_version="2.3.1",
    )
    return CodedArticle(article, tuple(_mention(article, mention) for mention in told))


def _signature(number: int) -> tuple[int, ...]:
    """A signature like no other's: minima of independent hashes are as good as random."""
    return tuple((number * 2_654_435_761 + k * 40_503 * (number + 7)) % 2**32 for k in range(128))


def _mention(article: Article, row: dict[str, Any]) -> EventMention:
    begins, place_at = row["begins"], row["begins"] + len(row["opening"]) + 4
    target_at = begins + len(row["initiator"]) + len(row["verb"])
    spans = {
        "initiator": (begins, row["initiator"]),
        "trigger": (row["trigger_at"], row["verb"][1:-5]),
        "target": (target_at, row["target"]),
        "place": (place_at, row["place"]),
    }
    killed, injured = row["killed"], row["injured"]
    claim = Claim("a hospital", None, Stance.ASSERTS, "toll", row["place"], place_at, place_at + len(row["place"]))
    return EventMention(
        article_id=article.article_id,
        version_id=article.version_id,
        sentence_start=begins,
        sentence_end=begins + len(row["sentence"]),
        trigger_start=row["trigger_at"],
        trigger_end=row["trigger_end"],
        event_type=row["event_type"],
        sub_event_type=row["sub_event_type"],
        plover_type=row["plover_type"],
        plover_mode=row["plover_mode"],
        status=Status.HAPPENED,
        aggregate=False,
        when=When(row["day"], row["day"], 1, f"{row['day']:%A}", "weekday"),
        place=_place(row),
        actors=tuple(_actor(row, number) for number in (0, 1)),
        weapon=None,
        cause=None,
        killed=Toll(killed, killed, killed),
        injured=Toll(injured, injured, injured),
        detained=Toll(),
        displaced=Toll(),
        claims=(claim,) if row["n"] % 2 == 0 else (),
        evidence=tuple(Evidence(name, at, at + len(quote), quote, "made") for name, (at, quote) in spans.items()),
        confidence=0.75,
        coder="rules",
        coder_version="0.1.0",
    )


def _place(row: dict[str, Any]) -> Place:
    return Place(
        row["place"],
        f"made-{row['town']}",
        row["place"],
        row["province"],
        None,
        row["country"],
        float(row["latitude"]),
        float(row["longitude"]),
        1,
        "gazetteer",
    )


def _actor(row: dict[str, Any], number: int) -> Actor:
    name, made = (row["initiator"], row["one"]) if number == 0 else (row["target"], row["other"] + 72)
    return Actor(_ROLES[number], name, f"made-{made}", name, "rebel", row["country"])
