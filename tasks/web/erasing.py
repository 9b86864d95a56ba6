"""Erasing what had to go: the bytes of a page overwritten in place, in a file that any reader still takes."""

import os
import zlib
from datetime import datetime
from pathlib import Path

from schemas.keys import sha256_hex
from schemas.ledger import Stretch

#: RFC 1952 2.3.1: a member with a comment, which may be as long as one likes.
_HEADER = b"\x1f\x8b\x08\x10\x00\x00\x00\x00\x00\xff"
_RAW_DEFLATE = -15


def erased_stretch(stretch: Stretch, capture_id: str, at: datetime) -> tuple[Stretch, bytes]:
    """What is to stand in the place of a stretch, of the same length: one gzip member with a ``metadata`` record.

    The record names the capture and the instant (aware UTC), nothing of what it held. Raises ``ValueError`` where the
    stretch is too short to hold it, which no stretch with a request and a response is.
    """
    told = f"erased: {capture_id}\r\n".encode()
    fields = (
        "WARC-Type: metadata",
        f"WARC-Record-ID: <urn:firstdraft:erased:{capture_id}>",
        f"WARC-Date: {at:%Y-%m-%dT%H:%M:%SZ}",
        "Content-Type: application/warc-fields",
        f"Content-Length: {len(told)}",
    )
    record = "\r\n".join(("WARC/1.1", *fields)).encode() + b"\r\n\r\n" + told + b"\r\n\r\n"
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW_DEFLATE)
    packed = packer.compress(record) + packer.flush()
    end = packed + zlib.crc32(record).to_bytes(4, "little") + len(record).to_bytes(4, "little")
    padding = stretch.length - len(_HEADER) - 1 - len(end)
    if padding < 0:
        raise ValueError(f"{stretch.length} bytes are too few to say that {capture_id} was erased")
    data = _HEADER + b"-" * padding + b"\0" + end
    return Stretch(stretch.file, stretch.offset, stretch.length, sha256_hex(data)), data


def overwrite(captures_dir: Path, stretch: Stretch, data: bytes) -> None:
    """Put bytes in the place of a stretch, on disk on return. Raises ``OSError``, and ``ValueError`` for a misfit."""
    if len(data) != stretch.length:
        raise ValueError(f"{len(data)} bytes do not fit where {stretch.length} were")
    descriptor = os.open(captures_dir / stretch.file, os.O_WRONLY)
    try:
        if os.fstat(descriptor).st_size < stretch.offset + stretch.length:
            raise ValueError(f"{stretch.file} ends before what is to be erased")
        done = 0
        while done < len(data):
            done += os.pwrite(descriptor, data[done:], stretch.offset + done)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
