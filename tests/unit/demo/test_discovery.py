"""What leads to the pages: feeds, sitemaps and section pages, as ``seeds/demo/sources.yml`` names them."""

from urllib.parse import urljoin, urlsplit

import feedparser
import pytest
from bs4 import BeautifulSoup
from lxml import etree

from schemas.settings import DEMO_SOURCES
from schemas.source import Source
from tasks.demo.content import Kind, Site
from tasks.reference.seeds.sources import load_sources
from tests.unit.demo.conftest import Ask

MAPS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "n": "http://www.google.com/schemas/sitemap-news/0.9"}
SOURCES = {source.id: source for source in load_sources(DEMO_SOURCES)}
WITH_FEED = [source for source in SOURCES.values() if source.feeds]


def _plain(url: str) -> str:
    return urlsplit(url)._replace(query="").geturl()


def _feed_links(source: Source, ask: Ask) -> set[str]:
    return {_plain(entry.link) for feed in source.feeds for entry in feedparser.parse(ask(feed.url).content).entries}


def _sitemap_links(source: Source, ask: Ask) -> set[str]:
    found: set[str] = set()
    for index in source.sitemaps:
        for part in etree.fromstring(ask(index).content).xpath("//s:sitemap/s:loc/text()", namespaces=MAPS):
            found |= set(etree.fromstring(ask(part).content).xpath("//s:url/s:loc/text()", namespaces=MAPS))
    return found


def _section_links(source: Source, ask: Ask) -> set[str]:
    found: set[str] = set()
    for section in source.sections:
        for link in BeautifulSoup(ask(section.url).content, "lxml").select(section.selector):
            found.add(urljoin(section.url, str(link["href"])))
    return found


@pytest.mark.parametrize("source", WITH_FEED, ids=lambda source: source.id)
def test_feed_is_well_formed_and_dated(site: Site, ask: Ask, source: Source) -> None:
    dates = {page.url: page.published for page in site.pages if page.version == 1}
    for feed in source.feeds:
        parsed = feedparser.parse(ask(feed.url).content)
        assert not parsed.bozo
        assert parsed.version in {"rss20", "atom10"}
        assert parsed.entries
        for entry in parsed.entries:
            published = dates[_plain(entry.link)]
            assert published is not None
            assert tuple(entry.published_parsed) == tuple(published.utctimetuple())


def test_rss_links_carry_a_campaign(ask: Ask) -> None:
    entries = feedparser.parse(ask(SOURCES["demo-north"].feeds[0].url).content).entries
    assert all("utm_source=rss" in entry.link for entry in entries)


def test_news_sitemap_has_titles_and_dates(site: Site, ask: Ask) -> None:
    news = etree.fromstring(ask("http://levant.firstdraft.test/news-sitemap.xml").content)
    listed = {page.url: page for page in site.pages if "news-sitemap" in page.listed_in}
    seen = {}
    for url in news.xpath("//s:url", namespaces=MAPS):
        texts = [
            url.xpath(f"string({path})", namespaces=MAPS) for path in ("s:loc", ".//n:title", ".//n:publication_date")
        ]
        seen[texts[0]] = tuple(texts[1:])
    assert seen == {url: (p.title, p.published.isoformat()) for url, p in listed.items() if p.published}


def test_every_page_is_found_where_it_says(site: Site, ask: Ask) -> None:
    for outlet in site.outlets:
        source = SOURCES[f"demo-{outlet.id}"]
        ways = (_feed_links(source, ask), _sitemap_links(source, ask), _section_links(source, ask))
        own = {page.url: page for page in site.pages if page.outlet.id == outlet.id}
        assert set().union(*ways) == set(own)
        for url, page in own.items():
            words = {"feed"} & set(page.listed_in), {word for word in page.listed_in if word.endswith("-sitemap")}
            assert (url in ways[0], url in ways[1]) == (bool(words[0]), bool(words[1])), url


def test_undated_page_is_in_a_section_only(site: Site, ask: Ask) -> None:
    page = next(page for page in site.pages if page.kind is Kind.ARTICLE and page.published is None)
    source = SOURCES[f"demo-{page.outlet.id}"]
    assert page.url in _section_links(source, ask)
    assert page.url not in _feed_links(source, ask)
