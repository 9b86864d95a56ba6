"""Vectors of words kept by the word are the model's own, to the last bit."""

import numpy as np
from spacy.tokens import Doc

from tasks.events.language.sentences import load_model
from tasks.events.language.word_vectors import WordVectors

_SENTENCES = (
    "Gunmen killed four farmers near the well .",
    "The farmers , four of them armed , fled .",
    "Four !",
)


def _docs() -> list[Doc]:
    return [Doc(load_model().vocab, words=text.split(), spaces=[i % 3 > 0 for i in range(len(text.split()))])
            for text in _SENTENCES]  # fmt: skip


def test_kept_words_give_what_the_model_gives() -> None:
    vectors, model = WordVectors(load_model()), load_model().get_pipe("tok2vec")
    for _ in range(2):
        for ours, theirs in zip(vectors.of(_docs()), model.predict(_docs()), strict=True):  # type: ignore[attr-defined]
            assert np.array_equal(ours, theirs)


def test_words_are_forgotten_rather_than_kept_without_end() -> None:
    vectors = WordVectors(load_model(), capacity=8)
    whole = WordVectors(load_model())
    for docs in ([doc] for doc in _docs() * 2):
        assert np.array_equal(vectors.of(docs)[0], whole.of(docs)[0])
        assert len(vectors.rows) <= 10
