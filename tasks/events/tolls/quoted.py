"""The number of persons in a quote of another language than English.

Numbers come from ``language/counts.py``; the words that bound them ("at least"), deny them or stand for one or two
persons are in ``seeds/languages``. What a quote gives no number for is no toll.
"""

from collections.abc import Hashable, Iterable, Sequence
from functools import cache

from schemas.mention import Toll
from tasks.events.language.counts import OPEN_COUNTS, Count, conjunctions, counts_in
from tasks.events.language.quoted import Lexicon, QuotedWord, lexicon_of, quoted_words
from tasks.reference.words.languages import language_words

#: Languages whose nouns have no plural after a number: "12 hakim ve savcı" are twelve together.
_NOUNS_ALIKE = frozenset({"tr", "fa"})
#: One person.
ONE = Toll(1, 1, 1)
#: What a word before or after a number makes of its bounds.
_BOUNDS = ("at_least", "more_than", "at_most", "nearly", "about")


@cache
def _bounds(language: str) -> Lexicon[str]:
    words = language_words(language)
    return lexicon_of(language, {name: getattr(words, name) for name in _BOUNDS})


@cache
def _small_words(language: str) -> Lexicon[str]:
    words = language_words(language)
    return lexicon_of(
        language,
        {
            "nobody": words.nobody,
            "some": words.some,
            "also": words.also,
            "between": words.between,
            "one": words.one,
        },
    )


@cache
def _nouns(language: str) -> Lexicon[str]:
    """The words for persons, by whether they are for one or for several."""
    kinds = language_words(language).nouns.values()
    singular = [noun for kind in kinds for noun in kind.one.split()]
    return lexicon_of(
        language,
        {"one": singular, "many": [noun for kind in kinds for noun in kind.many.split() if noun not in singular]},
    )


def read_toll(quote: str, language: str) -> Toll | None:
    """The persons a quote counts; ``None`` if it counts none.

    >>> read_toll("على الأقل 12 قتيلا", "ar"), read_toll("двух солдат", "ru").best
    (Toll(low=12, best=12, high=None, who=None), 2)
    """
    words = quoted_words(quote, language)
    counts = counts_in(words, language)
    if not counts and any(hit[2] == "nobody" for hit in _small_words(language).found(words)):
        return Toll(0, 0, 0)
    if (spread := _spread(words, counts, language)) is not None:
        return spread
    pieces = list(_pieces(words, language))
    if counts and language in _NOUNS_ALIKE:
        pieces = [piece for piece in pieces if counts_in(piece, language)]
    parts = [part for part in (_part(piece, language) for piece in pieces) if part is not None]
    exact = [part for part in parts if part.low == part.best == part.high]
    if len(parts) > 1 and len(exact) == len(parts):
        total = sum(part.best or 0 for part in parts)
        return Toll(total, total, total)
    return parts[0] if parts else None


def tells_of_more(sentence: str, language: str) -> bool:
    """Return True if a sentence adds to what was told before it: "También fue detenido ..."."""
    return any(hit[2] == "also" for hit in _small_words(language).found(quoted_words(sentence, language)))


def is_several(quote: str, language: str) -> bool:
    """Return True if a quote speaks of some persons without any number: "عدد من مرافقيه"."""
    words = quoted_words(quote, language)
    return not counts_in(words, language) and any(hit[2] == "some" for hit in _small_words(language).found(words))


def together(numbered: Sequence[tuple[Hashable, Toll]]) -> Toll | None:
    """The toll of several quotes, each with what it is an account of: its sentence, and who gives it.

    Persons one account tells of one after another are added up; what another says is another figure for the same.
    Figures that differ give low and high, the first is the best; words such as "dozens" give way to figures.
    """
    figures: dict[Toll, None] = {}
    parts: set[Toll] = set()
    for account in dict.fromkeys(account_of for account_of, _ in numbered):
        in_sentence = [toll for account_of, toll in numbered if account_of == account]
        nobody = [toll for toll in in_sentence if toll.high == 0]
        some = [toll for toll in in_sentence if toll.high != 0]
        if some and (summed := _of_sentence(some)) not in parts:
            figures.setdefault(summed)
            parts.update(some)
        figures.update(dict.fromkeys(nobody))
    exact = [toll for toll in figures if not _is_open(toll)]
    different = exact or list(figures)
    if len(different) < 2:
        return different[0] if different else None
    lows = [toll.low for toll in different if toll.low is not None]
    highs = [toll.high for toll in different if toll.high is not None]
    high = max(highs) if len(highs) == len(different) else None
    return Toll(min(lows, default=None), different[0].best, high, different[0].who)


