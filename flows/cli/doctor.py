"""The command that looks at the installation."""

import typer

from flows.cli.shared import Demo, Json, out, print_json, settings_of


def doctor(as_json: Json = False, demo_data: Demo = False) -> None:
    """Look at versions, settings, disk, clock, permissions, lock, ledger, last run, schedule; exit code 1 if one fails.

    Nothing is written and nothing is locked, so it may be asked while a run is under way.

    Example: firstdraft doctor --json
    """
    from schemas.health import Level  # noqa: PLC0415
    from tasks.care.doctor import examine  # noqa: PLC0415
    from tasks.console.checks import checks_json, show_check, show_verdict  # noqa: PLC0415

    checks = []
    for check in examine(settings_of(demo_data)):
        checks.append(check)
        if not as_json:
            show_check(out, check)
    if as_json:
        print_json(checks_json(checks))
    else:
        show_verdict(out, checks)
    raise typer.Exit(1 if any(check.level is Level.FAILED for check in checks) else 0)
