"""Which place of a whole text an incident happened at: a learned head over every place the text names.

A logistic regression over named yes-or-no features (``seeds/models/place_choice.json``, made by
``benchmarks/train_place_choice.py``; recipe, data and score in ``docs/extraction.md``): how far a place's sentence is
from those that tell of the incident, how sure its link to a verb there is, how exact it is and what it lies in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from schemas.mention import Status
from tasks.events.datelines import is_dateline, is_desk
from tasks.events.document import Facts, PlaceFound
from tasks.events.grouping import alike
from tasks.events.incidents import Incident
from tasks.events.linking import rules_there, speaks
from tasks.events.tellings import Telling
from tasks.reference.linear import Linear, load_linear

_FILE = "models/place_choice.json"
#: A place this many sentences away from all that tell of an incident is not considered.
_REACH = 8
_COUNTRY = 6
#: Kind words of units and features: an unlisted name of one is no exact place.
_WIDE = frozenset({"province", "region", "district", "countryside", "desert", "border", "road", "river", "mountain"})


@dataclass(frozen=True, slots=True)
class Scene:
    """An incident among the others of its text: what its place is chosen by. ``own`` is what its sentences name."""

    facts: Facts
    incident: Incident
    incidents: Sequence[Incident]
    main: Telling
    own: PlaceFound | None


@cache
def choice_model() -> Linear:
    """The shipped weights. Raises :class:`SeedError` where the file is not what it should be."""
    return load_linear(_FILE, "benchmarks/train_place_choice.py")


def chosen_place(scene: Scene) -> tuple[PlaceFound, float] | None:
    """The likeliest place below a country and its probability, ``None`` where none is likely enough.

    What an incident's own sentences name exactly is not asked about: the head only refines a wide place or none.
    """
    if not is_open(scene):
        return None
    model = choice_model()
    scored = [(model.probabilities(choice_features(scene, p))["place"], p) for p in candidates(scene)]
    best = max(scored, key=lambda pair: (pair[0], -pair[1].span.start), default=None)
    return (best[1], best[0]) if best and best[0] >= model.thresholds["place"] else None


def is_open(scene: Scene) -> bool:
    """Whether an incident's own sentences name a wide place, so that those around may say which part of it."""
    return scene.own is not None and _kind(scene.own) not in ("exact", "unlisted")


def candidates(scene: Scene) -> tuple[PlaceFound, ...]:
    """The places that may be an incident's: below a country, nobody's name, nobody's desk.

    The places of the sentences around are asked too, in the same country, for what is told as happened.
    """
    people = [(p.start, p.end) for telling in scene.incident.tellings for p in telling.people]
    happened = scene.main.status.status is Status.HAPPENED
    return tuple(
        p
        for p in scene.facts.places
        if p.place.precision != _COUNTRY
        and (distance := _distance(scene, p)) <= _REACH
        and (distance == 0 or (happened and not _is_abroad(scene.own, p)))
        and not any(a <= p.span.head_start and p.span.end <= b for a, b in people)
        and not is_desk(scene.facts, p)
        and not rules_there(scene.facts, p)
    )


def _is_abroad(own: PlaceFound | None, found: PlaceFound) -> bool:
    """Whether a place lies in another country than the one the incident's sentences name."""
    own_country = own.place.country if own else None
    return bool(own_country and found.place.country and own_country != found.place.country)


def sentence_of(facts: Facts, found: PlaceFound) -> int:
    """The index of a place's sentence; of what stands in none, of the last before it."""
    held = [s.index for s in facts.sentences if s.start <= found.span.start]
    return held[-1] if held else 0


def _distance(scene: Scene, found: PlaceFound) -> int:
    here = sentence_of(scene.facts, found)
    return min(abs(here - telling.sentence.index) for telling in scene.incident.tellings)


def choice_features(scene: Scene, found: PlaceFound) -> list[str]:
    """What the model looks at, as names of the features that hold."""
    where = [*_of_sentence(scene, found)]
    kind = _kind(found)
    names = [
        *where,
        *_of_links(scene, found),
        *_of_kind(scene, found),
        *_of_others(scene, found),
        *(f"{name} {kind}" for name in where),
    ]
    return list(dict.fromkeys(names))


def _kind(found: PlaceFound) -> str:
    """How exact a place is."""
    precision = found.place.precision
    if precision is None or (found.place.place_id is None and found.span.kind not in _WIDE):
        return "unlisted"
    return "exact" if precision <= 3 else {4: "unit", 5: "part"}.get(precision, "wide")


