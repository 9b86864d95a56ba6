"""A page as an article: what it declares, what is believed of it, and that gates leave short news alone."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.article import Article, Completeness
from schemas.outcome import Reason, Refusal
from tasks.text.article import read_article
from tasks.text.fields.authors import split_names
from tests.unit.text.build import SOURCE, URL, article, fetched, html, read


@pytest.mark.parametrize(
    ("named", "believed"),
    [
        ("https://outlet.example/2023/story-one-final", "https://outlet.example/2023/story-one-final"),
        ("https://www.outlet.example/2023/story-one", "https://www.outlet.example/2023/story-one"),
        ("/2023/quite-another-name", "https://outlet.example/2023/quite-another-name"),
        ("/2023/12/name", "https://outlet.example/2023/12/name"),
        ("/show?article=81234", "https://outlet.example/show?article=81234"),
        ("https://outlet.example/x", URL),
        ("/2023/", URL),
        ("/news", URL),
        ("/world-news/", URL),
        ("/tag/quite-another-name", URL),
        ("/list.php?category=81234", URL),
        ("/index.php", URL),
        ("https://elsewhere.example/x", URL),
        ("https://outlet.example/", URL),
        ("javascript:alert(1)", URL),
        ("http://[::1", URL),
        ("", URL),
    ],
)
def test_a_canonical_address_is_believed_on_the_same_site(named: str, believed: str) -> None:
    assert article(html(f'<link rel="canonical" href="{named}">')).canonical_url == believed


OTHER = "https://outlet.example/2023/quite-another-name"
CANONICAL = f'<link rel="canonical" href="{OTHER}">'
SHARED = f'<meta property="og:url" content="{OTHER}">'


@pytest.mark.parametrize(
    ("page", "believed"),
    [
        (html(CANONICAL), OTHER),
        (html(SHARED), OTHER),
        (html(body=f'<div class="card">{CANONICAL}<p>Read also</p></div>'), URL),
        (html(body=f'<div class="card">{SHARED}<p>Read also</p></div>'), URL),
        (html(f"<div>a stray box ends the head</div>{CANONICAL}"), URL),
        (html(f'{CANONICAL}<link rel="canonical" href="/2023/a-third-long-name">'), URL),
        (html(CANONICAL + CANONICAL), OTHER),
        (html(f'<link rel="canonical" href="{URL}">', body=CANONICAL), URL),
    ],
    ids=["head", "shared", "card", "shared in a card", "after the head", "two", "one twice", "own, and a card"],
)
def test_an_address_is_believed_from_the_head_alone(page: str, believed: str) -> None:
    assert article(page).canonical_url == believed


def test_an_address_refused_by_the_rule_is_not_taken() -> None:
    body = html('<link rel="canonical" href="https://outlet.example/other">').encode()
    got = read_article(fetched(body), body, SOURCE, lambda address: None)
    assert isinstance(got, Article)
    assert got.canonical_url == URL


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>Shelling hits Tal Amara | Outlet</title>", "Shelling hits Tal Amara"),
        (
            '<meta property="og:title" content="Shells fall – Outlet"><meta property="og:site_name" content="Outlet">'
            '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Other"}</script>',
            "Shells fall",
        ),
        ("<title>svg</title>", "Shelling hits Tal Amara"),
    ],
)
def test_titles(head: str, title: str) -> None:
    assert article(html(head)).title == title


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Lina Haddad and Omar Saleh", ["Lina Haddad", "Omar Saleh"]),
        ("Von Anna Berg, Jan Tal", ["Anna Berg", "Jan Tal"]),
        ("Par Jeanne Roux et Marc Petit", ["Jeanne Roux", "Marc Petit"]),
        ("بقلم: لينا حداد", ["لينا حداد"]),
        ("admin", []),
        ("https://outlet.example/author/7", []),
        ("lina@outlet.example", []),
    ],
)
def test_bylines(byline: str, names: list[str]) -> None:
    assert split_names(byline) == names


def test_broken_json_ld_is_no_reason_to_lose_the_page() -> None:
    assert article(html('<script type="application/ld+json">{"@type": "NewsArticle", </script>')).title


def test_a_graph_that_refers_to_itself_ends() -> None:
    graph = (
        '{"@graph":[{"@type":"NewsArticle","headline":"H","author":{"@id":"#a"}},{"@id":"#a","name":"Lina Haddad"}]}'
    )
    assert article(html(f'<script type="application/ld+json">{graph}</script>')).authors == ("Lina Haddad",)


def test_comments_never_reach_the_text() -> None:
    page = html().replace(
        "</body>", '<div id="comments" class="comments"><p>My uncle saw a drone there.</p></div></body>'
    )
    assert "drone" not in article(page).text


SHORT_NEWS = [
    "A cookie factory burned down in Tal Amara. Nobody was hurt. Firemen came from the next town. Police look into it.",
    "The court said that access denied to the lawyers was unlawful. The ruling came on Monday. The army will appeal.",
    "Hackers posted a false log in page of the ministry. Users lost their passwords. Police opened a case on Tuesday.",
    "The mayor was not found at home. His family last saw him on Sunday. Police ask witnesses to come forward now.",
    "Two men were wounded by a shell near the mill. They were taken to the clinic. Nobody claimed the attack so far.",
]


@pytest.mark.parametrize("text", SHORT_NEWS)
def test_four_sentences_of_wire_copy_are_an_article(text: str) -> None:
    head = '<meta property="og:type" content="article"><meta property="article:published_time" content="2023-12-11">'
    got = read(f"<html><head><title>News</title>{head}</head><body><h1>News of the day</h1><p>{text}</p></body></html>")
    assert isinstance(got, Article), got


def test_a_correction_is_a_sentence_that_says_so_not_the_word() -> None:
    said = article(html(body="<p>Clarification: The mill stands in Tal Amara, not in Qasr.</p>"))
    passing = article(html(body="<p>Correction of the border markers began on Sunday and will take a month.</p>"))
    assert said.correction_note == "Clarification: The mill stands in Tal Amara, not in Qasr."
    assert passing.correction_note is None


def test_a_correction_beside_the_text_is_found() -> None:
    note = '<aside class="correction">This article was amended on 12 December to name the mill.</aside>'
    assert (article(html(body=note)).correction_note or "").startswith("This article was amended")


def test_a_story_behind_a_wall_is_partial_and_one_without_is_whole() -> None:
    wall = "<p>Already a subscriber? Subscribe to read the whole story.</p>"
    assert article(html().replace("</article>", wall + "</article>")).completeness is Completeness.PARTIAL
    assert article(html()).completeness is Completeness.FULL


def _declaring(words: str) -> str:
    return html(f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"H",{words}}}</script>')


@pytest.mark.parametrize(
    ("page", "completeness"),
    [
        (_declaring('"isAccessibleForFree":"False","wordCount":900'), Completeness.PARTIAL),
        (_declaring('"isAccessibleForFree":"False","wordCount":40'), Completeness.FULL),
        (_declaring('"isAccessibleForFree":"True","wordCount":900'), Completeness.FULL),
        (_declaring('"liveBlogUpdate":[{"@type":"BlogPosting"}]'), Completeness.LIVE_BLOG),
        (html().partition("</article>")[0].removesuffix(".</p>"), Completeness.PARTIAL),
        (html().partition("</article>")[0], Completeness.FULL),
        (html().replace("</article>", "<div>" * 3000 + "<p>The rest.</p></article>"), Completeness.PARTIAL),
    ],
)
def test_each_kind_of_completeness(page: str, completeness: Completeness) -> None:
    assert article(page).completeness is completeness


def test_what_cannot_be_decoded_is_set_aside() -> None:
    got = read(html().replace("a", "\ufffd"))
    assert isinstance(got, Refusal)
    assert got.reason is Reason.ENCODING


def test_the_same_page_is_the_same_article() -> None:
    assert article(html()) == article(html())


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300))
def test_any_bytes_end_in_an_article_or_a_reason(body: bytes) -> None:
    assert isinstance(read(b"<html><body><p>" + body), Article | Refusal)


def test_a_heading_that_shares_nothing_with_the_declared_title_is_that_of_a_box() -> None:
    head = (
        "<title>Shelling hits the market of Tal Amara - Outlet</title><meta property='og:site_name' content='Outlet'>"
    )
    page = html(head).replace("<h1>Shelling hits Tal Amara</h1>", "<h1>Join our newsletter</h1>")
    assert article(page).title == "Shelling hits the market of Tal Amara"


def test_a_site_that_names_itself_by_its_address_is_cut_from_the_title() -> None:
    head = "<title>Shelling hits the market of Tal Amara | Outlet Online</title>"
    page = html(head).replace("<h1>Shelling hits Tal Amara</h1>", "")
    assert article(page).title == "Shelling hits the market of Tal Amara"


def test_words_torn_apart_by_elements_are_spaced_as_declared() -> None:
    head = "<title>Shelling hits Tal Amara: two hurt</title>"
    page = html(head).replace("Shelling hits Tal Amara</h1>", "<b>S</b>helling hits Tal Amara<i>: two hurt</i></h1>")
    assert article(page).title == "Shelling hits Tal Amara: two hurt"


_LINKED = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Shelling hits Tal Amara"}</script>'


@pytest.mark.parametrize(
    ("head", "title"),
    [
        # heading and JSON-LD agree, Open Graph only repeats the document's title: that is written for search engines
        (
            "<title>Tal Amara news</title>" + '<meta property="og:title" content="Tal Amara news">',
            "Shelling hits Tal Amara",
        ),
        # the document's title is with them: somebody edited the Open Graph title
        ("<title>Shelling hits Tal Amara</title>" + '<meta property="og:title" content="Shells fall">', "Shells fall"),
    ],
)
def test_the_title_readers_see_is_believed_where_json_ld_agrees(head: str, title: str) -> None:
    assert article(html(head + _LINKED)).title == title


@pytest.mark.parametrize(
    ("kind", "title"), [("NewsArticle", "Shells: a guide"), ("BlogPosting", "Shelling hits Tal Amara")]
)
def test_only_a_newsroom_is_believed_about_its_headline_before_the_page(kind: str, title: str) -> None:
    declared = f'{{"@type":"{kind}","headline":"Shells: a guide"}}'
    head = '<title>Shells: a guide</title><meta property="og:title" content="Shells: a guide">'
    assert article(html(f'{head}<script type="application/ld+json">{declared}</script>')).title == title


def test_a_heading_that_says_the_documents_title_is_no_box_whatever_open_graph_says() -> None:
    head = (
        '<title>Shelling hits Tal Amara</title><meta property="og:title" content="What we know of the latest fighting">'
    )
    assert article(html(head)).title == "Shelling hits Tal Amara"


@pytest.mark.parametrize(
    ("declared", "title"),
    [
        ("Two hurt as shells hit a mill | District", "Two hurt as shells hit a mill"),
        ("Shells hit a mill | News | North", "Shells hit a mill"),
        ("Budget | Two hurt as shells hit a mill", "Budget | Two hurt as shells hit a mill"),
    ],
)
def test_the_shorter_part_behind_a_bar_names_a_section(declared: str, title: str) -> None:
    page = html(f"<title>{declared}</title>").replace("<h1>Shelling hits Tal Amara</h1>", "")
    assert article(page).title == title


def test_a_heading_that_is_the_name_before_the_title_is_no_title() -> None:
    page = html('<title>Lessons: A bridge falls</title><meta property="og:title" content="A bridge falls">')
    assert article(page.replace("<h1>Shelling hits Tal Amara</h1>", "<h1>Lessons</h1>")).title == "A bridge falls"


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("<div>By <b>Lina Haddad</b> | 11 December 2023</div>", ("Lina Haddad",)),
        ("<div>Von Anna Berg und Jan van Tal</div>", ("Anna Berg", "Jan van Tal")),
        ("<div>بقلم: لينا حداد</div>", ("لينا حداد",)),
        ("<div>By the river two houses burned</div>", ()),
        ("<div>By yesterday evening</div>", ()),
        ("<aside><div>By Omar Saleh</div></aside>", ()),
    ],
)
def test_a_line_below_the_headline_names_the_author(body: str, names: tuple[str, ...]) -> None:
    assert article(html(body=body)).authors == names


def test_a_card_label_names_the_author() -> None:
    labels = '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Lina Haddad">'
    other = '<meta name="twitter:label1" content="Reading time"><meta name="twitter:data1" content="Six Minutes">'
    assert article(html(labels)).authors == ("Lina Haddad",)
    assert article(html(other)).authors == ()


def test_degrees_are_no_authors() -> None:
    assert split_names("By Lina Haddad, PhD, MPH and Omar Saleh, M.D.") == ["Lina Haddad", "Omar Saleh"]


def test_forums_are_read_by_the_long_way_and_keep_their_posts() -> None:
    posts = "".join(
        f"<div class='comment'><p>{text}</p></div>" for text in ("The bridge was closed at noon. " * 6, "x")
    )
    script = '<script type="application/ld+json">{"@type":"DiscussionForumPosting"}</script>'
    assert "closed at noon" in article(html(script, posts)).text
    assert "closed at noon" not in article(html("", posts)).text
