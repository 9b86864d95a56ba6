"""Whether a text is all the prose that a page shows; and a body that is served in several boxes, joined."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from tasks.text.page.html import Tree

#: A run of text this long is prose: labels, menus and headlines are shorter.
_PROSE = 80
_SHOWN_RUNS = f"//text()[string-length(.) > {_PROSE}][not(parent::script)]"
_RUNS = etree.XPath(_SHOWN_RUNS)
_LENGTHS = etree.XPath(_SHOWN_RUNS, smart_strings=False)
#: A text whose prose is more than this share of all runs of the page is whole, whatever boxes they stand in.
_SURELY_WHOLE = 0.6
#: A text with less than this share of the main content's prose is a part, if it lacks this many characters of it.
_PART, _LEAST_MISSING = 0.5, 400
#: A text with this share holds all that matters.
_WHOLE = 0.9
#: The article element around the headline holds the article, where it holds this much prose.
_LEAST_OWN = 700
#: A run is known by its beginning: extractors may cut it where an element begins.
_BEGINNING = 40
#: Boxes whose prose is not the article's, told by their names; and how far above a run such a name counts.
_OTHERS = re.compile(
    r"related|(?<!layout[-_])sidebar|(?<!elementor-)widget(?!-container)|footer|comment|teaser|recent|popular|trending"
    r"|most-?read|promo(?!ted)|recommend|newsletter|subscri|cookie|consent|modal|popup|author-?b|share|menu"
    r"|(?<![a-z])(?:bio|nav)(?![a-z])",
    re.IGNORECASE,
)
_NEAR = 6
_NEVER = frozenset(("a", "form", "head", "script", "style", "noscript", "textarea", "option", "button"))
#: What stands within a box of a body, and is none.
_INLINE = "a b i em strong span font u mark small sub sup abbr cite q time ins del code label"
_INSIDE_BOXES = frozenset(f"{_INLINE} p li ul ol blockquote dd dl td tr tbody h2 h3".split())


@dataclass(frozen=True, slots=True)
class Prose:
    """The runs of prose in a page's main content, each with the element it stands in."""

    runs: tuple[tuple[Tree, str], ...]

    def kept(self, text: str) -> float:
        """The share of its characters whose run stands in a text; 1 where there is no prose."""
        weight, whole = self._weigh(text)
        return weight / whole if whole else 1.0

    def is_part(self, text: str) -> bool:
        """Return True if a text lacks a good part of the page's prose."""
        weight, whole = self._weigh(text)
        return weight < _PART * whole and whole - weight >= _LEAST_MISSING

    def is_whole(self, text: str) -> bool:
        """Return True if the page shows prose and a text holds it."""
        weight, whole = self._weigh(text)
        return whole > 0 and weight >= _WHOLE * whole

    def _weigh(self, text: str) -> tuple[int, int]:
        squeezed = _squeezed(text)
        lengths = [(len(run), _squeezed(run)[:_BEGINNING] in squeezed) for _, run in self.runs]
        return sum(length for length, there in lengths if there), sum(length for length, _ in lengths)


def is_surely_whole(tree: Tree, text: str) -> bool:
    """Whether a text has about as much prose as all of the page: the quick look that suffices for most pages."""
    prose = sum(len(line) for line in text.split("\n") if len(line) > _PROSE and not line.startswith("|"))
    return prose >= _SURELY_WHOLE * sum(map(len, _LENGTHS(tree)))


def prose_of(tree: Tree) -> Prose:
    """The prose of a page's main content: of the article element around the headline where that has enough, else of
    the page without links, forms and the boxes of others.
    """
    own = _article_of_headline(tree)
    judged: dict[Tree, bool] = {}
    runs = []
    for text in _RUNS(tree):
        owner = text.getparent().getparent() if text.is_tail else text.getparent()
        run = " ".join(text.split())
        if owner is None or len(run) < _PROSE:
            continue
        if owner not in judged:
            judged[owner] = _is_main(owner, own)
        if judged[owner]:
            runs.append((owner, run))
    within = [(owner, run) for owner, run in runs if own is not None and own in owner.iterancestors()]
    return Prose(tuple(within if sum(len(run) for _, run in within) >= _LEAST_OWN else runs))


def joined(tree: Tree, prose: Prose) -> Tree | None:
    """The tree with a body that stands in several boxes of one class in the first of them; ``None`` where there is no
    such body. A box with a headline of its own is another article. Changed in place.
    """
    groups: defaultdict[tuple[str, str], list[tuple[Tree, int]]] = defaultdict(list)
    for owner, run in prose.runs:
        box = next(element for element in _up(owner) if element.tag not in _INSIDE_BOXES)
        if box.get("class"):
            groups[box.tag, box.get("class")].append((box, len(run)))
    several = [group for group in groups.values() if len({box for box, _ in group}) > 1]
    if not several:
        return None
    fullest = max(several, key=lambda group: sum(length for _, length in group))
    first, *others = _outermost([box for box, _ in fullest])
    if any(next(box.iter("h1"), None) is not None for box in others):
        return None
    for box in others:
        first.extend(list(box))
    return tree


def _outermost(boxes: list[Tree]) -> list[Tree]:
    """Some elements once each, without those that stand in another of them."""
    every = set(boxes)
    return [box for box in dict.fromkeys(boxes) if not any(outer in every for outer in box.iterancestors())]


def _article_of_headline(tree: Tree) -> Tree | None:
    headline = next(tree.iter("h1"), None)
    return next(headline.iterancestors("article"), None) if headline is not None else None


def _is_main(owner: Tree, own: Tree | None) -> bool:
    """Whether an element is no part of a link, a form or a box of others."""
    for steps, element in enumerate(_up(owner)):
        if element.tag in _NEVER:
            return False
        named = steps < _NEAR and element is not own and element.tag not in ("body", "html", "main")
        if named and _OTHERS.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            return False
    return True


def _up(element: Tree) -> Iterator[Tree]:
    yield element
    yield from element.iterancestors()


def _squeezed(text: str) -> str:
    return "".join(text.split())
