"""The persons around a word of a toll: before it, right after it, inside it, and the parts told of after them."""

from dataclasses import dataclass
from functools import cache

from tasks.events.language.rules import ONE_PERSON, CountRule
from tasks.events.tolls.groups import Group, group_at
from tasks.events.tolls.lists import groups_between, list_at
from tasks.events.tolls.tokens import Token, function_words, phrase_at
from tasks.reference.words.grammar_words import casualty_words

_QUOTES = frozenset("\"'`\u201c\u201d\u2018\u2019")


CLAUSE_ENDS = frozenset({";", ":", "?", "!", ".", "\n"})


#: How far before a verb its subject may stand, in tokens.
_REACH = 40


@dataclass(frozen=True, slots=True)
class Trigger:
    """A phrase of ``seeds/casualty_words.yml`` in the tokens ``first`` to ``last``, and the way it takes persons."""

    kind: str
    way: str
    first: int
    last: int


_WAYS = ("participles", "verbs", "states", "count_nouns", "of_nouns", "toll_nouns")


@cache
def _phrases() -> dict[str, list[tuple[tuple[str, ...], str, str]]]:
    """Phrases by first word, the longest first: (words, kind, way)."""
    table: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
    for kind, words in casualty_words().kinds.items():
        for way in _WAYS:
            for phrase in (*getattr(words, way), *(words.count_nouns if way == "of_nouns" else ())):
                table.setdefault(phrase.split()[0], []).append((tuple(phrase.split()), kind, way))
    for entries in table.values():
        entries.sort(key=lambda entry: (-len(entry[0]), _WAYS.index(entry[2])))
    return table


def ways_at(tokens: tuple[Token, ...], at: int) -> list[Trigger]:
    """The readings of the longest phrases that begin at a token."""
    triggers: list[Trigger] = []
    for words, kind, way in _phrases().get(tokens[at].lower, ()):
        if triggers and len(words) < triggers[0].last - triggers[0].first:
            break
        if stop := phrase_at(tokens, at, words):
            triggers.append(Trigger(kind, way, at, stop))
    return triggers


def follows_form_of_be(tokens: tuple[Token, ...], at: int) -> bool:
    """A form of "be" before the word, adverbs and other participles between."""
    for back in range(at - 1, max(-1, at - 7), -1):
        word = tokens[back].lower
        if word in function_words("be"):
            return True
        if not (
            word in _QUOTES
            or word in function_words("fillers")
            or word.endswith(("ly", "ed"))
            or word in function_words("have")
            or tokens[back].number
        ):
            return False
    return False


def _clause_start(tokens: tuple[Token, ...], at: int, floor: int) -> int:
    """Where the subject of a word may begin: after the last stop, and after what was used already."""
    for back in range(at - 1, max(floor, at - _REACH) - 1, -1):
        if tokens[back].lower in CLAUSE_ENDS and not _abbreviated(tokens, back):
            return back + 1
    return max(floor, at - _REACH)


def _abbreviated(tokens: tuple[Token, ...], at: int) -> bool:
    return tokens[at].lower == "." and at > 0 and len(tokens[at - 1].text) <= 3


def _governed(tokens: tuple[Token, ...], group: Group) -> bool:
    """Return True if a preposition takes a group away from the verb ("in two villages", not "a group of 12 men")."""
    back = group.first - 1
    if back < 0 or tokens[back].lower not in function_words("prepositions"):
        return False
    return not (tokens[back].lower == "of" and back > 0 and tokens[back - 1].lower in function_words("groups_of"))


def subject_of(tokens: tuple[Token, ...], trigger: Trigger, floor: int, *, names: bool) -> list[Group]:
    """The persons before a word: the last list of groups no preposition governs, parts of them left out."""
    first = _clause_start(tokens, trigger.first, floor)
    groups = [g for g in groups_between(tokens, first, trigger.first, names=names) if g.person is not False]
    free = [g for g in groups if not _governed(tokens, g) and not g.subset] or [g for g in groups if not g.subset]
    counted = [g for g in free if g.counted and g.rule not in ONE_PERSON]
    persons = [g for g in counted if g.person or g.rule is not CountRule.ARTICLE]
    pool = persons or counted or free
    if not pool:
        return []
    at = free.index(pool[-1])
    first = last = at
    while first > 0 and _coordinated(tokens, free[first - 1], free[first]):
        if _sets_the_scene(tokens, free[first - 1], free[first]):
            break
        first -= 1
    while last + 1 < len(free) and _coordinated(tokens, free[last], free[last + 1]):
        last += 1
    chosen = free[first : last + 1]
    return _whole_or_parts(_past_names(tokens, groups, pool[-1]) or chosen)


