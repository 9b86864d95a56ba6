"""Walking a parse: who did it, to whom, and where a noun phrase begins and ends."""

import re
from collections.abc import Iterator
from functools import lru_cache

from spacy.tokens import Token

from tasks.events.language.vocabulary import event_words

#: What the lemmatizer takes for another word, or does not know.
_MISLED = {"bases": "base", "retook": "retake", "barracks": "barracks"}
#: One syllable, one vowel, one consonant: it would double ("stagged"), so "staged" and "raped" have lost an e.
_CLOSED = re.compile(r"[^aeiou]*[aeiou][bcdgklmnprstvz]")
_INSIDE = frozenset({"amod", "compound", "nmod", "nummod", "npadvmod", "quantmod", "poss", "case", "det", "advmod"})
_SUBJECTS = frozenset({"nsubj", "csubj"})
_INHERITS = frozenset({"xcomp", "conj", "advcl"})
#: With these whoever is accused did it; "captured 120 soldiers after overrunning a base" says nothing of them.
_CHARGED = frozenset({"of", "for", "from", "into"})
_STRIPPED = frozenset({"det", "nummod", "predet", "quantmod"})


def lemma(token: Token) -> str:
    """The lemma in lower case; names in headline capitals lose a plural s too ("Airstrikes")."""
    return _lemma(token.lower_, token.lemma_, token.pos_, token.tag_)


@lru_cache(maxsize=60_000)
def _lemma(lower: str, base: str, pos: str, tag: str) -> str:
    word = _MISLED.get(lower) or base.lower()
    if pos == "VERB" and lower in (f"{word}ed", f"{word}ing") and _CLOSED.fullmatch(word):
        return f"{word}e"
    if tag == "NNPS" or (tag in ("NNP", "JJ") and len(word) > 4 and word.endswith("s")):
        return word.removesuffix("s")
    return word


def conjuncts(token: Token) -> Iterator[Token]:
    """A token and what is coordinated with it, in order."""
    yield token
    for child in token.children:
        if child.dep_ == "conj":
            yield from conjuncts(child)


def is_passive(verb: Token) -> bool:
    """Return True if a verb form is passive: a passive subject or auxiliary, or a participle beside its noun."""
    below = {child.dep_ for child in verb.children}
    if below & {"nsubjpass", "auxpass"} or ("agent" in below and not {"nsubj", "dobj"} <= below):
        # "Police dispersed a march by students": the agent is the march's.
        return True
    if lemma(verb) in event_words("intransitive"):
        return False
    if verb.dep_ == "conj" and verb.tag_ == "VBN" and not any(c.dep_ in ("nsubj", "aux") for c in verb.children):
        return is_passive(verb.head)
    return verb.dep_ == "acl" and verb.tag_ == "VBN"


def agents(verb: Token) -> list[Token]:
    """The nouns of a by-phrase."""
    return [
        noun
        for child in verb.children
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by")
        for head in child.children
        if head.dep_ == "pobj"
        for noun in conjuncts(head)
    ]


def subjects(verb: Token, depth: int = 0) -> list[Token]:
    """Who does what a verb says: its subject, else that of the clause it depends on."""
    if is_passive(verb):
        return agents(verb)
    own_subjects = [child for child in verb.children if child.dep_ in _SUBJECTS]
    if own_subjects:
        return [noun for head in own_subjects for noun in conjuncts(_antecedent(head))]
    if depth > 4 or verb.head == verb:
        return []
    return _inherited(verb, depth)


