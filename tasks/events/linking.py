"""Which places of a sentence an event happened at: a learned head over the parse between a trigger and a place name.

A logistic regression over named yes-or-no features (``seeds/models/place_link.json``, made by
``benchmarks/train_place_link.py``; recipe, data and score in ``docs/extraction.md``). It tells the place of this verb
from the place of another one, of who spoke, or of who somebody is.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Token

from schemas.errors import SeedError
from tasks.events.document import Facts, PlaceFound
from tasks.events.language.phrases import lemma
from tasks.events.language.vocabulary import event_words
from tasks.events.triggers import Trigger
from tasks.reference.linear import logistic
from tasks.reference.seeds import SEEDS_DIR

_FILE = "models/place_link.json"
#: Paths through the parse longer than this are all alike: no connection to speak of.
_LONGEST = 6
_CLAUSES = frozenset({"relcl", "advcl", "ccomp", "acl", "parataxis", "conj", "pcomp", "xcomp"})


@dataclass(frozen=True, slots=True)
class LinkModel:
    """Weights by feature; a place is linked from ``threshold`` (a probability) on."""

    bias: float
    weights: dict[str, float]
    threshold: float

    def probability(self, features: Sequence[str]) -> float:
        """How likely a pair with these features is an event and its place."""
        score = self.bias + sum(self.weights.get(name, 0.0) for name in features)
        return logistic(score)


@cache
def link_model() -> LinkModel:
    """The shipped weights. Raises :class:`SeedError` where the file is not what it should be."""
    try:
        raw = json.loads((SEEDS_DIR / _FILE).read_text(encoding="utf-8"))
        return LinkModel(float(raw["bias"]), {str(k): float(v) for k, v in raw["weights"].items()}, raw["threshold"])
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise SeedError(f"{_FILE}: {error}; train it again with benchmarks/train_place_link.py") from error


def linked_places(facts: Facts, trigger: Trigger) -> tuple[PlaceFound, ...]:
    """The places of a trigger's sentence it happened at, in text order; none is an answer too."""
    model = link_model()
    scored = scored_places(facts, trigger)
    return tuple(found for found, probability in scored if probability >= model.threshold)


def scored_places(facts: Facts, trigger: Trigger) -> tuple[tuple[PlaceFound, float], ...]:
    """The places of a trigger's sentence, each with the probability that it happened there."""
    here = places_beside(facts, trigger)
    return tuple((p, link_model().probability(link_features(facts, trigger, p, here))) for p in here)


def places_beside(facts: Facts, trigger: Trigger) -> tuple[PlaceFound, ...]:
    """The places named in a trigger's sentence."""
    sent = facts.doc[trigger.token].sent
    return tuple(p for p in facts.places if sent.start_char <= p.span.head_start < sent.end_char)


def link_features(facts: Facts, trigger: Trigger, place: PlaceFound, here: Sequence[PlaceFound]) -> list[str]:
    """What the model looks at, as names of the features that hold."""
    verb, head = facts.doc[trigger.token], _head(facts.doc, place)
    listed = _list_head(head, here)
    found = [*_of_path(verb, head), *_of_order(facts, trigger, place, here), *_of_place(place)]
    found += [*_of_clause(facts, trigger, place, head, here), *_of_list(verb, head, listed)]
    return list(dict.fromkeys(found))


def _list_head(head: Token, here: Sequence[PlaceFound]) -> Token:
    """The first of the names a place is coordinated with or stands beside: "Arbin" for "Jobar" in "Arbin and Jobar"."""
    spans = [(p.span.start, p.span.end) for p in here]
    while head.dep_ in ("conj", "appos") and any(a <= head.head.idx < b for a, b in spans) and head.head.i < head.i:
        head = head.head
    return head


def _of_list(verb: Token, head: Token, first: Token) -> Iterator[str]:
    """The way from the first name of a list, which its others share."""
    if first == head:
        return
    yield "in a list"
    yield from (f"list {name}" for name in _of_path(verb, first) if name.startswith(("climb:", "first:", "meets:")))


