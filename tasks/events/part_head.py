"""Which part an actor of a text has in one of its incidents: a learned head over pairs, beside ``role_head.py``.

``role_head.py`` judges each phrase by its sentence. Much is told of an incident elsewhere: the organisation that is
suspected a paragraph later, the victim's name once the deed is told. Here every name of a text is judged against every
violent incident of it: how likely its phrases are, how far they stand from what the incident is told by, what the
grammar gave it here and in other incidents, who else may have the part (``seeds/models/parts.json``, made by
``benchmarks/train_roles.py``; recipe, data and score in ``docs/extraction.md``).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from schemas.mention import Role
from tasks.events.actors.spans import is_armed
from tasks.events.document import Facts
from tasks.events.incidents import Incident
from tasks.events.language.phrases import lemma
from tasks.events.participants import Participant
from tasks.events.role_head import ACCUSING, Candidate, kind_word
from tasks.reference.linear import Linear, load_linear

#: The head's parts, as ``role_head.py`` names them.
PARTS = {"initiator": Role.INITIATOR, "target": Role.TARGET, "object": Role.OBJECT}
#: A phrase's probability is told by the steps it reaches.
_STEPS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 0.92)
#: Sentences between a phrase and an incident's own are told apart up to this many.
_FAR = 4


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase with how likely each part is by its sentence."""

    candidate: Candidate
    likely: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Named:
    """One name of a text with its phrases in text order. ``kind`` is the word for what it is.

    ``best`` is how likely each part is by the likeliest of its phrases.
    """

    key: str
    kind: str
    head: str
    phrases: tuple[Phrase, ...]
    accused: bool
    best: Mapping[str, float]

    @property
    def sentences(self) -> frozenset[int]:
        """Where it stands."""
        return frozenset(phrase.candidate.sentence for phrase in self.phrases)

    @property
    def is_side(self) -> bool:
        """Whether it may be a side in a fight: armed, or a known group."""
        return self.kind == "group" or is_armed(self.kind)


@cache
def part_model() -> Linear:
    """The shipped weights. Raises :class:`SeedError`."""
    return load_linear("models/parts.json", "benchmarks/train_roles.py")


def names_of(facts: Facts, phrases: Sequence[Phrase]) -> tuple[Named, ...]:
    """The phrases of a text by their names, in the order the names come first."""
    by_key: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        by_key.setdefault(_key(facts, phrase.candidate), []).append(phrase)
    return tuple(_named(facts, key, tuple(held)) for key, held in by_key.items())


def _key(facts: Facts, candidate: Candidate) -> str:
    return facts.text[candidate.start : candidate.end].lower()


def _named(facts: Facts, key: str, held: tuple[Phrase, ...]) -> Named:
    tokens = [facts.doc[phrase.candidate.token] for phrase in held]
    accused = any(lemma(up) in ACCUSING for token in tokens for up in token.ancestors)
    best = {part: max(phrase.likely[part] for phrase in held) for part in PARTS}
    return Named(key, kind_word(facts, held[0].candidate), lemma(tokens[0]), held, accused, best)


def pair_features(incident: Incident, named: Named, names: Sequence[Named], incidents: Sequence[Incident]) -> list[str]:
    """What the model looks at for a name and a violent incident, as names of the features that hold."""
    return list(
        dict.fromkeys(
            [
                *_of_name(named, names),
                *_of_distance(incident, named, incidents),
                *_of_phrases(incident, named, names),
                *_of_grammar(incident, named, incidents),
            ]
        )
    )


def _of_name(named: Named, names: Sequence[Named]) -> Iterator[str]:
    kind = named.kind
    yield f"kind:{kind}"
    yield f"head:{named.head}"
    yield f"times:{min(4, len(named.phrases))}"
    yield f"times:{min(4, len(named.phrases))} {kind}"
    if named.accused:
        yield f"accused {kind}"
    if named.is_side:
        sides = [other for other in names if other.is_side]
        rank = sum(len(other.phrases) > len(named.phrases) for other in sides)
        yield f"side:{min(3, rank)} of {min(4, len(sides))}"
        yield f"side:{min(3, rank)} {kind}"
    if any(other is not named and named.key in other.key for other in names):
        yield f"part of another {kind}"


