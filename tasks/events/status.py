"""Whether a text says that an event happened, is planned, threatened, denied, only possible, or long known."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict
from spacy.tokens import Doc, Token

from schemas.mention import Status
from tasks.events.language.phrases import lemma
from tasks.events.triggers import Trigger
from tasks.reference.seeds import read_yaml_seed, validated


class StatusWords(BaseModel):
    """``seeds/status_words.yml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    modals_planned: frozenset[str]
    modals_hypothetical: frozenset[str]
    threaten: frozenset[str]
    threat_nouns: frozenset[str]
    plan: frozenset[str]
    plan_nouns: frozenset[str]
    hypothetical_nouns: frozenset[str]
    hypothetical_verbs: frozenset[str]
    hypothetical_modifiers: frozenset[str]
    conditions: frozenset[str]
    deny: frozenset[str]
    denial_nouns: frozenset[str]
    done: frozenset[str]
    habit: frozenset[str]
    long_units: frozenset[str]
    eras: frozenset[str]
    since: frozenset[str]
    existing: frozenset[str]
    answers: frozenset[str]
    protest: frozenset[str]
    judged: frozenset[str]
    recalled: frozenset[str]


@cache
def status_words() -> StatusWords:
    """The cue words. Raises :class:`SeedError`."""
    return validated(StatusWords, read_yaml_seed("status_words.yml"), "status_words.yml")


@dataclass(frozen=True, slots=True)
class StatusReading:
    """A status with the word that gave it (document offsets), ``None`` for the plain case, and the rule's name."""

    status: Status
    cue: tuple[int, int] | None
    rule: str


#: The rule of what an event answers, which is another than that event: "in response to the killing of X".
ANSWERED = "answered"
HAPPENED = StatusReading(Status.HAPPENED, None, "asserted")


def read_status(doc: Doc, trigger: Trigger) -> StatusReading:
    """The status of a trigger: the nearest cue on the way from it to the top of its sentence decides."""
    anchor = doc[trigger.verb] if trigger.verb is not None and trigger.carried else doc[trigger.token]
    for word, below in _upward(doc[trigger.token], anchor):
        for reading in (_of_clause(word), _of_governor(word, below)):
            if reading is not None and not _is_agreeing(doc, trigger, reading):
                return reading
    held = _held_for(anchor)
    if held is not None:
        return held
    habit = _habit(anchor)
    if habit is not None:
        return habit
    if trigger.noun and trigger.verb is None and _generic(doc[trigger.token], trigger):
        return _reading(Status.BACKGROUND, doc[trigger.token], "generic plural")
    return HAPPENED


def _is_agreeing(doc: Doc, trigger: Trigger, reading: StatusReading) -> bool:
    """To agree to a truce is the truce, not a plan of one."""
    if trigger.act not in ("agreement", "ceasefire") or reading.cue is None:
        return False
    return any(lemma(token) in ("agree", "sign") for token in doc if token.idx == reading.cue[0])


def _held_for(verb: Token) -> StatusReading | None:
    """What somebody had done who is held for it now: "arrested an agent who had set fire to vehicles"."""
    before = verb.dep_ == "relcl" and any(c.dep_ == "aux" and c.lower_ == "had" for c in verb.children)
    above = verb.head.head if before else verb
    if before and lemma(above) in status_words().judged | {"arrest", "detain", "capture"}:
        return _reading(Status.BACKGROUND, above, "recalled")
    return None


def _upward(token: Token, anchor: Token) -> Iterator[tuple[Token, Token]]:
    """The words from a trigger to the root, each with the one below it, as far as what they say reaches the trigger.

    What is said of a clause does not reach what it takes for granted: a relative or adverbial clause, what stands
    after "after" or "despite", or a noun that is part of another ("the site of the attack").
    """
    yield token, token
    if anchor != token:
        yield anchor, token
    below = anchor
    while below.head != below:
        if below.dep_ == "relcl" or (below.dep_ == "advcl" and not _is_infinitive(below)):
            return
        head = below.head
        if below.dep_ == "dobj" and lemma(head) in status_words().existing:
            return
        if below.dep_ == "prep" and below.lower_ in _GRANTED:
            return
        # "It will be the site of a battle" tells of the battle.
        apart = lemma(head) not in _cue_nouns() and not (head.dep_ == "attr" and lemma(head) in ("site", "scene"))
        if head.pos_ in ("NOUN", "PROPN") and below.dep_ == "prep" and apart:
            return
        yield head, below
        below = head


