"""Blanking words in lines of the past: headlines that links were offered with, and what people and models wrote.

A line is overwritten in place by one of the same length, and keeps the hash it had; a new line names its number, that
hash and the reason. So the chain holds, what was blanked is known, and whatever else was changed is still noticed.
"""

import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic_core import to_json

from schemas.ledger import Captured, Ended, Entry, Note, Redacted, Wrote
from tasks.ledger.chain import raw_lines, read_or_excuse
from tasks.ledger.ends import segments
from tasks.ledger.lines import Line, hash_of

#: The headline of a link, as JSON has it.
_HEADLINE = re.compile(rb'(?<="title_hint":")(?:[^"\\]|\\.)+(?=")')
_BLANK = b"-"

Keys = Mapping[str, Sequence[Mapping[str, object]]]


@dataclass(frozen=True, slots=True)
class Blanked:
    """What is to stand in the place of a line, and where."""

    path: Path
    offset: int
    data: bytes


def redact(folder: Path, urls: Collection[str], rows: Keys, reason: str, note: Note) -> list[Blanked]:
    """Take down which lines are to be blanked: the links of some canonical URLs, and rows by table and key.

    The caller writes them with :func:`write_blanked` once that is on disk. Lines that are blank already are left out.
    """
    blanked = []
    for path in segments(folder):
        for raw, offset in raw_lines(path):
            for line, data in _blanked(raw, folder, urls, rows):
                note(Redacted(line.seq, line.sha256, hash_of(data[:-1]), reason))
                blanked.append(Blanked(path, offset, data))
    return blanked


def write_blanked(blanked: Collection[Blanked]) -> None:
    """Overwrite lines, on disk on return. Raises ``OSError``."""
    for path in sorted({line.path for line in blanked}):
        descriptor = os.open(path, os.O_WRONLY)
        try:
            for line in blanked:
                if line.path == path and os.pwrite(descriptor, line.data, line.offset) != len(line.data):
                    raise OSError(f"{path} could not be written at {line.offset}")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _blanked(raw: bytes, folder: Path, urls: Collection[str], rows: Keys) -> Iterator[tuple[Line, bytes]]:
    if b'"title_hint":' not in raw and b'"kind":"rows"' not in raw:
        return
    try:
        line = read_or_excuse(raw[:-1], folder, "", 0)
        entry = line.entry
    except (ValueError, KeyError):
        return
    data = raw
    if _link_of(entry) in urls:
        data = _HEADLINE.sub(lambda match: _BLANK * len(match[0]), raw)
    elif isinstance(entry, Wrote) and not entry.removed and entry.table in rows:
        for row in entry.rows:
            if any(_same(row, key) for key in rows[entry.table]):
                data = _without(data, row, rows[entry.table][0])
    if data != raw:
        yield line, data


def _link_of(entry: Entry) -> str | None:
    match entry:
        case Captured(page=page):
            return page.fetch.link.canonical_url
        case Ended(settled=settled):
            return settled.fetch.link.canonical_url
        case _:
            return None


def _same(row: Mapping[str, object], key: Mapping[str, object]) -> bool:
    return all(row.get(column) == value for column, value in key.items())


def _without(raw: bytes, row: Mapping[str, object], key: Mapping[str, object]) -> bytes:
    """A line without the words of a row: keys, instants and days stay, for it has to be read again."""
    for column, value in row.items():
        if isinstance(value, str) and value and column not in key and not _is_time(value):
            content = to_json(value)
            name = to_json(column) + b":"
            raw = raw.replace(name + content, name + b'"' + _BLANK * (len(content) - 2) + b'"')
    return raw


def _is_time(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
