"""Commands that take care of what was kept: compare it, and make the warehouse from it again."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.shared import Demo, Json, err, out, print_json, quiet_prefect, settings_of

if TYPE_CHECKING:
    from schemas.verification import Finding, Rebuilt, Verification

Into = Annotated[Path | None, typer.Option("--into", help="A new file; the warehouse stays as it is.")]
Quick = Annotated[bool, typer.Option("--quick", help="Leave out what needs every byte of archive and warehouse read.")]


def verify(quick: Quick = False, as_json: Json = False, demo_data: Demo = False) -> None:
    """Compare ledger, archive and warehouse; name what is damaged and how to repair it. Exit code 1 if anything is.

    Example: firstdraft verify --quick
    """
    from tasks.care.verify import verify as compare  # noqa: PLC0415
    from tasks.console.bars import byte_bar  # noqa: PLC0415

    with byte_bar(err if as_json else out, "verify"):
        found = compare(settings_of(demo_data), quick=quick)
    if as_json:
        print_json(asdict(found) | {"whole": found.whole})
    else:
        _show(found)
    raise typer.Exit(0 if found.whole else 1)


def rebuild(into: Into = None, as_json: Json = False, demo_data: Demo = False) -> None:
    """Make the warehouse again from captures and ledger alone; the old file is kept beside the new one.

    Example: firstdraft rebuild --into rebuilt.duckdb
    """
    settings = settings_of(demo_data)
    _prefect_for(settings.data_dir if demo_data else None)
    from flows.rebuild import rebuild_from  # noqa: PLC0415
    from tasks.console.bars import count_bar  # noqa: PLC0415

    with count_bar(err if as_json else out, "rebuild"):
        done = rebuild_from(settings, into)
    if as_json:
        print_json(asdict(done) | {"same": done.same})
    else:
        _show_rebuilt(done)
    damaged = any(finding.damaged for finding in done.findings)
    raise typer.Exit(1 if damaged else 0)


def _prefect_for(demo_dir: Path | None) -> None:
    if demo_dir is None:
        quiet_prefect()
        return
    from flows.environment import prepare_embedded  # noqa: PLC0415

    prepare_embedded(demo_dir / "prefect")


def _show(found: "Verification") -> None:
    for finding in found.findings:
        _show_finding(finding)
    rate = found.archive_bytes / 1e6 / found.seconds if found.seconds else 0.0
    read = f", {found.archive_bytes / 1e6:.1f} MB read at {rate:.0f} MB/s" if found.archive_bytes else ""
    damaged = sum(finding.damaged for finding in found.findings)
    end = "whole" if found.whole else f"{damaged} damaged"
    told = f"{found.lines} lines of {found.runs} runs, {found.captures} captures in {found.archive_files} files, "
    out.print(f"{told}{found.batches} batches{read}: {end}", highlight=False, soft_wrap=True)


def _show_rebuilt(done: "Rebuilt") -> None:
    for finding in done.findings:
        _show_finding(finding)
    state = {
        True: "the same state as the last run left",
        False: "another state than the last run left: other code, or what is named above",
        None: "the last run left no state to compare with",
    }[done.same]
    kept = f"; the old file is {done.kept}" if done.kept else ""
    told = f"{done.path}: {done.runs} runs, {done.pages} captures, {state} ({done.state_hash[:12]}){kept}"
    out.print(told, markup=False, highlight=False, soft_wrap=True)


def _show_finding(finding: "Finding") -> None:
    place = f" {finding.file}" + (f" at {finding.offset}" if finding.offset is not None else "") if finding.file else ""
    what = " ".join(part for part in (finding.capture_id, finding.url) if part)
    style = "red" if finding.damaged else "yellow"
    line = f"{finding.where}: {finding.what}{place}{f' ({what})' if what else ''}: {finding.detail}"
    out.print(line, style=style, markup=False, highlight=False, soft_wrap=True)
    if finding.repair:
        out.print(f"  to repair: {finding.repair}", markup=False, highlight=False, soft_wrap=True)
