"""What a language model said, in the warehouse; and with what a past run read its pages."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import duckdb

from schemas.ledger import Wrote
from schemas.llm import Circumstances, LlmRefusal, LlmReply
from tasks.warehouse.decisions.gazetteers import gazetteers
from tasks.warehouse.store.connect import transaction
from tasks.warehouse.store.queries import fetch_rows
from tasks.warehouse.store.rows import Row
from tasks.warehouse.store.write import upsert


def save_replies(
    con: duckdb.DuckDBPyConnection, replies: Sequence[LlmReply], refused: Mapping[str, Sequence[LlmRefusal]]
) -> list[Wrote]:
    """Write replies, and by version id what was refused of them; what to tell the ledger.

    Each version has lines of its own there: to forget a page is to blank its lines and no others.
    """
    writes = [Wrote("llm_replies", (asdict(reply),)) for reply in replies]
    for reply in replies:
        about: Row = {"run_id": reply.run_id, "version_id": reply.version_id}
        rows = [about | {"number": n} | _plain(refusal) for n, refusal in enumerate(refused.get(reply.version_id, ()))]
        writes += [Wrote("llm_refusals", tuple(rows))] if rows else []
    with transaction(con):
        for table in ("llm_replies", "llm_refusals"):
            upsert(con, table, [row for wrote in writes if wrote.table == table for row in wrote.rows])
    return sorted(writes, key=lambda wrote: wrote.table, reverse=True)


def circumstances(con: duckdb.DuckDBPyConnection, run_id: str) -> Circumstances:
    """With what a run read its pages, as the rows written before it tell: for reading them again as then."""
    replies = [LlmReply(**row) for row in fetch_rows(con, "llm_replies_of_run", {"run_id": run_id})]
    added = tuple(gazetteer.file for gazetteer in gazetteers(con))
    return Circumstances({reply.version_id: reply for reply in replies}, added)


def _plain(refusal: LlmRefusal) -> Row:
    return asdict(refusal) | {"reason": refusal.reason.value}
