"""Failpoints: named points where a process may be told to die, fail, run out of space or wait.

For the proofs of ``docs/recovery.md``. ``FIRSTDRAFT_FAULT=<point>:<action>[:<pass>]`` arms one point, for example
``load.before_commit:kill:2``. The actions are ``kill`` (SIGKILL, nothing is tidied up), ``raise``, ``full`` (the disk
takes no more) and ``sleep`` (``sleep=<seconds>``, 5 if none are given). The pass is ``first`` (if none is given),
``second``, a number, or ``each``. Nothing is armed if the variable is not set, and a passing costs 0.1 us.
"""

import errno
import logging
import os
import signal
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from schemas.errors import FirstdraftError

log = logging.getLogger("firstdraft.faults")

VARIABLE = "FIRSTDRAFT_FAULT"
_PASSES = {"": 1, "first": 1, "second": 2, "each": 0}
_SLEEP_SECONDS = 5.0


class Point(StrEnum):
    """Every place there is, in the order of a run. What stands in a comment is done when the point is passed."""

    MIGRATE_BEFORE_COMMIT = "migrate.before_commit"  # a migration's SQL
    RECOVER_BEGUN = "recover.begun"
    RECOVER_COMPLETED = "recover.completed"  # batches that were loaded and not told: told
    RECOVER_NAMED = "recover.named"  # strays and lost pages told, not synced
    OPEN_BEFORE_TOLD = "open.before_told"  # the run before given up
    OPEN_TOLD = "open.told"  # the ledger has the run, the warehouse not yet
    DISCOVER_BEGUN = "discover.begun"
    DISCOVER_DONE = "discover.done"
    PROBES_TOLD = "probes.told"  # the ledger has the survey, the warehouse not yet
    FETCH_BEFORE_ASKED = "fetch.before_asked"
    FETCH_BEFORE_SYNC = "fetch.before_sync"  # a batch kept, its WARC file closed, its lines not synced
    ARCHIVE_BEGUN = "archive.begun"  # an empty WARC file
    ARCHIVE_BEFORE_WRITE = "archive.before_write"
    ARCHIVE_WRITTEN = "archive.written"  # bytes the ledger does not tell of
    ARCHIVE_BEFORE_SYNC = "archive.before_sync"
    LEDGER_BEFORE_LINE = "ledger.before_line"
    LEDGER_LINE_WRITTEN = "ledger.line_written"  # a line the head does not know
    LEDGER_HEAD_WRITTEN = "ledger.head_written"
    LEDGER_ROLLED = "ledger.rolled"  # one file closed, the next not begun
    LEDGER_BEFORE_SYNC = "ledger.before_sync"
    LEDGER_SYNCED = "ledger.synced"  # the lines, not yet the head that says so
    CLEAN_BEGUN = "clean.begun"
    EXTRACT_BEGUN = "extract.begun"
    LOAD_WRITING = "load.writing"  # articles, not yet their mentions
    LOAD_BEFORE_COMMIT = "load.before_commit"
    LOAD_COMMITTED = "load.committed"  # rows the ledger does not tell of
    LOAD_TOLD = "load.told"  # told, not synced
    COMMIT_BEFORE = "commit.before"  # any transaction
    COMMIT_AFTER = "commit.after"
    RESOLVE_BEGUN = "resolve.begun"
    RESOLVE_BEFORE_COMMIT = "resolve.before_commit"
    CLOSE_BEFORE = "close.before"
    CLOSE_COMMITTED = "close.committed"  # done in the warehouse, not in the ledger
    CLOSE_TOLD = "close.told"  # told, not synced
    SNAPSHOT_BEGUN = "snapshot.begun"
    SNAPSHOT_CHECKPOINTED = "snapshot.checkpointed"
    SNAPSHOT_COPIED = "snapshot.copied"  # beside the old snapshot
    SNAPSHOT_RENAMED = "snapshot.renamed"
    COMPACT_WRITTEN = "compact.written"  # a copy beside the warehouse
    COMPACT_RENAMED = "compact.renamed"  # in its place
    FORGET_TOLD = "forget.told"  # the ledger has the erasure, the archive not yet
    FORGET_OVERWRITTEN = "forget.overwritten"  # archive and ledger blanked, the warehouse not yet
    FORGET_ERASED = "forget.erased"  # rows gone, their blocks still there
    EXPORT_WRITTEN = "export.written"  # a file beside its place
    EXPORT_BETWEEN = "export.between"  # the old folder of a view gone, the new one not yet in its place
    EXPORT_BEFORE_MANIFEST = "export.before_manifest"
    REBUILD_RUN_CLOSED = "rebuild.run_closed"
    REBUILD_BEFORE_REPLACING = "rebuild.before_replacing"
    REBUILD_OLD_ASIDE = "rebuild.old_aside"  # no file of the warehouse's name


class Action(StrEnum):
    """What happens at an armed point."""

    KILL = "kill"
    RAISE = "raise"
    FULL = "full"
    SLEEP = "sleep"


class FaultInjectedError(RuntimeError):
    """What ``raise`` raises: an error that nobody expects."""


@dataclass(slots=True)
class _Plan:
    """What is armed, and how often each point was passed; ``number`` 0 is every pass."""

    point: Point | None
    action: Action = Action.RAISE
    number: int = 1
    seconds: float = _SLEEP_SECONDS
    passes: Counter[Point] = field(default_factory=Counter)
    guard: threading.Lock = field(default_factory=threading.Lock)


class _Armed:
    """The one plan of this process; ``known`` says that the environment was asked."""

    plan: _Plan | None = None
    known = False


def failpoint(point: Point) -> None:
    """Pass a point: nothing happens, unless it is armed.

    Raises :class:`FaultInjectedError` and ``OSError`` (no space left) if it is told to, and
    :class:`~schemas.errors.FirstdraftError` if the variable holds what cannot be read.
    """
    if not _Armed.known:
        arm(os.environ.get(VARIABLE, ""))
    if _Armed.plan is not None:
        _pass(_Armed.plan, point)


def arm(spec: str) -> None:
    """Take what the variable may hold instead of it; an empty text disarms. Counting begins anew."""
    _Armed.plan = _read(spec) if spec else None
    _Armed.known = True
    if spec:
        log.warning("%s is set: this process will not end well (%s)", VARIABLE, spec)


def count_passes() -> Counter[Point]:
    """Begin to count: the counter returned tells how often each point was passed since."""
    plan = _Armed.plan = _Plan(None)
    _Armed.known = True
    return plan.passes


def _read(spec: str) -> _Plan:
    name, _, rest = spec.partition(":")
    action_spec, _, number = rest.partition(":")
    action, _, seconds = action_spec.partition("=")
    try:
        passes = _PASSES[number] if number in _PASSES else int(number)
        return _Plan(Point(name), Action(action), passes, float(seconds or _SLEEP_SECONDS))
    except ValueError as error:
        raise FirstdraftError(
            f"{VARIABLE}={spec}: {error}; see tasks/reference/machine/failpoints.py for what it may be"
        ) from error


def _pass(plan: _Plan, point: Point) -> None:
    with plan.guard:
        plan.passes[point] += 1
        number = plan.passes[point]
    if plan.point is not point or plan.number not in {0, number}:
        return
    match plan.action:
        case Action.KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        case Action.RAISE:
            raise FaultInjectedError(f"{VARIABLE}: {point}")
        case Action.FULL:
            raise OSError(errno.ENOSPC, f"{os.strerror(errno.ENOSPC)} ({VARIABLE}: {point})")
        case Action.SLEEP:
            time.sleep(plan.seconds)
