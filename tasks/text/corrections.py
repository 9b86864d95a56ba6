"""Notes by which a newsroom says that it corrected or withdrew a text."""

import re

from tasks.text.declared import visible_text
from tasks.text.html import Page
from tasks.text.phrases import phrases

_SENTENCE_END = re.compile(r"(?<=[.!?؟。])\s+(?=\S)")
_LONGEST = 500
_SHORTEST = 25
#: A label needs its colon or dash: "Correction of the coastline began" is no note.
_LABEL = re.compile(r"\s*(?:\([^)]{1,40}\)\s*|[^:.!?\n]{0,30}?)[:：–—-]")
#: Looked for in the bytes first: few pages have such an element, and each walk of a tree costs.
_CLASSES = (b"correction", b"editor-note", b"editors-note")
_ELEMENTS = "//*[contains(@class,'correction') or contains(@class,'editor-note') or contains(@class,'editors-note')]"
_MOST = 10


def read_correction(text: str) -> str | None:
    """The sentence of the text that says the article was corrected or withdrawn."""
    return next((note for paragraph in text.split("\n") if (note := _note(paragraph))), None)


def marked_correction(page: Page) -> str | None:
    """The same of an element marked so, wherever it stands on the page; of the whole tree, furniture included."""
    if not any(name in page.data for name in _CLASSES):
        return None
    for element in page.tree.xpath(_ELEMENTS)[:_MOST]:
        if note := _note(visible_text(element)):
            return note
    return None


def _note(paragraph: str) -> str | None:
    match = phrases().corrections.match(paragraph)
    if match is None or len(paragraph) < _SHORTEST:
        return None
    is_label = len(match.group().split()) < 3
    if is_label and not _LABEL.match(paragraph[match.end() :]):
        return None
    return paragraph if len(paragraph) <= _LONGEST else _SENTENCE_END.split(paragraph)[0][:_LONGEST]
