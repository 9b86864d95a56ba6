"""Loading a batch: every link with its one end, and every article with all that hangs on it, in one transaction."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import duckdb

from schemas.article import Article
from schemas.fetch import Fetch
from schemas.link import Link
from schemas.mention import CodedArticle, EventMention
from schemas.outcome import Batch, Outcome, Reason, Settled, Stage
from schemas.run import LoadReport, Run
from tasks.reference.machine.failpoints import Point, failpoint
from tasks.reference.machine.failures import ends_the_run, in_words
from tasks.warehouse.load.sightings import last_captures, touch
from tasks.warehouse.load.tombstones import tombstone_rows
from tasks.warehouse.store import rows as as_rows
from tasks.warehouse.store.changes import ACTIONS, changes_of, record
from tasks.warehouse.store.connect import transaction
from tasks.warehouse.store.filters import maybe_held
from tasks.warehouse.store.queries import fetch_rows
from tasks.warehouse.store.write import Changes, Row, insert_new, insert_only, sync, upsert


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
    # A batch leaves an end for each of its links; of one without links only its step tells.
    stands = _ends(con, run, batch) if len(batch) else [step]
    changed = changes_of(con, run.run_id, step) if stands else {}
    reread = None
    if not changed:
        with transaction(con):
            changed, reread = _write(con, run, batch)
            record(con, run.run_id, step, changed, new=True)
            failpoint(Point.LOAD_BEFORE_COMMIT)
    return _report(con, run, batch, changed, reread)


def without_bad_items(con: duckdb.DuckDBPyConnection, run: Run, batch: Batch[CodedArticle]) -> Batch[CodedArticle]:
    """A batch whose loading failed, with each item that fails by itself settled as quarantined: ``load_failed``.

    Each is tried in a transaction of its own that is rolled back. ``len`` is conserved.
    """
    items: list[CodedArticle] = []
    settled: list[Settled] = []
    for item in batch.items:
        page = item.article.page
        told = _objection(con, run, replace(batch, items=(item,), settled=()))
        if told is None:
            items.append(item)
        else:
            why = Outcome.QUARANTINED, Reason.LOAD_FAILED, told
            settled.append(_fitting(con, run, batch, Settled(page.fetch, Stage.LOAD, *why, page.capture)))
    settled += [_fitting(con, run, batch, end) for end in batch.settled]
    return replace(batch, items=tuple(items), settled=tuple(settled))


def _fitting(con: duckdb.DuckDBPyConnection, run: Run, batch: Batch[CodedArticle], end: Settled) -> Settled:
    """An end as the warehouse takes it: whole, else without what was said of its link and answer, else bare."""
    told = _objection(con, run, replace(batch, items=(), settled=(end,)))
    if told is None:
        return end
    detail = end.detail if end.reason is Reason.LOAD_FAILED else told
    plain = replace(_plain(end), reason=Reason.LOAD_FAILED, detail=detail)
    fits = _objection(con, run, replace(batch, items=(), settled=(plain,))) is None
    return plain if fits else replace(plain, capture=None)


class _RolledBackError(Exception):
    """What takes back a transaction that was only a trial."""


def _objection(con: duckdb.DuckDBPyConnection, run: Run, one: Batch[CodedArticle]) -> str | None:
    """Why the warehouse does not take a batch of one item, in words; ``None`` if it does. Nothing is written."""
    try:
        with transaction(con):
            _write(con, run, one)
            raise _RolledBackError
    except _RolledBackError:
        return None
    except Exception as error:
        if ends_the_run(error):
            raise
        return in_words(error)


def _plain(end: Settled) -> Settled:
    """An end without what was said of its link and its answer: an address and an outcome, which any row can hold."""
    link = end.fetch.link
    bare = Link(link.source_id, link.url, link.canonical_url, link.found_in, link.found_at)
    return replace(end, fetch=Fetch(end.fetch.run_id, bare, end.fetch.requested_at))


def _write(
    con: duckdb.DuckDBPyConnection, run: Run, batch: Batch[CodedArticle]
) -> tuple[dict[str, Changes], tuple[tuple[str, str], ...]]:
    """What changed by table, and link and capture of the pages that another run had kept."""
    endings = _endings(con, batch.items)
    coded = [ending.coded for ending in endings if ending.first]
    fetches = [
        as_rows.article_fetch_row(e.coded.article, batch.number, e.outcome, e.reason and str(e.reason)) for e in endings
    ]
    again = [item.fetch for item in batch.settled if _seen_again(item)]
    stands = last_captures(con, [fetch.link.canonical_url for fetch in again], run.started_at)
    # A link has one fetch a run, and its batch was not loaded before: nothing to look up.
    ended = [*fetches, *_settled_rows(batch, stands)]
    insert_new(con, "fetches", ended)
    captured = _capture_rows(batch)
    before = _held_before(con, captured)
    seen = {capture_id: row["last_seen_at"] for capture_id, row in before.items()}
    changed, fresh = _write_articles(con, run, [item.article for item in coded], seen)
    failpoint(Point.LOAD_WRITING)
    changed["captures"] = upsert(con, "captures", captured)
    changed["tombstones"] = upsert(con, "tombstones", tombstone_rows(con, run, batch))
    unread = _unread(con, {row["version_id"] for row in before.values()} - {None})
    changed |= _write_mentions(con, run, coded, unread, fresh)
    if again:
        which = {"run_id": run.run_id, "source_id": batch.source_id, "batch": batch.number}
        touch(con, which, again, list(stands.values()), run.started_at)
    return changed, _reread(run, ended, before)


def _held_before(con: duckdb.DuckDBPyConnection, captured: Sequence[Row]) -> dict[str, Row]:
    """Of some captures those that stand already."""
    candidates = maybe_held(con, "captures", "capture_id", (str(row["capture_id"]) for row in captured))
    rows = fetch_rows(con, "captures_before", {"capture_ids": sorted(candidates)}) if candidates else []
    return {row["capture_id"]: row for row in rows}


def _reread(run: Run, ended: Sequence[Row], before: Mapping[str, Row]) -> tuple[tuple[str, str], ...]:
    others = {capture_id for capture_id, row in before.items() if row["run_id"] != run.run_id}
    pairs = {(str(e["link_id"]), str(e["capture_id"])) for e in ended if e["stage"] != "fetch"}
    return tuple(sorted(pair for pair in pairs if pair[1] in others))


def _endings(con: duckdb.DuckDBPyConnection, items: Sequence[CodedArticle]) -> list[_Ending]:
    candidates = maybe_held(con, "articles", "article_id", (item.article.article_id for item in items))
    rows = fetch_rows(con, "standing", {"article_ids": sorted(candidates)}) if candidates else []
    standing = {row["article_id"]: row["current_version_id"] for row in rows}
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


def _settled_rows(batch: Batch[CodedArticle], last: Mapping[str, Row]) -> list[Row]:
    """The links settled on the way; one found unchanged by the fetch points to the bytes that still stand."""
    rows: list[Row] = []
    for item in batch.settled:
        row = as_rows.settled_row(item, batch.number)
        stands = last.get(item.fetch.link.canonical_url) if _seen_again(item) else None
        rows.append(row | {"capture_id": stands["capture_id"], "version_id": stands["version_id"]} if stands else row)
    return rows


def _seen_again(item: Settled) -> bool:
    return item.stage is Stage.FETCH and item.outcome is Outcome.UNCHANGED


def _write_articles(
    con: duckdb.DuckDBPyConnection, run: Run, articles: Sequence[Article], seen: Mapping[str, Any]
) -> tuple[dict[str, Changes], set[str]]:
    """What changed by table, and the ids of the versions that were certainly not there before.

    ``seen`` is when captures that stood before were last seen: later than captured, if old bytes are read again.
    """
    stored_articles = maybe_held(con, "articles", "article_id", (article.article_id for article in articles))
    first, later = _split(articles, stored_articles)
    stored_versions = maybe_held(con, "article_versions", "version_id", (article.version_id for article in later))
    at = {a.page.capture.capture_id: a.page.capture.seen_at for a in articles}
    last = {capture_id: max(instant, seen.get(capture_id, instant)) for capture_id, instant in at.items()}
    changed = {
        "contents": insert_only(con, "contents", [as_rows.content_row(article) for article in articles]),
        # The versions of an article that is new are new.
        "article_versions": summed(
            insert_new(con, "article_versions", [as_rows.version_row(a, run.run_id) for a in first]),
            upsert(con, "article_versions", [as_rows.version_row(a, run.run_id) for a in later]),
        ),
        "articles": upsert(
            con, "articles", [as_rows.article_row(a, run.run_id, last[a.page.capture.capture_id]) for a in articles]
        ),
    }
    return changed, {article.version_id for article in articles} - stored_versions


def _split(articles: Sequence[Article], stored: Collection[str]) -> tuple[list[Article], list[Article]]:
    """The articles that are certainly new, and the others."""
    return [a for a in articles if a.article_id not in stored], [a for a in articles if a.article_id in stored]


def _capture_rows(batch: Batch[CodedArticle]) -> list[Row]:
    read = [(item.article.page.capture, item.article.page.fetch, item.article.version_id) for item in batch.items]
    settled = [(item.capture, item.fetch, None) for item in batch.settled if item.capture is not None]
    return [as_rows.capture_row(capture, fetch, version_id) for capture, fetch, version_id in (*read, *settled)]


def _unread(con: duckdb.DuckDBPyConnection, versions: set[Any]) -> list[str]:
    """Of some versions those no capture is read as any more: today's code refuses their page or reads it otherwise."""
    if not versions:
        return []
    return [row["version_id"] for row in fetch_rows(con, "unread_versions", {"version_ids": sorted(versions)})]


