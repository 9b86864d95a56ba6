"""Identifiers: hashes of declared keys, so that a row has the same id on every machine and in every order."""

import hashlib
from collections.abc import Iterable

#: Between the parts of a key: a character that no cleaned field may hold.
_SEPARATOR = "\x1f"
#: 20 hex digits are 80 bits: a collision among a hundred million rows has odds below one in a hundred million.
_DIGITS = 20


def row_id(kind: str, *parts: object) -> str:
    """The id of a row: ``<kind>_<20 hex digits>`` of the SHA-256 of its key fields.

    ``None`` and the empty string are different keys.

    >>> row_id("art", "https://example.org/a")
    'art_00c349e6de47f68a0c5c'
    >>> row_id("x", None) == row_id("x", "")
    False
    """
    key = _SEPARATOR.join("\x00" if part is None else str(part) for part in (kind, *parts))
    return f"{kind}_{sha256_hex(key.encode())[:_DIGITS]}"


def sha256_hex(data: bytes) -> str:
    """The SHA-256 of some bytes as 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def text_sha256(parts: Iterable[str]) -> str:
    """The SHA-256 of texts joined by the separator, as UTF-8."""
    return sha256_hex(_SEPARATOR.join(parts).encode())
