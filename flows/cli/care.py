"""Commands that take care of what is kept: doctor, verify, rebuild, compact, suppress, forget."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.shared import (
    Demo,
    Json,
    deciding,
    err,
    out,
    prepare_prefect,
    print_json,
    progress,
    say,
    settings_of,
    tell_stale,
    warn,
    working,
)
from schemas.erasure import Erasable, Erasure
from schemas.health import Level
from schemas.settings import Settings
from schemas.verification import Finding, Rebuilt, Verification
from tasks.care.doctor import examine
from tasks.care.verify import verify as compare
from tasks.console.faults import checks_json, show_check, show_verdict
from tasks.console.progress import byte_bar, count_bar, growth_bar
from tasks.console.render import show_rows
from tasks.warehouse.care.compact import compact as write_anew
from tasks.warehouse.care.forgetting import is_id
from tasks.warehouse.decisions.suppressions import held_captures, is_sha256, suppressions
from tasks.warehouse.decisions.suppressions import lift as lift_suppression
from tasks.warehouse.decisions.suppressions import suppress as write_suppression
from tasks.warehouse.publish.snapshot import publish
from tasks.warehouse.store.connect import open_reader
from tasks.warehouse.store.lock import hold_lock
from tasks.web.urls.canonical import canonical_url


def doctor(as_json: Json = False, demo_data: Demo = False) -> None:
    """Look at versions, settings, disk, clock, permissions, lock, ledger, last run, schedule; exit code 1 if one fails.

    Nothing is written, so it may be asked while a run is under way; the warehouse is locked only while it is read.

    Example: firstdraft doctor --json
    """
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


Into = Annotated[Path | None, typer.Option("--into", help="A new file; the warehouse stays as it is.")]
Quick = Annotated[bool, typer.Option("--quick", help="Leave out what needs every byte of archive and warehouse read.")]
#: What a quick comparison tells of itself.
NOT_LOOKED_AT = (
    "looked at: every line of the ledger, the length of every archive file, the rows of the warehouse that tell of "
    "runs, batches and captures. Not looked at: the bytes of pages, the other rows of the warehouse, the snapshot: "
    "what changed there `firstdraft verify` finds, without --quick"
)


def verify(quick: Quick = False, as_json: Json = False, demo_data: Demo = False) -> None:
    """Compare ledger, archive and warehouse; name what is damaged and how to repair it. Exit code 1 if anything is.

    Example: firstdraft verify --quick
    """
    with byte_bar(err if as_json else out, "verify"):
        verification = compare(settings_of(demo_data), quick=quick)
    if as_json:
        looked_at = "part" if quick else "all"
        print_json(asdict(verification) | {"whole": verification.whole, "looked_at": looked_at})
    else:
        _show_verification(verification, quick=quick)
    raise typer.Exit(0 if verification.whole else 1)


def stamp(
    run: Annotated[str, typer.Argument(help="A run's id, or its beginning.")],
    as_json: Json = False,
    demo_data: Demo = False,
) -> None:
    """Have a time-stamping authority (RFC 3161) stamp the ledger's head after a run: proof that it stood so then.

    The authority is FIRSTDRAFT_STAMP_URL; calendars of OpenTimestamps, beside it or instead of it, are
    FIRSTDRAFT_STAMP_CALENDARS. With FIRSTDRAFT_WAYBACK_SAVE the Wayback Machine is asked to save each page of the run
    as well, slowly. `firstdraft verify` checks all stamps.

    Example: FIRSTDRAFT_STAMP_URL=https://freetsa.org/tsr firstdraft stamp run_0123456789abcdef0123
    """
    from tasks.care.stamp import stamp_run

    with working("stamp"):
        done = stamp_run(settings_of(demo_data), run)
    if as_json:
        print_json(asdict(done))
        return
    if done.stamp is not None:
        say(f"line {done.stamp.seq} of the ledger stamped at {done.stamp.stamped_at} by {done.stamp.authority}")
    for promise in done.promises:
        say(f"line {promise.seq} of the ledger is with {promise.authority}, its proof in stamps/{promise.reply}")
    if done.saved:
        say(f"{done.saved} pages handed to another archive")


def rebuild(into: Into = None, as_json: Json = False, demo_data: Demo = False) -> None:
    """Make the warehouse again from captures and ledger alone; the old file is kept beside the new one.

    Example: firstdraft rebuild --into rebuilt.duckdb
    """
    settings = settings_of(demo_data)
    prepare_prefect(settings.data_dir if demo_data else None)
    from flows.rebuild import rebuild_from

    with count_bar(err if as_json else out, "rebuild"):
        done = rebuild_from(settings, into)
    if as_json:
        print_json(asdict(done) | {"same": done.same})
    else:
        _show_rebuilt(done)
    damaged = any(finding.damaged for finding in done.findings)
    raise typer.Exit(1 if damaged else 0)


def _show_verification(verification: Verification, *, quick: bool) -> None:
    for finding in verification.findings:
        _show_finding(finding)
    rate = verification.archive_bytes / 1e6 / verification.seconds if verification.seconds else 0.0
    read = f", {verification.archive_bytes / 1e6:.1f} MB read at {rate:.0f} MB/s" if verification.archive_bytes else ""
    damaged = sum(finding.damaged for finding in verification.findings)
    ending = f"{damaged} damaged" if damaged else "whole as far as was looked" if quick else "whole"
    captures = f"{verification.captures} captures in {verification.archive_files} files"
    message = f"{verification.lines} lines of {verification.runs} runs, {captures}, "
    out.print(f"{message}{verification.batches} batches{read}: {ending}", highlight=False, soft_wrap=True)
    if quick:
        out.print(NOT_LOOKED_AT, highlight=False, soft_wrap=True)


def _show_rebuilt(done: Rebuilt) -> None:
    for finding in done.findings:
        _show_finding(finding)
    state = {
        True: "the same state as the last run left",
        False: "another state than the last run left: other code, or what is named above",
        None: "the last run left no state to compare with",
    }[done.same]
    backup = f"; the old file is {done.kept}" if done.kept else ""
    message = f"{done.path}: {done.runs} runs, {done.pages} captures, {state} ({done.state_hash[:12]}){backup}"
    say(message)


def _show_finding(finding: Finding) -> None:
    location = (
        f" {finding.file}" + (f" at {finding.offset}" if finding.offset is not None else "") if finding.file else ""
    )
    what = " ".join(part for part in (finding.capture_id, finding.url) if part)
    style = "red" if finding.damaged else "yellow"
    line = f"{finding.where}: {finding.what}{location}{f' ({what})' if what else ''}: {finding.detail}"
    out.print(line, style=style, markup=False, highlight=False, soft_wrap=True)
    if finding.repair:
        say(f"  to repair: {finding.repair}")


def compact(as_json: Json = False, demo_data: Demo = False) -> None:
    """Write the warehouse anew without the room of deleted rows; killed on the way, the old file stays.

    Example: firstdraft compact
    """
    settings = settings_of(demo_data)
    file = settings.warehouse_path
    size = file.stat().st_size if file.exists() else 0
    with (
        hold_lock(settings),
        growth_bar(err if as_json else out, "compact", file.parent, f".{file.name}.compact*", size),
    ):
        done = write_anew(settings)
        publish(settings)
    if as_json:
        print_json({"path": done.path, "before": done.before, "after": done.after})
        return
    share = 1 - done.after / done.before
    message = f"{done.path}: {done.before / 1e6:.1f} MB before, {done.after / 1e6:.1f} MB after ({share:.0%} less)"
    say(message)


def suppress(
    what: Annotated[str | None, typer.Argument(help="A URL, or the SHA-256 of a body.")] = None,
    reason: Annotated[str, typer.Option(help="Why, in words; kept with the entry.")] = "",
    show: Annotated[bool, typer.Option("--list", help="List what is suppressed.")] = False,
    lift: Annotated[bool, typer.Option("--lift", help="Take it off the list.")] = False,
    as_json: Json = False,
    demo_data: Demo = False,
) -> None:
    """Never fetch a URL, or keep a body, again: for pages that had to be erased.

    Example: firstdraft suppress https://example.org/2024/a-name --reason "order of 2024-05-01, a minor is named"
    """
    settings = settings_of(demo_data)
    if show or what is None:
        _list_suppressed(settings, as_json=as_json)
    elif lift:
        _lift_key(settings, key_of(what))
    else:
        _suppress_key(settings, key_of(what), reason)


def _list_suppressed(settings: Settings, *, as_json: bool) -> None:

    with open_reader(settings) as con:
        entries = suppressions(con)
    columns = ("kind", "value", "reason", "suppressed_at")
    rows = [(entry.kind.value, entry.value, entry.reason, entry.suppressed_at) for entry in entries]
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        show_rows(out, columns, rows)


def _suppress_key(settings: Settings, value: str, reason: str) -> None:

    if not reason.strip():
        raise typer.BadParameter("say why with --reason: in a year nobody will know otherwise")
    with deciding(settings, "suppressions") as (con, record):
        fresh = write_suppression(con, value, reason.strip(), datetime.now(UTC), record)
        count = held_captures(con, value)
    publish(settings)
    say(f"{value} is suppressed{'' if fresh else ' already'}")
    tell_stale(settings)
    if count:
        message = f"{count} captures of it are held all the same: suppressing forbids, `firstdraft forget` erases"
        warn(message)


def _lift_key(settings: Settings, value: str) -> None:

    with deciding(settings, "suppressions", removed=True) as (con, record):
        lift_suppression(con, value, record)
    publish(settings)
    say(f"{value} is suppressed no more")
    tell_stale(settings)


def key_of(what: str, also: str = "") -> str:
    """The SHA-256 as we write it, or the canonical URL. Raises :class:`typer.BadParameter` for what is neither.

    ``also`` says what else the command would have taken.
    """
    words = what.strip()
    if is_sha256(words.lower()):
        return words.lower()
    key = canonical_url(words)
    if key is None:
        raise typer.BadParameter(f"{what} is neither the URL of a page nor a SHA-256{also}")
    return key


Reason = Annotated[str, typer.Option(help="Why, in words; kept with the hash and the date.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
_ALSO = ", nor the whole id of a capture or an article: `firstdraft trace` shows them"
Dry = Annotated[bool, typer.Option("--dry-run", help="Show what would go; erase nothing.")]


def forget(
    what: Annotated[str, typer.Argument(help="A URL, or the id of a capture (cap_...) or an article (art_...).")],
    reason: Reason = "",
    yes: Yes = False,
    dry_run: Dry = False,
    as_json: Json = False,
    demo_data: Demo = False,
) -> None:
    """Erase a page for good: text, bytes, quotations; its hash, date and the reason stay, and it does not come back.

    Example: firstdraft forget https://example.org/2024/a-name --reason "order of 2024-05-01, a minor is named"
    """
    settings = settings_of(demo_data)
    target = what if is_id(what) else key_of(what, _ALSO)
    if not dry_run and not reason.strip():
        raise typer.BadParameter("say why with --reason: in a year nobody will know otherwise")
    prepare_prefect(settings.data_dir if demo_data else None)
    from tasks.care.forget import find_erasable

    with working("forget"):
        erasable = find_erasable(target, settings)
    if dry_run or not yes:
        _show_plan(erasable, as_json=as_json and dry_run)
    if dry_run:
        return
    if not yes:
        typer.confirm("Erase all of it? Nothing brings it back", abort=True, err=True)
    from flows.forget import forget as flow

    with progress(as_json):
        done = flow(target, reason.strip(), settings)
    if as_json:
        print_json(asdict(done))
    else:
        _show_erasure(done)


def _show_plan(erasable: Erasable, *, as_json: bool) -> None:
    if as_json:
        fields = asdict(erasable)
        print_json(
            {name: fields[name] for name in ("asked", "captures", "urls", "titles", "events", "copies", "files")}
        )
        return
    for capture in erasable.captures:
        when = f"{capture.captured_at:%Y-%m-%d %H:%M} UTC"
        say(f"{capture.capture_id} {capture.url} of {when}, {capture.byte_length} bytes, sha256 {capture.sha256[:12]}")
    for title in erasable.titles:
        say(f"  “{title}”")
    say(
        f"{len(erasable.captures)} captures go, with what feeds repeat of them; "
        f"{len(erasable.events)} events are made again"
    )
    for url in erasable.urls:
        say(f"not to be fetched again: {url}")
    for name in erasable.files:
        say(f"to be removed: {name}, an old copy of the warehouse")
    for article_id in erasable.copies:
        err.print(
            f"stays: {article_id}, another address with the same story; forget it too if it has to go",
            style="yellow",
            highlight=False,
            soft_wrap=True,
        )


def _show_erasure(done: Erasure) -> None:
    rows = ", ".join(f"{count} {table}" for table, count in done.rows.items()) or "none"
    say(f"{done.captures} stretches of pages and {done.feeds} of feeds overwritten; rows deleted: {rows}")
    say(f"events made again in {done.run_id}; the snapshot and the exports are without it. Backups of yours are not")
