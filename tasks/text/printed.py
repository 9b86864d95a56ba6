"""Dates printed on a page: its ``time`` elements, and the words beside its headline."""

import re
from collections.abc import Iterator

from schemas.article import DateOrigin
from tasks.text.dates import RawDate
from tasks.text.daytext import read_day
from tasks.text.declared import visible_text
from tasks.text.html import Tree
from tasks.text.phrases import phrases

_DATE_CLASS = re.compile(
    r"(?<![a-z])(?:up)?dat(?:e|um|a)(?![a-z]{3})|time(?!line|r)|publish|posted|pubdate|fecha|tarih|byline|meta|info",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"related|sidebar|widget|footer|copyright|comment(?!metadata)|teaser|recent|popular|trending|most-?read|promo|listing",
    re.IGNORECASE,
)
_PUBLISHED_CLASS = re.compile(r"publish|entry-date|posted|pubdate|created", re.IGNORECASE)
_LONGEST = 160
_FEW_WORDS = 7
#: Elements before and after the headline that count as beside it; children that make an element more than a line.
_ABOVE, _BELOW, _MANY = 12, 40, 12
_PRINTING = frozenset(
    """span div p li td abbr small b i em a h2 h3 h4 h5 h6 time font strong ul dd dt center
    header""".split()  # noqa: SIM905 - a list of words
)


def time_elements(tree: Tree) -> Iterator[RawDate]:
    """The article's ``time`` element: one marked as publication, else the first that is not a change or another item's.

    A page's list of other articles has times too; those in asides, footers, related boxes and comments are left out.
    """
    every = list(tree.iter("time"))
    found = [element for element in every if not _belongs_elsewhere(element)]
    if not found and len({element.get("datetime") or visible_text(element) for element in every}) == 1:
        found = every[:1]
    marked = [element for element in found if element.get("pubdate") is not None or _is_publication(element)]
    for element in (*marked, *found):
        raw = element.get("datetime") or visible_text(element)
        # A day in another calendar is not read, but said to be there.
        read = read_day(raw, day_first=True)
        if not _is_change(element) and (read == "calendar" or not isinstance(read, str)):
            yield RawDate(raw, DateOrigin.TIME_ELEMENT)
            return


def printed_date(tree: Tree) -> RawDate | None:
    """The words of a short element that hold a date: beside the headline, or of a class that says so.

    First those marked as publication, then those around the headline (nearest first, after it before above it), then
    others whose class speaks of a date, in the order of the page.
    """
    elements = list(tree.iter())
    heading = next((at for at, element in enumerate(elements) if element.tag == "h1"), None)
    best: tuple[int, int, str] | None = None
    for at, element in enumerate(elements):
        near = heading is not None and heading - _ABOVE <= at <= heading + _BELOW and at != heading
        named = _is_dated(element)
        if not (near or named) or element.tag not in _PRINTING or _belongs_elsewhere(element):
            continue
        text = visible_text(element) if len(element) < _MANY else ""
        if _shows_a_day(text, named):
            rank = (0, at) if named and _is_publication(element) else (1, _distance(at, heading)) if near else (2, at)
            best = min(best, (*rank, text)) if best else (*rank, text)
    return RawDate(best[2], DateOrigin.TEXT) if best else None


def _distance(at: int, heading: int | None) -> int:
    if heading is None:
        return at
    return at - heading if at > heading else (heading - at) + _BELOW


def _shows_a_day(text: str, named: bool) -> bool:
    """Whether an element's text is a date with little beside it, and not the date of a change."""
    if not 6 <= len(text) <= _LONGEST or not any(map(str.isdecimal, text)):
        return False
    if not named and len(text.split()) > _FEW_WORDS:
        return False  # a sentence of the story, not the line under its headline
    return not phrases().change.search(text) and not isinstance(read_day(text, day_first=True), str)


def _is_dated(element: Tree) -> bool:
    return bool(_DATE_CLASS.search(_names(element))) and not _belongs_elsewhere(element)


def _names(element: Tree) -> str:
    return " ".join(filter(None, (element.get("class"), element.get("id"), element.get("itemprop"))))


def _is_publication(element: Tree) -> bool:
    return bool(_PUBLISHED_CLASS.search(_names(element)))


def _is_change(element: Tree) -> bool:
    return bool(re.search(r"updat|modif", _names(element), re.IGNORECASE))


def _belongs_elsewhere(element: Tree) -> bool:
    if _OTHERS.search(_names(element)):
        return True
    for number, parent in enumerate(element.iterancestors()):
        if parent.tag in ("footer", "nav", "aside") or (
            number < 3 and parent.tag != "body" and _OTHERS.search(_names(parent))
        ):
            return True
    return False
