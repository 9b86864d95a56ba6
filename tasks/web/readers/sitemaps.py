"""Sitemaps (sitemaps.org 0.9) and news sitemaps: urlsets, indexes and plain lists, gzipped or not, read from bytes.

``lastmod`` is kept apart from a publication date: it bounds it from above, and is set by whim on many sites. The tree
is taken down while it is built, so memory stays flat; the parser resolves no entity and opens no file or address.

Only the address, the last change and what stands in a news element are the page's own: a video's day of publication and
a picture's title are in other namespaces, and are not read.
"""

import re
from collections.abc import Iterator
from html.entities import html5
from io import BytesIO

from lxml import etree

from tasks.web.http.decode import gunzip
from tasks.web.http.response import FetchError
from tasks.web.readers.entries import Entry, Reading
from tasks.web.readers.stamps import read_stamp

#: sitemaps.org: no more than 50,000 URLs in one file.
MAX_ENTRIES = 50_000
#: Elements within one entry; images and videos of a page come to some hundred.
MAX_ELEMENTS = 5_000
#: Attributes are none of a sitemap's business, and slow in bulk.
MAX_TAG = 20_000
NOT_A_SITEMAP = "not_a_sitemap"
_LONG_TAG = re.compile(rb"<[^<>]{%d}" % MAX_TAG)
#: Words in the namespaces (or undeclared prefixes) of what others add to an entry: pictures, films, alternates.
_EXTENSIONS = ("image", "video", "mobile", "news", "xhtml", "pagemap")
#: What may be a reference, or hold what is none.
_REFERENCE = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&(?:#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|([A-Za-z][A-Za-z0-9]{0,31});)?",
    re.DOTALL,
)
_DECLARED = re.compile(rb"<!ENTITY\s+([\w.:-]{1,100})")
_OF_XML = {b"amp", b"lt", b"gt", b"quot", b"apos"}
_ROOTS = {"urlset": "url", "sitemapindex": "sitemap"}


class _TooMuchError(Exception):
    """The structure is beyond a limit; the text says which."""


def read_sitemap(data: bytes, limit: int) -> Reading:
    """The entries of a urlset, or the children of an index. A gzipped file unpacks to at most ``limit`` bytes."""
    if data.startswith(b"\x1f\x8b"):
        unpacked = gunzip(data, limit)
        if isinstance(unpacked, FetchError):
            return Reading(error=unpacked.reason.value, detail=unpacked.detail)
        data = unpacked
    data = data.lstrip(b"\xef\xbb\xbf \t\r\n\0")
    if data.startswith((b"http://", b"https://")):
        return _read_lines(data)
    try:
        return _read_xml(data)
    except _TooMuchError as error:
        return Reading(error=NOT_A_SITEMAP, detail=str(error))


def _read_xml(data: bytes) -> Reading:
    """A urlset or an index; of a broken one as much as can be read."""
    if _LONG_TAG.search(data):
        raise _TooMuchError(f"a tag longer than {MAX_TAG} bytes")
    data = _with_characters(data)
    parser = etree.iterparse(
        BytesIO(data),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
    )
    kind, flaw = "", ""
    found: list[Entry] = []
    try:
        kind = _parts(next(parser)[1])[1]
        if kind in _ROOTS:
            for entry, _ in zip(_entries(parser, _ROOTS[kind]), range(MAX_ENTRIES + 1), strict=False):
                found.append(entry)
    except (etree.XMLSyntaxError, StopIteration) as error:
        flaw = f"broken XML, read as far as possible: {error}"[:200]
    if kind not in _ROOTS:
        said = f"its root is <{kind}>"[:100] if kind else f"begins with {data[:60].decode('utf-8', 'replace')!r}"
        return Reading(error=NOT_A_SITEMAP, detail=said)
    if not flaw and parser.error_log and len(parser.error_log):
        flaw = f"broken XML, read as far as possible: {parser.error_log[0].message}"[:200]
    usable = [entry for entry in found if entry is not _UNREADABLE]
    if len(usable) < len(found):
        told = f"{len(found) - len(usable)} entries whose address holds markup, or entities the file makes itself"
        if not usable:
            return Reading(error=NOT_A_SITEMAP, detail=told)
        flaw = "; ".join(part for part in (told, flaw) if part)
    return _reading(kind, usable, flaw)


