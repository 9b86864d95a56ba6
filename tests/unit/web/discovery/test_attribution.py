"""What a search finds is attributed to the outlet it stands on, and every page is counted."""

from tasks.web.discovery.attribution import attribute
from tasks.web.readers.entries import Entry
from tests.unit.web.conftest import MakeSource


def pages(*urls: str) -> list[Entry]:
    return [Entry(url) for url in urls]


def test_known_outlets_keep_their_source_and_others_get_one_of_their_own(make_source: MakeSource) -> None:
    known = [
        make_source(id="paper-ar", language="ar", homepage="https://paper.example/"),
        make_source(id="paper-en", homepage="https://paper.example/en/"),
    ]
    finder = make_source(id="search-en", homepage="https://search.example/", delay_seconds=7)
    urls = ("https://www.paper.example/a", "https://news.other.example/b", "https://other.example/c", "javascript:x")
    done = attribute(pages(*urls, "https://www.paper.example/a?utm_source=x"), known, finder)
    assert [(one.source.id, len(one.entries), one.made) for one in done.outlets] == [
        ("found-other-example-en", 2, True),
        ("paper-en", 1, False),
    ]
    made = done.outlets[0].source
    assert (made.family, made.robots, made.delay_seconds) == ("unknown", "obey", 7)
    assert made.discovered_by == "search-en"
    assert (done.found, len(done.without_outlet), done.twice, done.over_share) == (5, 1, 1, ())


def test_new_outlets_are_dealt_their_share_in_turn_and_the_rest_is_counted(make_source: MakeSource) -> None:
    known = [make_source(id="paper-en", homepage="https://paper.example/")]
    finder = make_source(id="search-en", homepage="https://search.example/")
    urls = [f"https://big.example/{n}" for n in range(9)] + [f"https://small.example/{n}" for n in range(2)]
    urls += [f"https://paper.example/{n}" for n in range(4)]
    done = attribute(pages(*urls), known, finder, most=5)
    assert {one.source.name: len(one.entries) for one in done.outlets} == {
        "big.example": 3,
        "small.example": 2,
        "News": 4,
    }
    assert (done.found, done.kept, len(done.over_share), done.twice) == (15, 9, 6, 0)


def test_a_page_without_an_outlet_of_a_name_gets_no_source(make_source: MakeSource) -> None:
    finder = make_source(id="search-en", homepage="https://search.example/")
    urls = ("http://127.0.0.1/a", "http://[::1]/b", "http://localhost/c", "https://search.example/d", "/e", "")
    done = attribute(pages(*urls, "https://n.search.example/f"), [], finder)
    assert (done.outlets, len(done.without_outlet), done.found) == ((), 7, 7)
