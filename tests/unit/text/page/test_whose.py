"""Whose a date and a name on a page are: the article's own, or a footer's, a card's, a comment's, another article's."""

from datetime import date

import pytest
from lxml.html import document_fromstring

from tasks.text.page.whose import Place, own_part, place_of
from tests.unit.text.build import article, html

_PAGE = """<html><body>
<nav><b title="nav">x</b></nav>
<article><header><h1>Mill burns down at the river</h1><b title="article">x</b></header><p>Text</p>
<footer><b title="own-footer">x</b></footer>
<div class="comment-list"><b title="comment">x</b></div></article>
<article><a href="/b"><h4>Old film</h4></a><b title="card">x</b></article>
<a href="/c"><h3>Another story of the day</h3><b title="card">x</b></a>
<div><h3><a href="/d">A third story of that day</a></h3><b title="card">x</b></div>
<div><h3><a href="/e">A fourth story of that day</a></h3><b title="card">x</b></div>
<div class="related"><b title="others">x</b></div>
<aside><b title="aside">x</b></aside>
<footer><b title="footer">x</b></footer>
</body></html>"""


def test_each_box_has_its_place() -> None:
    tree = document_fromstring(_PAGE)
    own = own_part(next(tree.iter("h1")))
    expected = {"own-footer": "article"}
    found = [(element.get("title"), place_of(element, own).value) for element in tree.iter("b")]
    assert [place for _, place in found] == [expected.get(name, name) for name, _ in found]
    assert {place for _, place in found} == {place.value for place in Place}


@pytest.mark.parametrize(
    "box",
    [
        '<div class="more"><h3>More</h3><article><a href="/x"><h4>Old film</h4></a>{time}</article></div>',
        "<footer>{time} © Outlet</footer>",
        "<aside><p>{time}</p></aside>",
        '<ol class="comment-list"><li>{time}</li></ol>',
        '<ul><li><h3><a href="/y">Harvest begins in the north</a></h3>{time}</li><li>Another one</li></ul>',
    ],
)
def test_a_time_in_a_box_of_others_dates_nothing(box: str) -> None:
    time = '<time datetime="2019-02-03">3 February 2019</time>'
    page = html(body="").replace("</article></body>", f"</article>{box.format(time=time)}</body>")
    assert article(page).published.local_day is None


def test_the_articles_own_time_is_believed_before_those_of_others() -> None:
    other = '<article><a href="/x"><h4>Old film</h4></a><time datetime="2019-02-03">3 Feb 2019</time></article>'
    page = html(body='<time datetime="2023-12-11">11 December 2023</time>').replace("<body>", f"<body>{other}")
    assert article(page).published.local_day == date(2023, 12, 11)


def test_the_only_time_of_a_page_is_the_articles_in_a_box_of_the_article_only() -> None:
    time = '<aside class="post-meta"><time datetime="2023-12-11">11 December 2023</time></aside>'
    assert article(html(body=time)).published.local_day == date(2023, 12, 11)
    assert article(html().replace("</body>", f"{time}</body>")).published.local_day is None


def test_microdata_of_a_comment_is_not_the_articles() -> None:
    comment = '<div class="comment"><meta itemprop="datePublished" content="2023-12-19"></div>'
    own = '<meta itemprop="datePublished" content="2023-12-11">'
    page = html(body=own).replace("<body>", f"<body>{comment}")
    assert article(page).published.local_day == date(2023, 12, 11)


def test_a_name_in_a_box_of_others_is_no_author() -> None:
    card = '<article><a href="/x"><h4>Old film</h4></a><span class="author">Omar Saleh</span></article>'
    page = html(body="").replace("</article></body>", f"</article>{card}</body>")
    assert article(page).authors == ()