def _of_clause(
    facts: Facts, trigger: Trigger, place: PlaceFound, head: Token, here: Sequence[PlaceFound]
) -> Iterator[str]:
    """What the name hangs on, the verbs and the words that stand between, and whether it stands for who rules there."""
    doc, verb = facts.doc, facts.doc[trigger.token]
    yield f"act:{trigger.act}"
    noun = head
    while noun.head != noun and noun.dep_ in ("pobj", "prep", "compound", "nmod", "conj", "appos", "amod"):
        noun = noun.head
        if noun.pos_ in ("NOUN", "VERB"):
            break
    if noun != head:
        yield f"hangs on:{noun.pos_} {noun.lemma_.lower()}"
    yield f"verb and preposition:{verb.lemma_.lower()} {_before(doc, place)}"
    yield f"act and preposition:{trigger.act} {_before(doc, place)}"
    low, high = sorted((head.i, verb.i))
    words = {token.lower_ for token in doc[low + 1 : high]}
    side = "after" if head.i > verb.i else "before"
    yield from (f"between:{side} {word}" for word in sorted(words & _TURNS))
    left = next((t for t in reversed(doc[head.sent.start : head.i]) if t.pos_ == "VERB"), None)
    yield f"verb before it:{'none' if left is None else 'this' if left == verb else 'another'}"
    if speaks(facts, place):
        yield "speaks"
    top = verb
    child = head
    while child.head not in (child, top):
        child = child.head
    if child.head == top and child != top:
        yield f"under:{_step(child)}"
        yield f"under and verb:{_step(child)} {verb.lemma_.lower()}"
    yield f"passive:{any(c.dep_ in ('nsubjpass', 'auxpass') for c in verb.children)} {side}"
    exact = sum((p.place.precision or 1) < 4 for p in here)
    yield f"exact:{(place.place.precision or 1) < 4} of {min(3, exact)}"
    yield f"named:{min(2, sum(p.span.head == place.span.head for p in here))}"


#: Words between a verb and a name that turn to something else.
_TURNS = frozenset(
    {"after", "before", "when", "while", "since", "who", "which", "that", "said", "says", "where", "as", "and", "but",
     "from", "to", "in", "near", "for", "against", "between", "until", "because", "over"}
)  # fmt: skip


def rules_there(facts: Facts, found: PlaceFound) -> bool:
    """Whether a name is only a seat of power's: "the Khartoum government"."""
    span = facts.doc.char_span(found.span.head_start, found.span.head_end, alignment_mode="expand")
    if span is None:
        return False
    return span.root.dep_ in ("compound", "nmod", "amod", "poss") and lemma(span.root.head) in event_words("rulers")


def speaks(facts: Facts, found: PlaceFound) -> bool:
    """Whether a place's name stands for its government or is somebody's: "Russia said", "Iran's minister"."""
    span = facts.doc.char_span(found.span.head_start, found.span.head_end, alignment_mode="expand")
    if span is None or found.span.kind:
        return False
    root = span.root
    if rules_there(facts, found) or _is_across(root):
        return True
    if root.dep_ == "dobj" and found.place.precision != 6 and lemma(root.head) in event_words("done_to_towns"):
        # "Missiles hit Odesa": the town itself.
        return False
    return root.dep_ in ("nsubj", "poss", "agent", "dobj", "iobj") or (
        root.dep_ in ("compound", "nmod", "amod") and root.head.pos_ in ("NOUN", "PROPN") and found.place.precision == 6
    )


def _is_across(name: Token) -> bool:
    """Whether a name is what a country borders on: "in Niger, near the borders with Burkina Faso and Mali"."""
    while name.dep_ == "conj":
        name = name.head
    return name.dep_ == "pobj" and name.head.lower_ == "with" and lemma(name.head.head) in ("border", "frontier")


def _head(doc: Doc, place: PlaceFound) -> Token:
    span = doc.char_span(place.span.head_start, place.span.head_end, alignment_mode="expand")
    return span.root if span is not None else doc[0]


def _chain(token: Token) -> list[Token]:
    return [token, *token.ancestors]


