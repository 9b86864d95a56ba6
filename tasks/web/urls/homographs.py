"""Hosts that look like others: letters of two alphabets drawn alike (Unicode Technical Standard 39)."""

import unicodedata

#: Alphabets one label may hold beside each other, as Japanese and Korean names do (UTS 39, "highly restrictive").
_TOGETHER = frozenset(("LATIN", "CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"))
#: Cyrillic letters drawn like Latin ones, and those: a label of nothing else reads as Latin.
_CYRILLIC = dict(zip("авеһіјкӏмнорԛѕтуԝхсԁɡ", "abehijklmhopqstywxcdg", strict=True))


def look_alike(host: str) -> str | None:
    """What makes a host (Unicode or A-labels) deceive a reader, ``None`` where nothing does.

    A label that mixes alphabets, or a Cyrillic one all of whose letters look Latin in front of a Latin ending.

    >>> look_alike("xn--80ak6aa92e.com"), look_alike("p\u0430per.example")
    ('its label reads as apple', 'a label of cyrillic and latin letters')
    >>> look_alike("пример.рф"), look_alike("www.example.org"), look_alike("例えばnews.example")
    (None, None, None)
    """
    labels = [_unicode(label) for label in host.lower().split(".")]
    for label in labels:
        alphabets = {_alphabet(char) for char in label if char.isalpha()}
        if len(alphabets) > 1 and not alphabets <= _TOGETHER:
            return f"a label of {' and '.join(sorted(map(str.lower, alphabets)))} letters"
        letters = [char for char in label if char.isalpha()]
        if letters and labels[-1].isascii() and all(char in _CYRILLIC for char in letters):
            return f"its label reads as {''.join(_CYRILLIC.get(char, char) for char in label)}"
    return None


def _unicode(label: str) -> str:
    try:
        return label.encode("ascii").decode("idna") if label.startswith("xn--") else label
    except UnicodeError:
        return label


def _alphabet(char: str) -> str:
    """The first word of a letter's name: ``LATIN``, ``CYRILLIC``, ``ARABIC``."""
    return unicodedata.name(char, "UNKNOWN").split()[0]
