"""Who asserts and who denies what: speech verbs, "according to", accusations, claimed responsibility."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict
from spacy.attrs import LOWER, POS
from spacy.tokens import Doc, Token

from schemas.mention import Stance
from tasks.events.language.phrases import agents, lemma, noun_phrase, objects_of, subjects
from tasks.events.language.vocabulary import event_words
from tasks.reference.seeds import read_csv_seed

_CAUSES = frozenset({"because", "due"})


class ClaimWord(BaseModel):
    """A row of ``seeds/claim_words.csv``: a verb of saying, its stance, and what it is about."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lemma: str
    stance: Stance
    about: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement in a text. ``speaker_*`` span the speaker as resolved: "the source" points back to its first naming.

    ``start`` and ``end`` span the statement; ``tokens`` are their document indices, ``verb`` that of the word of
    saying. ``anaphoric`` marks one that only points to a statement made before ("denied the claims").
    """

    speaker_start: int
    speaker_end: int
    stance: Stance
    about: str
    start: int
    end: int
    tokens: frozenset[int]
    verb: int
    anaphoric: bool


@cache
def claim_words() -> dict[str, ClaimWord]:
    """The verbs of saying by lemma. Raises :class:`SeedError`."""
    return {row.lemma: row for row in read_csv_seed("claim_words.csv", ClaimWord)}


def find_statements(doc: Doc) -> tuple[Statement, ...]:
    """Every attributed statement of a parsed text, in the order of its words of saying."""
    statements = []
    verb, according = doc.vocab.strings["VERB"], doc.vocab.strings["according"]
    for index, (pos, lower) in enumerate(doc.to_array([POS, LOWER]).tolist()):
        if pos == verb and (word := claim_words().get(lemma(doc[index]))) is not None:
            statements += list(_said(doc[index], word))
        elif lower == according:
            statements += list(_according(doc[index]))
    return tuple(statements)


def _said(verb: Token, word: ClaimWord) -> Iterator[Statement]:
    speakers = [_before_relative(n, verb) for n in subjects(_speaking(verb)) if _may_speak(n) and not _is_nobody(n)]
    if not speakers or lemma(speakers[0]) in event_words("corrections"):
        # What an earlier version said nobody asserts any more.
        return
    responsibility = [c for c in verb.children if c.dep_ == "dobj" and _is_claimed(c, verb)]
    if responsibility and word.stance is Stance.ASSERTS:
        yield _statement(speakers[0], Stance.CLAIMS_RESPONSIBILITY, "responsibility", responsibility[0], verb)
        return
    owned = [c for c in verb.children if c.dep_ == "ccomp" and _is_owned(c)]
    if owned and word.stance is Stance.ASSERTS:
        yield _statement(speakers[0], Stance.CLAIMS_RESPONSIBILITY, "responsibility", owned[0], verb)
        return
    accused = [
        c for noun in verb.children if noun.dep_ == "dobj" and word.about == "responsibility" for c in noun.children
    ]
    for child in [*verb.children, *accused]:
        if _is_statement(child, verb, word):
            yield _statement(speakers[0], word.stance, word.about, child, verb)


def _before_relative(noun: Token, verb: Token) -> Token:
    """Whose a relative clause is: of "the council of the village, which blamed them" the council's."""
    above = noun.head.head
    apart = any(c.tag_ in ("WDT", "WP") and c.i > 0 and c.nbor(-1).text == "," for c in verb.children)
    owned = verb.dep_ == "relcl" and verb.head == noun and noun.head.lower_ == "of" and above.pos_ == "NOUN"
    return above if apart and owned else noun


def _is_claimed(thing: Token, verb: Token) -> bool:
    """Return True if responsibility is claimed: by that word, or for the deed itself ("claimed the attack")."""
    return lemma(thing) == "responsibility" or (lemma(verb) == "claim" and lemma(thing) in event_words("deeds"))


