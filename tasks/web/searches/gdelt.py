"""GDELT DOC 2.0: the articles its index has for a query in a window (``mode=artlist``).

An answer holds 250 articles at most and says nothing of what it left out: a window with a full answer is halved and
asked again, until each part is whole or a quarter of an hour long. What goes wrong is told in plain text, status 200.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlencode

from schemas.apart import Apart, here
from schemas.run import Window
from schemas.source import Search
from tasks.web.readers.entries import Entry, Reading
from tasks.web.readers.jsonfeed import parse_json, word
from tasks.web.readers.paging import STOPPED, Ask, Page, read_page
from tasks.web.readers.stamps import NO_STAMP, Stamp, read_stamp

#: The most articles of one answer.
PER_CALL = 250
#: No part of a window is cut below this, which is how often GDELT's index grows.
SHORTEST = timedelta(minutes=15)
#: Calls made for one window; at the pace GDELT asks for (one in five seconds) some sixteen minutes.
MAX_CALLS = 200
NOT_GDELT = "not_gdelt"
_MAX_TITLE = 500


def artlist_url(api: str, query: str, start: datetime, end: datetime) -> str:
    """The address of one call; both instants are included.

    >>> artlist_url("https://e.org/doc", "aleppo", datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 2, tzinfo=UTC))
    'https://e.org/doc?query=aleppo&mode=artlist&format=json&maxrecords=250&sort=dateasc&startdatetime=20240301000000&enddatetime=20240302000000'
    """
    asked = {"query": query, "mode": "artlist", "format": "json", "maxrecords": str(PER_CALL), "sort": "dateasc"}
    asked |= {"startdatetime": f"{start:%Y%m%d%H%M%S}", "enddatetime": f"{end:%Y%m%d%H%M%S}"}
    return f"{api}?{urlencode(asked)}"


def read_artlist(data: bytes) -> Reading:
    """The articles of one answer. Words instead of JSON are GDELT's way to refuse; they are kept."""
    told = parse_json(data, NOT_GDELT)
    if isinstance(told, Reading):
        return replace(told, detail=f"it says: {' '.join(data[:200].decode('utf-8', 'replace').split())}")
    articles = told.get("articles", []) if isinstance(told, Mapping) else None
    if not isinstance(articles, list):
        return Reading(error=NOT_GDELT, detail="JSON, but no list of articles")
    usable = [article for article in articles if isinstance(article, dict) and word(article.get("url"))]
    lost = len(articles) - len(usable)
    note = f"{lost} of {len(articles)} articles without an address" if lost else ""
    return Reading(tuple(map(_entry, usable)), detail=note, partial=bool(lost))


def read_gdelt(ask: Ask, search: Search, window: Window, apart: Apart = here) -> Iterator[Page]:
    """Every part of a window in turn, the earliest first; one whose answer is full is given, and then cut in two.

    Ends with the first part that cannot be read, for the next would be refused, too. Stops after ``MAX_CALLS``, and
    says so.
    """
    first = datetime.combine(window.start, time(), UTC)
    waiting = [(first, datetime.combine(window.end, time(), UTC) + timedelta(days=1, seconds=-1))]
    for call in range(1, MAX_CALLS + 1):
        start, end = waiting.pop()
        url = artlist_url(search.url, search.query, start, end)
        answer = ask(url)
        page = Page(url, answer, read_page(answer, read_artlist, apart))
        full = len(page.reading.entries) >= PER_CALL
        if full and end - start > SHORTEST:
            page = replace(page, again=True)
            middle = (start + (end - start) // 2).replace(microsecond=0)
            waiting += [(middle + timedelta(seconds=1), end), (start, middle)]
        elif full:
            note = f"{start:%Y-%m-%d %H:%M}: more than {PER_CALL} articles in {SHORTEST}: some are lost"
            page = replace(page, reading=page.reading.noting(note, partial=True))
        if waiting and call == MAX_CALLS:
            page = replace(page, reading=page.reading.noting(f"{STOPPED}: {MAX_CALLS} calls", partial=True))
        yield page
        if not waiting or not page.readable:
            return


def _entry(article: Mapping[str, object]) -> Entry:
    """An article. ``seendate`` is when GDELT met it, which bounds its publication from above, and no more."""
    title = word(article.get("title")) or ""
    return Entry(word(article.get("url")) or "", title[:_MAX_TITLE] or None, modified=_seen(article.get("seendate")))


def _seen(value: object) -> Stamp:
    """``20240301T101500Z`` as a stamp; :data:`NO_STAMP` for anything else."""
    said = word(value) or ""
    try:
        instant = datetime.strptime(said, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return NO_STAMP
    return replace(read_stamp(instant.isoformat()), raw=said)
