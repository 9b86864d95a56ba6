"""A page read as an article: body, what it declares, gates; parsed once and shared by all of them."""

from collections.abc import Callable

from schemas.article import Article
from schemas.outcome import Refusal
from schemas.page import FetchedPage
from schemas.source import Source
from tasks.text.copies.fingerprint import fingerprint
from tasks.text.fields.body import EXTRACTOR, EXTRACTOR_VERSION, read_body, without_headlines
from tasks.text.fields.corrections import correction_day, marked_correction, read_correction
from tasks.text.fields.credit import wire_agency
from tasks.text.fields.dateline import read_dateline
from tasks.text.fields.metadata import Metadata, read_metadata
from tasks.text.page.boilerplate import without_boilerplate
from tasks.text.page.declared import Declared, read_declared
from tasks.text.page.html import Page, parse_page, parse_tree
from tasks.text.page.language import read_language
from tasks.text.quality.gates import read_completeness, refuse, refuse_language

Normalise = Callable[[str], str | None]

#: Fewer characters than this are less than a paragraph: the box taken away may have held the article.
_SCANT = 200


def read_article(page: FetchedPage, body: bytes, source: Source, normalise: Normalise) -> Article | Refusal:
    """The article a page holds, or why it holds none.

    ``normalise`` gives the canonical form of an absolute address, ``None`` for one that is refused; a page's own word
    on its address is believed on the same site only. Reads nothing but its arguments: same page, same article.
    """
    parsed = parse_page(body, page.fetch.content_type or page.capture.content_type)
    if isinstance(parsed, Refusal):
        return parsed
    address = page.fetch.final_url or page.fetch.link.url
    declared = read_declared(parsed.tree, address)
    metadata = read_metadata(parsed, declared, page, source, normalise)
    marked = marked_correction(parsed)
    text = without_headlines(_read_body(parsed), metadata.title, metadata.heading)
    dated = metadata.published.local_day is not None
    if refusal := refuse(parsed, declared, metadata.title, text, dated):
        return refusal
    language = read_language(text, declared.language or source.language)
    refusal = refuse_language(source.language, language, text)
    return refusal or _article(page, source, parsed, declared, metadata, text, language, marked)


def _read_body(parsed: Page) -> str:
    """The text, of the page without its boxes; where that gives next to none, of the page as it was, if longer."""
    text = read_body(without_boilerplate(parsed.tree))
    return text if len(text) >= _SCANT else max(text, read_body(parse_tree(parsed.data)), key=len)


def _article(
    page: FetchedPage,
    source: Source,
    parsed: Page,
    declared: Declared,
    metadata: Metadata,
    text: str,
    language: str,
    marked: str | None,
) -> Article:
    dateline = read_dateline(text)
    note = read_correction(text) or marked
    days = metadata.published.local_day, metadata.modified.local_day
    corrected_on, corrected_from = correction_day(note, *days) if note else (None, None)
    return Article(
        page=page,
        source_id=source.id,
        canonical_url=metadata.canonical_url,
        title=metadata.title,
        text=text,
        language=language,
        authors=metadata.authors,
        publisher=metadata.publisher,
        section=metadata.section,
        published=metadata.published,
        modified=metadata.modified,
        dateline=dateline,
        completeness=read_completeness(parsed, declared, text),
        correction_note=note,
        fingerprint=fingerprint(text),
        extractor=EXTRACTOR,
        extractor_version=EXTRACTOR_VERSION,
        wire_agency=wire_agency(text, metadata.authors, dateline),
        corrected_on=corrected_on,
        corrected_from=corrected_from,
    )
