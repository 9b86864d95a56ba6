"""Which of the places a sentence names is where one of its acts was."""

import re
from collections.abc import Mapping

from tasks.events.datelines import is_desk
from tasks.events.document import Facts, PlaceFound
from tasks.events.language.phrases import lemma
from tasks.events.language.sentences import Sentence
from tasks.events.linking import scored_places, speaks
from tasks.events.participants import Participant
from tasks.events.triggers import Trigger

#: What a sure link between a trigger and a place is worth, in characters of nearness.
_LINK = 60
#: The coarsest precision (UCDP where_prec) of a town, named by those who live in it.
_TOWN = 3
#: A place less likely than this is another event's, or nobody's.
_UNLINKED = 0.05
_BREAK = re.compile(r"[;:]|\b(?:while|after|before|but|which|who|where|as)\b")


def links_of(facts: Facts, group: tuple[Trigger, ...]) -> dict[PlaceFound, float]:
    """The places of a sentence with the probability that one of these triggers happened there."""
    linked: dict[PlaceFound, float] = {}
    for trigger in group:
        for found, probability in scored_places(facts, trigger):
            linked[found] = max(probability, linked.get(found, 0.0))
    return linked


def own_place(
    facts: Facts,
    sentence: Sentence,
    group: tuple[Trigger, ...],
    people: tuple[Participant, ...],
    linked: Mapping[PlaceFound, float],
) -> PlaceFound | None:
    """The place of a sentence its triggers are linked to: the likeliest, exact before wide."""
    said = [
        found
        for found in facts.places
        if sentence.start <= found.span.start < sentence.end
        and not speaks(facts, found)
        and not is_desk(facts, found)
        and not is_origin(facts, found)
    ]
    whose = [f for f in said if any(p.start <= f.span.head_start and f.span.end <= p.end for p in people)]
    # Where nothing else is named: "residents of the city of Suwayda took to the streets".
    held = [found for found in said if found not in whose] or [f for f in whose if (f.place.precision or 9) <= _TOWN]
    near = [found for found in held if linked.get(found, 1.0) >= _UNLINKED]
    near = [found for found in near if not is_speakers(facts, found)] or near
    return min(
        near,
        key=lambda p: (_place_cost(facts.text, p, group) - _LINK * linked.get(p, 0.0), p.span.start),
        default=None,
    )


#: What flies from one place to another.
_FLUNG = frozenset({"fire", "launch", "lob", "shoot"})


def is_origin(facts: Facts, found: PlaceFound) -> bool:
    """Whether a place says where something that hits elsewhere came from: "a missile fired from Lebanon"."""
    span = facts.doc.char_span(found.span.head_start, found.span.head_end, alignment_mode="expand")
    if span is None or span.root.dep_ != "pobj" or span.root.head.lower_ != "from":
        return False
    return lemma(span.root.head.head) in _FLUNG


def is_speakers(facts: Facts, found: PlaceFound) -> bool:
    """Whether a place says where somebody speaks: "a source in Kyiv said"."""
    span = facts.doc.char_span(found.span.head_start, found.span.head_end, alignment_mode="expand")
    if span is None or span.root.dep_ != "pobj" or span.root.head.lower_ not in ("in", "at", "from"):
        return False
    speaker = span.root.head.head
    return any(said.speaker_start <= speaker.idx < said.speaker_end for said in facts.statements)


def _place_cost(text: str, found: PlaceFound, group: tuple[Trigger, ...]) -> int:
    costs = []
    for trigger in group:
        after = found.span.start >= trigger.end
        between = text[trigger.end : found.span.start] if after else text[found.span.end : trigger.start]
        costs.append(len(between) + 60 * len(_BREAK.findall(between)) + (0 if after else 25))
    # Of an unlisted place the precision is that of what it lies in.
    wide = {6: 150, 4: 60, 5: 20}.get(found.place.precision or 0, 0) if found.span.known else 0
    return min(costs) + wide + (0 if found.span.known or found.place.latitude is not None else 60)