_GRANTED = frozenset({"after", "before", "during", "since", "following", "despite", "from", "amid", "in", "at", "over"})


@cache
def _cue_nouns() -> frozenset[str]:
    words = status_words()
    return (
        words.threat_nouns
        | words.plan_nouns
        | words.hypothetical_nouns
        | words.denial_nouns
        | words.answers
        | words.recalled
    )


def _of_clause(word: Token) -> StatusReading | None:
    """What the word's own auxiliaries, negation, conditions and modifiers say."""
    return next((found for child in word.children if (found := _of_child(word, child)) is not None), None)


def _of_child(word: Token, child: Token) -> StatusReading | None:
    """What one auxiliary, negation, condition or modifier of a word says."""
    words, verbal = status_words(), word.pos_ in ("VERB", "AUX")
    if child.dep_ == "aux":
        return _of_modal(word, child)
    if child.dep_ == "neg" and verbal:
        return _reading(Status.DENIED, child, "negated")
    if child.dep_ in ("mark", "advmod") and child.lower_ in words.conditions and verbal:
        return _reading(Status.HYPOTHETICAL, child, "condition")
    if child.dep_ == "acl" and child.tag_ == "VBN" and lemma(child) in ("plan", "schedule", "expect"):
        return _reading(Status.PLANNED, child, "planned")
    if child.dep_ == "amod" and child.lower_ in words.hypothetical_modifiers and word.pos_ == "NOUN":
        return _reading(Status.HYPOTHETICAL, child, "possible")
    return None


def _of_modal(verb: Token, modal: Token) -> StatusReading | None:
    words = status_words()
    if modal.lower_ in words.modals_planned:
        return _reading(Status.PLANNED, modal, "future")
    if modal.lower_ not in words.modals_hypothetical or _relayed(modal):
        return None
    if modal.lower_ == "would" and _is_own_threat(verb):
        return _reading(Status.THREATENED, verb.head, "threatened")
    return _reading(Status.HYPOTHETICAL, modal, "modal")


def _is_own_threat(verb: Token) -> bool:
    """Whether somebody warns of what he himself will do: "Israel warned it would strike"."""
    own = any(child.dep_ == "nsubj" and child.lower_ in ("it", "they", "he", "she") for child in verb.children)
    return own and verb.dep_ == "ccomp" and lemma(verb.head) in status_words().threaten


def _relayed(modal: Token) -> bool:
    """A modal of perception says that it was so, as in "it could be heard" or "they can see it"."""
    return modal.lower_ in ("could", "can") and lemma(modal.head) in ("hear", "see", "feel")


def _of_governor(word: Token, below: Token) -> StatusReading | None:
    """What a verb or noun above says of the clause or phrase below it."""
    if word == below or below.dep_ in ("nsubj", "nsubjpass", "advcl", "conj", "parataxis", "appos"):
        return _purpose(below) if below.dep_ == "advcl" else None
    if below.dep_ == "prep" and below.lower_ == "against" and lemma(word) in status_words().protest:
        return _reading(Status.BACKGROUND, word, ANSWERED)
    if below.dep_ == "prep" and _is_recalled(word, below):
        return _reading(Status.BACKGROUND, word, "recalled")
    verb = word.pos_ in ("VERB", "AUX", "ADJ")
    found = _of_verb(word, below) if verb else _of_noun(word, below)
    if found is not None:
        return found
    return _purpose(below) if word.pos_ in ("NOUN", "PROPN") and below.dep_ in ("acl", "relcl") else None


