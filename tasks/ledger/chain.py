"""The ledger read: forward with every hash checked, or backward to where the last run ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from schemas.ledger import Abandoned, Closed, Redacted
from schemas.verification import Finding
from tasks.ledger.ends import Mark, read_head, segments
from tasks.ledger.lines import GENESIS, Line, hash_of, read_line

_RESTORE = "restore {file} from a backup; the warehouse is not touched by this"
_BOUNDARIES = {Closed.kind, Abandoned.kind}
_BLOCK = 1 << 20
_REDACTED = b'"kind":"redacted"'


@dataclass(slots=True)
class _Expected:
    """What the next line must be."""

    seq: int = 1
    prev: str = GENESIS


def read_chain(folder: Path) -> Iterator[Line | Finding]:
    """Every line in order, and a finding wherever the chain does not hold; it goes on behind the damage."""
    expected = _Expected()
    hashes: dict[int, str] = {}
    marks = _marks(folder)
    watched = {mark.seq for _, mark in marks}
    for path in segments(folder):
        for raw, offset in raw_lines(path):
            yield from _judged(raw, folder, path.name, offset, expected)
            if expected.seq - 1 in watched:
                hashes[expected.seq - 1] = expected.prev
    yield from _against_head(folder, expected.seq - 1, hashes)


def read_or_excuse(raw: bytes, folder: Path, file: str, offset: int) -> Line:
    """A line; one that does not have its hash, if a later line says that it was blanked on purpose.

    Raises ``ValueError`` for any other. Costs a look through the whole ledger for each such line, of which there are
    few.
    """
    try:
        return read_line(raw, file, offset)
    except ValueError:
        line = read_line(raw, file, offset, checked=False)
        if (line.seq, line.sha256, hash_of(raw)) not in _redacted(folder):
            raise
        return line


def _redacted(folder: Path) -> set[tuple[int, str, str]]:
    """Number and hashes, then and now, of the lines that were blanked, by the word of lines that are as written."""
    numbers = set()
    for path in segments(folder):
        for raw, _ in raw_lines(path):
            if _REDACTED in raw:
                try:
                    entry = read_line(raw[:-1]).entry
                except (ValueError, KeyError):
                    continue
                if isinstance(entry, Redacted):
                    numbers.add((entry.seq, entry.sha256, entry.now))
    return numbers


def raw_lines(path: Path) -> Iterator[tuple[bytes, int]]:
    """The lines of a file with their line feeds, each with its offset."""
    offset = 0
    with path.open("rb", buffering=_BLOCK) as file:
        for raw in file:
            yield raw, offset
            offset += len(raw)


def _judged(raw: bytes, folder: Path, file: str, offset: int, expected: _Expected) -> Iterator[Line | Finding]:
    if not raw.endswith(b"\n"):
        # A line that only lacks its line feed is whole, but a writer never leaves one.
        yield _torn(raw, file, offset)
        return
    try:
        line = read_or_excuse(raw[:-1], folder, file, offset)
    except (ValueError, KeyError) as error:
        yield _broken("line_damaged", f"line {expected.seq}: {error}", file, offset)
        expected.seq, expected.prev = expected.seq + 1, ""
        return
    if line.seq != expected.seq:
        message = f"line {line.seq} stands where line {expected.seq} was expected"
        yield _broken("lines_missing", message, file, offset)
    elif expected.prev and line.prev != expected.prev:
        yield _broken("chain_broken", f"line {line.seq} does not follow the line before it", file, offset)
    expected.seq, expected.prev = line.seq + 1, line.sha256
    yield line


def _torn(raw: bytes, file: str, offset: int) -> Finding:
    return Finding(
        "ledger",
        "line_torn",
        f"{len(raw)} bytes of an unfinished line",
        "none needed after a kill: the next run sets them aside; else restore the file from a backup",
        damaged=False,
        file=file,
        offset=offset,
    )


def _broken(what: str, detail: str, file: str, offset: int) -> Finding:
    return Finding("ledger", what, detail, _RESTORE.format(file=f"ledger/{file}"), file=file, offset=offset)


def _marks(folder: Path) -> list[tuple[str, Mark]]:
    """What the head says of the ledger's end; nothing if it cannot be read."""
    try:
        head = read_head(folder)
    except ValueError:
        return []
    return [("written", head.written), ("known to be on disk", head.synced)] if head else []


def _against_head(folder: Path, last: int, hashes: dict[int, str]) -> Iterator[Finding]:
    """Return True if the ledger goes as far as its head says, with the lines the head names."""
    try:
        head = read_head(folder)
    except ValueError as error:
        yield _broken("head_damaged", f"head: {error}", "head", 0)
        return
    if head is None:
        if last:
            yield _broken("head_missing", "there are lines, but no head that says how far they go", "head", 0)
        return
    for words, mark in _marks(folder):
        if mark.seq > last:
            message = f"it ends at line {last}, but line {mark.seq} was {words}"
            yield _broken("end_missing", message, _last_file(folder), 0)
        elif mark.seq and hashes.get(mark.seq) != mark.sha256:
            yield _broken("head_differs", f"line {mark.seq} is not the one that was {words}", "head", 0)
    if head.written.seq + 1 < last:
        yield _broken("head_behind", f"it says that line {head.written.seq} is the last, and {last} is", "head", 0)


def _last_file(folder: Path) -> str:
    files = segments(folder)
    return files[-1].name if files else "000001.jsonl"


def since_last_end(folder: Path) -> tuple[Line | None, list[Line]]:
    """The line by which the last run was closed or given up, and the lines behind it, oldest first.

    Read from the end, so it costs what one run wrote, not what the ledger holds. Raises ``ValueError`` if one of
    these lines is damaged.
    """
    lines: list[Line] = []
    for path in reversed(segments(folder)):
        for raw, offset in _backward(path):
            line = read_or_excuse(raw, folder, path.name, offset)
            if line.kind in _BOUNDARIES:
                return line, lines[::-1]
            lines.append(line)
    return None, lines[::-1]


def _backward(path: Path) -> Iterator[tuple[bytes, int]]:
    """The lines of a file, last first, each with its offset."""
    with path.open("rb") as file:
        start, rest = file.seek(0, 2), b""
        while start:
            length = min(start, _BLOCK)
            start -= length
            file.seek(start)
            block = file.read(length) + rest
            first, *whole = block.split(b"\n")
            offset = start + len(block)
            for raw in reversed(whole):
                offset -= len(raw)
                if raw:
                    yield raw, offset
                offset -= 1
            rest = first
        if rest:
            yield rest, 0
