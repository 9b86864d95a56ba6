"""Who the persons of a toll were: "five children and three women", "14 Syrian soldiers and two civilians".

The words of each toll are read once more, as groups (``groups.py``): each has a kind by its noun, and a side by who
acted and whom it was done to. Nothing is worked out that the text does not count.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from schemas.mention import Actor, CodedArticle, EventMention, Evidence, Role, Side, Toll, Victims
from tasks.events.language.sentences import Sentence, split_sentences
from tasks.events.tolls.groups import Group
from tasks.events.tolls.lists import added, groups_between
from tasks.events.tolls.tokens import Token, function_words, tokens_of
from tasks.reference.fold import fold
from tasks.reference.places import demonyms
from tasks.reference.words.grammar_words import casualty_words
from tasks.reference.words.victim_words import actor_side, victim_kind

TOLLS = ("killed", "injured", "detained", "displaced")
#: How many words after a group may say of what they are members.
_REACH = 6
#: How many sentences on a toll may be told apart.
_SOON = 3
#: How sure a side is by what told it, and a kind.
_BY_WORDS, _BY_KIND, _BY_ACT = 0.9, 0.75, 0.6
_SIDES = {Role.INITIATOR: Side.INITIATOR, Role.TARGET: Side.TARGET}
_CLASH = frozenset({"Armed clash"})
_APART = frozenset({"women", "children", "men"})


@dataclass(frozen=True, slots=True)
class _Part:
    """A group of a toll with its characters in the text."""

    group: Group
    start: int
    end: int
    words: tuple[str, ...]
    within: int | None


def with_victims(coded: CodedArticle) -> CodedArticle:
    """An article's mentions with their tolls split by side and kind."""
    text = coded.article.text
    return replace(
        coded, mentions=tuple(replace(mention, victims=_with_pointed(text, mention)) for mention in coded.mentions)
    )


def _with_pointed(text: str, mention: EventMention) -> tuple[Victims, ...]:
    """The parts read in the text, but for tolls whose parts a model told apart: of those its own."""
    pointed = {part.toll for part in mention.victims}
    read = victims_of(text, mention, tuple(name for name in TOLLS if name not in pointed))
    return (*read, *mention.victims)


def victims_of(text: str, mention: EventMention, tolls: Sequence[str] = TOLLS) -> tuple[Victims, ...]:
    """The parts of each toll of a mention, read from the characters of its evidence; none if it has no figure."""
    victims: list[Victims] = []
    for name in tolls:
        toll: Toll = getattr(mention, name)
        spans = [piece for piece in mention.evidence if piece.field == name]
        if (toll.best is None and toll.low is None) or not spans:
            continue
        parts = _parts(text, spans[:1], toll)
        if len(parts) == 1 and _kind(parts[0])[0] == "unknown":
            parts = _told_apart(text, name, spans[0], toll) or parts
        whole = _whole(parts)
        sums = _fits(toll, whole) and not _overfull(parts)
        for part in parts:
            victims.append(_told(text, mention, name, part, len(victims) - _index(parts, part), sums))
    return tuple(victims)


def _index(parts: Sequence[_Part], part: _Part) -> int:
    return next(number for number, candidate in enumerate(parts) if candidate is part)


def _told(text: str, mention: EventMention, name: str, part: _Part, base: int, sums: bool) -> Victims:
    kind, subgroup, sure = _kind(part)
    if kind == "unknown" and _are_members(mention, part):
        kind, sure = "combatant", _BY_KIND
    side, rule, confidence = _side(mention, part, kind)
    group = part.group
    return Victims(
        toll=name,
        side=side,
        kind=kind,
        subgroup=subgroup or None,
        within=None if part.within is None else base + part.within,
        low=group.low,
        best=group.best,
        high=group.high,
        adds_up=sums,
        start=part.start,
        end=part.end,
        quote=text[part.start : part.end],
        rule=f"{group.rule}; {rule}",
        confidence=round(min(sure, confidence), 2),
    )


def _parts(text: str, spans: Iterable[Evidence], toll: Toll) -> list[_Part]:
    """The groups in the words of a toll, those joined to them that it counts too, and those said to be among them."""
    parts: list[_Part] = []
    for span in spans:
        start, stop = _sentence(text, span.start)
        tokens = tokens_of(text[start:stop])
        groups = groups_between(tokens, 0, len(tokens), names=True)
        for group in _of_toll(tokens, groups, (span.start - start, span.end - start), toll):
            parts.append(_part(tokens, group, start, _holder(parts) if group.subset else None))
    return parts


