"""Texts in capitals, given the case a reader would: character by character, so that every offset stays what it was."""

import re
from functools import cache, lru_cache

from tasks.events.language.aliases import hits_in
from tasks.events.language.sentences import load_model
from tasks.events.language.vocabulary import event_words
from tasks.reference.actors import actors
from tasks.reference.gazetteer import lookup
from tasks.reference.seeds import SEEDS_DIR

_FILE = "models/casing.txt"
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
#: A text is in capitals if this share of its letters is, and it has so many.
_SHARE, _LETTERS = 0.8, 40
_OPENS = re.compile(r"(?:^|[.!?\n\"“]|\]|--)[\s\"“(]*$")
#: A number beside a month that is a word too makes it a month.
_BESIDE_DAY = re.compile(r"\d\s\w|\w\s\d")
#: An acronym in brackets after its name is no longer than this.
_ACRONYM = 6


@cache
def _words() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The words usually written small, those usually in capitals, and those with one."""
    lines = (SEEDS_DIR / _FILE).read_text(encoding="utf-8").splitlines()
    small, upper, capital = (frozenset(line.split()) for line in lines if not line.startswith("#"))
    return small, upper | _acronyms(), capital


@cache
def _acronyms() -> frozenset[str]:
    """Names of actors that are written in capitals: FMLN, ISIS."""
    names = (name for actor in actors().values() for name in actor.names)
    return frozenset(name.lower() for name in names if name.isupper() and name.isalpha() and name not in ("IS", "IT"))


_PLURALS = (("men", "man"), ("ies", "y"))


@cache
def _dictionary() -> tuple[frozenset[str], frozenset[str]]:
    """The language model's own index of common words: verbs, adjectives and adverbs; and nouns, names among them."""
    table = load_model().get_pipe("lemmatizer").lookups.get_table("lemma_index")  # type: ignore[attr-defined]
    plain = frozenset(word for part in ("verb", "adj", "adv") for word in table[part])
    return plain, frozenset(table["noun"])


@lru_cache(maxsize=50_000)
def _is_common(word: str) -> bool:
    """Return True if an uncounted word is an English word: in the index, or a form of one, and no known place."""
    plain, nouns = _dictionary()
    stems = _stems(word)
    if stems & plain:
        return True
    return bool(stems & nouns) and not lookup(word)


def _stems(word: str) -> set[str]:
    """What a word may be a form of, itself among them."""
    stems = {word, *(word.removesuffix(ending) + more for ending in ("s", "es", "ed", "ing") for more in ("", "e"))}
    return stems | {f"{word[: -len(ending)]}{single}" for ending, single in _PLURALS if word.endswith(ending)}


@lru_cache(maxsize=50_000)
def is_plain_word(word: str) -> bool:
    """Return True if a lower-case word is an English word, even if a name is spelled the same: "human", "hit"."""
    return word in _words()[0] or not _stems(word).isdisjoint(_dictionary()[0])


def is_shouted(text: str) -> bool:
    """Return True if a text is written in capitals throughout."""
    letters = sum(map(str.isalpha, text))
    return letters >= _LETTERS and sum(map(str.isupper, text)) > _SHARE * letters


def true_cased(text: str) -> str:
    """A text in capitals with names and openings of sentences capital and the rest small; of the same length.

    >>> true_cased("GUNMEN KILLED FOUR PEASANTS IN SONSONATE ON 3 MAY. THE FMLN DENIED IT.")
    'Gunmen killed four peasants in Sonsonate on 3 May. The FMLN denied it.'
    """
    if not is_shouted(text):
        return text
    return _with_actors(_WORD.sub(lambda match: _cased(match, text), text), text)


def _with_actors(cased: str, text: str) -> str:
    """The known actors of several words with their capitals: "Shining Path"."""
    parts, done = [], 0
    for hit in hits_in(text):
        if hit.words > 1:
            parts += [cased[done : hit.start], _WORD.sub(_capital, cased[hit.start : hit.end])]
            done = hit.end
    return "".join([*parts, cased[done:]])


def _capital(match: re.Match[str]) -> str:
    word = match[0]
    return word if word in event_words("inside_names") else word[0].upper() + word[1:]


def _cased(match: re.Match[str], text: str) -> str:
    word, (small, upper, capital) = match[0], _words()
    lower = word.lower() if word.isascii() else "".join(c.lower() if len(c.lower()) == 1 else c for c in word)
    bracketed = text[match.start() - 1 : match.start()] == "(" and text[match.end() : match.end() + 1] == ")"
    if lower in upper or (bracketed and len(word) <= _ACRONYM and lower not in small):
        return word
    if lower in event_words("months_that_are_words") and _BESIDE_DAY.search(
        text[max(0, match.start() - 3) : match.end() + 3]
    ):
        return word[0] + lower[1:]
    plain = lower in small or (lower not in capital and _is_common(lower))
    if plain and _OPENS.search(text[max(0, match.start() - 6) : match.start()]) is None:
        return lower
    return word[0] + lower[1:]
