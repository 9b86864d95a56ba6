"""RSS, Atom and JSON feeds, read from bytes.

A page served in a feed's place (a bot challenge, a login, an error in HTML) is an error, never "no news": feedparser
reads it without complaint as a feed of no items. Dates are read from the entry's own words
(``tasks/web/readers/stamps.py``), because feedparser invents some.
"""

import re
from collections.abc import Sequence

from tasks.web.readers.entries import Entry, Reading
from tasks.web.readers.feedparse import TooMuchError, parse
from tasks.web.readers.feedtext import as_utf8, excess, first_items
from tasks.web.readers.jsonfeed import read_json_feed
from tasks.web.readers.stamps import read_stamp

#: Entries taken from one feed; real ones hold 10 to 500.
MAX_ENTRIES = 2_000
NOT_A_FEED = "not_a_feed"
TOO_SLOW = "too_slow"
NO_ENTRIES = "a feed without entries"
_HTML_START = re.compile(
    rb"(?:\s++|(?><!--.*?-->)|(?><\?xml[^>]*>))*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


def read_feed(data: bytes, content_type: str | None = None) -> Reading:
    """The entries of a feed, in its order; addresses are resolved against ``xml:base`` only where the feed has one."""
    stripped = data.lstrip(b"\xef\xbb\xbf \t\r\n\0")
    if not stripped:
        return Reading(error=NOT_A_FEED, detail="an empty body")
    if stripped.startswith(b"{"):
        reading = read_json_feed(stripped)
        return reading if reading.entries or reading.error else reading.noting(NO_ENTRIES)
    if _HTML_START.match(stripped[:5_000]):
        return Reading(error=NOT_A_FEED, detail=f"an HTML page: {_opening(stripped)}")
    text, note = as_utf8(data, content_type)
    text, more = first_items(text, MAX_ENTRIES)
    return _read_xml(text, [f"more than {MAX_ENTRIES} entries, the rest left out"] if more else [], note)


def _read_xml(text: bytes, losses: list[str], note: str) -> Reading:
    """``losses`` say what is missing, ``note`` what was odd but lost nothing."""
    too_much = excess(text)
    if too_much:
        return Reading(error=NOT_A_FEED, detail=too_much)
    try:
        rows = parse(text, MAX_ENTRIES)
    except TooMuchError as error:
        return Reading(error=TOO_SLOW, detail=str(error))
    if not rows["version"] and not rows["entries"]:
        return Reading(error=NOT_A_FEED, detail=_opening(text.partition(b"?>")[2]))
    flaws = losses or ([rows["flaw"]] if rows["flaw"] else [])  # what is cut off is broken, too
    entries = tuple(_entry(row) for row in rows["entries"])
    return Reading(entries).noting(*flaws, note, "" if entries else NO_ENTRIES, partial=bool(flaws))


def _entry(row: Sequence[str | None]) -> Entry:
    link, title, published, updated = row
    return Entry(link or "", _plain(title), read_stamp(published), read_stamp(updated))


def _plain(title: object) -> str | None:
    """A title on one line, without markup."""
    text = " ".join(re.sub(r"<[^<>]*>", " ", str(title or "")[:5_000]).split())
    return text[:500] or None


def _opening(data: bytes) -> str:
    return f"begins with {data.strip()[:60].decode('utf-8', 'replace')!r}"
