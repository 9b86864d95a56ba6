"""Verify: ledger, archive and warehouse compared, each with the others."""

import logging
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from schemas.ledger import (
    NOTES,
    Abandoned,
    Captured,
    Closed,
    Entry,
    Erased,
    Kept,
    Loaded,
    Lost,
    Repaired,
    RunOpened,
    Strayed,
    Stretch,
    Wrote,
)
from schemas.settings import Settings
from schemas.verification import Finding, Verification
from tasks.ledger.chain import read_chain
from tasks.ledger.lines import Line
from tasks.ledger.stamping import check_stamps
from tasks.warehouse.care.comparing import Told, compare, compare_snapshot, compare_state
from tasks.warehouse.care.forgetting import still_held
from tasks.warehouse.store.connect import hold_lock
from tasks.web.archive.inspection import Account, inspect_file, unknown_files

log = logging.getLogger("firstdraft.verify")

#: Hashing lets go of the interpreter, so a few threads keep a disk busy.
_THREADS = 4


@dataclass(slots=True)
class _Run:
    """What the ledger tells of the run being read."""

    run_id: str
    captured: list[Captured] = field(default_factory=list)
    loaded: set[tuple[str, int]] = field(default_factory=set)
    state: str = "running"


@dataclass(slots=True)
class _Audit:
    """What was met on the way through the ledger."""

    told: Told
    gone: dict[tuple[str, int], Stretch | None]
    files: dict[str, list[Account]] = field(default_factory=lambda: defaultdict(list))
    erased: set[str] = field(default_factory=set)
    run: _Run | None = None
    closed: Closed | None = None
    lines: int = 0
    runs: int = 0
    captures: int = 0
    batches: int = 0


def verify(settings: Settings, *, quick: bool = False) -> Verification:
    """Compare ledger, archive and warehouse; what is damaged is named, with how to repair it.

    ``quick`` reads the ledger, and of the archive and the warehouse what needs no reading of every byte. Takes the lock
    for as long as it runs, and writes nothing. Raises :class:`~schemas.errors.WarehouseLockedError`.
    """
    began = time.monotonic()
    with hold_lock(settings):
        audit = _Audit(Told(), _gone(settings))
        findings = list(_read_ledger(audit, settings))
        findings += check_stamps(settings.stamps_dir, settings.ledger_dir, settings.stamp_ca_file)
        _end_run(audit)
        size, flaws = _read_archive(audit, settings, quick=quick)
        findings += flaws
        findings += _read_warehouse(audit, settings, quick=quick)
    return Verification(
        lines=audit.lines,
        runs=audit.runs,
        captures=audit.captures,
        batches=audit.batches,
        archive_files=len(audit.files),
        archive_bytes=size,
        seconds=time.monotonic() - began,
        findings=tuple(findings),
    )


def _gone(settings: Settings) -> dict[tuple[str, int], Stretch | None]:
    """Stretches that are not as they were written, and may: erased (as they are now) or lost (``None``)."""
    erased: dict[tuple[str, int], Stretch | None] = {}
    for line in read_chain(settings.ledger_dir):
        if isinstance(line, Line) and line.kind in {Erased.kind, Lost.kind}:
            entry = line.entry
            if isinstance(entry, Erased | Lost):
                now = entry.stretch if isinstance(entry, Erased) else None
                erased[entry.stretch.file, entry.stretch.offset] = now
    return erased


def _read_ledger(audit: _Audit, settings: Settings) -> Iterator[Finding]:
    for line in read_chain(settings.ledger_dir):
        if isinstance(line, Finding):
            yield line
            continue
        audit.lines += 1
        try:
            entry = line.entry
        except ValueError as error:
            message = str(error)
            yield Finding("ledger", "entry_unknown", message, "update firstdraft", file=line.file, offset=line.offset)
            continue
        if isinstance(entry, Erased):
            audit.erased.add(entry.capture_id)
        _take(audit, entry)
        yield from _remarks(entry)
    if not audit.lines:
        message = f"nothing was ever taken down in {settings.ledger_dir}"
        has_data = settings.warehouse_path.exists() or settings.captures_dir.exists()
        yield Finding("ledger", "empty", message, "restore it from a backup, if there was one", damaged=has_data)


def _remarks(entry: Entry) -> Iterator[Finding]:
    match entry:
        case Repaired(detail=detail, saved_as=saved):
            note = f"; what was cut off is in ledger/{saved}" if saved else ""
            yield Finding("ledger", "repaired", f"{detail}{note}", damaged=False)
        case Lost(detail=detail, url=url, capture_id=capture_id):
            yield Finding("archive", "lost", detail, damaged=False, url=url, capture_id=capture_id)
        case Erased(capture_id=capture_id, stretch=stretch, reason=reason):
            message = f"{stretch.length} bytes were overwritten on purpose: {reason}"
            yield Finding(
                "archive",
                "erased",
                message,
                damaged=False,
                file=stretch.file,
                offset=stretch.offset,
                capture_id=capture_id,
            )
        case Strayed(stretch=stretch, urls=urls):
            message = (
                f"{stretch.length} bytes left by a process that died ({', '.join(urls) or 'an unfinished record'})"
            )
            yield Finding("archive", "stray", message, damaged=False, file=stretch.file, offset=stretch.offset)
        case _:
            pass