def _past_names(tokens: tuple[Token, ...], groups: list[Group], last: Group) -> list[Group]:
    """The longest list that ends with a group and goes on past a name: "nine men of the Front and three guards"."""
    for group in groups:
        if group.first >= last.first or not group.counted or group.subset or not group.person:
            continue
        members = list_at(tokens, group.first) if not _governed(tokens, group) else []
        if members and members[-1].first == last.first and any(tokens[m.last].lower == "of" for m in members[:-1]):
            return members
    return []


def _coordinated(tokens: tuple[Token, ...], first: Group, second: Group) -> bool:
    between = [token.lower for token in tokens[first.last : second.first]]
    return between in (
        [","],
        ["and"],
        [",", "and"],
        ["as", "well", "as"],
        [",", "as", "well", "as"],
        ["along", "with"],
        [",", "along", "with"],
        ["together", "with"],
    )


def _sets_the_scene(tokens: tuple[Token, ...], name: Group, group: Group) -> bool:
    """Return True if a name before a figure is a place or an adverb: "In South Kordofan, five people"."""
    return name.rule is CountRule.NAME and group.number is not None and tokens[group.first - 1].lower == ","


def _whole_or_parts(groups: list[Group]) -> list[Group]:
    """If the first figure is the sum of the rest ("16 people, 10 men and 6 women"), the rest is a breakdown."""
    if len(groups) > 2 and groups[0].best and groups[0].best == sum(group.best or 0 for group in groups[1:]):
        return groups[:1]
    return groups


def adjacent_to(tokens: tuple[Token, ...], trigger: Trigger, floor: int) -> list[Group]:
    """The persons right before a word without "be": "16 killed", "27 of them wounded", "five people dead"."""
    first = max(floor, trigger.first - 14)
    groups = [g for g in groups_between(tokens, first, trigger.first) if g.person is not False]
    near = [g for g in groups if g.last == trigger.first or _only_fill(tokens, g.last, trigger.first)]
    if (not near or near[-1].subset) and (whole := _left(tokens, trigger, groups)):
        return [whole]
    if not near:
        return []
    chosen = [near[-1]]
    for group in reversed(groups[: groups.index(near[-1])]):
        if not _coordinated(tokens, group, chosen[0]) or (group.subset and not chosen[0].subset):
            break
        chosen.insert(0, group)
    return chosen


def _left(tokens: tuple[Token, ...], trigger: Trigger, groups: list[Group]) -> Group | None:
    """The whole in "left six residents, including two children, dead"."""
    whole = next((g for g in reversed(groups) if not g.subset), None)
    if whole is None or trigger.way != "states" or whole.first == 0:
        return None
    return whole if tokens[whole.first - 1].lower in ("left", "leaves", "leaving", "leave") else None


def _only_fill(tokens: tuple[Token, ...], first: int, last: int) -> bool:
    """Return True if only adverbs and places stand between persons and their word ("16 people in Homs killed")."""
    words = tokens[first:last]
    if len(words) > 6 or any(not token.is_word for token in words):
        return False
    return all(
        token.lower in function_words("fillers") | function_words("have") | function_words("prepositions") | {"the"}
        or token.text[0].isupper()
        or token.lower.endswith("ly")
        for token in words
    )


def _skip(tokens: tuple[Token, ...], at: int) -> int:
    """Past adverbs and the bomber's own death to the object: "killing himself and five others"."""
    while at < len(tokens) and (
        tokens[at].lower in ("also", "only", "instantly", "all")
        or tokens[at].lower in _QUOTES
        or (tokens[at].lower.endswith("ly") and at + 1 < len(tokens))
    ):
        at += 1
    if (
        at + 1 < len(tokens)
        and tokens[at].lower in ("himself", "herself", "themselves")
        and tokens[at + 1].lower in ("and", "along", "as")
    ):
        at += {"and": 2, "along": 3, "as": 4}[tokens[at + 1].lower]
    return at


