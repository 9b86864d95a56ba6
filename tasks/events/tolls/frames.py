"""The constructions that make persons a toll: "were killed", "killing", "16 dead", "the death of", "the toll was"."""

import re
from dataclasses import dataclass, replace

from tasks.events.language.rules import Construction, CountRule
from tasks.events.tolls.groups import Group, group_at
from tasks.events.tolls.lists import added
from tasks.events.tolls.persons import (
    CLAUSE_ENDS,
    Trigger,
    adjacent_to,
    along_with,
    follows_form_of_be,
    inside,
    is_joint,
    joined_participle,
    object_of,
    opens_clause,
    parts_after,
    subject_of,
    toll_figure,
    ways_at,
)
from tasks.events.tolls.tokens import Token, calendar_words, function_words, is_person, listed, thing_nouns
from tasks.events.tolls.verbs import has_armed_word, is_lost, is_sent_in, owners
from tasks.reference.words.grammar_words import casualty_words


@dataclass(frozen=True, slots=True)
class Frame:
    """A trigger with its persons. ``parts`` are persons said to be among them."""

    trigger: Trigger
    groups: tuple[Group, ...]
    construction: Construction
    parts: tuple[Group, ...] = ()

    @property
    def last(self) -> int:
        """The token after all that was used."""
        return max([self.trigger.last, *(group.last for group in self.groups)])


def _read(tokens: tuple[Token, ...], ways: list[Trigger], floor: int) -> Frame | None:
    """The first way in which a phrase finds persons."""
    for trigger in ways:
        frame = _FRAMES[trigger.way](tokens, trigger, floor)
        if frame:
            return frame
    return None


def _participle(tokens: tuple[Token, ...], trigger: Trigger, floor: int) -> Frame | None:
    if persons := inside(tokens, trigger, floor):
        if trigger.kind == "displaced":
            # "Eleven displaced people" says who they are; what happened to them comes after.
            return None
        return _frame(tokens, trigger, [persons], Construction.ADJECTIVE)
    if follows_form_of_be(tokens, trigger.first):
        return _passive(tokens, trigger, floor)
    if _describes(tokens, trigger):
        return None
    return _joined_verbs(tokens, trigger, floor) or _active_or_reduced(tokens, trigger, floor)


def _passive(tokens: tuple[Token, ...], trigger: Trigger, floor: int) -> Frame | None:
    groups = subject_of(tokens, trigger, floor, names=True)
    if is_joint(tokens, trigger):
        bounds = tuple(replace(group, low=None, best=None) for group in groups)
        return Frame(trigger, bounds, Construction.JOINT) if bounds else None
    return _frame(tokens, trigger, groups + along_with(tokens, trigger.last), Construction.PASSIVE)


def _describes(tokens: tuple[Token, ...], trigger: Trigger) -> bool:
    """Return True if a participle is an adjective: "the displaced families", "mostly wounded men"."""
    before = tokens[trigger.first - 1].lower if trigger.first else ""
    return _before_person(tokens, trigger) and (before in function_words("describing") or before.endswith("ly"))


def _before_person(tokens: tuple[Token, ...], trigger: Trigger) -> bool:
    return trigger.last < len(tokens) and is_person(tokens[trigger.last].lower)


def _joined_verbs(tokens: tuple[Token, ...], trigger: Trigger, floor: int) -> Frame | None:
    """Reads "killed and wounded 27 people": one object of two verbs."""
    if trigger.last + 1 >= len(tokens) or tokens[trigger.last].lower != "and":
        return None
    second = ways_at(tokens, trigger.last + 1)
    if not second or adjacent_to(tokens, trigger, floor):
        return None
    return _frame(tokens, trigger, object_of(tokens, second[0].last), Construction.ACTIVE_SHARED)


def _active_or_reduced(tokens: tuple[Token, ...], trigger: Trigger, floor: int) -> Frame | None:
    """Without "be": "killed 16 soldiers" takes what follows, "16 killed" what stands before."""
    after = object_of(tokens, trigger.last)
    before = adjacent_to(tokens, trigger, floor)
    counted_before = any(group.counted for group in before) and not any(group.counted for group in after)
    if counted_before and not _before_person(tokens, trigger):
        return _frame(tokens, trigger, before, Construction.REDUCED)
    if after and not opens_clause(tokens, after[0].last):
        if tokens[trigger.first].lower == "hacked" and not after[0].person:
            return None
        return _frame(tokens, _to_death(tokens, trigger, after[-1].last), after, Construction.ACTIVE)
    if _does_it_to_a_thing(tokens, trigger, before):
        return None
    return _frame(tokens, trigger, before, Construction.REDUCED)


