"""The pages: their text comes back out of the markup, dates stand where an outlet puts them, traps hold no article."""

import json
from collections.abc import Callable
from datetime import datetime

import pytest
import trafilatura
from bs4 import BeautifulSoup
from trafilatura.settings import Document

from tasks.demo.content import Kind, Page, Site
from tests.unit.demo.conftest import Ask


def _meta(soup: BeautifulSoup) -> str | None:
    found = soup.select_one('meta[property="article:published_time"]')
    return str(found["content"]) if found else None


def _json_ld(soup: BeautifulSoup) -> str | None:
    found = soup.select_one('script[type="application/ld+json"]')
    return str(json.loads(found.text)["datePublished"]) if found else None


def _time(soup: BeautifulSoup) -> str | None:
    found = soup.select_one("time[datetime]")
    return str(found["datetime"]) if found else None


Reader = Callable[[BeautifulSoup], str | None]
READERS: dict[str, list[Reader]] = {
    "north": [_meta, _time],
    "levant": [_json_ld],
    "badia": [_time],
    "sham": [_meta, _time],
}
ALL_READERS: tuple[Reader, ...] = (_meta, _json_ld, _time)


def _articles(site: Site) -> list[Page]:
    return [page for page in site.pages if page.kind is Kind.ARTICLE]


def _html(page: Page, ask: Ask) -> str:
    """The page's own version: version 2 by way of version 1's validator."""
    first = ask(page.url)
    return first.text if page.version == 1 else ask(page.url, headers={"If-None-Match": first.headers["ETag"]}).text


def test_paragraphs_and_title_come_back(site: Site, ask: Ask) -> None:
    for page in _articles(site):
        found = trafilatura.bare_extraction(_html(page, ask), url=page.url, with_metadata=True)
        assert isinstance(found, Document)
        text = (found.text or "").removeprefix(f"{page.title}\n")
        assert (found.title, text) == (page.title, "\n".join(page.paragraphs))
        assert found.author == page.author


def test_dates_stand_where_the_outlet_puts_them(site: Site, ask: Ask) -> None:
    for page in _articles(site):
        soup = BeautifulSoup(_html(page, ask), "lxml")
        readings = {reader: reader(soup) for reader in ALL_READERS}
        expected = READERS[page.outlet.id] if page.published else []
        assert {reader for reader, raw in readings.items() if raw} == set(expected), page.url
        assert {datetime.fromisoformat(readings[reader] or "") for reader in expected} <= {page.published}


def test_the_undated_page_names_no_day_but_the_footer_a_year(site: Site, ask: Ask) -> None:
    page = next(page for page in _articles(site) if page.published is None)
    html = _html(page, ask)
    assert html.count("2023") == 1
    assert "© 2023" in html
    assert "20" not in page.url


def test_correction_is_marked_as_modified(site: Site, ask: Ask) -> None:
    page = next(page for page in site.pages if page.version == 2)
    assert page.modified is not None
    modified = BeautifulSoup(_html(page, ask), "lxml").select_one('meta[property="article:modified_time"]')
    assert modified is not None
    assert datetime.fromisoformat(str(modified["content"])) == page.modified


@pytest.mark.parametrize(
    ("kind", "phrase"),
    [
        (Kind.COOKIE_WALL, "accept all cookies"),
        (Kind.BOT_CHALLENGE, "verify that you are human"),
        (Kind.SOFT_404, "could not find the page"),
        (Kind.INDEX, "Topic:"),
    ],
)
def test_trap_answers_200_without_an_article(site: Site, ask: Ask, kind: Kind, phrase: str) -> None:
    pages = [page for page in site.pages if page.kind is kind]
    answers = [ask(page.url) for page in pages]
    assert [answer.status_code for answer in answers] == [200]
    assert phrase in answers[0].text
    assert "published_time" not in answers[0].text
    assert "NewsArticle" not in answers[0].text


def test_every_page_says_it_is_a_demonstration(site: Site, ask: Ask) -> None:
    for page in site.pages:
        assert "firstdraft demonstration site" in _html(page, ask)
        assert not any("firstdraft" in paragraph for paragraph in page.paragraphs)


def test_arabic_runs_from_right_to_left(site: Site, ask: Ask) -> None:
    pages = [page for page in site.pages if page.outlet.language == "ar"]
    assert pages
    for page in pages:
        html = BeautifulSoup(_html(page, ask), "lxml").html
        assert html is not None
        assert (html["lang"], html["dir"]) == ("ar", "rtl")
        assert all("؀" <= letter <= "ۿ" or not letter.isalpha() for letter in page.title)
