"""Quotes in other languages than English as words, each with the forms a dictionary may have it under."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Generic, TypeVar

from tasks.reference.words.languages import folded, language_words

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer

Value = TypeVar("Value")

_DIGITS = {base + n: str(n) for base in (0x0660, 0x06F0, 0xFF10) for n in range(10)}
_LETTER = r"[^\W\d_]"
_JOIN = r"['’ʼ‘\u200c\u200d.\-\u2010\u2011]"
_MARK = r"[\u064b-\u0652\u0670\u0640]"
_WORD = re.compile(
    r"\d+(?:[.,\u00a0\u202f ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?"
    rf"|{_LETTER}{_MARK}?(?:{_JOIN}?(?:{_LETTER}|{_MARK}))*"
)
_ELIDED = re.compile(r"(?i)(?:l|d|qu|n|s|c|j|m|t)['’]")

_TURKISH_LAST = re.compile(
    r"(?:(?:l[ae]r)|(?:[nys]?[iuü](?:n[iuü]n|nd[ae]n?|n[iuüae])?)|(?:n?[iuü]n)|(?:[dt][ae]n?)|(?:y?[ae])|(?:y?l[ae])|(?:ki)|(?:c[ae]))$"
)
_TURKISH_HARD = {"b": "p", "d": "t", "ğ": "k", "c": "ç"}


@dataclass(frozen=True, slots=True)
class QuotedWord:
    """A word of a quote; ``forms`` begins with the word itself, folded. ``plural`` if its ending says so."""

    start: int
    end: int
    text: str
    forms: tuple[str, ...]
    number: str | None

    @property
    def key(self) -> str:
        """The word, folded."""
        return self.forms[0]

    @property
    def figure(self) -> bool:
        """Return True if it is written in digits."""
        return self.text[0].isdigit()


class Lexicon(Generic[Value]):
    """Phrases of a language with what each means; looked up by the forms of the words of a quote, longest first."""

    def __init__(self, language: str, entries: Iterable[tuple[str, Value]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Value]]] = {}
        for phrase, value in entries:
            for words in _keys(phrase.replace("_", " "), language):
                self._by_first.setdefault(words[0], []).append((words, value))
        for phrases in self._by_first.values():
            phrases.sort(key=lambda entry: -len(entry[0]))

    def at(self, words: Sequence[QuotedWord], first: int) -> tuple[int, Value] | None:
        """The longest phrase that begins at a word: how many words it has, and its meaning."""
        best: tuple[int, Value] | None = None
        for form in words[first].forms:
            for phrase, value in self._by_first.get(form, ()):
                if (best is None or len(phrase) > best[0]) and _stands(phrase, words, first):
                    best = len(phrase), value
        return best

    def found(self, words: Sequence[QuotedWord]) -> list[tuple[int, int, Value]]:
        """Every phrase of a quote in order, none overlapping: first word, end, meaning."""
        hits, index = [], 0
        while index < len(words):
            hit = self.at(words, index)
            if hit is not None:
                hits.append((index, index + hit[0], hit[1]))
            index += hit[0] if hit is not None else 1
        return hits


def _stands(phrase: tuple[str, ...], words: Sequence[QuotedWord], first: int) -> bool:
    stop = first + len(phrase)
    return stop <= len(words) and all(part in word.forms for part, word in zip(phrase, words[first:stop], strict=True))


def lexicon_of(language: str, groups: Mapping[str, Iterable[str]]) -> Lexicon[str]:
    """A lexicon of groups of phrases, each meaning the name of its group."""
    return Lexicon(language, [(phrase, name) for name, phrases in groups.items() for phrase in phrases])


@lru_cache(maxsize=4096)
def quoted_words(quote: str, language: str) -> tuple[QuotedWord, ...]:
    """The words of a quote with their forms; offsets count from its beginning.

    >>> [word.forms[0] for word in quoted_words("l'armée turque", "fr")]
    ['l', 'armee', 'turque']
    """
    text = quote.translate(_DIGITS)
    words = []
    for match in _WORD.finditer(text):
        words += [_word(quote, text, start, stop, language) for start, stop in _split(match, language)]
    return tuple(words)


def with_parts(words: Sequence[QuotedWord], language: str) -> tuple[QuotedWord, ...]:
    """The words with the forms of what hyphens join too: "террорист-смертник" is a terrorist."""
    widened = []
    for word in words:
        parts = (
            [part for part in re.split(r"[-\s]", word.key) if len(part) > 3] if re.search(r"[-\s]", word.key) else []
        )
        more = [form for part in parts for form in (part, *_FORMS[language](part)[0])]
        widened.append(replace(word, forms=(*word.forms, *more)) if more else word)
    return tuple(widened)


def _split(match: re.Match[str], language: str) -> Iterable[tuple[int, int]]:
    """Elisions of French stand apart; what a Turkish apostrophe adds is left out of the word."""
    start, stop, word = match.start(), match.end(), match.group()
    if language == "fr" and (elided := _ELIDED.match(word)) and elided.end() < len(word):
        return ((start, start + elided.end() - 1), (start + elided.end(), stop))
    if language == "tr" and not word[0].isdigit() and (mark := re.search("['’]", word)):
        return ((start, start + mark.start()),)
    return ((start, stop),)


def _word(quote: str, text: str, start: int, stop: int, language: str) -> QuotedWord:
    shown = text[start:stop]
    if shown[0].isdigit():
        return QuotedWord(start, stop, shown, (re.sub(r"[\s\u00a0\u202f]", "", shown),), None)
    key = folded(shown, language)
    forms, number = _FORMS[language](key)
    return QuotedWord(start, stop, quote[start:stop], tuple(dict.fromkeys((key, *forms))), number)


@cache
def _parts(phrase: str, language: str) -> tuple[str, ...]:
    """A phrase of a lexicon as the keys of its words."""
    words: list[str] = []
    for match in _WORD.finditer(unicodedata.normalize("NFC", phrase)):
        spans = _split(match, language) if language == "fr" else ((match.start(), match.end()),)
        words += [folded(phrase[start:stop], language) for start, stop in spans]
    return tuple(words)


def _keys(phrase: str, language: str) -> Iterable[tuple[str, ...]]:
    """The words of a phrase as they stand; of several in an inflected language, in the forms of a dictionary too."""
    words = _parts(phrase, language)
    if language not in {"ru", "uk"} or len(words) < 2:
        return (words,) if words else ()
    return dict.fromkeys((words, tuple((*_slavic(word, language)[0], word)[0] for word in words)))


def _arabic(key: str) -> tuple[tuple[str, ...], str | None]:
    """A word without clitics and endings. A dual and a plural in -in look alike: the article tells them apart."""
    firsts = [first for first in language_words("ar").clitics if key.startswith(first) and len(key) - len(first) >= 2]
    stems = [key, *(key[len(first) :] for first in firsts)]
    forms = list(stems)
    for stem in stems:
        forms += [
            stem[: -len(last)]
            for last in language_words("ar").endings
            if stem.endswith(last) and len(stem) - len(last) >= 3
        ]
    number = "dual" if key.endswith(("ان", "ين")) and len(key) > 4 else None
    if number and key.endswith("ين") and any(key.startswith(first) for first in ("ال", "لل", "وال", "بال")):
        number = "many"
    if key.endswith("ون") and len(key) > 4:
        number = "many"
    return tuple(forms), number


def _persian(key: str) -> tuple[tuple[str, ...], str | None]:
    forms = [
        key[: -len(last)] for last in language_words("fa").endings if key.endswith(last) and len(key) - len(last) >= 2
    ]
    number = "many" if key.endswith(("ها", "هاي", "ان")) and len(key) > 3 else None
    return tuple(forms), number


def _turkish(key: str) -> tuple[tuple[str, ...], str | None]:
    """A word without one to four endings, each step kept."""
    forms: list[str] = []
    heads = [key]
    for _ in range(4):
        heads = [head[:cut] for head in heads for cut in _turkish_cuts(head)]
        forms += heads
    softened = [stem[:-1] + _TURKISH_HARD[stem[-1]] for stem in forms if stem[-1] in _TURKISH_HARD]
    return tuple(forms + softened), "many" if re.search("l[ae]r", key[2:]) else None


def _turkish_cuts(word: str) -> list[int]:
    cuts = [cut for cut in range(2, len(word)) if _TURKISH_LAST.fullmatch(word, cut)]
    return cuts[-3:]


def _slavic(key: str, language: str) -> tuple[tuple[str, ...], str | None]:
    parses = _morphology(language).parse(key)
    lemmas = [
        str(parse.normal_form).replace("ё", "е") if language == "ru" else str(parse.normal_form) for parse in parses[:6]
    ]
    numbers = {str(parse.tag.number) for parse in parses[:3] if parse.tag.number}
    return tuple(lemmas), "many" if numbers == {"plur"} else None


@cache
def _morphology(language: str) -> "MorphAnalyzer":
    from pymorphy3 import MorphAnalyzer  # noqa: PLC0415 - its dictionaries are loaded if such a language is read

    return MorphAnalyzer(lang=language)


def _spanish(key: str) -> tuple[tuple[str, ...], str | None]:
    forms = [key[: -len(last)] for last in ("es", "s") if key.endswith(last) and len(key) - len(last) >= 3]
    forms += [f"{key[:-3]}z"] if key.endswith("ces") else []
    forms += [f"{stem[:-1]}o" for stem in (key, *forms) if stem.endswith("a") and len(stem) > 3]
    forms += [stem[:-1] for stem in (key, *forms) if stem.endswith("a") and len(stem) > 4]
    plural = (key.endswith("s") and len(key) > 3 and not key.endswith(("is", "us", "es"))) or key.endswith(
        ("nes", "res", "les", "des", "tes", "ces")
    )
    return tuple(forms), "many" if plural else None


def _french(key: str) -> tuple[tuple[str, ...], str | None]:
    forms = [key[:-1]] if key.endswith(("s", "x")) and len(key) > 3 else []
    forms += [f"{key[:-3]}al"] if key.endswith("aux") else []
    for stem in (key, *forms):
        if stem.endswith("e") and len(stem) > 3:
            forms += [stem[:-1], *((stem[:-2],) if stem.endswith(("nne", "lle", "tte")) else ())]
        for ending, base_ending in language_words("fr").feminine.items():
            if stem.endswith(ending):
                forms.append(stem[: -len(ending)] + base_ending)
    return tuple(forms), "many" if key.endswith(("s", "x")) and len(key) > 4 and not key.endswith(
        ("ss", "ois", "ais")
    ) else None


_FORMS = {
    "ar": _arabic,
    "fa": _persian,
    "tr": _turkish,
    "ru": lambda key: _slavic(key, "ru"),
    "uk": lambda key: _slavic(key, "uk"),
    "es": _spanish,
    "fr": _french,
}