def _write_mentions(
    con: duckdb.DuckDBPyConnection,
    run: Run,
    coded: Sequence[CodedArticle],
    unread: Sequence[str],
    fresh: Collection[str],
) -> dict[str, Changes]:
    """Make the mentions of these versions exactly these: what today's code no longer reads is deleted.

    ``unread`` versions keep their text, so that what was published of them can be checked, and have no mentions left.
    Of ``fresh`` versions there are none yet, and nothing is looked for.
    """
    new = [mention for item in coded if item.article.version_id in fresh for mention in item.mentions]
    changed = {name: insert_new(con, name, rows) for name, rows in _mention_rows(run, new).items()}
    versions = sorted(({item.article.version_id for item in coded} - set(fresh)) | set(unread))
    if not versions:
        return changed
    again = [mention for item in coded if item.article.version_id in versions for mention in item.mentions]
    stored = fetch_rows(con, "stored_mention_ids", {"version_ids": versions})
    scope = {row["mention_id"] for row in stored} | {mention.mention_id for mention in again}
    acted = _actors_told(con, scope)
    for name, rows in _mention_rows(run, again).items():
        within = ("version_id", versions) if name == "mentions" else ("mention_id", scope)
        synced = sync(con, name, rows, *within)
        changed[name] = summed(synced, changed[name])
    _note_recoded(con, run, acted, _actors_told(con, scope))
    return changed


