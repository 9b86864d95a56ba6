"""Erasing what had to go: the bytes of a page overwritten in place, in a file that any reader still takes.

Feeds, sections and sitemaps repeat headlines, summaries, often whole texts: those that do so are overwritten too.
"""

import html
import logging
import os
import re
import unicodedata
import zlib
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path

from fsspec.core import url_to_fs  # type: ignore[import-untyped]
from warcio.archiveiterator import ArchiveIterator

from schemas.keys import row_id, sha256_hex
from schemas.ledger import Erased, Kept, Note, Stretch

log = logging.getLogger("firstdraft.forget")

#: RFC 1952 2.3.1: a member with a comment, which may be as long as one likes.
_HEADER = b"\x1f\x8b\x08\x10\x00\x00\x00\x00\x00\xff"
_RAW_DEFLATE = -15
_UNICODE = re.compile(r"\\u([0-9a-fA-F]{4})")


def erased_stretch(stretch: Stretch, capture_id: str, at: datetime) -> tuple[Stretch, bytes]:
    """What is to stand in the place of a stretch, of the same length: one gzip member with a ``metadata`` record.

    The record names the capture and the instant (aware UTC), nothing of what it held. Raises ``ValueError`` where the
    stretch is too short to hold it, which no stretch with a request and a response is.
    """
    note = f"erased: {capture_id}\r\n".encode()
    fields = (
        "WARC-Type: metadata",
        f"WARC-Record-ID: <urn:firstdraft:erased:{capture_id}>",
        f"WARC-Date: {at:%Y-%m-%dT%H:%M:%SZ}",
        "Content-Type: application/warc-fields",
        f"Content-Length: {len(note)}",
    )
    record = "\r\n".join(("WARC/1.1", *fields)).encode() + b"\r\n\r\n" + note + b"\r\n\r\n"
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW_DEFLATE)
    packed = packer.compress(record) + packer.flush()
    packed_end = packed + zlib.crc32(record).to_bytes(4, "little") + len(record).to_bytes(4, "little")
    padding = stretch.length - len(_HEADER) - 1 - len(packed_end)
    if padding < 0:
        raise ValueError(f"{stretch.length} bytes are not enough to record that {capture_id} was erased")
    data = _HEADER + b"-" * padding + b"\0" + packed_end
    return Stretch(stretch.file, stretch.offset, stretch.length, sha256_hex(data)), data


def overwrite(captures_dir: Path, stretch: Stretch, data: bytes) -> None:
    """Put bytes in the place of a stretch, on disk on return. Raises ``OSError``, and ``ValueError`` for a misfit."""
    if len(data) != stretch.length:
        raise ValueError(f"{len(data)} bytes do not fit where {stretch.length} were")
    descriptor = os.open(captures_dir / stretch.file, os.O_WRONLY)
    try:
        if os.fstat(descriptor).st_size < stretch.offset + stretch.length:
            raise ValueError(f"{stretch.file} ends before the bytes to be erased")
        done = 0
        while done < len(data):
            done += os.pwrite(descriptor, data[done:], stretch.offset + done)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def erase(
    stretches: Iterable[tuple[str, Stretch]], at: datetime, reason: str, note: Note
) -> Iterator[tuple[Stretch, bytes]]:
    """Take down, for each id and the stretch that holds it, that it is erased; what is to be written in its place.

    The caller writes it with :func:`overwrite` once all of it is taken down for good: a process killed in between
    leaves bytes that do not fit the ledger, which a verification names, never pages that are gone without a word.
    """
    for name, stretch in stretches:
        now, data = erased_stretch(stretch, name, at)
        note(Erased(name, now, reason))
        yield now, data


def overwrite_copies(captures_dir: Path, url: str, names: Iterable[str]) -> list[str]:
    """Put files that were overwritten here in the place of their copies in object storage; the names of those there.

    Their size is what it was, so nothing else would notice. Raises ``OSError``.
    """
    storage, root = url_to_fs(url)
    copied = []
    for name in sorted(set(names)):
        target = f"{root.rstrip('/')}/{name}"
        if storage.exists(target):
            storage.put_file(str(captures_dir / name), target)
            copied.append(name)
    return copied


def repeating(
    captures_dir: Path, others: Iterable[Kept], urls: Collection[str], needles: Collection[str]
) -> Iterator[tuple[str, Stretch]]:
    """Which answers that are no pages repeat what is to be erased: an id made of their place, and the stretch.

    Of feeds, sections and lists the address is enough to tell; of sitemaps, which hold addresses only, the headline.
    What cannot be read is left alone, and told.
    """
    words = {_plain(needle) for needle in needles if needle.strip()}
    addresses = {_plain(url).partition("://")[2].rstrip("/") for url in urls}
    for answer in others:
        text = _plain(_text_of(captures_dir, answer.stretch))
        wanted = words if answer.what == "sitemap" else words | addresses
        if any(word in text for word in wanted if word):
            yield row_id("oth", answer.stretch.file, answer.stretch.offset), answer.stretch


def _text_of(captures_dir: Path, stretch: Stretch) -> str:
    """The bodies of a stretch as text, whatever their encoding: what is looked for is mostly ASCII."""
    try:
        with (captures_dir / stretch.file).open("rb") as file:
            file.seek(stretch.offset)
            data = file.read(stretch.length)
        bodies = [record.content_stream().read() for record in ArchiveIterator(BytesIO(data))]
    # The one broad edge: on bytes that are no record warcio raises what its parsers happen to.
    except Exception as error:  # noqa: BLE001
        stretch_name = f"{stretch.file} at {stretch.offset}"
        log.error(
            "%s cannot be read, so nobody looked whether it repeats what is erased: %r; run verify", stretch_name, error
        )
        return ""
    return "\n".join(body.decode("utf-8", "replace") for body in bodies)


def _plain(text: str) -> str:
    r"""Text without the escapes of XML, HTML and JSON, one blank for many.

    >>> _plain("https:\\/\\/a.org\\/x?a=1&amp;b=2"), _plain("caf\\u00e9  &#233;")
    ('https://a.org/x?a=1&b=2', 'café é')
    """
    unescaped = html.unescape(html.unescape(text))
    unescaped = _UNICODE.sub(lambda found: chr(int(found[1], 16)), unescaped).replace("\\/", "/")
    return " ".join(unicodedata.normalize("NFC", unescaped).split())
