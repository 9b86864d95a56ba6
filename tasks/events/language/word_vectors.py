"""The language model's vectors of words in their sentence; what it knows of a word by itself is computed once.

Its first layer looks at a word's own letters (norm, prefix, suffix, shape) and at the space after it, at nothing
around it: a third of the cost of reading a sentence, for words that news repeats.
"""

from typing import Any

import numpy as np
from spacy.attrs import ORTH, SPACY
from spacy.language import Language
from spacy.tokens import Doc

#: Words kept at most (8 MB of vectors); a process that met more forgets them all and begins anew.
_KEPT = 20_000


class WordVectors:
    """The first layers of one language model, their answer kept for each word with and without a space after it."""

    def __init__(self, model: Language, capacity: int = _KEPT) -> None:
        self.vocab, self.kept = model.vocab, capacity
        pipe: Any = model.get_pipe("tok2vec")
        self.words, self.sentences = pipe.model.layers
        self.rows: dict[tuple[int, int], int] = {}
        self.width: int = pipe.model.get_dim("nO")
        self.known: Any = np.empty((capacity, self.width), dtype=np.float32)

    def of(self, docs: list[Doc]) -> list[Any]:
        """What the model's ``tok2vec`` predicts for documents made of words and spaces: an array a document."""
        keys = [list(map(tuple, doc.to_array([ORTH, SPACY]).tolist())) for doc in docs]
        self._learn(dict.fromkeys(key for of_doc in keys for key in of_doc))
        alone = [self.known[[self.rows[key] for key in of_doc]] for of_doc in keys]
        vectors: list[Any] = self.sentences.predict(alone)
        return vectors

    def _learn(self, keys: dict[tuple[int, int], None]) -> None:
        """Look at the words that were not met before."""
        if len(self.rows) + len(keys) > self.kept:
            self.rows.clear()
            self.known = np.empty((max(self.kept, len(keys)), self.width), dtype=np.float32)
        new = [key for key in keys if key not in self.rows]
        if not new:
            return
        strings = self.vocab.strings
        doc = Doc(self.vocab, words=[strings[orth] for orth, _ in new], spaces=[bool(space) for _, space in new])
        first = len(self.rows)
        self.known[first : first + len(new)] = self.words.predict([doc])[0]
        self.rows.update(zip(new, range(first, first + len(new)), strict=True))
