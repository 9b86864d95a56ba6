"""The archive compared with what was taken down of it: every byte of every file accounted for, every page readable."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from schemas.keys import sha256_hex
from schemas.ledger import Stretch
from schemas.page import Capture
from schemas.verification import Finding
from tasks.web.archive.captures import Damaged, read_body


@dataclass(frozen=True, slots=True)
class Account:
    """A stretch that must stand in a file as it was written, and the page it holds, if any; ``url`` is for people."""

    stretch: Stretch
    url: str
    capture: Capture | None = None


def inspect_file(
    captures_dir: Path,
    name: str,
    accounts: Sequence[Account],
    count_bytes: Callable[[int], None],
    *,
    quick: bool = False,
) -> list[Finding]:
    """What is wrong with one file. ``count_bytes`` is given the bytes read; ``quick`` looks at the length alone."""
    path = captures_dir / name
    try:
        size = path.stat().st_size
    except OSError as error:
        return [
            _flaw("file_missing", name, f"{len(accounts)} stretches are gone with it: {error.strerror}", accounts[0])
        ]
    ordered = sorted(accounts, key=lambda account: account.stretch.offset)
    findings = list(_gaps(name, ordered, size))
    if not quick:
        with path.open("rb") as file:
            for account in ordered:
                file.seek(account.stretch.offset)
                findings += _inspect(captures_dir, file.read(account.stretch.length), account)
                count_bytes(account.stretch.length)
    return findings


def unknown_files(captures_dir: Path, named: Iterable[str]) -> Iterator[Finding]:
    """A finding for each file below the folder that is not among ``named`` (paths relative to it), by name."""
    names = {str(path.relative_to(captures_dir)) for path in captures_dir.rglob("*") if path.is_file()}
    for name in sorted(names - set(named)):
        message = "the ledger does not know this file"
        repair = "move it away, or restore the ledger it belongs to from a backup"
        yield Finding("archive", "file_unknown", message, repair, file=name)


def strays(captures_dir: Path, run_id: str, stretches: Iterable[Stretch]) -> list[tuple[Stretch, tuple[str, ...]]]:
    """What stands in the files of a run behind the last stretch taken down, with the addresses of its whole records.

    A process that dies between writing bytes and taking them down leaves one; of no bytes, where it had only begun the
    file.
    """
    ends: dict[str, int] = {}
    for stretch in stretches:
        ends[stretch.file] = max(ends.get(stretch.file, 0), stretch.offset + stretch.length)
    leftovers = []
    for path in sorted((captures_dir / run_id).glob("*")):
        name = str(path.relative_to(captures_dir))
        last, size = ends.get(name, 0), path.stat().st_size
        if size > last or name not in ends:
            with path.open("rb") as file:
                file.seek(last)
                data = file.read()
            leftovers.append((Stretch(name, last, len(data), sha256_hex(data)), _addresses(data)))
    return leftovers


def _addresses(data: bytes) -> tuple[str, ...]:
    addresses: list[str] = []
    try:
        for record in ArchiveIterator(BytesIO(data)):
            if record.rec_type == "response":
                addresses.append(str(record.rec_headers.get_header("WARC-Target-URI")))  # noqa: PERF401
    # The one broad edge: a record that is cut off makes warcio raise what its parsers happen to.
    except Exception:  # noqa: BLE001
        return tuple(addresses)
    return tuple(addresses)


def _gaps(name: str, ordered: Sequence[Account], size: int) -> Iterator[Finding]:
    """Bytes that no stretch covers, that two cover, or that are missing at the end."""
    at = 0
    for account in ordered:
        offset = account.stretch.offset
        if offset != at:
            word = "bytes_unaccounted" if offset > at else "bytes_claimed_twice"
            yield _flaw(word, name, f"{abs(offset - at)} bytes", account, min(at, offset))
        at = offset + account.stretch.length
    if size > at:
        yield _flaw("bytes_unaccounted", name, f"{size - at} bytes behind the last stretch taken down", None, at)


def _inspect(captures_dir: Path, data: bytes, account: Account) -> Iterator[Finding]:
    stretch, capture = account.stretch, account.capture
    if len(data) < stretch.length:
        message = f"{len(data)} of {stretch.length} bytes are left"
        yield _flaw("cut", stretch.file, message, account)
        return
    if hashlib.sha256(data).hexdigest() != stretch.sha256:
        body_read = read_body(captures_dir, capture) if capture else None
        message = (
            body_read.detail
            if isinstance(body_read, Damaged)
            else "the page itself can be read, what stands around it changed"
        )
        yield _flaw("changed", stretch.file, message if capture else "an answer that is no page", account)
        return
    if capture is not None and isinstance(body := read_body(captures_dir, capture), Damaged):
        yield _flaw(body.reason, stretch.file, body.detail, account)


def _flaw(what: str, file: str, detail: str, account: Account | None, offset: int | None = None) -> Finding:
    capture = account.capture if account else None
    return Finding(
        "archive",
        what,
        detail,
        f"restore captures/{file} from a backup"
        + ("; or let a later run fetch the page again: the article as read stays in the warehouse" if capture else ""),
        file=file,
        offset=offset if offset is not None else account.stretch.offset if account else None,
        capture_id=capture.capture_id if capture else None,
        url=account.url if account else None,
    )
