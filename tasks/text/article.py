"""A page read as an article: body, what it declares, gates; parsed once and shared by all of them."""

from collections.abc import Callable
from dataclasses import replace

from schemas.article import Article, Completeness
from schemas.outcome import Refusal
from schemas.page import FetchedPage
from schemas.source import Source
from tasks.reference.words.dateline import read_dateline
from tasks.text.copies.fingerprint import fingerprint
from tasks.text.fields.body import EXTRACTOR, EXTRACTOR_VERSION, Body, read_body, without_headlines
from tasks.text.fields.corrections import correction_day, marked_correction, read_correction
from tasks.text.fields.credit import wire_agency
from tasks.text.fields.metadata import Metadata, read_metadata
from tasks.text.page.declared import read_declared
from tasks.text.page.html import parse_page
from tasks.text.page.language import read_language
from tasks.text.page.pdf import PDF_EXTRACTOR, PDF_EXTRACTOR_VERSION, Pdf, is_pdf, read_pdf
from tasks.text.quality.gates import read_completeness, refuse, refuse_language

Normalise = Callable[[str], str | None]


def read_article(page: FetchedPage, body: bytes, source: Source, normalise: Normalise) -> Article | Refusal:
    """The article a page holds, or why it holds none.

    ``normalise`` gives the canonical form of an absolute address, ``None`` for one that is refused; a page's own word
    on its address is believed on the same site only. Reads nothing but its arguments: same page, same article.
    """
    pdf = read_pdf(body) if is_pdf(body) else None
    if isinstance(pdf, Refusal):
        return pdf
    parsed = parse_page(*((pdf.html, None) if pdf else (body, page.fetch.content_type or page.capture.content_type)))
    if isinstance(parsed, Refusal):
        return parsed
    address = page.fetch.final_url or page.fetch.link.url
    declared = read_declared(parsed.tree, address)
    metadata = read_metadata(parsed, declared, page, source, normalise)
    marked = marked_correction(parsed)
    main = Body(pdf.text, pdf.partial) if pdf else read_body(parsed)
    text = without_headlines(main.text, metadata.title, metadata.heading)
    dated = metadata.published.local_day is not None
    if refusal := refuse(parsed, declared, metadata.title, text, dated):
        return refusal
    language = read_language(text, declared.language or source.language)
    refusal = refuse_language(source.language, language, text)
    completeness = read_completeness(parsed, declared, text, main.partial)
    if refusal:
        return refusal
    article = _article(page, source, metadata, text, language, completeness, marked)
    return _of_pdf(article, pdf, len(main.text) - len(text)) if pdf else article


def _of_pdf(article: Article, pdf: Pdf, before: int) -> Article:
    """An article that was read from a PDF, of whose text so many characters before it were left out."""
    starts = tuple(max(start - before, 0) for start in pdf.pages)
    return replace(article, page_starts=starts, extractor=PDF_EXTRACTOR, extractor_version=PDF_EXTRACTOR_VERSION)


def _article(
    page: FetchedPage,
    source: Source,
    metadata: Metadata,
    text: str,
    language: str,
    completeness: Completeness,
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
        completeness=completeness,
        correction_note=note,
        fingerprint=fingerprint(text),
        extractor=EXTRACTOR,
        extractor_version=EXTRACTOR_VERSION,
        wire_agency=wire_agency(text, metadata.authors, dateline),
        corrected_on=corrected_on,
        corrected_from=corrected_from,
    )
