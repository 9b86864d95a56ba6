"""Which sentences of a text are worth a parse: those whose words can be a trigger, or say who did it."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from schemas.mention import Stance
from tasks.events.claims import claim_words
from tasks.events.language.sentences import Sentence, load_model
from tasks.events.language.vocabulary import TriggerRow, vocabulary

_WORD = re.compile(r"[^\W\d_]+")
_PARTS_OF_SPEECH = ("verb", "noun", "adj")
#: Sentences from the top that are always parsed: where they play is carried over to the others.
_LEAD = 2


@cache
def _tables() -> tuple[dict[str, dict[str, list[str]]], dict[str, list[list[str]]]]:
    """The language model's own irregular forms and suffix rules, by part of speech."""
    lookups = load_model().get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]
    exceptions, rules = lookups.get_table("lemma_exc"), lookups.get_table("lemma_rules")
    return {pos: exceptions[pos] for pos in _PARTS_OF_SPEECH}, {pos: rules[pos] for pos in _PARTS_OF_SPEECH}


@lru_cache(maxsize=50_000)
def forms(word: str) -> frozenset[str]:
    """Everything a lower-case word may be a form of, itself included: more than it is, never less."""
    exceptions, rules = _tables()
    found = {word, word.removesuffix("s"), f"{word.removesuffix('ed')}e", f"{word.removesuffix('ing')}e"}
    for pos in _PARTS_OF_SPEECH:
        found.update(exceptions[pos].get(word, ()))
        found.update(word[: len(word) - len(old)] + new for old, new in rules[pos] if word.endswith(old))
    return frozenset(found)


@cache
def _entries() -> dict[str, tuple[tuple[tuple[str, ...], TriggerRow], ...]]:
    """The triggers by the word that heads them, verbs and nouns together."""
    known = vocabulary()
    heads = known.verbs.keys() | known.nouns.keys()
    return {head: (*known.verbs.get(head, ()), *known.nouns.get(head, ())) for head in heads}


@cache
def _accusing() -> frozenset[str]:
    """Verbs of saying that tell who did it, or that it was not so."""
    told = {w.lemma for w in claim_words().values() if w.stance is not Stance.ASSERTS or w.about == "responsibility"}
    return frozenset(told | {"responsibility", "suspect"})


def may_hold_trigger(text: str) -> bool:
    """Whether some words can be a trigger under its conditions: never no where they are one."""
    words = frozenset(match[0].lower() for match in _WORD.finditer(text))
    known = frozenset().union(*map(forms, words)) if words else frozenset()
    heads = known & _entries().keys()
    return any(_meets(phrase, row, words, known) for head in heads for phrase, row in _entries()[head])


def _meets(phrase: tuple[str, ...], row: TriggerRow, words: frozenset[str], known: frozenset[str]) -> bool:
    if row.unless & words or not known.issuperset(phrase):
        return False
    return all(not wanted or _any_of(wanted, known) for wanted in (row.near, row.object, row.subject))


def _any_of(wanted: frozenset[str], known: frozenset[str]) -> bool:
    """Whether one of some words or compounds is there, word by word."""
    if not wanted.isdisjoint(known):
        return True
    return any(known.issuperset(entry.split()) for entry in wanted if " " in entry)


def worth_parsing(text: str, sentences: tuple[Sentence, ...]) -> frozenset[int]:
    """The indexes of the sentences to parse: hits, their neighbours, and the lead; none where nothing is hit."""
    hits = [s.index for s in sentences if may_hold_trigger(text[s.start : s.end])]
    if not hits:
        return frozenset()
    told = [s.index for s in sentences if _accuses(text[s.start : s.end])]
    return frozenset(_around(hits, len(sentences))) | frozenset(told) | frozenset(range(min(_LEAD, len(sentences))))


def _accuses(text: str) -> bool:
    return any(not forms(m[0].lower()).isdisjoint(_accusing()) for m in _WORD.finditer(text))


def _around(hits: list[int], count: int) -> Iterator[int]:
    for hit in hits:
        yield from (index for index in (hit - 1, hit, hit + 1) if 0 <= index < count)
