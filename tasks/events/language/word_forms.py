"""Part of speech, lemma and morphology of parsed words, looked up rather than matched again for every document.

The language model's attribute ruler and lemmatizer read a word's form, tag and dependency, so their answer for those
three is kept; the one rule that reads two words (what follows "there") is applied by hand. Slang the ruler spells out
over two words ("gon na") is left as it is.
"""

from typing import Any, cast

import numpy as np
from spacy.attrs import DEP, IDX, LEMMA, MORPH, ORTH, POS, TAG
from spacy.language import Language
from spacy.tokens import Doc, Span

_ASKED = (ORTH, TAG, DEP)
_ANSWERED = (TAG, POS, LEMMA, MORPH)
_POS = _ANSWERED.index(POS)
_BE = frozenset({"is", "are", "was", "were", "'s", "'re"})
#: Answers kept at most; a process that met more forgets them all and begins anew.
_KEPT = 300_000

Key = tuple[int, ...]


def parts_of_speech(doc: Doc | Span) -> dict[int, str]:
    """The part of speech of every token by the offset where it begins."""
    strings, words = doc.vocab.strings, cast("Any", doc)  # a span has arrays too, its type hints do not say so
    return {start: strings[pos] for start, pos in words.to_array([IDX, POS]).tolist()}


class WordForms:
    """What one language model says of words in their tag and dependency, asked once each."""

    def __init__(self, model: Language) -> None:
        self.model = model
        self.answers: dict[Key, tuple[int, ...]] = {}
        self.silence = (0,) * len(_ANSWERED)
        self.expletive, self.verb = model.vocab.strings["expl"], model.vocab.strings["VERB"]

    def set_on(self, doc: Doc) -> None:
        """Set the attributes of a tagged and parsed document; words without a tag, which nobody read, get none."""
        keys: list[Key] = [tuple(row) for row in doc.to_array(list(_ASKED)).tolist()]
        self._ask([key for key in dict.fromkeys(keys) if key[1] and key not in self.answers])
        rows = [self.answers[key] if key[1] else self.silence for key in keys]
        for index, key in enumerate(keys[:-1]):
            if key[2] == self.expletive and doc[index + 1].lower_ in _BE:
                answer = list(rows[index + 1])
                answer[_POS] = self.verb
                rows[index + 1] = tuple(answer)
        if rows:
            attributes: Any = np.array(rows, dtype=np.uint64)
            doc.from_array(list(_ANSWERED), attributes)

    def _ask(self, keys: list[Key]) -> None:
        """Ask the model about words it was not asked about, a stop after each so that no rule reads two of them."""
        if not keys:
            return
        if len(self.answers) > _KEPT:
            self.answers.clear()
        strings = self.model.vocab.strings
        doc = Doc(self.model.vocab, words=[word for key in keys for word in (strings[key[0]], ".")])
        tags: Any = np.zeros((len(doc), 2), dtype=np.uint64)
        tags[::2] = [key[1:] for key in keys]
        tags[1::2, 0] = strings.add(".")
        doc.from_array([TAG, DEP], tags)
        for name in ("attribute_ruler", "lemmatizer"):
            doc = self.model.get_pipe(name)(doc)
        self.answers.update(zip(keys, map(tuple, doc.to_array(list(_ANSWERED))[::2].tolist()), strict=True))
