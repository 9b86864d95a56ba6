"""What a page declares of itself: its meta elements, JSON-LD article node and links, gathered in one walk."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from lxml import etree

from tasks.text.page.characters import clean_line
from tasks.text.page.html import Tree
from tasks.text.page.jsonld import Node, article_node, read_nodes, text_of, types
from tasks.text.page.phrases import declared_keys
from tasks.text.page.whose import Place, own_part, place_of

_SHOWN = etree.XPath(".//text()[not(parent::script or parent::style or parent::noscript)]", smart_strings=False)
_DECLARING = etree.XPath("//@content[. != '']/..")
_DATE_KEY = re.compile(r"date(?:published|modified|created)|dc(?:terms)?:(?:date|created|issued)|published_?time")


_NAMING = ("property", "name", "itemprop", "http-equiv")
#: Microdata in these boxes are of other things than the page's article.
_NOT_ITS_OWN = frozenset((Place.FOOTER, Place.MENU, Place.ASIDE, Place.COMMENT))


@dataclass(frozen=True, slots=True)
class Declared:
    """The declarations of one page. ``meta`` holds each key's values in order, keys in lower case."""

    meta: dict[str, tuple[str, ...]]
    squeezed: dict[str, str]
    nodes: list[Node]
    article: Node
    canonical: str | None
    shared_address: str | None
    title: str | None
    language: str | None

    def first(self, *keys: str) -> str | None:
        """The first non-empty value among some meta keys, in the order of the keys."""
        return next((value for key in keys for value in self.meta.get(key, ()) if value), None)

    def loose(self, key: str) -> str | None:
        """The first value of a meta key written with any separators; ``key`` is in letters and digits only."""
        return self.squeezed.get(key)

    def stated(self, *names: str) -> str | None:
        """The first text among some properties of the article node."""
        return next((unescape(text) for name in names if (text := text_of(self.article.get(name)))), None)

    @property
    def is_article(self) -> bool:
        """Whether the page says it is an article: in JSON-LD, Open Graph, or by a publication time."""
        by_meta = (self.first("og:type") or "").lower() in ("article", "news", "newsarticle", "blog")
        dated = bool(self.first("article:published_time"))
        return by_meta or dated or bool(types(self.article) & declared_keys().article_types)

    @property
    def is_live(self) -> bool:
        """Whether the page says it is a live blog."""
        return "LiveBlogPosting" in types(self.article) or "liveBlogUpdate" in self.article


def read_declared(tree: Tree, url: str) -> Declared:
    """Everything the page declares. ``url`` is its address: it picks the JSON-LD node."""
    meta: dict[str, list[str]] = {}
    others = []
    own = own_part(next(tree.iter("h1"), None))
    for element in _DECLARING(tree):
        content = element.get("content")
        if element.get("itemprop") and place_of(element, own) in _NOT_ITS_OWN:
            continue
        if element.tag == "meta":
            for key in _keys(element):
                meta.setdefault(key, []).append(clean_line(content) or "")
        elif element.get("property") or element.get("itemprop"):
            others.append((element, content))
    for element, content in others:
        for key in filter(_DATE_KEY.search, _keys(element)):
            # Microdata stands on any element; there only dates are sure to be the article's own.
            meta.setdefault(key, []).append(clean_line(content) or "")
    squeezed: dict[str, str] = {}
    for key, values in meta.items():
        squeezed.setdefault("".join(filter(str.isalnum, key)), values[0])
    nodes = read_nodes(tree)
    return Declared(
        {key: tuple(values) for key, values in meta.items()},
        squeezed,
        nodes,
        article_node(nodes, url),
        _canonical(tree),
        _shared_address(tree),
        clean_line(_head_title(tree)),
        tree.get("lang") or tree.get("xml:lang"),
    )


def _keys(element: Tree) -> set[str]:
    """The names of a declaration: all words of its attributes, in lower case."""
    named = [name.lower() for attribute in _NAMING if (name := element.get(attribute))]
    return {key for names in named for key in (names.strip(), *names.split()) if key}


def visible_text(element: Tree) -> str:
    """The text of an element on one line, scripts and styles left out."""
    parts: list[Any] = _SHOWN(element)
    return " ".join(" ".join(parts).split())


def _canonical(tree: Tree) -> str | None:
    """The address the head gives as the page's own; none if it gives several, which are a list's or a mistake.

    What stands in the body is a card of another article, or a comment.
    """
    named = {
        str(element.get("href")).strip()
        for element in _in_head(tree, "link")
        if "canonical" in (element.get("rel") or "").lower().split() and element.get("href")
    }
    return named.pop() if len(named) == 1 else None


def _shared_address(tree: Tree) -> str | None:
    """The address the head gives to those who share the page (``og:url``)."""
    contents = (element.get("content") for element in _in_head(tree, "meta") if "og:url" in _keys(element))
    return next((str(content).strip() for content in contents if content), None)


def _in_head(tree: Tree, tag: str) -> Iterator[Tree]:
    for head in tree.iterchildren("head"):
        yield from head.iter(tag)


def _head_title(tree: Tree) -> str | None:
    # SVG images have titles too: the document's is the one in its head, or the first outside an image.
    for element in tree.iter("title"):
        if next(element.iterancestors("svg"), None) is None and element.text:
            return str(element.text)
    return None