def _of_path(verb: Token, head: Token) -> Iterator[str]:
    """The way through the parse from the place up to what it shares with the verb, and from there down to the verb."""
    up, down = _chain(head), _chain(verb)
    shared = next((token for token in up if token in down), None)
    if shared is None:
        yield "path:none"
        return
    climb, descent = up[: up.index(shared)], down[: down.index(shared)]
    steps = [_step(token) for token in climb]
    below = [token.dep_ for token in descent]
    yield f"climb:{'<'.join(steps[:_LONGEST])}"
    yield f"first:{'<'.join(steps[:2])}"
    yield f"descent:{'>'.join(below[:4])}"
    yield f"meets:{'verb' if shared == verb else shared.pos_}"
    if len(steps) + len(below) <= _LONGEST:
        yield f"path:{'<'.join(steps)}|{'>'.join(below)}"
    yield from (f"clause up:{token.dep_}" for token in climb if token.dep_ in _CLAUSES)
    yield from (f"clause down:{token.dep_}" for token in descent if token.dep_ in _CLAUSES)
    owner = next((token for token in climb if token.pos_ in ("VERB", "AUX")), None)
    yield "owner:this" if owner is None and shared == verb else f"owner:{'none' if owner is None else 'other'}"
    governor = owner or shared
    if lemma(governor) in event_words("saying") and governor != verb:
        yield "owner:says"
    yield f"length:{min(8, len(climb) + len(descent))}"
    yield f"verb:{verb.lemma_.lower()}"
    yield f"verb and step:{verb.lemma_.lower()} {steps[0] if steps else ''}"


def _step(token: Token) -> str:
    """One step up the parse; prepositions by their word, nouns between by whether they are names."""
    if token.dep_ in ("prep", "agent"):
        return f"{token.dep_}:{token.lower_}"
    return token.dep_


def _of_order(facts: Facts, trigger: Trigger, place: PlaceFound, here: Sequence[PlaceFound]) -> Iterator[str]:
    """Where the place stands: on which side, how far, past how many verbs, and which places stand beside it."""
    doc, head = facts.doc, _head(facts.doc, place)
    low, high = sorted((head.i, trigger.token))
    between = doc[low + 1 : high]
    side = "after" if head.i > trigger.token else "before"
    yield f"side:{side}"
    yield f"distance:{side} {_bucket(high - low)}"
    yield f"verbs between:{side} {min(3, sum(t.pos_ == 'VERB' for t in between))}"
    yield f"commas between:{side} {min(3, sum(t.text in ',;:' for t in between))}"
    rank = sorted(here, key=lambda other: abs(_head(doc, other).i - trigger.token)).index(place)
    yield f"rank:{min(3, rank)} of {min(4, len(here))}"
    index = here.index(place)
    if index and place.span.head in here[index - 1].span.part_of:
        yield "holds the place before"
    if index and here[index - 1].span.end <= place.span.start:
        yield f"before it:{facts.text[here[index - 1].span.end : place.span.start].strip().lower()[:8]}"
    if index + 1 < len(here):
        yield f"after it:{facts.text[place.span.end : here[index + 1].span.start].strip().lower()[:8]}"
        yield "lies in the next" if here[index + 1].span.head in place.span.part_of else "next is apart"
    word = place.span.start - head.sent.start_char
    yield "opens the sentence" if word < 4 else f"preposition:{_before(doc, place)}"


def _before(doc: Doc, place: PlaceFound) -> str:
    span = doc.char_span(place.span.start, place.span.end, alignment_mode="expand")
    at = (span.start if span is not None else 1) - 1
    while at > 0 and doc[at].lower_ in ("the", "a", "nearby", "central"):
        at -= 1
    token = doc[max(0, at)]
    return token.lower_ if token.pos_ in ("ADP", "SCONJ", "PUNCT", "CCONJ", "PART") else token.pos_


def _bucket(count: int) -> str:
    return next((f"<{limit}" for limit in (2, 3, 4, 6, 9, 13, 20) if count < limit), "far")


def _of_place(place: PlaceFound) -> Iterator[str]:
    """What kind of place it is."""
    yield f"precision:{place.place.precision}"
    yield f"kind:{place.span.kind}"
    yield f"relation:{place.span.relation}"
    yield f"direction:{bool(place.span.direction)}"
    yield f"known:{place.span.known}"
