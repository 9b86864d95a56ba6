"""Links that are not requested, because an earlier run or a person has decided about them."""

from datetime import datetime

from schemas.link import Link
from schemas.memory import Ended, Memory
from schemas.outcome import Outcome, Reason
from schemas.run import Run
from tasks.web.fetching.verdicts import Verdict


def judge_unasked(run: Run, link: Link, memory: Memory, now: datetime, *, refetch: bool) -> Verdict | None:
    """The outcome of a link that must not be requested; None if it may be requested.

    In this order: it was erased and must not come back; it ended in a run of the same origin and window that was cut
    off; a backfill holds its page already, unless told to ``refetch``; its host asked to be left alone until later.
    """
    key = link.canonical_url
    if key in memory.suppressed:
        return Outcome.REJECTED, Reason.SUPPRESSED, memory.suppressed[key]
    if key in memory.ended:
        return _as_before(memory.ended[key])
    stored = memory.pages.get(key)
    if stored is not None and run.origin == "backfill" and not refetch:
        return Outcome.UNCHANGED, Reason.HELD, f"held as {stored.capture_id}; FIRSTDRAFT_REFETCH=true asks again"
    deferral = memory.deferred.get(key)
    if deferral is not None and deferral.until > now:
        message = f"not before {deferral.until:%Y-%m-%d %H:%M:%S} UTC, as {deferral.run_id} was told; not asked"
        return Outcome.DEFERRED, deferral.reason, message
    return None


def _as_before(ended: Ended) -> Verdict:
    """The outcome that a link had before its run was interrupted; a page that was stored then is unchanged now."""
    where = f"ended in {ended.run_id}, which was cut off; not asked again"
    detail = f"{ended.detail}; {where}" if ended.detail else where
    if ended.reason is None:
        return Outcome.UNCHANGED, Reason.HELD, detail
    return ended.outcome, ended.reason, detail
