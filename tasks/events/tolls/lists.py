"""Lists of persons: groups joined by commas and "and", parts of a whole, and what several groups add up to."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from tasks.events.language.rules import ONE_PERSON, CountRule
from tasks.events.tolls.groups import Group, group_at, says
from tasks.events.tolls.tokens import Token, calendar_words, toll_words
from tasks.reference.words.grammar_words import casualty_words


def list_at(tokens: tuple[Token, ...], at: int, *, names: bool = False) -> list[Group]:
    """Groups joined by commas and "and" that begin at a token: "two soldiers, a child and three women".

    A comma alone ends no list: what follows the last "and" is not of it.
    """
    groups: list[Group] = []
    closed = 1
    group = group_at(tokens, at, names=names)
    while group and len(groups) < 12:
        groups.append(group)
        at = _joined(tokens, group.last) or _past_what_of(tokens, group)
        if at and tokens[at - 1].lower != ",":
            closed = len(groups) + 1
        group = group_at(tokens, at) if at else None
        if group and not group.counted and at and tokens[at - 1].lower == ",":
            break
        if group and group.person is None and group.rule is not CountRule.NAME and groups[0].person and group.who:
            break
    return _before_a_speaker(tokens, groups[:closed])


def _before_a_speaker(tokens: tuple[Token, ...], groups: list[Group]) -> list[Group]:
    """The groups without those that speak: "killed three men, two nurses and a guard said"."""
    if groups and says(tokens, groups[-1].last):
        cuts = [i for i, group in enumerate(groups) if i and tokens[group.first - 1].lower == ","]
        return groups[: cuts[-1]] if cuts else groups
    return groups


#: How many words may say what somebody is head or member of.
_OF_WHAT = 8


def _past_what_of(tokens: tuple[Token, ...], group: Group) -> int:
    """Where a list goes on after what somebody is of: "the mayor of Ulm, as well as two farmers"; else 0.

    A figure goes on only past what has a name or an article: "nine fighters of the Front and three soldiers".
    """
    at = group.last
    if at >= len(tokens) or tokens[at].lower != "of":
        return 0
    if group.rule not in (CountRule.SINGULAR, CountRule.ARTICLE, CountRule.NAME) and not _names(tokens, at + 1):
        return 0
    for index in range(at + 1, min(len(tokens), at + 2 + _OF_WHAT)):
        token = tokens[index]
        if token.lower in (",", "and", "as", "along", "together") and (start := _joined(tokens, index)):
            following = group_at(tokens, start)
            return start if following is not None and _goes_on(tokens, start, following) else 0
        if not token.is_word or token.lower in toll_words() | calendar_words():
            return 0
    return 0


def _goes_on(tokens: tuple[Token, ...], start: int, following: Group) -> bool:
    """Return True if persons counted after what somebody is of are more of the list; after a comma by a figure."""
    if tokens[start - 1].lower == "," and (following.rule in ONE_PERSON or is_subset(tokens, following)):
        return False
    of_another = following.last < len(tokens) and tokens[following.last].lower == "of"
    return following.counted and bool(following.person or (following.person is None and of_another))


def _names(tokens: tuple[Token, ...], at: int) -> bool:
    """Return True if an article or a name begins at a token."""
    return at < len(tokens) and (tokens[at].lower == "the" or not tokens[at].text.islower())


def _joined(tokens: tuple[Token, ...], at: int) -> int:
    """The token after "," or "and" (or both, or "as well as"), 0 if there is no such joint."""
    start = at
    if at < len(tokens) and tokens[at].lower == ",":
        at += 1
    if at < len(tokens) and tokens[at].lower in ("and", "&", "plus"):
        at += 1
    elif [t.lower for t in tokens[at : at + 3]] == ["as", "well", "as"]:
        at += 3
    elif [t.lower for t in tokens[at : at + 2]] in (["along", "with"], ["together", "with"]):
        at += 2
    return at if at > start and at < len(tokens) else 0


@cache
def _subset_phrases() -> dict[str, list[tuple[str, ...]]]:
    """What says that a part of those before follows, by its last word."""
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for phrase in casualty_words().subsets:
        phrases.setdefault(phrase.split()[-1], []).append(tuple(phrase.split()))
    return phrases


def is_subset(tokens: tuple[Token, ...], group: Group) -> bool:
    """Return True if a group is a part of one before it: "including 3 children", "five of them", "two were women"."""
    before = [token.lower for token in tokens[max(0, group.first - 4) : group.first]]
    known = _subset_phrases().get(before[-1], ()) if before else ()
    if any(tuple(before[-len(phrase) :]) == phrase for phrase in known):
        return True
    after = [token.lower for token in tokens[group.first : group.last + 2]]
    whole = (["of", "them"], ["of", "whom"], ["of", "those"])
    return "of" in after and any(after[i : i + 2] in whole for i in range(len(after)))


def _continues(tokens: tuple[Token, ...], part: Group, group: Group, *, whole: bool) -> bool:
    """Return True if a group goes on with a list of parts; one with a verb of its own after a comma does not."""
    if not part.subset or _joined(tokens, part.last) != group.first:
        return False
    if whole and tokens[part.last].lower == "and":
        return True
    if tokens[group.first - 1].lower == "and" and group.last < len(tokens) and tokens[group.last].lower in toll_words():
        # "Nine were killed, including two children, and 37 wounded": another count begins.
        return False
    others = any(token.lower in ("other", "others", "more") for token in tokens[group.first : group.last])
    return not others and not (group.last < len(tokens) and tokens[group.last].lower in ("was", "were", "have", "had"))


def groups_between(tokens: tuple[Token, ...], first: int, last: int, *, names: bool = False) -> list[Group]:
    """Every group between two tokens, in order, parts of others marked."""
    groups: list[Group] = []
    at = first
    while at < last:
        group = group_at(tokens, at, names=names)
        if group and group.last <= last:
            whole = any(earlier.counted and not earlier.subset for earlier in groups)
            subset = is_subset(tokens, group) or bool(groups and _continues(tokens, groups[-1], group, whole=whole))
            groups.append(replace(group, subset=True) if subset else group)
            at = group.last
        else:
            at += 1
    return groups


def added(groups: Iterable[Group]) -> tuple[int | None, int | None, int | None]:
    """Low, best and high of several groups together; a best or high one of them lacks is lacking."""
    counted = [group for group in groups if group.counted]
    if not counted:
        return None, None, None
    lows = [group.low for group in counted if group.low is not None]
    bests = [group.best for group in counted if group.best is not None]
    highs = [group.high for group in counted if group.high is not None]
    whole = len(counted)
    return (
        sum(lows) if lows else None,
        sum(bests) if len(bests) == whole else None,
        sum(highs) if len(highs) == whole else None,
    )
