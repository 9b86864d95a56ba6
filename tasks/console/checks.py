"""What a terminal shows of an installation's checks."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from rich.console import Console
from rich.text import Text

from schemas.health import Check, Level

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
