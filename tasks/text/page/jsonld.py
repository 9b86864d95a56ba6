"""JSON-LD: the one node of a page that describes its article, found among all it says."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from tasks.text.page.html import Tree
from tasks.text.page.phrases import declared_keys

#: A JSON-LD object. What a page writes is untrusted: every value is checked where it is read.
Node = dict[str, Any]

_WRAPPED = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|\]\]>)\s*$")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
#: How deep and how far nodes are followed: a graph can be made to loop.
_MAX_DEPTH = 6
_MAX_NODES = 2_000


def read_nodes(tree: Tree) -> list[Node]:
    """Every object of the page's JSON-LD scripts, containers opened, in document order."""
    nodes: list[Node] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            nodes.extend(_opened(_loads(script.text or ""), 0))
            if len(nodes) > _MAX_NODES:
                break
    return nodes[:_MAX_NODES]


def article_node(nodes: list[Node], url: str) -> Node:
    """The node of the article itself, empty where there is none.

    Articles before pages, those that name the page's own path before others, dated before undated, first before later.
    """
    strong = [node for node in nodes if types(node) & declared_keys().article_types and _described(node)]
    weak = [node for node in nodes if types(node) & declared_keys().page_types and "datePublished" in node]
    ranked = strong or weak
    return max(ranked, key=lambda node: (_names(node, url), "datePublished" in node, len(node) > 3), default={})


def types(node: Node) -> set[str]:
    """The schema.org types of a node, without their prefix."""
    declared = node.get("@type", node.get("type", ()))
    names = declared if isinstance(declared, list) else [declared]
    return {name.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for name in names if isinstance(name, str)}


def resolved(value: Any, nodes: list[Node]) -> Any:
    """A value, or the node it refers to by ``@id`` alone."""
    if isinstance(value, dict) and "@id" in value and "name" not in value:
        named = (node for node in nodes if node.get("@id") == value["@id"] and "name" in node)
        return next(named, value)
    return value


def text_of(value: Any) -> str | None:
    """The string a property holds, through a list or an object with a name."""
    if isinstance(value, list):
        return next((text for item in value if (text := text_of(item))), None)
    if isinstance(value, dict):
        return text_of(value.get("@value", value.get("name")))
    return value.strip() or None if isinstance(value, str) else None


def _described(node: Node) -> bool:
    return any(key in node for key in ("headline", "datePublished", "author", "articleBody", "name"))


def _names(node: Node, url: str) -> bool:
    page = node.get("mainEntityOfPage")
    addresses = (node.get("url"), node.get("@id"), page.get("@id") if isinstance(page, dict) else page)
    path = urlsplit(url).path.rstrip("/")
    return any(isinstance(item, str) and bool(path) and _path(item) == path for item in addresses)


def _path(address: str) -> str | None:
    try:
        return urlsplit(address).path.rstrip("/")
    except ValueError:
        return None


def _loads(text: str) -> Any:
    stripped = _WRAPPED.sub("", text).strip().rstrip(";")
    for attempt in (stripped, _TRAILING_COMMA.sub(r"\1", stripped)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _opened(value: Any, depth: int) -> Iterator[Node]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _opened(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemReviewed", "hasPart", "subjectOf", "author"):
            if isinstance(value.get(key), dict | list):
                yield from _opened(value[key], depth + 1)
