"""RSS, Atom and JSON feeds, read from bytes.

A page served in a feed's place (a bot challenge, a login, an error in HTML) is an error, never "no news": feedparser
reads it without complaint as a feed of no items. Dates are read from the entry's own words (``tasks/web/stamps.py``),
because feedparser invents some.
"""

import json
import re
from collections.abc import Iterable
from typing import Any
from xml.parsers import expat

import feedparser

from tasks.web.entries import Entry, Reading
from tasks.web.stamps import read_stamp

#: Entries taken from one feed; real ones hold 10 to 500.
MAX_ENTRIES = 5_000
#: What feedparser needs minutes for (measured: 300,000 nested elements 7 s, 100,000 attributes 40 s). Far above any
#: feed seen, far below what hurts.
MAX_TAGS = 200_000
MAX_DEPTH = 100
MAX_ATTRIBUTES = 500
_LONG_TAG = re.compile(rb"<[^<>]{20000,}")
NOT_A_FEED = "not_a_feed"


def read_feed(data: bytes, content_type: str | None = None) -> Reading:
    """The entries of a feed, in its order; addresses are resolved against ``xml:base`` only where the feed has one."""
    stripped = data.lstrip(b"\xef\xbb\xbf \t\r\n\0")
    if not stripped:
        return Reading(error=NOT_A_FEED, detail="an empty body")
    if stripped.startswith(b"{"):
        return _read_json(stripped)
    excess = _excess(data)
    if excess:
        return Reading(error=NOT_A_FEED, detail=excess)
    parsed = feedparser.parse(
        data,
        response_headers={"content-type": content_type} if content_type else None,
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not parsed.version and not parsed.entries:
        return Reading(error=NOT_A_FEED, detail=f"begins with {stripped[:60].decode('utf-8', 'replace')!r}")
    return _reading([_entry(item) for item in parsed.entries[: MAX_ENTRIES + 1]], _flaw(parsed))


def _reading(entries: list[Entry], flaw: str) -> Reading:
    if len(entries) > MAX_ENTRIES:
        flaw = f"more than {MAX_ENTRIES} entries, the rest left out" + (f"; {flaw}" if flaw else "")
    return Reading(tuple(entries[:MAX_ENTRIES]), detail=flaw, partial=bool(flaw))


def _entry(item: Any) -> Entry:
    """One item. ``dict.get`` on purpose: feedparser's own look-up falls back to other keys."""
    published = dict.get(item, "published")
    return Entry(
        url=str(dict.get(item, "link") or ""),
        title=_plain(dict.get(item, "title")),
        published=read_stamp(str(published) if published else None),
        modified=read_stamp(str(dict.get(item, "updated") or "") or None),
    )


def _flaw(parsed: Any) -> str:
    """What was wrong with the XML, where something was; a wrong charset label alone loses nothing."""
    error = parsed.get("bozo_exception") if parsed.bozo else None
    if error is None or isinstance(error, (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)):
        return ""
    return f"broken XML, read as far as possible: {error}"[:200]


def _plain(title: object) -> str | None:
    """A title on one line, without markup."""
    text = " ".join(re.sub(r"<[^<>]*>", " ", str(title or "")).split())
    return text[:500] or None


def _read_json(data: bytes) -> Reading:
    """JSON Feed 1 and 1.1 (jsonfeed.org): ``version`` says so, ``items`` carry ``url`` and ``date_published``."""
    try:
        feed = json.loads(data)
    except (ValueError, RecursionError) as error:
        return Reading(error=NOT_A_FEED, detail=f"broken JSON: {error}"[:200])
    items = feed.get("items")
    if "jsonfeed.org" not in str(feed.get("version")) or not isinstance(items, list):
        return Reading(error=NOT_A_FEED, detail="JSON, but not a JSON Feed")
    return _reading(list(_json_entries(items[: MAX_ENTRIES + 1])), "")


def _json_entries(items: Iterable[object]) -> Iterable[Entry]:
    for item in items:
        if isinstance(item, dict):
            yield Entry(
                url=str(item.get("url") or item.get("external_url") or ""),
                title=_plain(item.get("title")),
                published=read_stamp(_word(item.get("date_published"))),
                modified=read_stamp(_word(item.get("date_modified"))),
            )


def _word(value: object) -> str | None:
    return value if isinstance(value, str) else None


class _TooMuchError(Exception):
    """The structure is beyond a limit."""


def _excess(data: bytes) -> str:
    """What in a feed's structure no honest feed has, found by parsers that take linear time; ``""`` where nothing."""
    if data.count(b"<") > MAX_TAGS:
        return f"more than {MAX_TAGS} tags"
    if any(tag.group().count(b"=") > MAX_ATTRIBUTES for tag in _LONG_TAG.finditer(data)):
        return f"a tag with more than {MAX_ATTRIBUTES} attributes"
    depth = 0

    def start(_name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH or len(attributes) > MAX_ATTRIBUTES:
            raise _TooMuchError

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        return ""  # broken XML is feedparser's to mend
    except _TooMuchError:
        return f"elements nested deeper than {MAX_DEPTH}, or one with more than {MAX_ATTRIBUTES} attributes"
    return ""
