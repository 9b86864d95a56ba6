"""Rebuild: the warehouse made again from captures and ledger alone, run by run, under the old ids."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from schemas.discovery import Discovery
from schemas.errors import LedgerError, WarehouseError
from schemas.ledger import Loaded, PastRun, Wrote
from schemas.llm import Circumstances
from schemas.mention import CodedArticle
from schemas.outcome import Batch, Reason, Settled
from schemas.page import FetchedPage
from schemas.settings import Settings
from schemas.source import Source
from schemas.verification import Finding, Rebuilt
from tasks.ledger.past import past_runs
from tasks.reference.machine.failpoints import Point, failpoint
from tasks.text.copies.canonical import settle_addresses
from tasks.text.copies.reuse import apart
from tasks.warehouse.care import replaying
from tasks.warehouse.care.checks import schema_number, state_hash
from tasks.warehouse.decisions.llm import circumstances
from tasks.warehouse.load.loading import load_batch
from tasks.warehouse.publish.snapshot import publish
from tasks.warehouse.runs import run_lifecycle
from tasks.warehouse.store.connect import open_writer
from tasks.warehouse.store.standing import pages_of, standing_stories

log = logging.getLogger("firstdraft.rebuild")

_ROWS_AT_ONCE = 500


@task(name="begin the rebuild", cache_policy=NO_CACHE, persist_result=False)
def begin_rebuild(settings: Settings, into: Path | None) -> Settings:
    """Settings whose warehouse is a new file: ``into``, or one beside the warehouse that is to take its place.

    Raises :class:`WarehouseError` if ``into`` exists, and :class:`LedgerError` if there is no ledger.
    """
    if not any(settings.ledger_dir.glob("*.jsonl")):
        raise LedgerError(f"there is no ledger in {settings.ledger_dir} to rebuild from")
    target = into or settings.warehouse_path.with_name("rebuilding.duckdb")
    if into is not None and into.exists():
        raise WarehouseError(f"{into} exists; name another file, or move it away")
    _remove(target)
    fresh = settings.model_copy(update={"warehouse_file": target})
    with open_writer(fresh):
        return fresh


def history(settings: Settings) -> Iterator[PastRun | Wrote | Finding]:
    """The runs of the ledger in order, what was written between them, and what is damaged.

    Lines on one table that follow each other come as one: a model's replies have a line each.
    """
    pending: Wrote | None = None
    for entry in past_runs(settings.ledger_dir):
        if isinstance(entry, Wrote) and pending is not None and _goes_on(pending, entry):
            pending = replace(pending, rows=(*pending.rows, *entry.rows))
            continue
        if pending is not None:
            yield pending
        pending = entry if isinstance(entry, Wrote) else None
        if not isinstance(entry, Wrote):
            yield entry
    if pending is not None:
        yield pending


def _goes_on(previous: Wrote, current: Wrote) -> bool:
    return (previous.table, previous.removed) == (current.table, current.removed) and len(previous.rows) < _ROWS_AT_ONCE


def circumstances_of(past: PastRun, fresh: Settings) -> Circumstances:
    """With what a past run read its pages: the gazetteers of its time, and what a model said then."""
    with open_writer(fresh) as con:
        return circumstances(con, past.run.run_id)


@task(name="write again", cache_policy=NO_CACHE, persist_result=False)
def write_again(wrote: Wrote, fresh: Settings) -> None:
    """Rows that people had written."""
    with open_writer(fresh) as con:
        replaying.write_again(con, wrote.table, wrote.rows, removed=wrote.removed)


@task(name="open the run again", task_run_name="open {past.run.run_id} again", cache_policy=NO_CACHE)
def reopen(past: PastRun, fresh: Settings) -> list[tuple[Source, Batch[FetchedPage]]]:
    """Begin a past run again; its batches as fetching had left them, in the order they were loaded."""
    with open_writer(fresh) as con:
        run_lifecycle.begin(con, past.run, past.sources)
        reread: dict[str, int] = {}
        batches = []
        for loaded in past.loaded.values():
            again = replaying.reread_pages(con, past.run.run_id, loaded.reread)
            batches.append((past.source(loaded.source_id), _batch(past, loaded, again)))
            reread[loaded.source_id] = reread.get(loaded.source_id, 0) + len(again)
        for survey in past.surveys:
            run_lifecycle.note_discovery(con, past.run, _with_links(past, survey.discovery, batches))
        surveyed = {survey.discovery.source.id for survey in past.surveys}
        for source_id in sorted(reread.keys() - surveyed):
            replaying.note_reread(con, past.run, past.source(source_id), reread[source_id])
    todo = sum(len(batch.items) for _, batch in batches)
    log.info("%s: %d pages", past.run.run_id, todo, extra={"stage": "rebuild", "todo": todo})
    return batches


@task(name="load again", cache_policy=NO_CACHE, persist_result=False)
def reload(past: PastRun, batch: Batch[CodedArticle], fresh: Settings) -> list[Finding]:
    """Write a batch of a past run; what could not be read as it was then."""
    with open_writer(fresh) as con:
        batch = settle_addresses(batch, partial(standing_stories, con), partial(pages_of, con))
        batch = apart(batch, standing_stories(con, (item.article.article_id for item in batch.items)))
        load_batch(con, past.run, batch)
        now = replaying.loaded_batch(con, past.run.run_id, batch.source_id, batch.number)
    log.info("loaded", extra={"stage": "rebuild", "done": len(batch.items)})
    damaged = [_damaged(settled) for settled in batch.settled if settled.reason is Reason.CAPTURE_DAMAGED]
    then = past.loaded[batch.source_id, batch.number]
    return damaged or ([] if now.digest == then.digest else [_otherwise(then, now)])


@task(name="close the run again", cache_policy=NO_CACHE, persist_result=False)
def reclose(past: PastRun, fresh: Settings) -> None:
    """End a past run as it ended then."""
    with open_writer(fresh) as con:
        if past.closed is not None:
            run_lifecycle.finish(con, past.run, fresh.pause_points, past.closed.finished_at)
        else:
            replaying.abandon(con, past.run.run_id)
    failpoint(Point.REBUILD_RUN_CLOSED)


@task(name="end the rebuild", cache_policy=NO_CACHE, persist_result=False)
def end_rebuild(
    settings: Settings, fresh: Settings, into: Path | None, last: PastRun | None, findings: list[Finding]
) -> Rebuilt:
    """Compare the state with the one the last run left, and put the new file in the old one's place unless ``into``.

    ``last`` is that run; ``None`` if something was written after it. States of an older schema are not compared.
    """
    with open_writer(fresh) as con:
        counts, runs, pages = state_hash(con), replaying.runs_known(con), replaying.captures_known(con)
        schema = schema_number(con)
    closed = last.closed if last is not None else None
    expected = closed.state_hash if closed is not None and closed.schema == schema else None
    backup = None
    if into is None:
        failpoint(Point.REBUILD_BEFORE_REPLACING)
        backup = _replace(settings, fresh)
        publish(settings)
    path = settings.warehouse_path if into is None else into
    return Rebuilt(path, backup, runs, pages, counts, expected, tuple(findings))


def _batch(past: PastRun, loaded: Loaded, reread: list[FetchedPage]) -> Batch[FetchedPage]:
    """A batch as fetching left it: pages kept by the run itself, and those it read again."""
    batch = past.batch_of(loaded.source_id, loaded.batch)
    link_ids = {page.fetch.link.link_id for page in batch.items} | {end.fetch.link.link_id for end in batch.settled}
    again = tuple(page for page in reread if page.fetch.link.link_id not in link_ids)
    return Batch(batch.source_id, batch.number, (*batch.items, *again), batch.settled)


def _with_links(past: PastRun, discovery: Discovery, loaded: Sequence[tuple[Source, Batch[FetchedPage]]]) -> Discovery:
    """A discovery with the links the ledger knows of: those that came to an end, and pages of earlier runs read again
    (``loaded`` are the batches that were loaded, with both).
    """
    source_id = discovery.source.id
    whole = {(source.id, batch.number): batch for source, batch in loaded}
    batches = []
    for key in sorted(key for key in past.pages.keys() | past.ends.keys() | whole.keys() if key[0] == source_id):
        batch = whole.get(key) or past.batch_of(*key)
        links = tuple(page.fetch.link for page in batch.items)
        batches.append(Batch(source_id, key[1], links, batch.settled))
    return Discovery(discovery.source, tuple(batches), discovery.probes, discovery.addresses, discovery.paused)


def _damaged(settled: Settled) -> Finding:
    return Finding(
        "archive",
        "capture_damaged",
        settled.detail,
        "restore the file from a backup and rebuild again; the article is missing until then",
        capture_id=settled.capture.capture_id if settled.capture else None,
        url=settled.fetch.link.canonical_url,
    )


def _otherwise(then: Loaded, now: Loaded) -> Finding:
    message = f"batch {then.batch} of {then.source_id} in {then.run_id}: then {then.outcomes}, now {now.outcomes}"
    return Finding(
        "warehouse", "read_otherwise", message, "none needed where the code has changed since", damaged=False
    )


def _replace(settings: Settings, fresh: Settings) -> Path | None:
    """The new file under the old one's name; where the old one went."""
    old, new = settings.warehouse_path, fresh.warehouse_path
    backup = None
    if old.exists():
        backup = old.with_name(f"{old.name}.bak-{datetime.now(UTC):%Y%m%dT%H%M%S}")
        old.rename(backup)
    wal = old.with_name(f"{old.name}.wal")
    if wal.exists():
        wal.rename(wal.with_name(f"{backup.name if backup else old.name}.wal"))
    failpoint(Point.REBUILD_OLD_ASIDE)
    new.rename(old)
    _remove(new)
    return backup


def _remove(path: Path) -> None:
    """A file that a rebuild left which was cut off, and what DuckDB and the lock left beside it."""
    for name in (path.name, f"{path.name}.wal", f"{path.name}.lock"):
        path.with_name(name).unlink(missing_ok=True)
