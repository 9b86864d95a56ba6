"""What the tests of a document need: a fetched page around some HTML, and a source."""

from datetime import UTC, datetime
from pathlib import Path

from schemas.article import Article
from schemas.fetch import Fetch
from schemas.keys import sha256_hex
from schemas.link import FoundIn, Link
from schemas.outcome import Refusal
from schemas.page import Capture, FetchedPage
from schemas.source import Source
from tasks.text.article import read_article

PAGES = Path(__file__).parents[2] / "pages"
URL = "https://outlet.example/2023/story-one"
CAPTURED = datetime(2023, 12, 20, 12, tzinfo=UTC)
SOURCE = Source(
    id="outlet",
    name="Outlet",
    family="outlet",
    country="SY",
    language="mul",
    homepage="https://outlet.example/",
    timezone="Asia/Damascus",
)


def fetched(
    body: bytes, url: str = URL, content_type: str | None = "text/html", published_raw: str | None = None
) -> FetchedPage:
    """A page as the fetch stage hands it on."""
    link = Link("outlet", url, url, FoundIn.FEED, "https://outlet.example/feed", published_raw=published_raw)
    fetch = Fetch("run", link, CAPTURED, status=200, final_url=url, content_type=content_type)
    capture = Capture(url, sha256_hex(body), len(body), content_type, CAPTURED, "run", "a.warc.gz", 0, len(body))
    return FetchedPage(fetch, capture)


def read(html: str | bytes, published_raw: str | None = None, language: str = "mul") -> Article | Refusal:
    """What is read from some HTML, for a source of many languages or of one."""
    body = html if isinstance(html, bytes) else html.encode()
    source = SOURCE.model_copy(update={"language": language})
    return read_article(fetched(body, published_raw=published_raw), body, source, lambda address: address)


def article(html: str | bytes, published_raw: str | None = None) -> Article:
    """The article read from some HTML; a refusal fails the test with its reason."""
    got = read(html, published_raw)
    assert isinstance(got, Article), got
    return got


def html(head: str = "", body: str = "", paragraphs: int = 4) -> str:
    """A small page with some paragraphs of news."""
    text = "".join(f"<p>{sentence}</p>" for sentence in _NEWS[:paragraphs])
    return (
        f"<html><head>{head}</head><body><article><h1>Shelling hits Tal Amara</h1>{body}{text}</article></body></html>"
    )


_NEWS = (
    "Two shells landed in the village of Tal Amara on Monday morning, a member of the local council said.",
    "One farmer was wounded and taken to the hospital in the nearby town, according to the same source.",
    "The council asked both sides to keep the road to the market open during the harvest.",
    "No group has said that it fired the shells, and the army did not answer a request for comment.",
)