def _take(audit: _Audit, entry: Entry) -> None:
    """Sort an entry: bytes to be found in the archive, rows to be found in the warehouse."""
    match entry:
        case RunOpened(run=run):
            _end_run(audit)
            audit.run = _Run(run.run_id)
            audit.runs += 1
        case Captured(page=page, stretch=stretch):
            audit.captures += 1
            audit.erased.discard(page.capture.capture_id)
            _account(audit, Account(stretch, page.fetch.link.canonical_url, page.capture))
            if audit.run is not None:
                audit.run.captured.append(entry)
        case Kept(stretch=stretch, url=url):
            _account(audit, Account(stretch, url))
        case Strayed(stretch=stretch):
            _account(audit, Account(stretch, stretch.file))
        case Loaded():
            audit.batches += 1
            audit.told.batch(entry)
            if audit.run is not None:
                audit.run.loaded.add((entry.source_id, entry.batch))
        case Closed() | Abandoned():
            _close(audit, entry)
        case Wrote(table=table) if table not in NOTES:
            audit.closed = None
        case _:
            pass


def _account(audit: _Audit, account: Account) -> None:
    key = (account.stretch.file, account.stretch.offset)
    if key not in audit.gone:
        audit.files[account.stretch.file].append(account)
        return
    now = audit.gone[key]
    if now is not None:
        audit.files[account.stretch.file].append(Account(now, account.url))


def _close(audit: _Audit, entry: Closed | Abandoned) -> None:
    if audit.run is not None and audit.run.run_id == entry.run_id:
        audit.run.state = "done" if isinstance(entry, Closed) else "abandoned"
    audit.closed = entry if isinstance(entry, Closed) else None
    if audit.run is not None and audit.run.run_id == entry.run_id:
        _end_run(audit)


def _end_run(audit: _Audit) -> None:
    """Hand on what a run kept, now that it is known which batches were loaded."""
    run = audit.run
    if run is None:
        return
    for captured in run.captured:
        loaded = (captured.page.fetch.link.source_id, captured.batch) in run.loaded
        audit.told.capture(captured.page.capture, loaded=loaded and _stands(audit, captured))
    audit.told.run(run.run_id, run.state)
    if run.state == "running":
        audit.closed = None
    else:
        audit.run = None


def _stands(audit: _Audit, captured: Captured) -> bool:
    return (captured.stretch.file, captured.stretch.offset) not in audit.gone


def _read_archive(audit: _Audit, settings: Settings, *, quick: bool) -> tuple[int, list[Finding]]:
    """Every file that was taken down, in parallel; the bytes read, and what is wrong with them."""
    size = sum(account.stretch.length for accounts in audit.files.values() for account in accounts)
    log.info("%d files, %d bytes", len(audit.files), size, extra={"stage": "verify", "todo": 0 if quick else size})

    def tell(count: int) -> None:
        log.info("read", extra={"stage": "verify", "done": count})

    cut_off = audit.run.run_id if audit.run is not None and audit.run.state == "running" else None
    with ThreadPoolExecutor(_THREADS) as pool:
        work: list[Future[list[Finding]]] = [
            pool.submit(inspect_file, settings.captures_dir, name, accounts, tell, quick=quick)
            for name, accounts in sorted(audit.files.items())
        ]
        findings = [finding for done in work for finding in done.result()]
    findings += unknown_files(settings.captures_dir, audit.files)
    return (0 if quick else size), [_excused(finding, cut_off) for finding in findings]


def _excused(finding: Finding, cut_off: str | None) -> Finding:
    """Bytes that nobody took down in a run that was cut off are what the next run looks for; no damage."""
    ours = cut_off is not None and (finding.file or "").startswith(f"{cut_off}/")
    if not ours or finding.what not in {"bytes_unaccounted", "file_unknown"}:
        return finding
    return Finding(
        "archive",
        "stray",
        f"{finding.detail}: the process died before it could take them down",
        "none needed: the next run names them, and asks for the page again",
        damaged=False,
        file=finding.file,
        offset=finding.offset,
    )


def _read_warehouse(audit: _Audit, settings: Settings, *, quick: bool) -> Iterator[Finding]:
    cut_off = audit.run.run_id if audit.run is not None and audit.run.state == "running" else None
    if cut_off is not None:
        message = f"run {cut_off} was cut off; what it kept is not taken up yet"
        yield Finding("ledger", "run_cut_off", message, "none needed: the next run takes it up", damaged=False)
    if not audit.lines and not settings.warehouse_path.exists():
        return
    wrong = list(compare(audit.told, settings, cut_off, quick=quick))
    yield from wrong
    yield from still_held(settings, audit.erased)
    if quick or any(finding.what in {"unreadable", "missing"} for finding in wrong):
        return
    yield from compare_snapshot(settings)
    if audit.closed is not None and audit.closed.state_hash is not None:
        yield from compare_state(settings, audit.closed.state_hash, audit.closed.schema)
