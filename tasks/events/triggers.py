"""Where a text tells of an event: the trigger words of ``seeds/triggers.yml`` in a parsed text."""

from collections.abc import Iterable
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from tasks.events.language.phrases import forms_of, lemma, objects, objects_of, subjects
from tasks.events.language.vocabulary import TriggerRow, Vocabulary, event_words, vocabulary
from tasks.reference.grammar_words import date_words

_HYPHENS = ("-", "–", "‑")


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger. ``start`` and ``end`` are document offsets; ``token`` is its head's index in the document.

    ``verb`` is the index of the verb that carries a noun ("carried out an attack") or states its effect ("the attack
    killed"), of the trigger itself where it is a verb, ``None`` for a noun that stands alone. ``carried`` tells the
    first case from the second.
    """

    act: str
    start: int
    end: int
    token: int
    verb: int | None
    carried: bool
    noun: bool
    plural: bool
    definite: bool


def find_triggers(doc: Doc, grounds: frozenset[int] = frozenset()) -> tuple[Trigger, ...]:
    """The triggers of a parsed text, in order, at most one a word; a word inside a longer trigger is none.

    ``grounds`` are the indices of tokens that name places of the gazetteer: "seized Aleppo" takes ground.
    """
    found: list[Trigger] = []
    forms = forms_of(doc)
    for sentence in doc.sents:
        heads = [index for index in range(sentence.start, sentence.end) if _may_head(*forms[index])]
        if not heads or not sentence[0].pos:  # nobody parsed it
            continue
        words = frozenset(form for both in forms[sentence.start : sentence.end] for form in both)
        taken: set[int] = set()
        for index in reversed(heads):
            if index in taken:
                continue
            token = doc[index]
            matched = _match(token, words, grounds)
            if matched is not None:
                row, tokens = matched
                taken.update(tokens)
                found.append(_trigger(row, token, tokens))
    found = [
        t
        for t in found
        if not (_is_held_off_by(doc, t, found) or _leads_to(doc, t, found) or _is_made_harmless(doc, t, found))
    ]
    return tuple(sorted(found, key=lambda trigger: trigger.start))


def _is_held_off_by(doc: Doc, trigger: Trigger, found: list[Trigger]) -> bool:
    """Whether a verb only says that an act told of was held off: "thwarted a drone attack" is one drone attack."""
    if trigger.act != "armed_clash" or trigger.noun:
        return False
    acts = {other.token: other.act for other in found if other.noun}
    held = [acts[noun.i] for noun in objects(doc[trigger.token]) if noun.i in acts]
    return any(act not in ("armed_clash", "attack") for act in held)


def _leads_to(doc: Doc, trigger: Trigger, found: list[Trigger]) -> bool:
    """Whether a verb only tells how another act came: "raided a house and arrested", "took it after X withdrew"."""
    verb = doc[trigger.token]
    if trigger.noun:
        during = verb.head.lower_ in ("in", "during") and lemma(verb) in event_words("searches")
        return during and any(t.act in ("arrest", "abduction") and t.token == verb.head.head.i for t in found)
    if trigger.act not in ("campaign_end", "base") and lemma(verb) not in event_words("searches"):
        return False
    first, end = verb.sent.start, verb.sent.end
    beside = [other for other in found if other is not trigger and first <= other.token < end]
    joined = {t.i for t in verb.conjuncts}
    if trigger.act in ("campaign_end", "base") and any(t.act == "other" and t.token in joined for t in beside):
        # "Entered the village, set up a checkpoint and withdrew."
        return True
    if trigger.act == "campaign_end":
        clause = next((t for t in (verb, *verb.ancestors) if t.dep_ == "advcl"), None)
        left = clause is not None and any(t.act == "capture" and t.token == clause.head.i for t in beside)
        return left or any(other.act == "transfer" for other in beside)
    if any(other.act == "kill" for other in beside):
        return False
    taken = {other.token for other in beside if other.act in ("arrest", "abduction")}
    return bool((joined | {c.i for c in verb.children if c.dep_ == "advcl"}) & taken)


def _is_made_harmless(doc: Doc, trigger: Trigger, found: list[Trigger]) -> bool:
    """Whether it was a bomb defused, a weapon, or only begun: "defused a car bomb", "attacked with bombs"."""
    head = doc[trigger.token]
    if head.dep_ == "pobj" and head.head.lower_ == "of" and lemma(head.head.head) in event_words("beginnings"):
        return any(other.act.startswith("campaign") and doc[other.token].sent == head.sent for other in found)
    if trigger.noun and head.dep_ == "pobj" and head.head.lower_ == "with":
        # "Attacked the base with car bombs" is one attack.
        return any(other.token == head.head.head.i and not other.noun for other in found)
    thing = head.head if head.dep_ in ("acl", "relcl") else head
    defused = {other.token for other in found if other.act == "weapons_disrupted" and not other.noun}
    return trigger.token not in defused and any(noun.i == thing.i for i in defused for noun in objects(doc[i]))


def _may_head(lower: str, base: str) -> bool:
    """Whether some entry is headed by a form of a word; most words are none."""
    known = vocabulary()
    return any(word in known.verbs or word in known.nouns for word in (lower, base, base.removesuffix("s")))


def trigger_at(doc: Doc, start: int, end: int) -> Trigger:
    """The trigger over some characters, whatever words they are; of no act where no entry knows them."""
    span = doc.char_span(start, end, alignment_mode="expand") or doc[0:1]
    found = next((t for t in find_triggers(doc) if t.token == span.root.i), None)
    token = span.root
    return found or Trigger("", start, end, token.i, token.i, False, token.pos_ == "NOUN", False, False)


def _match(token: Token, words: frozenset[str], grounds: frozenset[int]) -> tuple[TriggerRow, list[int]] | None:
    """The first entry, longest phrase first, that a word heads and whose conditions its sentence meets."""
    known = vocabulary()
    if _is_person(token) or (token.text == "March" and not token.is_sent_start):
        return None
    if token.pos_ in ("VERB", "AUX") or (token.pos_ in ("NOUN", "PROPN", "ADJ") and _verb_in_disguise(token)):
        entries = known.verbs.get(_verb_lemma(token), ())
        phrasal = _phrasal(token, entries)
        for phrase, row in entries:
            tokens = _verb_phrase(token, phrase) if len(phrase) > 1 or not phrasal else []
            if tokens and _meets(token, row, words, grounds):
                return row, tokens
    if token.pos_ in ("NOUN", "PROPN", "VERB", "ADJ") and token.dep_ not in ("compound", "amod", "nmod"):
        for phrase, row in known.nouns.get(token.lower_ if _is_gerund(token) else lemma(token), ()):
            tokens = _noun_phrase(token, phrase)
            if (
                tokens
                and _meets_noun(token, row, words, known)
                and (token.pos_ != "VERB" or len(phrase) > 1 or _is_gerund(token) or _is_plural(token))
            ):
                return row, tokens
    return None


def _is_person(token: Token) -> bool:
    """A participle that means people: "the wounded", "the two wounded", "reports of two dead and four wounded"."""
    if token.lower_ not in event_words("sufferers") or token.i == 0:
        return False
    before = token.nbor(-1)
    counted = before.tag_ == "CD" and (before.dep_ == "conj" or any(c.dep_ == "det" for c in before.children))
    return counted or any(child.dep_ in ("det", "nummod") for child in token.children)


def _is_gerund(token: Token) -> bool:
    """A verb form used as a noun: "Fighting in the hills left 30 dead"."""
    return token.tag_ == "VBG" and token.dep_ in ("csubj", "nsubj")


def _is_plural(token: Token) -> bool:
    """A plural that the tagger took for a verb there is not: "launched on Saturday airstrikes on power stations"."""
    return token.tag_ == "VBZ" and lemma(token) not in vocabulary().verbs


def _verb_in_disguise(token: Token) -> bool:
    """A headline's verb that the tagger took for a noun: it heads the sentence or has a subject of its own."""
    return token.dep_ == "ROOT" and any(child.dep_ in ("nsubj", "dobj") for child in token.children)


def _verb_lemma(token: Token) -> str:
    """The lemma of a verb, also of one the tagger took for a noun."""
    return lemma(token) if token.pos_ == "VERB" else lemma(token).removesuffix("s")


def _phrasal(verb: Token, entries: Iterable[tuple[tuple[str, ...], TriggerRow]]) -> bool:
    """Whether a verb with its particle is another verb the vocabulary has: "shot down" is not "shot"."""
    particles = {child.lower_ for child in verb.children if child.dep_ in ("prt", "advmod")}
    return bool(particles) and any(particles & set(phrase[1:]) for phrase, _ in entries)


def _verb_phrase(verb: Token, phrase: tuple[str, ...]) -> list[int]:
    """The words of a phrasal verb: its particle, adverb or object; empty where one is missing."""
    tokens = [verb.i]
    for word in phrase[1:]:
        part = next((c for c in verb.children if c.lower_ == word or lemma(c) == word), None)
        after = verb.i + 1 < len(verb.doc) and verb.nbor(1).lower_ == word
        if part is None and not after:
            return []
        tokens.append(part.i if part is not None else verb.i + 1)
    return sorted(tokens)


def _noun_phrase(noun: Token, phrase: tuple[str, ...]) -> list[int]:
    """The words of a compound that ends in a noun, hyphens skipped; empty where one is missing."""
    tokens, i = [noun.i], noun.i - 1
    for word in reversed(phrase[:-1]):
        while i >= 0 and noun.doc[i].text in _HYPHENS:
            i -= 1
        if i < 0 or word not in (noun.doc[i].lower_, lemma(noun.doc[i])):
            return []
        tokens.append(i)
        i -= 1
    return tokens[::-1]


def _meets(verb: Token, row: TriggerRow, words: frozenset[str], grounds: frozenset[int]) -> bool:
    if (row.near and not row.near & words) or row.unless & words:
        return False
    if row.object and not row.object & _heads(objects(verb), grounds):
        return False
    if row.act == "capture" and any(noun.i in grounds for noun in subjects(verb)):
        # "The desert occupies half of the province."
        return False
    if row.to and not row.to & _heads(objects_of(verb, "to", "onto", "into")):
        return False
    return not row.subject or bool(row.subject & _heads([*subjects(verb), *_intransitive(verb)]))


def _intransitive(verb: Token) -> list[Token]:
    """The passive subject of "a bomb was exploded": for what explodes, subject and object are one."""
    return [child for child in verb.children if child.dep_ == "nsubjpass"] if not objects(verb) else []


def _meets_noun(noun: Token, row: TriggerRow, words: frozenset[str], known: Vocabulary) -> bool:
    if (row.near and not row.near & words) or row.unless & words:
        return False
    if not row.light:
        return True
    verb = noun.head
    return (noun.dep_ in ("dobj", "nsubjpass") and lemma(verb) in known.words("carry")) or bool(
        _heads(objects_of(noun, "against", "targeting"))
    )


#: What ``seeds/triggers.yml`` calls the name of a place, which no list holds.
_NAMED_PLACE = "a named place"


def _heads(nouns: list[Token], grounds: frozenset[int] = frozenset()) -> frozenset[str]:
    """Heads with their modifiers, alone and as compounds ("chemical weapon"), and what quantities are "of"."""
    found = set()
    for noun in nouns:
        if noun.i in grounds:
            found.add(_NAMED_PLACE)
        found |= {lemma(noun), noun.lower_}
        for child in noun.children:
            if child.dep_ in ("compound", "amod", "nmod"):
                found |= {lemma(child), f"{child.lower_} {noun.lower_}", f"{child.lower_} {lemma(noun)}"}
        if noun.like_num or lemma(noun) in vocabulary().words("quantity"):
            found |= _heads(objects_of(noun, "of"), grounds)
    return frozenset(found)


def _trigger(row: TriggerRow, token: Token, tokens: list[int]) -> Trigger:
    doc = token.doc
    first, last = doc[tokens[0]], doc[tokens[-1]]
    if row.pos != "noun" or last.i - first.i > 4:
        first = last = token
    verb, carried = (token.i, False) if row.pos == "verb" else _carrier(token)
    return Trigger(
        act=row.act,
        start=first.idx,
        end=last.idx + len(last),
        token=token.i,
        verb=verb,
        carried=carried,
        noun=row.pos == "noun",
        plural=token.tag_ in ("NNS", "NNPS") or token.lower_.endswith("strikes"),
        definite=_definite(token) if row.pos == "noun" else _definite_campaign(token, row) or _of_known(token),
    )


_DEFINITE = frozenset({"the", "this", "that", "these", "those", "its", "their", "such"})


def _definite(noun: Token) -> bool:
    """Whether a noun points back: "the attack", "Thursday's attack", "this is the third murder"."""
    if noun.dep_ == "attr" and any(s.lower_ in ("this", "it", "that") for s in subjects(noun.head)):
        return True
    if any(_names_new(below) for child in noun.children if child.lower_ == "of" for below in child.children):
        return False
    days = {day.lower() for names in date_words().weekdays.values() for day in names[:1]}
    return any(
        (c.dep_ in ("det", "poss") and c.lower_ in _DEFINITE) or (c.dep_ == "poss" and c.lower_ in days)
        for c in noun.children
    )


def _names_new(people: Token) -> bool:
    """Whether counted people are told of for the first time: "the execution of 17 men", not "of the 17 men"."""
    children = list(people.children)
    return any(c.dep_ == "nummod" for c in children) and not any(c.dep_ in ("det", "poss") for c in children)


def _definite_campaign(verb: Token, row: TriggerRow) -> bool:
    """Whether a campaign begun or ended is one the reader knows: "ended the campaign"."""
    if not row.act.startswith("campaign"):
        return False
    return any(lemma(n) in event_words("campaigns") and _definite(n) for n in [*objects(verb), *subjects(verb)])


def _of_known(verb: Token) -> bool:
    """Whether it is told of people told of before: "the four men were detained", "the protesters gathered"."""
    patients = [child for child in verb.children if child.dep_ == "nsubjpass"]
    crowd = [child for child in verb.children if child.dep_ == "nsubj" and lemma(child) in event_words("demonstrators")]
    counted = any(_definite(n) and any(c.dep_ == "nummod" for c in n.children) for n in patients)
    return counted or any(_definite(n) for n in crowd)


def _carrier(noun: Token) -> tuple[int | None, bool]:
    """The verb a noun trigger leans on, and whether that verb carries it (its subject did it) or tells its effect."""
    known, head = vocabulary(), noun.head
    if noun.pos_ == "VERB" and (bringer := _bringer(noun)) is not None:
        return bringer.i, True
    while head.pos_ not in ("VERB", "AUX") and noun.dep_ in ("conj", "pobj", "prep") and head.head != head:
        if noun.dep_ == "pobj" and head.lower_ not in ("of", "with"):
            return None, False
        noun, head = head, head.head
    if head.pos_ != "VERB":
        return None, False
    if noun.dep_ in ("dobj", "nsubjpass") and lemma(head) in known.words("carry") | known.words("begin"):
        return head.i, True
    if noun.dep_ in ("nsubj", "csubj") and lemma(head) in known.words("effect"):
        return head.i, False
    return None, False


def _bringer(noun: Token) -> Token | None:
    """The verb taken for a participle of who acted, where the tagger took the plural it carries for the verb."""
    carrying = vocabulary().words("carry") | vocabulary().words("begin")
    return next((p for s in subjects(noun) for p in s.children if p.dep_ == "acl" and lemma(p) in carrying), None)
