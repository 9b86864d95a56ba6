"""What a text says was not done: "did not shell", "neither side fired", "no strike was reported", "failed to take"."""

from collections.abc import Iterable, Iterator

from spacy.tokens import Doc, Token

from schemas.llm import Pointed
from tasks.events.document import Facts
from tasks.events.language.phrases import lemma
from tasks.events.language.vocabulary import event_words

_SUBJECTS = ("nsubj", "nsubjpass")
#: A clause or a noun under these is what a report tells.
_CONTENT = ("acl", "relcl", "pcomp", "pobj", "prep", "conj", "compound")


def is_undone(facts: Facts, tellings: Iterable[Pointed]) -> bool:
    """Return True if all words that tell of an incident say that it was not done."""
    return all(any(map(_undone, _head(facts.doc, telling))) for telling in tellings)


def has_failed(facts: Facts, tellings: Iterable[Pointed]) -> bool:
    """Return True if one telling says that it was tried and not reached: "attacked the town but failed to take it"."""
    return any(
        _undone(word) or any(lemma(verb) in event_words("failing") for verb in (word, _governor(word)))
        for telling in tellings
        for word in _head(facts.doc, telling)
    )


def _head(doc: Doc, telling: Pointed) -> Iterator[Token]:
    """The word the others of a telling hang on, if the text is parsed."""
    span = doc.char_span(telling.start, telling.end, alignment_mode="expand")
    if span is not None and doc.has_annotation("DEP"):
        yield span.root


def _undone(word: Token) -> bool:
    return (
        _is_negated(word)
        or lemma(_governor(word)) in event_words("refraining")
        or _is_not_carried_out(word)
        or _is_false_report(word)
    )


def _is_not_carried_out(word: Token) -> bool:
    """Return True for "did not launch strikes"; "did not launch the strike" says that somebody else did."""
    known = any(child.dep_ == "det" and child.lower_ not in ("a", "an", "any") for child in word.children)
    return (
        word.dep_ == "dobj" and not known and lemma(word.head) in event_words("carrying_out") and _is_negated(word.head)
    )


def _is_negated(word: Token) -> bool:
    """Return True for "did not", "never", "no shelling", and what nobody does or is done to nobody."""
    if any(child.lower_ == "until" for child in word.children):
        # "They were not arrested until Friday."
        return False
    nobody = (c for c in word.children if c.dep_ in _SUBJECTS or (c.dep_ == "dobj" and c.lower_ in ("one", "nobody")))
    return _has_no(word) or any(map(_has_no, nobody))


def _has_no(word: Token) -> bool:
    if word.lower_ in ("nobody", "none", "nothing"):
        return True
    return any(
        (c.dep_ == "neg" and c.nbor(1).lower_ not in ("only", "just", "least")) or c.lower_ in ("no", "neither", "nor")
        for c in word.children
        if c.dep_ in ("neg", "det", "preconj") or (c.lower_ == "nor" and c.i < word.i)
    )


def _governor(word: Token) -> Token:
    """The verb or preposition a verb hangs on: "failed to capture", "refrained from attacking", "without taking it"."""
    above = word.head
    if word.dep_ == "pcomp":
        return above if lemma(above) in event_words("refraining") else above.head
    return above if word.dep_ == "xcomp" else word


def _is_false_report(word: Token) -> bool:
    """Return True for what is told in a report said to be false: "reports of shelling were untrue"."""
    while word.dep_ in _CONTENT and word.head != word:
        word = word.head
        if lemma(word) in event_words("statements") and word.dep_ in _SUBJECTS:
            return any(c.dep_ in ("acomp", "attr") and lemma(c) in event_words("untrue") for c in word.head.children)
    return False
