"""What a terminal shows of an installation's checks."""

from io import StringIO

from rich.console import Console

from schemas.health import Check, Level
from tasks.console.faults import checks_json, show_check, show_verdict

CHECKS = [
    Check("disk", Level.OK, "9 GB free"),
    Check("lock", Level.FAILED, "[red]not markup[/red]", "`firstdraft verify`"),
    Check("clock", Level.WARNING, "2 min ahead", "set it"),
]


def test_each_complaint_stands_with_its_advice() -> None:
    console = Console(file=StringIO(), width=60)
    for check in CHECKS:
        show_check(console, check)
    show_verdict(console, CHECKS)
    told = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert told == [
        "ok   disk         9 GB free",
        "FAIL lock         [red]not markup[/red]",
        "                  -> `firstdraft verify`",
        "look clock        2 min ahead",
        "                  -> set it",
        "3 checks: 1 ok, 1 to look at, 1 failed",
    ]


def test_machines_get_words_for_levels() -> None:
    assert checks_json(CHECKS)[1] == {
        "name": "lock",
        "level": "failed",
        "told": "[red]not markup[/red]",
        "advice": "`firstdraft verify`",
    }
