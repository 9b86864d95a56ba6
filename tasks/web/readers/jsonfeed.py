"""JSON Feed 1 and 1.1 (jsonfeed.org/version/1.1), read from bytes.

Dates are read from the item's own words, like those of other feeds (``tasks/web/readers/stamps.py``): what is no RFC
3339 date stays unknown. An item without ``url`` is known by ``external_url`` (a link blog's target) or by an ``id``
that is an address, as the specification suggests ids to be.
"""

import json
import re
from collections.abc import Mapping

from tasks.web.readers.entries import Entry, Reading
from tasks.web.readers.stamps import Stamp, read_stamp

#: Items taken from one feed, as of other feeds.
MAX_ENTRIES = 2_000
#: Bytes of one feed; the client stops at its own limit before, unless somebody raised that one.
MAX_BYTES = 10 * 1024 * 1024
NOT_A_FEED = "not_a_feed"
_MAX_TITLE = 500
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")


def read_json_feed(data: bytes) -> Reading:
    """The items of a JSON Feed in its order. JSON of another kind, or broken JSON, is an error, never "no news"."""
    if len(data) > MAX_BYTES:
        return Reading(error=NOT_A_FEED, detail=f"{len(data)} bytes; a feed has at most {MAX_BYTES}")
    feed = parse_json(data)
    if isinstance(feed, Reading):
        return feed
    items = feed.get("items") if isinstance(feed, Mapping) else None
    if not isinstance(feed, Mapping) or "jsonfeed.org" not in str(feed.get("version")) or not isinstance(items, list):
        return Reading(error=NOT_A_FEED, detail="JSON, but no JSON Feed: version and items say otherwise")
    usable = [item for item in items[:MAX_ENTRIES] if isinstance(item, dict)]
    notes = []
    if len(items) > MAX_ENTRIES:
        notes.append(f"more than {MAX_ENTRIES} items, the rest left out")
    if len(usable) < len(items[:MAX_ENTRIES]):
        notes.append(f"{len(items[:MAX_ENTRIES]) - len(usable)} items are no objects")
    return Reading(tuple(map(_entry, usable)), detail="; ".join(notes), partial=bool(notes))


def parse_json(data: bytes, error: str = NOT_A_FEED) -> object:
    """What the bytes hold, or a :class:`Reading` with ``error`` where they are no JSON, or JSON meant to do harm."""
    text = data.lstrip(b"\xef\xbb\xbf \t\r\n\0")
    if not text:
        return Reading(error=error, detail="an empty body")
    try:
        return json.loads(text)
    # RecursionError: brackets nested by the thousand; ValueError: no JSON, no Unicode, a number of 5,000 digits
    except (ValueError, RecursionError) as fault:
        start = text[:60].decode("utf-8", "replace")
        return Reading(error=error, detail=f"not JSON: {type(fault).__name__}; begins with {start!r}")


def word(value: object) -> str | None:
    r"""A JSON string that can be stored: one line, no lone surrogates or control characters; ``None`` for all else.

    >>> word("Two\nlines"), word(3), word(" "), word("\ud800x")
    ('Two lines', None, None, 'x')
    """
    if not isinstance(value, str):
        return None
    return " ".join(_UNPRINTABLE.sub(" ", value).split()) or None


def _entry(item: Mapping[str, object]) -> Entry:
    return Entry(
        url=word(item.get("url")) or word(item.get("external_url")) or _address(item.get("id")),
        title=(word(item.get("title")) or "")[:_MAX_TITLE] or None,
        published=_stamp(item.get("date_published")),
        modified=_stamp(item.get("date_modified")),
    )


def _stamp(value: object) -> Stamp:
    return read_stamp(word(value))


def _address(identity: object) -> str:
    text = word(identity) or ""
    return text if text.startswith(("http://", "https://")) else ""
