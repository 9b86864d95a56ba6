"""Proofs of OpenTimestamps: a hash handed to a calendar, which puts it into a Bitcoin block some hours later.

A proof (``.ots``) is the hash and the steps from it to what a calendar promised or a block holds. Steps are done again
here without a Bitcoin node; whether a block has the root they end in only a node tells (``ots verify``). The library
``opentimestamps`` reads the same files, but brings a Bitcoin and a cryptography library.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from schemas.errors import StampError
from tasks.ledger.services import post

_MEDIA_TYPE = "application/vnd.opentimestamps.v1"
#: What a detached proof begins with: the format's mark, its version, the step that hashed the file (SHA-256).
_HEAD = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01\x08"
_STEPS: dict[int, Callable[[bytes], bytes]] = {
    0x02: lambda message: hashlib.sha1(message, usedforsecurity=False).digest(),
    0x03: lambda message: hashlib.new("ripemd160", message, usedforsecurity=False).digest(),
    0x08: lambda message: hashlib.sha256(message).digest(),
    0xF2: lambda message: message[::-1],
    0xF3: lambda message: message.hex().encode(),
}
_APPEND, _PREPEND, _ATTESTATION, _FORK = 0xF0, 0xF1, 0x00, 0xFF
_PENDING, _BITCOIN = bytes.fromhex("83dfe30d2ef90c8e"), bytes.fromhex("0588960d73d71901")


@dataclass(frozen=True, slots=True)
class Proof:
    """Where the steps of a proof end: addresses of calendars that promise a block, and blocks by height.

    ``blocks`` names for each height the Merkle root the block must have, in hex as Bitcoin shows it.
    """

    pending: tuple[str, ...]
    blocks: tuple[tuple[int, str], ...]


def ask_calendar(calendar: str, sha256: str) -> bytes:
    """A proof for a hash, fresh from a calendar. Raises :class:`StampError`."""
    digest = bytes.fromhex(sha256)
    answer = post(f"{calendar.rstrip('/')}/digest", digest, {"Accept": _MEDIA_TYPE})
    if answer.status != HTTPStatus.OK:
        raise StampError(f"{calendar} answers HTTP {answer.status}, and no proof")
    proof = _HEAD + digest + answer.body
    read_proof(proof, sha256)
    return proof


def read_proof(proof: bytes, sha256: str) -> Proof:
    """Where a proof of this hash ends. Raises :class:`StampError` if it is none, or another hash's."""
    start = _HEAD + bytes.fromhex(sha256)
    if not proof.startswith(start):
        problem = "another hash's proof" if proof.startswith(_HEAD) else "no proof of OpenTimestamps"
        raise StampError(f"it is {problem}")
    reader = _Reader(proof, len(start))
    try:
        reader.walk(bytes.fromhex(sha256))
    except (IndexError, RecursionError, ValueError) as error:
        raise StampError(f"the proof is damaged after {reader.at} bytes") from error
    if reader.at != len(proof) or not (reader.pending or reader.blocks):
        raise StampError("the proof ends in no calendar and no block, or goes on behind its end")
    return Proof(tuple(reader.pending), tuple(reader.blocks))


class _Reader:
    """Walks over the steps of a proof; what is cut off raises :class:`IndexError`."""

    def __init__(self, proof: bytes, at: int) -> None:
        self.proof, self.at = proof, at
        self.pending: list[str] = []
        self.blocks: list[tuple[int, str]] = []

    def walk(self, message: bytes) -> None:
        """All that leads on from a message: forks first, then the last way."""
        while (tag := self._byte()) == _FORK:
            self._step(self._byte(), message)
        self._step(tag, message)

    def _step(self, tag: int, message: bytes) -> None:
        if tag == _ATTESTATION:
            self._attestation(message)
        else:
            self.walk(self._operation(tag)(message))

    def _operation(self, tag: int) -> Callable[[bytes], bytes]:
        if tag in (_APPEND, _PREPEND):
            return partial(_joined, self._bytes(), first=tag == _PREPEND)
        if tag not in _STEPS:
            raise ValueError(f"step {tag:#x}")
        return _STEPS[tag]

    def _attestation(self, message: bytes) -> None:
        kind = self._take(len(_PENDING))
        payload = _Reader(self._bytes(), 0)
        if kind == _PENDING:
            self.pending.append(payload._bytes().decode("ascii"))
        elif kind == _BITCOIN:
            self.blocks.append((payload._number(), message[::-1].hex()))

    def _byte(self) -> int:
        return self._take(1)[0]

    def _take(self, count: int) -> bytes:
        part = self.proof[self.at : self.at + count]
        self.at += count
        if len(part) < count:
            raise IndexError(self.at)
        return part

    def _bytes(self) -> bytes:
        return self._take(self._number())

    def _number(self) -> int:
        """LEB128: seven bits a byte, the lowest first."""
        number = shift = 0
        while (byte := self._byte()) & 0x80:
            number |= (byte & 0x7F) << shift
            shift += 7
        return number | byte << shift


def _joined(part: bytes, message: bytes, *, first: bool) -> bytes:
    return part + message if first else message + part
