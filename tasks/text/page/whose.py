"""Whose a part of a page is: the article's own, or another's. The one rule for every piece of evidence on a page.

Where an element stands decides: a footer, a menu, an aside, a comment, a related box, a card or another article's own
element speak for something else, however near they are to the headline.
"""

import re
from enum import StrEnum

from tasks.text.page.html import Tree

#: Names of boxes that hold others' dates and names: of their class or id, this many elements up.
_OTHERS = re.compile(
    r"related|(?<!layout[-_])(?<!post[-_])(?<!article[-_])sidebar|widget|copyright|teaser|recent"
    r"|(?<!entry[-_])(?<!post[-_])(?<!article[-_])footer|comment(?!metadata)"
    r"|popular|trending|most-?read|promo(?!ted)|listing|archiv|event|calendar(?!_|-icon)|todays?(?![a-z])|current-?date"
    r"|recommend|(?<![a-z])more[-_](?:news|stories|articles|from|on)",
    re.IGNORECASE,
)
_COMMENT = re.compile("comment(?!metadata)", re.IGNORECASE)
_NEAR = 4
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
#: A linked heading of fewer words may be an author's name or a section's.
_FEWEST_WORDS = 4


class Place(StrEnum):
    """Where on a page something stands."""

    ARTICLE = "article"
    FOOTER = "footer"
    MENU = "nav"
    ASIDE = "aside"
    COMMENT = "comment"
    CARD = "card"
    OTHERS = "others"


def own_part(headline: Tree | None) -> frozenset[Tree]:
    """What the headline stands in: no box of others, whatever its class says."""
    return frozenset(headline.iterancestors()) if headline is not None else frozenset()


def place_of(element: Tree, own: frozenset[Tree] = frozenset()) -> Place:
    """Where an element stands, seen from the article whose own part is ``own``."""
    in_article = any(box.tag == "article" for box in own)
    for steps, box in enumerate((element, *element.iterancestors())):
        if box in own or box.tag in ("body", "html"):
            break
        if place := _place_by_tag(box, in_article) or (_place_by_look(box) if steps < _NEAR else None):
            return place
    return Place.ARTICLE


def is_within(element: Tree, own: frozenset[Tree]) -> bool:
    """Whether an element stands in the article element that holds the headline, whatever box of it."""
    return any(box.tag in ("article", "main") and box in own for box in element.iterancestors())


def belongs_elsewhere(element: Tree, own: frozenset[Tree] = frozenset()) -> bool:
    """Whether an element is part of the page's furniture or of another's box."""
    return place_of(element, own) is not Place.ARTICLE


def stands_in_card(element: Tree, own: frozenset[Tree]) -> bool:
    """Whether an element stands in a link around another article's headline, or in another article's element."""
    in_article = any(box.tag == "article" for box in own)
    return any(box not in own and _is_card(box, in_article) for box in element.iterancestors("a", "article"))


def _place_by_tag(box: Tree, in_article: bool) -> Place | None:
    if box.tag in ("footer", "nav", "aside") and not _is_within_article(box):
        return Place(box.tag)
    return Place.CARD if box.tag == "article" and _is_card(box, in_article) else None


def _place_by_look(box: Tree) -> Place | None:
    names = f"{box.get('class') or ''} {box.get('id') or ''} {box.get('itemprop') or ''}"
    if _OTHERS.search(names):
        return Place.COMMENT if _COMMENT.search(names) else Place.OTHERS
    return Place.CARD if _is_card(box, in_article=False) else None


def _is_card(box: Tree, in_article: bool) -> bool:
    """Whether a box is another article's: a link as a whole around a headline, an article element beside the one that
    holds the headline, or one that opens with a linked headline.
    """
    if box.tag == "a":
        return next(box.iter(*_HEADINGS), None) is not None
    if box.tag == "article":
        return in_article or _opens_with_link(box)
    return box.tag in ("li", "div", "section") and len(box) <= _NEAR and _is_in_list(box) and _opens_with_link(box)


def _is_in_list(box: Tree) -> bool:
    """Whether a box of the same make stands beside it: a page has one body, and many cards."""
    beside = (box.getprevious(), box.getnext())
    return any(
        neighbour is not None and neighbour.tag == box.tag and neighbour.get("class") == box.get("class")
        for neighbour in beside
    )


def _opens_with_link(box: Tree) -> bool:
    first = next(box.iter("h1", *_HEADINGS), None)
    if first is None or len(first.text_content().split()) < _FEWEST_WORDS:
        return False
    return next(first.iter("a"), None) is not None or next(first.iterancestors("a"), None) is not None


def _is_within_article(element: Tree) -> bool:
    """A footer of an article holds its date; one of a page does not."""
    return element.tag == "footer" and next(element.iterancestors("article", "main"), None) is not None
