"""Bytes to tree: encodings told truly or falsely, deep nesting, and pages built to be slow."""

import pytest
from lxml.html import document_fromstring

from schemas.article import Article
from schemas.outcome import Outcome, Reason, Refusal
from tasks.text.page.boilerplate import without_boilerplate
from tasks.text.page.html import MAX_ELEMENTS, decode, parse_page
from tests.unit.text.build import article, html, read

RUSSIAN = "Взрыв прогремел в городе утром, сообщили местные жители. " * 5


@pytest.mark.parametrize(
    ("body", "header", "encoding"),
    [
        (RUSSIAN.encode(), "text/html; charset=iso-8859-1", "utf-8"),
        (RUSSIAN.encode(), None, "utf-8"),
        (b"\xef\xbb\xbf" + RUSSIAN.encode(), None, "utf-8"),
        (RUSSIAN.encode("utf-16"), "text/html", "utf-16"),
        (RUSSIAN.encode("cp1251"), "text/html; charset=windows-1251", "cp1251"),
        (b"<meta charset='windows-1251'>" + RUSSIAN.encode("cp1251"), None, "cp1251"),
        (RUSSIAN.encode("cp1251"), "text/html; charset=no-such-thing", "windows-1251"),
        (RUSSIAN.encode()[:-3], "text/html", "utf-8"),
    ],
)
def test_encodings(body: bytes, header: str | None, encoding: str) -> None:
    text, used = decode(body, header)
    assert "Взрыв прогремел" in text
    assert used.lower().replace("cp", "windows-") == encoding.lower().replace("cp", "windows-")


def test_a_few_stray_bytes_do_not_change_a_utf8_page() -> None:
    text, used = decode(RUSSIAN.encode() + b"\xff\xfe caf\xe9 " + RUSSIAN.encode(), "text/html; charset=utf-8")
    assert used == "utf-8"
    assert "Взрыв" in text


def test_the_text_is_nfc_and_clean() -> None:
    got = article(
        html(body="<p>Cafe\u0301 owners\x00 spoke &#xD800; of noise\u0085 and dust near the bridge that day.</p>")
    )
    assert "Café owners spoke" in got.text
    assert not any(char in got.text for char in "\x00\u0085")
    got.text.encode()


@pytest.mark.parametrize("depth", [300, 900])
def test_text_below_the_parsers_depth_limit_is_found(depth: int) -> None:
    deep = "<div>" * depth + html() + "</div>" * depth
    assert "One farmer was wounded" in article(deep).text


def test_a_bottomless_page_ends_in_a_value() -> None:
    assert isinstance(read("<div>" * 50_000 + html()), Article | Refusal)


@pytest.mark.parametrize(
    ("body", "reason", "outcome"),
    [
        (b"%PDF-1.7 ...", Reason.MEDIA_TYPE, Outcome.REJECTED),
        (b"\x89PNG\r\n", Reason.MEDIA_TYPE, Outcome.REJECTED),
        (b"", Reason.NO_TEXT, Outcome.REJECTED),
        (b"   \n", Reason.NO_TEXT, Outcome.REJECTED),
        (b"<p>a" * (MAX_ELEMENTS + 1), Reason.EXTRACT_FAILED, Outcome.QUARANTINED),
        (b"<p " + b"".join(b"a%d=1 " % n for n in range(9000)) + b">x", Reason.EXTRACT_FAILED, Outcome.QUARANTINED),
    ],
    ids=["pdf", "png", "empty", "blank", "elements", "attributes"],
)
def test_what_is_not_parsed(body: bytes, reason: Reason, outcome: Outcome) -> None:
    got = parse_page(body, "text/html")
    assert isinstance(got, Refusal)
    assert (got.reason, got.outcome) == (reason, outcome)


