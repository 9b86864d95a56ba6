"""Characters that XML cannot hold cost nothing but themselves, and no reader that fails says "no text"."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from schemas.article import Article
from tasks.reference.machine.charsets import codec_of
from tasks.text.fields import body as reading
from tasks.text.page.html import without_illegal
from tests.unit.text.build import read

SENTENCE = "Two soldiers were killed near Riverton on Monday when gunmen opened fire on a checkpoint, officials said. "
LEGAL = {9, 10, 13, *range(0x20, 0xD800), *range(0xE000, 0xFFFE)}


def html(within: str = "", title: str = "Attack at Riverton") -> bytes:
    text = f"<p>He said{within} so. {SENTENCE * 2}</p><p>{SENTENCE * 3}</p><p>{SENTENCE * 2}</p>"
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body><article><h1>{title}</h1>{text}</article>"
        "</body></html>"
    ).encode()


@pytest.mark.parametrize(
    "written",
    ["\x01", "\x07", "\x1b", "\x0e", "\x1f", "\ufffe", "\uffff", "&#7;", "&#7", "&#0007;", "&#x1b;", "&#X1B;",
     "&#xFFFE;", "&#65535;", "&#1;&#2;", "\x02&#3;"],
)  # fmt: skip
def test_a_page_with_such_a_character_is_an_article(written: str) -> None:
    got = read(html(written))
    assert isinstance(got, Article)
    assert got.text.startswith("He said so. Two soldiers")
    titled = read(html(title=f"Attack{written} at Riverton"))
    assert isinstance(titled, Article)
    assert titled.title == "Attack at Riverton"


@pytest.mark.parametrize("form", ["&#{};", "&#{}", "&#x{:x};", "&#x00{:X};", "{}"])
def test_what_is_left_any_tree_can_hold_and_what_is_legal_stays(form: str) -> None:
    for code in [*range(0xA0), *range(0xD7F0, 0xD800), *range(0xFFF0, 0x10000)]:
        written = chr(code) if form == "{}" else form.format(code)
        left = without_illegal(f"a{written}b".encode()).decode()
        if code in LEGAL:
            assert left == f"a{written}b"
        else:
            assert left in ("ab", "a b")
        etree.Element("p").text = left


@pytest.mark.parametrize(
    "error", [AttributeError("'NoneType' object has no attribute 'tag'"), ValueError("no"), KeyError("x")]
)
def test_a_reader_that_raises_is_never_a_page_without_text(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr(reading, "convert_tags", broken)
    assert isinstance(read(html()), Article), "the library's slower way is tried"
    monkeypatch.setattr(reading, "bare_extraction", lambda *_, **__: None)
    with pytest.raises(type(error)):
        read(html())


@pytest.mark.parametrize(
    "label", ["punycode", "idna", "utf-7", "unicode_escape", "raw_unicode_escape", "hex", "undefined", "a\x00b"]
)
def test_what_is_no_encoding_of_text_is_not_used(label: str) -> None:
    assert codec_of(label) is None


@pytest.mark.parametrize(
    "label",
    ["utf-8", "UTF8", "utf-16-le", "windows-1251", "cp1256", "iso-8859-6", "latin1", "koi8-r", "koi8-u", "gb2312",
     "gbk", "gb18030", "big5", "euc-kr", "euc-jp", "shift_jis", "iso-2022-jp", "macintosh", "tis-620",
     "x-mac-cyrillic", "ascii"],
)  # fmt: skip
def test_encodings_that_pages_have_are_used(label: str) -> None:
    codec = codec_of(label)
    if label != "x-mac-cyrillic":  # a name Python does not know
        assert codec is not None
        assert "abc".encode(codec).decode(codec) == "abc"


def test_a_page_in_punycode_takes_no_time() -> None:
    page = html().replace(b"<head>", b'<head><meta charset="punycode">') + b"\xff-" + b"a" * 500_000
    begun = datetime.now(UTC)
    read(page)
    assert (datetime.now(UTC) - begun).total_seconds() < 15
