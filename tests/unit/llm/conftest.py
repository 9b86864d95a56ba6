"""An article, a question about it, and settings of a model that is asked on loopback."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from schemas.llm import Question
from schemas.settings import Settings
from tasks.events.coder.again import sentence_spans
from tests.unit.llm.server import SECRET, Model

TEXT = (
    "MAYADIN, Syria (Post) –\n"
    "ISIS gunmen killed at least 14 soldiers near the town of Mayadin on Sunday, a commander said. "
    "Nine others were wounded. "
    "The army shelled al-Quriyah on Monday."
)
#: A Tuesday.
PUBLISHED = date(2023, 12, 12)


@pytest.fixture
def question() -> Question:
    return Question("run_1", "ver_1", "Attack in the east", PUBLISHED, TEXT, sentence_spans(TEXT))


@pytest.fixture
def using(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Settings]:
    """Settings that ask a model, and its key in the environment."""
    monkeypatch.setenv("FIRSTDRAFT_LLM_KEY", SECRET)
    monkeypatch.chdir(tmp_path)

    def of(model: Model, **changes: object) -> Settings:
        told = {"llm": "all", "llm_url": model.url, "llm_model": "a-model", "llm_timeout": 5.0}
        return settings.model_copy(update=told | changes)

    return of