def _is_owned(clause: Token) -> bool:
    """Return True if a clause says that the speaker did it: "said it was behind the attack", "... was responsible"."""
    speaks_of_itself = any(noun.lower_ in ("it", "they", "we") for noun in subjects(clause))
    return (
        speaks_of_itself
        and lemma(clause) == "be"
        and any(c.lower_ in ("behind", "responsible") for c in clause.children)
    )


def _may_speak(noun: Token) -> bool:
    """Return True if a subject is somebody; a body's initials are, whatever the tagger takes them for."""
    return noun.pos_ in ("NOUN", "PROPN", "PRON") or (noun.is_upper and len(noun) > 1)


def _is_nobody(speaker: Token) -> bool:
    """Return True if nothing is asserted: "no group claimed", "nobody said"."""
    return speaker.lower_ in ("nobody", "none") or any(c.dep_ == "det" and c.lower_ == "no" for c in speaker.children)


def _is_statement(child: Token, verb: Token, word: ClaimWord) -> bool:
    """Return True if a part of a clause is what is said: a clause, the thing denied, the deed one is accused of.

    Who is accused is all that is said if the deed is not: "the army blamed X".
    """
    if child.dep_ == "dobj" and lemma(child) in (
        event_words("deeds") if lemma(verb) == "confirm" else event_words("counts")
    ):
        return lemma(verb) == "confirm" or word.about == "toll"
    if child.dep_ == "dobj":
        bare = word.about == "responsibility" and not any(c.dep_ in ("prep", "pcomp") for c in verb.children)
        return word.stance is Stance.DENIES or (bare and child.pos_ in ("NOUN", "PROPN"))
    if child.dep_ == "prep":
        return word.about == "responsibility" and child.lower_ in ("of", "for")
    return child.dep_ in ("ccomp", "xcomp") or (child.dep_ == "advcl" and _quoted(child, verb))


def _speaking(verb: Token) -> Token:
    """The verb whose subject speaks: for "..., denying the claims" the word of saying above the participle."""
    above = verb
    while verb.tag_ == "VBG" and verb.dep_ == "advcl" and above.head != above:
        above = above.head
        if lemma(above) in claim_words() and any(c.dep_ == "nsubj" for c in above.children):
            return above
    return verb


def _quoted(clause: Token, verb: Token) -> bool:
    """A clause before "S said" that the parser hung on as an adverbial one."""
    return clause.i < verb.i and not any(c.dep_ == "mark" for c in clause.children)


def _according(word: Token) -> Iterator[Statement]:
    speakers = [noun for child in [word, *word.children] for noun in objects_of(child, "to")]
    speakers += [n for c in word.children if c.lower_ == "to" for n in c.children if n.dep_ == "pobj"]
    if not speakers or word.head == word:
        return
    top = word.head
    while top.dep_ not in ("ROOT", "ccomp", "relcl") and top.head != top:
        top = top.head
    yield _statement(speakers[0], Stance.ASSERTS, "event", top, word, without=frozenset(t.i for t in word.subtree))


def _statement(
    speaker: Token, stance: Stance, about: str, top: Token, verb: Token, without: frozenset[int] = frozenset()
) -> Statement:
    tokens = [t for t in top.subtree if t.i not in without and t != verb]
    inside = frozenset(t.i for t in tokens)
    run = _run_around(top, inside)
    named = _antecedent(speaker)
    start, stop = noun_phrase(named)
    return Statement(
        start=run[0].idx,
        end=run[-1].idx + len(run[-1]),
        speaker_start=start,
        speaker_end=stop,
        stance=stance,
        about="cause" if about == "event" and _is_about_why(top, tokens, stance) else about,
        tokens=inside,
        verb=verb.i,
        anaphoric=lemma(top) in event_words("statements") if stance is Stance.DENIES else top.dep_ == "dobj",
    )


def _is_about_why(top: Token, tokens: list[Token], stance: Stance) -> bool:
    """Return True if a statement gives a cause, or denies no more than what was claimed "about the weather"."""
    if stance is not Stance.DENIES or lemma(top) not in event_words("statements"):
        return any(t.lower_ in _CAUSES for t in tokens)
    things = objects_of(top, "about")
    return bool(things) and not any(lemma(n) in event_words("deeds") for n in things)