def _is_recalled(word: Token, preposition: Token) -> bool:
    """Whether an act is what somebody is tried or remembered for: "sentenced for the murder", "the anniversary of"."""
    words, how = status_words(), preposition.lower_
    return (lemma(word) in words.judged and how in ("for", "of", "with")) or (
        lemma(word) in words.recalled and how in ("of", "for")
    )


def _of_verb(verb: Token, below: Token) -> StatusReading | None:
    words, name = status_words(), lemma(verb)
    if name in words.deny:
        return _reading(Status.DENIED, verb, "denied")
    if name in words.threaten:
        return _reading(Status.THREATENED, verb, "threatened")
    if name in words.hypothetical_verbs and below.dep_ in ("ccomp", "xcomp", "dobj", "prep"):
        return _reading(Status.HYPOTHETICAL, verb, "feared or prevented")
    wanted = below.dep_ == "dobj" or (below.dep_ == "prep" and below.lower_ in ("for", "to"))
    if name in words.plan and (_is_infinitive(below) or (wanted and name not in words.done)):
        return _reading(Status.PLANNED, verb, "planned")
    return None


def _of_noun(noun: Token, below: Token) -> StatusReading | None:
    words, name = status_words(), lemma(noun)
    if name in words.denial_nouns:
        return _reading(Status.DENIED, noun, "denied")
    if name in words.threat_nouns:
        return _reading(Status.THREATENED, noun, "threatened")
    if name in words.answers and below.dep_ == "prep" and below.lower_ in ("to", "for"):
        return _reading(Status.BACKGROUND, noun, ANSWERED)
    if below.dep_ not in ("prep", "acl", "pobj"):
        return None
    if name in words.hypothetical_nouns:
        return _reading(Status.HYPOTHETICAL, noun, "possible")
    return _reading(Status.PLANNED, noun, "planned") if name in words.plan_nouns else None


def _purpose(below: Token) -> StatusReading | None:
    """An infinitive that no verb of doing governs is a purpose, not an event: "to liberate the towns"."""
    if _is_infinitive(below) and lemma(below.head) not in status_words().done:
        return _reading(Status.HYPOTHETICAL, below, "purpose")
    return None


def _is_infinitive(verb: Token) -> bool:
    return verb.tag_ == "VB" and any(child.lower_ == "to" and child.dep_ == "aux" for child in verb.children)


def _habit(anchor: Token) -> StatusReading | None:
    """Words that make a statement one of many times: "for years", "since the war", "occasionally"."""
    words = status_words()
    verb = anchor
    while verb.head != verb:
        if verb.pos_ in ("VERB", "AUX") and verb.dep_ not in ("xcomp", "conj", "pcomp"):
            break
        verb = verb.head
    for clause in {anchor, verb}:
        for child in clause.children:
            if child.dep_ in ("advmod", "npadvmod") and child.lower_ in words.habit:
                return _reading(Status.BACKGROUND, child, "habit")
            if child.dep_ in ("prep", "mark") and (noun := _long_time(child)) is not None:
                return _reading(Status.BACKGROUND, noun, "long time")
    return None


def _long_time(preposition: Token) -> Token | None:
    """The noun of "for years", "over the years", "during the war"; counted spans ("for two weeks") are none."""
    words = status_words()
    for noun in preposition.children:
        if noun.dep_ != "pobj":
            continue
        counted = any(c.dep_ == "nummod" for c in noun.children)
        if preposition.lower_ in ("for", "over") and lemma(noun) in words.long_units and noun.tag_ == "NNS":
            return None if counted and lemma(noun) not in ("year", "decade") else noun
        if preposition.lower_ in words.since and lemma(noun) in words.eras:
            return noun
    return None


def _generic(noun: Token, trigger: Trigger) -> bool:
    """A bare plural that no verb brings about ("coincided with attacks by X"): kinds of events, not one."""
    return trigger.plural and not any(c.dep_ in ("det", "nummod", "poss") for c in noun.children)


def _reading(status: Status, cue: Token, rule: str) -> StatusReading:
    return StatusReading(status, (cue.idx, cue.idx + len(cue)), rule)
