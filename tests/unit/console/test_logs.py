"""Log lines for machines."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from flows.logs import _OPEN, open_log, where
from schemas.settings import Settings
from tasks.console.logs import json_handler


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    """The logger of firstdraft, put back as it was."""
    found = logging.getLogger("firstdraft")
    level, handlers = found.level, list(found.handlers)
    yield found
    for handler in [handler for handler in found.handlers if handler not in handlers]:
        found.removeHandler(handler)
        handler.close()
    found.setLevel(level)
    _OPEN.clear()


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_line_names_run_source_and_stage(logger: logging.Logger, tmp_path: Path) -> None:
    path = tmp_path / "logs" / "firstdraft.jsonl"
    logger.addHandler(json_handler(path, lambda: {"run": "run_1", "source": "north"}))
    logger.warning("حمص: %d pages", 3, extra={"stage": "fetch", "todo": 0, "done": 3})
    (line,) = lines(path)
    assert list(line)[:7] == ["time", "level", "logger", "run", "source", "stage", "message"]
    assert datetime.fromisoformat(str(line.pop("time"))).utcoffset() is not None
    assert line == {
        "level": "warning",
        "logger": "firstdraft",
        "run": "run_1",
        "source": "north",
        "stage": "fetch",
        "message": "حمص: 3 pages",
        "done": 3,
    }


def test_what_a_record_says_itself_goes_first(logger: logging.Logger, tmp_path: Path) -> None:
    path = tmp_path / "log"
    logger.addHandler(json_handler(path, lambda: {"source": "north"}))
    logger.warning("x", extra={"source": "south"})
    try:
        raise ValueError("a\nb")
    except ValueError:
        logger.exception("went wrong")
    first, second = lines(path)
    assert (first["source"], first["run"]) == ("south", None)
    assert "ValueError: a" in str(second["exc_info"])


def test_a_file_that_logrotate_moved_is_made_again(logger: logging.Logger, tmp_path: Path) -> None:
    path = tmp_path / "log"
    logger.addHandler(json_handler(path, dict))
    logger.warning("one")
    path.rename(tmp_path / "log.1")
    logger.warning("two")
    assert [line["message"] for line in lines(path)] == ["two"]


def test_json_lines_are_written_where_the_settings_ask_for_them(logger: logging.Logger, tmp_path: Path) -> None:
    before = list(logger.handlers)
    open_log(Settings(log_file=tmp_path / "log"))
    assert logger.handlers == before, "text is what Prefect and the terminal show already"
    for _ in range(2):
        open_log(Settings(log_format="json", log_file=tmp_path / "log"))
    logging.getLogger("firstdraft.fetch").info("once", extra={"stage": "fetch"})
    assert [line["message"] for line in lines(tmp_path / "log")] == ["once"]


def test_outside_a_run_nobody_is_named() -> None:
    assert where() == {}
