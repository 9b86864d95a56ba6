"""What certain words ask of the persons beside them: who is lost or sent to hospital, is armed, whose death it is."""

from tasks.events.tolls.groups import Group, group_at
from tasks.events.tolls.persons import Trigger
from tasks.events.tolls.tokens import Token, function_words, is_person, listed
from tasks.reference.words.grammar_words import casualty_words


def is_sent_in(tokens: tuple[Token, ...], trigger: Trigger, groups: list[Group]) -> bool:
    """Return True if what happened put persons where the hurt are: "a blast sent four people to a local hospital"."""
    if not groups or (trigger.first and is_person(tokens[trigger.first - 1].lower)):
        return False
    words = [token.lower for token in tokens[groups[-1].last : groups[-1].last + 6]]
    return words[:1] in (["to"], ["in"]) and bool({"hospital", "hospitals"} & set(words))


def is_lost(tokens: tuple[Token, ...], group: Group) -> bool:
    """Return True if those lost are counted and may be an armed side's: "lost two soldiers", not "lost two seats"."""
    counted = group.number is not None and tokens[group.first].lower not in ("a", "an", "no")
    men = any(token.lower in function_words("comrades") for token in tokens[group.first : group.last])
    return counted and (men or has_armed_word(tokens, group))


def has_armed_word(tokens: tuple[Token, ...], group: Group) -> bool:
    """Gunmen who flee are not displaced."""
    armed = frozenset(casualty_words().armed)
    return any(listed(token.lower, armed) for token in tokens[group.first : group.last])


def owners(tokens: tuple[Token, ...], trigger: Trigger, floor: int) -> list[Group]:
    """The persons whose death it is: "the six priests' murder", "the mayor's assassination"."""
    stop = trigger.first - (tokens[trigger.first - 1].lower in ("'", "\u2019"))
    owned = stop < trigger.first or tokens[trigger.first - 1].lower.endswith(("'s", "\u2019s"))
    if not owned or tokens[trigger.first].lower not in function_words("own_death"):
        return []
    for first in range(max(floor, stop - 5), stop):
        group = group_at(tokens, first)
        if group and group.last == stop and group.person and not has_armed_word(tokens, group):
            return [group]
    return []
