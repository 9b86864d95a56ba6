"""Names of private persons: they stand in quotations, never in a column of their own.

Whom something was done to is told by what they are ("civilian", "brother", "journalist"). A name stays if
``seeds/actors.csv`` knows it, if it is a group's, a people's, or an acronym, and if it says whence somebody is
("residents of Mayadin"). Evidence and claims keep the words as they were written: they are quotations.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from schemas.mention import Actor, CodedArticle, EventMention, Role, Toll
from tasks.events.actors.quoted import is_description
from tasks.events.language.aliases import alias_hits
from tasks.events.language.vocabulary import event_words
from tasks.events.language.words import Word, joined, words_of
from tasks.reference.actors import actor_nouns
from tasks.reference.fold import fold
from tasks.reference.places import demonyms
from tasks.reference.seeds import seed_path
from tasks.reference.words.languages import language_of

#: What stands for somebody of whom only a name is told.
NAMELESS = "person"
_LEFT_OVER = re.compile(r"^[\s,;:.\-–—&]+|[\s,;:\-–—&]+$|^(?:and|or)\s+|(?:^|\s+)(?:and|or|named|called|a|an|the)$")


def without_private_names(coded: CodedArticle) -> CodedArticle:
    """An article's mentions without the names of persons things were done to."""
    shouted = not any(char.islower() for char in coded.article.text)
    return replace(coded, mentions=tuple(_nameless(mention, shouted) for mention in coded.mentions))


def _nameless(mention: EventMention, shouted: bool) -> EventMention:
    return replace(
        mention,
        actors=tuple(_actor(actor, mention.language, shouted) for actor in mention.actors),
        killed=_toll(mention.killed, shouted),
        injured=_toll(mention.injured, shouted),
        detained=_toll(mention.detained, shouted),
        displaced=_toll(mention.displaced, shouted),
    )


def _actor(actor: Actor, language: str, shouted: bool) -> Actor:
    if actor.role is not Role.TARGET or (language_of(language) and is_description(actor.name, language)):
        return actor
    name = public_part(actor.name, shouted=shouted) or NAMELESS
    return actor if name == actor.name else replace(actor, name=name)


def _toll(toll: Toll, shouted: bool) -> Toll:
    return toll if toll.who is None else replace(toll, who=public_part(toll.who, shouted=shouted) or NAMELESS)


def public_part(phrase: str, *, shouted: bool = False) -> str:
    """A description of persons without their names; empty if nothing is left of it.

    ``shouted`` says that the whole text is in capitals, which then tell nothing of names: it is left as it is.

    >>> public_part("brother Yousef"), public_part("ISIS commander Abu Ibrahim"), public_part("Mahmoud Hassan al-Zoubi")
    ('brother', 'ISIS commander', '')
    >>> public_part("Syrian government soldiers"), public_part("residents of Mayadin"), public_part("Liwa al-Quds")
    ('Syrian government soldiers', 'residents of Mayadin', 'Liwa al-Quds')
    >>> public_part("Samir HADDAD"), public_part("NADIA RAHME, a girl"), public_part("SDF and YPG")
    ('', 'a girl', 'SDF and YPG')
    """
    words = words_of(phrase)
    actor_words = {number for hit in alias_hits(words) for number in range(hit.first, hit.last)}
    names = {number for run in _runs(words) for number in _named(words, run, actor_words, shouted)}
    if not names:
        return phrase
    public = phrase
    for number in sorted(names, reverse=True):
        public = public[: words[number].start] + public[words[number].end :]
    return _tidied(public)


def _runs(words: Sequence[Word]) -> list[list[int]]:
    """The capitalised words that stand together, with the small parts of names and the titles between them."""
    runs: list[list[int]] = []
    for number, word in enumerate(words):
        if not (word.capital and not word.text[0].isdigit()) and word.folded not in event_words("name_particles"):
            continue
        if runs and runs[-1][-1] == number - 1 and (joined(word) or word.gap == ". "):
            runs[-1].append(number)
        else:
            runs.append([number])
    return [run for run in runs if any(words[n].capital for n in run)]


def _named(words: Sequence[Word], run: Sequence[int], actor_words: set[int], shouted: bool) -> set[int]:
    """Of capitalised words that stand together those that are a person's name.

    Words in capitals throughout are acronyms, but for those beside a name ("Samir HADDAD") and for two that could be
    spoken ("NADIA RAHME"): many papers set names so.
    """
    loud = {n for n in run if _is_loud(words[n])} - actor_words
    if not shouted and len(loud) > 1 and not _is_whence(words, run):
        return {n for n in run if n in loud or not _is_plain(words[n])} - actor_words
    if _is_public(words, run, actor_words):
        return set()
    name_words = {n for n in run if not _is_plain(words[n])} - actor_words
    return name_words | loud if name_words else name_words


def _is_loud(word: Word) -> bool:
    """Return True if a word in capitals could be a name: it can be spoken, and is no noun or people we know."""
    could_be = word.text.isupper() and len(word.text) > 2 and any(char in "aeiouy" for char in word.folded)
    return could_be and not _is_common(word)


def _is_whence(words: Sequence[Word], run: Sequence[int]) -> bool:
    return bool(run[0]) and words[run[0] - 1].folded in event_words("whence")


def _is_public(words: Sequence[Word], run: Sequence[int], actor_words: set[int]) -> bool:
    """Return True if capitalised words are no person's name."""
    if _is_whence(words, run):
        return True
    rest = [words[n] for n in run if n not in actor_words]
    return any(word.folded in _group_words() for word in rest) or all(_is_plain(word) for word in rest)


def _is_plain(word: Word) -> bool:
    """Return True if a capitalised word is a people, an acronym, or a common noun at the beginning of a sentence."""
    return (word.text.isupper() and len(word.text) > 1) or _is_common(word)


def _is_common(word: Word) -> bool:
    return word.folded in demonyms() or word.folded in actor_nouns() or _described(word.folded)


def _described(folded: str) -> bool:
    return any(folded in noun.split() for noun in actor_nouns())


@cache
def _group_words() -> frozenset[str]:
    """Words that make a name a group's."""
    lines = seed_path("organisation_words.txt").read_text(encoding="utf-8").splitlines()
    listed = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    return frozenset(listed | {noun.split()[-1] for noun, row in actor_nouns().items() if row.use == "group"})


def _tidied(text: str) -> str:
    """What is left, without the stops and small words that led to a name."""
    tidied = " ".join(re.sub(r"\(\s*\)", "", text).split()).replace(" ,", ",")
    while (shorter := _LEFT_OVER.sub("", tidied)) != tidied:
        tidied = shorter
    words = [word for word in tidied.split() if fold(word).strip(".-") not in event_words("name_particles")]
    return " ".join(words) if any(char.isalpha() for word in words for char in word) else ""