def _actors_told(con: duckdb.DuckDBPyConnection, mention_ids: Collection[str]) -> dict[str, int]:
    """A hash over the actors of each of some mentions."""
    rows = fetch_rows(con, "actors_told", {"mention_ids": sorted(mention_ids)})
    return {row["mention_id"]: row["told"] for row in rows}


def _note_recoded(
    con: duckdb.DuckDBPyConnection, run: Run, before: Mapping[str, int], after: Mapping[str, int]
) -> None:
    """A mention of which only the actors are read otherwise was coded by this run, too: resolution looks at the run."""
    moved = sorted(
        mention_id for mention_id in before.keys() | after.keys() if before.get(mention_id) != after.get(mention_id)
    )
    if moved:
        con.execute(
            "UPDATE mentions SET coded_run_id = $1 WHERE mention_id IN (SELECT unnest($2::VARCHAR[]))",
            [run.run_id, moved],
        ).fetchall()


def summed(*parts: Changes) -> Changes:
    """Counts by action, added up."""
    return {action: sum(part.get(action, 0) for part in parts) for part in parts for action in part}


def _mention_rows(run: Run, mentions: Sequence[EventMention]) -> dict[str, list[Row]]:
    """The rows of mentions and their parts, by table."""
    return {
        "mentions": [as_rows.mention_row(mention, run.run_id) for mention in mentions],
        "mention_actors": [row for mention in mentions for row in as_rows.actor_rows(mention)],
        "mention_claims": [row for mention in mentions for row in as_rows.claim_rows(mention)],
        "mention_victims": [row for mention in mentions for row in as_rows.victim_rows(mention)],
        "mention_evidence": [row for mention in mentions for row in as_rows.evidence_rows(mention)],
    }


def _report(
    con: duckdb.DuckDBPyConnection,
    run: Run,
    batch: Batch[CodedArticle],
    changed: Mapping[str, Changes],
    reread: tuple[tuple[str, str], ...] | None,
) -> LoadReport:
    outcomes, reasons = counted(_ends(con, run, batch))
    rows = {table: dict.fromkeys(ACTIONS, 0) | changed[table] for table in sorted(changed)}
    return LoadReport(batch.source_id, rows, outcomes, reasons, reread)


def _ends(con: duckdb.DuckDBPyConnection, run: Run, batch: Batch[CodedArticle]) -> list[dict[str, Any]]:
    """How the links of a batch ended, as the warehouse has it; empty if it is not loaded."""
    which = {"run_id": run.run_id, "source_id": batch.source_id, "batch": batch.number}
    return fetch_rows(con, "batch_outcomes", {**which, "since": asked_since(batch)})


def asked_since(batch: Batch[CodedArticle]) -> datetime | None:
    """The first request of a batch: no row of it in ``fetches`` is older. ``None`` if it is empty."""
    requests = [item.article.page.fetch.requested_at for item in batch.items]
    return min([*requests, *(item.fetch.requested_at for item in batch.settled)], default=None)


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
