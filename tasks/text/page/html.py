"""A page parsed once: bytes to text to tree, and what went wrong on the way."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bs4.dammit import UnicodeDammit
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from w3lib.encoding import resolve_encoding

from schemas.outcome import Outcome, Reason, Refusal
from tasks.reference.machine.charsets import codec_of

#: An lxml element. lxml has no types of its own; this name is the one place that says so.
Tree = Any

#: The largest of 1,264 news pages measured has 6,749 elements; trafilatura takes minutes over 100,000.
MAX_ELEMENTS = 40_000
#: libxml2 compares each attribute of a tag with all others: 200,000 on one tag took nine minutes.
MAX_ATTRIBUTES = 2_000
#: lxml nests elements as deep as libxml2's stack of 256 by default; deeper text is dropped unless asked for.
_MAX_DEPTH = 2_000
#: Shorter tags hold no such number of attributes, in bytes.
_LONG_TAG = 16_384
#: One class for all elements, chosen in C: lxml.html's own lookup is a call of Python for each element met.
_ONE_CLASS = etree.ElementDefaultClassLookup(element=HtmlElement)
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_HEADING_TAG = re.compile(rb"<(/?)[hH]([1-6])(?=[\s>/])")
_BINARY = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"RIFF", b"ID3", b"OggS")
_CONTROLS = bytes(range(9)) + bytes(range(14, 27)) + bytes(range(28, 32))
#: What no XML may hold. A feed of a line or a page, which HTML takes for a space, becomes one.
_ILLEGAL = bytes({*range(32)} - {9, 10, 11, 12, 13})
_FEEDS_AS_SPACES = bytes.maketrans(b"\x0b\x0c", b"  ")
_NO_CHARACTERS = re.compile(b"\xef\xbf[\xbe\xbf]")
_ILLEGAL_REFERENCE = re.compile(
    rb"&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|fff[ef])(?![0-9a-f])|0*(?:[0-8]|1[1245-9]|2\d|3[01]|6553[45])(?!\d));?",
    re.IGNORECASE,
)
_SAMPLE = 4_096
#: One byte in so many may be none of the declared encoding.
_MOST_STRAY = 1_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page and the UTF-8 it was parsed from. ``depth_cut`` where text below the parser's depth limit may be
    missing, ``closed`` where the end tag of the document was seen.
    """

    tree: Tree
    data: bytes
    encoding: str
    depth_cut: bool
    closed: bool


def parse_page(body: bytes, content_type: str | None) -> Page | Refusal:
    """A body as a tree, or why it is none: binary, empty, or built to be slow."""
    if detail := _binary(body):
        return Refusal(Outcome.REJECTED, Reason.MEDIA_TYPE, detail)
    data, encoding = _as_utf8(body, content_type)
    if not data or data.isspace():
        return Refusal(Outcome.REJECTED, Reason.NO_TEXT, "an empty body")
    if most := _attribute_flood(data):
        return Refusal(Outcome.QUARANTINED, Reason.EXTRACT_FAILED, f"a tag with about {most} attributes")
    data = with_headings_closed(data)
    tree, depth_cut = _tree(data)
    if tree is None:
        return Refusal(Outcome.REJECTED, Reason.NO_TEXT, "nothing the HTML parser could read")
    if (count := int(tree.xpath("count(//*)"))) > MAX_ELEMENTS:
        return Refusal(Outcome.QUARANTINED, Reason.EXTRACT_FAILED, f"{count} elements, the limit is {MAX_ELEMENTS}")
    return Page(tree, data, encoding, depth_cut, b"</html" in data[-4096:].lower())


def _binary(body: bytes) -> str | None:
    """What shows that a body is no text: the mark of a file format, or bytes no text holds."""
    if body.startswith(_BINARY):
        return f"not HTML: begins with {body[:4]!r}"
    sample = body[:_SAMPLE]
    if any(body.startswith(mark) for mark, _ in _BOMS) or b"utf-16" in sample.lower() or b"<\x00" in sample:
        return None
    odd = len(sample) - len(sample.translate(None, _CONTROLS))
    return (
        f"not HTML: {odd} of the first {len(sample)} bytes are control characters" if odd > len(sample) / 20 else None
    )


def _as_utf8(body: bytes, content_type: str | None) -> tuple[bytes, str]:
    """A body in UTF-8 as a tree can hold it, and the encoding it had: most are UTF-8 already, and need no copy."""
    if not body.startswith(codecs.BOM_UTF8) and _is_utf8(body):
        return without_illegal(body), "utf-8"
    text, encoding = decode(body, content_type)
    return without_illegal(text.encode("utf-8", "replace")), encoding


