"""What is particular in the sentences of a mention, as hashes: rare words, ages, numbers, and names in full.

Two reports of one event share such words if their dates and places are told otherwise or not at all. Nothing can be
read from the hashes but whether a word is among them; places and known actors are left out, they are compared as such.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from zlib import crc32

from tasks.reference.seeds import seed_path
from tasks.resolution.details import details_of

#: Characters before and after the sentence of a mention that are taken to be about it.
BEFORE, AFTER = 1000, 2500
#: What a shared word weighs by its class, about -ln of its share of documents: 5 %, 0.5 %, fewer.
WEIGHTS = (0.0, 4.0, 6.0, 8.0)
_CLASS_BITS = 2
_NAME_BIT = 1 << _CLASS_BITS
_LONGEST = 64
_COMMONNESS = "models/word_commonness.txt"
TOKEN = re.compile(r"\w+(?:['’.-]\w+)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Marks:
    """Sorted hashes: of telling words (each with its class and whether it is a name), and of names of two words; and
    the details told (``tasks/resolution/details.py``).
    """

    words: tuple[int, ...] = ()
    names: tuple[int, ...] = ()
    details: tuple[int, ...] = ()


def marks_of(text: str, start: int, stop: int, names_elsewhere: Iterable[str] = ()) -> Marks:
    """The marks of the sentence at ``text[start:end]`` and what stands around it.

    ``names_elsewhere`` are names that are compared elsewhere: the place, the actors.
    """
    apart = {word for name in names_elsewhere for word in map(fold_word, TOKEN.findall(name))}
    words: set[int] = set()
    names: set[int] = set()
    before = ""
    around = _around(text, start, stop)
    for written, word in _tokens(around):
        if word in apart or len(word) > _LONGEST or not word[:1].isalnum():
            before = "" if word != "." else before
            continue
        kind = commonness(word)
        capital = written[0].isupper()
        if kind and (len(word) > 2 or word.isdigit()):
            words.add(mark(word, kind, name=capital))
        if capital and before and kind + commonness(before) >= WEIGHT_OF_A_NAME:
            names.add(crc32(f"{before} {word}".encode()))
        before = word if capital and len(word) > 1 else before if capital else ""
    return Marks(tuple(sorted(words)), tuple(sorted(names)), details_of(around))


#: Two words are a name worth looking up if their classes add up to this: "Eddie Holmes", not "Police Department".
WEIGHT_OF_A_NAME = 4


def mark(word: str, kind: int, *, name: bool) -> int:
    """A word's mark: 29 bits of its hash, whether it is a name, and its class."""
    return crc32(word.encode()) & ~(_NAME_BIT | (_NAME_BIT - 1)) | (_NAME_BIT if name else 0) | kind


def weight(mark: int) -> float:
    """What a mark weighs if it is shared."""
    return WEIGHTS[mark & (_NAME_BIT - 1)]


def is_name(mark: int) -> bool:
    """Return True if a mark is of a word written with a capital."""
    return bool(mark & _NAME_BIT)


def fold_word(written: str) -> str:
    """A word as it is compared: small, straight apostrophes, no possessive."""
    return written.casefold().replace("’", "'").removesuffix("'s")


def commonness(word: str) -> int:
    """The class of a word: 0 common, 3 so rare that the development texts hold it in fewer than 1 of 2,000."""
    return _classes().get(word, len(WEIGHTS) - 1)


def _around(text: str, start: int, stop: int) -> str:
    """The stretch, without the halves of words at its ends."""
    first, last = max(0, start - BEFORE), min(len(text), stop + AFTER)
    while 0 < first < start and text[first - 1].isalnum():
        first += 1
    while last < len(text) and last > stop and text[last].isalnum():
        last -= 1
    return text[first:last]


def _tokens(text: str) -> Iterable[tuple[str, str]]:
    for match in TOKEN.finditer(text):
        yield match[0], fold_word(match[0])


@cache
def _classes() -> dict[str, int]:
    classes: dict[str, int] = {}
    kind = 0
    for line in seed_path(_COMMONNESS).read_text(encoding="utf-8").splitlines():
        if line.startswith("# class "):
            kind = int(line.removeprefix("# class "))
        elif not line.startswith("#"):
            classes |= dict.fromkeys(line.split(), kind)
    return classes
