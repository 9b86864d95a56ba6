"""What to think of a lock, a ledger's end, the last run and the schedule, and what to do next."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from schemas.health import Check, Level, RunFigures
from tasks.service.api import Scheduled

#: A night and the time a long run takes.
_LATE_RUN = timedelta(hours=36)
#: A worker takes its time to notice; more than this is something else.
_LATE_START = timedelta(minutes=10)
_DEPLOY = "`firstdraft deploy` registers it, `firstdraft serve` starts server, worker and schedule"

UNSCHEDULED = Check(
    "schedule",
    Level.WARNING,
    "no server is named in PREFECT_API_URL, and nobody serves this folder: nothing runs by itself",
    _DEPLOY,
)

#: A line of the ledger: its number and hash.
Mark = tuple[int, str]


def judge_lock(holder: Mapping[str, object] | None) -> Check:
    """A held lock is no fault: a run is writing. ``holder`` is what it wrote into the lock file."""
    if holder is None:
        return Check("lock", Level.OK, "nobody is writing")
    who = f"process {holder.get('pid', 'unknown')} ({holder.get('command', 'unknown')})"
    return Check("lock", Level.OK, f"a run is writing: {who} since {holder.get('since', 'just now')}")


def judge_ledger(ledger_end: Mark | None, last: Mark | None, *, cut_off: bool) -> Check:
    """Check that the ledger ends where its head says. ``cut_off``: the last run in it has no end."""
    if ledger_end is None and last is None:
        return Check("ledger", Level.OK, "nothing was written yet")
    if ledger_end is None or last is None or ledger_end != last:
        ends, words = (f"line {mark[0]}" if mark else "none" for mark in (last, ledger_end))
        return damaged_ledger(
            f"it ends with {ends}, its head says {words}{' of another hash' if ends == words else ''}"
        )
    if cut_off:
        words = f"the last run was cut off after line {last[0]}"
        return Check("ledger", Level.WARNING, words, "nothing is lost: the next `firstdraft run` takes it up")
    return Check("ledger", Level.OK, f"{last[0]} lines, and it ends where its head says")


def damaged_ledger(message: str) -> Check:
    """Something is wrong with its end."""
    return Check("ledger", Level.FAILED, message, "`firstdraft verify` says more; docs/recovery.md says what then")


def judge_runs(runs: Sequence[RunFigures], now: datetime) -> Check:
    """The last run that was finished, and its age; nightly runs (and the demo's) before all others."""
    done = [run for run in runs if run.last_success is not None]
    if not done:
        return Check("last run", Level.WARNING, "no run was ever finished", "`firstdraft run`, and see how it ends")
    last = max(
        [run for run in done if run.origin in ("nightly", "demo")] or done, key=lambda run: run.last_success or 0
    )
    age = now - datetime.fromtimestamp(last.last_success or 0, UTC)
    down = f", {last.sources_down} of {last.sources} sources down" if last.sources_down else ""
    message = f"{last.origin}, {in_words(age)} ago: {last.links} links, {last.articles} articles{down}"
    if age > _LATE_RUN and last.origin == "nightly":
        advice = "`firstdraft run` catches up; the check `schedule` says why no night came"
        return Check("last run", Level.FAILED, message, advice)
    if down:
        return Check(
            "last run", Level.WARNING, message, "`firstdraft sources` says which, `firstdraft sources check ID` why"
        )
    return Check("last run", Level.OK, message)


def judge_unread(counts: Sequence[tuple[str, int, int]]) -> Check:
    """Pages that are kept and that nobody could read to their end: why, how many, and how many wait for other code."""
    if not counts:
        return Check("unread pages", Level.OK, "every page that is kept was read to its end")
    pages, waiting = sum(count for _, count, _ in counts), sum(count for _, _, count in counts)
    message = f"{pages} kept and not read to the end: " + ", ".join(f"{count} {reason}" for reason, count, _ in counts)
    if waiting < pages:
        advice = "the next `firstdraft run` reads them again" + (f", but for {waiting}" if waiting else "")
    else:
        advice = "no night tries them again with this version"
    say = "`firstdraft sql \"FROM rejections WHERE outcome = 'quarantined'\"` names reasons"
    return Check("unread pages", Level.WARNING, message, f"{advice}; {say}, `firstdraft reprocess` reads all anew")


def judge_schedule(scheduled: Scheduled | None, now: datetime, api: str, secret: str = "") -> Check:
    """Check that the next night will come by itself. ``secret`` is how a shell gets to know the server's."""
    if scheduled is None:
        return Check("schedule", Level.FAILED, f"{api} knows no deployment nightly/nightly", _DEPLOY)
    if scheduled.paused or not scheduled.active:
        advice = f"`prefect deployment schedule ls {scheduled.name}`, then resume it"
        return Check("schedule", Level.FAILED, f"{scheduled.name} is paused", advice)
    if scheduled.workers == 0:
        advice = f"`prefect worker start --pool {scheduled.pool}`, or `firstdraft serve`"
        return Check("schedule", Level.FAILED, f"no worker is alive in the pool {scheduled.pool}", advice)
    if scheduled.next_at is None:
        return Check(
            "schedule", Level.FAILED, f"{scheduled.name} has no run ahead", "look for errors in the server's log"
        )
    late = now - scheduled.next_at
    if late > _LATE_START:
        advice = "another run may hold its place: look at the Prefect UI"
        return Check("schedule", Level.WARNING, f"{scheduled.name} is {in_words(late)} late", advice)
    workers = f"{scheduled.workers} worker(s) in {scheduled.pool}"
    message = f"{scheduled.name} next at {scheduled.next_at:%Y-%m-%d %H:%M} UTC, {workers}"
    advice = f"before commands of Prefect's own: export PREFECT_API_URL={api}; {secret}" if secret else ""
    return Check("schedule", Level.OK, message, advice)


def in_words(age: timedelta) -> str:
    """A length of time, roughly.

    >>> in_words(timedelta(minutes=90)), in_words(timedelta(hours=40)), in_words(timedelta(days=3))
    ('90 min', '40 h', '3 days')
    """
    minutes = max(0, round(age.total_seconds() / 60))
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"