def _told_apart(text: str, name: str, span: Evidence, toll: Toll) -> list[_Part]:
    """The parts a sentence soon after counts, where they come to the toll: "The dead are a boy and two soldiers"."""
    if (taken_up := f"the_{name}") not in casualty_words().function_words:
        return []
    for sentence in [sentence for sentence in _sentences(text) if sentence.start > span.start][:_SOON]:
        tokens = tokens_of(text[sentence.start : sentence.end])
        if len(tokens) < 2 or tokens[1].lower not in function_words(taken_up):
            continue
        groups = [g for g in groups_between(tokens, 0, len(tokens), names=True) if g.number and g.person is not False]
        parts = [_part(tokens, group, sentence.start, None) for group in groups]
        if len(parts) > 1 and _fits(toll, _whole(parts)):
            return parts
    return []


def _part(tokens: Sequence[Token], group: Group, offset: int, within: int | None) -> _Part:
    first, last = tokens[group.first].start + offset, tokens[group.last - 1].end + offset
    return _Part(group, first, last, _words(tokens, group), within)


def _sentence(text: str, at: int) -> tuple[int, int]:
    for sentence in _sentences(text):
        if sentence.start <= at < sentence.end:
            return sentence.start, sentence.end
    return 0, len(text)


@lru_cache(maxsize=4)
def _sentences(text: str) -> tuple[Sentence, ...]:
    return tuple(split_sentences(text))


def _of_toll(tokens: Sequence[Token], groups: Sequence[Group], span: tuple[int, int], toll: Toll) -> Iterator[Group]:
    """The counted groups within the characters of a toll, and what goes on with them.

    That are parts that follow without a verb between, and groups joined by "and" or a comma as long as the toll has
    room for them.
    """
    open_until, sum_so_far = -1, 0
    most = toll.best if toll.best is not None else toll.low or 0
    for group in groups:
        if not group.counted or group.best == 0 or group.person is False or _is_of_whom(tokens, group):
            continue
        first, last = tokens[group.first].start, tokens[group.last - 1].end
        inside = first < span[1] and span[0] < last
        after = open_until >= 0 and group.first - open_until <= _REACH
        size = group.best or group.low or 0
        joined = after and _is_joint(tokens, open_until, group.first) and sum_so_far + size <= most
        if inside or (after and group.subset) or joined:
            open_until = group.last
            sum_so_far += 0 if group.subset else size
            yield group


def _is_of_whom(tokens: Sequence[Token], group: Group) -> bool:
    """Return True if a group without a figure is only what those before it are of: "members of the Syrian army"."""
    before = tokens[group.first - 1].lower if group.first else ""
    return group.number is None and before in ("of", "from")


