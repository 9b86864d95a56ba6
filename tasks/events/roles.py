"""Who did it, to whom, and with whose support: noun phrases around a trigger, by the grammar of its sentence."""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from schemas.mention import Role
from tasks.events.language.phrases import (
    agents,
    conjuncts,
    is_passive,
    lemma,
    noun_phrase,
    objects,
    objects_of,
    subjects,
)
from tasks.events.language.vocabulary import event_words, vocabulary
from tasks.events.triggers import Trigger

_AT = ("on", "against", "at", "targeting", "into", "toward", "towards", "onto", "upon")
_OF_IS_TARGET = frozenset(
    {"kill", "abduction", "arrest", "shelling", "bombing", "attack_civilians", "capture", "sexual_violence", "looting"}
)
_PRONOUNS = frozenset({"they", "it", "he", "she", "them", "him", "her", "who", "which", "that"})


@dataclass(frozen=True, slots=True)
class RoleSpan:
    """A noun phrase with its part. ``start`` and ``end`` are document offsets; ``token`` is the head's index.

    ``loose`` marks a modifier ("rebel" in "rebel attack") that counts only where it names an actor.
    """

    role: Role
    start: int
    end: int
    token: int
    rule: str
    loose: bool = False


def find_roles(doc: Doc, trigger: Trigger) -> tuple[RoleSpan, ...]:
    """The participants the grammar of the trigger's sentence gives, each noun phrase once, in text order."""
    head = doc[trigger.token]
    found = list(_noun_roles(doc, trigger, head) if trigger.noun else _verb_roles(trigger, head))
    found += [
        (Role.SUPPORTER, noun, "supported by", False)
        for role, noun, _, _ in found
        if role is Role.INITIATOR
        for noun in _supporters(noun)
    ]
    anchor = doc[trigger.verb] if trigger.verb is not None else head
    found += [(Role.SUPPORTER, noun, "with the support of", False) for noun in _supporters(anchor)]
    spans: dict[int, RoleSpan] = {}
    for role, noun, rule, loose in found:
        known, how = _resolved(noun)
        if known is not None and known.i not in spans:
            start, end = noun_phrase(known)
            spans[known.i] = RoleSpan(role, start, end, known.i, rule + how, loose)
    return tuple(spans[i] for i in sorted(spans))


Found = tuple[Role, Token, str, bool]


def _verb_roles(trigger: Trigger, verb: Token) -> Iterator[Found]:
    if lemma(verb) in event_words("suffered") and not is_passive(verb):
        lost = objects(verb) if lemma(verb) == "lose" else []
        fallen = [noun for noun in lost if lemma(noun) not in ("life", "live")]
        # "The army lost two soldiers": they fell, and it did nothing. "A boy was shot by a soldier and died."
        hit = [c for c in verb.head.children if c.dep_ == "nsubjpass"] if verb.dep_ == "conj" else []
        hit = [] if any(c.dep_ == "nsubj" for c in verb.children) else hit
        yield from ((Role.TARGET, noun, "subject of dying", False) for noun in fallen or hit or subjects(verb))
        return
    if (
        lemma(verb) in event_words("done_to_somebody")
        and verb.tag_ in ("VBD", "VBN")
        and not objects(verb)
        and not is_passive(verb)
        and not any(child.dep_ == "aux" for child in verb.children)
    ):
        yield from ((Role.TARGET, noun, "headline passive", False) for noun in subjects(verb))
        return
    if _is_found_so(verb):
        yield from ((Role.TARGET, noun, "headline passive", False) for noun in objects(verb.head))
        return
    rule = "by-phrase" if is_passive(verb) else "subject"
    # What explodes is a thing; only who makes it explode did something.
    goes_off = trigger.act in ("explosion", "remote_explosive") and not is_passive(verb) and not objects(verb)
    if not goes_off:
        attackers = _held_off(verb)
        yield from ((Role.INITIATOR, noun, "whose attack", False) for noun in attackers)
        part, how = (Role.TARGET, "held off") if attackers else (Role.INITIATOR, rule)
        yield from ((part, noun, how, False) for noun in subjects(verb))
        yield from _owners(subjects(verb))
    yield from _together(verb)
    if trigger.act.startswith("campaign") or trigger.act in ("agreement", "ceasefire", "base", "other"):
        yield from _campaign_roles(verb)
        return
    if trigger.act not in ("shelling", "weapons_disrupted", "capture") or lemma(verb) in ("shell", "bombard", "hit"):
        yield from ((Role.TARGET, noun, "object", False) for noun in objects(verb))
    yield from ((Role.TARGET, noun, "aimed at", False) for noun in objects_of(verb, *_AT) if trigger.act != "kill")
    if trigger.act in ("capture", "transfer"):
        yield from ((Role.TARGET, noun, "taken from", False) for noun in objects_of(verb, "from"))
    if trigger.act == "armed_clash":
        yield from ((Role.TARGET, noun, "clash with", False) for noun in objects_of(verb, "with"))


