"""The server: hosts, validators, the correction on a second visit, and the request log."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from protego import Protego

from tasks.demo.content import Kind, Page, Site
from tasks.demo.server import DemoSite, serve_demo
from tests.unit.demo.conftest import Ask


def _corrected(site: Site) -> tuple[Page, Page]:
    latest = next(page for page in site.pages if page.version == 2)
    return next(page for page in site.pages if page.version == 1 and page.url == latest.url), latest


def _addresses(site: Site) -> list[str]:
    documents = [outlet.url(document.path) for outlet in site.outlets for document in outlet.documents]
    return documents + [outlet.url("/robots.txt") for outlet in site.outlets] + [page.url for page in site.pages]


def test_every_address_answers(site: Site, ask: Ask) -> None:
    statuses = {page.url: page.status for page in site.pages}
    for url in _addresses(site):
        answer = ask(url)
        assert answer.status_code == statuses.get(url, 200), url
        assert answer.encoding == "utf-8"
        assert len(answer.content) == int(answer.headers["Content-Length"]) > 0


def test_hosts_are_told_apart(site: Site, ask: Ask) -> None:
    titles = {ask(outlet.url("/")).text.split("<title>")[1].split("</title>")[0] for outlet in site.outlets}
    assert len(titles) == len(site.outlets)


@pytest.mark.parametrize("held", ["etag", "weak etag", "one of several", "any", "last-modified"])
def test_whoever_has_it_gets_304(site: Site, ask: Ask, held: str) -> None:
    elsewhere = {_corrected(site)[0].url, *(page.url for page in site.pages if page.status != 200)}
    for url in set(_addresses(site)) - elsewhere:
        first = ask(url).headers
        sent = {
            "etag": {"If-None-Match": first["ETag"]},
            "weak etag": {"If-None-Match": f"W/{first['ETag']}"},
            "one of several": {"If-None-Match": f'"other", {first["ETag"]}'},
            "any": {"If-None-Match": "*"},
            "last-modified": {"If-Modified-Since": first["Last-Modified"]},
        }[held]
        again = ask(url, headers=sent)
        assert (again.status_code, again.content) == (304, b""), url
        assert again.headers["ETag"] == first["ETag"]


@pytest.mark.parametrize(
    "sent",
    [
        {"If-None-Match": '"another"'},
        {"If-Modified-Since": "Wed, 01 Nov 2023 00:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
        {"If-None-Match": '"another"', "If-Modified-Since": "Fri, 01 Jan 2038 00:00:00 GMT"},
    ],
)
def test_whoever_has_something_else_gets_the_first_version(site: Site, ask: Ask, sent: dict[str, str]) -> None:
    first, _ = _corrected(site)
    answer = ask(first.url, headers=sent)
    assert answer.status_code == 200
    assert first.paragraphs[0] in answer.text


@pytest.mark.parametrize(("gave", "brings"), [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")])
def test_correction_shows_on_the_second_visit(site: Site, ask: Ask, gave: str, brings: str) -> None:
    first, latest = _corrected(site)
    one = ask(first.url)
    two = ask(first.url, headers={brings: one.headers[gave]})
    three = ask(first.url, headers={brings: two.headers[gave]})
    assert (one.status_code, two.status_code, three.status_code) == (200, 200, 304)
    assert "Correction: " not in one.text
    assert all(paragraph in two.text for paragraph in latest.paragraphs)
    assert one.headers["ETag"] != two.headers["ETag"] == three.headers["ETag"]
    assert ask(first.url).content == one.content


def test_query_is_ignored_and_head_has_no_body(site: Site, ask: Ask) -> None:
    url = site.pages[0].url
    whole = ask(url)
    assert ask(f"{url}?utm_source=rss").content == whole.content
    head = ask(url, method="HEAD")
    assert (head.content, head.headers["Content-Length"]) == (b"", whole.headers["Content-Length"])


def test_what_is_not_there(site: Site, ask: Ask) -> None:
    assert ask(site.outlets[0].url("/no/such/page")).status_code == 404
    assert ask("http://other.firstdraft.test/").status_code == 421
    gone = [page for page in site.pages if page.kind is Kind.GONE]
    assert [(ask(page.url).status_code, "ETag" in ask(page.url).headers) for page in gone] == [(410, False)]


def test_robots_forbid_one_listed_page(site: Site, ask: Ask) -> None:
    forbidden = []
    for outlet in site.outlets:
        robots = Protego.parse(ask(outlet.url("/robots.txt")).text)
        assert robots.crawl_delay("firstdraft") is None
        own = [page for page in site.pages if page.outlet.id == outlet.id]
        forbidden += [page for page in own if not robots.can_fetch(page.url, "firstdraft")]
        assert robots.can_fetch(outlet.url("/"), "firstdraft")
    assert [page.listed_in for page in forbidden] == [("feed", "section")]


def test_requests_are_recorded() -> None:
    with serve_demo() as own, requests.Session() as session:
        session.trust_env = False
        headers = {"Host": "north.firstdraft.test", "User-Agent": "reader/1", "If-None-Match": '"x"'}
        session.get(f"http://127.0.0.1:{own.port}/feed/?page=1", headers=headers, timeout=5)
        seen = own.requests
    assert [(r.host, r.method, r.path, r.status) for r in seen] == [
        ("north.firstdraft.test", "GET", "/feed/?page=1", 200)
    ]
    assert (seen[0].user_agent, seen[0].if_none_match, seen[0].if_modified_since) == ("reader/1", '"x"', "")


def test_server_is_gone_after_the_block() -> None:
    with serve_demo() as own:
        url = f"http://127.0.0.1:{own.port}/"
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=1)


def test_console_stays_quiet(demo: DemoSite, ask: Ask, capfd: pytest.CaptureFixture[str]) -> None:
    ask("http://north.firstdraft.test/nothing")
    ask("http://north.firstdraft.test/", method="BREW")
    assert capfd.readouterr() == ("", "")


def test_many_at_once_get_the_same(site: Site, ask: Ask) -> None:
    url = site.pages[0].url
    with ThreadPoolExecutor(8) as pool:
        bodies = set(pool.map(lambda _: ask(url).content, range(40)))
    assert len(bodies) == 1
