"""Characters that show another text than the one that stands there, shown as escapes.

Overrides, embeddings and isolates (Unicode TR 9) let "exe.gpj" read as "jpg.exe"; control characters move a terminal's
cursor. Marks that only settle the direction of what stands beside them (U+200E, U+200F, U+061C) stay: Arabic and Hebrew
texts need them.
"""

import re

#: Of both kinds; tabs and line breaks are none.
HIDDEN = "\u202a-\u202e\u2066-\u2069"
_SHOWN = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{HIDDEN}]")


def shown(text: str) -> str:
    r"""A text with each such character as its escape.

    >>> shown("report\u202egpj.exe"), shown("\x1b[2J"), shown("plain\ttext\n") == "plain\ttext\n"
    ('report\\u202egpj.exe', '\\x1b[2J', True)
    """
    return text if text.isprintable() else _SHOWN.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
