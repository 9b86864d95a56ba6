"""Texts compared as bags of 4-grams of words, as the article extraction benchmark does."""

import re
import unicodedata
from collections import Counter

_WORD = re.compile(r"\w+")


def grams(text: str, size: int = 4) -> Counter[tuple[str, ...]]:
    """The bag of word ``size``-grams of a text; a shorter text is one gram."""
    words = _WORD.findall(unicodedata.normalize("NFC", text))
    if len(words) < size:
        return Counter([tuple(words)]) if words else Counter()
    return Counter(zip(*(words[i:] for i in range(size)), strict=False))


def overlap(gold: str, got: str) -> tuple[float, float]:
    """Precision and recall of one text against another, as bags of 4-grams."""
    wanted, found = grams(gold), grams(got)
    common = (wanted & found).total()
    return (common / found.total() if found else 0.0), (common / wanted.total() if wanted else 1.0)


def f1(gold: str, got: str) -> float:
    """The harmonic mean of both."""
    precision, recall = overlap(gold, got)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
