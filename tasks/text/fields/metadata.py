"""What a page declares of its article: title, authors, publisher, section, address, dates."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from schemas.article import DateOrigin, DateReading
from schemas.page import FetchedPage
from schemas.source import Source
from tasks.text.dates.dayorder import day_order
from tasks.text.dates.printed import shown_dates, time_elements, time_of_change
from tasks.text.dates.published import (
    Clock,
    RawDate,
    choose,
    flagged,
    from_hint,
    from_url,
    is_conflicting,
    read,
    with_day_shown,
)
from tasks.text.fields.addresses import is_list, names_article
from tasks.text.fields.authors import read_authors
from tasks.text.fields.titles import headline, main_heading, read_title
from tasks.text.page.characters import clean_line
from tasks.text.page.declared import Declared
from tasks.text.page.html import Page, Tree
from tasks.text.page.jsonld import resolved, text_of
from tasks.text.page.phrases import declared_keys

#: The surest dates a page shows: labelled as publication, or beside the headline.
_BESIDE = 1
_DAY_ALONE = re.compile(r"[\d\s./-]{8,14}|\d{1,2}\.? \w{3,12} \d{4}|\w{3,12} \d{1,2}, \d{4}")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page says of its article."""

    title: str | None
    heading: str | None
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
    clock = Clock(source.timezone, source.day_first, page.capture.seen_at)
    heading = main_heading(tree, declared)
    return Metadata(
        title=read_title(heading, declared, site, link.title_hint, _labels(page)),
        heading=heading,
        authors=read_authors(tree, declared, _house(declared, publisher, page)),
        publisher=publisher,
        section=clean_line(declared.stated("articleSection") or declared.first("article:section", "section")),
        canonical_url=read_canonical(declared, page, normalise),
        published=read_published(parsed, declared, page, clock),
        modified=read_modified(parsed, declared, clock),
    )


def read_publisher(declared: Declared) -> str | None:
    """The publisher's name: JSON-LD's, else the site name, else the meta element's."""
    named = text_of(resolved(declared.article.get("publisher"), declared.nodes))
    name = clean_line(named or declared.first("og:site_name", "application-name", "publisher", "dc.publisher"))
    return name if name and not name.startswith("http") else None


def read_canonical(declared: Declared, page: FetchedPage, normalise: Callable[[str], str | None]) -> str:
    """The article's address: what the head names, if it is on the same site and can be an article's; else the link's.

    An address that the page itself answered from needs no article's name. What the warehouse holds under it is looked
    at later (``tasks/text/copies/canonical.py``).
    """
    ours = page.fetch.link.canonical_url
    base = _address(page)
    answered = _normalised(base, base, normalise)
    for named in (declared.canonical, declared.shared_address):
        theirs = _normalised(named, base, normalise)
        if theirs is None or _site(theirs) != _site(ours):
            continue
        if names_article(theirs, ours) or (theirs == answered and not is_list(theirs, ours)):
            return theirs
    return ours


def read_published(parsed: Page, declared: Declared, page: FetchedPage, clock: Clock) -> DateReading:
    """When it was published: as declared, by the feed, or in the address; else as printed beside the headline.

    A page that is dated by its last change only has that date, flagged ``date_of_change``.
    """
    reading = _read_published(parsed, declared, page, clock)
    if reading.reason == "ambiguous" and (habit := day_order(parsed.tree, declared.language)):
        again = replace(clock, day_first=habit.day_first)
        return flagged(_read_published(parsed, declared, page, again), habit.why)
    return reading


def read_modified(parsed: Page, declared: Declared, clock: Clock) -> DateReading:
    """When it was last changed: as declared; of a page that declares no date by a time element marked so, else as
    printed beside the headline.
    """
    reading = choose(list(_modified(declared)), clock)
    if reading.local_day is not None or any(declared_dates(declared)):
        return reading
    heading = headline(parsed.tree, declared)
    beside = shown_dates(parsed.tree, heading, beside_only=True)
    shown = [RawDate(item.raw, DateOrigin.TEXT) for item in beside if item.changed][:1]
    found = choose([*time_of_change(parsed.tree, heading), *shown], clock)
    return found if found.local_day is not None else reading


