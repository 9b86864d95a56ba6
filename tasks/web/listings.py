"""Section pages: the links a CSS selector names, by BeautifulSoup."""

from urllib.parse import urljoin

from bs4 import BeautifulSoup
from soupsieve import SelectorSyntaxError

from tasks.web.entries import Entry, Reading

#: Links taken from one page.
MAX_ENTRIES = 500
#: Bytes of a section page that are parsed; its links are not behind two megabytes of anything.
MAX_BYTES = 2 * 1024 * 1024
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
            entries.setdefault(href, Entry(_joined(base, href), title))
    if not entries:
        page = soup.title.get_text(" ", strip=True)[:80] if soup.title else "untitled"
        return Reading(error=NO_MATCH, detail=f"{selector!r} matches no link; the page is titled {page!r}")
    return Reading(tuple(entries.values()))


def _joined(base: str, href: str) -> str:
    """The address a link leads to; as written where it is none."""
    try:
        return urljoin(base, href)
    except ValueError:
        return href