def _of_distance(incident: Incident, named: Named, incidents: Sequence[Incident]) -> Iterator[str]:
    """How far its phrases stand from the incident's sentences, and whether another incident is nearer."""
    own = {telling.sentence.index for telling in incident.tellings}
    gap = _gap(own, named)
    others = [_gap({t.sentence.index for t in other.tellings}, named) for other in incidents if other is not incident]
    nearer = "alone" if not others else "nearer" if abs(gap) < min(map(abs, others)) else "as near"
    if others and abs(gap) > min(map(abs, others)):
        nearer = "farther"
    yield f"gap:{_clip(gap)}"
    yield f"gap:{_clip(gap)} {named.kind}"
    yield f"gap:{_clip(gap)} {nearer}"
    yield f"{nearer} {named.kind}"
    yield f"incidents:{min(5, len(incidents))} {_clip(gap)}"
    yield f"incident:{min(3, incidents.index(incident))} of {min(4, len(incidents))}"
    yield f"from:{min(5, *named.sentences)}"
    for act in sorted(frozenset().union(*(telling.acts for telling in incident.tellings))):
        yield f"act:{act} {named.kind}"


def _gap(own: set[int], named: Named) -> int:
    """Sentences from the nearest of some to the name, positive after them."""
    gaps = [there - here for there in named.sentences for here in own]
    return min(gaps, key=lambda gap: (abs(gap), gap))


def _clip(gap: int) -> int:
    return max(-_FAR, min(_FAR, gap))


def _of_phrases(incident: Incident, named: Named, names: Sequence[Named]) -> Iterator[str]:
    """How likely each part is by its phrases in the incident's sentences, near them, and anywhere."""
    own = {telling.sentence.index for telling in incident.tellings}
    for part in PARTS:
        rank = sum(other.best[part] > named.best[part] for other in names)
        yield f"{part} rank:{min(4, rank)}"
        yield f"{part} rank:{min(4, rank)} {named.kind}"
        for where, reach in (("here", 0), ("near", 2), ("any", None)):
            best = named.best[part] if reach is None else likeliest(named, part, own, reach)
            yield from (f"{part} {where}:{step}" for step in _STEPS if best >= step)
            if where != "near":
                yield f"{part} {where}:{sum(best >= step for step in _STEPS)} {named.kind}"


def likeliest(named: Named, part: str, own: set[int], reach: int) -> float:
    """The best probability of a part among a name's phrases within ``reach`` of some sentences; 0 without one."""
    near = (p for p in named.phrases if any(abs(p.candidate.sentence - index) <= reach for index in own))
    return max((phrase.likely[part] for phrase in near), default=0.0)


def _of_grammar(incident: Incident, named: Named, incidents: Sequence[Incident]) -> Iterator[str]:
    """What the rules gave the name, here and in other incidents, and what the incident has already."""
    for where, told in (("here", [incident]), ("elsewhere", [other for other in incidents if other is not incident])):
        for person in (p for other in told for telling in other.tellings for p in telling.people):
            if person.actor.name.lower() == named.key or _overlaps(named, person):
                role = person.actor.role.value
                yield f"rule {where}:{role}"
                yield f"rule {where}:{role} {named.kind}"
                yield f"rule {where}:{role} {person.rule.split(';')[0].split(',')[0]}"
    held = {p.actor.role: p.actor for telling in incident.tellings for p in telling.people}
    for role in (Role.INITIATOR, Role.TARGET, Role.OBJECT):
        has = held.get(role)
        yield f"has:{role.value} {'none' if has is None else 'known' if has.actor_id else has.kind} {named.kind}"


def _overlaps(named: Named, person: Participant) -> bool:
    return any(p.candidate.start < person.end and person.start < p.candidate.end for p in named.phrases)
