"""The words of a sentence as the toll grammar sees them: tokens, counts, nouns for persons and for things."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from tasks.events.language.numbers import NumberSpan, find_numbers
from tasks.reference.words.grammar_words import casualty_words, date_words

_WORD = re.compile(r"[^\W_][\w]*(?:[-'\u2019.](?=\w)[\w]+)*|\S")


@cache
def function_words(name: str) -> frozenset[str]:
    """A list of function words of the seed, by name."""
    return frozenset(casualty_words().function_words[name].split())


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a mark, or a whole count (``number``). ``lower`` is what rules look at."""

    start: int
    end: int
    text: str
    lower: str
    number: NumberSpan | None = None

    @property
    def is_word(self) -> bool:
        """Return True if it is a word rather than a mark or a count."""
        return self.number is None and self.text[0].isalnum()


#: Two readers ask for the tokens of each sentence of a text: tolls, then everybody counted.
@lru_cache(maxsize=1_000)
def tokens_of(text: str) -> tuple[Token, ...]:
    """The tokens of a text; every count is one token."""
    made: list[Token] = []
    at = 0
    for number in (*find_numbers(text), None):
        edge = number.start if number else len(text)
        made += (Token(m.start(), m.end(), m[0], m[0].lower()) for m in _WORD.finditer(text, at, edge))
        if number:
            made.append(Token(number.start, number.end, number.quote, number.quote.lower(), number))
            at = number.end
    return tuple(made)


@cache
def calendar_words() -> frozenset[str]:
    """Words of the calendar: no part of a name or a noun phrase."""
    words = date_words()
    names = [
        *words.months.values(),
        *words.weekdays.values(),
        words.parts_of_day,
        function_words("days_by_word"),
    ]
    return frozenset(name.lower() for group in names for name in group)


@cache
def _persons() -> frozenset[str]:
    return frozenset(word.lower() for word in casualty_words().persons)


@cache
def thing_nouns() -> frozenset[str]:
    """Nouns that are counted and are no persons."""
    return frozenset(word.lower() for word in casualty_words().not_persons)


@cache
def toll_words() -> frozenset[str]:
    """Words of tolls that cannot be the head of a group."""
    kinds = casualty_words().kinds.values()
    return frozenset(
        phrase
        for words in kinds
        for phrases in (words.participles, words.verbs, words.states)
        for phrase in phrases
        if " " not in phrase
    )


@cache
def _opening() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Phrases of tolls by their first word, if that is no toll word by itself: "taken to the hospital"."""
    table: dict[str, list[tuple[str, ...]]] = {}
    for words in casualty_words().kinds.values():
        for phrase in (*words.participles, *words.states):
            if " " in phrase and phrase.split()[0] not in function_words("stops"):
                table.setdefault(phrase.split()[0], []).append(tuple(phrase.split()))
    return {first: tuple(phrases) for first, phrases in table.items()}


def opens_toll_phrase(tokens: tuple[Token, ...], at: int) -> bool:
    """Return True if a phrase of several words that makes a toll begins at a token."""
    phrases = _opening().get(tokens[at].lower)
    return phrases is not None and any(phrase_at(tokens, at, words) for words in phrases)


#: How many words the gap of a phrase may hold: "taken to * hospital".
_GAP = 5


def phrase_at(tokens: tuple[Token, ...], at: int, words: tuple[str, ...]) -> int:
    """Where a phrase that begins at a token ends, 0 if it does not stand there; "*" is one to five words."""
    for index, word in enumerate(words):
        if word == "*":
            rest = words[index + 1 :]
            ends = (
                phrase_at(tokens, after, rest)
                for after in range(at + 1, at + _GAP + 1)
                if _are_words(tokens, at, after)
            )
            return next((stop for stop in ends if stop), 0)
        if at >= len(tokens) or tokens[at].lower != word:
            return 0
        at += 1
    return at


def _are_words(tokens: tuple[Token, ...], first: int, last: int) -> bool:
    return last <= len(tokens) and all(token.is_word or token.lower == "'s" for token in tokens[first:last])


@cache
def toll_nouns() -> frozenset[str]:
    """Counted nouns of tolls ("16 deaths"): not persons, not things."""
    kinds = casualty_words().kinds.values()
    return frozenset(noun for words in kinds for noun in words.count_nouns)


def listed(word: str, words: frozenset[str]) -> bool:
    """A word or its singular is listed; compounds go by their last part ("co-pilots", "13-year-old boy")."""
    word = word.removesuffix("'s").removesuffix("\u2019s")
    forms = {
        word,
        word.removesuffix("s"),
        word.removesuffix("es"),
        word.rsplit("-", 1)[-1],
        word.rsplit("-", 1)[-1].removesuffix("s"),
    }
    return bool(forms & words) or (word.endswith("ies") and word[:-3] + "y" in words)


@lru_cache(maxsize=60_000)
def is_person(word: str) -> bool:
    """Return True if a noun is one for persons."""
    return listed(word, _persons()) or bool(re.fullmatch(r"\d+-years?-olds?", word))


def is_plural(word: str) -> bool:
    """Return True if a noun stands in the plural."""
    return word in function_words("irregular_plurals") or (
        word.endswith("s") and not word.endswith(("ss", "'s", "\u2019s", "us", "is"))
    )
