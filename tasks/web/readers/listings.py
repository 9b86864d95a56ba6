"""Section pages: the links a CSS selector names, by BeautifulSoup."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag
from soupsieve import SelectorSyntaxError

from schemas.run import Window
from schemas.source import Section
from tasks.web.readers.entries import Entry, Reading
from tasks.web.readers.stamps import NO_STAMP, Stamp, read_stamp

#: Links taken from one page.
MAX_ENTRIES = 500
#: Bytes of a section page that are parsed; its links are not behind two megabytes of anything.
MAX_BYTES = 2 * 1024 * 1024
#: Pages read of one numbered archive in one window.
MAX_ARCHIVE_PAGES = 200
NO_MATCH = "no_match"
BAD_SELECTOR = "bad_selector"


def read_listing(data: bytes, url: str, selector: str) -> Reading:
    """The links of a page at ``url`` that ``selector`` matches: ``<a>`` elements, or elements that hold one.

    Matching nothing is an error: a section page always lists something, so either it changed or it is another page.
    """
    soup = BeautifulSoup(data[:MAX_BYTES], "lxml")
    base_tag = soup.select_one("base[href]")
    base = _joined(url, str(base_tag["href"])) if base_tag else url
    try:
        matched = soup.select(selector, limit=MAX_ENTRIES)
    except (SelectorSyntaxError, NotImplementedError) as error:
        return Reading(error=BAD_SELECTOR, detail=str(error)[:200])
    entries: dict[str, Entry] = {}
    for element in matched:
        anchor = element if element.name == "a" else element.select_one("a[href]")
        href = str(anchor.get("href") or "").strip() if anchor else ""
        if anchor is not None and href and not href.startswith("#"):
            title = " ".join(anchor.get_text(" ").split())[:500] or None
            entries.setdefault(href, Entry(_joined(base, href), title, _published(element)))
    if not entries:
        page = soup.title.get_text(" ", strip=True)[:80] if soup.title else "untitled"
        return Reading(error=NO_MATCH, detail=f"{selector!r} matches no link; the page is titled {page!r}")
    return Reading(tuple(entries.values()))


def archive_pages(section: Section, window: Window) -> Iterator[Iterator[str]]:
    """The addresses of a section's archive that a window asks for: a series for each day it names, newest first.

    A numbered series ends at ``MAX_ARCHIVE_PAGES``; whoever reads it stops before, where it leaves the window.

    >>> from datetime import date
    >>> section = Section(url="https://e.org/", selector="a", archive="https://e.org/{year}/{month}/{day}/")
    >>> [list(pages) for pages in archive_pages(section, Window(date(2024, 2, 29), date(2024, 3, 1)))]
    [['https://e.org/2024/03/01/'], ['https://e.org/2024/02/29/']]
    """
    count = MAX_ARCHIVE_PAGES if section.by_page else 1
    days = (window.end - timedelta(days=back) for back in range((window.end - window.start).days + 1))
    firsts: dict[str | None, None] = {}
    for day in days:
        first = section.archive_url(day, section.first_page)
        if first not in firsts:
            firsts[first] = None
            numbers = range(section.first_page, section.first_page + count)
            yield (url for number in numbers if (url := section.archive_url(day, number)))


def _published(element: Tag) -> Stamp:
    """The date of a ``<time>`` inside the element the selector names; none where that is the link alone."""
    dated = element.select_one("time[datetime]")
    return read_stamp(str(dated["datetime"])) if dated else NO_STAMP


def _joined(base: str, href: str) -> str:
    """The address a link leads to; as written where it is none."""
    try:
        return urljoin(base, href)
    except ValueError:
        return href
