"""The tree without what no reader of bodies wants: code, and the boxes around an article."""

from lxml import etree

from tasks.text.page.html import Tree

#: What is no text: dropped by every reader of bodies, and most of what there is to copy and to search.
_CODE = ("script", "style", "svg", "link", "meta", "img")
#: What holds other texts than the article's.
_FURNITURE = (
    *("nav", "aside", "footer", "menu", "dialog", "button", "select", "video", "audio", "picture", "figure"),
    *("noscript", "template", "iframe", "object", "embed", "canvas"),
)
#: What a table is made of, and the length of a paragraph that is prose: data stands in short ones.
_TABLE_PARTS = ("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th")
_PROSE = 120
#: A list is a menu where it has this many links and nearly all of its words stand in them, a few each.
_FEWEST_LINKS, _IN_LINKS, _WORDS_OF_LINK = 5, 0.9, 12
#: What says something without any text: a line's end, the place of a cell, and the link of a picture, by which the
#: library knows a caption.
_NEVER_EMPTY = frozenset(("a", "br", "hr", "td", "th", "script"))
_LEAVES = etree.XPath("//*[not(*)]")
#: A page with less outside its boxes has its article in one.
_MOST_BOXED = 0.75


def without_boilerplate(tree: Tree) -> Tree:
    """The same tree without code (but for JSON-LD), the boxes around the article, lists of links and what is empty, for
    whoever reads the body: a third as much to copy and to search. Where nearly all text stands in boxes, they stay.
    Changed in place.
    """
    linked_data = [script for script in tree.iter("script") if "ld+json" in (script.get("type") or "")]
    etree.strip_elements(tree, *_CODE, with_tail=False)
    # libxml2 does not know every void element of HTML 5: what follows one may stand in it.
    for element in [*tree.iter("source")]:
        if len(element) == 0:
            _remove(element)
    open_layouts(tree)
    _drop_boxes(tree)
    _drop_menus(tree)
    _drop_empty(tree)
    for script in linked_data:
        script.tail = None
        tree.append(script)
    return tree


def open_layouts(tree: Tree) -> Tree:
    """Tables that lay out a page are made boxes: those with the headline or with several paragraphs in a cell."""
    layouts = {table for table in tree.iter("table") if _is_layout(table)}
    parts = [part for part in tree.iter(*_TABLE_PARTS[1:]) if next(part.iterancestors("table"), None) in layouts]
    for part in (*parts, *layouts):
        part.tag = "div"
    return tree


def _is_layout(table: Tree) -> bool:
    if next(table.iter("h1"), None) is not None:
        return True
    long = [cell for cell in table.iter("p") if len(cell.text_content()) >= _PROSE]
    cells = [next(paragraph.iterancestors("td", "th", "table")) for paragraph in long]
    return any(cells.count(cell) > 1 for cell in set(cells))


def _drop_boxes(tree: Tree) -> None:
    boxes = [element for element in tree.iter(*_FURNITURE) if not _holds_a_table(element)]
    outer = [element for element in boxes if next(element.iterancestors(*_FURNITURE), None) is None]
    if sum(len(element.text_content()) for element in outer) <= _MOST_BOXED * len(tree.text_content()):
        for element in outer:
            _remove(element)


def _drop_menus(tree: Tree) -> None:
    for box in list(tree.iter("ul", "ol")):
        links = [len(link.text_content().split()) for link in box.iter("a")]
        if len(links) < _FEWEST_LINKS or sum(links) > _WORDS_OF_LINK * len(links):
            continue
        if sum(links) >= _IN_LINKS * len(box.text_content().split()):
            _remove(box)


def _drop_empty(tree: Tree) -> None:
    for leaf in _LEAVES(tree):
        element = leaf
        while element is not None and len(element) == 0 and element.tag not in _NEVER_EMPTY:
            if (text := element.text or "").strip():
                break
            parent = element.getparent()
            element.tail = text[:1] + (element.tail or "")
            _remove(element)
            element = parent


def _holds_a_table(element: Tree) -> bool:
    return element.tag == "figure" and element.find(".//table") is not None


def _remove(element: Tree) -> None:
    """Take an element out and leave the text behind it."""
    parent, previous = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail and previous is not None:
        previous.tail = (previous.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)
