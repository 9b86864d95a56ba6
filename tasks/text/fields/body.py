"""The body of an article: trafilatura over the tree that is already there."""

import functools
import logging
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from importlib.metadata import version

from lxml import etree
from trafilatura import bare_extraction
from trafilatura.htmlprocessing import convert_tags, prune_unwanted_nodes, tree_cleaning
from trafilatura.main_extractor import extract_content
from trafilatura.metadata import Document
from trafilatura.settings import Extractor
from trafilatura.xml import xmltotxt
from trafilatura.xpaths import RAW_TREE_PRUNE_XPATH, REMOVE_COMMENTS_AND_LISTS_XPATH

from tasks.reference.words.daytext import read_day
from tasks.text.page.boilerplate import open_layouts, without_boilerplate
from tasks.text.page.characters import clean_text, same
from tasks.text.page.html import Page, Tree, parse_tree
from tasks.text.page.wholeness import Prose, is_surely_whole, joined, prose_of

EXTRACTOR = "trafilatura"
EXTRACTOR_VERSION = version("trafilatura")

# It warns of every page it makes nothing of; here that is a counted outcome with a reason.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


#: News shorter than this is rare enough to look twice: the second look also asks readability and justext.
_SHORT = 700
#: How much more of the prose another way must keep.
_CLEARLY = 0.25
_NAMES = etree.XPath("//@id | //@class", smart_strings=False)
#: What the library takes out of every tree first, and what a name on the page must hold for it to find anything.
_PRUNED = (
    (("mvp-post-add", "infinite", "elementor-share"), RAW_TREE_PRUNE_XPATH),
    (("omment", "comol", "disqus", "dsq-"), REMOVE_COMMENTS_AND_LISTS_XPATH),
)
#: Words of a line that is only a date: "Monday, 11 December 2023, 10:20".
_DATE_LINE = 6


@dataclass(frozen=True, slots=True)
class Body:
    """The text of an article, a paragraph a line, empty where there is none; ``partial`` where the page shows more."""

    text: str
    partial: bool = False


def read_body(page: Page) -> Body:
    """The body of a page, without its comments.

    The library's recall mode without its rival extractors measured best on news pages, at half the cost of its
    defaults. Where the result is short, or the page itself shows that it is but a part, the body is put together from
    the boxes it stands in, and the library's own defaults read the page as it came: what keeps clearly more of the main
    content's prose is taken. The page's tree is without its boxes afterwards.
    """
    tree = without_boilerplate(page.tree)
    text = _extracted(tree, _options(fast=True)) if _is_forum(tree) else _direct(tree)
    if len(text) >= _SHORT and is_surely_whole(tree, text):
        return Body(text)
    prose = prose_of(tree)
    if prose.is_part(text):
        text = _fullest(page, tree, prose, text)
        return Body(text, prose.is_part(text))
    if len(text) >= _SHORT or prose.is_whole(text):
        return Body(text)
    return Body(max(text, _by_defaults(open_layouts(parse_tree(page.data))), key=len))


def _fullest(page: Page, tree: Tree, prose: Prose, text: str) -> str:
    """Of the ways to read a page of which the first gave a part, the one that keeps clearly more of its prose."""
    texts = [text]
    for reading in _other_ways(page, tree, prose):
        texts.append(reading)
        if prose.is_whole(reading):
            break
    fullest = max(texts, key=lambda reading: (prose.kept(reading), len(reading)))
    return fullest if len(text) < _SHORT or prose.kept(fullest) >= prose.kept(text) + _CLEARLY else text


def _other_ways(page: Page, tree: Tree, prose: Prose) -> Iterator[str]:
    """The body put together from its boxes, then what the library's defaults give without the boxes around it, then
    with them: the quicker first.
    """
    if (together := joined(tree, prose)) is not None:
        yield _direct(together)
    yield _by_defaults(without_boilerplate(parse_tree(page.data)))
    yield _by_defaults(open_layouts(parse_tree(page.data)))


def without_headlines(text: str, *headlines: str | None) -> str:
    """The text without the lines before its first paragraph that only repeat a headline or give a date."""
    lines = text.split("\n")
    while len(lines) > 1 and _is_above(lines[0], headlines):
        del lines[0]
    return "\n".join(lines)


def _is_above(line: str, headlines: tuple[str | None, ...]) -> bool:
    if any(headline and same(line, headline) for headline in headlines):
        return True
    return len(line) < 60 and len(line.split()) <= _DATE_LINE and not isinstance(read_day(line, day_first=True), str)


def _direct(tree: Tree) -> str:
    """What ``bare_extraction`` gives, by the same steps of the library without three of its four copies of the tree,
    and without looking for what the names on the page rule out.
    """
    options = _options(fast=True)
    names = " ".join(_NAMES(tree))
    for tokens, unwanted in _PRUNED:
        if any(token in names for token in tokens):
            tree = prune_unwanted_nodes(tree, unwanted)
    try:
        body, _ = extract_content(convert_tags(tree_cleaning(copy(tree), options), options), options)
        return clean_text(xmltotxt(body, options.formatting))
    except (MemoryError, RecursionError):
        raise
    # The library takes its own failures for "no text". Here its slower way is tried, and if that gives nothing either,
    # the failure is the page's end: kept, named, and read again.
    except Exception:
        if text := _extracted(tree, _options(fast=False)):
            return text
        raise


def _is_forum(tree: Tree) -> bool:
    """Whether the posts in a page's comments are what it is about: there the library goes another way."""
    return any("DiscussionForumPosting" in (script.text or "") for script in tree.iter("script"))


def _extracted(tree: Tree, options: Extractor) -> str:
    document = bare_extraction(tree, options=options)
    return clean_text(document.text or "") if isinstance(document, Document) else ""


def _by_defaults(tree: Tree) -> str:
    """What the library gives when nobody sets anything but comments."""
    return _extracted(tree, _options(fast=False))


@functools.cache
def _options(fast: bool) -> Extractor:
    """Neither call changes them, and making them reads the library's configuration anew."""
    return Extractor(recall=fast, fast=fast, comments=False, output_format="python")
