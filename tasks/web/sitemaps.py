"""Sitemaps (sitemaps.org 0.9) and news sitemaps: urlsets, indexes and plain lists, gzipped or not, read from bytes.

``lastmod`` is kept apart from a publication date: it bounds it from above, and is set by whim on many sites. The tree
is taken down while it is built, so memory stays flat; the parser resolves no entity and opens no file or address.
"""

import re
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from tasks.web.answer import Fault
from tasks.web.decode import gunzip
from tasks.web.entries import Entry, Reading
from tasks.web.stamps import read_stamp

#: sitemaps.org: no more than 50,000 URLs in one file.
MAX_ENTRIES = 50_000
#: Elements within one entry; images and videos of a page come to some hundred.
MAX_ELEMENTS = 5_000
#: Attributes are none of a sitemap's business, and slow in bulk.
MAX_TAG = 20_000
NOT_A_SITEMAP = "not_a_sitemap"
_LONG_TAG = re.compile(rb"<[^<>]{%d}" % MAX_TAG)
_ROOTS = {"urlset": "url", "sitemapindex": "sitemap"}


class _TooMuchError(Exception):
    """The structure is beyond a limit; the text says which."""


def read_sitemap(data: bytes, limit: int) -> Reading:
    """The entries of a urlset, or the children of an index. A gzipped file unpacks to at most ``limit`` bytes."""
    if data.startswith(b"\x1f\x8b"):
        unpacked = gunzip(data, limit)
        if isinstance(unpacked, Fault):
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
    kind, found, flaw = "", [], ""
    try:
        kind = _local(next(parser)[1])
        if kind in _ROOTS:
            found = [entry for entry, _ in zip(_entries(parser, _ROOTS[kind]), range(MAX_ENTRIES + 1), strict=False)]
    except (etree.XMLSyntaxError, StopIteration) as error:
        flaw = f"broken XML, read as far as possible: {error}"[:200]
    if kind not in _ROOTS:
        said = f"its root is <{kind}>"[:100] if kind else f"begins with {data[:60].decode('utf-8', 'replace')!r}"
        return Reading(error=NOT_A_SITEMAP, detail=said)
    if not flaw and parser.error_log and len(parser.error_log):
        flaw = f"broken XML, read as far as possible: {parser.error_log[0].message}"[:200]
    return _reading(kind, found, flaw)


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
        if event == "end" and _local(element) == wanted:
            elements, entry = 0, _entry(element)
            if entry.url:
                yield entry
            element.clear()
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)


def _entry(element: "etree._Element") -> Entry:
    fields = {_local(node): (node.text or "").strip() for node in reversed(list(element.iter()))}
    return Entry(
        url=fields.get("loc", ""),
        title=" ".join(fields.get("title", "").split())[:500] or None,
        published=read_stamp(fields.get("publication_date")),
        modified=read_stamp(fields.get("lastmod")),
    )


def _local(node: "etree._Element") -> str:
    """The tag without its namespace: news sitemaps are written with several, some of them wrong."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""
