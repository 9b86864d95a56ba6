"""What the documents show of the demo, asked of the demo itself: ``python -m benchmarks.answers`` writes it anew.

In ``docs/analyst.md`` each block of SQL is followed by its answer, as the demo's warehouse gives it; in ``README.md``
the table of events is the one of ``firstdraft events``. Ids of runs, instants and versions differ from machine to
machine and are shown as dots. A test (``tests/flows/test_answers.py``) compares both with the demo.
"""

import re
from datetime import date, datetime
from pathlib import Path

import duckdb

from schemas.settings import Settings
from tasks.console.summary import event_cells
from tasks.warehouse.publish.reports import view
from tasks.warehouse.publish.sql import Answer, answer
from tasks.warehouse.store.connect import open_reader

ROOT = Path(__file__).resolve().parents[1]
ANALYST, README = ROOT / "docs" / "analyst.md", ROOT / "README.md"
#: Rows and characters of a cell that are shown.
_ROWS, _WIDE = 6, 34
_SQL = re.compile(r"```sql\n(?P<sql>.*?)```\n(?:\n```text\n.*?```\n)?", re.DOTALL)
_TABLE = re.compile(r"(\| date \| place \|[^\n]*\n\|[-|]+\|\n)(?:\|[^\n]*\n)+")
_CHANGES = re.compile(r"\b(?:run|evt|men|ver|cap|art|ovr|fet)_[0-9a-f]{20}\b|\b[0-9a-f]{64}\b")
_OF_TODAY = frozenset(
    {"timestamp", "code_version", "changed_at", "finished_at", "started_at", "last_success_at", "days_since_new_item"}
)


def with_answers(text: str, con: duckdb.DuckDBPyConnection) -> str:
    """A document with the answer of each of its queries after it."""
    return _SQL.sub(lambda found: _block(found["sql"], con), text)


def _block(sql: str, con: duckdb.DuckDBPyConnection) -> str:
    return f"```sql\n{sql}```\n\n```text\n{shown(answer(con, sql))}```\n"


def shown(found: Answer) -> str:
    """The first rows of an answer as columns of text."""
    head = list(found.columns)
    rows = [[_cell(name, value) for name, value in zip(head, row, strict=True)] for row in found.rows[:_ROWS]]
    if len(head) > 9:
        head, rows = [*head[:8], f"and {len(head) - 8} more"], [[*row[:8], ""] for row in rows]
    widths = [max(len(line[at]) for line in (head, *rows)) for at in range(len(head))]
    lines = [
        "  ".join(cell.ljust(wide) for cell, wide in zip(line, widths, strict=True)).rstrip() for line in (head, *rows)
    ]
    if len(found.rows) > _ROWS:
        lines.append(f"... {len(found.rows)} rows")
    return "\n".join(lines) + "\n"


def _cell(name: str, value: object) -> str:
    if value is None:
        return "NULL"
    if name in _OF_TODAY or isinstance(value, datetime):
        return "..."
    told = value.isoformat() if isinstance(value, date) else f"{value:.4g}" if isinstance(value, float) else str(value)
    told = _CHANGES.sub("...", " ".join(told.split()))
    return told if len(told) <= _WIDE else f"{told[: _WIDE - 3]}..."


def with_events(text: str, con: duckdb.DuckDBPyConnection) -> str:
    """The README with the table of the demo's events."""
    rows = [event_cells(row)[:-1] for row in view(con, "events_overview").records()]
    lines = "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n" for cells in rows)
    return _TABLE.sub(lambda found: found[1] + lines, text)


def main() -> None:
    """Write both from the demo's warehouse (``make demo`` makes it)."""
    with open_reader(Settings().for_demo()) as con:
        ANALYST.write_text(with_answers(ANALYST.read_text(encoding="utf-8"), con), encoding="utf-8")
        README.write_text(with_events(README.read_text(encoding="utf-8"), con), encoding="utf-8")


if __name__ == "__main__":
    main()
