"""Dates printed on a page: its ``time`` elements, and the words beside its headline.

What is near the headline, labelled ("Published:") or of a class that speaks of a date is believed in that order; boxes
of other articles, comments and footers never. The date of a change is kept apart from that of the publication.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from schemas.article import DateOrigin
from tasks.reference.words.daytext import read_day
from tasks.text.dates.published import RawDate
from tasks.text.page.declared import visible_text
from tasks.text.page.html import Tree, from_element
from tasks.text.page.phrases import phrases
from tasks.text.page.whose import Place, belongs_elsewhere, is_within, own_part, place_of, stands_in_card

_DATE_CLASS = re.compile(
    r"(?<![a-z])(?:up)?dat(?:e|um|a)(?![a-z]{3})|[a-z]Dat(?:e|um)(?![a-z]{3})|time(?!line|r)|publish|posted|submitted"
    r"|pubdate|fecha|tarih|byline|author|meta|info|stand(?![a-z])",
    re.IGNORECASE,
)
_PUBLISHED_CLASS = re.compile(r"publish|entry-date|posted|pubdate|created|submitted|article-?date", re.IGNORECASE)
_CHANGED_CLASS = re.compile(r"updat|modif|change", re.IGNORECASE)
_UNREAD = frozenset("script style noscript template option button svg textarea".split())  # noqa: SIM905
#: A line that holds a date holds little else; a sentence is no such line.
_LONGEST = 160
_FEW_WORDS = 9
#: Elements before and after the headline that count as beside it, and how far below it the story may begin.
_ABOVE, _BELOW, _STORY = 12, 40, 80
#: The tier of a date that only its element's class speaks for.
_CLASSED = 2
#: Elements between a headline and its own line of date.
_ADJACENT = 2
_DIGIT = re.compile(r"\d")
#: 1.1.24: a day has no fewer.
_FEWEST_DIGITS = 4
#: "27.1.2022 - ", "(18.01.2018) ", "02.02.2022 10:16 Uhr - ": a paragraph that opens with its day.
_OPENING = re.compile(r"^[(\[]?[^!?]{6,40}?(?:[)\]]|\s[-–—|:]\s|:\s)")


@dataclass(frozen=True, slots=True, order=True)
class Shown:
    """A date a page shows. ``tier`` 0 is surest; ``distance`` counts elements from the headline, or from the top.

    ``below``: it stands beside the headline, after it. ``names``: its element's classes and ids, and its parent's.
    """

    tier: int
    distance: int
    raw: str
    changed: bool
    below: bool
    names: str = ""


def time_elements(tree: Tree, headline: Tree | None = None) -> Iterator[RawDate]:
    """The article's ``time`` element: one marked as publication, else the first after the headline that is neither a
    change nor another item's, else the first such.

    A page's list of other articles has times too; those in asides, footers, related boxes and comments are left out,
    but for the only day of a page where it is marked as the publication, or stands in the article's own element.
    """
    own = own_part(headline)
    every = [element for element in tree.iter("time") if not stands_in_card(element, own)]
    found = [element for element in every if not belongs_elsewhere(element, own)]
    if not found and len({element.get("datetime") or visible_text(element) for element in every}) == 1:
        found = [element for element in every[:1] if _is_marked(element) or is_within(element, own)]
    marked = [element for element in found if _is_marked(element)]
    beside, after = _below(headline, found)
    for element in (*beside, *marked, *after, *found):
        raw = _before_change(element) if _is_change(element) else element.get("datetime") or visible_text(element)
        # A day in another calendar is not read, but said to be there.
        if raw and _is_day(raw):
            place = place_of(element, own)
            yield RawDate(raw, DateOrigin.TIME_ELEMENT, place=None if place is Place.ARTICLE else place)
            return


def time_of_change(tree: Tree, headline: Tree | None = None) -> Iterator[RawDate]:
    """The article's ``time`` element that is marked as that of its last change."""
    own = own_part(headline)
    for element in tree.iter("time"):
        raw = element.get("datetime") or visible_text(element)
        if _is_change(element) and _is_day(raw) and not belongs_elsewhere(element, own):
            yield RawDate(raw, DateOrigin.TIME_ELEMENT)
            return


def _before_change(element: Tree) -> str | None:
    """What stands before the word of a change: "27/11/2026 01:57 | Updated 29/11/2026" tells the publication too."""
    shown = visible_text(element)
    word = phrases().change.search(shown)
    return shown[: word.start()] if word else None


def _is_marked(element: Tree) -> bool:
    return element.get("pubdate") is not None or _is_publication(element)


def _is_day(raw: str) -> bool:
    read = read_day(raw, day_first=True)
    return read == "calendar" or not isinstance(read, str)


def _below(headline: Tree | None, found: list[Tree]) -> tuple[list[Tree], list[Tree]]:
    """Of some elements those beside the headline, after it, and those farther down."""
    if headline is None or len(found) < 2:
        return [], []
    wanted = set(found)
    elements = from_element(headline)
    beside = [element for element in islice(elements, _BELOW + 1) if element in wanted]
    return beside, [element for element in elements if element in wanted]


