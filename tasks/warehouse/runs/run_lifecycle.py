"""A run from its first row to its last: opened, its discoveries noted, accounted for, closed."""

from collections.abc import Sequence
from datetime import UTC, datetime

import duckdb

from schemas.discovery import Discovery
from schemas.memory import Memory
from schemas.outcome import Batch
from schemas.page import FetchedPage
from schemas.run import Run, RunSummary, SourceResult
from schemas.source import Source
from tasks.warehouse.care.checks import accounting
from tasks.warehouse.care.publish_guard import note_measures
from tasks.warehouse.decisions.recall import captures_for, remember
from tasks.warehouse.load import states
from tasks.warehouse.load.loading import counted
from tasks.warehouse.runs.clock import check_clock
from tasks.warehouse.store.asof import note_events
from tasks.warehouse.store.changes import changes_of, record
from tasks.warehouse.store.connect import transaction
from tasks.warehouse.store.queries import fetch_rows
from tasks.warehouse.store.rows import Row, probe_row, run_row, source_row
from tasks.warehouse.store.write import upsert


def begin(con: duckdb.DuckDBPyConnection, run: Run, sources: Sequence[Source]) -> Memory:
    """Write the run and its sources; what is remembered of them.

    Whoever calls this is the one writer, so a run still marked running was killed or failed: it becomes abandoned.
    """
    check_clock(con, datetime.now(UTC))
    with transaction(con):
        con.execute("UPDATE runs SET state = 'abandoned' WHERE state = 'running' AND run_id <> ?", [run.run_id])
        states.forget_unfinished(con)
        upsert(con, "runs", [run_row(run)])
        changed = upsert(con, "sources", [source_row(source, run.run_id) for source in sources])
        upsert(con, "run_sources", [_fared(run, source.id, 0, "not asked", reached=False) for source in sources])
        record(con, run.run_id, "open", {"sources": changed})
    return remember(con, run, [source.id for source in sources])


def join(con: duckdb.DuckDBPyConnection, run: Run, sources: Sequence[Source]) -> Memory:
    """Write sources that came to a run under way, those it has not yet; what is remembered of all of them."""
    rows = con.execute("SELECT source_id FROM run_sources WHERE run_id = ?", [run.run_id]).fetchall()
    new = [source for source in sources if (source.id,) not in rows]
    with transaction(con):
        changed = upsert(con, "sources", [source_row(source, run.run_id) for source in new])
        record(con, run.run_id, "join", {"sources": changed})
        upsert(con, "run_sources", [_fared(run, source.id, 0, "not asked", reached=False) for source in new])
    return remember(con, run, [source.id for source in sources])


def note_discovery(con: duckdb.DuckDBPyConnection, run: Run, discovery: Discovery) -> None:
    """Write what a source answered and how many links it gave; of one that is paused, that it was not asked."""
    if discovery.paused:
        with transaction(con):
            failure = _fared(run, discovery.source.id, 0, f"not asked, {discovery.paused}", reached=False, paused=True)
            upsert(con, "run_sources", [failure])
        return
    reached = [probe for probe in discovery.probes if probe.error is None]
    failed = [
        f"{probe.kind} {probe.url}: {probe.error} ({probe.detail})"
        for probe in discovery.probes
        if probe.error is not None
    ]
    detail = f"{len(reached)} of {len(discovery.probes)} addresses read" + "".join(f"; {failure}" for failure in failed)
    with transaction(con):
        upsert(con, "probes", [probe_row(probe) for probe in discovery.probes])
        states.note_addresses(con, discovery.addresses)
        fared = _fared(run, discovery.source.id, len(discovery), detail, reached=discovery.reached)
        upsert(con, "run_sources", [fared])


def batches_of_captures(
    con: duckdb.DuckDBPyConnection,
    run: Run,
    source: Source,
    batch_size: int,
    readers: Sequence[str] | None = None,
    *,
    coders: bool = False,
) -> list[Batch[FetchedPage]]:
    """The stored pages of a source in the run's window, in batches, noted as discovered; of some readers only."""
    pages = captures_for(con, run.run_id, source.id, run.window, readers, coders=coders)
    with transaction(con):
        fared = _fared(run, source.id, len(pages), f"{len(pages)} captures", reached=True)
        upsert(con, "run_sources", [fared])
    return [
        Batch(source.id, number, tuple(pages[start : start + batch_size]))
        for number, start in enumerate(range(0, len(pages), batch_size))
    ]


def finish(
    con: duckdb.DuckDBPyConnection,
    run: Run,
    pause_points: float = states.PAUSE_POINTS,
    finished_at: datetime | None = None,
) -> RunSummary:
    """Check the accounting, settle how the sources fared, and mark the run done.

    ``pause_points`` is the limit at which a source is paused; ``finished_at`` is now, unless a past run is replayed.
    Raises :class:`~schemas.errors.AccountingError`.
    """
    accounting(con, run.run_id)
    finished_at = finished_at or datetime.now(UTC)
    totals = fetch_rows(con, "run_totals", {"run_id": run.run_id})[0]
    outcomes, reasons = counted(fetch_rows(con, "run_outcomes", {"run_id": run.run_id}))
    ended: Row = {**run_row(run), **totals, "state": "done", "finished_at": finished_at}
    with transaction(con):
        states.settle_sources(con, run, pause_points)
        upsert(con, "runs", [ended])
        note_events(con, run)
        note_measures(con, run)
    return RunSummary(
        run=run,
        finished_at=finished_at,
        outcomes=outcomes,
        reasons=reasons,
        rows=changes_of(con, run.run_id),
        sources=tuple(SourceResult(**row) for row in fetch_rows(con, "run_fared", {"run_id": run.run_id})),
        **totals,
    )


def _fared(run: Run, source_id: str, discovered: int, detail: str, *, reached: bool, paused: bool = False) -> Row:
    counts: Row = {"reached": reached, "discovered": discovered, "detail": detail, "new": None, "paused": paused}
    return {"run_id": run.run_id, "source_id": source_id, **counts}
