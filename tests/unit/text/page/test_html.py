"""Bytes to tree: encodings told truly or falsely, deep nesting, and pages built to be slow."""

import pytest

from schemas.article import Article
from schemas.outcome import Outcome, Reason, Refusal
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