def _is_found_so(verb: Token) -> bool:
    """Whether a participle says how somebody was found: "two men were found shot dead"."""
    bare = verb.tag_ in ("VBN", "VBD") and not any(c.dep_ in ("nsubj", "nsubjpass", "dobj") for c in verb.children)
    return bare and verb.dep_ in ("xcomp", "oprd", "ccomp") and lemma(verb.head) in ("find", "leave")


def _held_off(verb: Token) -> list[Token]:
    """Whose act it was that somebody held off: "repelled an attack by X"."""
    if lemma(verb) not in event_words("held_off") or is_passive(verb):
        return []
    return [
        doer
        for act in objects(verb)
        if lemma(act) in event_words("held_off_acts")
        for doer in (*objects_of(act, "by"), *_done_by(act), *(c for c in act.children if _is_named(c)))
    ]


def _is_named(word: Token) -> bool:
    """Whether a word before an act names whose it was: "an RSF attack", "Russian assaults"."""
    return word.dep_ in ("amod", "nmod", "compound", "poss") and word.text[:1].isupper()


def _owners(nouns: list[Token]) -> Iterator[Found]:
    """Whose the weapon was that hit: "a Russian missile struck"."""
    for noun in nouns:
        if lemma(noun) in vocabulary().words("weapon"):
            whose = (child for child in noun.children if child.dep_ in ("amod", "poss", "nmod", "compound"))
            yield from ((Role.INITIATOR, owner, "whose weapon", True) for owner in whose)


def _campaign_roles(verb: Token) -> Iterator[Found]:
    """The enemy of a campaign, told with the campaign or with its purpose."""
    for noun in objects(verb) or [c for c in verb.children if c.dep_ == "nsubj"]:
        yield from ((Role.TARGET, enemy, "campaign against", False) for enemy in objects_of(noun, *_AT))
        yield from ((Role.TARGET, c, "anti-", True) for c in _opposed(noun))
    yield from ((Role.TARGET, noun, "against", False) for noun in objects_of(verb, "against"))
    for word in verb.sent:
        if lemma(word) == "lead" and word.tag_ == "VBN":
            yield from ((Role.INITIATOR, noun, "led by", False) for noun in agents(word))
    for word in verb.subtree:
        if lemma(word) in event_words("purpose") and word.pos_ == "VERB" and word.i > verb.i:
            yield from ((Role.TARGET, noun, "purpose", False) for noun in objects(word))


def _opposed(noun: Token) -> Iterator[Token]:
    """``ISIS`` in "anti-ISIS campaign"."""
    for child in noun.children:
        before = child.i - 2
        if child.i >= 2 and noun.doc[before].lower_ == "anti" and noun.doc[child.i - 1].text == "-":
            yield child


