"""One language model for all tests of events."""

from collections.abc import Callable
from functools import cache

import pytest
from spacy.tokens import Doc

from tasks.events.language.sentences import load_model, parse, split_sentences


@pytest.fixture(scope="session", autouse=True)
def _model() -> None:
    load_model()


@pytest.fixture(scope="session")
def parsed() -> Callable[[str], Doc]:
    """A text's parse, each text once."""
    return cache(lambda text: parse(text, split_sentences(text)))
