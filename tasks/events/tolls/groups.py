"""Groups of persons in a sentence: "at least 16 Syrian soldiers", "a woman and her two children", "27 others".

A shallow reading over tokens: no parser, no names of things, only what the words of ``seeds/casualty_words.yml`` say.
"""

import re
from dataclasses import dataclass
from functools import cache

from tasks.events.language.rules import CountRule
from tasks.events.tolls.tokens import (
    Token,
    calendar_words,
    function_words,
    is_person,
    is_plural,
    listed,
    opens_toll_phrase,
    thing_nouns,
    toll_nouns,
    toll_words,
)
from tasks.reference.places import demonyms

#: Words of one noun phrase after its count.
_LONGEST_BODY = 9


_ARTICLES = frozenset({"a", "an"})


@cache
def _skipped() -> frozenset[str]:
    """What may stand before a noun for persons, or before its count."""
    return function_words("before_counts") | function_words("possessives")


@cache
def _definite() -> frozenset[str]:
    """What says which person is meant."""
    return function_words("demonstratives") | function_words("possessives")


@cache
def _trailing() -> frozenset[str]:
    """What no noun phrase ends with, unless it is a noun for persons."""
    return _skipped() - {"other"}


@cache
def _stops() -> frozenset[str]:
    """What ends a name or a noun phrase."""
    return function_words("stops") | calendar_words()


_NOBODY = frozenset({"nobody", "none"})


@dataclass(frozen=True, slots=True)
class Group:
    """Some persons: tokens ``first`` to ``last`` (exclusive), the figure, the noun phrase.

    ``rule`` is how the figure was read: a rule of ``numbers``, or ``article``, ``singular``, ``name``, ``pronoun``,
    ``nobody``, ``plural`` (no figure). ``person`` is ``None`` if no noun says what is counted ("killing 16").
    """

    first: int
    last: int
    low: int | None
    best: int | None
    high: int | None
    rule: CountRule
    number: tuple[int, int] | None
    who: tuple[int, int] | None
    person: bool | None
    subset: bool = False

    @property
    def counted(self) -> bool:
        """Return True if it has any figure."""
        return self.low is not None or self.best is not None or self.high is not None


def _body(tokens: tuple[Token, ...], at: int) -> int:
    """Where the words of a noun phrase end that begins at a token."""
    stop = at
    while stop < len(tokens) and stop - at < _LONGEST_BODY:
        token = tokens[stop]
        if not token.is_word or token.lower in _stops():
            break
        if token.lower in toll_words() and not (
            stop + 1 < len(tokens) and is_person(tokens[stop + 1].lower) and not _verbal(tokens, stop)
        ):
            break
        if stop > at and token.lower.endswith("ed") and is_person(tokens[stop - 1].lower):
            break
        if opens_toll_phrase(tokens, stop):
            break
        if token.lower in toll_nouns() and stop > at and is_person(tokens[stop - 1].lower):
            break
        stop += 1
    while (
        stop > at
        and (tokens[stop - 1].lower in _trailing() or tokens[stop - 1].lower.endswith("ly"))
        and not is_person(tokens[stop - 1].lower)
    ):
        stop -= 1
    return stop


def _verbal(tokens: tuple[Token, ...], at: int) -> bool:
    """A participle before a person noun that still is the verb ("soldiers killed civilians")."""
    return at > 0 and is_person(tokens[at - 1].lower)


def _span(tokens: tuple[Token, ...], first: int, last: int) -> tuple[int, int] | None:
    return (tokens[first].start, tokens[last - 1].end) if last > first else None


def _counted(tokens: tuple[Token, ...], first: int, at: int) -> Group:
    """A group whose figure is token ``at``."""
    number = tokens[at].number
    assert number is not None  # noqa: S101 - the caller saw it
    start = at + 1
    if (
        start < len(tokens)
        and tokens[start].lower == "of"
        and (number.rule is CountRule.VAGUE or number.quote.lower().endswith(("dozen", "hundred")))
    ):
        start += 1
    if start + 1 < len(tokens) and tokens[start].lower == "of" and tokens[start + 1].lower in function_words("of_them"):
        start += 2
    stop = _body(tokens, start)
    head = tokens[stop - 1].lower if stop > start else ""
    person = None if not head else is_person(head) or (not listed(head, thing_nouns()) and None)
    if head and listed(head, thing_nouns()) and not is_person(head):
        person = False
    if person is None and any(is_person(t.lower) for t in tokens[start:stop]):
        person = True
    figure = (number.start, number.end)
    return Group(
        first, stop, number.low, number.best, number.high, number.rule, figure, _span(tokens, start, stop), person
    )


