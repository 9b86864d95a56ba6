"""The body of an article: trafilatura over the tree that is already there."""

import logging
from importlib.metadata import version

from trafilatura import bare_extraction
from trafilatura.metadata import Document
from trafilatura.settings import Extractor

from tasks.text.characters import clean_text, same
from tasks.text.daytext import read_day
from tasks.text.html import Tree

EXTRACTOR = "trafilatura"
EXTRACTOR_VERSION = version("trafilatura")

# It warns of every page it makes nothing of; here that is a counted outcome with a reason.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


#: News shorter than this is rare enough to look twice: the second look also asks readability and justext.
_SHORT = 700
#: Words of a line that is only a date: "Monday, 11 December 2023, 10:20".
_DATE_LINE = 6


def read_body(tree: Tree, url: str) -> str:
    r"""The text of the article, a paragraph a line, empty where there is none; comments never.

    Its recall mode without the rival extractors measured best on news pages, at half the cost of its defaults; a short
    result is read again with them, and the longer one taken. The tree is not changed.
    """
    text = _extracted(tree, url, fast=True)
    return text if len(text) >= _SHORT else max(text, _extracted(tree, url, fast=False), key=len)


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


def _extracted(tree: Tree, url: str, fast: bool) -> str:
    options = Extractor(recall=True, fast=fast, comments=False, output_format="python", url=url)
    document = bare_extraction(tree, options=options)
    return clean_text(document.text or "") if isinstance(document, Document) else ""
