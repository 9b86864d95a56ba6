"""WordPress: its REST API lists posts by date (developer.wordpress.org/rest-api/reference/posts).

The window goes into the query, a day wider on both sides: ``after`` and ``before`` are compared with the site's own
clock, whose zone nobody told us. What the day too many brings is judged like the entries of any feed.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from schemas.apart import Apart, here
from schemas.run import Window
from tasks.web.http.response import FetchError, Response
from tasks.web.readers.entries import Entry, Reading
from tasks.web.readers.jsonfeed import parse_json, word
from tasks.web.readers.paging import Ask, Page, read_page
from tasks.web.readers.stamps import Stamp, read_stamp

#: The most posts that WordPress gives in one answer.
PER_PAGE = 100
#: Pages read for one window: 5,000 posts.
MAX_PAGES = 50
NOT_WORDPRESS = "not_wordpress"
_FIELDS = "link,date_gmt,modified_gmt,title"
_TAG = re.compile(r"<[^<>]*>")
_MAX_TITLE = 500


def posts_url(api: str, window: Window | None = None, page: int = 1, per_page: int = PER_PAGE) -> str:
    """The address of one page of posts, newest first. ``api`` is ``.../wp-json/`` or ``.../?rest_route=/``.

    >>> posts_url("https://example.org/wp-json", per_page=1)
    'https://example.org/wp-json/wp/v2/posts?per_page=1&page=1&orderby=date&order=desc&_fields=link%2Cdate_gmt%2Cmodified_gmt%2Ctitle'
    """
    parts = urlsplit(api)
    asked: dict[str, str] = {}
    if window is not None:
        asked["after"] = f"{window.start - timedelta(days=1)}T00:00:00"
        asked["before"] = f"{window.end + timedelta(days=2)}T00:00:00"
    asked |= {"per_page": str(per_page), "page": str(page), "orderby": "date", "order": "desc", "_fields": _FIELDS}
    query = dict(parse_qsl(parts.query))
    if "rest_route" in query:
        query["rest_route"] = query["rest_route"].rstrip("/") + "/wp/v2/posts"
        return urlunsplit(parts._replace(query=urlencode(query | asked, safe=":/"), fragment=""))
    path = parts.path.rstrip("/") + "/wp/v2/posts"
    return urlunsplit(parts._replace(path=path, query=urlencode(query | asked, safe=":"), fragment=""))


def read_posts(data: bytes) -> Reading:
    """The posts of one page. An object instead of a list is WordPress's way to refuse; its words are kept."""
    posts = parse_json(data, NOT_WORDPRESS)
    if isinstance(posts, Reading):
        return posts
    if not isinstance(posts, list):
        told = word(posts.get("message")) if isinstance(posts, Mapping) else None
        return Reading(error=NOT_WORDPRESS, detail=f"no list of posts{f': {told}' if told else ''}"[:200])
    usable = [post for post in posts if isinstance(post, dict) and word(post.get("link"))]
    lost = len(posts) - len(usable)
    note = f"{lost} of {len(posts)} posts without an address" if lost else ""
    if posts and not usable:
        return Reading(error=NOT_WORDPRESS, detail=f"a list, but no posts: {note}")
    return Reading(tuple(map(_entry, usable)), detail=note, partial=bool(lost))


def total_pages(answer: Response) -> int | None:
    """``X-WP-TotalPages``; ``None`` where a cache or a firewall dropped it."""
    told = (answer.header("X-WP-TotalPages") or "").strip()
    return int(told) if told.isascii() and told.isdigit() and len(told) < 9 else None


def read_wordpress(ask: Ask, api: str, window: Window | None, apart: Apart = here) -> Iterator[Page]:
    """Every page of the posts of a window, in turn: ``ask`` makes the request, through whatever gate, and ``apart``
    reads the answer.

    Ends after ``X-WP-TotalPages`` pages; without that header, after the first page that is not full. A 400 beyond the
    first page is WordPress's way to say that there is no such page. Stops at ``MAX_PAGES``, and says so.
    """
    for page in range(1, MAX_PAGES + 1):
        url = posts_url(api, window, page)
        answer = ask(url)
        if page > 1 and isinstance(answer, Response) and answer.status == 400:
            return
        read = Page(url, answer, read_page(answer, read_posts, apart))
        more = read.readable and _more(answer, read.reading, page)
        if more and page == MAX_PAGES:
            note = f"more than {MAX_PAGES} pages of posts, the older ones left out: ask for fewer days at once"
            read = replace(read, reading=read.reading.noting(note, partial=True))
        yield read
        if not more:
            return


def _more(answer: Response | FetchError, reading: Reading, page: int) -> bool:
    total = total_pages(answer) if isinstance(answer, Response) else None
    return page < total if total is not None else len(reading.entries) >= PER_PAGE


def _entry(post: Mapping[str, object]) -> Entry:
    title = post.get("title")
    rendered = word(title.get("rendered")) if isinstance(title, Mapping) else word(title)
    plain = " ".join(html.unescape(_TAG.sub(" ", rendered or "")).split())
    return Entry(
        url=word(post.get("link")) or "",
        title=plain[:_MAX_TITLE] or None,
        published=_gmt(post.get("date_gmt")),
        modified=_gmt(post.get("modified_gmt")),
    )


def _gmt(value: object) -> Stamp:
    """A date of the API: UTC, but written without a zone. Without ``_gmt`` fields nothing is assumed."""
    said = word(value)
    if said is None or re.search(r"(?:[Zz]|[+-]\d\d:?\d\d)$", said):
        return read_stamp(said)
    return replace(read_stamp(f"{said}Z"), raw=said)