@pytest.mark.parametrize("label", ["iso-8859-1", "ISO8859-1", "latin1", "us-ascii"])
def test_a_latin_label_is_read_as_browsers_read_it(label: str) -> None:
    words = "“Très bien”, said the café’s owner – Señor Núñez. "
    page = html(head=f'<meta charset="{label}">', body=f"<p>{words * 4}</p>").encode("cp1252")
    assert decode(page, None)[1] == "cp1252"
    assert words.strip() in article(page).text


def test_a_stray_byte_does_not_change_a_declared_encoding() -> None:
    words = "Très bien, said the owner – Señor Núñez. ".encode("cp1252") * 40
    text, used = decode(b"<meta charset=iso-8859-1>" + words + b"\x81" + words, None)
    assert used == "cp1252"
    assert text.count("–") == 80


@pytest.mark.parametrize("label", ["hex", "utf-16", "utf-7", "x-user-defined"])
def test_a_declared_encoding_that_cannot_be_is_not_believed(label: str) -> None:
    page = f"<meta charset={label}><p>".encode() + "Très bien, said the owner of the mill. ".encode("cp1252") * 9
    text, used = decode(page, None)
    assert "bien, said the owner of the mill." in text
    assert used != label


def test_a_heading_closed_by_the_tag_of_another_ends_there() -> None:
    box = '<div class="langs"><h2 class="hint">In other languages</h3><ul><li>Une paix</li><li>El doble</li></ul></div>'
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in _SENTENCES)
    head = "<head><title>Council agrees on the two bridges</title></head>"
    got = article(f'<html>{head}<body>{box}<div class="art">{paragraphs}</div></body></html>')
    assert got.title == "Council agrees on the two bridges"
    assert got.text.split("\n")[-len(_SENTENCES) :] == list(_SENTENCES)


def test_a_layout_table_is_no_table() -> None:
    menu = '<td class="sidebar"><a href="/">Home</a> <a href="/archive">Archive</a></td>'
    paragraphs = "".join(f"<p>{sentence.replace('two', '<b>two</b>')}" for sentence in _SENTENCES)
    table = f"<table><tr>{menu}<td><h1>Council agrees</h1>\n{paragraphs}</td></tr></table>"
    got = article(f"<html><head><title>Council agrees</title></head><body>{table}</body></html>")
    assert got.text == "\n".join(_SENTENCES)


def test_a_table_of_data_stays_one() -> None:
    rows = "".join(f"<tr><td>District {at}</td><td>{at * 3} houses</td></tr>" for at in range(1, 6))
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in _SENTENCES)
    got = article(
        f"<html><body><article><h1>Council agrees</h1>{paragraphs}<table>{rows}</table></article></body></html>"
    )
    assert "| District 2 | 6 houses |" in got.text


_SENTENCES = (
    "The council of the river districts agreed on Saturday to mend the two bridges before the winter rains begin, its"
    " speaker told reporters after the session in the old town hall.",
    "Engineers said that the work on two of the piers would take about six weeks, and that lorries would be sent over"
    " the northern road until it is done.",
    "Farmers had asked for an earlier date, since the two markets of the lower valley can be reached over these bridges"
    " only, and the harvest has begun.",
)


def test_what_is_taken_out_before_a_body_is_read_tears_no_words_and_takes_no_text() -> None:
    links = "".join(f'<li><a href="/{at}">Headline of story {at}</a></li>' for at in range(6))
    sources = "".join(f'<li>The clinic of town {at} told <a href="/{at}">us</a> so.</li>' for at in range(6))
    tree = document_fromstring(
        f"<html><body><div><p>In <b>Tal<i> </i></b>Amara<span></span> <u></u>two<br>men fell.</p><p> </p>"
        f"<ul>{links}</ul><ol>{sources}</ol><a href='/picture'></a></div></body></html>"
    )
    without_boilerplate(tree)
    assert "In Tal Amara two" in tree.text_content()
    assert "Headline of story" not in tree.text_content()
    assert tree.text_content().count("told us so") == 6
    assert [
        element.tag
        for element in tree.iter("i", "span", "u", "ul", "br", "a")
        if len(element) == 0 and not element.text
    ] == ["br", "a"]
