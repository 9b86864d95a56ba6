"""What went wrong, in a line that says what to do next: for errors that are nobody's mistake in the code."""

import errno
import logging
import re
from asyncio import CancelledError
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from pydantic import ValidationError
from pydantic_settings import SettingsError
from rich.console import Console
from rich.text import Text

from schemas.errors import FirstdraftError
from schemas.health import Check, Level
from schemas.settings import Settings
from tasks.reference.machine.failures import was_interrupted

_PREFIX = str(Settings.model_config.get("env_prefix", ""))
_WHERE = "it is read from the environment and .env; schemas/settings.py says what may stand there"
_FIELD = re.compile(r'field "(\w+)"')
#: What a person can do about a refusal of the system.
_ADVICE = {
    errno.EACCES: "work as the user who owns it, or have FIRSTDRAFT_DATA_DIR name a folder you may write in",
    errno.EPERM: "work as the user who owns it, or have FIRSTDRAFT_DATA_DIR name a folder you may write in",
    errno.EROFS: "the file system is mounted read-only; have FIRSTDRAFT_DATA_DIR name a folder on another",
    errno.ENOSPC: "make room, then `firstdraft verify`; the next run takes up what this one fetched",
    errno.EDQUOT: "make room, then `firstdraft verify`; the next run takes up what this one fetched",
    errno.EADDRINUSE: "another program listens there; choose another --port",
    errno.ENOTDIR: "a file stands where a folder is wanted; move it, or have FIRSTDRAFT_DATA_DIR name another folder",
}


def told(error: BaseException) -> str | None:
    """A line about an error a person can do something about; ``None`` for what only the code can mend.

    Settings that do not hold what they should are named as they are written in the environment.
    """
    if isinstance(error, FirstdraftError):
        return str(error)
    if isinstance(error, ValidationError) and error.title == Settings.__name__:
        return (
            f"{'; '.join(_setting(fault['loc'], fault['msg'], fault['input']) for fault in error.errors())}; {_WHERE}"
        )
    if isinstance(error, SettingsError):
        field = _FIELD.search(str(error))
        return f"{_name(field[1]) if field else error}: this is not JSON; {_WHERE}"
    if was_interrupted(error):
        return "stopped by Ctrl-C; what was not finished is not kept, and the command can be given again"
    if isinstance(error, OSError) and error.filename is not None:
        advice = _ADVICE.get(error.errno or 0, "`firstdraft doctor` looks at folders, disk and clock")
        return f"{error.filename}: {(error.strerror or type(error).__name__).lower()}; {advice}"
    return None


def _setting(where: tuple[int | str, ...], what: str, given: object) -> str:
    return f"{_name('.'.join(map(str, where)))}={given}: {what[:1].lower()}{what[1:]}"


def _name(field: str) -> str:
    return f"{_PREFIX}{field}".upper()


class Untold(logging.Filter):
    """Keeps from a terminal what Prefect says of an error that the command line tells in a line itself.

    So, too, what its own store says of a connection that was given back while the program ended.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Return True if the record is to be shown."""
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        ended = record.getMessage().startswith("Finished in state")  # said a second time, without its stack trace
        return not ended and not isinstance(error, CancelledError) and (error is None or told(error) is None)


_MARKS = {Level.OK: ("ok", "green"), Level.WARNING: ("look", "yellow"), Level.FAILED: ("FAIL", "bold red")}


def show_check(console: Console, check: Check) -> None:
    """A line, and a second one that says what to do next."""
    mark, style = _MARKS[check.level]
    console.print(Text(f"{mark:<5}", style=style) + Text(f"{check.name:<12} {check.told}"), soft_wrap=True)
    if check.advice:
        console.print(Text(f"{'':<18}-> {check.advice}", style="default"), soft_wrap=True)


def show_verdict(console: Console, checks: Sequence[Check]) -> None:
    """How many are well, to be looked at, and failed."""
    count = {level: sum(1 for check in checks if check.level is level) for level in Level}
    message = f"{count[Level.OK]} ok, {count[Level.WARNING]} to look at, {count[Level.FAILED]} failed"
    console.print(Text(f"{len(checks)} checks: {message}"))


def checks_json(checks: Iterable[Check]) -> list[dict[str, object]]:
    """The checks for machines."""
    return [asdict(check) | {"level": str(check.level)} for check in checks]
