"""Loading a batch: every link with its one end, and every article with all that hangs on it, in one transaction."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from schemas.article import Article
from schemas.mention import CodedArticle
from schemas.outcome import Batch, Outcome, Reason, Settled, Stage
from schemas.run import LoadReport, Run
from tasks.warehouse import rows as as_rows
from tasks.warehouse.changes import changes_of, record
from tasks.warehouse.connect import transaction
from tasks.warehouse.queries import fetch_rows, query
from tasks.warehouse.tombstones import tombstone_rows
from tasks.warehouse.write import Changes, Row, insert_only, sync, upsert


@dataclass(frozen=True, slots=True)
class _Ending:
    """How an article's link ended, and whether it is the one of its batch that brings this version."""

    coded: CodedArticle
    outcome: Outcome
    reason: Reason | None
    first: bool


def load_batch(con: duckdb.DuckDBPyConnection, run: Run, batch: Batch[CodedArticle]) -> LoadReport:
    """Write a batch in one transaction; a batch this run has loaded before is only reported again.

    An article whose text stands already ends as ``unchanged: same_text``, and its stamps move; two links to one
    version end as one of them and ``duplicate: same_url``; a new text, or one that stood before, as ``stored``.
    """
    step = f"load {batch.source_id} {batch.number}"
    if not changes_of(con, run.run_id, step):
        with transaction(con):
            record(con, run.run_id, step, _write(con, run, batch))
    return _report(con, run, batch, step)


def _write(con: duckdb.DuckDBPyConnection, run: Run, batch: Batch[CodedArticle]) -> dict[str, Changes]:
    endings = _endings(con, batch.items)
    coded = [ending.coded for ending in endings if ending.first]
    fetches = [
        as_rows.article_fetch_row(e.coded.article, batch.number, e.outcome, e.reason and str(e.reason)) for e in endings
    ]
    upsert(con, "fetches", [*fetches, *_settled_rows(con, batch)])
    changed = _write_articles(con, run, [item.article for item in coded])
    changed["captures"] = upsert(con, "captures", _capture_rows(batch))
    changed["tombstones"] = upsert(con, "tombstones", tombstone_rows(con, run, batch))
    changed |= _write_mentions(con, run, coded)
    which = {"run_id": run.run_id, "source_id": batch.source_id, "batch": batch.number}
    for statement in ("touch_captures", "touch_articles"):
        con.execute(query(statement), which).fetchall()
    return changed


def _endings(con: duckdb.DuckDBPyConnection, items: Sequence[CodedArticle]) -> list[_Ending]:
    asked = {"article_ids": sorted({item.article.article_id for item in items})}
    standing = {row["article_id"]: row["current_version_id"] for row in fetch_rows(con, "standing", asked)}
    met: set[str] = set()
    endings = []
    for item in items:
        version_id = item.article.version_id
        if version_id in met:
            endings.append(_Ending(item, Outcome.DUPLICATE, Reason.SAME_URL, first=False))
        elif standing.get(item.article.article_id) == version_id:
            endings.append(_Ending(item, Outcome.UNCHANGED, Reason.SAME_TEXT, first=True))
        else:
            endings.append(_Ending(item, Outcome.STORED, None, first=True))
        met.add(version_id)
    return endings


def _settled_rows(con: duckdb.DuckDBPyConnection, batch: Batch[CodedArticle]) -> list[Row]:
    """The links settled on the way; one found unchanged by the fetch points to the bytes that still stand."""
    same = sorted({item.fetch.link.canonical_url for item in batch.settled if _seen_again(item)})
    last = {row["url"]: row for row in fetch_rows(con, "last_captures", {"urls": same})} if same else {}
    rows: list[Row] = []
    for item in batch.settled:
        row = as_rows.settled_row(item, batch.number)
        stands = last.get(item.fetch.link.canonical_url) if _seen_again(item) else None
        rows.append(row | {"capture_id": stands["capture_id"], "version_id": stands["version_id"]} if stands else row)
    return rows


def _seen_again(item: Settled) -> bool:
    return item.stage is Stage.FETCH and item.outcome is Outcome.UNCHANGED


def _write_articles(con: duckdb.DuckDBPyConnection, run: Run, articles: Sequence[Article]) -> dict[str, Changes]:
    seen = _sightings(con, articles)
    return {
        "contents": insert_only(con, "contents", [as_rows.content_row(article) for article in articles]),
        "article_versions": upsert(con, "article_versions", [as_rows.version_row(a, run.run_id) for a in articles]),
        "articles": upsert(
            con, "articles", [as_rows.article_row(a, run.run_id, seen[a.page.capture.capture_id]) for a in articles]
        ),
    }


def _sightings(con: duckdb.DuckDBPyConnection, articles: Iterable[Article]) -> dict[str, datetime]:
    """When each capture was last seen: later than captured, where old bytes are read again; by an archive, its time."""
    captured = {article.page.capture.capture_id: article.page.capture.seen_at for article in articles}
    for row in fetch_rows(con, "sightings", {"capture_ids": sorted(captured)}):
        captured[row["capture_id"]] = max(captured[row["capture_id"]], row["last_seen_at"])
    return captured


def _capture_rows(batch: Batch[CodedArticle]) -> list[Row]:
    read = [(item.article.page.capture, item.article.page.fetch, item.article.version_id) for item in batch.items]
    settled = [(item.capture, item.fetch, None) for item in batch.settled if item.capture is not None]
    return [as_rows.capture_row(capture, fetch, version_id) for capture, fetch, version_id in (*read, *settled)]


def _write_mentions(con: duckdb.DuckDBPyConnection, run: Run, coded: Sequence[CodedArticle]) -> dict[str, Changes]:
    """Make the mentions of these versions exactly these: what today's code no longer reads is deleted."""
    versions = [item.article.version_id for item in coded]
    mentions = [mention for item in coded for mention in item.mentions]
    stored = fetch_rows(con, "stored_mention_ids", {"version_ids": versions})
    scope = {row["mention_id"] for row in stored} | {mention.mention_id for mention in mentions}
    parts = {"actors": as_rows.actor_rows, "claims": as_rows.claim_rows, "evidence": as_rows.evidence_rows}
    told = [as_rows.mention_row(mention, run.run_id) for mention in mentions]
    changed = {"mentions": sync(con, "mentions", told, "version_id", versions)}
    for name, rows_of in parts.items():
        rows = [row for mention in mentions for row in rows_of(mention)]
        changed[f"mention_{name}"] = sync(con, f"mention_{name}", rows, "mention_id", scope)
    return changed


def _report(con: duckdb.DuckDBPyConnection, run: Run, batch: Batch[CodedArticle], step: str) -> LoadReport:
    which = {"run_id": run.run_id, "source_id": batch.source_id, "batch": batch.number}
    outcomes, reasons = counted(fetch_rows(con, "batch_outcomes", which))
    return LoadReport(batch.source_id, changes_of(con, run.run_id, step), outcomes, reasons)


def counted(endings: Iterable[Row]) -> tuple[dict[str, int], dict[str, int]]:
    """Rows of outcome, reason and links as counts by outcome, and by ``outcome:reason``."""
    outcomes: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for row in endings:
        outcome, reason, links = str(row["outcome"]), row["reason"], int(str(row["links"]))
        outcomes[outcome] += links
        if reason is not None:
            reasons[f"{outcome}:{reason}"] += links
    return dict(sorted(outcomes.items())), dict(sorted(reasons.items()))
