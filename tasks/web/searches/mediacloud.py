"""Media Cloud: the stories that its index has for a query in a window of days, page by page (``search/story-list``).

Each answer names the token of the page after it, the last one none. The user's own key goes into a header, never into
an address, for addresses are kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlencode

from schemas.apart import Apart, here
from schemas.run import Window
from schemas.source import Search
from tasks.web.readers.entries import Entry, Reading
from tasks.web.readers.jsonfeed import parse_json, word
from tasks.web.readers.paging import STOPPED, Ask, Page, read_page
from tasks.web.readers.stamps import read_stamp

#: Stories asked for in one call, and calls made for one window.
PER_CALL, MAX_CALLS = 1_000, 50
NOT_MEDIA_CLOUD = "not_media_cloud"
_PLATFORM = "onlinenews-mediacloud"
_MAX_TITLE = 500


def stories_url(search: Search, window: Window, token: str = "") -> str:
    """The address of one page; ``token`` is what the page before it gave.

    >>> from datetime import date
    >>> search = Search(kind="mediacloud", url="https://e.org/api", query="aleppo", collections=(9,))
    >>> stories_url(search, Window(date(2024, 3, 1), date(2024, 3, 2)))
    'https://e.org/api/search/story-list?q=aleppo&start=2024-03-01&end=2024-03-02&platform=onlinenews-mediacloud&page_size=1000&cs=9'
    """
    asked = {"q": search.query, "start": str(window.start), "end": str(window.end), "platform": _PLATFORM}
    asked["page_size"] = str(PER_CALL)
    if search.collections:
        asked["cs"] = ",".join(map(str, search.collections))
    if token:
        asked["pagination_token"] = token
    return f"{search.url.rstrip('/')}/search/story-list?{urlencode(asked)}"


def read_stories(data: bytes) -> Reading:
    """The stories of one answer; what says why there are none is kept."""
    told = parse_json(data, NOT_MEDIA_CLOUD)
    if isinstance(told, Reading):
        return told
    stories = told.get("stories") if isinstance(told, Mapping) else None
    if not isinstance(told, Mapping) or not isinstance(stories, list):
        note = (word(told.get("note")) or word(told.get("detail")) or "") if isinstance(told, Mapping) else ""
        return Reading(error=NOT_MEDIA_CLOUD, detail=f"no list of stories{f': {note}' if note else ''}"[:200])
    usable = [story for story in stories if isinstance(story, dict) and word(story.get("url"))]
    lost = len(stories) - len(usable)
    detail = f"{lost} of {len(stories)} stories without an address" if lost else ""
    token = word(told.get("pagination_token")) or ""
    return Reading(tuple(map(_entry, usable)), detail=detail, partial=bool(lost), following=token)


def read_media_cloud(ask: Ask, search: Search, window: Window, apart: Apart = here) -> Iterator[Page]:
    """Every page of a window in turn, until one names no next; ends with the first that cannot be read.

    A page that names itself as the next one, or one already read, ends it, too. Stops after ``MAX_CALLS``, and says so.
    """
    token, met = "", {""}
    for call in range(1, MAX_CALLS + 1):
        url = stories_url(search, window, token)
        answer = ask(url)
        page = Page(url, answer, read_page(answer, read_stories, apart))
        token = page.reading.following
        more = page.readable and token not in met
        if more and call == MAX_CALLS:
            page = replace(page, reading=page.reading.noting(f"{STOPPED}: {MAX_CALLS} calls", partial=True))
        yield page
        if not more:
            return
        met.add(token)


def _entry(story: Mapping[str, object]) -> Entry:
    title = word(story.get("title")) or ""
    published = read_stamp(word(story.get("publish_date")))
    return Entry(word(story.get("url")) or "", title[:_MAX_TITLE] or None, published)
