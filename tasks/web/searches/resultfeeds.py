"""Search feeds: a feed whose address holds the query, as news search engines give one where their terms permit it.

Their entries lead through the engine's own site. Where the address names the page it leads to (``?url=...``) that is
taken; one that hides it stays as it is, and is counted as no outlet's.
"""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, quote, urlsplit

from schemas.apart import Apart, here
from schemas.run import Window
from schemas.source import Search
from tasks.web.readers.feeds import read_feed
from tasks.web.readers.paging import Ask, Page, read_page
from tasks.web.urls.canonical import same_site


def feed_url(search: Search, window: Window) -> str:
    """The address of the feed: ``{query}``, ``{start}`` and ``{end}`` filled in.

    >>> from datetime import date
    >>> search = Search(kind="feed", url="https://e.org/rss?q={query}+after:{start}", query="aleppo shelling")
    >>> feed_url(search, Window(date(2024, 3, 1), date(2024, 3, 2)))
    'https://e.org/rss?q=aleppo%20shelling+after:2024-03-01'
    """
    parts = {"{query}": quote(search.query, safe=""), "{start}": str(window.start), "{end}": str(window.end)}
    url = search.url
    for name, value in parts.items():
        url = url.replace(name, value)
    return url


def read_result_feed(ask: Ask, search: Search, window: Window, apart: Apart = here) -> Iterator[Page]:
    """The one page of a feed of search results (feeds have no second): its entries lead to the articles themselves."""
    url = feed_url(search, window)
    answer = ask(url)
    reading = read_page(answer, read_feed, apart)
    entries = tuple(replace(entry, url=target_of(entry.url, url)) for entry in reading.entries)
    yield Page(url, answer, replace(reading, entries=entries))


def target_of(url: str, engine: str) -> str:
    """The page an entry leads to; the entry's own address where that is on another site, or names no page.

    >>> target_of("https://e.org/click?id=7&url=https%3A%2F%2Fpaper.example%2Fa", "https://www.e.org/rss")
    'https://paper.example/a'
    """
    if not same_site(url, engine):
        return url
    named = (value for _, value in parse_qsl(urlsplit(url).query) if value.startswith(("http://", "https://")))
    return next(named, url)