def _inherited(verb: Token, depth: int) -> list[Token]:
    """The subject a participle, infinitive or coordinated verb takes from what it hangs on."""
    parent = verb.head.head if verb.dep_ == "pcomp" else verb.head
    if verb.dep_ == "acl":
        return list(conjuncts(verb.head)) if verb.tag_ == "VBG" or lemma(verb) in event_words("intransitive") else []
    if verb.dep_ == "pcomp" and parent.pos_ in ("NOUN", "PROPN") and parent.dep_ == "dobj":
        return [parent]
    if given := _given(verb, parent):
        return given
    if verb.dep_ not in _INHERITS and not (verb.dep_ == "pcomp" and parent.pos_ in ("VERB", "AUX")):
        return []
    return subjects(parent, depth + 1) or [c for c in parent.children if c.dep_ == "nsubjpass"]


def _given(verb: Token, parent: Token) -> list[Token]:
    """Who the clause above makes do it: whom it accuses of it or tells to."""
    made = verb.dep_ == "xcomp" or (verb.dep_ == "pcomp" and verb.head.lower_ in _CHARGED)
    return [child for child in parent.children if child.dep_ == "dobj"] if made else []


def _antecedent(noun: Token) -> Token:
    """What a relative pronoun stands for; any other noun is itself."""
    if noun.tag_ not in ("WDT", "WP"):
        return noun
    clause = noun.head
    while clause.dep_ in ("conj", "xcomp", "ccomp") and clause.head != clause:
        clause = clause.head
    return clause.head if clause.dep_ == "relcl" else noun


def objects_of(token: Token, *prepositions: str) -> list[Token]:
    """The nouns of a word's prepositional phrases with one of these prepositions, coordinated ones too."""
    return [
        noun
        for child in token.children
        if child.dep_ in ("prep", "agent") and child.lower_ in prepositions
        for head in child.children
        if head.dep_ == "pobj"
        for noun in conjuncts(head)
    ]


def _inner(head: Token) -> Iterator[Token]:
    yield head
    for child in head.children:
        if child.dep_ in _INSIDE or (child.dep_ in ("punct", "amod") and child.text in ("-", "–")):
            yield from _inner(child)
        elif child.dep_ == "prep" and child.lower_ == "of":
            for noun in child.children:
                if noun.dep_ == "pobj":
                    yield child
                    yield from _inner(noun)


def noun_phrase(head: Token) -> tuple[int, int]:
    """The characters of a noun phrase: its head with what stands in it, without determiner, count or clauses.

    "the 16 Syrian government soldiers who fled" gives "Syrian government soldiers"; "sleeper cells of ISIS" is kept.
    """
    indexes = sorted({token.i for token in _inner(head)})
    low = high = indexes.index(head.i)
    while low and indexes[low] - indexes[low - 1] == 1:
        low -= 1
    while high + 1 < len(indexes) and indexes[high + 1] - indexes[high] == 1:
        high += 1
    doc = head.doc
    run = [doc[i] for i in indexes[low : high + 1]]
    while len(run) > 1 and run[0] != head and _is_stripped(run[0], run[1]):
        run = run[1:]
    if len(run) > 1 and run[-1].tag_ == "POS":
        run.pop()
    return run[0].idx, run[-1].idx + len(run[-1])


def _is_stripped(token: Token, following: Token) -> bool:
    """Return True if a word before a noun is no part of its name; the number of "a seven-year-old girl" is."""
    if token.like_num and following.text in ("-", "–"):
        return False
    return token.dep_ in _STRIPPED or token.is_punct or token.like_num


def phrase_with_complements(head: Token) -> tuple[int, int]:
    """A noun phrase with its prepositional phrases, without clauses: "losses in military personnel and ammunition"."""
    clauses = [t for t in head.subtree if t.dep_ in ("relcl", "acl", "advcl") and t.i > head.i]
    cut = min((inner.i for clause in clauses for inner in clause.subtree), default=len(head.doc))
    tokens = [t for t in head.subtree if t.i < cut and not (t.i < head.i and t.dep_ == "det")]
    while len(tokens) > 1 and (tokens[-1].is_punct or tokens[-1].is_space):
        tokens.pop()
    return tokens[0].idx, tokens[-1].idx + len(tokens[-1])
