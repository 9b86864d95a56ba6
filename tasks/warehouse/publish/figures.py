"""What the warehouse tells a monitor."""

import duckdb

from schemas.health import Figures, RunFigures, SourceFigures
from schemas.settings import Settings
from tasks.reference.seeds.version import code_version
from tasks.warehouse.decisions.recall import MOST_TRIES
from tasks.warehouse.store.queries import fetch_rows


def figures_of(con: duckdb.DuckDBPyConnection, settings: Settings) -> Figures:
    """The figures as the connection's warehouse has them; links are those of the last run that was done."""
    last = [row["run_id"] for row in fetch_rows(con, "last_done_run")]
    links = fetch_rows(con, "metrics_links", {"run_id": last[0]}) if last else []
    return Figures(
        runs=tuple(RunFigures(**row) for row in fetch_rows(con, "metrics_runs")),
        sources=tuple(SourceFigures(**row) for row in fetch_rows(con, "metrics_sources")),
        links={(row["source_id"], row["outcome"]): row["links"] for row in links},
        rows={row["table_name"]: row["row_count"] for row in fetch_rows(con, "metrics_rows")},
        warehouse_bytes=settings.warehouse_path.stat().st_size if settings.warehouse_path.exists() else 0,
        code_version=code_version(),
    )


def unread_counts(con: duckdb.DuckDBPyConnection, code: str) -> list[tuple[str, int, int]]:
    """Why pages that are kept were never read to their end, how many, and how many of them no night of this version of
    the code tries again.
    """
    rows = fetch_rows(con, "unread_counts", {"code_version": code, "most_tries": MOST_TRIES})
    return [(row["reason"], row["pages"], row["waiting"]) for row in rows]
