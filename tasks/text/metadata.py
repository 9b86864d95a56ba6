"""What a page declares of its article: title, authors, publisher, section, address, dates."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from schemas.article import DateOrigin, DateReading
from schemas.page import FetchedPage
from schemas.source import Source
from tasks.text.authors import read_authors
from tasks.text.characters import clean_line
from tasks.text.dates import Clock, RawDate, choose, from_hint, from_url
from tasks.text.declared import Declared
from tasks.text.html import Page, Tree
from tasks.text.jsonld import resolved, text_of
from tasks.text.phrases import declared_keys
from tasks.text.printed import printed_date, time_elements
from tasks.text.titles import read_title

_DAY_ALONE = re.compile(r"[\d\s./-]{8,14}|\d{1,2}\.? \w{3,12} \d{4}|\w{3,12} \d{1,2}, \d{4}")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page says of its article."""

    title: str | None
    authors: tuple[str, ...]
    publisher: str | None
    section: str | None
    canonical_url: str
    published: DateReading
    modified: DateReading


def read_metadata(
    parsed: Page, declared: Declared, page: FetchedPage, source: Source, normalise: Callable[[str], str | None]
) -> Metadata:
    """All declared fields of one page; ``normalise`` is the canonical form of an address, ``None`` for one refused."""
    tree, link = parsed.tree, page.fetch.link
    publisher = read_publisher(declared)
    site = declared.first("og:site_name") or publisher
    clock = Clock(source.timezone, source.day_first, page.capture.captured_at)
    return Metadata(
        title=read_title(tree, declared, site, link.title_hint),
        authors=read_authors(tree, declared, _house(declared, publisher, page)),
        publisher=publisher,
        section=clean_line(declared.stated("articleSection") or declared.first("article:section", "section")),
        canonical_url=read_canonical(declared, page, normalise),
        published=read_published(parsed, declared, page, clock),
        modified=choose(list(_modified(declared)), clock),
    )


def read_publisher(declared: Declared) -> str | None:
    """The publisher's name: JSON-LD's, else the site name, else the meta element's."""
    named = text_of(resolved(declared.article.get("publisher"), declared.nodes))
    name = clean_line(named or declared.first("og:site_name", "application-name", "publisher", "dc.publisher"))
    return name if name and not name.startswith("http") else None


def read_canonical(declared: Declared, page: FetchedPage, normalise: Callable[[str], str | None]) -> str:
    """The article's address: what the page names, if on the same site and not its front page; else the link's."""
    ours = page.fetch.link.canonical_url
    base = _address(page)
    for named in (declared.canonical, declared.first("og:url")):
        theirs = _normalised(named, base, normalise)
        if theirs and _site(theirs) == _site(ours) and (urlsplit(theirs).path not in ("", "/") or theirs == ours):
            return theirs
    return ours


def read_published(parsed: Page, declared: Declared, page: FetchedPage, clock: Clock) -> DateReading:
    """When it was published: as declared, by the feed, or in the address; else as printed beside the headline."""
    hints = _hints(page, clock)
    reading = choose(list(_published(parsed.tree, declared, _address(page))), clock, hints)
    if reading.local_day is not None:
        return reading
    shown = _in_title(declared) or printed_date(parsed.tree)
    return choose([shown], clock) if shown else reading


def _in_title(declared: Declared) -> RawDate | None:
    """A day that stands alone between bars in the document's title: ``Headline | Outlet | 28.04.2023``."""
    parts = (declared.title or "").replace(" – ", "|").replace(" - ", "|").split("|")[1:]
    day = next((part for part in parts if _DAY_ALONE.fullmatch(part.strip())), None)
    return RawDate(day, DateOrigin.TEXT) if day else None


def _house(declared: Declared, publisher: str | None, page: FetchedPage) -> frozenset[str]:
    """The names of the outlet itself: publisher, site, host with and without its ending."""
    host = (urlsplit(_address(page)).hostname or "").removeprefix("www.")
    labels = host.split(".")
    names = (publisher, declared.first("og:site_name"), declared.first("publisher"), host, *labels[:-1])
    return frozenset(name for name in names if name)


def _normalised(named: str | None, base: str, normalise: Callable[[str], str | None]) -> str | None:
    try:
        return normalise(urljoin(base, named)) if named else None
    except ValueError:
        return None


def _site(url: str) -> str:
    """The host without ``www.``: a canonical address may leave the mobile host, not the outlet."""
    host = (urlsplit(url).hostname or "").lower()
    return host.removeprefix("www.").removeprefix("m.").removeprefix("amp.")


def _address(page: FetchedPage) -> str:
    return page.fetch.final_url or page.fetch.link.url


def _hints(page: FetchedPage, clock: Clock) -> list[DateReading]:
    link = page.fetch.link
    hint = from_hint(link.published_hint, link.published_raw, clock)
    return [hint] if hint else []


def _published(tree: Tree, declared: Declared, url: str) -> Iterator[RawDate]:
    for name in ("datePublished", "dateCreated", "uploadDate"):
        if text := text_of(declared.article.get(name)):
            yield RawDate(text, DateOrigin.JSON_LD)
            break
    for key in declared_keys().published:
        if value := declared.loose(key):
            yield RawDate(value, DateOrigin.META)
    yield from time_elements(tree)
    if in_url := from_url(url):
        yield in_url


def _modified(declared: Declared) -> Iterator[RawDate]:
    if text := text_of(declared.article.get("dateModified")):
        yield RawDate(text, DateOrigin.JSON_LD)
    for key in declared_keys().modified:
        if value := declared.loose(key):
            yield RawDate(value, DateOrigin.META)
