"""Names of encodings as pages and feeds give them: only those of encodings of text that are decoded in one pass."""

import codecs
import re

#: Of Python's codecs those that writing systems need. Left out are its transforms and escapes: ``punycode`` takes time
#: that grows with the square of the length, ``utf-7`` hides markup, ``unicode_escape`` runs what no page means.
_OF_TEXT = re.compile(
    r"ascii|utf-?(?:8|16|32)[a-z_-]*|iso8859[\d-]*|cp\d+|koi8[a-z_-]*|mac[a-z_-]*|gb[\dk]+|big5[a-z]*|euc[a-z\d_-]*"
    r"|iso2022[a-z\d_-]*|shift_?jis[a-z\d_]*|johab|hz|tis-620|ptcp154|kz1048|hp-roman8"
)


def codec_of(label: str) -> str | None:
    """The codec of a name as Python spells it; ``None`` for a name of none that a text may be in.

    >>> codec_of("Windows-1256"), codec_of("UTF8"), codec_of("punycode"), codec_of("utf-7"), codec_of("x-unknown")
    ('cp1256', 'utf-8', None, None, None)
    """
    try:
        name = codecs.lookup(label.strip()).name
    except (LookupError, ValueError):  # a NUL in the name is a ValueError
        return None
    return name if _OF_TEXT.fullmatch(name) else None