def object_of(tokens: tuple[Token, ...], at: int, *, names: bool = True) -> list[Group]:
    """The persons right after a verb; a group that opens a clause of its own is not among them."""
    groups = list_at(tokens, _skip(tokens, at), names=names)
    while groups and (len(groups) > 1 and opens_clause(tokens, groups[-1].last)):
        groups.pop()
    if groups and groups[0].person is False:
        return []
    return _whole_or_parts([group for group in groups if group.person is not False])


def opens_clause(tokens: tuple[Token, ...], at: int) -> bool:
    """Return True if what follows a group makes it the subject of the next statement."""
    while at < len(tokens) and (
        tokens[at].lower in function_words("be") | function_words("have") or tokens[at].lower.endswith("ly")
    ):
        at += 1
    return at < len(tokens) and any(t.way in ("participles", "states", "verbs") for t in ways_at(tokens, at))


def along_with(tokens: tuple[Token, ...], at: int) -> list[Group]:
    """Reads "... was killed along with two others", "together with his wife"."""
    words = [token.lower for token in tokens[at : at + 3]]
    if words[:2] in (["along", "with"], ["together", "with"]):
        return list_at(tokens, at + 2)
    return list_at(tokens, at + 3) if words == ["as", "well", "as"] else []


def parts_after(tokens: tuple[Token, ...], at: int) -> list[Group]:
    """Reads "..., including 3 children and a woman", "five of them women": parts of the persons just read."""
    parts: list[Group] = []
    while at < len(tokens) and len(parts) < 6:
        lead = at
        while lead < len(tokens) and lead - at < 4 and (tokens[lead].lower in function_words("lead_parts")):
            lead += 1
        group = group_at(tokens, lead) if lead > at else None
        marked = (
            any(token.lower in function_words("mark_parts") for token in tokens[at:lead])
            or (group and "of" in [t.lower for t in tokens[group.first : group.last + 1]])
            or parts
        )
        if not group or opens_clause(tokens, group.last) or not marked or group.person is False or not group.counted:
            return parts
        parts.append(group)
        at = group.last
    return parts


def toll_figure(tokens: tuple[Token, ...], at: int) -> list[Group]:
    """The figure a toll rises to: "rose from 16 to 20", "stands at 35", "of at least 12"."""
    for ahead in range(at, min(len(tokens), at + 22)):
        token = tokens[ahead]
        if token.lower in CLAUSE_ENDS and not _abbreviated(tokens, ahead):
            return []
        before = tokens[ahead - 1].lower if ahead else ""
        if token.number and before in function_words("reach_toll"):
            group = group_at(tokens, ahead)
            if group and group.person is not False and not (before == "of" and ahead - at > 2):
                return [group]
    return []


def inside(tokens: tuple[Token, ...], trigger: Trigger, floor: int) -> Group | None:
    """Reads "40 wounded people": the word stands inside the persons."""
    first = trigger.first - 1
    if first < floor or not tokens[first].number:
        return None
    group = group_at(tokens, first)
    return group if group and group.person and group.last > trigger.last else None


def is_joint(tokens: tuple[Token, ...], trigger: Trigger) -> bool:
    """Reads "were killed or wounded": nobody says how many of each; the figure only bounds both from above."""
    joints = ("or", "and")
    after = (
        trigger.last + 1 < len(tokens) and tokens[trigger.last].lower in joints and ways_at(tokens, trigger.last + 1)
    )
    before = trigger.first > 1 and tokens[trigger.first - 1].lower in joints and ways_at(tokens, trigger.first - 2)
    others = [t for t in [*(after or []), *(before or [])] if t.way == "participles"]
    return any({t.kind, trigger.kind} == {"killed", "injured"} for t in others)


def joined_participle(tokens: tuple[Token, ...], trigger: Trigger) -> Trigger | None:
    """The second word in "were abducted and killed": all of them were both."""
    if trigger.last + 1 >= len(tokens) or tokens[trigger.last].lower != "and":
        return None
    second = [t for t in ways_at(tokens, trigger.last + 1) if t.way == "participles" and t.kind != trigger.kind]
    return next((t for t in second if {t.kind, trigger.kind} != {"killed", "injured"}), None)