def _one(tokens: tuple[Token, ...], first: int, start: int, rule: CountRule) -> Group | None:
    """A single person: "a soldier", "the boy", "his wife"."""
    stop = _body(tokens, start)
    if stop == start:
        return None
    head = tokens[stop - 1].lower
    if (batch := _batch(tokens, first, stop)) is not None:
        return batch
    person = next((i for i in range(stop - 1, start - 1, -1) if is_person(tokens[i].lower)), None)
    thing = listed(head, thing_nouns()) if person is None else _names_a_thing(tokens[person + 1 : stop])
    if (rule is CountRule.ARTICLE and thing) or (rule is not CountRule.ARTICLE and person is None):
        return None
    if person is None:
        return Group(
            first, stop, 1, 1, 1, CountRule.ARTICLE, _span(tokens, first, start), _span(tokens, start, stop), None
        )
    number = _span(tokens, first, start) if rule is CountRule.ARTICLE else None
    if is_plural(tokens[person].lower) or tokens[person].lower in ("other", "family"):
        plural = rule is not CountRule.ARTICLE
        return (
            Group(first, stop, None, None, None, CountRule.PLURAL, None, _span(tokens, start, stop), True)
            if plural
            else None
        )
    return Group(first, stop, 1, 1, 1, rule, number, _span(tokens, start, stop), True)


def _batch(tokens: tuple[Token, ...], first: int, at: int) -> Group | None:
    """The persons that the noun before ``at`` holds: "a family of six"; "an unknown number of women" has no figure."""
    head = tokens[at - 1].lower
    if head not in function_words("batches") or at + 1 >= len(tokens) or tokens[at].lower != "of":
        return None
    if tokens[at + 1].number:
        return _counted(tokens, first, at + 1)
    stop = _body(tokens, at + 1)
    if head != "number" or stop == at + 1:
        return None
    return Group(first, stop, None, None, None, CountRule.PLURAL, None, _span(tokens, at + 1, stop), True)


def _names_a_thing(after: tuple[Token, ...]) -> bool:
    """Return True if the words after a person's make it a modifier: "an Israeli incursion"."""
    return bool(after) and after[-1].text[0].islower() and not after[0].lower.endswith(("ing", "ed", "ly"))


def _name(tokens: tuple[Token, ...], at: int) -> Group | None:
    """A name of one to five capitalised words, with its age: "Eddie Holmes, 13"."""
    stop = at
    while (
        stop < len(tokens)
        and stop - at < 5
        and tokens[stop].is_word
        and tokens[stop].text[0].isupper()
        and tokens[stop].lower not in _stops()
    ):
        stop += 1
    if stop == at or tokens[at].lower in _skipped() or _is_many(tokens, at, stop) or says(tokens, stop):
        return None
    if tokens[stop - 1].lower in demonyms() and stop < len(tokens) and tokens[stop].text[0].islower():
        # "Iranian military experts" names nobody.
        return None
    return Group(at, stop, 1, 1, 1, CountRule.NAME, None, _span(tokens, at, stop), None)


def _is_many(tokens: tuple[Token, ...], first: int, stop: int) -> bool:
    """Return True if capitalised words name more than one: "Syrians", "Desert Hawks"; "Eva Flores" is one person.

    Of two words or three a name in -es, -os, -as is a person's, unless the word is one for groups.
    """
    last = tokens[stop - 1].lower
    if not is_plural(last):
        return False
    romance = last.endswith(("es", "os", "as")) and 1 < stop - first < 5
    groups = function_words("many") | toll_nouns()
    return not romance or last in groups or is_person(last) or listed(last, thing_nouns()) or last in demonyms()


def says(tokens: tuple[Token, ...], at: int) -> bool:
    """Return True if a verb of saying follows a name: "injuring 43, Governor Khalid Omar said"."""
    return at < len(tokens) and tokens[at].lower in function_words("saying")