def shown_dates(tree: Tree, headline: Tree | None, beside_only: bool = False) -> list[Shown]:
    """Every date the page shows that may be the article's, the surest first; ``beside_only``: of those right below the
    headline.
    """
    if beside_only and headline is None:
        return []
    own = own_part(headline)
    elements = [*islice(from_element(headline), _BELOW + 1)] if beside_only else list(tree.iter("*"))
    at_headline = elements.index(headline) if headline is not None else None
    found = []
    for at, element in enumerate(elements):
        for owner, text in ((element, element.text), (element.getparent(), element.tail)):
            # What follows an icon is read, what stands in it is not.
            if text and owner is not None and owner.tag not in _UNREAD and _DIGIT.search(text):
                found.append(_shown(owner, element, text, at, at_headline, own))
        if element.tag == "abbr" and element.get("title"):
            found.append(_shown(element, element, element.get("title"), at, at_headline, own))
    return _without_lists(sorted(item for item in found if item))


def _without_lists(found: list[Shown]) -> list[Shown]:
    """Without the dates of cards: one class that dates several items differently, far from the headline."""
    days: dict[str, set[str]] = {}
    for item in found:
        days.setdefault(item.names, set()).add(item.raw)
    return [item for item in found if item.tier != _CLASSED or item.distance <= _STORY or len(days[item.names]) == 1]


def _shown(owner: Tree, element: Tree, text: str, at: int, headline: int | None, own: frozenset[Tree]) -> Shown | None:
    line = _line(owner, text)
    adjacent = headline is not None and 0 < abs(at - headline) <= _ADJACENT and owner.getparent() in own
    if line is None or (belongs_elsewhere(owner, own) and not adjacent):
        return None
    label = _label(owner, element, line)
    names = " ".join((_names(owner), _names(owner.getparent())))
    changed = bool(phrases().change.search(label)) or (
        bool(_CHANGED_CLASS.search(names)) and not _PUBLISHED_CLASS.search(names)
    )
    near = headline is not None and headline - _ABOVE <= at <= headline + _BELOW and at != headline
    below = near and headline is not None and at > headline
    tier = _tier(line, label, names, near, near or (headline is not None and headline < at <= headline + _STORY))
    if tier is None:
        return None
    return Shown(tier, at if headline is None else _distance(at, headline), line, changed, below, names.strip())


def _tier(line: str, label: str, names: str, near: bool, story: bool) -> int | None:
    short = len(line.split()) <= _FEW_WORDS
    labelled = bool(phrases().published.search(label))
    if (_PUBLISHED_CLASS.search(names) or labelled) and (short or labelled):
        return 0
    if near and short:
        return 1
    if _DATE_CLASS.search(names):
        return _CLASSED
    if story and _OPENING.match(line) and _DIGIT.search(line[:14]):
        return 3
    return 4 if phrases().change.search(label) else None


def _line(owner: Tree, text: str) -> str | None:
    """The words a date is read from: the fragment itself, else its short element whole ("24 <b>July</b> 2017")."""
    fragment = " ".join(text.split())
    if len(fragment) > _LONGEST:
        return fragment[:_LONGEST] if _OPENING.match(fragment) and _reads(fragment[:_LONGEST]) else None
    if _reads(fragment):
        return fragment
    if len(owner) > 6 or len(fragment) > 40:
        return None
    whole = visible_text(owner)
    return whole if len(whole) <= 60 and _reads(whole) else None


def _reads(text: str) -> bool:
    if len(text) < 6 or len(_DIGIT.findall(text)) < _FEWEST_DIGITS:
        return False
    read = read_day(text, day_first=True)
    return read == "calendar" or not isinstance(read, str)


def _label(owner: Tree, element: Tree, line: str) -> str:
    """What stands before the date: in its own line, else in the element or text before it."""
    before = _DIGIT.split(line, maxsplit=1)[0].strip()
    if len(before) > 12:
        return before[-80:]
    start = element if element is not owner else owner
    previous = start.getprevious()
    parent = start.getparent()
    if previous is not None:
        words = f"{visible_text(previous)[-60:]} {previous.tail or ''}"
    else:
        words = (parent.text or "") if parent is not None else ""
    return f"{words[-60:]} {before}"


def _distance(at: int, headline: int) -> int:
    return at - headline if at > headline else (headline - at) + _BELOW


def _names(element: Tree | None) -> str:
    if element is None:
        return ""
    return " ".join(filter(None, (element.get("class"), element.get("id"), element.get("itemprop"))))


def _is_publication(element: Tree) -> bool:
    return bool(_PUBLISHED_CLASS.search(_names(element)))


def _is_change(element: Tree) -> bool:
    return bool(_CHANGED_CLASS.search(_names(element)))
