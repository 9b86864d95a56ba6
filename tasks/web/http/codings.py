"""Content codings beyond the one we ask for: those an archive's browser asked for, and of servers that do not listen.

A body is whole in memory here; what is unpacked stops at the limit.
"""

import sys
import zlib
from collections.abc import Callable, Iterable

import brotli

from schemas.outcome import Reason
from tasks.web.http.decode import Body, coding_names, gunzip, too_large
from tasks.web.http.response import FetchError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

#: Codings one upon the other that are undone; honest bodies have one, careless proxies add a second.
MAX_CODINGS = 3
#: What stands in the header and names no coding: nothing is to be undone.
_NONE = {"identity", "none", "utf-8", "utf8", "text/html", "binary", "8bit"}
#: How text begins that is no longer coded, whatever the header says.
_MARKS = (b"<", b"{", b"[")
_BOM = b"\xef\xbb\xbf"


def read_coded(chunks: Iterable[bytes], encoding: str | None, limit: int, may_cut: bool = False) -> Body | FetchError:
    """A body of at most ``limit`` bytes in any coding known here, decoded; a longer one is a fault, or cut.

    Archives, and servers that decode what they keep, often leave the header that says it is coded: what begins as text
    is text.
    """
    names = [name for name in coding_names(encoding) if name not in _NONE]
    if len(names) > MAX_CODINGS:
        return FetchError(Reason.ENCODING, f"Content-Encoding {encoding!r}: more than {MAX_CODINGS} codings")
    raw = bytearray()
    for chunk in chunks:
        raw += chunk
        if len(raw) > limit:
            return Body(bytes(raw[:limit]), bytes(raw[:limit]), cut=True) if may_cut else too_large(limit)
    data = bytes(raw)
    for name in reversed(names):
        undone = _undone(name, data, limit)
        if isinstance(undone, FetchError):
            return undone
        data = undone
        if len(data) > limit:
            return Body(bytes(raw), data[:limit], cut=True) if may_cut else too_large(limit)
    return Body(bytes(raw), data)


def _undone(name: str, data: bytes, limit: int) -> bytes | FetchError:
    """The data without one coding; as it is where it is text already."""
    decode = _DECODERS.get(name)
    plain = data.removeprefix(_BOM).lstrip()[:1] in _MARKS
    if decode is None:
        return data if plain else FetchError(Reason.ENCODING, f"Content-Encoding {name!r}: a coding not known here")
    if not data:
        return data
    try:
        return decode(data, limit + 1)
    except _CutShortError:
        return FetchError(Reason.TRUNCATED, f"the {name} stream ends early")
    except (zlib.error, brotli.error, zstd.ZstdError) as error:
        return data if plain else FetchError(Reason.ENCODING, f"not {name}, though said to be: {error}"[:200])


class _CutShortError(Exception):
    """The coded data ends before its end."""


def _gzip(data: bytes, most: int) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        raise zlib.error("no gzip header")
    unpacked = gunzip(data, most - 1)
    if not isinstance(unpacked, FetchError):
        return unpacked
    if unpacked.reason is Reason.TOO_LARGE:
        return bytes(most)
    raise _CutShortError if unpacked.reason is Reason.TRUNCATED else zlib.error(unpacked.detail)


def _deflate(data: bytes, most: int) -> bytes:
    """RFC 9110 8.4.1.2 means zlib's format; some servers send the bare stream."""
    try:
        return _inflated(data, most, zlib.MAX_WBITS)
    except zlib.error:
        return _inflated(data, most, -zlib.MAX_WBITS)


def _inflated(data: bytes, most: int, bits: int) -> bytes:
    reader = zlib.decompressobj(bits)
    found = reader.decompress(data, most)
    if not reader.eof and len(found) < most:
        raise _CutShortError
    return found


def _brotli(data: bytes, most: int) -> bytes:
    reader = brotli.Decompressor()
    found = bytearray(reader.process(data, output_buffer_limit=most))
    while len(found) < most and not reader.is_finished():
        more = reader.process(b"", output_buffer_limit=most - len(found))
        if not more:
            raise _CutShortError
        found += more
    return bytes(found[:most])


def _zstd(data: bytes, most: int) -> bytes:
    found = bytearray()
    while data and len(found) < most:
        reader = zstd.ZstdDecompressor()
        found += reader.decompress(data, most - len(found))
        if not reader.eof and len(found) < most:
            raise _CutShortError
        data = reader.unused_data
    return bytes(found)


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
