"""Plain lists of addresses: one a line, ``#`` for comments, and, after a tab, the day it came out where somebody knows.

From the web, or from a file that a seed or a setting names: never one that a page names.
"""

import codecs
from pathlib import Path

from tasks.reference.seeds import seed_path
from tasks.web.http.decode import gunzip
from tasks.web.http.response import FetchError
from tasks.web.readers.entries import Entry, Reading
from tasks.web.readers.stamps import NO_STAMP, read_stamp

#: Addresses taken from one list, as of a sitemap.
MAX_ENTRIES = 50_000
#: Bytes of one list, unpacked.
MAX_BYTES = 52_428_800
#: Lines that hold no address are counted; so many of them, and none that does, make no list.
NOT_A_LIST = "not_a_list"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def is_file(place: str) -> bool:
    """Whether an entry of ``url_lists`` names a file rather than an address on the web."""
    return not place.lower().startswith(("http://", "https://"))


def list_path(place: str) -> Path:
    """The file that is meant: absolute, or under ``seeds/``."""
    return seed_path(place)


def read_url_file(place: str) -> Reading:
    """The addresses of a local list, plain or gzipped. A file that cannot be read is an error with its reason."""
    file = list_path(place)
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        return Reading(error="unreadable", detail=f"{file}: {error.strerror or error}")
    return read_url_list(data)


def read_url_list(data: bytes) -> Reading:
    """The addresses of a list in its order, those named twice once. A web page in its place is an error."""
    if data.startswith(b"\x1f\x8b"):
        unpacked = gunzip(data, MAX_BYTES)
        if isinstance(unpacked, FetchError):
            return Reading(error=unpacked.reason.value, detail=unpacked.detail)
        data = unpacked
    if len(data) > MAX_BYTES:
        return Reading(error=NOT_A_LIST, detail=f"more than {MAX_BYTES} bytes")
    entries: dict[str, Entry] = {}
    strange: list[int] = []
    cut = False
    for number, line in enumerate(_text(data).splitlines(), 1):
        entry = _entry(line)
        if entry is not None and entry.url not in entries:
            cut = len(entries) == MAX_ENTRIES
            if cut:
                break
            entries[entry.url] = entry
        elif entry is None and line.strip() and not line.lstrip().startswith("#"):
            strange.append(number)
    return _reading(entries, strange, cut)


def _reading(entries: dict[str, Entry], strange: list[int], cut: bool) -> Reading:
    if strange and not entries:
        return Reading(error=NOT_A_LIST, detail=f"no address on any line; line {strange[0]} holds something else")
    notes = [f"{len(strange)} lines are no address, the first is line {strange[0]}"] if strange else []
    if cut:
        notes.append(f"more than {MAX_ENTRIES} addresses, the rest left out")
    return Reading(tuple(entries.values()), detail="; ".join(notes), partial=bool(notes))


def _entry(line: str) -> Entry | None:
    """The address of a line and its date; ``None`` for a comment, an empty line, or something else."""
    address, _, rest = line.partition("\t")
    url = address.strip()
    if is_file(url) or any(character.isspace() for character in url):
        return None
    day = rest.partition("\t")[0].strip()
    return Entry(url, published=read_stamp(day) if day else NO_STAMP)


def _text(data: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    return data.decode(encoding, "replace")
