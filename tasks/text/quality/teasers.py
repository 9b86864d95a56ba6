"""How much of a text stands in teasers: boxes with a linked headline, as on section and tag pages."""

import functools

from tasks.text.page.declared import visible_text
from tasks.text.page.html import Tree

_BOXES = ("article", "li", "div", "section", "td", "tr", "dd")
_LONGEST = 900
_MOST = 300


def teaser_share(tree: Tree, text: str) -> tuple[int, float]:
    """How many teaser boxes the page has, and the share of the text's characters that stand in them."""
    boxes = _boxes(tree)
    lines = [line for line in text.split("\n") if len(line) > 15]
    if not boxes or not lines:
        return len(boxes), 0.0
    inside = [_key(box) for box in boxes]
    joined = "\n".join(inside)
    inside_length = sum(len(line) for line in lines if _key(line) in joined)
    return len(boxes), inside_length / sum(map(len, lines))


def _boxes(tree: Tree) -> list[str]:
    """The text of each box around one linked headline, where the box holds little else."""
    texts: dict[str, str] = {}
    shown = functools.cache(visible_text)  # many headlines may stand in one long box
    for heading in list(tree.iter("h2", "h3", "h4", "h5"))[:_MOST]:
        address = _link(heading)
        if not address or address in texts:
            continue
        box = next((parent for parent in heading.iterancestors() if parent.tag in _BOXES), None)
        text = shown(box) if box is not None else ""
        # A summary may stand beside its headline's own box, one level up.
        if box is not None and len(text) < len(visible_text(heading)) + 20:
            outer = shown(box.getparent()) if box.getparent() is not None else ""
            text = outer if len(outer) <= _LONGEST else text
        if text and len(text) <= _LONGEST:
            texts[address] = text
    return list(texts.values())


def _link(heading: Tree) -> str | None:
    inner = next(heading.iter("a"), None)
    link = inner if inner is not None else next(heading.iterancestors("a"), None)
    return link.get("href") if link is not None else None


def _key(text: str) -> str:
    return "".join(text.split())