def _to_death(tokens: tuple[Token, ...], trigger: Trigger, at: int) -> Trigger:
    """The word, of killing if "to death" follows its persons: "hacked 14 people to death"."""
    deadly = [token.lower for token in tokens[at : at + 2]] == ["to", "death"]
    return replace(trigger, kind="killed") if deadly else trigger


def _does_it_to_a_thing(tokens: tuple[Token, ...], trigger: Trigger, before: list[Group]) -> bool:
    """Return True if a word that may be active has an object that is nobody: "attackers burned dozens of houses"."""
    if any(group.number is not None for group in before) or trigger.last >= len(tokens):
        return False
    following = tokens[trigger.last]
    day = any(token.lower in calendar_words() for token in tokens[trigger.last : trigger.last + 3])
    begins = (
        following.lower in function_words("begin_objects")
        or following.number is not None
        or listed(following.lower, thing_nouns())
    )
    return begins and not day


def _verb(tokens: tuple[Token, ...], trigger: Trigger, floor: int) -> Frame | None:
    groups = object_of(tokens, trigger.last)
    if tokens[trigger.first].lower in function_words("sending") and not is_sent_in(tokens, trigger, groups):
        return None
    if tokens[trigger.first].lower in function_words("losing") and not any(
        is_lost(tokens, group) for group in groups[:1]
    ):
        return None
    if tokens[trigger.first].lower in function_words("claiming") and trigger.last - trigger.first == 1:
        lives = [token.lower for group in groups for token in tokens[group.first : group.last]]
        groups = groups if "lives" in lives else []
    return _frame(tokens, trigger, groups, Construction.ACTIVE)


def _state(tokens: tuple[Token, ...], trigger: Trigger, floor: int) -> Frame | None:
    groups = adjacent_to(tokens, trigger, floor)
    verb = tokens[trigger.first].lower not in ("dead", "homeless", "with")
    if not groups and (verb or follows_form_of_be(tokens, trigger.first)):
        groups = [g for g in subject_of(tokens, trigger, floor, names=True) if not _is_doer(tokens, g)]
    if trigger.kind == "displaced" and any(has_armed_word(tokens, group) for group in groups):
        return None
    return _frame(tokens, trigger, groups, Construction.STATE)


def _is_doer(tokens: tuple[Token, ...], group: Group) -> bool:
    """Return True if persons are those by whom something was done: "shot by an Israeli soldier, and died"."""
    before = tokens[group.first - 1].lower if group.first else ""
    return before == "by" or (
        before in ("a", "an", "the") and group.first > 1 and tokens[group.first - 2].lower == "by"
    )


def _count_noun(tokens: tuple[Token, ...], trigger: Trigger, floor: int) -> Frame | None:
    for first in range(trigger.first - 1, max(floor, trigger.first - 5) - 1, -1):
        group = group_at(tokens, first)
        if (
            group
            and group.last == trigger.last
            and group.counted
            and (tokens[first].number or group.rule in (CountRule.NOBODY, CountRule.ARTICLE))
        ):
            return _frame(tokens, trigger, [group], Construction.COUNT_NOUN)
        if group and group.last == trigger.first and tokens[first].number:
            return _frame(tokens, trigger, [group], Construction.COUNT_NOUN)
    return None


def _of_noun(tokens: tuple[Token, ...], trigger: Trigger, floor: int) -> Frame | None:
    if trigger.last < len(tokens) and tokens[trigger.last].lower in ("of", "to"):
        groups = object_of(tokens, trigger.last + 1)
        while groups and [token.lower for token in tokens[groups[-1].last : groups[-1].last + 2]] == ["and", "of"]:
            more = object_of(tokens, groups[-1].last + 2)
            if not more:
                break
            groups += more
        return _frame(tokens, trigger, groups, Construction.OF_NOUN)
    return _frame(tokens, trigger, owners(tokens, trigger, floor), Construction.OF_NOUN)


def _toll_noun(tokens: tuple[Token, ...], trigger: Trigger, floor: int) -> Frame | None:
    return _frame(tokens, trigger, toll_figure(tokens, trigger.last), Construction.TOLL)


_FRAMES = {
    "participles": _participle,
    "verbs": _verb,
    "states": _state,
    "count_nouns": _count_noun,
    "of_nouns": _of_noun,
    "toll_nouns": _toll_noun,
}


#: After these constructions the next word is looked for behind their persons.
_ENDS_LAST = (Construction.ACTIVE, Construction.TOLL, Construction.OF_NOUN)


