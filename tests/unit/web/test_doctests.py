import doctest
import importlib
from pathlib import Path

import pytest

import tasks.web

WEB = Path(tasks.web.__path__[0])
MODULES = sorted(
    ".".join(path.relative_to(WEB).with_suffix("").parts) for path in WEB.rglob("*.py") if ">>> " in path.read_text()
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_hold(name: str) -> None:
    results = doctest.testmod(importlib.import_module(f"tasks.web.{name}"))
    assert results.attempted > 0
    assert results.failed == 0
