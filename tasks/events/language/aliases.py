"""Known actors by their names: whole words, the longest name first."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from tasks.events.language.words import Word, joined, words_of
from tasks.reference.actors import actors
from tasks.reference.fold import name_key


@dataclass(frozen=True, slots=True)
class AliasHit:
    """A known actor's name in a text: its characters, its words (``first`` to ``last``, end excluded), and whose."""

    start: int
    end: int
    text: str
    first: int
    last: int
    actor_id: str

    @property
    def words(self) -> int:
        """How many words the name has."""
        return self.last - self.first


@dataclass(frozen=True, slots=True)
class _Name:
    actor_id: str
    raw: str

    @property
    def strict(self) -> bool:
        """Short acronyms keep their capitals: ``SAA``, ``IS`` and ``LeT`` are names, "is" and "let" are none."""
        return len(self.raw) <= 4 and any(letter.isupper() for letter in self.raw[1:])


@cache
def _names() -> dict[str, dict[tuple[str, ...], _Name]]:
    """Names by their first word, then by all of their words."""
    names: dict[str, dict[tuple[str, ...], _Name]] = {}
    for actor in actors().values():
        for raw in actor.names:
            key = tuple(name_key(raw).split())
            names.setdefault(key[0], {}).setdefault(key, _Name(actor.id, raw))
    return names


@cache
def _beginnings() -> frozenset[tuple[str, ...]]:
    """The words every name begins with: the first, the first two, and so on to all of them."""
    return frozenset(key[:length] for names in _names().values() for key in names for length in range(1, len(key) + 1))


@lru_cache(maxsize=8)
def hits_in(text: str, offset: int = 0) -> tuple[AliasHit, ...]:
    """The known actors a text names (``alias_hits``), kept for whoever reads the same text next."""
    return alias_hits(words_of(text, offset))


def alias_hits(words: Sequence[Word]) -> tuple[AliasHit, ...]:
    """The known actors some words name, in order, none overlapping. Arabic articles count for nothing."""
    hits: list[AliasHit] = []
    letters = [word.text for word in words if word.text[0].isalpha()]
    shouting = len(letters) > 3 and sum(text.isupper() for text in letters) > 0.8 * len(letters)
    index, begins = 0, _names().keys()
    while index < len(words):
        word = words[index]
        hit = None if word.folded not in begins or word.article else _hit_at(words, index)
        if hit is not None and shouting and len(hit.text) < 3:
            hit = None
        if hit is None:
            index += 1
            continue
        hits.append(hit)
        index = hit.last
    return tuple(hits)


def _hit_at(words: Sequence[Word], first: int) -> AliasHit | None:
    names = _names().get(words[first].folded)
    if names is None:
        return None
    key: list[str] = []
    best: tuple[int, _Name] | None = None
    for last in range(first, len(words)):
        word = words[last]
        if last > first and not (joined(word) or word.gap == "/"):
            break
        if word.article and last > first:
            continue
        key.extend(word.folded.split())
        if tuple(key) not in _beginnings():
            break
        name = names.get(tuple(key))
        if name is not None and _written(words[first : last + 1], name):
            best = last + 1, name
        if word.possessive:
            break
    if best is None:
        return None
    begin = first - 1 if first and words[first - 1].article and words[first].gap != " " else first
    last, name = best
    text = " ".join(word.text for word in words[begin:last])
    return AliasHit(words[begin].start, words[last - 1].end, text, begin, last, name.actor_id)


def _written(words: Sequence[Word], name: _Name) -> bool:
    """Return True if the words are written as a name: acronyms as they are, other names with a capital somewhere."""
    if name.strict:
        return all(word.text == name.raw or word.text.replace(".", "").isupper() for word in words)
    return any(word.text[0].isupper() for word in words) or name.raw.islower() or not words[0].text.isascii()