def _of_sentence(tolls: Sequence[Toll]) -> Toll:
    different = list(dict.fromkeys(tolls))
    ones = sum(1 for toll in tolls if toll == ONE)
    if all(toll.best is not None and toll.low == toll.best == toll.high for toll in tolls):
        total = ones + sum(toll.best or 0 for toll in different if toll.best != 1)
        return Toll(total, total, total, tolls[0].who)
    return next((toll for toll in different if not _is_open(toll)), different[0])


def _is_open(toll: Toll) -> bool:
    """Return True if it is a word such as "dozens": a bound of a round figure."""
    return toll.high is None and toll.best in OPEN_COUNTS


def _spread(words: Sequence[QuotedWord], counts: list[Count], language: str) -> Toll | None:
    """Reads "between 8 and 12", and "8-12"."""
    if len(counts) != 2 or counts[0].value >= counts[1].value or any(count.vague for count in counts):
        return None
    between = any(hit[2] == "between" and hit[1] <= counts[0].first + 1 for hit in _small_words(language).found(words))
    touching = counts[0].end == counts[1].first and words[counts[0].end - 1].figure and words[counts[1].first].figure
    if not touching and not (between and counts[1].first - counts[0].end == 1):
        return None
    low, high = counts[0].value, counts[1].value
    return Toll(low, (low + high) // 2, high)


def _pieces(words: Sequence[QuotedWord], language: str) -> Iterable[Sequence[QuotedWord]]:
    """The quote cut at its conjunctions, those inside a number apart."""
    inside = {index for count in counts_in(words, language) for index in range(count.first, count.end)}
    begin, position = 0, 0
    while position < len(words):
        hit = conjunctions(language).at(words, position)
        joined = _is_joined(words[position], language)
        if position > begin and position not in inside and (hit is not None or joined):
            yield words[begin:position]
            begin = position if joined else position + (hit[0] if hit else 1)
        position += 1
    if begin < len(words):
        yield words[begin:]


def _is_joined(word: QuotedWord, language: str) -> bool:
    """Return True if an Arabic word begins with "and": "وامرأة", if the rest is a word for a person."""
    if language != "ar" or not word.key.startswith("و") or len(word.key) < 4:
        return False
    rest = quoted_words(word.text[1:], language)
    return bool(rest and _nouns(language).at(rest, 0)) and not _nouns(language).at([word_alone(word)], 0)


def word_alone(word: QuotedWord) -> QuotedWord:
    """A word under no form but its own."""
    return QuotedWord(word.start, word.end, word.text, (word.key,), word.number)


def _part(words: Sequence[QuotedWord], language: str) -> Toll | None:
    counts = counts_in(words, language)
    bounds = {hit[2] for hit in _bounds(language).found(words)}
    if counts:
        low = min(counts, key=lambda count: count.value) if counts[0].vague else counts[0]
        return _bounded(low, bounds)
    return _by_form(words, language)


def _bounded(count: Count, bounds: set[str]) -> Toll:
    value = count.value
    if count.vague or bounds & {"at_least", "more_than"}:
        return Toll(value, value, None)
    if bounds & {"at_most", "nearly"}:
        return Toll(None, value, value)
    return Toll(value, value, value)


def _by_form(words: Sequence[QuotedWord], language: str) -> Toll | None:
    """One person or two by the form of the word: "شخصان" are two, "un soldado" and a name are one."""
    small = {hit[2] for hit in _small_words(language).found(words)}
    if "some" in small:
        return None
    nouns = _nouns(language).found(words)
    head = words[nouns[0][0]] if nouns else None
    if "one" in small or (head is None and not any(word.number == "many" for word in words[:1])):
        return ONE
    if head is None:
        return None
    if head.number == "dual" and nouns[0][2] == "one":
        return Toll(2, 2, 2)
    plural = head.number == "many" or nouns[0][2] == "many"
    return None if plural else ONE
