"""One language model for all tests of events."""

from collections.abc import Callable
from datetime import date
from functools import cache

import pytest
from spacy.tokens import Doc

from schemas.mention import EventMention
from tasks.events.coder.code import code_text
from tasks.events.document import Document
from tasks.events.language.sentences import load_model, parse, split_sentences


@pytest.fixture(scope="session", autouse=True)
def _model() -> None:
    load_model()


@pytest.fixture(scope="session")
def parsed() -> Callable[[str], Doc]:
    """A text's parse, each text once."""
    return cache(lambda text: parse(text, split_sentences(text)))


@pytest.fixture(scope="session")
def code() -> Callable[[str], tuple[EventMention, ...]]:
    """A text's mentions, published on 2023-12-11, a Monday."""
    return cache(lambda text: code_text(Document("art_1", "ver_1", None, text, "en", date(2023, 12, 11))))
