"""What a model said, in warehouse and ledger: written again as it was, and forgotten page by page."""

from dataclasses import asdict, replace
from pathlib import Path

import duckdb
import pytest

from schemas.ledger import Wrote
from schemas.llm import LlmRefusal, LlmReply, Refused
from tasks.ledger.append import open_ledger
from tasks.ledger.past import past_runs
from tasks.ledger.redact import Keys, redact, write_blanked
from tasks.warehouse.care import replaying
from tasks.warehouse.decisions.llm import circumstances, save_replies
from tasks.warehouse.store.queries import rows_of
from tests.warehouse.build import NOON

REPLY = LlmReply(
    "run_1", "ver_1", "0" * 64, "127.0.0.1:1", "a-model", "1.0", "all", 0.5, "answered", "", False,
    '{"events": ["words of a page"]}', 1, 900, 100, 0.25, NOON,
)  # fmt: skip
REPLIES = [REPLY, replace(REPLY, version_id="ver_2"), replace(REPLY, version_id="ver_3", outcome="budget", reply=None)]
REFUSED = {name: [LlmRefusal(0, "place", 3, "Atlantis", Refused.NOT_IN_SENTENCE)] * 2 for name in ("ver_1", "ver_2")}


@pytest.fixture
def told(writer: duckdb.DuckDBPyConnection, tmp_path: Path) -> Path:
    """The folder of a ledger that was told of the replies; the warehouse has them."""
    ledger = open_ledger(tmp_path / "ledger", 1 << 20)
    for wrote in save_replies(writer, REPLIES, REFUSED):
        ledger.append(wrote)
    ledger.sync()
    return ledger.folder


def again(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    con.execute("DELETE FROM llm_replies")
    con.execute("DELETE FROM llm_refusals")
    for wrote in past_runs(folder):
        assert isinstance(wrote, Wrote)
        replaying.write_again(con, wrote.table, wrote.rows, removed=wrote.removed)


def test_the_ledger_gives_replies_and_refusals_back(writer: duckdb.DuckDBPyConnection, told: Path) -> None:
    refusals = rows_of(writer, "FROM llm_refusals ORDER BY ALL")
    assert [row["number"] for row in refusals] == [0, 1, 0, 1]
    again(writer, told)
    assert circumstances(writer, "run_1").replies == {reply.version_id: reply for reply in REPLIES}
    assert circumstances(writer, "run_2").replies == {}
    assert rows_of(writer, "FROM llm_refusals ORDER BY ALL") == refusals


def test_to_forget_a_page_is_to_forget_what_was_said_of_it_alone(writer: duckdb.DuckDBPyConnection, told: Path) -> None:
    ledger = open_ledger(told, 1 << 20)
    keys: Keys = {
        "llm_replies": [{"run_id": "run_1", "version_id": "ver_1"}],
        "llm_refusals": [{"run_id": "run_1", "version_id": "ver_1", "number": n} for n in (0, 1)],
    }
    blanked = redact(told, (), keys, "asked for", ledger.append)
    ledger.sync()
    write_blanked(blanked)
    raw = b"".join(file.read_bytes() for file in told.glob("*.jsonl"))
    assert raw.count(b"words of a page") == 1
    assert raw.count(b"Atlantis") == 2
    again(writer, told)
    found = circumstances(writer, "run_1").replies
    assert (found["ver_2"], found["ver_3"]) == tuple(REPLIES[1:])
    assert found["ver_1"].outcome != "answered"


def test_of_a_row_written_twice_the_last_one_stands(writer: duckdb.DuckDBPyConnection) -> None:
    twice = [asdict(REPLY), asdict(replace(REPLY, detail="later")), asdict(REPLIES[1])]
    replaying.write_again(writer, "llm_replies", twice, removed=False)
    found = circumstances(writer, "run_1").replies
    assert {name: reply.detail for name, reply in found.items()} == {"ver_1": "later", "ver_2": ""}
