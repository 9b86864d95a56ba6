"""Characters every text of ours is free of, and lines compared."""

import re
import unicodedata

#: Surrogates break UTF-8 and DuckDB; other control characters than tab and newline are never text.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
#: The bytes of a quotation mark or a dash in UTF-8, each read as one character. The second is a C1 control, which no
#: text has on purpose, so nothing that is meant is touched.
_TWICE = re.compile("\xe2\x80[\x80-\xbf]")


def clean_text(text: str) -> str:
    r"""NFC, no control characters, no lone surrogates, single spaces, one ``\n`` between paragraphs; quotation marks
    and dashes that were encoded twice are mended (letters are not: a text that is so all through is refused by a gate).

    >>> clean_text("Cafe\u0301\x00  au\u00a0lait \n\n fin")
    'Café au lait\nfin'
    >>> clean_text("the miller\u00e2\u0080\u0099s guide")
    'the miller’s guide'
    """
    lines = map(_clean_run, text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return unicodedata.normalize("NFC", "\n".join(filter(None, lines)))


def _clean_run(line: str) -> str:
    # Printable means without controls, surrogates and spaces of other kinds: most lines need no closer look.
    if not line.isprintable():
        line = _UNWANTED.sub("", _TWICE.sub(_once, line))
    return " ".join(line.split())


def _once(twice: re.Match[str]) -> str:
    return twice.group().encode("latin-1").decode("utf-8")


def clean_line(text: str | None) -> str | None:
    """A title or a name on one line, without soft hyphens and zero-width spaces; ``None`` where nothing is left."""
    if not text:
        return None
    if not text.isprintable():
        text = clean_text(text.replace("\xad", "").replace("\u200b", "").replace("\u2060", ""))
    line = unicodedata.normalize("NFC", text)
    return " ".join(line.split()) or None


def same(first: str, second: str) -> bool:
    """Whether two lines differ in white space and case only."""
    return first.casefold().split() == second.casefold().split()