def _with_characters(data: bytes) -> bytes:
    """The document with HTML's names of characters as numbers, and each ``&`` that begins no reference as ``&amp;``.

    XML knows five names; of an address that holds another, or a bare ``&``, the parser would drop a part.

    >>> _with_characters(b"<loc>http://e.org/caf&eacute;?a=1&b=2&amp;c=3</loc>")
    b'<loc>http://e.org/caf&#233;?a=1&amp;b=2&amp;c=3</loc>'
    """
    if b"&" not in data or b"\0" in data[:200]:
        return data
    known = _OF_XML | set(_DECLARED.findall(data))

    def mended(match: re.Match[bytes]) -> bytes:
        whole, name = match.group(), match[1]
        if whole == b"&":
            return b"&amp;"
        if name is None or name in known:
            return whole
        characters = html5.get(f"{name.decode('ascii')};")
        return "".join(f"&#{ord(c)};" for c in characters).encode() if characters else b"&amp;" + whole[1:]

    return _REFERENCE.sub(mended, data)


def _reading(kind: str, found: list[Entry], flaw: str) -> Reading:
    entries = tuple(found[:MAX_ENTRIES])
    cut = f"more than {MAX_ENTRIES} entries, the rest left out" if len(found) > MAX_ENTRIES else ""
    told = "; ".join(part for part in (cut, flaw) if part)
    if kind == "sitemapindex":
        return Reading(children=entries, detail=told, partial=bool(told))
    return Reading(entries, detail=told or ("" if entries else "a sitemap without entries"), partial=bool(told))


def _read_lines(data: bytes) -> Reading:
    """A text sitemap: an address a line, in UTF-8."""
    lines = data.decode("utf-8", "replace").split("\n", MAX_ENTRIES + 1)
    found = [Entry(line.strip()) for line in lines if line.strip()]
    return _reading("urlset", found, "")


def _entries(parser: "etree.iterparse[tuple[str, etree._Element]]", wanted: str) -> Iterator[Entry]:
    """Each ``<url>`` or ``<sitemap>`` with a ``<loc>``, in order; each is taken out of the tree when it is read."""
    elements = 0
    for event, element in parser:
        elements += event == "start"
        if elements > MAX_ELEMENTS:
            raise _TooMuchError(f"an entry of more than {MAX_ELEMENTS} elements")
        if event == "end" and _parts(element)[1] == wanted:
            elements, entry = 0, _entry(element)
            if entry.url or entry is _UNREADABLE:
                yield entry
            element.clear()
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)


def _entry(element: "etree._Element") -> Entry:
    own, _ = _parts(element)
    fields: dict[str, str] = {}
    for child in element:
        space, name = _parts(child)
        if name == "news":
            for node in child.iter():
                if (inner := _parts(node)[1]) in _OF_NEWS:
                    fields.setdefault(inner, _text(node))
        elif (name in _OF_PAGE and _is_own(space, own)) or (name in _OF_NEWS and "news" in space):
            if name == "loc" and len(child) and "loc" not in fields:
                return _UNREADABLE
            fields.setdefault(name, _text(child))
    return Entry(
        url=fields.get("loc", ""),
        title=" ".join(fields.get("title", "").split())[:500] or None,
        published=read_stamp(fields.get("publication_date")),
        modified=read_stamp(fields.get("lastmod")),
    )


_OF_PAGE = {"loc", "lastmod"}
_OF_NEWS = {"publication_date", "title"}
#: An entry that is counted and left out.
_UNREADABLE = Entry("")


def _is_own(space: str, own: str) -> bool:
    """Whether a name is the sitemap's own: news sitemaps are written with several namespaces, some of them wrong."""
    return space == own or not any(word in space for word in _EXTENSIONS)


def _text(node: "etree._Element") -> str:
    """The words of an element; none if they hold a character that no text can, such as ``&#xD800;``."""
    try:
        return (node.text or "").strip()
    except UnicodeDecodeError:
        return ""


def _parts(node: "etree._Element") -> tuple[str, str]:
    """Namespace and name of an element: ``("", "")`` for what is none, the prefix where nobody declared it."""
    tag = node.tag
    if not isinstance(tag, str):
        return "", ""
    space, _, name = tag[1:].rpartition("}") if tag.startswith("{") else tag.rpartition(":")
    return space.lower(), name