def _run_around(top: Token, inside: frozenset[int]) -> list[Token]:
    """The unbroken run of a statement's words around its head, without the punctuation at its ends."""
    low = high = top.i
    while low - 1 in inside:
        low -= 1
    while high + 1 in inside:
        high += 1
    run = list(top.doc[low : high + 1])
    while len(run) > 1 and (run[-1].is_punct or run[-1].is_space):
        run.pop()
    while len(run) > 1 and (run[0].is_punct or run[0].is_space or run[0].dep_ == "mark"):
        run.pop(0)
    return run


def _antecedent(speaker: Token) -> Token:
    """The first full naming of a speaker: "the source" goes back to "a military source of the government forces".

    Of a document it is whoever issued it: of "the statement" who spoke before it.
    """
    if lemma(speaker) in event_words("documents") and (author := _author(speaker)) is not None:
        return _antecedent(author)
    if speaker.tag_ in ("WP", "WDT") and speaker.head.dep_ == "relcl":
        return speaker.head.head
    if speaker.pos_ == "PRON":
        return _speaker_before(speaker)
    described = any(c.dep_ not in ("det", "punct") for c in speaker.children)
    definite = any(c.dep_ == "det" and c.lower_ in ("the", "this", "that") for c in speaker.children)
    if described or not definite:
        return speaker
    for token in speaker.doc[: speaker.i]:
        if lemma(token) == lemma(speaker) and token.pos_ in ("NOUN", "PROPN") and _introduced(token):
            return token
    return speaker


def _author(document: Token) -> Token | None:
    """Who issued a document: whose it is called, whom it is by or from, else who spoke last before it."""
    owners = [noun for noun in document.children if noun.dep_ == "poss"]
    owners += [noun for word in ("by", "from") for noun in objects_of(document, word)]
    owners += [noun for verb in document.children if verb.dep_ == "acl" for noun in agents(verb)]
    named = [noun for noun in owners if noun.pos_ in ("NOUN", "PROPN")]
    before = (
        token
        for token in reversed(document.doc[: document.i])
        if token.dep_ == "nsubj"
        and token.pos_ in ("NOUN", "PROPN")
        and lemma(token.head) in claim_words()
        and lemma(token) not in event_words("documents")
    )
    return named[0] if named else next(before, None)


def named_speaker(doc: Doc, start: int, stop: int) -> tuple[int, int] | None:
    """The characters of the first full naming of the speaker that some characters name; these if there is none.

    ``None`` if they are a small word of English, which nobody is called.
    """
    span = doc.char_span(start, stop, alignment_mode="expand")
    if span is not None and span.text.isascii() and span.root.pos_ in ("ADP", "CCONJ", "DET", "PART", "PUNCT", "SCONJ"):
        return None
    if span is None or (named := _antecedent(span.root)) == span.root:
        return start, stop
    return noun_phrase(named)


def _introduced(noun: Token) -> bool:
    return noun.dep_ in ("nsubj", "pobj", "nsubjpass") and any(
        c.dep_ in ("amod", "compound", "prep", "poss", "nmod") for c in noun.children
    )


def _speaker_before(pronoun: Token) -> Token:
    """The last subject of a word of saying before a pronoun: whoever spoke goes on speaking."""
    for token in reversed(pronoun.doc[: pronoun.sent.start]):
        if token.dep_ == "nsubj" and token.pos_ in ("NOUN", "PROPN") and lemma(token.head) in claim_words():
            return token
    return pronoun


def find_cause(doc: Doc, start: int, stop: int) -> Token | None:
    """The noun of a cause told in some characters of a text: "due to losses", "because of rain"."""
    span = doc.char_span(start, stop, alignment_mode="expand")
    for token in span if span is not None else ():
        if token.lower_ not in _CAUSES:
            continue
        for noun in token.subtree:
            if noun.dep_ == "pobj" and noun.head.lower_ in ("to", "of", "due"):
                return noun
    return None