def _frame(
    tokens: tuple[Token, ...], trigger: Trigger, groups: list[Group], construction: Construction
) -> Frame | None:
    if not groups:
        return None
    last = max(trigger.last, groups[-1].last)
    parts = parts_after(tokens, groups[-1].last) or (parts_after(tokens, last) if last != groups[-1].last else [])
    return Frame(trigger, tuple(groups), construction, tuple(parts))


def frames_of(tokens: tuple[Token, ...]) -> list[Frame]:
    """The tolls of a sentence, in order; no token serves two of them."""
    frames: list[Frame] = []
    floor = at = 0
    while at < len(tokens):
        ways = ways_at(tokens, at) if tokens[at].number is None else []
        frame = _read(tokens, ways, floor) if ways else None
        frame = frame or _goes_on(tokens, ways, frames)
        if frame:
            frame = _as_many(tokens, frame, frames)
            frames.append(frame)
            second = joined_participle(tokens, frame.trigger) if frame.construction is Construction.PASSIVE else None
            if second:
                frame = replace(frame, trigger=second)
                frames.append(frame)
            floor = frame.last
            at = max(frame.trigger.last, frame.last if frame.construction in _ENDS_LAST else 0)
        else:
            at += max([t.last - at for t in ways], default=1)
    return frames


def _as_many(tokens: tuple[Token, ...], frame: Frame, frames: list[Frame]) -> Frame:
    """A frame whose persons are as many as those before: "killing 12 people and wounding an equal number"."""
    group = frame.groups[0]
    words = " ".join(token.lower for token in tokens[group.first : group.last])
    if not frames or len(frame.groups) > 1 or words not in casualty_words().as_many:
        return frame
    low, best, high = added(frames[-1].groups)
    return replace(frame, groups=(replace(group, low=low, best=best, high=high, rule=CountRule.AS_MANY, person=True),))


_BEING = ("was", "were", "being")


def _goes_on(tokens: tuple[Token, ...], ways: list[Trigger], frames: list[Frame]) -> Frame | None:
    """Those hurt or taken who then died: "a boy was shot by a soldier near Nablus, and died in hospital".

    Who did it and "was then shot dead" is not who it was done to.
    """
    if not (ways and frames) or tokens[ways[0].first - 1].lower not in ("and", "later", "then", *_BEING):
        return None
    died = next((way for way in ways if way.kind == "killed" and way.way in ("states", "participles")), None)
    hurt = frames[-1]
    if died is not None and hurt.construction is Construction.ACTIVE and _same_subject(tokens, hurt, died):
        floor = frames[-2].last if len(frames) > 1 else 0
        doers = subject_of(tokens, hurt.trigger, floor, names=True)
        return Frame(died, tuple(doers), Construction.DOER) if doers else None
    if tokens[ways[0].first - 1].lower in _BEING and not _was_told_of(tokens, hurt, died):
        return None
    if (
        died is None
        or hurt.construction is not Construction.PASSIVE
        or hurt.trigger.kind not in ("injured", "captured")
    ):
        return None
    return Frame(died, hurt.groups, Construction.STATE)


def _same_subject(tokens: tuple[Token, ...], hurt: Frame, died: Trigger) -> bool:
    """Return True if "and was then" or "before being" gives a word the subject of the clause before."""
    if not follows_form_of_be(tokens, died.first):
        return False
    between = [token.lower for token in tokens[hurt.last : died.first]]
    joints = [at for at, word in enumerate(between) if word in ("and", "before", "but")]
    fill = function_words("fillers") | {"was", "were", "being", "himself", "herself"}
    return bool(joints) and all(word in fill or word.endswith("ly") for word in between[joints[-1] + 1 :])


def _was_told_of(tokens: tuple[Token, ...], hurt: Frame, died: Trigger | None) -> bool:
    """Return True if the clause before only said who: "the mayor, who was abducted on Friday, was found dead"."""
    who = any(token.lower == "who" for token in tokens[max(0, hurt.trigger.first - 4) : hurt.trigger.first])
    between = tokens[hurt.trigger.last : died.first] if died else ()
    return who and any(token.lower == "," for token in between) and not any(t.lower == "and" for t in between)


def clause_words(tokens: tuple[Token, ...], trigger: Trigger) -> list[str]:
    """The few words before a trigger, back to a stop."""
    words: list[str] = []
    for token in reversed(tokens[max(0, trigger.first - 6) : trigger.first]):
        if token.lower in CLAUSE_ENDS or token.lower == ",":
            break
        words.append(token.lower)
    return words


NEGATED = re.compile(r"n['\u2019]t$")
