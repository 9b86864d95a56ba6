"""A PDF as a text with its pages, and as the page of HTML that says of it what pages say of articles.

UN bodies and NGOs publish reports so. Lines are joined to paragraphs, running heads and page numbers left out, and
a paragraph goes on over the end of a page; where each page begins is kept, in characters of the text.
"""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from io import BytesIO
from statistics import median

from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTChar, LTFigure, LTImage, LTPage, LTTextBox, LTTextLine
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfparser import PDFParser, PDFSyntaxError
from pdfminer.utils import decode_text

from schemas.outcome import Outcome, Reason, Refusal
from tasks.text.page.characters import clean_line, clean_text, same

PDF_EXTRACTOR = "pdfminer.six"
PDF_EXTRACTOR_VERSION = version("pdfminer.six")
#: Pages read of one document; some reports are books.
MAX_PAGES = 100
#: A running head or foot stands on so many pages, or on so many of them all.
_OFTEN, _SHARE = 3, 0.3
#: How much larger a title is set than the text, and how much shorter than the others a paragraph's last line is.
_LARGER, _SHORTER = 1.15, 0.85
_MAX_TITLE = 300
_LIGATURES = re.compile("[\ufb00-\ufb06]")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u2010\xad]$")
_NUMBER = re.compile(r"(?:page |p\. ?|- ?)?\d{1,4}(?: ?(?:of|/|\|) ?\d{1,4})?(?: ?-)?", re.IGNORECASE)
_ENDS = (".", "!", "?", ":", "…", "۔", "؟", "”", '."', ".)")
_NO_TITLE = re.compile(r"^(?:microsoft word|untitled|layout|print)|\.(?:docx?|indd|pdf|qxd|pptx?)$", re.IGNORECASE)
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)")


@dataclass(frozen=True, slots=True)
class Pdf:
    """``text`` has a paragraph a line; ``pages`` are the offsets at which they begin; ``partial`` where some give none.

    ``html`` is a page with the title, what the document declares, and the text of its first page.
    """

    text: str
    pages: tuple[int, ...]
    partial: bool
    html: bytes


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    size: float
    ends: bool
    top: bool
    foot: bool


def is_pdf(body: bytes) -> bool:
    """Whether a body is a PDF, whatever it is said to be."""
    return body[:1024].lstrip().startswith(b"%PDF-")


def read_pdf(body: bytes) -> Pdf | Refusal:
    """The text of a PDF, or why it has none: locked, broken, or scanned without a layer of text."""
    try:
        declared = _declared(body)
        pages = list(extract_pages(BytesIO(body), maxpages=MAX_PAGES + 1, laparams=LAParams()))
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        return Refusal(Outcome.REJECTED, Reason.LOGIN, f"a PDF that wants a password: {type(error).__name__}")
    except PDFSyntaxError as error:
        return Refusal(Outcome.QUARANTINED, Reason.EXTRACT_FAILED, f"a broken PDF: {error}"[:200])
    lines = [[line for box in page if isinstance(box, LTTextBox) for line in _lines(box, page)] for page in pages]
    if not any(lines):
        pictures = any(isinstance(item, LTFigure | LTImage) for page in pages for item in page)
        if pictures:
            return Refusal(Outcome.REJECTED, Reason.SCANNED, f"{len(pages)} pages of pictures, without a layer of text")
        return Refusal(Outcome.REJECTED, Reason.NO_TEXT, f"a PDF of {len(pages)} pages without text")
    kept = _without_running(lines[:MAX_PAGES])
    text, starts = _joined([_paragraphs(page) for page in kept])
    title = _title(kept, declared.get("Title"))
    first = text[: starts[1]] if len(starts) > 1 else text
    partial = len(pages) > MAX_PAGES or not all(lines)
    return Pdf(text, starts, partial, _page(title, declared, first))


def _lines(box: LTTextBox, page: LTPage) -> Iterator[_Line]:
    """The lines of a box; the last of a paragraph ends a sentence and is shorter, or is the last."""
    found = [line for line in box if isinstance(line, LTTextLine) and line.get_text().strip()]
    for number, line in enumerate(found, 1):
        text = _LIGATURES.sub(lambda sign: unicodedata.normalize("NFKC", sign[0]), clean_text(line.get_text()))
        if text:
            size = median([char.size for char in line if isinstance(char, LTChar)] or [0.0])
            ends = number == len(found) or (text.endswith(_ENDS) and line.width < box.width * _SHORTER)
            margin = page.height * 0.1
            yield _Line(text, size, ends, top=line.y0 > page.height - margin, foot=line.y1 < margin)