def _noun_roles(doc: Doc, trigger: Trigger, noun: Token) -> Iterator[Found]:
    verb = doc[trigger.verb] if trigger.verb is not None else None
    if verb is not None and trigger.carried:
        yield from ((Role.INITIATOR, actor, "carried out", False) for actor in subjects(verb))
        yield from _together(verb)
        yield from ((Role.TARGET, target, "carried out against", False) for target in objects_of(verb, *_AT))
    elif verb is not None and lemma(verb) not in ("take", "happen", "occur", "come", "follow"):
        yield from ((Role.TARGET, target, "object of its effect", False) for target in objects(verb) if target != noun)
    if trigger.act in ("agreement", "ceasefire"):
        yield from ((Role.INITIATOR, actor, "agreed", False) for actor in _agreeing(noun))
    if trigger.act in ("protest", "riot") and noun.dep_ == "pobj" and noun.head.lower_ in ("in", "at", "for"):
        # "Residents went out in a protest."
        joined = noun.head.head if lemma(noun.head.head) in event_words("taking_part") else None
        yield from ((Role.INITIATOR, actor, "took part", False) for actor in (subjects(joined) if joined else ()))
    if noun.dep_ == "pobj" and noun.head.lower_ == "with" and lemma(noun.head.head) in event_words("answering"):
        # "Israel responded with air strikes."
        yield from ((Role.INITIATOR, actor, "answered with", False) for actor in subjects(noun.head.head))
    doers = [*objects_of(noun, "by"), *_done_by(noun)]
    yield from ((Role.INITIATOR, actor, "by", False) for actor in doers)
    # "an attack by X on Y": the parser may hang "on Y" on X.
    yield from ((Role.TARGET, target, "against", False) for actor in doers for target in objects_of(actor, *_AT))
    yield from ((Role.TARGET, target, "against", False) for target in [*objects_of(noun, *_AT), *_aimed(noun)])
    yield from _sides(trigger, noun)
    if trigger.act in _OF_IS_TARGET:
        yield from ((Role.TARGET, target, "of", False) for target in objects_of(noun, "of"))
    yield from _modifiers(trigger, noun)


def _agreeing(noun: Token) -> Iterator[Token]:
    """Who agreed to it: "X and Y agreed to a ceasefire", "signed a deal", "an agreement reached by X and Y"."""
    verb = noun.head.head if noun.dep_ == "pobj" else noun.head
    if lemma(verb) in event_words("agreeing") and noun.dep_ in ("pobj", "dobj", "nsubjpass"):
        yield from subjects(verb)


def _done_by(noun: Token) -> Iterator[Token]:
    """The agents of a participle that says who did it: "an attack carried out by X", "blamed on X"."""
    for child in noun.children:
        if child.dep_ in ("acl", "relcl"):
            for verb in child.subtree:
                if lemma(verb) in vocabulary().words("carry") and is_passive(verb):
                    yield from agents(verb)
            if lemma(child) == "blame":
                yield from objects_of(child, "on")


def _aimed(noun: Token) -> Iterator[Token]:
    for child in noun.children:
        if child.dep_ in ("acl", "relcl") and lemma(child) in (event_words("purpose") | vocabulary().words("effect")):
            yield from (found for found in objects(child) if found != noun)


def _sides(trigger: Trigger, noun: Token) -> Iterator[Found]:
    """The sides of a fight: "between X and Y", "X's clashes with Y"."""
    between = objects_of(noun, "between")
    if not between and (noun.head.pos_ == "AUX" or noun.dep_ == "nsubj"):
        # "Clashes broke out on Monday between X and Y."
        between = objects_of(noun.head, "between")
    yield from ((Role.TARGET if i else Role.INITIATOR, side, "between", False) for i, side in enumerate(between))
    if trigger.act in ("armed_clash", "attack"):
        yield from ((Role.TARGET, side, "with", False) for side in objects_of(noun, "with"))