def _of_sentence(scene: Scene, found: PlaceFound) -> Iterator[str]:
    """Where its sentence stands to those of the incident, and what else is told there."""
    here, main = sentence_of(scene.facts, found), scene.main.sentence.index
    own = {telling.sentence.index for telling in scene.incident.tellings}
    gap = here - main
    yield f"from main:{max(-4, min(5, gap))}"
    yield f"nearest:{min(5, _distance(scene, found))}"
    yield f"sentence:{'main' if gap == 0 else 'own' if here in own else 'other'}"
    yield "dateline" if is_dateline(scene.facts, found) else f"top:{min(3, here)}"
    if here not in own:
        told = [t for i in scene.incidents if i is not scene.incident for t in i.tellings if t.sentence.index == here]
        yield f"told there:{_told(scene, told)}"


def _told(scene: Scene, told: Sequence[Telling]) -> str:
    """What a sentence that is not the incident's tells of."""
    if not told:
        return "nothing"
    like = any(alike(a, b) for t in told for a in t.acts for own in scene.incident.tellings for b in own.acts)
    happened = any(t.status.status is Status.HAPPENED for t in told)
    return f"{'like' if like else 'unlike'} {'happened' if happened else 'not'}"


def _of_links(scene: Scene, found: PlaceFound) -> Iterator[str]:
    """How sure its link is to a verb of the incident, and to one of another."""
    mine = _link(scene.incident.tellings, found)
    others = [t for i in scene.incidents if i is not scene.incident for t in i.tellings]
    theirs = _link(others, found)
    yield f"link:{_tenth(mine)}"
    yield f"link of another:{_tenth(theirs)}"
    yield f"chosen:{any(t.place is found for t in scene.incident.tellings)}"
    yield f"of main:{scene.main.place is found}"
    yield f"chosen by another:{any(t.place is found for t in others)}"
    if speaks(scene.facts, found):
        yield "speaks"


def _link(tellings: Sequence[Telling], found: PlaceFound) -> float | None:
    return max((p for t in tellings for f, p in t.links if f is found), default=None)


def _tenth(probability: float | None) -> str:
    return "none" if probability is None else str(int(probability * 10) / 10)


def _of_kind(scene: Scene, found: PlaceFound) -> Iterator[str]:
    """What kind of place it is and what leads to it."""
    span, place = found.span, found.place
    yield f"kind:{_kind(found)}"
    yield f"word:{span.kind}"
    yield f"known:{span.known} {place.place_id is not None}"
    yield f"relation:{span.relation} {_kind(found)}"
    yield f"direction:{bool(span.direction)}"
    before = scene.facts.text[max(0, span.start - 20) : span.start].lower().split()
    word = before[-1] if before else ""
    yield f"before:{word if word in _LEADS else 'other'}"
    countries = scene.facts.place_context.countries
    rank = countries.index(place.country) if place.country in countries else None
    yield f"country:{'none' if not place.country else 'strange' if rank is None else min(rank, 2)}"


_LEADS = frozenset(
    {"in", "at", "near", "on", "of", "from", "to", "outside", "around", "the", "and", "against", "into", "inside"}
)


def _of_others(scene: Scene, found: PlaceFound) -> Iterator[str]:
    """What it is to the place of the incident's own sentences, and among the text's others."""
    yield f"own:{_against_own(scene.own, found)}"
    yield f"own:{_against_own(scene.own, found)} nearest:{min(3, _distance(scene, found))}"
    same = [p for p in scene.facts.places if p.span.head == found.span.head]
    yield f"named:{min(3, len(same))}"
    exact = [p for p in candidates_below(scene.facts) if _kind(p) in ("exact", "unlisted")]
    if found in exact:
        yield f"exact of:{min(4, len({p.span.head for p in exact}))}"
        yield f"first exact:{exact[0].span.head == found.span.head}"
        after = [p for p in exact if p.span.start >= scene.main.sentence.start]
        yield f"next exact:{bool(after) and after[0] is found}"
    held = any(found.span.head in p.span.part_of for p in scene.facts.places if p is not found)
    yield f"holds another:{held}"
    yield f"lies in:{bool(found.span.part_of)}"


def candidates_below(facts: Facts) -> tuple[PlaceFound, ...]:
    """The places of a text below a country."""
    return tuple(p for p in facts.places if p.place.precision != _COUNTRY)


def _against_own(own: PlaceFound | None, found: PlaceFound) -> str:
    """What a place is to the one the incident's sentences name."""
    if own is None:
        return "none"
    if own is found:
        return f"itself {_kind(found)}"
    return f"{_relation(own, found)} {'country' if own.place.precision == _COUNTRY else _kind(own)} {_kind(found)}"


def _relation(own: PlaceFound, found: PlaceFound) -> str:
    """How two places lie to each other, as far as the text and the gazetteer say."""
    one, other = own.place, found.place
    if own.span.head == found.span.head:
        return "again"
    if own.span.head in found.span.part_of:
        return "within it"
    if found.span.head in own.span.part_of:
        return "around it"
    if one.country and other.country and one.country != other.country:
        return "abroad"
    if one.admin1 and other.admin1:
        return "same unit" if one.admin1 == other.admin1 else "another unit"
    return "open"
