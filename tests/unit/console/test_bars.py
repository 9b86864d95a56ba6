"""Bars tell how far, how fast and how long still, on a terminal; a pipe sees nothing of them."""

import io
import logging
from pathlib import Path

from rich.console import Console

from tasks.console.progress import byte_bar, count_bar, growth_bar, size_of

log = logging.getLogger("firstdraft.test")


def terminal() -> tuple[Console, io.StringIO]:
    file = io.StringIO()
    return Console(file=file, force_terminal=True, width=120), file


def work(stage: str, todo: int) -> None:
    log.info("begun", extra={"stage": stage, "todo": todo})
    log.info("another", extra={"stage": "another", "todo": 5, "done": 5})
    log.info("some", extra={"stage": stage, "done": todo // 4})


def test_what_is_counted_is_shown_with_its_rate_and_the_time_left() -> None:
    console, file = terminal()
    with count_bar(console, "evaluate"):
        work("evaluate", 400)
    assert "100/400" in file.getvalue()
    assert "/s, " in file.getvalue()
    assert "left" in file.getvalue()


def test_bytes_are_shown_as_bytes() -> None:
    console, file = terminal()
    with byte_bar(console, "verify"):
        work("verify", 4_000_000)
    assert "1.0/4.0 MB" in file.getvalue()


def test_what_grows_is_measured_by_its_files(tmp_path: Path) -> None:
    (tmp_path / ".w.compact").write_bytes(b"x" * 1000)
    (tmp_path / ".w.compact.wal").write_bytes(b"x" * 500)
    (tmp_path / "w").write_bytes(b"x" * 9000)
    assert size_of(tmp_path, ".w.compact*") == 1500
    console, file = terminal()
    with growth_bar(console, "compact", tmp_path, ".w.compact*", 9000):
        pass
    assert "compact" in file.getvalue()


def test_a_pipe_sees_nothing_and_the_level_of_the_log_is_as_before() -> None:
    level, file = logging.getLogger("firstdraft").level, io.StringIO()
    console = Console(file=file)
    with count_bar(console, "check"), byte_bar(console, "verify"), growth_bar(console, "x", Path(), "*", 1):
        work("check", 4)
    assert (file.getvalue(), logging.getLogger("firstdraft").level) == ("", level)