def _modifiers(trigger: Trigger, noun: Token) -> Iterator[Found]:
    """What stands before an event noun and is no part of the trigger: "ISIS attacks", "Syria's shelling"."""
    # "An army air strike": the army stands before the first word of the trigger.
    inner = (word for child in noun.children if child.idx >= trigger.start for word in child.children)
    for child in [*noun.children, *inner]:
        if child.dep_ in ("poss", "compound", "amod", "nmod") and child.idx < trigger.start and child.lower_ != "anti":
            opposed = child.i >= 2 and noun.doc[child.i - 2].lower_ == "anti"
            role = Role.TARGET if opposed else Role.INITIATOR
            yield from ((role, side, "modifier", True) for side in conjuncts(child))


def _together(verb: Token) -> Iterator[Found]:
    """Who took part beside the subject: "in cooperation with X"."""
    for noun in objects_of(verb, "in"):
        if lemma(noun) in event_words("together"):
            yield from ((Role.INITIATOR, actor, "together with", False) for actor in objects_of(noun, "with"))
    for actor in objects_of(verb, "alongside"):
        yield Role.INITIATOR, actor, "alongside", False


def _supporters(word: Token) -> Iterator[Token]:
    for child in word.children:
        if child.dep_ in ("acl", "advcl", "amod") and lemma(child) in event_words("support") and child.tag_ == "VBN":
            yield from agents(child)
    for noun in objects_of(word, "with", "under"):
        if lemma(noun) in event_words("support_nouns"):
            yield from objects_of(noun, "of", "from")


def _resolved(noun: Token) -> tuple[Token | None, str]:
    """What a pronoun stands for: the subject of the clause above, else of the sentence before; nouns are themselves."""
    if noun.pos_ != "PRON" or noun.lower_ not in _PRONOUNS:
        return (noun, "") if noun.pos_ in ("NOUN", "PROPN", "ADJ", "NUM", "VERB") else (None, "")
    if noun.tag_ in ("WP", "WDT"):
        return None, ""
    verb = noun.head
    while verb.head != verb:
        verb = verb.head
        for subject in (c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass")):
            if subject.pos_ in ("NOUN", "PROPN") and _agree(noun, subject):
                return subject, ", pronoun"
    return _subject_before(noun)


def owner_of(noun: Token) -> Token | None:
    """Whose somebody is: the army of "the army said its forces had bombed"; ``None`` without such a pronoun."""
    pronoun = next((c for c in noun.children if c.dep_ == "poss" and c.lower_ in ("its", "their", "his")), None)
    if pronoun is None:
        return None
    # Nobody attacks his own soldiers: the clause's own subject is not meant.
    above = noun.head if noun.head.pos_ == "VERB" else noun
    while above.head != above:
        above = above.head
        for subject in above.children:
            if subject.dep_ == "nsubj" and subject.pos_ in ("NOUN", "PROPN") and subject != noun:
                return subject
    return None


def _subject_before(pronoun: Token) -> tuple[Token | None, str]:
    start = pronoun.sent.start
    if start == 0:
        return None, ""
    for token in pronoun.doc[start - 1].sent:
        if token.dep_ in ("nsubj", "nsubjpass") and token.pos_ in ("NOUN", "PROPN") and _agree(pronoun, token):
            return token, ", pronoun"
    return None, ""


def _agree(pronoun: Token, noun: Token) -> bool:
    """Number: "they" wants a plural or a coordination, "it" and "he" a singular; relative pronouns take either."""
    plural = noun.tag_ in ("NNS", "NNPS") or any(c.dep_ == "conj" for c in noun.children)
    if pronoun.lower_ in ("they", "them"):
        # "The Houthis warned they would"; "the RSF said they had".
        return plural or (noun.tag_ == "NNP" and (noun.text.isupper() or noun.text.endswith("s")))
    if pronoun.lower_ in ("he", "she", "him", "her") and lemma(noun) in event_words("no_person"):
        return False
    return pronoun.lower_ not in ("it", "he", "she", "him", "her") or not plural
