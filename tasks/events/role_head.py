"""Whose part a noun phrase has in the events told around it: a learned head beside the grammar of ``roles.py``.

The grammar reads the clause of a trigger. Much is told outside of it: who is suspected a sentence later, a victim's
name in apposition to what he was, the building beside the bomb. A multinomial logistic regression over the parse, the
kind of the phrase and what the grammar made of it answers for every noun phrase near a trigger
(``seeds/models/roles.json``, made by ``benchmarks/train_roles.py``; recipe, data and score in ``docs/extraction.md``).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Token

from schemas.mention import Role
from tasks.events.actors.spans import ActorSpan, is_armed, kind_of
from tasks.events.document import Facts
from tasks.events.language.phrases import conjuncts, is_passive, lemma, noun_phrase
from tasks.events.language.vocabulary import vocabulary
from tasks.events.participants import Participant
from tasks.events.tellings import Telling
from tasks.events.triggers import Trigger
from tasks.reference.actors import actors
from tasks.reference.linear import Linear, load_linear

#: How many sentences from a trigger a phrase may stand.
REACH = 2
#: Paths through the parse longer than this are no connection to speak of.
_LONGEST = 5
_HEADS = frozenset({"NOUN", "PROPN", "NUM"})
#: Words that only modify the noun after them; one that names an actor counts all the same ("a guerrilla attack").
_MODIFIERS = frozenset({"compound", "amod", "nmod", "poss", "nummod", "npadvmod"})
ACCUSING = frozenset({"responsibility", "responsible", "suspect", "blame", "accuse", "attribute", "claim", "identify"})
_DULL = frozenset({"be", "have", "do"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A noun phrase that may have a part: its name's document offsets, its head's token and its sentence's index."""

    start: int
    end: int
    token: int
    sentence: int
    named: ActorSpan | None
    thing: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a text's events when phrases are judged.

    ``triggers`` by the index of their sentence; ``people``: whom the grammar named, in text order; ``by_name``: the
    parts it gave a name anywhere.
    """

    triggers: Mapping[int, Sequence[Trigger]]
    people: tuple[Participant, ...]
    by_name: Mapping[str, frozenset[Role]]

    @classmethod
    def of(cls, tellings: Iterable[Telling]) -> "Told":
        """From what each sentence tells."""
        triggers: dict[int, list[Trigger]] = {}
        people: list[Participant] = []
        by_name: dict[str, frozenset[Role]] = {}
        for telling in tellings:
            triggers.setdefault(telling.sentence.index, []).extend(telling.triggers)
            people += telling.people
        for person in people:
            name = person.actor.name.lower()
            by_name[name] = by_name.get(name, frozenset()) | {person.actor.role}
        return cls(triggers, tuple(people), by_name)


@cache
def role_model() -> Linear:
    """The shipped weights. Raises :class:`SeedError`."""
    return load_linear("models/roles.json", "benchmarks/train_roles.py")


def candidates(facts: Facts, told: Told) -> Iterator[Candidate]:
    """The noun phrases within reach of a trigger, in text order; days and titles alone are none."""
    covered = -1
    names = {a.token_start for a in facts.actors if a.actor_id or a.noun_kind}
    for sentence in facts.sentences:
        if not any(near in told.triggers for near in range(sentence.index - REACH, sentence.index + REACH + 1)):
            continue
        span = facts.doc.char_span(sentence.start, sentence.end, alignment_mode="expand")
        for token in span if span is not None else ():
            if token.i <= covered or (token.pos_ not in _HEADS and token.i not in names):
                continue
            found = _candidate(facts, token, sentence.index)
            if found is not None:
                yield found
                if found.named is not None:
                    covered = max(covered, found.named.token_end - 1)


def _candidate(facts: Facts, token: Token, sentence: int) -> Candidate | None:
    named = next((a for a in facts.actors if a.start <= token.idx < a.end), None)
    thing = lemma(token) in vocabulary().words("property")
    if any(day.start <= token.idx < day.end for day in facts.dates):
        return None
    if named is not None:
        return Candidate(named.start, named.end, token.i, sentence, named, thing)
    if token.dep_ in _MODIFIERS or token.pos_ == "NUM":
        return None
    start, end = noun_phrase(token)
    proper = token.pos_ == "PROPN" and facts.text[start].isupper()
    person = kind_of(facts.text[start:end]) is not None or lemma(token) in vocabulary().words("people")
    return Candidate(start, end, token.i, sentence, None, thing) if thing or proper or person else None


def role_features(facts: Facts, candidate: Candidate, told: Told) -> list[str]:
    """What the model looks at, as names of the features that hold."""
    token = facts.doc[candidate.token]
    name = facts.text[candidate.start : candidate.end].lower()
    kind = kind_word(facts, candidate)
    base = [
        *_of_phrase(facts, candidate, token, kind),
        *_of_grammar(told, candidate, name, kind),
        *_of_clause(token, kind),
        *_of_nearness(facts, candidate, told, kind),
    ]
    return list(dict.fromkeys(base))


def kind_word(facts: Facts, candidate: Candidate) -> str:
    """One word for what the phrase is."""
    named, token = candidate.named, facts.doc[candidate.token]
    if candidate.thing:
        return "thing"
    if named is not None:
        if named.actor_id:
            return "group" if is_armed(known_kind := actors()[named.actor_id].kind) else f"known {known_kind}"
        return "state" if named.demonym_country and not named.noun_kind else (named.noun_kind or "named")
    if any(p.span.start <= token.idx < p.span.end for p in facts.places):
        return "place"
    words = facts.text[candidate.start : candidate.end].split()
    if token.pos_ == "PROPN":
        return "name" if len(words) > 1 else "word"
    return kind_of(facts.text[candidate.start : candidate.end]) or "person"


def _of_phrase(facts: Facts, candidate: Candidate, token: Token, kind: str) -> Iterator[str]:
    """The words of the phrase itself and right around it."""
    yield f"kind:{kind}"
    head = lemma(token)
    yield f"head:{head}"
    yield f"plural:{token.tag_ in ('NNS', 'NNPS')} {kind}"
    if is_armed(kind) or kind == "group":
        yield "armed"
    for child in token.children:
        if child.dep_ == "det":
            yield f"det:{child.lower_}"
        elif child.dep_ == "nummod":
            yield "counted"
        elif child.dep_ in ("amod", "compound", "nmod"):
            yield f"mod:{lemma(child)}"
        elif child.dep_ == "appos":
            yield "explained"
            yield f"explained:{lemma(child)}"
        elif child.dep_ in ("relcl", "acl"):
            yield f"who:{lemma(child)}{' passive' if is_passive(child) else ''}"
    if token.dep_ == "appos":
        yield f"explains:{lemma(token.head)}"
    before, after = facts.doc[max(0, token.left_edge.i - 1)], facts.doc[min(len(facts.doc) - 1, token.i + 1)]
    yield f"before:{before.lower_}"
    yield f"after:{after.lower_}"
    yield f"sentence:{min(candidate.sentence, 6)}"


def _of_grammar(told: Told, candidate: Candidate, name: str, kind: str) -> Iterator[str]:
    """What the rules of ``roles.py`` made of it, here and where the same name stands elsewhere."""
    for person in told.people:
        if person.start < candidate.end and candidate.start < person.end:
            role = person.actor.role.value
            yield f"rule:{role}"
            yield f"rule:{role} {person.rule.split(';')[0].split(',')[0]}"
            yield f"rule:{role} {kind}"
    for role in told.by_name.get(name, frozenset()):
        yield f"elsewhere:{role.value}"
        yield f"elsewhere:{role.value} {kind}"


def _step(token: Token) -> str:
    return f"{token.dep_}:{token.lower_}" if token.dep_ in ("prep", "agent") else token.dep_


def _of_clause(token: Token, kind: str) -> Iterator[str]:
    """The way up to the verb or noun that governs it, in words and in kinds of words; of a list, its first name's."""
    steps: list[str] = []
    word = first = _first_of_list(token)
    listed = len(list(conjuncts(first)))
    if listed > 1:
        yield f"list:{min(4, listed)} {'first' if first == token else 'later'} {kind}"
        yield from (f"listed with:{lemma(other)}" for other in conjuncts(first) if other != token)
    while word.head != word and len(steps) < _LONGEST:
        steps.append(_step(word))
        word = word.head
        if word.pos_ in ("VERB", "AUX"):
            break
        if word.pos_ in ("NOUN", "PROPN") and steps[-1].startswith(("prep", "appos")):
            yield f"of noun:{'<'.join(steps)} {lemma(word)}"
    passive = " passive" if word.pos_ == "VERB" and is_passive(word) else ""
    path = "<".join(steps)
    yield f"path:{path}{passive}"
    yield f"path:{path}{passive} {kind}"
    if lemma(word) not in _DULL:
        yield f"verb:{lemma(word)}"
        yield f"verb:{path}{passive} {lemma(word)}"
    yield f"first:{steps[0] if steps else 'root'}"
    above = [lemma(up) for up in token.ancestors]
    for cue in ACCUSING.intersection(above):
        yield f"under:{cue} {kind}"
    for verb in {lemma(other) for other in token.sent if other.pos_ == "VERB"} - _DULL:
        yield f"beside:{verb} {kind}"