def _read_published(parsed: Page, declared: Declared, page: FetchedPage, clock: Clock) -> DateReading:
    heading = headline(parsed.tree, declared)
    sure = list(_published(parsed.tree, declared, _address(page), heading))
    hints = _hints(page, clock)
    reading = choose(sure, clock, hints)
    if reading.local_day is None:
        return _as_shown(parsed.tree, declared, heading, clock, reading)
    beside = shown_dates(parsed.tree, heading, beside_only=True)
    shown = next((item for item in beside if item.below and not item.changed), None)
    if shown is None:
        return reading
    if is_conflicting(reading):
        return choose([*sure, RawDate(shown.raw, DateOrigin.TEXT)], clock, hints)
    day = read(RawDate(shown.raw, DateOrigin.TEXT), clock).local_day
    return with_day_shown(reading, day) if day else reading


def _as_shown(
    tree: Tree, declared: Declared, heading: Tree | None, clock: Clock, undeclared: DateReading
) -> DateReading:
    """The date of a page that surely declares none: shown to its readers, or in a key that may be a change's."""
    shown = shown_dates(tree, heading)
    kept = [item for item in shown if not item.changed]
    beside = [RawDate(item.raw, DateOrigin.TEXT) for item in kept[:1] if item.tier <= _BESIDE]
    weak = [RawDate(value, DateOrigin.META, weak=True) for value in _values(declared, declared_keys().published_weak)]
    title = _in_title(declared)
    for found in ([*beside, *weak], [title] if title else [], [RawDate(item.raw, DateOrigin.TEXT) for item in kept]):
        reading = choose(found[:1] if found and found[0].origin is DateOrigin.TEXT and not weak else found, clock)
        if reading.local_day is not None:
            return reading
        undeclared = undeclared if undeclared.raw or reading.raw is None else reading
    changed = [RawDate(item.raw, DateOrigin.TEXT) for item in shown if item.changed][:1]
    reading = choose([*_modified(declared), *changed], clock)
    return flagged(reading, "date_of_change") if reading.local_day and undeclared.reason != "ambiguous" else undeclared


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


def _labels(page: FetchedPage) -> frozenset[str]:
    """The labels of the page's host without its ending, in letters and digits only."""
    host = (urlsplit(_address(page)).hostname or "").removeprefix("www.")
    return frozenset(label.replace("-", "") for label in host.split(".")[:-1])


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
    return page.fetch.final_url or page.fetch.link.url or ""


def _hints(page: FetchedPage, clock: Clock) -> list[DateReading]:
    link = page.fetch.link
    hint = from_hint(link.published_hint, link.published_raw, clock)
    return [hint] if hint else []


def _published(tree: Tree, declared: Declared, url: str, heading: Tree | None) -> Iterator[RawDate]:
    yield from declared_dates(declared)
    yield from time_elements(tree, heading)
    if in_url := from_url(url):
        yield in_url


def declared_dates(declared: Declared) -> Iterator[RawDate]:
    """The dates of publication that a page declares for machines."""
    for name in ("datePublished", "dateCreated", "uploadDate"):
        if text := text_of(declared.article.get(name)):
            yield RawDate(text, DateOrigin.JSON_LD)
            break
    for value in _values(declared, declared_keys().published):
        yield RawDate(value, DateOrigin.META)


def _modified(declared: Declared) -> Iterator[RawDate]:
    if text := text_of(declared.article.get("dateModified")):
        yield RawDate(text, DateOrigin.JSON_LD)
    for value in _values(declared, declared_keys().modified):
        yield RawDate(value, DateOrigin.META)


def _values(declared: Declared, keys: tuple[str, ...]) -> Iterator[str]:
    for key in keys:
        if value := declared.loose(key):
            yield value
