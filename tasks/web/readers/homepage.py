"""What a front page says about its site: feeds, a WordPress API, name and language; read from bytes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

#: Bytes of a page that are parsed, and links taken from it.
MAX_BYTES = 2 * 1024 * 1024
MAX_FEEDS = 12
_FEED_TYPES = {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
_FEED_PATH = re.compile(r"(?:^|[/.?=_-])(?:rss2?|atom|feed)(?:\.(?:xml|php|aspx|rss|json))?/?$|\.rss$", re.IGNORECASE)
#: Feeds of comments, podcasts and single tags are not what a source is read by.
_BESIDE = re.compile(r"comment|podcast|oembed|/tag/|/author/", re.IGNORECASE)
_API = "https://api.w.org/"
_SEPARATOR = re.compile(r"\s+[|–—:·»«-]\s+|\s*[|»«]\s*")


@dataclass(frozen=True, slots=True)
class Homepage:
    """What was found. ``feeds`` are absolute, declared ones before those only linked; ``language`` an ISO 639 code."""

    feeds: tuple[str, ...] = ()
    wordpress: str | None = None
    name: str = ""
    language: str = ""


def read_homepage(data: bytes, url: str, link_header: str | None = None) -> Homepage:
    """Read a front page that was served at ``url``; ``link_header`` is the answer's ``Link`` (RFC 8288)."""
    soup = BeautifulSoup(data[:MAX_BYTES], "lxml")
    base_tag = soup.select_one("base[href]")
    base = absolute(url, str(base_tag["href"])) or url if base_tag else url
    feeds = dict.fromkeys((*_declared(soup, base), *_linked(soup, base, url)))
    return Homepage(tuple(feeds)[:MAX_FEEDS], _api(soup, base, link_header), _name(soup, url), _language(soup))


def _declared(soup: BeautifulSoup, base: str) -> Iterator[str]:
    """``<link rel=alternate>`` of a feed's type (the autodiscovery of every feed reader)."""
    for link in soup.select("link[rel~=alternate i][href]"):
        kind = str(link.get("type") or "").partition(";")[0].strip().lower()
        href = str(link["href"])
        if kind in _FEED_TYPES and not _BESIDE.search(f"{href} {link.get('title') or ''}"):
            yield from _one(absolute(base, href))


def _linked(soup: BeautifulSoup, base: str, url: str) -> Iterator[str]:
    """Links whose address looks like a feed's, on the page's own host."""
    for anchor in soup.select("a[href]"):
        target = (absolute(base, str(anchor["href"])) or "").partition("#")[0]
        same_host = urlsplit(target).hostname == urlsplit(url).hostname
        if same_host and _FEED_PATH.search(target) and not _BESIDE.search(target):
            yield target


def _api(soup: BeautifulSoup, base: str, link_header: str | None) -> str | None:
    """The REST API as WordPress announces it: a link element, or a ``Link`` header."""
    link = soup.select_one(f'link[rel="{_API}"][href]')
    if link is not None:
        return absolute(base, str(link["href"]))
    announced = re.search(rf'<([^<>\s]+)>\s*;\s*rel="?{re.escape(_API)}', link_header or "")
    return absolute(base, announced[1]) if announced else None


def _name(soup: BeautifulSoup, url: str) -> str:
    """The site's own name; of a title the part the host's name is made of, else the first short one."""
    for selector in ('meta[property="og:site_name"]', 'meta[name="application-name"]'):
        tag = soup.select_one(selector)
        if tag is not None and (site_name := _line(str(tag.get("content") or ""))):
            return site_name
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    title = _line(soup.title.get_text(" ")) if isinstance(soup.title, Tag) else ""
    parts = [part for part in _SEPARATOR.split(title) if part.strip()]
    named = [
        part for part in parts if len(bare := re.sub(r"\W", "", part).lower()) > 2 and bare in re.sub(r"\W", "", host)
    ]
    short = [part for part in parts if len(part.split()) <= 5]
    return next(iter((*named, *short, *parts)), host)


def _language(soup: BeautifulSoup) -> str:
    """The primary subtag of ``<html lang>``, else of ``og:locale``."""
    html, locale = soup.select_one("html[lang]"), soup.select_one('meta[property="og:locale"]')
    tag = str(html["lang"]) if html is not None else str(locale.get("content") or "") if locale is not None else ""
    return language_code(tag)


def language_code(tag: str | None) -> str:
    """The primary subtag of a language tag (RFC 5646); empty where there is none.

    >>> language_code("en-GB"), language_code("ar_SY"), language_code("zxx-"), language_code("x")
    ('en', 'ar', 'zxx', '')
    """
    primary = re.split(r"[-_]", (tag or "").strip().lower())[0]
    return primary if re.fullmatch(r"[a-z]{2,3}", primary) else ""


def _line(text: str) -> str:
    return " ".join(text.split())[:100]


def absolute(base: str, href: str) -> str | None:
    """Where a link leads; ``None`` where that is no address on the web."""
    try:
        joined = urljoin(base, href.strip())
    except ValueError:
        return None
    return joined if re.fullmatch(r"https?://[^/\s]\S*", joined) else None


def _one(url: str | None) -> Iterator[str]:
    if url is not None:
        yield url