def group_at(tokens: tuple[Token, ...], at: int, *, names: bool = False) -> Group | None:
    """The group of persons that begins at a token, if one does. ``names`` lets in proper names."""
    first = at
    while at < len(tokens) and tokens[at].lower in _skipped() and at - first < 3:
        at += 1
    if at == first + 1 and tokens[first].lower == "another" and _stands_alone(tokens, at):
        return Group(first, at, 1, 1, 1, CountRule.ARTICLE, _span(tokens, first, at), None, True)
    return _group_from(tokens, first, at, names=names) if at < len(tokens) else None


def _group_from(tokens: tuple[Token, ...], first: int, at: int, *, names: bool) -> Group | None:
    """The group whose words begin at ``at``, what may stand before them at ``first``."""
    token = tokens[at]
    if token.number:
        return _counted(tokens, first, at)
    if token.lower == "no" or token.lower in _NOBODY:
        return _none(tokens, first, at)
    if token.lower in _ARTICLES or token.lower in function_words("pronouns"):
        return _single(tokens, first, at)
    if tokens[first].lower in _definite() or tokens[first].lower == "another":
        return _one(tokens, first, at, CountRule.ARTICLE if tokens[first].lower == "another" else CountRule.SINGULAR)
    return _bare(tokens, at) or (_name(tokens, at) if names else None)


def _stands_alone(tokens: tuple[Token, ...], at: int) -> bool:
    """Return True if nothing that "another" belongs to follows: "wounding another", "killed and another wounded"."""
    if at >= len(tokens):
        return True
    if tokens[at].number:
        return False
    if not tokens[at].is_word or tokens[at].lower in function_words("after_alone"):
        return True
    whose = tokens[at + 1] if at + 1 < len(tokens) else None
    return tokens[at].lower in toll_words() and not (whose and is_person(whose.lower))


def _single(tokens: tuple[Token, ...], first: int, at: int) -> Group | None:
    if tokens[at].lower in _ARTICLES:
        return _one(tokens, first, at + 1, CountRule.ARTICLE)
    return Group(first, at + 1, 1, 1, 1, CountRule.PRONOUN, None, (tokens[at].start, tokens[at].end), True)


def _none(tokens: tuple[Token, ...], first: int, at: int) -> Group | None:
    """Reads "no one", "nobody", "no soldiers", "no casualties"."""
    start = at + 1
    if tokens[at].lower in _NOBODY:
        return Group(first, start, 0, 0, 0, CountRule.NOBODY, _span(tokens, at, start), None, True)
    if start < len(tokens) and tokens[start].lower == "one":
        return Group(first, start + 1, 0, 0, 0, CountRule.NOBODY, _span(tokens, first, start + 1), None, True)
    stop = _body(tokens, start)
    if stop == start or not (is_person(tokens[stop - 1].lower) or tokens[stop - 1].lower in toll_nouns()):
        return None
    return Group(first, stop, 0, 0, 0, CountRule.NOBODY, _span(tokens, first, start), _span(tokens, start, stop), True)


def _bare(tokens: tuple[Token, ...], at: int) -> Group | None:
    """A plural without a figure ("Syrian soldiers"), or a title with a name ("army Captain Khalid Omar")."""
    if not any(is_person(token.lower) for token in tokens[at : at + _LONGEST_BODY]):
        return None
    stop = _body(tokens, at)
    person = next((i for i in range(stop - 1, at - 1, -1) if is_person(tokens[i].lower)), None)
    if person is None:
        return None
    if _introduces(tokens, person, stop):
        return Group(at, stop, 1, 1, 1, CountRule.NAME, None, _span(tokens, at, stop), True)
    if is_plural(tokens[person].lower):
        return Group(at, stop, None, None, None, CountRule.PLURAL, None, _span(tokens, at, stop), True)
    titled = person + 1 < stop and tokens[person + 1].text[0].isupper() and not says(tokens, stop)
    aged = any(re.fullmatch(r"\d+-year-old", token.lower) for token in tokens[at:stop])
    return Group(at, stop, 1, 1, 1, CountRule.NAME, None, _span(tokens, at, stop), True) if titled or aged else None


def _introduces(tokens: tuple[Token, ...], person: int, stop: int) -> bool:
    """Return True if a plural title stands before the first of some names: "reporters Rita Navas and Luis Ortega"."""
    name = tokens[person + 1 : stop]
    joined = stop + 1 < len(tokens) and tokens[stop].lower in (",", "and") and tokens[stop + 1].text[0].isupper()
    return joined and len(name) > 1 and all(token.text[0].isupper() for token in name)
