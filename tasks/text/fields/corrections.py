"""Notes by which a newsroom says that it corrected or withdrew a text."""

import functools
import re
from datetime import date, timedelta

from lxml import etree

from tasks.reference.words.daytext import month_names, read_day
from tasks.text.page.declared import visible_text
from tasks.text.page.html import Page
from tasks.text.page.phrases import phrases

_SENTENCE_END = re.compile(r"(?<=[.!?؟。])\s+(?=\S)")
_LONGEST = 500
#: A day without a year later than this after the publication is probably another one.
_LATEST = timedelta(days=60)
_SHORTEST = 25
#: A label needs its colon or dash: "Correction of the coastline began" is no note.
_LABEL = re.compile(r"\s*(?:\([^)]{1,40}\)\s*|[^:.!?\n]{0,30}?)[:：–—-]")
_MARKED = etree.XPath(
    "//*[contains(@class, 'correction') or contains(@class, 'editor-note') or contains(@class, 'editors-note')]"
)
#: What the source of a page holds, where it has such an element: the tree is searched for few pages.
_IN_SOURCE = (b"correction", b"editor-note", b"editors-note")
_MOST = 10


def read_correction(text: str) -> str | None:
    """The sentence of the text that says the article was corrected or withdrawn."""
    return next((note for paragraph in text.split("\n") if (note := _note(paragraph))), None)


def marked_correction(page: Page) -> str | None:
    """The same of an element marked so, wherever it stands on the page; of the whole tree, furniture included."""
    elements = _MARKED(page.tree) if any(name in page.data for name in _IN_SOURCE) else ()
    return next((note for element in elements[:_MOST] if (note := _note(visible_text(element)))), None)


def correction_day(note: str, published: date | None, modified: date | None) -> tuple[date | None, str | None]:
    """The day of a correction and where it was read (``note``, ``modified``); both ``None`` where no day is told.

    Days before the publication are what the article is about, not when it was corrected.
    """
    for words in (note, *_SENTENCE_END.split(note)):
        read = read_day(words, day_first=True)
        day = read.day if not isinstance(read, str) else _without_year(words, published)
        if day and (published is None or day >= published):
            return day, "note"
    if modified and (published is None or modified > published):
        return modified, "modified"
    return None, None


def _without_year(words: str, published: date | None) -> date | None:
    """The first such day since the publication, of words such as "amended on 12 December"."""
    match = _day_and_month().search(words.casefold())
    if match is None or published is None:
        return None
    number, month = int(match["day"] or match["after"]), month_names()[match["name"]]
    for year in (published.year, published.year + 1):
        try:
            day = date(year, month, number)
        except ValueError:
            continue
        if day >= published:
            return day if day - published <= _LATEST else None
    return None


@functools.cache
def _day_and_month() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(month_names(), key=lambda name: (-len(name), name)))
    return re.compile(
        rf"(?<!\w)(?:(?P<day>\d{{1,2}})\.? )?(?P<name>{names})(?!\w)\.?(?(day)| (?P<after>\d{{1,2}})(?!\d))"
    )


def _note(paragraph: str) -> str | None:
    match = phrases().corrections.match(paragraph)
    if match is None or len(paragraph) < _SHORTEST:
        return None
    is_label = len(match.group().split()) < 3
    if is_label and not _LABEL.match(paragraph[match.end() :]):
        return None
    return paragraph if len(paragraph) <= _LONGEST else _SENTENCE_END.split(paragraph)[0][:_LONGEST]
