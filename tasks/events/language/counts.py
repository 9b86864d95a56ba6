"""Counts in quotes of other languages than English: in figures of any script, in words, in both."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tasks.events.language.quoted import Lexicon, QuotedWord, lexicon_of
from tasks.reference.words.languages import folded, language_words

#: Languages whose counts in words text2num reads; it knows none of the others.
_TEXT2NUM = frozenset({"es", "fr"})
#: Words of a count text2num is shown at most.
_LONGEST = 9
#: What "dozens", "hundreds" and so on are worth: a count no text gives in words otherwise.
OPEN_COUNTS = frozenset({24, 200, 2_000, 20_000, 200_000, 2_000_000})
#: Above this a figure is no count of persons.
_MOST = 100_000_000


@dataclass(frozen=True, slots=True)
class Count:
    """A count by the places of its words, ``first`` to ``end``. ``vague``: a word such as "dozens"."""

    first: int
    end: int
    value: int
    vague: bool = False


@cache
def _numbers(language: str) -> Lexicon[int]:
    words = language_words(language)
    entries = [(word, value) for value, given in words.numbers.items() for word in given.split()]
    return Lexicon(language, entries)


@cache
def _times(language: str) -> Lexicon[int]:
    given = language_words(language).times.items()
    return Lexicon(language, [(word, value) for value, words in given for word in words.split()])


@cache
def _vague(language: str) -> Lexicon[int]:
    given = language_words(language).vague.items()
    return Lexicon(language, [(phrase, value) for value, phrases in given for phrase in phrases])


@cache
def ordinals(language: str) -> Lexicon[int]:
    """The words for "first", "second" and so on."""
    given = language_words(language).ordinals.items()
    return Lexicon(language, [(word, value) for value, words in given for word in words.split()])


@cache
def conjunctions(language: str) -> Lexicon[str]:
    """The words that join persons or the parts of a count."""
    return lexicon_of(language, {"and": language_words(language).conjunctions})


def counts_in(words: Sequence[QuotedWord], language: str) -> list[Count]:
    """Every count of a quote, in order, none overlapping."""
    counts: list[Count] = []
    index = 0
    while index < len(words):
        count = _count_at(words, index, language)
        if count is not None and count.value <= _MOST and not _is_age(words, count, language):
            counts.append(count)
        index = count.end if count is not None else index + 1
    return counts


def _is_age(words: Sequence[QuotedWord], count: Count, language: str) -> bool:
    """Return True if a count is an age: "29-річного мешканця", "de 26 años", "26 yaşındaki"."""
    after = words[count.end].key if count.end < len(words) else ""
    return any(after == age or (age.endswith("*") and after.startswith(age[:-1])) for age in _ages(language))


@cache
def _ages(language: str) -> tuple[str, ...]:
    return tuple(word if word.endswith("*") else folded(word, language) for word in language_words(language).ages)


def _count_at(words: Sequence[QuotedWord], first: int, language: str) -> Count | None:
    vague = _vague(language).at(words, first)
    if vague is not None and _is_vague(words, first, vague[0], language):
        return Count(first, first + vague[0], vague[1], vague=vague[1] in OPEN_COUNTS)
    if language in _TEXT2NUM and not words[first].figure and (spelled := _spelled(words, first, language)):
        return spelled
    return _added(words, first, language)


def _is_vague(words: Sequence[QuotedWord], first: int, length: int, language: str) -> bool:
    """Return True if a word is vague: "thousands" after a figure are not, nor is a hundred in the singular."""
    word = words[first]
    if first and (words[first - 1].figure or _numbers(language).at(words, first - 1)) and length == 1:
        return False
    times = _times(language).at(words, first)
    return length > 1 or times is None or word.key in _vague_keys(language)


@cache
def _vague_keys(language: str) -> frozenset[str]:
    return frozenset(folded(p, language) for phrases in language_words(language).vague.values() for p in phrases)


def _spelled(words: Sequence[QuotedWord], first: int, language: str) -> Count | None:
    """The longest run of words from here that text2num reads as one number."""
    from text_to_num import text2num  # noqa: PLC0415 - only if such a language is read

    best: Count | None = None
    for stop in range(first + 1, min(len(words), first + _LONGEST) + 1):
        if words[stop - 1].figure:
            break
        try:
            value = int(text2num(" ".join(word.text.lower() for word in words[first:stop]), language))
        except ValueError:
            continue
        best = Count(first, stop, value)
    return best


def _figure(word: QuotedWord) -> float:
    """The value of digits: a mark before three digits at the end parts thousands, any other begins a fraction."""
    parts = word.key.replace(",", ".").split(".")
    if len(parts) > 1 and all(len(part) == 3 for part in parts[1:]):
        return float("".join(parts))
    return float(word.key.replace(",", "."))


def _added(words: Sequence[QuotedWord], first: int, language: str) -> Count | None:
    """A count put together from its words: units, tens, hundreds, and what multiplies them."""
    total = current = 0.0
    last: float | None = None
    index = first
    while index < len(words):
        times = _times(language).at(words, index)
        number = None if times else _number_at(words, index, language)
        if times is not None and (last is not None or index == first):
            current = (current or 1) * times[1]
            last = times[1]
            if times[1] >= 1000:
                total, current = total + current, 0
            index += times[0]
        elif number is not None and (last is None or _follows(last, number[1], language)):
            current += number[1]
            last = number[1]
            index += number[0]
        elif last is not None and _joins(words, index, last, language):
            index += 1
        else:
            break
    return Count(first, index, int(total + current)) if last is not None else None


def _number_at(words: Sequence[QuotedWord], index: int, language: str) -> tuple[int, float] | None:
    if words[index].figure:
        return 1, _figure(words[index])
    return _numbers(language).at(words, index)


def _joins(words: Sequence[QuotedWord], index: int, last: float, language: str) -> bool:
    """Return True if an "and" carries a count on: "a thousand and 355"."""
    if words[index].figure or index + 1 >= len(words) or not conjunctions(language).at(words, index):
        return False
    number = _number_at(words, index + 1, language)
    return number is not None and last != 1 and _follows(last, number[1], language)


def _follows(last: float, value: float, language: str) -> bool:
    """Return True if a number carries on one that ends in ``last``: twenty-three, a thousand three hundred."""
    if language == "ar" and last < 10 and (value == 10 or (value in range(20, 100, 10))):
        return True
    if last >= 1000:
        return value < 1000
    return value < 100 if last >= 100 else last >= 10 and last % 10 == 0 and 0 < value < 10