def _without_running(pages: Sequence[Sequence[_Line]]) -> list[list[_Line]]:
    """The pages without numbers, and without what stands at the head or the foot of many of them."""
    often = Counter(key for page in pages for key in {_mask(line) for line in page if line.top or line.foot})
    least = max(_OFTEN, len(pages) * _SHARE)
    return [
        [
            line
            for line in page
            if not ((line.top or line.foot) and (_NUMBER.fullmatch(line.text) or often[_mask(line)] >= least))
        ]
        for page in pages
    ]


def _mask(line: _Line) -> str:
    return re.sub(r"\d+", "0", line.text)


def _paragraphs(lines: Sequence[_Line]) -> list[str]:
    """Lines joined; a word that a hyphen cuts at the end of a line is made whole."""
    paragraphs: list[str] = []
    text = ""
    for line in lines:
        text = _together(text, line.text)
        if line.ends:
            paragraphs.append(text)
            text = ""
    return [*paragraphs, text] if text else paragraphs


def _together(before: str, after: str) -> str:
    if before and _HYPHEN.search(before) and after[:1].islower():
        return before[:-1] + after
    return f"{before} {after}" if before else after


def _joined(pages: Sequence[Sequence[str]]) -> tuple[str, tuple[int, ...]]:
    """The text, a paragraph a line, and where each page begins; a sentence goes on from page to page."""
    text, starts = "", []
    for paragraphs in pages:
        rest = list(paragraphs)
        if text and rest and rest[0][:1].islower() and not text.endswith(_ENDS):
            text = _together(text, rest[0])
            starts.append(len(text) - len(rest.pop(0)))
        else:
            starts.append(len(text) + 1 if text else 0)
        text = "\n".join(filter(None, (text, *rest)))
    return text, tuple(min(start, len(text)) for start in starts)


def _title(pages: Sequence[Sequence[_Line]], named: str | None) -> str | None:
    """What is set largest on the first page, where it is clearly larger than the text; else what the document names."""
    sizes = [line.size for page in pages for line in page]
    first = next((page for page in pages if page), [])
    largest = max(line.size for line in first)
    if largest > median(sizes) * _LARGER:
        title = " ".join(line.text for line in first if line.size >= largest * 0.98)
        if len(title) <= _MAX_TITLE:
            return title
    return named if named and not _NO_TITLE.search(named) else None


def _declared(body: bytes) -> dict[str, str]:
    """Title, author, dates and language as the document's own fields give them."""
    document = PDFDocument(PDFParser(BytesIO(body)))
    fields = {**document.catalog, **(document.info[0] if document.info else {})}
    told = {name: fields.get(name) for name in ("Title", "Author", "CreationDate", "ModDate", "Lang")}
    read = {name: clean_line(decode_text(value)) for name, value in told.items() if isinstance(value, bytes)}
    return {name: value for name, value in read.items() if value}


def _page(title: str | None, declared: dict[str, str], first: str) -> bytes:
    """As HTML, so that titles, dates and authors are read and gates closed as of any other page."""
    metas = {"author": declared.get("Author")}
    metas |= {"creationdate": _iso(declared.get("CreationDate")), "datemodified": _iso(declared.get("ModDate"))}
    head = "".join(f'<meta name="{name}" content="{html.escape(value)}">' for name, value in metas.items() if value)
    paragraphs = (line for line in first.split("\n") if not (title and same(line, title)))
    body = "".join(f"<p>{html.escape(line)}</p>" for line in paragraphs)
    named, lang = html.escape(title or ""), html.escape(declared.get("Lang", ""))
    heading = f"<h1>{named}</h1>" if title else ""
    return (
        f'<html lang="{lang}"><head><meta charset="utf-8"><title>{named}</title>{head}</head>'
        f"<body><article>{heading}{body}</article></body></html>"
    ).encode()


def _iso(said: str | None) -> str | None:
    """``D:20240305120000+03'00'`` as a day.

    >>> _iso("D:20240305120000+03'00'"), _iso("yesterday")
    ('2024-03-05', None)
    """
    found = _DATE.match(said or "")
    return f"{found[1]}-{found[2]}-{found[3]}" if found else None