def without_illegal(data: bytes) -> bytes:
    r"""UTF-8 without the characters that no XML may hold (XML 1.0, 2.2), written out or as references: lxml builds a
    tree of them, and whoever copies a text in it then gets a ``ValueError``.

    >>> without_illegal(b"a\x07b\x0cc&#7;d&#x1B;e\xef\xbf\xbff&#70;&#x9;")
    b'ab cdef&#70;&#x9;'
    """
    data = data.translate(_FEEDS_AS_SPACES, _ILLEGAL)
    data = _NO_CHARACTERS.sub(b"", data)
    return _ILLEGAL_REFERENCE.sub(b"", data) if b"&#" in data else data


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def decode(body: bytes, content_type: str | None) -> tuple[str, str]:
    """A body as text and the encoding used: a byte order mark, else strict UTF-8 if valid, else as declared
    (header, then meta), else a guess. A few stray bytes in a UTF-8 page become U+FFFD; they do not change its encoding.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) if name == "utf-8" else 0 :].decode(name, "replace"), name
    try:
        # A page cut within a character is still UTF-8: the incomplete tail is dropped, not an error.
        return codecs.getincrementaldecoder("utf-8")("strict").decode(body), "utf-8"
    except UnicodeDecodeError:
        pass
    declared = declared_encoding(body, content_type)
    if declared in (None, "utf-8") and (text := _nearly_utf8(body)):
        return text, "utf-8"
    if declared and (text := _as_declared(body, declared)):
        return text, declared
    guess = UnicodeDammit(body, known_definite_encodings=[declared] if declared else [], is_html=True)
    if guess.unicode_markup is not None and guess.original_encoding:
        return guess.unicode_markup, guess.original_encoding
    return body.decode("utf-8", "replace"), "utf-8"


def _as_declared(body: bytes, encoding: str) -> str | None:
    """A body in the encoding it declares; ``None`` where too many bytes are none of that encoding. A page that can
    declare UTF-16 in bytes of ASCII is not in UTF-16.
    """
    if encoding.startswith("utf"):
        return None
    try:
        text = body.decode(encoding, "replace")
    except ValueError:  # some codecs of Asian scripts cannot replace
        return None
    return text if _MOST_STRAY * text.count("\ufffd") < len(text) else None


def declared_encoding(body: bytes, content_type: str | None) -> str | None:
    """The encoding the header names, else the page's meta element, as browsers read its label (WHATWG: iso-8859-1 is
    windows-1252) and Python spells it; ``None`` for one unknown.
    """
    header = _CHARSET.search(content_type or "")
    meta = _META_CHARSET.search(body[:4096])
    for name in (header.group(1) if header else None, meta.group(1).decode("ascii") if meta else None):
        if name and (codec := codec_of(name)):
            return resolve_encoding(codec) or codec
    return None


def _nearly_utf8(body: bytes) -> str | None:
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    return text if bad * 10 < good else None


def with_headings_closed(data: bytes) -> bytes:
    """A page whose headings end with the tag they began with: HTML ends one with the end tag of any heading, libxml2
    does not, and takes what follows for a part of it.

    >>> with_headings_closed(b"<h2>More</h3><p>Text</p>")
    b'<h2>More</h2><p>Text</p>'
    """
    pieces: list[bytes] = []
    opened, done = b"", 0
    for tag in _HEADING_TAG.finditer(data):
        if tag[1] and opened and tag[2] != opened:
            pieces += [data[done : tag.start(2)], opened]
            done = tag.end(2)
        opened = b"" if tag[1] else tag[2]
    return b"".join([*pieces, data[done:]]) if pieces else data


def _attribute_flood(data: bytes) -> int:
    """The attributes of the fullest tag, where they are too many; counted without parsing."""
    for piece in _long_pieces(data):
        if piece[:1].isalpha() and not piece[:6].lower().startswith((b"script", b"style")):
            tag = _QUOTED.sub(b"", piece).split(b">", 1)[0]
            if (count := len(tag.split())) > MAX_ATTRIBUTES:
                return count
    return 0


def _long_pieces(data: bytes) -> Iterator[bytes]:
    """What follows each ``<`` that no other follows for long. Looked for backwards from a long way on: few steps."""
    at = data.find(b"<")
    while at >= 0:
        further = data.rfind(b"<", at + 1, at + 1 + _LONG_TAG)
        if further < 0:
            further = data.find(b"<", at + 1)
            if (further if further >= 0 else len(data)) - at > _LONG_TAG:
                yield data[at + 1 : further if further >= 0 else None]
        at = further


def parse_tree(data: bytes) -> Tree:
    """The tree of a page that could be parsed before, afresh: the data of a :class:`Page`."""
    return _tree(data)[0]


def _tree(data: bytes) -> tuple[Tree | None, bool]:
    tree, cut = _parse(data, huge=False)
    if not cut:
        return tree, False
    # Only text deeper than 256 is lost, and the limit guards the C stack: go deeper, but not without end.
    deep, _ = _parse(data, huge=True)
    if deep is None or _depth(deep) > _MAX_DEPTH:
        return tree, True
    return flattened(deep), False


def _parse(data: bytes, huge: bool) -> tuple[Tree | None, bool]:
    parser = HTMLParser(
        collect_ids=False,
        default_doctype=False,
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        huge_tree=huge,
        no_network=True,
    )
    parser.set_element_class_lookup(_ONE_CLASS)
    try:
        tree = document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        if "emory allocation failed" in str(error) or _starved(parser):
            raise MemoryError from error
        return None, False
    return tree, any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)


def _starved(parser: HTMLParser) -> bool:
    return any(entry.type_name == "ERR_NO_MEMORY" for entry in parser.error_log)


def from_element(element: Tree) -> Iterator[Tree]:
    """The elements of a document from one on, in their order: itself, what stands in it, and what follows it."""
    yield from element.iter("*")
    for box in (element, *element.iterancestors()):
        for sibling in box.itersiblings("*"):
            yield from sibling.iter("*")


def _depth(tree: Tree) -> int:
    """How deep a tree goes, without recursion."""
    deepest = depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def flattened(tree: Tree) -> Tree:
    """The tree without elements that only wrap one other element: same text, a depth extractors can walk."""
    for element in list(tree.iter("div", "span", "section", "font", "b", "i")):
        parent = element.getparent()
        if parent is not None and len(element) == 1 and not (element.text or "").strip() and _bare(element):
            element[0].tail = (element[0].tail or "") + (element.tail or "")
            parent.replace(element, element[0])
    return tree


def _bare(element: Tree) -> bool:
    return not element.attrib and not (element[0].tail or "").strip()
