"""Gold files: a document a line as JSON, in one of the formats `docs/review.md` describes."""

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from schemas.errors import GoldError
from tasks.reference.seeds import read_csv_seed

Row = Mapping[str, Any]


class Format(StrEnum):
    """What a gold file asks for."""

    #: Whole articles, each event with every value its annotators gave: the format for gold of one's own.
    ARTICLES = "articles"
    #: One event a document, with date, place and tolls (PITF's atrocities, the Gun Violence Archive).
    SINGLE = "single"
    #: One label a snippet (CASE 2021, task 2).
    LABELS = "case2021"
    #: The places of one verb in a sentence.
    LOCATIONS = "event_location"
    #: Time expressions with the day each means (TempEval-3).
    DAYS = "tempeval3"


class _Label(BaseModel):
    """A row of ``seeds/gold_labels.csv``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    gold: str
    label: str
    sub_event_type: str


@cache
def labels(gold: str) -> tuple[tuple[str, str], ...]:
    """The labels of a set with the sub-types of ACLED they hold."""
    rows = read_csv_seed("gold_labels.csv", _Label)
    return tuple((row.label, row.sub_event_type) for row in rows if row.gold == gold)


def read_gold(file: Path, limit: int | None = None) -> list[Row]:
    """The documents of a gold file. Raises :class:`GoldError` naming the first line that is none."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = str(error.strerror).lower() if isinstance(error, OSError) else f"not UTF-8 ({error.reason})"
        raise GoldError(f"{file} cannot be read: {why}; docs/review.md says what a gold file holds") from error
    rows = [_row(file, number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not rows:
        raise GoldError(f"{file} is empty")
    return rows[:limit]


def format_of(rows: list[Row]) -> Format:
    """The format of a gold file by what its documents hold. Raises :class:`GoldError` if they hold none of it."""
    if any("timexes" in row for row in rows):
        return Format.DAYS
    event: Row = next((event for row in rows for event in row["events"]), {})
    for key, form in _MARKS:
        if key in event:
            return Format.LABELS if form is Format.SINGLE and "date" not in event else form
    if set(event) == {"type"}:
        return Format.LABELS
    raise GoldError("the format of the file is not known; name it with --format")


#: Fields that only events of a format have, the most telling first.
_MARKS = (
    ("sub_type", Format.ARTICLES),
    ("trigger", Format.LOCATIONS),
    ("killed", Format.SINGLE),
)


def _row(file: Path, number: int, line: str) -> Row:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise GoldError(f"{file}:{number}: not JSON: {error}") from error
    wanted = {"id": str, "text": str, "events": list}
    wrong = [name for name, kind in wanted.items() if not isinstance(row, dict) or not isinstance(row.get(name), kind)]
    if wrong:
        raise GoldError(f"{file}:{number}: {', '.join(wrong)} missing, or neither a text nor a list")
    parsed: Row = row
    return parsed


def core(rows: list[Row]) -> Iterator[Row]:
    """Of sets that mark them, the documents whose text states what the gold says; else all."""
    marked = any("core_stated" in row for row in rows)
    return (row for row in rows if not marked or row["core_stated"])
