"""A review sheet: mentions as CSV, one a row with its values, out and back; only what was changed is a verdict."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from schemas.errors import ReviewError
from schemas.keys import text_sha256
from schemas.review import Correction, ShownMention, Verdict
from tasks.reviewing.fields import FIELDS, read_correction, said

#: What a person may change, between what tells which mention it is and what helps to judge it.
COLUMNS = (
    "mention_id",
    "verdict",
    *FIELDS,
    "note",
    "confidence",
    "source",
    "published",
    "title",
    "url",
    "sentence",
    "read",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_VERDICTS = {"": None, "accept": Verdict.ACCEPT, "reject": Verdict.REJECT}


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person decided about one mention: a verdict, and the correction or ``None`` for all of it."""

    mention: ShownMention
    verdict: Verdict
    what: Correction | None
    note: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A row or task of which nothing was taken, and why."""

    mention_id: str
    why: str


def read_as(mention: ShownMention) -> str:
    """A hash of what a mention says: a sheet filled in against another reading does not fit any more."""
    return text_sha256([mention.sentence, json.dumps(said(mention), ensure_ascii=False, sort_keys=True)])[:16]


def sheet(mentions: Iterable[ShownMention]) -> str:
    """The sheet of some mentions."""
    out = io.StringIO()
    rows = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    rows.writeheader()
    for mention in mentions:
        rows.writerow({name: _safe(value) for name, value in _row(mention).items()})
    return out.getvalue()


def _row(mention: ShownMention) -> dict[str, str]:
    return {
        "mention_id": mention.mention_id,
        "verdict": "",
        **dict.fromkeys(FIELDS, ""),
        **said(mention),
        "note": "",
        "confidence": f"{mention.confidence:.2f}",
        "source": mention.source_id,
        "published": str(mention.published_day or ""),
        "title": mention.title or "",
        "url": mention.url,
        "sentence": mention.sentence,
        "read": read_as(mention),
    }


def _safe(value: str) -> str:
    """A text that no spreadsheet runs as a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value


def _bare(value: str | None) -> str:
    text = (value or "").strip()
    return text[1:] if text.startswith("'") and text[1:2] in _FORMULA else text


def read_sheet(text: str, find: Callable[[str], ShownMention | None]) -> Iterator[Judged | Refused]:
    """What a sheet that came back decides, row by row; a row that does not fit is refused by its mention.

    Raises :class:`ReviewError` if it is no sheet of ours.
    """
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    missing = sorted({"mention_id", "verdict", "read"} - set(rows.fieldnames or ()))
    if missing:
        raise ReviewError(f"this is no review sheet: the columns {', '.join(missing)} are missing")
    for row in rows:
        yield from _decided({name: _bare(value) for name, value in row.items() if name}, find)


def _decided(row: Mapping[str, str], find: Callable[[str], ShownMention | None]) -> Iterator[Judged | Refused]:
    mention_id = row["mention_id"]
    mention = find(mention_id)
    if mention is None:
        yield Refused(mention_id, "no mention has this id any more")
        return
    changed = _changed(row, mention)
    verdict = row["verdict"].lower()
    if not changed and not verdict:
        return
    if row["read"] != read_as(mention):
        yield Refused(mention_id, "it was read again since the sheet was written: export it anew")
        return
    if verdict not in _VERDICTS:
        yield Refused(mention_id, f"verdict {row['verdict']!r}: write accept, reject or nothing")
        return
    if changed and verdict == "reject":
        yield Refused(mention_id, "rejected and corrected at once")
        return
    yield from _made(mention, changed, _VERDICTS[verdict], row.get("note", ""))


def _made(
    mention: ShownMention, changed: Sequence[str], verdict: Verdict | None, note: str
) -> Iterator[Judged | Refused]:
    """All of a row's decisions, or none of them."""
    try:
        corrections = [read_correction(words, mention) for words in changed]
    except ReviewError as error:
        yield Refused(mention.mention_id, str(error))
        return
    for correction in corrections:
        yield Judged(mention, Verdict.CORRECT, correction, note)
    if verdict is not None:
        yield Judged(mention, verdict, None, note)


def _changed(row: Mapping[str, str], mention: ShownMention) -> list[str]:
    """``field=value`` of each field that does not stand as the mention has it."""
    values = said(mention)
    return [
        f"{field}={row[field] or 'none'}"
        for field in FIELDS
        if field in row and row[field] != values.get(field, "").strip()
    ]
