"""Sitemaps (sitemaps.org 0.9) and news sitemaps: urlsets and indexes, plain or gzipped, read from bytes.

``lastmod`` is kept apart from a publication date: it bounds it from above, and is set by whim on many sites.
"""

from collections.abc import Iterator

from lxml import etree

from tasks.web.answer import Fault
from tasks.web.decode import gunzip
from tasks.web.entries import Entry, Reading
from tasks.web.stamps import read_stamp

#: sitemaps.org: no more than 50,000 URLs in one file.
MAX_ENTRIES = 50_000
NOT_A_SITEMAP = "not_a_sitemap"


def read_sitemap(data: bytes, limit: int) -> Reading:
    """The entries of a urlset, or the children of an index. A gzipped file unpacks to at most ``limit`` bytes."""
    if data.startswith(b"\x1f\x8b"):
        unpacked = gunzip(data, limit)
        if isinstance(unpacked, Fault):
            return Reading(error=unpacked.reason.value, detail=unpacked.detail)
        data = unpacked
    root = _parse(data)
    if root is None:
        return Reading(error=NOT_A_SITEMAP, detail=f"begins with {data[:60].decode('utf-8', 'replace')!r}")
    kind = _local(root)
    if kind == "sitemapindex":
        return Reading(children=tuple(_entries(root, "sitemap")))
    if kind != "urlset":
        return Reading(error=NOT_A_SITEMAP, detail=f"its root is <{kind}>"[:100])
    entries = tuple(_entries(root, "url"))
    cut = len(entries) == MAX_ENTRIES
    return Reading(entries, detail=f"cut at {MAX_ENTRIES} entries" if cut else "", partial=cut)


def _parse(data: bytes) -> "etree._Element | None":
    """The root; of a broken file as much as can be read. No entity is resolved, no network or file touched."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True
    )
    try:
        return etree.fromstring(data.lstrip(b"\xef\xbb\xbf \t\r\n\0"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _entries(root: "etree._Element", wanted: str) -> Iterator[Entry]:
    """Each ``<url>`` or ``<sitemap>`` with a ``<loc>``, in order."""
    found = 0
    for element in root:
        if _local(element) != wanted or found == MAX_ENTRIES:
            continue
        fields = {_local(node): (node.text or "").strip() for node in reversed(list(element.iter()))}
        if fields.get("loc"):
            found += 1
            yield Entry(
                url=fields["loc"],
                title=" ".join(fields.get("title", "").split())[:500] or None,
                published=read_stamp(fields.get("publication_date")),
                modified=read_stamp(fields.get("lastmod")),
            )


def _local(node: "etree._Element") -> str:
    """The tag without its namespace: news sitemaps are written with several, some of them wrong."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""
