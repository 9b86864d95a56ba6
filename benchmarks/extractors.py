"""The extractors cleaning is measured beside, each only where it is installed (``uv sync --group bench``)."""

import importlib
import importlib.util
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from lxml.html import document_fromstring
from trafilatura import bare_extraction, html2txt
from trafilatura.metadata import Document

from benchmarks.gold import Gold, Reading

Read = Callable[[Gold, bytes], Reading]


def trafilatura_metadata(gold: Gold, body: bytes) -> Reading:
    """Trafilatura with its defaults and metadata, comments left out."""
    found = bare_extraction(body, url=gold.url, with_metadata=True, include_comments=False)
    if not isinstance(found, Document):
        return Reading()
    return Reading(found.title, found.date, _names((found.author or "").split(";")), found.text or "")


def lxml_parse(_: Gold, body: bytes) -> Reading:
    """Parsing alone, nothing read: what no extractor on lxml goes below."""
    document_fromstring(body)
    return Reading()


def newspaper4k(gold: Gold, body: bytes) -> Reading:
    """Newspaper4k on the saved bytes; it fetches nothing."""
    newspaper: Any = importlib.import_module("newspaper")
    article = newspaper.Article(gold.url, fetch_images=False, language="en")
    article.download(input_html=body.decode("utf-8", "replace"))
    article.parse()
    return Reading(article.title or None, _day(article.publish_date), _names(article.authors), article.text or "")


def news_please(gold: Gold, body: bytes) -> Reading:
    """news-please on the saved bytes."""
    newsplease: Any = importlib.import_module("newsplease")
    found = newsplease.NewsPlease.from_html(body.decode("utf-8", "replace"), url=gold.url, fetch_images=False)
    return Reading(found.title, _day(found.date_publish), _names(found.authors or ()), found.maintext or "")


def readability_lxml(_: Gold, body: bytes) -> Reading:
    """readability-lxml: title and body; it reads neither date nor author."""
    readability: Any = importlib.import_module("readability")
    document = readability.Document(body.decode("utf-8", "replace"))
    return Reading(document.short_title(), None, (), html2txt(document.summary()))


def resiliparse(_: Gold, body: bytes) -> Reading:
    """Resiliparse: the main content as plain text, and the title element."""
    html2text: Any = importlib.import_module("resiliparse.extract.html2text")
    parse: Any = importlib.import_module("resiliparse.parse.html")
    tree = parse.HTMLTree.parse_from_bytes(body)
    return Reading(tree.title, None, (), html2text.extract_plain_text(tree, main_content=True))


#: Each peer, what must be importable for it, and what it is.
PEERS: dict[str, tuple[str, Read]] = {
    "trafilatura": ("trafilatura", trafilatura_metadata),
    "newspaper4k": ("newspaper", newspaper4k),
    "news-please": ("newsplease", news_please),
    "readability-lxml": ("readability", readability_lxml),
    "resiliparse": ("resiliparse", resiliparse),
    "lxml parse": ("lxml", lxml_parse),
}


def installed_peers() -> tuple[dict[str, Read], list[str]]:
    """The peers there are, and the names of those that are not installed."""
    there = {name: read for name, (module, read) in PEERS.items() if importlib.util.find_spec(module)}
    return there, [name for name in PEERS if name not in there]


def _day(value: object) -> str | None:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value[:10] if isinstance(value, str) and value else None


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.strip() for name in names if name and name.strip())
