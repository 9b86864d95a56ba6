"""A line of the ledger: JSON with its number, the hash of the line before, and last its own.

The hash is the SHA-256 of the line's bytes before ``,"sha256":``, so a line proves itself, and with ``prev`` the whole
way behind it. Bodies are written and read by pydantic, fields that hold their default left out: a field added to a
type later reads as its default from older lines.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from schemas.ledger import Entry
from tasks.reference.machine.encodable import encodable

#: What the first line has for the hash of the line before.
GENESIS = "0" * 64
_TAIL = b',"sha256":"'
#: The tail, 64 digits, ``"}``.
_TAIL_LENGTH = len(_TAIL) + 66
_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}
_KINDS: dict[str, type[Any]] = {kind.kind: kind for kind in get_args(Entry)}


@dataclass(frozen=True, slots=True)
class Line:
    """One line as read: its number, hashes, instant, and what it says; where it stands, in bytes."""

    seq: int
    prev: str
    sha256: str
    at: str
    kind: str
    body: bytes
    file: str = ""
    offset: int = 0

    @property
    def entry(self) -> Entry:
        """What it says. Raises ``ValueError`` if this code does not know such an entry."""
        kind = _KINDS.get(self.kind)
        if kind is None:
            raise ValueError(f"line {self.seq} has a kind that this version does not know: {self.kind}")
        try:
            entry: Entry = _adapter(kind).validate_json(self.body)
        except ValidationError as error:
            raise ValueError(
                f"line {self.seq} ({self.kind}): {error.error_count()} fields are unknown or invalid"
            ) from error
        return entry


def write_line(seq: int, prev: str, at: datetime, entry: Entry) -> tuple[bytes, str]:
    """The line with its line feed, and its hash."""
    head = f'{{"seq":{seq},"prev":"{prev}","at":"{at.isoformat()}","kind":"{entry.kind}","body":'.encode()
    body = head + _body(entry)
    sha256 = hashlib.sha256(body).hexdigest()
    return body + _TAIL + sha256.encode() + b'"}\n', sha256


def read_line(raw: bytes, file: str = "", offset: int = 0, *, checked: bool = True) -> Line:
    """A line without its line feed; with ``checked`` false, whatever its hash. Raises ``ValueError`` saying what is
    wrong with it.
    """
    content, tail = raw[:-_TAIL_LENGTH], raw[-_TAIL_LENGTH:]
    if not tail.startswith(_TAIL) or not tail.endswith(b'"}'):
        raise ValueError("it does not end like a line of the ledger")
    sha256 = tail[len(_TAIL) : -2].decode("ascii", "replace")
    if checked and hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError("its bytes do not match its hash")
    head, _, body = content.partition(b',"body":')
    data = json.loads(head + b"}")
    return Line(data["seq"], data["prev"], sha256, data["at"], data["kind"], body, file, offset)


def hash_of(raw: bytes) -> str:
    """The hash that the bytes of a line (without its line feed) have, whatever it says of itself."""
    return hashlib.sha256(raw[:-_TAIL_LENGTH]).hexdigest()


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def _body(entry: Entry) -> bytes:
    adapter = _adapter(type(entry))
    try:
        return adapter.dump_json(entry, exclude_defaults=True)
    except ValueError:
        # A lone surrogate, e.g. from a server's header: no UTF-8 takes it, and neither does the database.
        plain = json.dumps(adapter.dump_python(entry, mode="python", exclude_defaults=True), default=str)
        return json.dumps(encodable(json.loads(plain)), separators=(",", ":")).encode()