def _first_of_list(token: Token) -> Token:
    """The first of the names a phrase is listed with, itself where it stands alone."""
    while token.dep_ == "conj" and token.head.pos_ in _HEADS:
        token = token.head
    return token


def _of_nearness(facts: Facts, candidate: Candidate, told: Told, kind: str) -> Iterator[str]:
    """The triggers of its sentence, or how far the next ones are."""
    here = told.triggers.get(candidate.sentence, ())
    if not here:
        back = next((d for d in range(1, REACH + 1) if candidate.sentence - d in told.triggers), None)
        ahead = next((d for d in range(1, REACH + 1) if candidate.sentence + d in told.triggers), None)
        yield f"away:{back} {ahead}"
        yield f"away:{back} {ahead} {kind}"
        acts = {t.act for d in (back,) if d for t in told.triggers[candidate.sentence - d]}
        yield from (f"act before:{act} {kind}" for act in acts)
        return
    nearest = min(here, key=lambda t: (abs(t.token - candidate.token), t.start))
    side = "after" if candidate.token > nearest.token else "before"
    gap = abs(nearest.token - candidate.token)
    yield f"act:{nearest.act} {kind}"
    yield f"side:{side} {kind}"
    yield f"gap:{side} {next((n for n in (2, 4, 7, 11, 16) if gap < n), 'far')}"
    trigger = facts.doc[nearest.token]
    way = _way(_first_of_list(facts.doc[candidate.token]), trigger)
    yield f"way:{way}"
    yield f"way:{way} {nearest.act}"
    yield f"way:{way} {kind}"
    yield f"triggers:{min(3, len(here))}"


def _way(token: Token, trigger: Token) -> str:
    """The path through the parse from a phrase to a trigger."""
    up, down = [token, *token.ancestors], [trigger, *trigger.ancestors]
    shared = next((word for word in up if word in down), None)
    if shared is None:
        return "none"
    climb, descent = up[: up.index(shared)], down[: down.index(shared)]
    if len(climb) + len(descent) > _LONGEST:
        return "long"
    return "<".join(map(_step, climb)) + "|" + ">".join(word.dep_ for word in descent)


def scored(facts: Facts, told: Told, model: Linear) -> Iterator[tuple[Candidate, dict[str, float]]]:
    """Every candidate with how likely each part is."""
    for candidate in candidates(facts, told):
        yield candidate, model.probabilities(role_features(facts, candidate, told))
