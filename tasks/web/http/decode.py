"""A body as it arrives: counted while it is decoded, and stopped at its limit."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from schemas.outcome import Reason
from tasks.web.http.response import FetchError

#: What is asked for, and what is asked for once more if something else came (``tasks/web/http/codings.py`` reads that).
ACCEPT_ENCODING = "gzip"
ASKED_AGAIN = "identity"
_GZIP = {"gzip", "x-gzip"}
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
#: Bytes handed to zlib at once.
_PIECE = 4096
#: A file compressed in blocks of 64 KiB has 800 for 50 MiB.
_MOST_MEMBERS = 10_000


@dataclass(frozen=True, slots=True)
class Body:
    """A body: as sent, and decoded. ``cut`` where it was stopped at the limit, which must have been allowed."""

    raw: bytes
    decoded: bytes
    cut: bool = False


def read_body(chunks: Iterable[bytes], encoding: str | None, limit: int, may_cut: bool = False) -> Body | FetchError:
    """Read a body of at most ``limit`` bytes, decoded; a longer one is a fault, or cut where ``may_cut``."""
    names = coding_names(encoding)
    if names in ([], ["identity"]):
        return _read_plain(chunks, limit, may_cut)
    if len(names) == 1 and names[0] in _GZIP:
        return _read_gzip(chunks, limit, may_cut)
    return FetchError(Reason.ENCODING, f"Content-Encoding {encoding!r}: only gzip was asked for")


def coding_names(encoding: str | None) -> list[str]:
    """The codings that a ``Content-Encoding`` header names, in the order they were put on."""
    return [name.strip().lower() for name in (encoding or "").split(",") if name.strip()]


def gunzip(data: bytes, limit: int) -> bytes | FetchError:
    """A whole gzip file (one member or more) of at most ``limit`` bytes when unpacked."""
    body = _read_gzip([data], limit, may_cut=False)
    return body if isinstance(body, FetchError) else body.decoded


def _read_plain(chunks: Iterable[bytes], limit: int, may_cut: bool) -> Body | FetchError:
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) > limit:
            return Body(bytes(data[:limit]), bytes(data[:limit]), cut=True) if may_cut else too_large(limit)
    whole = bytes(data)
    return Body(whole, whole)


def _read_gzip(chunks: Iterable[bytes], limit: int, may_cut: bool) -> Body | FetchError:
    raw, reader = bytearray(), _Gunzip(limit)
    try:
        for chunk in chunks:
            raw += chunk
            reader.feed(chunk)
            if reader.full:
                return Body(bytes(raw), bytes(reader.data[:limit]), cut=True) if may_cut else too_large(limit)
            if len(raw) > limit:
                return too_large(limit)
    except zlib.error as error:
        return FetchError(Reason.ENCODING, f"not gzip, though said to be: {error}")
    if raw and not reader.complete:
        return FetchError(Reason.TRUNCATED, f"the gzip stream ends early, after {len(reader.data)} decoded bytes")
    return Body(bytes(raw), bytes(reader.data))


class _Gunzip:
    """Gzip members one after another, never decoding more than ``limit + 1`` bytes."""

    def __init__(self, limit: int) -> None:
        self.data = bytearray()
        self._limit = limit
        self._member = zlib.decompressobj(_GZIP_WINDOW)
        self._after = b""
        self._members = 1
        self._padded = False

    @property
    def full(self) -> bool:
        return len(self.data) > self._limit

    @property
    def complete(self) -> bool:
        return self._member.eof

    def feed(self, chunk: bytes) -> None:
        """Decode a chunk. Raises :class:`zlib.error`. What follows a member and is none itself is padding: ignored.

        It is cut into pieces, for zlib copies whatever follows a member: a million empty members would be a million
        copies of the rest.
        """
        for start in range(0, len(chunk), _PIECE):
            self._feed(chunk[start : start + _PIECE])

    def _feed(self, piece: bytes) -> None:
        pending = self._after + piece
        self._after = b""
        while pending and not self.full and not self._padded:
            if self._member.eof:
                if len(pending) < 2 or not pending.startswith(b"\x1f\x8b"):
                    self._after = pending if b"\x1f\x8b".startswith(pending) else b""
                    self._padded = not self._after
                    return
                self._begin()
            self.data += self._member.decompress(pending, self._limit + 1 - len(self.data))
            pending = self._member.unused_data if self._member.eof else self._member.unconsumed_tail

    def _begin(self) -> None:
        self._members += 1
        if self._members > _MOST_MEMBERS:
            raise zlib.error(f"more than {_MOST_MEMBERS} gzip members")
        self._member = zlib.decompressobj(_GZIP_WINDOW)


def too_large(limit: int) -> FetchError:
    """The fault of a body beyond the limit."""
    advice = "raise FIRSTDRAFT_MAX_BODY_BYTES, set in the environment or .env, if such pages are wanted"
    return FetchError(Reason.TOO_LARGE, f"more than {limit} bytes; {advice}")
