"""The words of a text with their characters: one tokenisation for names, whatever the parser makes of hyphens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from tasks.reference.fold import ARTICLES
from tasks.reference.fold import fold as fold_anew
from tasks.reference.places import countries, demonyms

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’ʼʿ‘`][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s$|(?<=s)['’]$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """A word without a possessive ending. ``gap`` is what stands between it and the word before ("" at the start)."""

    start: int
    end: int
    text: str
    folded: str
    gap: str
    possessive: bool

    @property
    def capital(self) -> bool:
        """Return True if it may be part of a name: a capital, a script without case, or digits after letters."""
        return not self.text[0].islower()

    @property
    def article(self) -> bool:
        """Return True if it is an Arabic article in one of its spellings."""
        return self.folded in ARTICLES


#: News repeats its words: each is folded once.
fold = lru_cache(maxsize=60_000)(fold_anew)


@lru_cache(maxsize=8)
def words_of(text: str, offset: int = 0) -> tuple[Word, ...]:
    """The words of a text; offsets count from ``offset`` plus its beginning."""
    return tuple(_words(text, offset))


def _words(text: str, offset: int) -> Iterator[Word]:
    stop = 0
    for match in _WORD.finditer(text):
        raw = match.group()
        bare = _bare(raw)
        if not bare:
            continue
        start = match.start()
        gap = text[stop:start]
        yield Word(offset + start, offset + start + len(bare), bare, fold(bare), gap, bare != raw)
        stop = match.end()


def _bare(raw: str) -> str:
    """A word without a possessive ending, also one that lost its apostrophe on the way: "Syrias army"."""
    bare = _POSSESSIVE.sub("", raw) if "'" in raw or "’" in raw else raw
    if bare == raw and raw[-1:] == "s" and raw[0].isupper() and fold(raw[:-1]) in _owners():
        return raw[:-1]
    return bare


@cache
def _owners() -> frozenset[str]:
    """Names of countries to which an s adds nothing but an owner's."""
    names = {fold(name) for country in countries().values() for name in country.names}
    long = (name for name in names if len(name) > 3 and not name.endswith("s"))
    return frozenset(name for name in long if f"{name}s" not in demonyms())


def joined(word: Word) -> bool:
    """Return True if a word may carry on the name before it: a space or a hyphen lies between, nothing else."""
    return word.gap in {" ", "-", "\u2010", "\u2011", "\xa0", "", " '", " ‘", " ’", "-'", " ʿ"}