def _is_joint(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Return True if only a joint lies between two groups, and what the first are of: "four of the army and a"."""
    between = [token.lower for token in tokens[first:last]]
    return bool(between) and between[-1] in ("and", ",", "&", "plus") and not set(between) & function_words("breaks")


def _words(tokens: Sequence[Token], group: Group) -> tuple[str, ...]:
    """The folded words of a group, with what they are members of."""
    words = [token.lower for token in tokens[group.first : group.last] if token.is_word]
    if (
        words
        and words[-1] in function_words("of_whom")
        and group.last < len(tokens)
        and tokens[group.last].lower in ("of", "from")
    ):
        for token in tokens[group.last + 1 : group.last + 1 + _REACH]:
            if not token.is_word or token.lower in ("and", "in", "at", "were", "was", "on", "near"):
                break
            words.append(token.lower)
    return tuple(word for word in (fold(word.removesuffix("'s").removesuffix("\u2019s")) for word in words) if word)


def _holder(parts: Sequence[_Part]) -> int | None:
    """The part that one "including" what came before is among: the last that is nobody's part."""
    return next((number for number in range(len(parts) - 1, -1, -1) if parts[number].within is None), None)


def _whole(parts: Sequence[_Part]) -> tuple[int | None, int | None, int | None]:
    return added(part.group for part in parts if part.within is None)


def _fits(toll: Toll, whole: tuple[int | None, int | None, int | None]) -> bool:
    """Return True if the parts come to the toll: the same figure, or within its ends if it has two."""
    low, best, _ = whole
    figure = best if best is not None else low
    if figure is None:
        return False
    if toll.best is not None and figure == toll.best:
        return True
    return toll.low is not None and toll.high is not None and toll.low < toll.high and toll.low <= figure <= toll.high


def _overfull(parts: Sequence[_Part]) -> bool:
    """Return True if the parts are more than their whole. Women, children and men are never the same persons."""
    for number, part in enumerate(parts):
        among = [candidate for candidate in parts if candidate.within == number]
        apart = sum(_size(candidate) for candidate in among if _kind(candidate)[1] in _APART)
        largest = max((_size(candidate) for candidate in among), default=0)
        if part.group.high is not None and max(apart, largest) > part.group.high:
            return True
    return False


def _size(part: _Part) -> int:
    return part.group.best or part.group.low or 0


def _kind(part: _Part) -> tuple[str, str, float]:
    """Civilian, combatant or unknown, the subgroup, and how sure: by the last noun that says so."""
    words = part.words
    kind: tuple[str, str] | None = None
    subgroups = []
    for size in (3, 2, 1):
        for first in range(len(words) - size, -1, -1):
            kind_read = victim_kind(" ".join(words[first : first + size]))
            if kind_read is None:
                continue
            subgroups.append(kind_read[1])
            if kind is None or (kind[0] == "unknown" and kind_read[0] != "unknown"):
                kind = kind_read
    if kind is None:
        return "unknown", "", _BY_KIND
    return kind[0], next((name for name in (kind[1], *subgroups) if name), ""), _BY_WORDS


def _are_members(mention: EventMention, part: _Part) -> bool:
    """Return True if they are counted as members of a group that the mention names, and that is armed."""
    named = {actor_side(actor.kind) for actor in mention.actors if _named_alike(actor, part)}
    return named == {"combatant"} and bool(function_words("of_whom") & set(part.words))


def _side(mention: EventMention, part: _Part, kind: str) -> tuple[Side | None, str, float]:
    """Whose they were: the actor named by the same words, the only one of their kind, or whom the act was done to."""
    sides = {role: [a for a in mention.actors if a.role is role] for role in _SIDES}
    for role, side in _SIDES.items():
        if any(piece.field == str(role) and _meet(piece, part) for piece in mention.evidence):
            return side, f"named as {role}", _BY_WORDS
    alike = [role for role in _SIDES if any(_named_alike(actor, part) for actor in sides[role])]
    if len(alike) == 1:
        return _SIDES[alike[0]], f"named like the {alike[0]}", _BY_WORDS
    same = [role for role in _SIDES if kind != "unknown" and any(_of_kind(a, part, kind) for a in sides[role])]
    if len(same) == 1:
        return _SIDES[same[0]], f"of the kind of the {same[0]}", _BY_KIND
    return _by_act(mention, sides, kind)


def _by_act(mention: EventMention, sides: dict[Role, list[Actor]], kind: str) -> tuple[Side | None, str, float]:
    """Of an attack those hit are the target's, or of neither side if another kind of target is named.

    Of a clash it is not known.
    """
    if mention.sub_event_type in _CLASH:
        return (Side.OTHERS, "civilians in a clash", _BY_ACT) if kind == "civilian" else (None, "not told", _BY_ACT)
    targets = {actor_side(actor.kind) for actor in sides[Role.TARGET]} - {"unknown"}
    if not targets or kind in targets or kind == "unknown":
        return Side.TARGET, "by the act", _BY_ACT
    return Side.OTHERS, "beside the target", _BY_ACT


def _meet(piece: Evidence, part: _Part) -> bool:
    return piece.start < part.end and part.start < piece.end


def _named_alike(actor: Actor, part: _Part) -> bool:
    """Return True if a name or its initials say who they are, peoples alone do not: "SDF", "soldiers"."""
    spoken = [fold(name).split() for name in (actor.name, actor.canonical_name or "")]
    names = {word for words in spoken for word in words}
    names |= {"".join(word[0] for word in words) for words in spoken if len(words) > 2}
    shared = (names & set(part.words)) - function_words("say_nothing")
    return any(word not in demonyms() for word in shared) or (bool(shared) and not _other_people(names, part))


def _other_people(names: set[str], part: _Part) -> bool:
    return bool({word for word in part.words if word in demonyms()} - names)


def _of_kind(actor: Actor, part: _Part, kind: str) -> bool:
    """Return True if an actor may be whom a group counts: of the same kind, and of no other people."""
    peoples = {demonyms()[word] for word in part.words if word in demonyms()}
    return actor_side(actor.kind) == kind and not (peoples and actor.country and actor.country not in peoples)
